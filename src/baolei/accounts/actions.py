"""Writes of the area: signing in, accounts, passwords, grants."""

import secrets
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.accounts.access import Can
from baolei.accounts.models import Grant, Token, User
from baolei.accounts.queries import actor_of, grants_of, token_digest, tokens_of
from baolei.kernel.access import NOBODY, Actor, Role, roles
from baolei.kernel.actions import action
from baolei.organizations.models import Organization

WRONG_PASSWORDS = 5
LOCKED_FOR = timedelta(minutes=15)
TOKEN_DAYS = 365
TOKENS = 10
"""Valid tokens that one user may hold."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def one_time_password() -> str:
    """A password for the first sign-in: twelve letters and digits that are not mistaken for one another."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


# Signing in -------------------------------------------------------------------------------------------------


def sign_in(username: str, *, password: str, actor: Actor = NOBODY) -> User | None:
    """The user when the name and the password belong together, else None, whatever the reason.

    The row stays locked while the password is checked, so that guesses cannot run side by side; an unknown
    or a locked name costs the same hash as a known one.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().filter(username=username).first()
        if user is None or not user.is_active or user.is_locked:
            make_password(password)
            return None
        if not user.check_password(password):
            refuse_sign_in(user, actor=actor)
            return None
        return admit(user, actor=actor_of(user, request_id=actor.request_id))


@action("accounts.user.sign_in", words=gettext_lazy("登录"), needs=None)
def admit(user: User, *, actor: Actor) -> User:
    """Note a successful sign-in and forget wrong passwords."""
    user.failed_sign_ins, user.locked_until = 0, None
    user.save(update_fields=["failed_sign_ins", "locked_until"])
    return user


@action("accounts.user.refuse_sign_in", words=gettext_lazy("登录未成功（密码不对）"), needs=None)
def refuse_sign_in(user: User, *, actor: Actor) -> User:
    """Count a wrong password; the fifth one locks the account for fifteen minutes."""
    user.failed_sign_ins += 1
    if user.failed_sign_ins >= WRONG_PASSWORDS:
        user.failed_sign_ins, user.locked_until = 0, timezone.now() + LOCKED_FOR
    user.save(update_fields=["failed_sign_ins", "locked_until"])
    return user


@action("accounts.user.sign_out", words=gettext_lazy("退出登录"), needs=None)
def sign_out(user: User, *, actor: Actor, idle: bool = False) -> User:
    """Note the end of a session; `idle` when nobody had used it for long."""
    return user


@action("accounts.user.change_password", words=gettext_lazy("修改密码"), needs=None, private=("password",))
def change_password(user: User, *, actor: Actor, password: str) -> User:
    """A new password of one's own. Raises PermissionDenied for somebody else's."""
    if actor.user_id != user.pk:
        raise PermissionDenied(_("只能修改自己的密码"))
    _set_password(user, password, must_change=False)
    return user


# Accounts ---------------------------------------------------------------------------------------------------


@action("accounts.user.open", words=gettext_lazy("开设账号"), needs=Can.GRANT, private=("password",))
def open_account(
    organization: Organization,
    *,
    actor: Actor,
    username: str,
    name: str,
    password: str,
    office: str = "",
    role: str = "",
    member_id: int | None = None,
    must_change: bool = True,
) -> User:
    """A new account, with a role in the organization when one is named.

    `member_id` is the holder's own row of the register (the area of members checks that it may be named).
    Raises ValidationError for a name that is taken, PermissionDenied for a role that the actor may not give.
    """
    if role:
        _require_role(role, organization, actor)
    user = User(username=username, name=name, office=office, member_id=member_id)
    user.set_password(password)
    user.must_change_password = must_change
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(_("用户名已被使用，或该党员已有账号，请核对后再试")) from None
    if role:
        _start(user, role, organization)
    return user


@action(
    "accounts.user.reset_password", words=gettext_lazy("重设密码"), needs=Can.GRANT, private=("password",)
)
def reset_password(organization: Organization, *, actor: Actor, user: User, password: str) -> User:
    """A one-time password for a user who works in the organization; also ends a lock-out.

    The actor must be able to give every role that the user holds: nobody takes over a stronger account.
    Raises PermissionDenied otherwise.
    """
    held = list(grants_of(user))
    if not any(grant.organization_id == organization.pk for grant in held):
        raise PermissionDenied(_("该账号在此党组织没有授权"))
    for grant in held:
        actor.require(Can.GRANT, grant)
        _require_role(grant.role, grant.organization, actor)
    user = User.objects.select_for_update().get(pk=user.pk)
    _set_password(user, password, must_change=True)
    return user


def _set_password(user: User, password: str, *, must_change: bool) -> None:
    user.set_password(password)
    user.must_change_password, user.failed_sign_ins, user.locked_until = (
        must_change,
        0,
        None,
    )
    user.save(
        update_fields=[
            "password",
            "must_change_password",
            "failed_sign_ins",
            "locked_until",
        ]
    )


# Grants -----------------------------------------------------------------------------------------------------


@action("accounts.grant.give", words=gettext_lazy("授予角色"), needs=Can.GRANT)
def give_grant(
    organization: Organization,
    *,
    actor: Actor,
    user: User,
    role: str,
    since: date | None = None,
) -> Grant:
    """A role in the organization and all below it, from `since` (today) on.

    Raises ValidationError when the user holds it already, PermissionDenied for an unknown role or one with a
    permission that the actor lacks there.
    """
    _require_role(role, organization, actor)
    return _start(user, role, organization, since)


@action("accounts.grant.withdraw", words=gettext_lazy("收回角色"), needs=Can.GRANT)
def withdraw_grant(grant: Grant, *, actor: Actor) -> Grant:
    """End a grant at once: yesterday was its last day. The row stays, empty when it began today.

    Raises PermissionDenied for a role that the actor could not give, ValidationError for one's own grant.
    """
    _require_role(grant.role, grant.organization, actor)
    if grant.user_id == actor.user_id:
        raise ValidationError(_("不能收回自己的授权，请由上级办理"))
    today = timezone.localdate()
    if grant.during.isempty or (grant.during.upper is not None and grant.during.upper <= today):
        raise ValidationError(_("该授权已经收回"))
    grant.during = DateRange(grant.during.lower, max(today, grant.during.lower), "[)")
    grant.save(update_fields=["during"])
    return grant


def may_give(role: Role, organization: Organization, actor: Actor) -> bool:
    """True when the actor holds every permission of the role in that organization but those that are not for him."""
    needed = (held for held in role.permissions if not held.lower)
    return all(actor.reach.covers_key(held, organization.key) for held in needed)


def _require_role(code: str, organization: Organization, actor: Actor) -> None:
    role = roles().get(code)
    if role is None or not may_give(role, organization, actor):
        raise PermissionDenied(_("不能授予或收回超出自己权限的角色"))


def _start(user: User, role: str, organization: Organization, since: date | None = None) -> Grant:
    during = DateRange(since or timezone.localdate(), None, "[)")
    try:
        with transaction.atomic():
            return Grant.rows.create(user=user, role=role, organization=organization, during=during)
    except IntegrityError:
        raise ValidationError(_("该用户在此党组织已有这个角色")) from None


# Tokens -----------------------------------------------------------------------------------------------------


@action("accounts.token.make", words=gettext_lazy("生成接口令牌"), needs=None)
def make_token(user: User, *, actor: Actor, name: str, purpose: str, last_day: date) -> tuple[Token, str]:
    """A token of one's own and its secret, which nobody can read again.

    Raises PermissionDenied for somebody else's, ValidationError for a day that has passed or lies more than a
    year ahead, and when the user holds as many valid ones as he may.
    """
    if actor.user_id != user.pk:
        raise PermissionDenied(_("只能生成自己的接口令牌"))
    today = timezone.localdate()
    if not today <= last_day <= today + timedelta(days=TOKEN_DAYS):
        raise ValidationError(_("截止日期请在今天以后一年之内"))
    if sum(token.is_valid for token in tokens_of(user)) >= TOKENS:
        raise ValidationError(_("有效的接口令牌已有 %(number)s 个，请先停用不再使用的") % {"number": TOKENS})
    secret = f"baolei_{secrets.token_urlsafe(32)}"
    made = Token.objects.create(
        user=user,
        name=name,
        purpose=purpose,
        prefix=secret[:13],
        digest=token_digest(secret),
        created_on=today,
        last_day=last_day,
    )
    return made, secret


@action("accounts.token.withdraw", words=gettext_lazy("停用接口令牌"), needs=None)
def withdraw_token(token: Token, *, actor: Actor) -> Token:
    """End a token of one's own at once. Raises PermissionDenied for somebody else's, ValidationError when it ended before."""
    if actor.user_id != token.user_id:
        raise PermissionDenied(_("只能停用自己的接口令牌"))
    if token.withdrawn_on is not None:
        raise ValidationError(_("该接口令牌已经停用"))
    token.withdrawn_on = timezone.localdate()
    token.save(update_fields=["withdrawn_on"])
    return token
