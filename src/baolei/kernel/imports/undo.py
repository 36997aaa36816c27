"""A batch taken back: its new rows go, its changed rows are as before, what has been built upon stays and is named.

Everything is asked of the whole set in SQL. A row stays when it was edited since, when rows that do not go with it
refer to it, when it lies out of reach now, or when what stood there before would be in another row's way.
"""

from collections import Counter

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.access import Actor
from baolei.kernel.imports.sheets import SHEETS, Sheet, Undoable, execute, mark_stale, within
from baolei.kernel.models import Batch
from baolei.kernel.tree import hold_tree, node_model

SHOWN = 500
"""Rows that stay and are named; all are counted."""

REASONS = {
    "edited": gettext_lazy("导入以后改动过"),
    "referred": gettext_lazy("其他记录用到了它"),
    "elsewhere": gettext_lazy("现在不在您的管理范围内"),
    "in_the_way": gettext_lazy("原来的内容与后来的记录冲突"),
    "personal": gettext_lazy("联系电话的旧值按规定不保留，这一行没有恢复"),
}


class NothingToUndo(RuntimeError):
    """The batch brought nothing that could be taken back, or is taken back already."""


def undoables() -> dict[str, tuple[Sheet, Undoable]]:
    """Who takes back the rows of a table, by the model's label; referring tables before those that they refer to."""
    return {one.model._meta.label: (sheet, one) for sheet in reversed(SHEETS.values()) for one in sheet.undo}


def remember(batch_id: int) -> None:
    """At the end of a batch: its new rows, and how it left the new and the changed ones."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT model FROM stage_new")
        brought = {model for (model,) in cursor.fetchall()}
        cursor.execute("SELECT DISTINCT model FROM kernel_batchrow WHERE batch_id = %s", [batch_id])
        changed = {model for (model,) in cursor.fetchall()}
    for label, (_sheet, one) in undoables().items():
        if label in brought:
            execute(
                f"""INSERT INTO kernel_batchrow (batch_id, model, row_id, after)
                    SELECT %s, n.model, t.id, {_image(one)} FROM stage_new n JOIN {_table(one)} t ON t.id = n.row_id
                    WHERE n.model = %s""",
                [batch_id, label],
            )
        if label in changed:
            execute(
                f"""UPDATE kernel_batchrow b SET after = {_image(one)} FROM {_table(one)} t
                    WHERE b.batch_id = %s AND b.model = %s AND b.before IS NOT NULL AND t.id = b.row_id""",
                [batch_id, label],
            )


def take_back(batch: Batch, actor: Actor, kept: list[dict[str, str]]) -> dict[str, int]:
    """Take the batch back as far as nothing has been built upon it, inside the caller's transaction.

    Returns how many rows were "removed", "restored" and "kept"; `kept` gets sheet, name, reason and its words of
    the first of those that stay: told, not recorded, for they may be names of persons.
    Raises PermissionDenied when the actor may not import what the batch brought, NothingToUndo.
    """
    found = _found(batch, actor)
    hold_tree(alone=any(sheet.changes_tree for sheet, _one in found.values()))
    for label, (sheet, one) in found.items():
        _keep_edited(label, one)
        if not actor.reach.everywhere:
            _keep_elsewhere(label, sheet, one, actor)
    while sum(_keep_referred(label, one, found) for label, (_sheet, one) in found.items()):
        pass
    for label, (_sheet, one) in found.items():
        _mark(label, one)
    counts = Counter(removed=0, restored=0, kept=0)
    # Removed first: what is restored may need the place of a row that came with the batch.
    for label, (_sheet, one) in found.items():
        counts["removed"] += _apart(label, "before IS NULL", lambda ids, one=one: _remove(one, ids))
    for label, (_sheet, one) in found.items():
        counts["restored"] += _apart(label, "before IS NOT NULL", lambda ids, one=one: _restore(one, ids))
    for label, (_sheet, one) in found.items():
        _mark(label, one)
    kept += _named(found)
    execute(
        """UPDATE kernel_batchrow b SET undone = true FROM stage_undo u
           WHERE b.batch_id = %s AND b.model = u.model AND b.row_id = u.row_id AND u.reason IS NULL""",
        [batch.pk],
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM stage_undo WHERE reason IS NOT NULL AND reason <> 'gone'")
        counts["kept"] = cursor.fetchone()[0]
    execute("DROP TABLE stage_undo")
    batch.state = Batch.State.UNDONE
    batch.save(update_fields=["state"])
    return dict(counts)


def _table(one: Undoable) -> str:
    return one.model._meta.db_table


def _image(one: Undoable) -> str:
    """SQL: a digest of the row `t`, without what changes in passing."""
    passing = "".join(f" - '{column}'" for column in one.passing)
    return f"md5((to_jsonb(t){passing})::text)"


def _found(batch: Batch, actor: Actor) -> dict[str, tuple[Sheet, Undoable]]:
    """The batch's rows in `stage_undo`, and who takes them back."""
    execute("DROP TABLE IF EXISTS stage_undo")
    execute(
        f"""CREATE TEMP TABLE stage_undo ON COMMIT DROP AS
            SELECT model, row_id, before, after, NULL::text AS reason FROM kernel_batchrow
            WHERE batch_id = {batch.pk} AND NOT undone"""
    )
    execute("CREATE UNIQUE INDEX ON stage_undo (row_id, model)")
    execute("ANALYZE stage_undo")
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT model FROM stage_undo")
        labels = {model for (model,) in cursor.fetchall()}
    if not labels or batch.state not in (Batch.State.DONE, Batch.State.UNDONE):
        raise NothingToUndo(_("这一批没有可以撤销的行。"))
    found = {label: who for label, who in undoables().items() if label in labels}
    for sheet, _one in found.values():
        actor.require(sheet.needs)
    return found


def _keep(label: str, reason: str, condition: str, one: Undoable) -> int:
    return execute(
        f"""UPDATE stage_undo u SET reason = '{reason}' FROM {_table(one)} t
            WHERE u.model = '{label}' AND u.reason IS NULL AND t.id = u.row_id AND ({condition})"""
    )


def _keep_edited(label: str, one: Undoable) -> None:
    execute(
        f"""UPDATE stage_undo u SET reason = 'gone' WHERE u.model = '{label}'
            AND NOT EXISTS (SELECT FROM {_table(one)} t WHERE t.id = u.row_id)"""
    )
    _keep(label, "edited", f"{_image(one)} <> u.after", one)
    if one.built_upon:
        _keep(label, "referred", one.built_upon, one)
    # Of what is personal the record says only that it changed (G-28): there is nothing to go back to.
    execute(
        f"""UPDATE stage_undo u SET reason = 'personal' WHERE u.model = '{label}' AND u.reason IS NULL
            AND u.before @? '$.* ? (@ == "…")'"""
    )


def _keep_elsewhere(label: str, sheet: Sheet, one: Undoable, actor: Actor) -> None:
    node = node_model()._meta.db_table
    near = f"""EXISTS (SELECT FROM {node} n WHERE n.id IN ({", ".join(one.ends)})
        AND {within(actor, sheet.needs, "n.key")})"""
    _keep(label, "elsewhere", f"NOT {near}", one)


def _keep_referred(label: str, one: Undoable, found: dict[str, tuple[Sheet, Undoable]]) -> int:
    """New rows that others refer to, unless these go, too. Returns how many."""
    goes = {_table(other): ("id", name) for name, (_sheet, other) in found.items()}
    for name, (_sheet, other) in found.items():
        goes |= {table: (column, name) for table, column in other.parts if table not in goes}
    kept = 0
    for table, column in _referring(_table(one)):
        stays = "TRUE"
        if table in goes:
            by, owner = goes[table]
            stays = f"""NOT EXISTS (SELECT FROM stage_undo o WHERE o.model = '{owner}' AND o.row_id = r.{by}
                AND o.before IS NULL AND o.reason IS NULL)"""
        kept += _keep(
            label,
            "referred",
            f"u.before IS NULL AND EXISTS (SELECT FROM {table} r WHERE r.{column} = t.id AND {stays})",
            one,
        )
    return kept


def _referring(table: str) -> list[tuple[str, str]]:
    """(table, column) of every foreign key to the ids of a table."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT c.conrelid::regclass::text, a.attname
               FROM pg_constraint c CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS pair (here, there)
               JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = pair.here
               JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = pair.there AND b.attname = 'id'
               WHERE c.contype = 'f' AND c.confrelid = %s::regclass ORDER BY 1, 2""",
            [table],
        )
        return cursor.fetchall()


def _mark(label: str, one: Undoable) -> None:
    """What is stored above the rows is old, where they lie now."""
    chosen = " UNION ".join(
        f"SELECT {end} FROM {_table(one)} t JOIN stage_undo u ON u.model = '{label}' AND u.row_id = t.id "
        f"WHERE u.reason IS NULL AND {end} IS NOT NULL"
        for end in one.ends
    )
    mark_stale((label, *_labels(one)), chosen)


def _labels(one: Undoable) -> tuple[str, ...]:
    names = {model._meta.db_table: model._meta.label for model in apps.get_models()}
    return tuple(names[table] for table, _column in one.parts)


def _apart(label: str, which: str, do) -> int:
    """Do it to all rows at once; when the database refuses, to halves, so that only those in the way stay."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT row_id FROM stage_undo WHERE model = '{label}' AND reason IS NULL AND {which} ORDER BY row_id"
        )
        ids = [row_id for (row_id,) in cursor.fetchall()]
    return _in_halves(label, ids, do) if ids else 0


def _in_halves(label: str, ids: list[int], do) -> int:
    try:
        with transaction.atomic():
            done = do(ids)
            execute("SET CONSTRAINTS ALL IMMEDIATE")
            execute("SET CONSTRAINTS ALL DEFERRED")
            return done
    except IntegrityError:
        if len(ids) == 1:
            execute(
                "UPDATE stage_undo SET reason = 'in_the_way' WHERE model = %s AND row_id = %s",
                [label, ids[0]],
            )
            return 0
    middle = len(ids) // 2
    return _in_halves(label, ids[:middle], do) + _in_halves(label, ids[middle:], do)


def _restore(one: Undoable, ids: list[int]) -> int:
    table, label = _table(one), one.model._meta.label
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT jsonb_object_keys(before) FROM stage_undo WHERE model = %s AND row_id = ANY(%s)",
            [label, ids],
        )
        columns = sorted(name for (name,) in cursor.fetchall())
    old = ", ".join(f"p.{c}" for c in columns)
    before = f"""FROM stage_undo u CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, u.before) p
        WHERE u.model = '{label}' AND u.row_id = ANY(%s)"""
    if not one.put_back:
        return execute(
            f"""UPDATE {table} t SET ({", ".join(columns)}) = ROW({", ".join(f"b.{c}" for c in columns)})
                FROM (SELECT u.row_id, {old} {before}) b WHERE t.id = b.row_id""",
            [ids],
        )
    names = ", ".join(columns)
    execute("DROP TABLE IF EXISTS stage_restored")
    execute(
        f"""CREATE TEMP TABLE stage_restored ON COMMIT DROP AS
            SELECT t.id, t.uid, b.* FROM {table} t
            JOIN (SELECT u.row_id, {old} {before}) b ON b.row_id = t.id""",
        [ids],
    )
    execute(f"DELETE FROM {table} t USING stage_restored b WHERE t.id = b.id")
    return execute(f"INSERT INTO {table} (id, uid, {names}) SELECT id, uid, {names} FROM stage_restored")


def _remove(one: Undoable, ids: list[int]) -> int:
    for table, column in one.parts:
        execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", [ids])
    return execute(f"DELETE FROM {_table(one)} WHERE id = ANY(%s)", [ids])


def _named(found: dict[str, tuple[Sheet, Undoable]]) -> list[dict[str, str]]:
    named: list[dict[str, str]] = []
    for label, (sheet, one) in reversed(found.items()):
        with connection.cursor() as cursor:
            cursor.execute(
                f"""SELECT {one.names}, u.reason FROM stage_undo u JOIN {_table(one)} t ON t.id = u.row_id
                    WHERE u.model = %s AND u.reason IS NOT NULL ORDER BY u.row_id LIMIT %s""",
                [label, SHOWN - len(named)],
            )
            named += [
                {"sheet": str(sheet.title), "name": name, "reason": reason, "why": str(REASONS[reason])}
                for name, reason in cursor.fetchall()
            ]
    return named
