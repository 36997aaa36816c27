"""Who acts, and who holds which role where."""

from datetime import date

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.crypto import salted_hmac

from baolei.accounts.access import Can
from baolei.accounts.models import Grant, GrantQuerySet, Token, User
from baolei.kernel.access import NOBODY, Actor, Reach, roles
from baolei.kernel.models import Event
from baolei.kernel.tree import STEP, AnyBelow, below, is_below


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


# Tokens -----------------------------------------------------------------------------------------------------


def token_digest(secret: str) -> bytes:
    """What is kept of a token's secret: a hash under the instance's key."""
    return salted_hmac("baolei.accounts.token", secret, algorithm="sha256").digest()


def tokens_of(user: User) -> QuerySet[Token]:
    """One's own tokens, those that ended too, newest first."""
    return Token.objects.filter(user=user).order_by("-created_on", "-pk")


def token_of(secret: str) -> Token | None:
    """The valid token with this secret, whose user could sign in now; else None, whatever the reason."""
    found = Token.objects.filter(digest=token_digest(secret)).select_related("user").first()
    if found is None or not found.is_valid:
        return None
    user = found.user
    return found if user.is_active and not user.is_locked and not user.must_change_password else None


# The record of what was done --------------------------------------------------------------------------------

ABOUT_ACCOUNT = Q(target_model="accounts.User")


def events(actor: Actor) -> QuerySet[Event]:
    """Events in the actor's reach, newest first; `account` names the account that one is about.

    An event counts where its target lies. One without a place (a sign-in, an import, an export) counts where its
    actor had his reach and, when it is about an account, where that held roles on the day: who tried a wrong
    password is nobody. What then counts nowhere, such as the work of the command line, counts at the top.
    """
    account = User.objects.filter(pk=OuterRef("target_id")).values("username")
    found = Event.objects.annotate(account=Case(When(ABOUT_ACCOUNT, then=Subquery(account))))
    found = found.order_by("-day", "-id")
    if actor.reach.everywhere:
        return found
    here = Q(id__in=[])
    for top in actor.reach.keys(Can.AUDIT):
        here |= below(top, field="target_key") | (Q(target_key=None) & _counts_below(top))
    return found.filter(here)


def _counts_below(top: str) -> Q:
    """The condition that an event without a place counts below the key."""
    held = Grant.objects.filter(user_id=OuterRef("target_id"), during__contains=OuterRef("day"))
    counts = Q(AnyBelow("reach", Value(top)))
    counts |= ABOUT_ACCOUNT & Exists(held.filter(below(top, field="organization__key")))
    if len(top) == STEP:
        counts |= Q(reach=[]) & ~(ABOUT_ACCOUNT & Exists(held))
    return counts


# The demo ---------------------------------------------------------------------------------------------------

DEMO_PASSWORD = "baolei-demo"
DEMO_USERS = ("province", "prefecture", "county", "township", "committee", "branch", "member")


def demo_users() -> list[User]:
    """The accounts of the demo in order of level; asked only where the demo's mark is set."""
    found = {user.username: user for user in User.objects.filter(username__in=DEMO_USERS)}
    return [found[name] for name in DEMO_USERS if name in found]
