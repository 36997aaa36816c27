"""The OpenAPI document of the interface, made from the same declarations as its answers."""

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from django.http import HttpRequest

from baolei.kernel.api import figures
from baolei.kernel.api.answering import answering
from baolei.kernel.api.declare import OFFERED, PREFIX, Offered, Parameter
from baolei.kernel.figures.declare import UNITS, listed
from baolei.kernel.figures.values import INCOMPLETE, NO_CASES, NOT_APPLICABLE, NOT_OPEN, OK
from baolei.kernel.tables.table import Table

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
DAY: Schema = {"type": "string", "format": "date"}
DEMO: Schema = {"type": "boolean", "description": "true：演示数据，人员、组织和数字均为虚构"}
_ERRORS = {
    "400": "参数不正确",
    "401": "没有有效的接口令牌",
    "404": "没有这项内容，或不在权限范围",
    "405": "只能用 GET",
}
_TOO_MANY = {"429": "当日取得的名单已到上限"}


@answering(None, because="describes what is declared and shows no data")
def document(request: HttpRequest) -> dict[str, Any]:
    """The document itself."""
    return made()


def made() -> dict[str, Any]:
    """The OpenAPI document as data."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "堡垒基层党建平台接口",
            "version": version("baolei"),
            "description": "只读。按令牌所属用户的权限答复；没有与无权看到的，一律答 404。",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": {f"{PREFIX}{path}": {"get": operation} for path, operation in _operations()},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
        },
    }


def _operations() -> Iterable[tuple[str, Schema]]:
    code = _in_path("code", "数据项代码", {"type": "string", "enum": [f.code for f in listed()]})
    for path, view, schema in (
        ("figures/", figures.figure_list, "FigureList"),
        ("figures/{code}/", figures.figure_value, "FigureValue"),
        ("figures/{code}/children/", figures.figure_children, "FigureChildren"),
    ):
        given = [code] if "{code}" in path else []
        given += [_in_query(parameter) for parameter in view.parameters]
        summary = view.__doc__.strip()
        yield path, _operation(view.__name__, summary, given, _ref(schema), view.permission.label)
    for offered in OFFERED.values():
        yield from _of_list(offered)


def _of_list(offered: Offered) -> Iterable[tuple[str, Schema]]:
    title, name = str(offered.page.title), offered.name.replace(".", "_")
    given = [_in_query(parameter) for parameter in offered.parameters()]
    schema = _object(
        rows={"type": "array", "items": _row(offered.page.table)}, next=_or_null(TEXT), demo=DEMO
    )
    more = _TOO_MANY if offered.personal else {}
    yield offered.folder, _operation(f"list_{name}", title, given, schema, offered.permission.label, more)
    if offered.by:
        place = [
            _in_path(
                offered.by,
                str(offered.page.table.columns[offered.by].heading),
                {"type": "string", "minLength": 1},
            )
        ]
        one = _row(offered.page.table, demo=DEMO)
        path = f"{offered.folder}{{{offered.by}}}/"
        yield path, _operation(f"one_{name}", title, place, one, offered.permission.label)


def _operation(
    name: str,
    summary: str,
    parameters: list[Schema],
    schema: Schema,
    right: str,
    more: Mapping[str, str] | None = None,
) -> Schema:
    errors = {
        status: {"description": words, "content": {"application/json": {"schema": _ref("Error")}}}
        for status, words in {**_ERRORS, **(more or {})}.items()
    }
    good = {"description": "答复", "content": {"application/json": {"schema": schema}}}
    return {
        "operationId": name,
        "summary": summary,
        "description": f"需要的权限：{right}",
        "parameters": parameters,
        "responses": {"200": good, **errors},
    }


def _in_query(parameter: Parameter) -> Schema:
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.words,
        "required": parameter.required,
        "schema": dict(parameter.schema),
    }


def _in_path(name: str, words: str, schema: Schema) -> Schema:
    return {"name": name, "in": "path", "description": words, "required": True, "schema": schema}


def _row(table: type[Table], **more: Schema) -> Schema:
    """A row: the columns that go into files."""
    columns = {
        name: {**_or_null(dict(column.schema)), "description": str(column.heading)}
        for name, column in table.columns.items()
        if column.export
    }
    return _object(**columns, **more)


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _schemas() -> dict[str, Schema]:
    number = {"type": ["number", "null"]}
    unit = {"type": "string", "enum": list(UNITS), "description": "percent 的值为 0 至 100"}
    value = {
        "code": TEXT,
        "label": TEXT,
        "value": number,
        "unit": unit,
        "numerator": number,
        "denominator": number,
        "rows": {"type": "integer", "description": "数据背后的记录数"},
        "as_of": DAY,
        "organization": _object(code=TEXT, name=TEXT, region_code=_or_null(TEXT)),
        "status": {
            "type": "string",
            "enum": [OK, NO_CASES, NOT_OPEN, NOT_APPLICABLE, INCOMPLETE],
            "description": "只有 ok 和 incomplete 有值",
        },
    }
    own = {"type": "boolean", "description": "true：本级及直属单位"}
    about = {"definition": TEXT, "reading": TEXT}
    state = {"computed_at": _or_null({"type": "string", "format": "date-time"}), "old": {"type": "boolean"}}
    return {
        "Error": _object(error=_object(code=TEXT, message=TEXT)),
        "FigureList": _object(
            figures={
                "type": "array",
                "items": _object(code=TEXT, label=TEXT, unit=unit, **about, chapter=TEXT),
            },
            demo=DEMO,
        ),
        "FigureValue": _object(**value, **about, **state, demo=DEMO),
        "FigureChildren": _object(children={"type": "array", "items": _object(**value, own=own)}, demo=DEMO),
    }
