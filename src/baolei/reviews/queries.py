"""Reads of debriefs and appraisals; to be narrowed by `visible_to`."""

from functools import reduce
from operator import or_

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from baolei.kernel.access import Actor, Permission
from baolei.kernel.tree import ancestors, below, is_below
from baolei.members.codes import Standing
from baolei.members.models import Member
from baolei.organizations.kinds import GRASSROOTS, HOLDS_MEMBERS, Kind
from baolei.organizations.models import Organization
from baolei.organizations.queries import directory, organizations
from baolei.reviews.access import Can
from baolei.reviews.models import Appraisal, BodyTally, Debrief, Finding, Goal, Proposal, Round


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


def has_committee(round: Round) -> bool:
    """Whether the branch has a committee whose work can be polled (APR-08): seven or more formal members on its roll (COM-01)."""
    return roll_of(round).exclude(part=Finding.Part.ATTENDING).count() >= 7


def body_tally_of(round: Round) -> BodyTally | None:
    """What the poll said about the branch committee's work; None where it was not asked, or not counted yet."""
    rows = BodyTally.objects.unscoped("as the roll of the round: pages ask `decides`")
    return rows.filter(round=round).first()


_BODY = Q(kind__in=GRASSROOTS) | (Q(kind=Kind.WORK_COMMITTEE) & ~Q(region_code=""))
"""Branches and the committees above them up to township level."""


def _of_own_bodies(actor: Actor, permission: Permission) -> Q:
    """Rows of branches below the bodies at which the actor holds it."""
    tops = directory().filter(_BODY, key__in=actor.reach.keys(permission)).values_list("key", flat=True)
    return reduce(or_, (below(top, field="organization__key") for top in tops), Q(pk__in=[]))


def rounds_of(actor: Actor, permission: Permission) -> QuerySet[Round]:
    """The rounds of the bodies at which the actor holds it: what waits for him, not what he may see from above."""
    return rounds().visible_to(actor, permission).filter(_of_own_bodies(actor, permission))


def proposals() -> QuerySet[Proposal]:
    """What follows from findings, in the order in which it was put forward."""
    return Proposal.objects.select_related("member", "organization", "finding__round").order_by("pk")


def proposals_of(actor: Actor, permission: Permission) -> QuerySet[Proposal]:
    """Those of the bodies at which the actor holds it."""
    return proposals().visible_to(actor, permission).filter(_of_own_bodies(actor, permission))


def may_follow(finding: Finding, kind: str) -> bool:
    """Whether the branch may put that forward now: the round is closed, the grade fits, nothing of the kind is there,
    and before disposal help was given (APR-06).
    """
    if finding.round.state != Round.State.CLOSED or finding.grade not in Proposal.FOR[kind]:
        return False
    made = (
        proposals()
        .unscoped("what has followed from a finding that was found in reach")
        .filter(finding=finding)
    )
    if made.filter(kind=kind).exclude(state=Proposal.State.DECLINED).exists():
        return False
    helped = made.filter(kind=Proposal.Kind.HELP, state=Proposal.State.DONE)
    return kind != Proposal.Kind.DISPOSAL or helped.exists()


def decides(actor: Actor, permission: Permission, *branches: Organization) -> bool:
    """Whether the actor holds it at each of the branches or in a grassroots committee above it: from higher up nobody
    looks into what was found about a member (G-08).
    """
    if actor.reach.everywhere:
        return True
    wanted = {key for branch in branches for key in ancestors(branch.key)}
    bodies = {*directory().filter(_BODY, key__in=wanted).order_by().values_list("key", flat=True)}
    held = actor.reach.keys(permission)

    def near(branch: Organization) -> bool:
        top = next((key for key in ancestors(branch.key) if key in bodies), branch.key)
        return any(is_below(branch.key, key) and is_below(key, top) for key in held)

    return all(map(near, branches))


def is_over_share(round: Round) -> bool:
    """Whether more than a third of those graded are excellent (APR-03)."""
    grades = [*graded_of(round).values_list("grade", flat=True)]
    return 3 * grades.count(Finding.Grade.EXCELLENT) > len(grades)


def _number(**conditions: object) -> Coalesce:
    """How many members of a round fit, of those who are graded."""
    rows = Finding.objects.unscoped("numbers of a round that was found in reach; nobody is named")
    rows = rows.filter(round=OuterRef("pk"), part=Finding.Part.GRADED, **conditions).order_by()
    return Coalesce(Subquery(rows.values("round").annotate(number=Count("pk")).values("number")), 0)


def reported_to(actor: Actor) -> QuerySet[Round]:
    """What waits to be closed by the actor, in numbers: those due, with a grade, found excellent.

    `clear` when nothing asks for a look: everybody graded, no more than a third excellent (APR-03), no file has
    brought an appraisal of that year.
    """
    brought = Appraisal.objects.unscoped("whether a file brought what would be closed")
    brought = brought.filter(organization=OuterRef("organization"), year=OuterRef("year"))
    rows = rounds_of(actor, Can.OVERSEE).filter(state=Round.State.REPORTED)
    return rows.annotate(
        due=_number(),
        found=_number(grade__gt=""),
        best=_number(grade=Finding.Grade.EXCELLENT),
        brought=Exists(brought),
    ).annotate(clear=Q(found=F("due"), brought=False, due__gte=3 * F("best")))


def by_state(rows: QuerySet[Round]) -> dict[str, int]:
    """How many of the rounds stand where, by state."""
    counted = rows.order_by().values_list("state").annotate(number=Count("pk"))
    return dict.fromkeys(Round.State.values, 0) | dict(counted)


def not_begun(year: int) -> QuerySet[Organization]:
    """Open branches with somebody to grade and no appraisal of the year, neither begun here nor brought by a file."""
    begun = Round.objects.unscoped("whether a branch in reach has begun")
    begun = begun.filter(organization=OuterRef("pk"), year=year).exclude(state=Round.State.CANCELLED)
    brought = Appraisal.objects.unscoped("whether a file brought it")
    brought = brought.filter(organization=OuterRef("pk"), year=year)
    formal = Member.objects.unscoped("whether there is somebody to grade")
    formal = formal.filter(branch=OuterRef("pk"), standing=Standing.FORMAL)
    rows = organizations().filter(kind__in=HOLDS_MEMBERS, closed_on=None)
    return rows.filter(~Exists(begun), ~Exists(brought), Exists(formal))
