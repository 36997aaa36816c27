"""Reads of milestones and of those who took them up; to be narrowed by `visible_to`."""

from django.db.models import QuerySet

from baolei.honours.models import Adoption, Milestone


def milestones() -> QuerySet[Milestone]:
    return Milestone.objects.order_by("-reached_on", "pk")


def adoptions() -> QuerySet[Adoption]:
    return Adoption.objects.order_by("-adopted_on", "pk")
