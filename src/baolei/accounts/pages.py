"""Signing in and out, one's own account, and the accounts within reach. Absent and forbidden are both 404."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baolei.accounts import actions, queries
from baolei.accounts.access import Can
from baolei.accounts.forms import EVENT_FILTERS, AccountForm, GrantForm, PasswordForm, SignInForm
from baolei.accounts.middleware import IDLE_OUT, SEEN
from baolei.accounts.models import Grant, User
from baolei.accounts.tables import EventTable, GrantTable
from baolei.kernel.access import Permission, roles
from baolei.kernel.models import Event
from baolei.kernel.pages import ListPage, Page, needs
from baolei.kernel.privacy import RULES
from baolei.kernel.privacy.inventory import inventory

BACKEND = "django.contrib.auth.backends.ModelBackend"


def open_to_all(because: str):
    """A page that asks for no permission, with the reason why."""

    def declare(view):
        view.open_because = because
        return view

    return declare


# Signing in and out -----------------------------------------------------------------------------------------


@open_to_all("must be reachable before signing in")
@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """One answer for a wrong name, a wrong password, a locked and a closed account."""
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        user = actions.sign_in(given["username"], password=given["password"], actor=request.actor)
        if user is not None:
            login(request, user, backend=BACKEND)
            request.session.pop(IDLE_OUT, None)
            request.session.pop(SEEN, None)
            return redirect(_next(request) or settings.LOGIN_REDIRECT_URL)
        form.add_error(
            None,
            _("用户名或密码不正确，或者账号已锁定。同一账号连续输错 %(times)s 次，将锁定 %(minutes)s 分钟。")
            % {"times": actions.WRONG_PASSWORDS, "minutes": actions.LOCKED_FOR.seconds // 60},
        )
    shown = {
        "form": form,
        "next": _next(request),
        "idle_out": request.session.get(IDLE_OUT, False),
        "idle_minutes": settings.BAOLEI_IDLE_MINUTES,
        "demo_users": queries.demo_users() if settings.BAOLEI_DEMO else [],
        "demo_password": queries.DEMO_PASSWORD if settings.BAOLEI_DEMO else "",
    }
    return render(request, "accounts/sign_in.html", shown)


def _next(request: HttpRequest) -> str:
    """The page asked for before signing in, when it is one of ours; else empty."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=request.is_secure())
    return wanted if safe else ""


@open_to_all("whoever has signed in may sign out")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    actions.sign_out(request.user, actor=request.actor)
    logout(request)
    return redirect(settings.LOGIN_URL)


# One's own account ------------------------------------------------------------------------------------------


@open_to_all("one's own account")
@require_safe
def my_account(request: HttpRequest) -> HttpResponse:
    """What I may do, in plain words, and where."""
    held = [
        (grant, roles()[grant.role], sorted(str(p.label) for p in roles()[grant.role].permissions))
        for grant in queries.grants_of(request.user)
        if grant.role in roles()
    ]
    user = request.user
    facts = [(_("姓名"), user.name), (_("用户名"), user.username), (_("职务"), user.office)]
    return render(request, "accounts/my_account.html", {"held": held, "facts": facts})


@open_to_all("one's own password")
@sensitive_post_parameters("old", "new", "again")
@never_cache
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    forced = request.user.must_change_password
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = actions.change_password(request.user, actor=request.actor, password=form.cleaned_data["new"])
        # Other sessions of the account end, this one gets a new key.
        update_session_auth_hash(request, user)
        messages.success(request, _("密码已修改，其他地方的登录已经失效。"))
        return redirect("accounts:my_account")
    return render(request, "accounts/change_password.html", {"form": form, "forced": forced})


# Accounts within reach --------------------------------------------------------------------------------------


@needs(Can.VIEW)
def account_list(request: HttpRequest) -> HttpResponse:
    """Who holds which role where, in the order of the tree."""
    rows = queries.grants().visible_to(request.actor, Can.VIEW)
    wanted = request.GET.get("q", "").strip()
    if wanted:
        rows = rows.filter(Q(user__name__startswith=wanted) | Q(user__username__startswith=wanted.lower()))
    table = GrantTable.page(rows, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    shown = {
        "table": table,
        "q": wanted,
        "may_grant": request.actor.can(Can.GRANT),
        "previous": _query(q=wanted, before=table.before),
        "next": _query(q=wanted, after=table.after),
    }
    return render(request, "accounts/account_list.html", shown)


def _query(*, q: str = "", **position: str) -> str:
    """The query part of the address of the page at `position`; empty when there is none."""
    return "?" + urlencode(({"q": q} if q else {}) | position) if all(position.values()) else ""


def _grants_in_reach(request: HttpRequest, uid, permission: Permission) -> list[Grant]:
    rows = queries.grants().filter(user__uid=uid).visible_to(request.actor, permission)
    found = list(rows)
    if not found:
        raise Http404
    return found


@needs(Can.VIEW)
def account(request: HttpRequest, uid) -> HttpResponse:
    """One account, as far as its grants lie in reach."""
    found = _grants_in_reach(request, uid, Can.VIEW)
    actor = request.actor
    held = []
    for grant in found:
        role = roles().get(grant.role)
        mine = (
            role is not None
            and actor.can(Can.GRANT, grant)
            and actions.may_give(role, grant.organization, actor)
        )
        held.append((grant, role, mine and grant.user_id != actor.user_id))
    shown = {
        "account": found[0].user,
        "held": held,
        "may_grant": any(mine for _grant, _role, mine in held),
        "grant_form": GrantForm(actor),
    }
    return render(request, "accounts/account.html", shown)


@needs(Can.GRANT, require_http_methods(["GET", "POST"]))
@never_cache
def open_account(request: HttpRequest) -> HttpResponse:
    """The one-time password is shown on the answer to this form and never again."""
    form = AccountForm(
        request.actor, request.POST or None, initial={"organization": request.GET.get("in", "")}
    )
    if request.method == "POST" and form.is_valid():
        password = actions.one_time_password()
        given = dict(form.cleaned_data)
        organization = given.pop("organization")
        try:
            user = actions.open_account(organization, actor=request.actor, password=password, **given)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _password_once(request, user, password)
    return render(request, "accounts/open_account.html", {"form": form})


@needs(Can.GRANT, require_POST)
@never_cache
def reset_password(request: HttpRequest, uid) -> HttpResponse:
    grant = _grants_in_reach(request, uid, Can.GRANT)[0]
    password = actions.one_time_password()
    try:
        user = actions.reset_password(
            grant.organization, actor=request.actor, user=grant.user, password=password
        )
    except PermissionDenied:
        messages.error(request, _("该账号另有超出您权限的角色，请由其上级重设密码。"))
        return redirect("accounts:account", uid)
    return _password_once(request, user, password)


def _password_once(request: HttpRequest, user: User, password: str) -> HttpResponse:
    facts = [(_("姓名"), user.name), (_("用户名"), user.username), (_("一次性密码"), password)]
    return render(request, "accounts/one_time_password.html", {"facts": facts})


@needs(Can.GRANT, require_POST)
def give_grant(request: HttpRequest, uid) -> HttpResponse:
    """A further role for an account that is already in reach."""
    user = _grants_in_reach(request, uid, Can.VIEW)[0].user
    form = GrantForm(request.actor, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.give_grant(given["organization"], actor=request.actor, user=user, role=given["role"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("已授权，立即生效。"))
            return redirect("accounts:account", uid)
    for problem in [message for errors in form.errors.values() for message in errors]:
        messages.error(request, problem)
    return redirect("accounts:account", uid)


@needs(Can.GRANT, require_POST)
def withdraw_grant(request: HttpRequest, pk: int) -> HttpResponse:
    grant = get_object_or_404(queries.grants().visible_to(request.actor, Can.GRANT), pk=pk)
    try:
        actions.withdraw_grant(grant, actor=request.actor)
    except (ValidationError, PermissionDenied) as error:
        for problem in getattr(error, "messages", [str(error)]):
            messages.error(request, problem)
    else:
        messages.success(request, _("授权已收回，立即生效。"))
    return redirect("accounts:account_list")


class PersonalData(Page):
    """What is kept about persons, for what, how long and who sees it; how long what is kept for a time still is."""

    permission = Can.AUDIT
    title = gettext_lazy("个人信息清单")
    template_name = "accounts/personal_data.html"

    def context(self) -> dict[str, Any]:
        return {
            "holdings": inventory(),
            "rules": [(rule, rule.rows().count()) for rule in RULES.values()],
        }


class EventList(ListPage):
    """What was done within reach, by whom, newest first; of what was done it shows the kind, never a value."""

    permission = Can.AUDIT
    title = gettext_lazy("操作记录")
    table = EventTable
    filters = EVENT_FILTERS
    template_name = "accounts/events.html"
    part_template = "kernel/pages/list.html"
    counted = False

    def in_reach(self) -> QuerySet[Event]:
        return queries.events(self.actor)
