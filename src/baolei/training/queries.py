"""Reads of bases, sessions, attendances, study groups and their reports; to be narrowed by `visible_to`."""

from django.db.models import QuerySet

from baolei.training.models import Attendance, Base, GroupReport, Session, StudyGroup


def bases() -> QuerySet[Base]:
    return Base.objects.order_by("organization__key", "pk")


def sessions() -> QuerySet[Session]:
    return Session.objects.order_by("-first_on", "pk")


def attendances() -> QuerySet[Attendance]:
    return Attendance.objects.order_by("-session__first_on", "pk")


def groups() -> QuerySet[StudyGroup]:
    return StudyGroup.objects.order_by("organization__key", "pk")


def reports() -> QuerySet[GroupReport]:
    return GroupReport.objects.order_by("-reported_on", "pk")
