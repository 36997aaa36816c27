"""Reads of readings, thresholds, facilities and marks; to be narrowed by `visible_to`."""

from django.db.models import QuerySet

from baolei.standards.models import Facility, Mark, Measure, Reading, Threshold


def readings() -> QuerySet[Reading]:
    """All readings but those of a single person's pay (G-21)."""
    return Reading.objects.exclude(measure=Measure.SECRETARY_PAY).order_by("-year", "pk")


def pays() -> QuerySet[Reading]:
    """What a village's secretary is paid a year, in yuan."""
    return Reading.objects.filter(measure=Measure.SECRETARY_PAY).order_by("-year", "pk")


def thresholds() -> QuerySet[Threshold]:
    return Threshold.objects.order_by("measure", "pk")


def facilities() -> QuerySet[Facility]:
    return Facility.objects.order_by("organization__key", "pk")


def marks() -> QuerySet[Mark]:
    return Mark.objects.order_by("organization__key", "pk")


MARKED = """EXISTS (SELECT FROM standards_mark mark WHERE mark.unit_id = {unit} AND mark.kind = '{kind}'
    AND mark.during @> {day})"""
"""SQL: whether a unit is marked on a day."""
