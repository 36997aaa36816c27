"""Reads of disposals; who may see one and who decides about it follows from the place of the grant (G-08)."""

from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from baolei.disposals.access import Can
from baolei.disposals.codes import OPEN, REMOVALS, VOID, Kind, State
from baolei.disposals.models import Disposal, Entry
from baolei.kernel.access import Actor, Permission
from baolei.kernel.tree import ancestors, below, is_below
from baolei.members.codes import COUNTED
from baolei.members.models import Member
from baolei.organizations.models import Organization
from baolei.organizations.queries import approving_committee

SOON = timedelta(days=30)
"""How long before the last day of a rectification from which it is soon over."""
SETTLING = Q(state__in=[State.MET, State.REPORTED, State.APPROVED, State.APPEALED]) | (
    Q(state=State.TOLD) & ~Q(kind=Kind.RECTIFY)
)
"""Between the branch's meeting and the execution: the member stays where he is. A rectification runs on elsewhere."""


def disposals() -> QuerySet[Disposal]:
    return Disposal.objects.select_related("member", "branch", "approver", "appeal_to").order_by(
        "due_on", "-closed_on", "pk"
    )


def seen(actor: Actor) -> QuerySet[Disposal]:
    """One's own, and those about which one of the actor's bodies decides: the branch, what stands between it and the
    committee that approves, that committee, and from an appeal on the one that decides it. Nobody higher up.
    """
    rows = disposals().visible_to(actor, Can.VIEW)
    if actor.reach.everywhere:
        return rows
    bodies = (
        below(key, field="branch__key")
        & (Q(approver__key__in=ancestors(key)) | Q(appeal_to__key__in=ancestors(key)))
        for key in actor.reach.keys(Can.VIEW)
    )
    return rows.filter(reduce(or_, bodies, Q(member=actor.reach.person_id)))


def is_near(actor: Actor, permission: Permission, disposal: Disposal) -> bool:
    """Whether the actor holds it at the branch or above it up to the committee that approves; nobody acts about himself."""
    if actor.reach.everywhere:
        return True
    branch, approver = disposal.branch.key, disposal.approver.key
    held = actor.reach.keys(permission)
    near = any(is_below(branch, key) and is_below(key, approver) for key in held)
    return near and actor.reach.person_id != disposal.member_id


def may_open(actor: Actor, member: Member) -> bool:
    """Whether the actor may propose a disposal of the member."""
    approver = approving_committee(member.branch)
    if approver is None or member.standing not in COUNTED:
        return False
    return is_near(actor, Can.RUN, Disposal(member=member, branch=member.branch, approver=approver))


def is_body(actor: Actor, disposal: Disposal, organization: Organization | None) -> bool:
    """Whether the actor decides for just this committee: who approves does not decide the appeal, nor the other way."""
    if organization is None:
        return False
    if actor.reach.everywhere:
        return True
    return organization.key in actor.reach.keys(Can.APPROVE) and actor.reach.person_id != disposal.member_id


def of_member(member: Member) -> QuerySet[Disposal]:
    """All about one member, the latest first, for who may act for his branch."""
    return (
        disposals()
        .unscoped("asked about a member of a branch for which the actor acts")
        .filter(member=member)
        .order_by("-pk")
    )


def followed(member: Member, state: str) -> Disposal | None:
    """The latest disposal of the member that came to this end and that none follows yet (DSP-06)."""
    taken = of_member(member).filter(follows__isnull=False).exclude(state__in=VOID)
    return of_member(member).filter(state=state).exclude(pk__in=taken.values("follows")).first()


def entries_of(disposal: Disposal) -> list[Entry]:
    """All, those over too, in the order in which they were made."""
    rows = Entry.objects.filter(disposal=disposal).select_related("organization").order_by("pk")
    return list(rows.unscoped("asked about a disposal that the reader may see"))


def for_bodies(actor: Actor, today: date) -> dict[str, QuerySet[Disposal]]:
    """What waits, by who is to act: the branch, the committee that approves, the one that decides an appeal; those
    are disjoint. "late" and "ending" (a rectification soon over) are parts of what the actor's bodies have to do.
    """
    rows = seen(actor).filter(state__in=OPEN)
    if actor.reach.everywhere:
        run, body, appeal = Q(), Q(), Q()
    else:
        at = actor.reach.keys(Can.APPROVE)
        run = reduce(
            or_, (below(key, field="branch__key") for key in actor.reach.keys(Can.RUN)), Q(pk__in=[])
        )
        body, appeal = Q(approver__key__in=at), Q(appeal_to__key__in=at)
    # A removal waits for the last day of appealing, a rectification for its own last day.
    told = Q(state=State.TOLD) & (
        Q(kind=Kind.ADVISE_OUT)
        | Q(kind=Kind.RECTIFY, until__lt=today)
        | (Q(kind__in=REMOVALS) & (Q(appeal_until__lt=today) | Q(appeal_to__isnull=False)))
    )
    of_branch = Q(state__in=[State.VERIFYING, State.TALKED, State.MET, State.APPROVED]) | told
    mine = {
        "branch": of_branch & run,
        "approve": Q(state=State.REPORTED) & body,
        "appeal": Q(state=State.APPEALED) & appeal,
    }
    every = reduce(or_, mine.values())
    running = Q(state=State.TOLD, kind=Kind.RECTIFY, until__range=(today, today + SOON)) & run
    return {name: rows.filter(condition) for name, condition in mine.items()} | {
        "ending": rows.filter(running),
        "late": rows.filter(every, due_on__lt=today),
    }
