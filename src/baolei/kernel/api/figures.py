"""Figures: what is declared, a value, the values of the children."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest

from baolei.kernel.api.answering import answering
from baolei.kernel.api.declare import Parameter
from baolei.kernel.figures.access import Can
from baolei.kernel.figures.as_data import children_data, value_data
from baolei.kernel.figures.asking import Asked, asked
from baolei.kernel.figures.declare import FIGURES, Figure, chapters
from baolei.kernel.figures.reach import may_ask
from baolei.kernel.figures.values import value

IN = Parameter("in", "区划代码（地方党委）、组织代码或 uid；默认为权限内最高的党组织")
ON = Parameter("on", "时点（当日24时），默认今天；不能是以后的日期", {"type": "string", "format": "date"})


@answering(Can.VIEW)
def figure_list(request: HttpRequest) -> dict[str, Any]:
    """The figures that are declared, chapter by chapter."""
    found = [
        {
            "code": f.code,
            "label": str(f.label),
            "unit": f.unit,
            "definition": str(f.definition),
            "reading": str(f.reading),
            "chapter": str(title),
        }
        for title, figures in chapters()
        for f in figures
    ]
    return {"figures": found, "demo": settings.BAOLEI_DEMO}


@answering(Can.EXPORT, IN, ON)
def figure_value(request: HttpRequest, code: str) -> dict[str, Any]:
    """The value for an organization on a day."""
    f, a = _asked(request, code)
    return value_data(value(f, a.node, on=a.on), a)


@answering(Can.EXPORT, IN, ON)
def figure_children(request: HttpRequest, code: str) -> dict[str, Any]:
    """The values of the children of an organization on a day, in division order."""
    f, a = _asked(request, code)
    return {"children": children_data(f, a), "demo": settings.BAOLEI_DEMO}


def _asked(request: HttpRequest, code: str) -> tuple[Figure, Asked]:
    """What the JSON of a page gives, to whom it gives it."""
    f, a = FIGURES.get(code), asked(request)
    if f is None or not may_ask(request.actor, Can.EXPORT, a.node, a.on):
        raise Http404
    return f, a
