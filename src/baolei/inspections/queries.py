"""Reads of visits and weak organizations; to be narrowed by `visible_to`."""

from django.db.models import QuerySet

from baolei.inspections.models import Visit, WeakOrganization


def visits() -> QuerySet[Visit]:
    return Visit.objects.order_by("-visited_on", "pk")


def weak_organizations() -> QuerySet[WeakOrganization]:
    return WeakOrganization.objects.order_by("organization__key", "pk")
