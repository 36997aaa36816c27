"""The actor of each request, the end of idle sessions, and the one-time password."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone

from baolei.accounts.actions import sign_out
from baolei.accounts.queries import actor_of, token_of
from baolei.kernel.access import NOBODY
from baolei.kernel.api.answers import ROOT, unauthorized

SEEN = "seen"
"""Session key: when the session was last used, in whole seconds, written at most once a minute."""
IDLE_OUT = "idle_out"
"""Session key: the session before this one was ended for being idle."""
TOUCH_SECONDS = 60
WITH_ONE_TIME_PASSWORD = {"accounts:change_password", "accounts:sign_out"}


class ActorMiddleware:
    """Sets `request.actor` and `request.request_id`; a request without a session costs no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid4().hex
        request.actor = NOBODY
        if request.path_info.startswith(ROOT):
            return self._by_token(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            request.actor = actor_of(request.user, request_id=request.request_id)
            self._end_when_idle(request)
        response = self.get_response(request)
        return _whole_page_sign_in(request, response)

    def _by_token(self, request: HttpRequest) -> HttpResponse:
        """The interface knows no session: its actor is the user of the token, and nothing repeats the token."""
        given = request.META.pop("HTTP_AUTHORIZATION", "")
        request.__dict__.pop("headers", None)  # made from META and kept; it would still hold the token
        kind, _space, secret = given.partition(" ")
        token = token_of(secret.strip()) if kind.lower() == "bearer" else None
        if token is None:
            return unauthorized(given=bool(given))
        request.user = token.user
        request.actor = actor_of(token.user, request_id=request.request_id)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        """Somebody with a one-time password sees public pages and the form for a new one, nothing else."""
        if request.actor.user_id is None or not request.user.must_change_password:
            return None
        if (
            not getattr(view, "login_required", True)
            or request.resolver_match.view_name in WITH_ONE_TIME_PASSWORD
        ):
            return None
        return redirect("accounts:change_password")

    def _end_when_idle(self, request: HttpRequest) -> None:
        now = int(timezone.now().timestamp())
        seen = request.session.get(SEEN, now)
        if now - seen > timedelta(minutes=settings.BAOLEI_IDLE_MINUTES).total_seconds():
            sign_out(request.user, actor=request.actor, idle=True)
            logout(request)
            request.session[IDLE_OUT] = True
            request.actor = NOBODY
        elif now - seen >= TOUCH_SECONDS or SEEN not in request.session:
            request.session[SEEN] = now


def _whole_page_sign_in(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A part of a page that needs signing in again makes the browser load the sign-in page whole."""
    page = urlsplit(request.headers.get("HX-Current-URL", ""))
    sign_in = resolve_url(settings.LOGIN_URL)
    if not page.path or response.status_code != 302 or not response.headers["Location"].startswith(sign_in):
        return response
    back = page.path + (f"?{page.query}" if page.query else "")
    whole = HttpResponse(status=204)
    whole.headers["HX-Redirect"] = redirect_to_login(back).headers["Location"]
    return whole
