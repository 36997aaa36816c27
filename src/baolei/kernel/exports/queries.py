"""Whose requests there are: one's own, and those that wait for oneself."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from baolei.kernel.access import Actor
from baolei.kernel.exports.access import Can
from baolei.kernel.models import Event, ExportRequest
from baolei.kernel.tree import below

NAMES_LIMIT = 200
"""Rows with names that one person may take alone (G-30)."""


def own(actor: Actor) -> QuerySet[ExportRequest]:
    """What the actor asked for, newest first."""
    return ExportRequest.objects.filter(actor_id=actor.user_id).order_by("-pk")


def within(actor: Actor) -> QuerySet[ExportRequest]:
    """What others asked for about organizations at or below one in which the actor may agree, newest first."""
    near = Q(pk__in=[])
    for top in actor.reach.keys(Can.AGREE):
        near |= below(top)
    return ExportRequest.objects.filter(near).exclude(actor_id=actor.user_id).order_by("-pk")


def waiting(actor: Actor) -> QuerySet[ExportRequest]:
    """What waits for the actor's word."""
    return within(actor).filter(state=ExportRequest.State.ASKED, asked_at__gt=ExportRequest.stale())


def number_waiting(actor: Actor) -> int:
    """For the menu."""
    return waiting(actor).count() if actor.can(Can.AGREE) else 0


def beyond_today(actor: Actor, persons: set[int]) -> bool:
    """True when the persons are, with those of his day, more than the actor may take alone.

    Persons whose names he took today already count once; what a second person agreed to counts not.
    """
    taken = Event.objects.filter(
        day=timezone.localdate(), actor_id=actor.user_id, action__endswith=".exported"
    ).exclude(detail__has_key="request")
    return len(persons.union(taken.values_list("person_id", flat=True))) > NAMES_LIMIT
