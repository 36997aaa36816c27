"""What an area declares: a sheet's columns, its staging table, its checks and its bulk action."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from baolei.kernel import audit
from baolei.kernel.access import Actor, Permission
from baolei.kernel.identity import holds_identity
from baolei.kernel.imports.columns import Column, IdNumberColumn
from baolei.kernel.imports.problems import ELSEWHERE
from baolei.kernel.tree import node_model, place_model, upper

SHEETS: dict[str, "Sheet"] = {}
"""Sheets by name, in the order in which they are checked and committed."""


@dataclass
class Staged:
    """A batch as its bulk action gets it: the sheet lies in `stage_<sheet>`, refused rows in `stage_refused`.

    `first_load` is true when indexes and constraints of the tables are rebuilt after the load (D5).
    """

    batch_id: int
    uid: UUID
    today: date
    digest: str
    first_load: bool
    trial: bool = False
    """One file is tried: nothing refers to its new rows, so that they are counted and not written."""


@dataclass(frozen=True)
class Undoable:
    """How the rows of a table that a batch brought are taken away again.

    `names` is SQL over `t` that names a row to who undoes, `ends` are SQL expressions over `t` for the
    organizations that it belongs to. `parts` are tables with the column that names the row: they come and go
    with it. `passing` are columns whose change is no edit of the row. `put_back` takes changed rows out and
    puts them in again, since a row may take the place that another one leaves. `built_upon` is a condition over `t`:
    some of its parts came later, not with the batch.
    """

    model: type[models.Model]
    names: str
    ends: tuple[str, ...]
    parts: tuple[tuple[str, str], ...] = ()
    passing: tuple[str, ...] = ()
    put_back: bool = False
    built_upon: str = ""


class Sheet:
    """Declared once by an area; a subclass says what its rows become.

    `staging` maps the columns of the staging table to types; `tables` are the tables that the sheet fills.
    `commit` is the bulk action, as a staticmethod; None for a sheet that the one before it takes along.
    """

    name = ""
    title: Any = ""
    model: type[models.Model] | None = None
    """What a row is, where lists of these rows are exported under the sheet's headings."""
    row_id = "t.id"
    """How `selection` calls the id of such a row."""
    kept_back: tuple[str, ...] = ()
    """Columns that no list gives away, beside identity and phone numbers (G-29, G-30)."""
    order = 0
    columns: tuple[Column, ...] = ()
    staging: Mapping[str, str] = {}
    tables: tuple[str, ...] = ()
    changes_tree = False
    demo_mark = ""
    """The staged column with the code of an organization, by which made-up rows are known (see `demo`)."""
    needs: Permission = None
    may_export: Permission = None
    may_reveal: Permission | None = None
    needs_numbers = False
    """Whether its rows say nothing without identity numbers."""
    commit: Callable | None = None
    referred = False
    """Whether other rows name this sheet's rows; then a refused one is told apart from an unknown one, by
    its `reference` in `stage_unfit`."""
    scratch: tuple[str, ...] = ()
    """Temporary tables that `check` and `commit` make."""
    once: tuple[tuple[str, ...], ...] = ()
    """Sets of columns by which a row exists once."""
    undo: tuple[Undoable, ...] = ()
    """What undoing a batch does with the rows of its tables."""
    apart: tuple[tuple[str, ...], ...] = ()
    """Sets of columns: two rows alike in them share no day."""
    problems: tuple[tuple[str, str], ...] = ()
    """(column, code) of what the sheet's own checks refuse."""

    @property
    def names_persons(self) -> bool:
        """Whether its rows name persons by their numbers. No other sheet may refer to one of these."""
        return any(isinstance(column, IdNumberColumn) for column in self.columns)

    @property
    def about(self) -> str:
        """What a row is: the sheet's docstring, of which docs/formats.md shows the first paragraph."""
        return type(self).__doc__

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    @property
    def stage_table(self) -> str:
        return f"stage_{self.name}"

    def stage(self, row: Any, flaws: list[tuple[str, str]]) -> list[str]:
        """The staged values of a row whose cells are normalized, as texts in the order of `staging`.

        `flaws` takes (column, code) of what is wrong between cells. Runs in a worker, without a database.
        """
        raise NotImplementedError

    def tried(self, row: Any, flaws: list[tuple[str, str]]) -> list[str]:
        """The same in a trial, whose rows are not stored: what only a stored row needs may be left out."""
        return self.stage(row, flaws)

    def reference(self, cells: tuple[str, ...]) -> str:
        """How other rows name a row whose cells are as given; nothing personal in clear."""
        return "" if holds_identity(cells[0]) else cells[0].strip()

    def check(self, staged: Staged, actor: Actor) -> None:
        """Refuse rows for what concerns other rows and the register, by `refuse`."""

    def selection(self, near: Callable[[str], str], chosen: str = "TRUE") -> str:
        """The query of an export, its columns named as the sheet's; `near` gives the condition that a key
        lies in reach, `chosen` is one over `row_id`. Sealed columns come sealed, with `key_wrapped` and `person_id` beside them."""
        raise NotImplementedError

    def counts(self) -> dict[str, int]:
        """New and changed rows of a sheet without a bulk action of its own."""
        return {"new": 0, "changed": 0}


def register(sheet: Sheet) -> Sheet:
    """Make a sheet known. Raises ValueError when the name is taken or made-up rows could not be told."""
    if sheet.name in SHEETS:
        raise ValueError(f"sheet {sheet.name} is declared twice")
    if sheet.demo_mark not in sheet.staging:
        raise ValueError(f"sheet {sheet.name} does not say which staged column is an organization's code")
    SHEETS[sheet.name] = sheet
    if sheet.may_export is not None:
        audit.named(f"{sheet.may_export.code}ed", _("列入导出的名单"))
    for name in sorted(SHEETS, key=lambda name: SHEETS[name].order):
        SHEETS[name] = SHEETS.pop(name)
    return sheet


def refuse(sheet: str, found: str, parameters: Any = None) -> int:
    """Refuse the rows of a query that gives row, column, value, code; the number of problems found.

    A row already refused for the same column and code is not refused again; of one that lies elsewhere nothing
    more is told (G-12).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO stage_problem (sheet, row, col, value, code) "
            f"SELECT '{sheet}', found.* FROM ({found}) found (row, col, value, code) WHERE NOT EXISTS ("
            f"SELECT FROM stage_problem p WHERE p.sheet = '{sheet}' AND p.row = found.row AND p.code = '{ELSEWHERE}') "
            "ON CONFLICT DO NOTHING",
            parameters,
        )
        number = cursor.rowcount
        if number:
            cursor.execute(
                "INSERT INTO stage_refused SELECT DISTINCT sheet, row FROM stage_problem WHERE sheet = %s "
                "ON CONFLICT DO NOTHING",
                [sheet],
            )
    return number


def execute(sql: str, parameters: Any = None) -> int:
    """Run one statement; the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.rowcount


def insert(model: type[models.Model], staged: Staged, sql: str) -> int:
    """Run an INSERT … SELECT of new rows and remember them for who undoes the batch; a first load is not undone.

    Returns how many rows it wrote, or in a trial would write.
    """
    if staged.trial:
        return number_of(sql[sql.index("SELECT") :])
    if staged.first_load:
        return execute(sql)
    label = model._meta.label
    return execute(f"WITH new AS ({sql} RETURNING id) INSERT INTO stage_new SELECT '{label}', id FROM new")


def number_of(query: str) -> int:
    """How many rows a query gives."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({query}) counted")
        return cursor.fetchone()[0]


def next_id(table: str) -> str:
    """SQL for the next id of a table, whose sequence is looked up once and not row by row."""
    return f"nextval((SELECT pg_get_serial_sequence('{table}', 'id')::regclass))"


def good(alias: str, sheet: str) -> str:
    """The condition that a staged row is not refused."""
    return f"NOT EXISTS (SELECT FROM stage_refused r WHERE r.sheet = '{sheet}' AND r.row = {alias}.row)"


def within(actor: Actor, permission: Permission, key: str) -> str:
    """The condition that a key lies in the actor's reach; keys hold digits and letters only."""
    if actor.reach.everywhere:
        return "TRUE"
    tops = [top for top in actor.reach.keys(permission) if top.isalnum()]
    ranges = [f"({key} >= '{top}' AND {key} < '{upper(top)}')" for top in tops]
    return f"({' OR '.join(ranges)})" if ranges else "FALSE"


def mark_stale(models: tuple[str, ...], organizations: str) -> None:
    """Stored values above the places, present and past, of the organizations of a query are old (D4).

    Keys are cut to three levels: a batch touches many places, and whole subtrees are folded at once.
    """
    node, place = node_model()._meta.db_table, place_model()._meta.db_table
    execute(
        f"""INSERT INTO kernel_stalemark (model, key, at)
            WITH touched AS MATERIALIZED ({organizations})
            SELECT model, key, now() FROM unnest(%s::text[]) model, (
                SELECT left(n.key, 9) AS key FROM {node} n WHERE n.id IN (SELECT * FROM touched)
                UNION
                SELECT left(p.key, 9) FROM {place} p WHERE p.organization_id IN (SELECT * FROM touched)
            ) old""",
        [list(models)],
    )
