"""Reads of transfers and of pocket members' cases; to be narrowed by `visible_to`."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from baolei.kernel.access import Actor
from baolei.kernel.tree import ancestors
from baolei.organizations import queries as organizations
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization
from baolei.transfers.access import Can
from baolei.transfers.models import PocketCase, Transfer

BASIC = (Kind.BASIC_COMMITTEE, Kind.VILLAGE_COMMITTEE, Kind.TOWNSHIP_COMMITTEE)
"""Committees inside which a move is an internal adjustment (TRF-02)."""
SOON = 7
"""Days before the end of a clock from which it is soon due."""


def transfers() -> QuerySet[Transfer]:
    return Transfer.objects.order_by("-asked_on", "pk")


def pocket_cases() -> QuerySet[PocketCase]:
    return PocketCase.objects.order_by("-found_on", "pk")


def under_way(actor: Actor, today: date) -> dict[str, Q]:
    """Queue -> condition: what waits for the actor, what he waits for, what is soon due, what is late.

    The first two are disjoint and together all that is under way in his reach; so the last two are parts of both.
    """
    under_way = Q(due_on__isnull=False)
    at_sender = Q(state=Transfer.State.ASKED) | Q(kind=Transfer.Kind.LEAVING)
    mine = under_way & (
        (at_sender & actor.reach.within(Can.HANDLE, "sender__key"))
        | (
            Q(state=Transfer.State.RELEASED, kind=Transfer.Kind.INSIDE)
            & actor.reach.within(Can.HANDLE, "receiver__key")
        )
    )
    return {
        "todo": mine,
        "waiting": under_way & ~mine,
        "soon": Q(due_on__range=(today, today + timedelta(days=SOON))),
        "late": Q(due_on__lt=today),
    }


def inside_one_committee(one: Organization, other: Organization) -> bool:
    """Whether a basic committee stands above both today: then a move is an internal adjustment (TRF-02)."""
    common = {*ancestors(one.key)[:-1]} & {*ancestors(other.key)[:-1]}
    return organizations.directory().filter(key__in=common, kind__in=BASIC).exists()


def committee_of(branch: Organization) -> Organization:
    """The basic committee nearest above the branch, which issues its letters; without one, what stands above it."""
    above = organizations.directory().filter(key__in=ancestors(branch.key)[:-1]).order_by("-key")
    return above.filter(kind__in=BASIC).first() or above.first() or branch
