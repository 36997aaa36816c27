"""Reads of transfers and of pocket members' cases; to be narrowed by `visible_to`."""

from django.db.models import QuerySet

from baolei.transfers.models import PocketCase, Transfer


def transfers() -> QuerySet[Transfer]:
    return Transfer.objects.order_by("-asked_on", "pk")


def pocket_cases() -> QuerySet[PocketCase]:
    return PocketCase.objects.order_by("-found_on", "pk")
