"""Data packages for tests of records: rows as dictionaries or lines, written and imported."""

import csv
import json
from pathlib import Path

from baolei.kernel.access import Actor
from baolei.kernel.imports import SHEETS, Outcome, import_path

SYSTEM = Actor.system("试验")


def write_package(folder: Path, **tables: list[dict[str, str]]) -> Path:
    """A package with the given sheets; columns that a row leaves out are empty."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        columns = [column.name for column in SHEETS[name].columns]
        with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, columns, restval="")
            out.writeheader()
            out.writerows(rows)
    resources = [{"name": name, "path": f"{name}.csv"} for name in tables]
    (folder / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    return folder


def bring(folder: Path, *, actor: Actor = SYSTEM, accept_good: bool = False, **tables) -> Outcome:
    """Write and import a package of these rows."""
    return import_path(write_package(folder, **tables), actor=actor, accept_good=accept_good)


def refusals(outcome: Outcome) -> list[tuple[int, str, str]]:
    """(row, column, code) of every problem."""
    return [(p.row, p.column, p.code) for p in outcome.problems]
