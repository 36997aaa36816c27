"""Lists: the rows of a list page, its filters and orders, the columns of its export.

A list that names persons is an export without a second officer (G-30): it asks for a purpose, each answer is
recorded like an export, and a user gets no more than `NAMES_LIMIT` rows a day by all his tokens together. That
record is the only thing that a request of the interface writes.
"""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection, transaction
from django.http import Http404, HttpRequest
from django.utils import timezone

from baolei.kernel.access import Actor
from baolei.kernel.api.answering import answering, known_only
from baolei.kernel.api.answers import Refused
from baolei.kernel.api.declare import LIMIT, OFFERED, Offered
from baolei.kernel.exports.queries import NAMES_LIMIT
from baolei.kernel.figures.reach import find
from baolei.kernel.models import Event
from baolei.kernel.pages.lists import ListPage
from baolei.kernel.scope import ScopedQuerySet
from baolei.kernel.tables.filters import SubtreeFilter
from baolei.kernel.tables.table import PAGE_SIZE, BoundTable, UnknownPosition

FORM = "api"
"""How an event of export says that the interface gave the rows."""
OWN_RIGHT = "each list asks for the right to its page, and with names for that to its export"


@answering(None, because=OWN_RIGHT)
def rows(request: HttpRequest, name: str) -> dict[str, Any]:
    """A page of the list and where the next one begins."""
    offered = OFFERED.get(name)
    if offered is None or not offered.page.may_open(request.actor):
        raise Http404
    if offered.personal and not request.actor.can(offered.permission):
        raise Http404
    known_only(request, offered.parameters())
    page = _page(request, offered)
    if offered.personal:
        bound = _named(request, offered, page)
    else:
        bound = _bound(request, page, page.pieces(page.bound))
    return {"rows": bound.dictionaries(), "next": bound.after or None, "demo": settings.BAOLEI_DEMO}


@answering(None, because=OWN_RIGHT)
def row(request: HttpRequest, name: str, **value: str) -> dict[str, Any]:
    """One row of a list, by the field that names it."""
    offered = OFFERED.get(name)
    if offered is None or {offered.by} != set(value) or not offered.page.may_open(request.actor):
        raise Http404
    known_only(request, ())
    page = _page(request, offered)
    table = page.table
    bound = table.page(page.in_reach().filter(**value))
    if not bound.rows:
        raise Http404
    return {**bound.dictionaries()[0], "demo": settings.BAOLEI_DEMO}


def _page(request: HttpRequest, offered: Offered) -> ListPage:
    """The list page with the filters of this request. Raises Refused for a value that it does not take."""
    page = offered.page()
    page.setup(request)
    page.actor = request.actor
    given = request.GET.dict()
    for item in page.filters:
        if isinstance(item, SubtreeFilter) and (text := given.get(item.name, "").strip()):
            node = find(text)
            given[item.name] = str(node.uid) if node is not None else text
    page.bound = page.bind(given)
    for item in page.bound:
        if item.error:
            raise Refused(400, "bad_parameter", f"{item.filter.name}：{item.error}")
    orders = [order.name for order in page.table.orders]
    if given.get("order", orders[0]) not in orders:
        raise Refused(400, "bad_parameter", f"order：可选 {'、'.join(orders)}。")
    return page


def _bound(request: HttpRequest, page: ListPage, pieces: list) -> BoundTable:
    text = request.GET.get("limit", str(PAGE_SIZE))
    limit = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    if not 1 <= limit <= LIMIT:
        raise Refused(400, "bad_parameter", f"limit：请填写 1 至 {LIMIT} 的整数。")
    after = request.GET.get("after", "")
    try:
        return page.table.page_of(pieces, after=after, size=limit, strict=True)
    except UnknownPosition:
        raise Refused(400, "bad_parameter", "after：请使用上一页答复中的 next。") from None


def _named(request: HttpRequest, offered: Offered, page: ListPage) -> BoundTable:
    """The page of a list of names, recorded. Raises Refused without a purpose and beyond the day's rows."""
    purpose = request.GET.get("purpose", "").strip()
    if not 0 < len(purpose) <= 60:
        raise Refused(400, "purpose_required", "这是列出姓名的名单，请用 purpose 写明用途（60 字以内）。")
    actor = request.actor
    pieces = [
        (found.visible_to(actor, offered.permission), order) for found, order in page.pieces(page.bound)
    ]
    with transaction.atomic():
        # One answer of names at a time for a user, so that two cannot count the same rows left.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kernel.api.names'), %s)", [actor.user_id])
        bound = _bound(request, page, pieces)
        if len(bound.rows) > NAMES_LIMIT - _given_today(actor):
            raise Refused(
                429, "names_limit", f"一天最多取得 {NAMES_LIMIT} 人次的名单，请明天再取或在页面上导出。"
            )
        # The rows given are the rows recorded, whatever is written in between.
        offered.record(
            actor=actor,
            purpose=purpose,
            form=FORM,
            rows=len(bound.rows),
            filters=urlencode(page.kept()),
            people=_taken(pieces, bound, actor, offered),
        )
    return bound


def _given_today(actor: Actor) -> int:
    """Rows with names that the interface gave the actor today."""
    today = Event.objects.filter(day=timezone.localdate(), actor_id=actor.user_id, detail__form=FORM)
    return sum(detail["rows"] for detail in today.values_list("detail", flat=True))


def _taken(pieces: list, bound: BoundTable, actor: Actor, offered: Offered) -> ScopedQuerySet:
    """The rows of the answer."""
    shown = {f"{bound.table.position}__in": bound.positions}
    numbers = [pk for found, _order in pieces for pk in found.filter(**shown).values_list("pk", flat=True)]
    return pieces[0][0].model.objects.filter(pk__in=numbers).visible_to(actor, offered.permission)
