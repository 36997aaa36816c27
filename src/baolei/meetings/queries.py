"""Reads of meetings and study campaigns; to be narrowed by `visible_to`."""

from django.db.models import QuerySet

from baolei.meetings.models import Meeting, StudyCampaign


def meetings() -> QuerySet[Meeting]:
    return Meeting.objects.order_by("-held_on", "pk")


def study_campaigns() -> QuerySet[StudyCampaign]:
    return StudyCampaign.objects.order_by("during", "pk")
