"""Reads of debriefs and appraisals; to be narrowed by `visible_to`."""

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from baolei.kernel.access import Actor, Permission
from baolei.kernel.tree import ancestors, below, is_below
from baolei.organizations.kinds import GRASSROOTS, Kind
from baolei.organizations.models import Organization
from baolei.organizations.queries import directory
from baolei.reviews.models import Appraisal, Debrief, Finding, Goal, Round


def debriefs() -> QuerySet[Debrief]:
    return Debrief.objects.order_by("-year", "pk")


def appraisals() -> QuerySet[Appraisal]:
    return Appraisal.objects.order_by("-year", "pk")


def rounds() -> QuerySet[Round]:
    return Round.objects.select_related("organization").order_by("-year", "pk")


def findings() -> QuerySet[Finding]:
    return Finding.objects.select_related("member", "round", "organization").order_by("-round__year", "pk")


def goals() -> QuerySet[Goal]:
    return Goal.objects.select_related("member", "organization").order_by("-year", "pk")


def roll_of(round: Round) -> QuerySet[Finding]:
    """The members of the round, in an order that nothing changes: that of the roll, of paper and of ballots."""
    rows = findings().unscoped("whoever may open the round may read its roll; pages ask `decides`")
    return rows.filter(round=round).order_by("pk")


def graded_of(round: Round) -> QuerySet[Finding]:
    """Those of the roll who get a grade (APR-04, APR-07)."""
    return roll_of(round).filter(part=Finding.Part.GRADED)


_BODY = Q(kind__in=GRASSROOTS) | (Q(kind=Kind.WORK_COMMITTEE) & ~Q(region_code=""))
"""Branches and the committees above them up to township level."""


def rounds_of(actor: Actor, permission: Permission) -> QuerySet[Round]:
    """The rounds of the bodies at which the actor holds it: what waits for him, not what he may see from above."""
    tops = directory().filter(_BODY, key__in=actor.reach.keys(permission)).values_list("key", flat=True)
    there = reduce(or_, (below(top, field="organization__key") for top in tops), Q(pk__in=[]))
    return rounds().visible_to(actor, permission).filter(there)


def decides(actor: Actor, permission: Permission, branch: Organization) -> bool:
    """Whether the actor holds it at the branch or in a grassroots committee above it: from higher up nobody looks into
    what was found about a member (G-08).
    """
    above = directory().filter(_BODY, key__in=ancestors(branch.key))
    top = above.order_by("key").values_list("key", flat=True).first() or branch.key
    held = (key for key in actor.reach.keys(permission) if is_below(branch.key, key))
    return actor.reach.everywhere or any(is_below(key, top) for key in held)


def is_over_share(round: Round) -> bool:
    """Whether more than a third of those graded are excellent (APR-03)."""
    grades = [*graded_of(round).values_list("grade", flat=True)]
    return 3 * grades.count(Finding.Grade.EXCELLENT) > len(grades)
