"""A figure as data: what the page shows, as JSON and as a workbook."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import xlsxwriter
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from baolei.kernel.figures.asking import Asked
from baolei.kernel.figures.declare import Figure
from baolei.kernel.figures.picture import own_label
from baolei.kernel.figures.values import NOT_OPEN, Value, children, trend, value


def as_json(v: Value, node: models.Model) -> dict[str, Any]:
    """One value as `baolei figures` and the JSON page print it."""
    return {
        "code": v.figure.code,
        "label": str(v.figure.label),
        "value": _plain(v),
        "unit": v.figure.unit,
        "numerator": v.numerator,
        "denominator": v.denominator,
        "rows": v.rows,
        "as_of": v.as_of.isoformat(),
        "organization": {
            "code": node.code,
            "name": node.name,
            "region_code": node.region_code,
        },
        "status": v.status,
    }


def figure_data(f: Figure, a: Asked) -> dict[str, Any]:
    """The value, its definition, the children in division order and the trend."""
    v = value(f, a.node, on=a.on)
    return value_data(v, a) | {
        "children": children_data(f, a),
        "trend": []
        if v.status == NOT_OPEN
        else [{"as_of": p.as_of.isoformat(), "value": _plain(p)} for p in trend(f, a.node, until=a.on)],
    }


def value_data(v: Value, a: Asked) -> dict[str, Any]:
    """One value with its definition and its state."""
    return as_json(v, a.node) | {
        "definition": str(v.figure.definition),
        "reading": str(v.figure.reading),
        "computed_at": v.computed_at and v.computed_at.isoformat(),
        "old": v.old,
        "demo": settings.BAOLEI_DEMO,
    }


def children_data(f: Figure, a: Asked) -> list[dict[str, Any]]:
    """The children in division order; `own` marks the organization's own rows."""
    made = children(f, a.node, on=a.on)
    return [as_json(c.value, c.node or a.node) | {"own": c.node is None} for c in made]


def workbook(f: Figure, a: Asked) -> bytes:
    """`figure_data` as a workbook: the value, the children, the trend."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    for title, rows in _sheets(f, figure_data(f, a)):
        sheet = book.add_worksheet(title)
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 4, 18)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


def _plain(v: Value) -> int | float | None:
    number = v.value
    return number if number is None or isinstance(number, int) else float(number)


def _sheets(f: Figure, data: dict[str, Any]) -> Iterator[tuple[str, list[list[Any]]]]:
    made_up = [[_("演示数据：单位、人物、数字均为虚构")]] if data["demo"] else []
    headed = _("数值（%(unit)s）") % {"unit": f.unit_label}
    yield (
        _("数据"),
        [
            *made_up,
            [_("数据项"), data["label"]],
            [_("党组织"), data["organization"]["name"]],
            [_("时点"), data["as_of"]],
            [headed, data["value"]],
            [_("分子"), data["numerator"]],
            [_("分母"), data["denominator"]],
            [_("口径"), data["definition"]],
            [_("说明"), data["reading"]],
            [_("导出时间"), timezone.localtime().strftime("%Y-%m-%d %H:%M")],
        ],
    )
    children_rows = [
        [
            own_label() if child["own"] else child["organization"]["name"],
            child["organization"]["code"],
            child["value"],
            child["numerator"],
            child["denominator"],
        ]
        for child in data["children"]
    ]
    yield (
        _("下级"),
        [
            *made_up,
            [_("党组织"), _("代码"), headed, _("分子"), _("分母")],
            *children_rows,
        ],
    )
    points = [[point["as_of"], point["value"]] for point in data["trend"]]
    yield _("趋势"), [*made_up, [_("时点"), headed], *points]
