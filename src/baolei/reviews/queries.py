"""Reads of debriefs and appraisals; to be narrowed by `visible_to`."""

from django.db.models import QuerySet

from baolei.reviews.models import Appraisal, Debrief


def debriefs() -> QuerySet[Debrief]:
    return Debrief.objects.order_by("-year", "pk")


def appraisals() -> QuerySet[Appraisal]:
    return Appraisal.objects.order_by("-year", "pk")
