"""Who acts, and who holds which role where."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from baolei.accounts.access import Can
from baolei.accounts.models import Grant, GrantQuerySet, User
from baolei.kernel.access import NOBODY, Actor, Reach, roles
from baolei.kernel.models import Event
from baolei.kernel.tree import below, is_below


def grants(*, on: date | None = None) -> GrantQuerySet:
    """Grants that hold on a day (today without one), by place in the tree, role and user."""
    held = Grant.objects.on(on or timezone.localdate())
    return held.select_related("user", "organization").order_by("organization__key", "role", "user_id", "pk")


def grants_of(user: User) -> GrantQuerySet:
    """Today's grants of one user: what makes his reach, so no reach is asked for reading them."""
    return grants().filter(user=user).unscoped("a user's own grants make his reach")


def actor_of(user: User, *, request_id: str = "") -> Actor:
    """The actor that a user is today, by one query; NOBODY for a stranger or a closed account."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    # Values, not rows: this is read for every page.
    held = grants_of(user).values_list("role", "organization__key", "organization__short_name")
    known = [(roles()[role], key, name) for role, key, name in held if role in roles()]
    keys: dict[str, set[str]] = {}
    for role, key, _name in known:
        for permission in role.permissions:
            keys.setdefault(permission.code, set()).add(key)
    labels = tuple(f"{name} · {role.label}" for role, _key, name in known)
    return Actor(
        name=user.name,
        office=user.office or (labels[0] if labels else ""),
        user_id=user.pk,
        reach=Reach(
            {code: _tops(found) for code, found in keys.items()},
            person_id=user.member_id,
        ),
        request_id=request_id,
        role_labels=labels,
    )


def _tops(keys: set[str]) -> tuple[str, ...]:
    """The keys without those that lie below another one of them."""
    return tuple(sorted(k for k in keys if not any(k != top and is_below(k, top) for top in keys)))


# The record of what was done --------------------------------------------------------------------------------

EVENTS = 100
"""Events on one page."""


def read_day(text: str) -> date:
    """The day written as YYYY-MM-DD; today for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()


def events(actor: Actor, *, on: date, before: int | None = None) -> QuerySet[Event]:
    """Events of one day at places in the actor's reach, newest first; `before` is the id to go on from."""
    places = Q(id__in=[]) if not actor.reach.everywhere else Q()
    for top in actor.reach.keys(Can.AUDIT):
        places |= below(top, field="target_key")
    found = Event.objects.filter(places, day=on)
    return (found.filter(id__lt=before) if before else found).order_by("-id")


# The demo ---------------------------------------------------------------------------------------------------

DEMO_PASSWORD = "baolei-demo"
DEMO_USERS = ("province", "prefecture", "county", "township", "committee", "branch", "member")


def demo_users() -> list[User]:
    """The accounts of the demo in order of level; asked only where the demo's mark is set."""
    found = {user.username: user for user in User.objects.filter(username__in=DEMO_USERS)}
    return [found[name] for name in DEMO_USERS if name in found]
