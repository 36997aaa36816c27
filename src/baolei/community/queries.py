"""Reads of check-ins, services and handled needs; to be narrowed by `visible_to`."""

from django.db.models import QuerySet

from baolei.community.models import CheckIn, Need, ServiceRecord


def checkins() -> QuerySet[CheckIn]:
    return CheckIn.objects.order_by("pk")


def services() -> QuerySet[ServiceRecord]:
    return ServiceRecord.objects.order_by("-served_on", "pk")


def needs() -> QuerySet[Need]:
    return Need.objects.order_by("-handled_on", "pk")
