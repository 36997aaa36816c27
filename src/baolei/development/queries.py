"""Reads of the area; to be narrowed by `visible_to`."""

from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from baolei.development.codes import UNDER_WAY
from baolei.development.models import Applicant, Entry, Helper, Notice, Plan
from baolei.kernel.tree import ancestors, below
from baolei.organizations.models import Organization

SOON = timedelta(days=30)
"""How long before the end of a clock from which it is soon due."""


def applicants() -> QuerySet[Applicant]:
    return Applicant.objects.order_by("-applied_on", "pk")


def plans() -> QuerySet[Plan]:
    return Plan.objects.order_by("-year", "organization__key")


def entries_of(applicant: Applicant) -> list[Entry]:
    """All, those over too, in the order of their days."""
    rows = (
        Entry.objects.unscoped("asked about a branch or an applicant whom the reader may see")
        .filter(applicant=applicant)
        .select_related("organization")
    )
    return list(rows.order_by("on", "number", "pk"))


def helpers_of(applicant: Applicant, role: str = "") -> QuerySet[Helper]:
    """Who is mentor or introducer now."""
    found = Helper.objects.unscoped("asked about a branch or an applicant whom the reader may see").filter(
        applicant=applicant, until=None, **({"role": role} if role else {})
    )
    return found.select_related("member").order_by("role", "member__name_py", "pk")


def notices_of(applicant: Applicant) -> QuerySet[Notice]:
    return (
        Notice.objects.unscoped("asked about a branch or an applicant whom the reader may see")
        .filter(applicant=applicant)
        .order_by("since", "pk")
    )


def standing_notice(applicant: Applicant, kind: str) -> Notice | None:
    """The notice about him that counts, running or ended."""
    return (
        Notice.objects.unscoped("asked about a branch or an applicant whom the reader may see")
        .filter(applicant=applicant, kind=kind, over_on=None)
        .first()
    )


def used(organization: Organization, year: int) -> int:
    """How many were admitted there in the year, by the day of the branch's meeting (ADM-01, ADM-10)."""
    return (
        Entry.objects.unscoped("asked about a branch or an applicant whom the reader may see")
        .filter(
            below(organization.key, field="branch__key"),
            number=15,
            over="",
            on__year=year,
            applicant__member__isnull=False,
        )
        .count()
    )


def plan_above(branch: Organization, year: int) -> list[Plan]:
    """The plans that hold for a branch, lowest first."""
    rows = Plan.objects.unscoped("asked about a branch or an applicant whom the reader may see").filter(
        organization__key__in=ancestors(branch.key), year=year
    )
    return list(rows.select_related("organization").order_by("-organization__key"))


def by_stage(rows: QuerySet[Applicant], today: date, soon: date) -> dict[str, dict[str, int]]:
    """Stage -> numbers under way: all, late, soon due."""
    counted = (
        rows.filter(stage__in=UNDER_WAY)
        .order_by()
        .values("stage")
        .annotate(
            number=Count("pk"),
            late=Count("pk", filter=Q(due_on__lt=today)),
            soon=Count("pk", filter=Q(due_on__range=(today, soon))),
        )
    )
    found = {row.pop("stage"): row for row in counted}
    return {stage: found.get(stage, {"number": 0, "late": 0, "soon": 0}) for stage in UNDER_WAY}
