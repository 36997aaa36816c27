"""The register written back under the headings of its sheets, whole or a list of it, within the reach of who asks."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from baolei.kernel import audit
from baolei.kernel.access import Actor
from baolei.kernel.imports.columns import Column, IdNumberColumn, PhoneColumn
from baolei.kernel.imports.sheets import SHEETS, Sheet, within
from baolei.kernel.secrets import open_field
from baolei.kernel.tables.files import watermark


@transaction.atomic
def export_package(folder: Path, *, actor: Actor, purpose: str, with_numbers: bool = False) -> dict[str, int]:
    """Write every sheet that the actor may export; the number of rows of each.

    datapackage.json says who took them, when and what for.

    Identity and phone numbers are left out unless `with_numbers`; then every person's opening is an event
    (G-22, G-30). Raises PermissionDenied, FileExistsError (the folder holds files), ValueError (no purpose).
    """
    purpose = purpose.strip()
    if not purpose:
        raise ValueError("an export says what it is for")
    sheets = [s for s in SHEETS.values() if actor.can(s.may_export) and (with_numbers or not s.needs_numbers)]
    if not sheets:
        raise PermissionDenied
    for sheet in sheets:
        if with_numbers and sheet.may_reveal is not None:
            actor.require(sheet.may_reveal)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(folder)
    counts, resources = {}, []
    for sheet in sheets:
        columns = [
            c for c in sheet.columns if with_numbers or not isinstance(c, IdNumberColumn | PhoneColumn)
        ]
        counts[sheet.name] = _write(folder / sheet.file, sheet, columns, actor, purpose)
        audit.record(
            "kernel.sheet.export",
            actor=actor,
            detail={"sheet": sheet.name, "rows": counts[sheet.name], "purpose": purpose},
        )
        fields = [{"name": column.name, "title": str(column.title), "type": "string"} for column in columns]
        resources.append(
            {
                "name": sheet.name,
                "path": sheet.file,
                "profile": "tabular-data-resource",
                "schema": {"fields": fields},
            }
        )
    about = {
        "name": "baolei-register",
        "profile": "tabular-data-package",
        "description": "\n".join(watermark(actor, purpose)),
        "resources": resources,
        "baolei": {
            "demo": settings.BAOLEI_DEMO,
            "day": timezone.localdate().isoformat(),
            "exported_by": actor.name,
            "office": actor.office,
            "purpose": purpose,
            "at": timezone.localtime().isoformat(timespec="seconds"),
        },
    }
    (folder / "datapackage.json").write_text(json.dumps(about, ensure_ascii=False, indent=2), "utf-8")
    return counts


def sheet_of(rows: QuerySet, actor: Actor) -> Sheet | None:
    """The sheet whose rows these are, if there is one that the actor may export."""
    found = (sheet for sheet in SHEETS.values() if sheet.model is rows.model and actor.can(sheet.may_export))
    return next(found, None)


def listed_columns(sheet: Sheet) -> list[Column]:
    """The columns of a sheet that a list gives away: no number, no full date of birth (G-29, G-30)."""
    return [
        column
        for column in sheet.columns
        if not isinstance(column, IdNumberColumn | PhoneColumn) and column.name not in sheet.kept_back
    ]


def listed(sheet: Sheet, rows: QuerySet, actor: Actor) -> Iterator[list[Any]]:
    """The rows of a list as the sheet writes them, codes by their labels, in the sheet's order, streamed."""
    columns = listed_columns(sheet)
    chosen, parameters = rows.order_by().values("pk").query.sql_with_params()
    for row in _rows(sheet, actor, f"{sheet.row_id} IN ({chosen})", parameters):
        yield [_plain(column, row[column.name]) for column in columns]


def _plain(column: Column, value: Any) -> Any:
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if value in column.codes:
        return str(column.codes[value])
    # Dates and texts are kept, so that a workbook holds dates; every other number is exact as text.
    return value if value is None or isinstance(value, date | str) else str(value)


def _rows(sheet: Sheet, actor: Actor, chosen: str = "TRUE", parameters: Any = ()) -> Iterator[dict[str, Any]]:
    """The rows of a sheet within the actor's reach, streamed; `chosen` takes `parameters`."""
    query = sheet.selection(lambda key, right=sheet.may_export: within(actor, right, key), "{chosen}")
    with connection.chunked_cursor() as cursor:
        # The sheet's own text is no pattern for parameters.
        cursor.execute(query.replace("%", "%%").replace("{chosen}", chosen), parameters)
        names = None
        while found := cursor.fetchmany(2000):
            names = names or [column.name for column in cursor.description]
            for values in found:
                yield dict(zip(names, values, strict=True))


def _write(path: Path, sheet: Sheet, columns: list, actor: Actor, purpose: str) -> int:
    number = 0
    tells = any(isinstance(column, IdNumberColumn) for column in columns)
    with open(path, "x", encoding="utf-8", newline="") as file:
        path.chmod(0o600)
        out = csv.writer(file, lineterminator="\n")
        out.writerow([column.name for column in columns])
        for row in _rows(sheet, actor):
            number += 1
            out.writerow([_cell(column, row) for column in columns])
            if tells and row.get("person_id"):
                _tell(sheet, row["person_id"], actor, purpose)
    return number


def _cell(column, row) -> str:
    value = row[column.name]
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(column, IdNumberColumn | PhoneColumn):
        field = "id_number" if isinstance(column, IdNumberColumn) else "phone"
        sealed = SimpleNamespace(key_wrapped=row["key_wrapped"], id_sealed=value, phone_sealed=value)
        return open_field(sealed, field)
    return str(value)


def _tell(sheet: Sheet, person_id: int, actor: Actor, purpose: str) -> None:
    """The person sees it in "who saw my file"."""
    detail = {"purpose": purpose, "role": "、".join(actor.role_labels)}
    audit.record(f"{sheet.may_export.code}ed", actor=actor, person_id=person_id, detail=detail)
