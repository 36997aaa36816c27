"""The pages of figures: an overview of an organization, one figure, the rows behind, Excel and JSON."""

from decimal import Decimal
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from baolei.kernel.figures import behind
from baolei.kernel.figures.access import Can
from baolei.kernel.figures.as_data import figure_data, workbook
from baolei.kernel.figures.asking import Asked, BadDay, DayForm, address, asked
from baolei.kernel.figures.declare import Column, Figure, UnknownFigure, chapters, figure, listed
from baolei.kernel.figures.picture import picture, trend_points
from baolei.kernel.figures.reach import may_ask, tops_on
from baolei.kernel.figures.values import NOT_APPLICABLE, NOT_OPEN, today, value, values
from baolei.kernel.tree import ancestors, is_below, node_model, tiles
from baolei.kernel.ui.words import number

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answering(view):
    """A reading page of figures: an impossible day is told in one sentence, with status 400."""

    @wraps(view)
    def run(request, *args, **kwargs):
        if not request.actor.can(Can.VIEW):
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except BadDay as error:
            if request.path.endswith(".json"):
                return JsonResponse({"error": str(error)}, status=400)
            return render(request, "figures/bad_day.html", {"message": str(error)}, status=400)

    run = require_safe(run)
    run.permission = Can.VIEW
    return run


@answering
def overview(request: HttpRequest) -> HttpResponse:
    """All figures of one organization on one day, with the picture and the trend of the first."""
    a = asked(request)
    found = values(listed(), a.node, on=a.on)
    by_figure = {v.figure: v for v in found}
    context = _common(request, a) | {
        "chapters": [
            (
                title,
                [(by_figure[f], _page_of(f, a)) for f in figures if by_figure[f].status != NOT_APPLICABLE],
            )
            for title, figures in chapters()
        ],
        "old": next((v for v in found if v.old), None),
        "not_open": found[0].status == NOT_OPEN,
        "crumbs": _crumbs(request, a),
    }
    if not context["not_open"]:
        first = found[0].figure
        context |= {"first": first, "trend": trend_points(first, a)} | picture(request, first, a)
    return render(request, "figures/overview.html", context)


@answering
def figure_page(request: HttpRequest, code: str) -> HttpResponse:
    """One figure: value, definition, children in division order, trend, the way to the rows behind."""
    f, a = _figure_or_404(code), asked(request)
    v = value(f, a.node, on=a.on)
    context = _common(request, a) | {
        "figure": f,
        "value": v,
        "old": v if v.old else None,
        "not_open": v.status == NOT_OPEN,
        "others": [
            (title, [(o, _page_of(o, a)) for o in figures if o is not f and o.applies_to(a.node.level)])
            for title, figures in chapters()
        ],
        "may_rows": _may_list(request, f, a),
        "may_export": may_ask(request.actor, Can.EXPORT, a.node, a.on),
        "crumbs": _crumbs(request, a, (f.label, None)),
    }
    if not context["not_open"]:
        context |= {"trend": trend_points(f, a)} | picture(request, f, a)
    return render(request, "figures/figure.html", context)


@answering
def rows_page(request: HttpRequest, code: str) -> HttpResponse:
    """The records of that day behind the value; names link to files within today's reach only (D15)."""
    f, a = _figure_or_404(code), asked(request)
    if not _may_list(request, f, a):
        raise Http404
    try:
        page = behind.page(f, a.node, on=a.on, actor=request.actor, after=request.GET.get("after", ""))
    except ValueError:
        raise Http404 from None
    columns = behind.shown(f)
    lines = [
        {
            "url": reverse(f.rows.subject_url, args=[row["uid"]]) if row["linked"] else None,
            "cells": [(c.heading, _cell(c, row[c.name])) for c in columns],
            "met": row.get("met"),
        }
        for row in page.rows
    ]
    context = _common(request, a) | {
        "figure": f,
        "lines": lines,
        "headings": [c.heading for c in columns],
        "next": f"{a.query}&{urlencode({'after': page.after})}" if page.after else "",
        "first": a.query if request.GET.get("after") else "",
        "value": value(f, a.node, on=a.on),
        "crumbs": _crumbs(request, a, (f.label, _page_of(f, a)), (_("数据背后的名单"), None)),
    }
    return render(request, "figures/rows.html", context)


@answering
def figure_json(request: HttpRequest, code: str) -> HttpResponse:
    """What the page shows, as JSON."""
    f, a = _exported(request, code)
    return JsonResponse(figure_data(f, a), json_dumps_params={"ensure_ascii": False})


@answering
def figure_xlsx(request: HttpRequest, code: str) -> HttpResponse:
    """What the page shows, as a workbook."""
    f, a = _exported(request, code)
    response = HttpResponse(workbook(f, a), content_type=EXCEL)
    response["Content-Disposition"] = f'attachment; filename="{code}-{a.node.code}-{a.on}.xlsx"'
    return response


def _exported(request: HttpRequest, code: str) -> tuple[Figure, Asked]:
    f, a = _figure_or_404(code), asked(request)
    if not may_ask(request.actor, Can.EXPORT, a.node, a.on):
        raise Http404
    return f, a


def _may_list(request: HttpRequest, f: Figure, a: Asked) -> bool:
    """Whether the reader may see the rows behind: everybody's right for rows, and the figure's own where it has one."""
    wanted = (Can.ROWS, f.may_list) if f.may_list else (Can.ROWS,)
    return all(may_ask(request.actor, permission, a.node, a.on) for permission in wanted)


def _cell(column: Column, value: Any) -> Any:
    """A value of a row in words; amounts with their separators."""
    return number(value) if isinstance(value, Decimal) else column.labels.get(value, value)


def _figure_or_404(code: str) -> Figure:
    try:
        return figure(code)
    except UnknownFigure:
        raise Http404 from None


def _page_of(f: Figure, a: Asked) -> str:
    return reverse("figures:figure", args=[f.code]) + a.query


def _common(request: HttpRequest, a: Asked) -> dict[str, Any]:
    return {
        "node": a.node,
        "on": a.on,
        "query": a.query,
        "form": DayForm(initial={"in": a.node.code, "on": a.on}),
        "tile_places": tiles(),
    }


def _crumbs(request: HttpRequest, a: Asked, *last: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """The organizations above within reach, this one, then the pages below it."""
    tops = tops_on(request.actor, Can.VIEW, today())
    above = [key for key in ancestors(a.node.key) if any(is_below(key, top) for top in tops)]
    overview_page = reverse("figures:overview")
    nodes = node_model()._default_manager.filter(key__in=above).order_by("key")
    ways = [(node.short_name, overview_page + address(node, a.on)) for node in nodes]
    crumbs = [(_("数据"), None), *ways, *last]
    return [*crumbs[:-1], (crumbs[-1][0], None)]
