"""Reads of readings, thresholds, facilities and marks; to be narrowed by `visible_to`."""

from django.db.models import QuerySet

from baolei.standards.models import Facility, Mark, Reading, Threshold


def readings() -> QuerySet[Reading]:
    return Reading.objects.order_by("-year", "pk")


def thresholds() -> QuerySet[Threshold]:
    return Threshold.objects.order_by("measure", "pk")


def facilities() -> QuerySet[Facility]:
    return Facility.objects.order_by("organization__key", "pk")


def marks() -> QuerySet[Mark]:
    return Mark.objects.order_by("organization__key", "pk")


MARKED = """EXISTS (SELECT FROM standards_mark mark WHERE mark.unit_id = {unit} AND mark.kind = '{kind}'
    AND mark.during @> {day})"""
"""SQL: whether a unit is marked on a day."""
