"""Reads of postings, pairings and participations; to be narrowed by `visible_to`."""

from django.db.models import QuerySet

from baolei.assistance.models import Pairing, Participation, PartnerPairing, Posting


def postings() -> QuerySet[Posting]:
    return Posting.objects.order_by("-pk")


def pairings() -> QuerySet[Pairing]:
    """Units with villages and organizations with organizations: nothing about a person."""
    return Pairing.objects.exclude(kind=Pairing.Kind.CADRE_HOUSEHOLD).order_by("-pk")


def households() -> QuerySet[Pairing]:
    """Cadres with households."""
    return Pairing.objects.filter(kind=Pairing.Kind.CADRE_HOUSEHOLD).order_by("-pk")


def partners() -> QuerySet[PartnerPairing]:
    return PartnerPairing.objects.order_by("organization__key", "pk")


def participations() -> QuerySet[Participation]:
    return Participation.objects.order_by("-pk")
