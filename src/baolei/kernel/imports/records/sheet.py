"""The sheet of records: staging, checks, commit and export, from its declaration."""

import re
from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from baolei.kernel.actions import bulk_action
from baolei.kernel.ids import uuid7_hex
from baolei.kernel.imports.columns import Column, day_after
from baolei.kernel.imports.elsewhere import refuse_elsewhere
from baolei.kernel.imports.problems import message
from baolei.kernel.imports.records.columns import MemberColumn, Reference, SpellEnd, fitted
from baolei.kernel.imports.records.rules import Check, Derived, NoOverlap
from baolei.kernel.imports.sheets import (
    Sheet,
    Staged,
    Undoable,
    execute,
    good,
    insert,
    mark_stale,
    refuse,
    within,
)
from baolei.kernel.secrets import sealer
from baolei.kernel.tree import node_model, person_model

message("ref.repeated", _("编号在文件中重复"), _("请核对：同一编号只能出现一次，保留正确的一行"))
message("reference.unknown", _("找不到所填的代码或编号"), _("请核对；所指的记录须在同一数据包中或已在系统中"))
message("person.unknown", _("党员名单里没有这个公民身份号码"), _("请先把此人录入党员名单，或核对号码"))
message("record.overlap", _("与另一条记录的起止日期重叠"), _("请核对两条记录的起止日期，前一条应先结束"))
message("record.repeated", _("同样的记录已经有一条"), _("请核对：保留正确的一条"))

_TYPES = {
    models.DateField: "date",
    models.BigIntegerField: "bigint",
    models.IntegerField: "int",
    models.BooleanField: "boolean",
    models.DecimalField: "numeric",
}


class RecordSheet(Sheet):
    """Declare `model`, `can` (VIEW, IMPORT, EXPORT), `columns` and, where there is more to check, `checks`.

    A column's name is the model's field; `from` and `to` become `during`. A model of records has `ref` (unique),
    `uid`, and the fields of the columns; its `scope.ends` decide who may bring the row: whoever reaches one end.
    """

    model: type[models.Model]
    can: Any
    derived: tuple[Derived, ...] = ()
    joins = ""
    """Joins for `derived`, over `s` and the references (`r_<column name>`)."""
    checks: tuple[Check, ...] = ()
    no_overlaps: tuple[NoOverlap, ...] = ()
    demo_mark = "ref"
    unique_by: tuple[tuple[str, ...], ...] = ()
    """Sets of model columns by which a record exists once, whatever its ref."""
    referred = True
    run_here: frozenset[str] = frozenset()
    """Columns of the model that the platform writes and no file brings."""

    def __init__(self):
        meta = self.model._meta
        self.table = meta.db_table
        self.columns = tuple(fitted(column, self.model) for column in self.columns)
        self.tables = (self.table,)
        self.needs, self.may_export = self.can.IMPORT, self.can.EXPORT
        self.at = f"{self.stage_table}_at"
        # One table under both names: a million rows are not joined with themselves for each check.
        self.placed = f"{self.at} a CROSS JOIN LATERAL (SELECT a.*) s"
        self.changed = f"{self.stage_table}_changed"
        self.scratch = (self.at, self.changed)
        self.needs_numbers = any(isinstance(column, MemberColumn) for column in self.columns)
        self.plain = [c for c in self.columns if not isinstance(c, Reference | MemberColumn)]
        self.references = [c for c in self.columns if isinstance(c, Reference)]
        self.people = [c for c in self.columns if isinstance(c, MemberColumn)]
        self.has_spell = any(isinstance(c, SpellEnd) for c in self.columns)
        self.staging = {"uid": "uuid"} | {k: v for c in self.columns for k, v in self._staged(c).items()}
        name = f"{meta.app_label}.{meta.model_name}.import"
        words = format_lazy("{}：{}", _("导入"), self.title)
        ends = tuple(f"t.{self._end(end)}" for end in self.model.scope.ends)
        self.undo = (Undoable(self.model, "t.ref", ends, put_back=True),)
        self.commit = bulk_action(name, needs=self.needs, words=words)(_committing(self))

    # what docs/formats.md says -----------------------------------------------------------------------------

    @property
    def about(self):
        return type(self).__doc__ or self.model.__doc__

    @property
    def once(self):
        return (("ref",), *map(self._given, self.unique_by))

    @property
    def apart(self):
        return tuple(self._given(one.columns) for one in self.no_overlaps)

    @property
    def problems(self):
        own = [(one.column, one.code) for one in (*self.derived, *self.checks) if one.code]
        return (*own, *(("from", one.code) for one in self.no_overlaps))

    def _given(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        """The sheet's columns behind columns of the model, or SQL over them."""
        given = {c.id_column: c.name for c in self.references} | {c.column: c.name for c in self.people}
        given |= {c.name: c.name for c in self.plain}
        words = [word for column in columns for word in re.findall(r"\w+", column)]
        return tuple(dict.fromkeys(given[word] for word in words if word in given))

    # staging ------------------------------------------------------------------------------------------------

    def _staged(self, column: Column) -> dict[str, str]:
        if isinstance(column, MemberColumn):
            return {f"{column.name}_hash": "bytea", f"{column.name}_last2": "text"}
        if isinstance(column, Reference):
            return {column.name: "text"}
        if column.name in ("from", "to"):
            return {{"from": "first", "to": "until"}[column.name]: "date"}
        model_field = self.model._meta.get_field(column.name)
        kinds = [kind for cls, kind in _TYPES.items() if isinstance(model_field, cls)]
        return {column.name: kinds[0] if kinds else "text"}

    def stage(self, row, flaws):
        values = [uuid7_hex()]
        for column, value in zip(self.columns, row, strict=True):
            if isinstance(column, MemberColumn):
                values += [f"\\x{sealer().hash_id(value).hex()}", value[-2:]] if value else ["", ""]
            elif isinstance(column, SpellEnd) and value:
                values.append(value if column.event else day_after(value))
            else:
                values.append(value)
        if self.has_spell:
            given = {c.name: v for c, v in zip(self.columns, row, strict=True)}
            end = next(c for c in self.columns if isinstance(c, SpellEnd))
            too_early = given["to"] <= given["from"] if end.event else given["to"] < given["from"]
            if given["to"] and too_early:
                flaws.append(("to", "dates.reversed"))
        return values

    # checks -------------------------------------------------------------------------------------------------

    def check(self, staged: Staged, actor) -> None:
        self._place()
        name, table = self.name, self.stage_table
        refuse(
            name,
            # Numbers that occur twice are found by hashing; a million rows are not sorted for the few that do.
            f"SELECT row, 'ref', ref, 'ref.repeated' FROM (SELECT row, ref, row_number() OVER "
            f"(PARTITION BY ref ORDER BY row) AS n FROM {table} WHERE ref IN "
            f"(SELECT ref FROM {table} GROUP BY ref HAVING count(*) > 1)) s WHERE n > 1",
        )
        self._check_references(actor)
        self._check_reach(actor)
        for one in self.derived:
            if one.code:
                self._refuse(Check(one.column, one.code, f"a.{one.name} IS NULL"))
        for one in self.checks:
            self._refuse(one)
        # What is registered under the number of a refused row stays, and may be in the way of others.
        while self._check_against_each_other():
            pass

    def _place(self) -> None:
        """Each staged row, the ids that it names, and the id of the record already there."""
        execute(f"DROP TABLE IF EXISTS {self.at}")
        derived = {one.name for one in self.derived}
        ids = [f"r_{c.name}.id AS {c.id_column}" for c in self.references if c.id_column not in derived]
        ids += [f"r_{c.name}.id AS {c.column}" for c in self.people]
        ids += [f"({one.sql}) AS {one.name}" for one in self.derived]
        joins = [f"LEFT JOIN {c.table} r_{c.name} ON r_{c.name}.{c.by} = s.{c.name}" for c in self.references]
        joins += [
            f"LEFT JOIN {_person_table()} r_{c.name} ON r_{c.name}.id_hash = s.{c.name}_hash"
            for c in self.people
        ]
        columns = "".join(f", {one}" for one in ids)
        execute(
            f"CREATE TEMP TABLE {self.at} ON COMMIT DROP AS SELECT s.*, known.id{columns} "
            f"FROM {self.stage_table} s LEFT JOIN {self.table} known ON known.ref = s.ref "
            f"{' '.join(joins)} {self.joins}"
        )
        execute(f"CREATE UNIQUE INDEX ON {self.at} (row)")
        execute(f"ANALYZE {self.at}")

    def _check_references(self, actor) -> None:
        for column in self.references:
            given = f"s.{column.name} IS NOT NULL AND a.{column.id_column} IS NULL"
            refuse(self.name, self._found(column.name, f"s.{column.name}", "reference.unknown", given))
        for column in self.people:
            given = f"s.{column.name}_hash IS NOT NULL"
            if actor.reach.everywhere:
                value = f"repeat('*', 16) || s.{column.name}_last2"
                absent = f"{given} AND a.{column.column} IS NULL"
                refuse(self.name, self._found(column.name, value, "person.unknown", absent))
            else:
                # A number elsewhere and a number nowhere look the same (G-12).
                near = within(actor, self.needs, "m.branch_key")
                absent = f"""{given} AND NOT EXISTS (SELECT FROM {_person_table()} m
                    WHERE m.id = a.{column.column} AND {near})"""
                refuse_elsewhere(self.name, self._rows(absent))

    def _check_reach(self, actor) -> None:
        """Refuse a row none of whose ends the actor reaches, as given or as registered."""
        if actor.reach.everywhere:
            return
        node = node_model()._meta.db_table
        ends = [self._end(end) for end in self.model.scope.ends]
        near = within(actor, self.needs, "n.key")
        given = ", ".join(f"a.{end}" for end in ends if end not in self.run_here)
        fresh = f"EXISTS (SELECT FROM {node} n WHERE n.id IN ({given}) AND {near})"
        known = (
            f"a.id IS NULL OR EXISTS (SELECT FROM {self.table} t JOIN {node} n "
            f"ON n.id IN ({', '.join(f't.{e}' for e in ends)}) WHERE t.id = a.id AND {near})"
        )
        refuse_elsewhere(self.name, self._rows(f"NOT (({fresh}) AND ({known}))"))

    def _end(self, end: str) -> str:
        return self.model._meta.get_field(end).attname

    def _refuse(self, one: Check) -> None:
        shown = "''"
        if one.column:
            column = next(c for c in self.columns if c.name == one.column)
            if not isinstance(column, MemberColumn):
                shown = f"coalesce(s.{next(iter(self._staged(column)))}::text, '')"
                if isinstance(column, SpellEnd) and not column.event:
                    shown = "coalesce((s.until - 1)::text, '')"
            else:
                shown = f"repeat('*', 16) || s.{column.name}_last2"
        condition = f"({one.condition}) AND {good('s', self.name)}"
        refuse(self.name, self._found(one.column, shown, one.code, condition, one.joins))

    def _found(self, column: str, value: str, code: str, condition: str, joins: str = "") -> str:
        return f"SELECT s.row, '{column}', {value}, '{code}' FROM {self.placed} {joins} WHERE {condition}"

    def _rows(self, condition: str) -> str:
        """SELECT row of the staged rows for which the condition holds."""
        return f"SELECT s.row FROM {self.placed} WHERE {condition}"

    def _check_against_each_other(self) -> int:
        """The number of rows refused because of other rows, of the file or registered."""
        return sum(map(self._check_unique, self.unique_by)) + sum(map(self._check_overlap, self.no_overlaps))

    def _check_unique(self, columns: tuple[str, ...]) -> int:
        listed = ", ".join(columns)
        present = " AND ".join(f"t.{c} IS NOT NULL" for c in columns)
        return refuse(
            self.name,
            f"""SELECT row, 'ref', ref, 'record.repeated' FROM (
                    SELECT t.row, t.ref, row_number() OVER (PARTITION BY {listed} ORDER BY t.row NULLS FIRST) AS n
                    FROM ({self._all_rows()}) t WHERE {present}) x WHERE n > 1 AND row IS NOT NULL""",
        )

    def _check_overlap(self, one: NoOverlap) -> int:
        listed = ", ".join(one.columns)
        present = " AND ".join([*(f"({c}) IS NOT NULL" for c in one.columns), one.where or "true"])
        return refuse(
            self.name,
            f"""SELECT row, 'from', lower(during)::text, '{one.code}' FROM (
                    SELECT t.row, t.during,
                        max(coalesce(upper(t.during), 'infinity')) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING
                            AND 1 PRECEDING) AS busy_until,
                        min(lower(t.during)) FILTER (WHERE t.row IS NULL) OVER (w ROWS BETWEEN 1 FOLLOWING
                            AND UNBOUNDED FOLLOWING) AS registered_from
                    FROM ({self._all_rows()}) t WHERE {present}
                    WINDOW w AS (PARTITION BY {listed} ORDER BY lower(t.during), t.row NULLS FIRST)) x
                WHERE row IS NOT NULL AND (busy_until > lower(during)
                    OR registered_from < coalesce(upper(during), 'infinity'))""",
        )

    def _all_rows(self) -> str:
        """Good staged rows and registered ones that they do not replace, with the model's columns."""
        columns = list(self._model_columns())
        staged = ", ".join(f"{sql} AS {name}" for name, sql in self._model_columns().items())
        return (
            f"SELECT s.row, {staged} FROM {self.placed} WHERE {good('s', self.name)} "
            f"UNION ALL SELECT NULL, {', '.join(f't.{c}' for c in columns)} "
            f"FROM {self.table} t WHERE NOT EXISTS (SELECT FROM {self.at} a WHERE a.id = t.id "
            f"AND {good('a', self.name)})"
        )

    # commit -------------------------------------------------------------------------------------------------

    def _model_columns(self) -> dict[str, str]:
        """Column of the model -> SQL over `s` and `a`."""
        found: dict[str, str] = {}
        for column in self.columns:
            if isinstance(column, Reference):
                found[column.id_column] = f"a.{column.id_column}"
            elif isinstance(column, MemberColumn):
                found[column.column] = f"a.{column.column}"
            elif column.name == "from":
                found["during"] = f"daterange(s.first, {'s.until' if self.has_spell else 'NULL'})"
            elif column.name != "to":
                kind = self.staging[column.name]
                blank = kind == "text" and not self.model._meta.get_field(column.name).null
                found[column.name] = f"coalesce(s.{column.name}, '')" if blank else f"s.{column.name}"
        return found | {one.name: f"a.{one.name}" for one in self.derived}

    def write(self, staged: Staged) -> dict:
        """Insert what is new, update what has changed; the body of the bulk action."""
        columns = self._model_columns()
        names, values = ", ".join(columns), ", ".join(columns.values())
        ends = [self._end(end) for end in self.model.scope.ends]
        changed = 0
        if not staged.first_load:
            changed = self._update(staged, columns)
        new = insert(
            self.model,
            staged,
            f"INSERT INTO {self.table} (uid, {names}) SELECT s.uid, {values} FROM {self.placed} "
            f"WHERE a.id IS NULL AND {good('s', self.name)} ORDER BY s.row",
        )
        touched = " UNION ".join(
            f"SELECT a.{end} FROM {self.at} a WHERE {good('a', self.name)}"
            for end in ends
            if end not in self.run_here
        )
        if new or changed:
            mark_stale((self.model._meta.label,), touched)
        return {"new": new, "changed": changed, "digest": staged.digest}

    def _update(self, staged: Staged, columns: dict[str, str]) -> int:
        old, new = ", ".join(f"t.{c}" for c in columns), ", ".join(columns.values())
        different = f"""FROM {self.placed} JOIN {self.table} t ON t.id = a.id
            WHERE {good("s", self.name)} AND ({old}) IS DISTINCT FROM ({new})"""
        before = ", ".join(f"'{c}', t.{c}" for c in columns)
        ends = [self._end(end) for end in self.model.scope.ends]
        found = execute(
            f"""INSERT INTO kernel_batchrow (batch_id, model, row_id, before)
                SELECT %s, '{self.model._meta.label}', t.id, jsonb_build_object({before}) {different}""",
            [staged.batch_id],
        )
        if not found:
            return 0
        # Where the rows lay before is old, too.
        mark_stale(
            (self.model._meta.label,),
            " UNION ".join(f"SELECT t.{end} {different} AND t.{end} IS NOT NULL" for end in ends),
        )
        # Taken out and put back, not updated: constraints are checked row by row, and a row may take the
        # place that another one of the same file leaves. References to the rows are checked at the end.
        # What the sheet does not know of a row stays as it is.
        kept = [f.column for f in self.model._meta.concrete_fields if f.column not in ("id", "uid", *columns)]
        names = ", ".join((*columns, *kept))
        chosen = ", ".join([*(f"{sql} AS {c}" for c, sql in columns.items()), *(f"t.{c}" for c in kept)])
        execute(
            f"CREATE TEMP TABLE {self.changed} ON COMMIT DROP AS SELECT t.id, t.uid, {chosen} {different}"
        )
        execute(f"DELETE FROM {self.table} t USING {self.changed} f WHERE t.id = f.id")
        return execute(
            f"INSERT INTO {self.table} (id, uid, {names}) SELECT id, uid, {names} FROM {self.changed} ORDER BY id"
        )

    # export -------------------------------------------------------------------------------------------------

    def exported(self, near: Callable[..., str]) -> str:
        """Condition over the record `t` and an end `n` within reach; `near(key, permission)` asks another right."""
        return "true"

    def selection(self, near: Callable[..., str], chosen: str = "TRUE") -> str:
        node = node_model()._meta.db_table
        columns, joins = [], []
        for c in self.columns:
            if isinstance(c, Reference):
                columns.append(f"r_{c.name}.{c.by} AS {c.name}")
                joins.append(f"LEFT JOIN {c.table} r_{c.name} ON r_{c.name}.id = t.{c.id_column}")
            elif isinstance(c, MemberColumn):
                columns += [f"r_{c.name}.id_sealed AS {c.name}", f"r_{c.name}.key_wrapped"]
                joins.append(f"LEFT JOIN {_person_table()} r_{c.name} ON r_{c.name}.id = t.{c.column}")
            elif c.name == "from":
                columns.append('lower(t.during) AS "from"')
            elif c.name == "to":
                last = "upper(t.during)" if c.event else "upper(t.during) - 1"
                columns.append(f'{last} AS "to"')
            else:
                columns.append(f"t.{c.name}")
        if self.people:
            columns.append(f"t.{self.people[0].column} AS person_id")
        ends = ", ".join(f"t.{self._end(end)}" for end in self.model.scope.ends)
        return f"""SELECT {", ".join(columns)} FROM {self.table} t {" ".join(joins)}
            WHERE EXISTS (SELECT FROM {node} n WHERE n.id IN ({ends}) AND {near("n.key")}
                AND {self.exported(near)}) AND {chosen} ORDER BY t.id"""


def _committing(sheet: RecordSheet) -> Callable:
    def import_records(staged: Staged, *, actor) -> dict:
        return sheet.write(staged)

    import_records.__module__ = type(sheet).__module__
    return import_records


def _person_table() -> str:
    return person_model()._meta.db_table
