"""Reads of counts, demonstration posts and founding kits; to be narrowed by `visible_to`."""

from django.db.models import QuerySet

from baolei.coverage.models import DemonstrationPost, EnterpriseCount, FoundingKit


def counts() -> QuerySet[EnterpriseCount]:
    return EnterpriseCount.objects.order_by("-as_of", "pk")


def demonstration_posts() -> QuerySet[DemonstrationPost]:
    return DemonstrationPost.objects.order_by("organization__key", "pk")


def kits() -> QuerySet[FoundingKit]:
    return FoundingKit.objects.order_by("organization__key", "pk")
