"""Reads of programmes, deeds, projects and appropriations; to be narrowed by `visible_to`."""

from django.db.models import QuerySet

from baolei.projects.models import Appropriation, Deed, Programme, Project


def programmes() -> QuerySet[Programme]:
    return Programme.objects.order_by("-planned_first", "pk")


def deeds() -> QuerySet[Deed]:
    return Deed.objects.order_by("-programme__year", "pk")


def projects() -> QuerySet[Project]:
    return Project.objects.order_by("organization__key", "pk")


def appropriations() -> QuerySet[Appropriation]:
    return Appropriation.objects.order_by("-fiscal_year", "pk")
