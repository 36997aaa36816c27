"""Reads of transfers and of pocket members' cases; to be narrowed by `visible_to`."""

from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone

from baolei.kernel.access import Actor
from baolei.kernel.tree import ancestors, below
from baolei.organizations import queries as organizations
from baolei.organizations.kinds import HOLDS_MEMBERS, Kind
from baolei.organizations.models import Organization
from baolei.transfers.access import Can
from baolei.transfers.models import Floating, Hint, PocketCase, ReportIn, Transfer

BASIC = (Kind.BASIC_COMMITTEE, Kind.VILLAGE_COMMITTEE, Kind.TOWNSHIP_COMMITTEE)
"""Committees inside which a move is an internal adjustment (TRF-02)."""
SOON = 7
"""Days before the end of a clock from which it is soon due."""
NEAR = (*HOLDS_MEMBERS, Kind.GENERAL_BRANCH, *BASIC)
"""Where hints are seen: in branches and up to the basic committee (G-09)."""


def transfers() -> QuerySet[Transfer]:
    return Transfer.objects.order_by("-asked_on", "pk")


def pocket_cases() -> QuerySet[PocketCase]:
    return PocketCase.objects.order_by("-found_on", "pk")


def floating() -> QuerySet[Floating]:
    return Floating.objects.order_by("-during", "pk")


def hints() -> QuerySet[Hint]:
    """Those that are to be looked at; a hint is gone on its day, whether taken away yet or not (G-09)."""
    return Hint.objects.filter(until__gt=timezone.localdate()).order_by("until", "pk")


def near(actor: Actor) -> Q:
    """The condition that a hint lies where the actor acts for the branch or its basic committee, not above (G-09)."""
    tops = organizations.directory().filter(key__in=actor.reach.keys(Can.HINT), kind__in=NEAR)
    keys = tops.values_list("key", flat=True)
    return reduce(or_, (below(key, field="organization__key") for key in keys), Q(pk__in=[]))


def names_met(hint: Hint) -> Hint | None:
    """The other side of a double entry that both officers have confirmed (G-11); None before."""
    found = Hint.objects.filter(member_id=hint.other_id, other_id=hint.member_id, confirmed_on__isnull=False)
    other = found.select_related("member", "organization").unscoped("both sides have confirmed (G-11)")
    return other.first() if hint.other_id and hint.confirmed_on else None


def reports() -> QuerySet[ReportIn]:
    return ReportIn.objects.order_by("-on", "pk")


_third = ExpressionWrapper((F("due_on") - F("turned_on")) / 3, output_field=DurationField())


def _passed(today: date) -> ExpressionWrapper:
    """The time since the present holder took over."""
    return ExpressionWrapper(Value(today) - F("turned_on"), output_field=DurationField())


def under_way(actor: Actor, today: date) -> dict[str, Q]:
    """Queue -> condition: what waits for the actor, what he waits for, what is soon due, what is late.

    The first two are disjoint and together all that is under way in his reach; so the others are parts of both. A clock
    reminds after a third and after two thirds of its time.
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
        "reminded": Q(warn_on__gt=today) & Q(GreaterThanOrEqual(_passed(today), _third)),
        "warned": Q(due_on__gte=today, warn_on__lte=today),
    }


def inside_one_committee(one: Organization, other: Organization) -> bool:
    """Whether a basic committee stands above both today: then a move is an internal adjustment (TRF-02)."""
    common = {*ancestors(one.key)[:-1]} & {*ancestors(other.key)[:-1]}
    return organizations.directory().filter(key__in=common, kind__in=BASIC).exists()


def committee_of(branch: Organization) -> Organization:
    """The basic committee nearest above the branch, which issues its letters; without one, what stands above it."""
    above = organizations.directory().filter(key__in=ancestors(branch.key)[:-1]).order_by("-key")
    return above.filter(kind__in=BASIC).first() or above.first() or branch
