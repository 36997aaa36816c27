"""The import from end to end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DataError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from baolei.kernel.access import Actor
from baolei.kernel.identity import numbers_hidden
from baolei.kernel.imports import elsewhere
from baolei.kernel.imports.ahead import read_ahead
from baolei.kernel.imports.demo import marked
from baolei.kernel.imports.package import SMALL, Package, SheetRows, read_package
from baolei.kernel.imports.problems import CAP, Problem
from baolei.kernel.imports.rebuild import bare, loadable
from baolei.kernel.imports.rows import Chunk
from baolei.kernel.imports.sheets import SHEETS, Staged, execute
from baolei.kernel.imports.undo import remember
from baolei.kernel.imports.worker import Workers
from baolei.kernel.models import Batch
from baolei.kernel.tree import hold_tree

MANY = 500
"""New rows of a sheet after which its tables are looked at anew by the planner."""

COUNTED = ("read", "new", "changed", "unchanged", "refused")

TOO_OFTEN = Problem("", 0, "", "", "row.refused_often")

Progress = Callable[[str, int, int], None]


class ImportBusy(RuntimeError):
    """Another import is running."""


class _Undo(Exception):
    """Leave the transaction without its writes; the batch's state then."""

    state = Batch.State.REFUSED


@dataclass
class Outcome:
    """What an import did. `counts` by sheet: read, new, changed, unchanged, refused.

    `elsewhere` is for the record, not for who imports: rows that got the one answer of G-12.
    """

    batch: Batch
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    total_problems: int = 0
    notes: list[str] = field(default_factory=list)
    elsewhere: int = 0

    def refuse(self, problem: Problem) -> None:
        """The whole batch for one reason; nothing else is told, no number of rows either."""
        self.problems, self.total_problems, self.counts = [problem], 1, {}

    def as_dict(self) -> dict[str, Any]:
        return {
            "batch": str(self.batch.uid),
            "state": self.batch.state,
            "counts": self.counts,
            "problems": [problem.as_dict() for problem in self.problems],
            "total_problems": self.total_problems,
            "dropped_columns": self.notes,
        }


def import_path(
    path: str | Path,
    *,
    actor: Actor,
    dry_run: bool = False,
    accept_good: bool = False,
    progress: Progress | None = None,
    kept: Callable[["Outcome"], None] = lambda outcome: None,
) -> Outcome:
    """Import a data package or one CSV file, as `import_package` does.

    Raises FileNotFoundError, PermissionDenied (a sheet that the actor may not import) and ImportBusy.
    """
    return import_package(
        read_package(Path(path)),
        actor=actor,
        dry_run=dry_run,
        accept_good=accept_good,
        progress=progress,
        kept=kept,
    )


def import_package(
    package: Package,
    *,
    actor: Actor,
    dry_run: bool = False,
    accept_good: bool = False,
    progress: Progress | None = None,
    kept: Callable[["Outcome"], None] = lambda outcome: None,
    workers: Workers | None = None,
) -> Outcome:
    """Import what was opened.

    With any problem nothing is written, unless `accept_good` takes the good rows alone; `dry_run` checks
    everything and writes nothing. `progress` is told a stage, how much is done and of how much (bytes); `kept`
    runs in the transaction of a batch that stays. `workers` that stand ready do the reading.
    Raises PermissionDenied (a sheet that the actor may not import) and ImportBusy.
    """
    for file in package.files:
        actor.require(file.sheet.needs)
    with alone():
        return _import(package, actor, dry_run, accept_good, progress or (lambda *told: None), kept, workers)


@contextmanager
def alone() -> Iterator[None]:
    """Beside no other import; the lock ends with the connection of a killed one. Raises ImportBusy."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('kernel.imports'))")
        if not cursor.fetchone()[0]:
            raise ImportBusy(_("另一个导入正在进行，请等它结束后再试"))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('kernel.imports'))")


def _import(
    package: Package,
    actor: Actor,
    dry_run: bool,
    accept_good: bool,
    progress: Progress,
    kept: Callable[[Outcome], None],
    workers: Workers | None,
) -> Outcome:
    # We hold the lock: whatever is still "running" was killed, and its transaction with it.
    Batch.objects.filter(state=Batch.State.RUNNING).update(
        state=Batch.State.BROKEN, finished_at=timezone.now()
    )
    batch = Batch.objects.create(
        source=numbers_hidden(package.source.name),
        digest="",
        actor_id=actor.user_id,
        actor_name=actor.name,
        demo=package.demo,
    )
    outcome = Outcome(batch, problems=list(package.problems), notes=package.notes)
    outcome.total_problems = len(outcome.problems)
    if package.demo and not settings.BAOLEI_DEMO:
        outcome.refuse(Problem("", 0, "", package.source.name, "package.demo"))
    elif elsewhere.would_exceed(actor, 0):
        outcome.refuse(TOO_OFTEN)
    if outcome.problems:
        return _finished(outcome, Batch.State.REFUSED, actor)
    undone = _Undo()
    try:
        with transaction.atomic():
            _load(
                package,
                outcome,
                actor,
                progress,
                lambda: _decide(outcome, actor, undone, dry_run, accept_good),
                trial=dry_run and len(package.files) == 1,
                workers=workers,
            )
            _finished(outcome, Batch.State.DONE, actor)
            kept(outcome)
    except _Undo:
        _finished(outcome, undone.state, actor)
    except BaseException:
        if connection.connection is not None and not connection.needs_rollback:
            _finished(outcome, Batch.State.BROKEN, actor)
        raise
    return outcome


def _decide(outcome: Outcome, actor: Actor, undone: _Undo, dry_run: bool, accept_good: bool) -> None:
    """Raises `undone` unless the batch is to stay; before the foreign keys are built."""
    if outcome.elsewhere and elsewhere.would_exceed(actor, outcome.elsewhere):
        outcome.refuse(TOO_OFTEN)
        raise undone
    if dry_run:
        undone.state = Batch.State.TRIED
        raise undone
    changed = any(problem.code == "file.changed" for problem in outcome.problems)
    if outcome.total_problems and (changed or not accept_good):
        undone.state = Batch.State.REFUSED
        raise undone


@transaction.atomic
def _finished(outcome: Outcome, state: str, actor: Actor) -> Outcome:
    """The batch's end, and with it what it counts against the actor's day: before anything is told."""
    batch = outcome.batch
    if outcome.elsewhere:
        elsewhere.remember(actor, batch, outcome.elsewhere)
    batch.state, batch.counts, batch.finished_at = state, outcome.counts, timezone.now()
    batch.save(update_fields=["state", "counts", "finished_at", "digest"])
    return outcome


def _load(
    package: Package,
    outcome: Outcome,
    actor: Actor,
    progress: Progress,
    decide: Callable[[], None],
    *,
    trial: bool,
    workers: Workers | None,
) -> None:
    today = timezone.localdate()
    # A sheet that makes organizations hands out ordinals and changes places.
    hold_tree(alone=any(file.sheet.changes_tree for file in package.files))
    execute("SET LOCAL work_mem = '128MB'")
    _widen_buffers()
    _make_staging()
    large = any(file.size > SMALL for file in package.files)
    outcome.counts = {file.sheet.name: dict.fromkeys(COUNTED, 0) for file in package.files}
    # What names nobody first: it is written while the workers seal the numbers of the persons.
    files = sorted(package.files, key=lambda file: file.sheet.names_persons)
    last = {table: file for file in files for table in file.sheet.tables}
    tables = loadable(list(last)) if large else []
    with bare(tables, lambda name: progress(_("建立索引 {name}").format(name=name), 0, 0)) as complete:
        with read_ahead(files, today, parallel=large, trial=trial, workers=workers) as chunks:
            for some in _together(files):
                for file in some:
                    _stage(file, outcome, chunks, progress)
                for file in some:
                    _commit(file, outcome, actor, today, set(tables), progress, trial)
                complete([table for table in tables if last[table] in some])
        _collect_problems(outcome)
        scratch = [table for sheet in SHEETS.values() for table in (sheet.stage_table, *sheet.scratch)]
        decide()
        remember(outcome.batch.pk)
        execute(
            f"DROP TABLE IF EXISTS {', '.join(scratch)}, stage_problem, stage_refused, stage_unfit, stage_new"
        )


def _widen_buffers() -> None:
    """More memory for temporary tables; a session whose first one was made with less keeps what it has."""
    with suppress(DataError), transaction.atomic():
        execute("SET LOCAL temp_buffers = '64MB'")


def _make_staging() -> None:
    execute(
        "CREATE TEMP TABLE stage_problem (sheet text, row int, col text, value text, code text, "
        "UNIQUE (sheet, row, col, code)) ON COMMIT DROP"
    )
    execute("CREATE TEMP TABLE stage_unfit (sheet text, row int, code text) ON COMMIT DROP")
    execute("CREATE TEMP TABLE stage_new (model text, row_id bigint) ON COMMIT DROP")
    execute("CREATE TEMP TABLE stage_refused (sheet text, row int, UNIQUE (sheet, row)) ON COMMIT DROP")
    for sheet in SHEETS.values():
        columns = ", ".join(f"{name} {kind}" for name, kind in sheet.staging.items())
        execute(f"CREATE TEMP TABLE {sheet.stage_table} (row int, {columns}) ON COMMIT DROP")


def _together(files: list[SheetRows]) -> list[list[SheetRows]]:
    """The files one by one, each with those that its bulk action takes along."""
    together: list[list[SheetRows]] = []
    for file in files:
        if together and file.sheet.commit is None:
            together[-1].append(file)
        else:
            together.append([file])
    return together


def _stage(
    file: SheetRows, outcome: Outcome, chunks: Iterator[tuple[int, Chunk]], progress: Progress
) -> None:
    """Copy the next file's chunks into its staging table: ciphertext and hashes, never a clear number.

    Raises _Undo at rows of a demo that have no place here.
    """
    sheet, size = file.sheet, file.size
    counts, done = outcome.counts[sheet.name], 0
    copy_to = f"COPY {sheet.stage_table} (row, {', '.join(sheet.staging)}) FROM STDIN (FORMAT text, NULL '')"
    problems: list[tuple] = []
    unfit: list[tuple] = []
    with connection.cursor() as cursor, cursor.copy(copy_to) as copy:
        for length, chunk in chunks:
            if not length:
                break
            if chunk.lines:
                copy.write(chunk.lines)
            counts["read"] += chunk.rows
            if len(problems) < CAP:
                problems += [(sheet.name, *problem) for problem in chunk.problems]
            else:
                chunk.more_problems += len(chunk.problems)
            unfit += [(sheet.name, *named) for named in chunk.refused]
            outcome.total_problems += chunk.more_problems
            done += length
            progress(str(sheet.title), min(done, size), size)
    outcome.batch.digest = f"{outcome.batch.digest} {sheet.name}:{file.hash.hexdigest()}".lstrip()
    if not file.is_as_opened():
        problems.append((sheet.name, 0, "", file.name, "file.changed"))
    if problems:
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO stage_unfit VALUES (%s, %s, %s)", unfit)
            cursor.executemany(
                "INSERT INTO stage_problem VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING", problems
            )
        execute(
            "INSERT INTO stage_refused SELECT DISTINCT sheet, row FROM stage_problem ON CONFLICT DO NOTHING"
        )
    execute(f"ANALYZE {sheet.stage_table}")
    if not settings.BAOLEI_DEMO and (found := marked(sheet)):
        outcome.refuse(found)
        raise _Undo


def _commit(
    file: SheetRows,
    outcome: Outcome,
    actor: Actor,
    today: date,
    loading: set[str],
    progress: Progress,
    trial: bool,
) -> None:
    sheet, counts = file.sheet, outcome.counts[file.sheet.name]
    first_load = bool(sheet.tables) and set(sheet.tables) <= loading
    staged = Staged(outcome.batch.pk, outcome.batch.uid, today, file.hash.hexdigest(), first_load, trial)
    progress(_("核对 {title}").format(title=sheet.title), 0, 0)
    sheet.check(staged, actor)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {sheet.stage_table} s WHERE NOT EXISTS "
            "(SELECT FROM stage_refused r WHERE r.sheet = %s AND r.row = s.row)",
            [sheet.name],
        )
        taken = cursor.fetchone()[0]
    progress(_("写入 {title}").format(title=sheet.title), 0, 0)
    done = sheet.commit(staged, actor=actor) if sheet.commit else sheet.counts()
    counts["new"], counts["changed"] = done["new"], done["changed"]
    counts["unchanged"] = taken - done["new"] - done["changed"]
    counts["refused"] = counts["read"] - taken
    if counts["new"] >= MANY and not trial:
        # The sheets after it, and the first figures, are planned by these numbers: autovacuum comes too late,
        # and after a killed import it leaves behind that the table is empty.
        for table in sheet.tables:
            execute(f"ANALYZE {table}")


def _collect_problems(outcome: Outcome) -> None:
    order = {name: number for number, name in enumerate(SHEETS)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM stage_problem")
        outcome.total_problems += cursor.fetchone()[0]
        cursor.execute(
            "SELECT sheet, row, coalesce(col, ''), coalesce(value, ''), code FROM stage_problem "
            "ORDER BY array_position(%s::text[], sheet), row, col, code LIMIT %s",
            [list(order), CAP],
        )
        outcome.problems += [Problem(*found) for found in cursor.fetchall()]
    outcome.elsewhere = elsewhere.rows_elsewhere()
