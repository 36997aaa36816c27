"""The pages: requests of one's own and those that wait for one's word, one request, and taking its list."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from baolei.kernel.exports import actions, queries
from baolei.kernel.exports.access import Can
from baolei.kernel.models import ExportRequest
from baolei.kernel.pages.base import Crumb, Page, told
from baolei.kernel.pages.export import ExportPage
from baolei.kernel.tables import files

BECAUSE = "requests of one's own, and those that wait for one's word"
LISTED = 50
TONES = {"asked": "info", "agreed": "ok", "refused": "bad", "taken": ""}


class RequestList(Page):
    """What waits for my word, and what I asked for."""

    open_because = BECAUSE
    title = gettext_lazy("导出复核")
    template_name = "kernel/exports/list.html"

    def context(self) -> dict[str, Any]:
        return {
            "agrees": self.actor.can(Can.AGREE),
            "waiting": _shown(queries.waiting(self.actor)),
            "decided": _shown(queries.within(self.actor).exclude(state="asked")),
            "own": _shown(queries.own(self.actor)),
        }


def _shown(rows) -> list[tuple[ExportRequest, str]]:
    return [(row, TONES[row.state]) for row in rows[:LISTED]]


class RequestDetail(Page):
    """One request: what is asked, what for, and what was said."""

    open_because = BECAUSE
    template_name = "kernel/exports/request.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.asked = _seen(request, kwargs["uid"])
        return super().dispatch(request, *args, **kwargs)

    def heading(self) -> str:
        return self.asked.title

    def crumbs(self) -> list[Crumb]:
        return [(_("导出复核"), reverse("exports:list")), (self.heading(), "")]

    def context(self) -> dict[str, Any]:
        mine = self.asked.actor_id == self.actor.user_id
        open_ = self.asked.state == ExportRequest.State.ASKED and self.asked.asked_at > ExportRequest.stale()
        return {
            "asked": self.asked,
            "tone": TONES[self.asked.state],
            "form_words": files.FORMATS.get(self.asked.form, self.asked.form),
            "filters": _filters(self.request, self.asked),
            "may_decide": open_ and not mine,
            "may_take": mine and self.asked.may_be_taken,
            "waits": open_ and mine,
            "days": ExportRequest.DAYS,
        }


def _seen(request: HttpRequest, uid) -> ExportRequest:
    """The request, to who asked or may agree. Raises Http404 for everybody else."""
    if request.actor.user_id is None:
        raise Http404
    for rows in (queries.own(request.actor), queries.within(request.actor)):
        if (found := rows.filter(uid=uid).first()) is not None:
            return found
    raise Http404


def _export(request: HttpRequest, asked: ExportRequest) -> ExportPage:
    """The export page of the request, as its asker would open it now. Raises Http404 when there is none any more."""
    try:
        view = resolve(reverse(asked.page)).func.view_class
    except (Resolver404, AttributeError):
        raise Http404 from None
    request.GET = QueryDict(asked.query)
    page = view()
    page.setup(request)
    page.actor = request.actor
    return page


def _filters(request: HttpRequest, asked: ExportRequest) -> list[tuple[str, str]]:
    """(filter, what was chosen) in words."""
    page = _export(request, asked).listed()
    return [(str(one.filter.label), one.words) for one in page.bound if one.text != one.filter.default]


def _of_those_concerned(view):
    """A write about a request, for who asked or may agree; absent for all others."""
    made = require_POST(view)
    made.open_because = BECAUSE
    return made


@_of_those_concerned
def agree(request: HttpRequest, uid) -> HttpResponse:
    return _done(request, uid, actions.agree)


@_of_those_concerned
def refuse(request: HttpRequest, uid) -> HttpResponse:
    return _done(request, uid, actions.refuse, why=request.POST.get("why", ""))


def _done(request: HttpRequest, uid, act, **given: Any) -> HttpResponse:
    asked = _seen(request, uid)
    try:
        act(asked, actor=request.actor, **given)
    except ValidationError as error:
        told(request, error)
    except PermissionDenied:
        raise Http404 from None
    return redirect("exports:request", uid)


@_of_those_concerned
def take(request: HttpRequest, uid) -> HttpResponse:
    """The file, once: rows, events and the mark that it was taken are of one moment and one transaction."""
    asked = _seen(request, uid)
    try:
        with transaction.atomic():
            if not connection.savepoint_ids:  # a test's own transaction has begun to read
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            held = actions.taken(asked, actor=request.actor)
            return _export(request, held).consented(held)
    except ValidationError as error:
        told(request, error)
        return redirect("exports:request", uid)
    except OperationalError:  # taken a second time in the same moment
        messages.error(request, _("这份名单正在下载。"))
        return redirect("exports:request", uid)
    except PermissionDenied:
        raise Http404 from None
