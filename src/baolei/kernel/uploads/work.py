"""What the worker does with an upload: read it, try it, take its good rows."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from baolei.kernel.access import Actor
from baolei.kernel.identity import numbers_hidden
from baolei.kernel.imports.package import Package, read_package
from baolei.kernel.imports.problems import CAP
from baolei.kernel.imports.run import COUNTED, Outcome, import_package
from baolei.kernel.imports.sheets import SHEETS, Sheet
from baolei.kernel.imports.worker import Workers
from baolei.kernel.models import Batch, Upload
from baolei.kernel.uploads import sealed
from baolei.kernel.uploads.conversion import converted, row_of
from baolei.kernel.uploads.grids import UnreadableFile, grids_of
from baolei.kernel.uploads.headings import Layout, laid_out
from baolei.kernel.uploads.names import Called, called, similar
from baolei.kernel.uploads.packages import PACKAGE, unpacked

GIVEN = "given"
LARGE = 500_000
"""Bytes of a file above which workers read its rows."""
ASKED = 60
CANDIDATES = 20
"""Headings that are asked about; a table with more unknown ones is another table."""
_PROGRESS = "progress"
_IN_MEMORY = Path("/dev/shm")


def actor_of(upload: Upload) -> Actor:
    """Who brought the file, with the rights of now."""
    user = get_user_model().objects.filter(pk=upload.actor_id).first()
    if user is None:
        raise PermissionDenied
    return import_string(settings.BAOLEI_ACTOR_OF)(user)


def layout_of(upload: Upload) -> Layout:
    """The file as the sheet that it holds. Raises UnreadableFile, FileNotFoundError when it is gone."""
    return laid_out(
        grids_of(sealed.read(upload.uid, GIVEN), upload.name),
        SHEETS[upload.sheet],
        named=upload.answers.get("columns"),
        unit=upload.answers.get("unit"),
    )


def check(upload: Upload) -> None:
    """Try the file: what would change and every problem, with the rows as its owner sees them."""
    _state(upload, Upload.State.CHECKING)
    if upload.sheet == PACKAGE:
        return _check_package(upload)
    with _workers(upload) as workers:
        _check(upload, workers)


def _check_package(upload: Upload) -> None:
    try:
        outcome = _import_package(upload, dry_run=True)
    except UnreadableFile as error:
        upload.why = str(error)
        return _state(upload, Upload.State.UNREADABLE)
    except PermissionDenied:
        upload.why = _("资料包里有您不能导入的表。请只放您能导入的，或请上级导入。")
        return _state(upload, Upload.State.UNREADABLE)
    _keep_package(upload, outcome)
    _state(upload, Upload.State.CHECKED if outcome.batch.state == Batch.State.TRIED else Upload.State.REFUSED)


def _import_package(upload: Upload, **how: Any) -> Outcome:
    with _clear_folder() as folder:
        return _import(upload, read_package(unpacked(sealed.read(upload.uid, GIVEN), folder)), **how)


def _keep_package(upload: Upload, outcome: Outcome) -> None:
    counted = [counts for counts in outcome.counts.values() if counts]
    upload.counts = {name: sum(counts[name] for counts in counted) for name in COUNTED}
    upload.found = {
        "sheets": [(str(SHEETS[name].title), counts) for name, counts in outcome.counts.items()],
        "never_taken": outcome.notes,
    }
    upload.total_problems = outcome.total_problems
    upload.problems = [problem.as_dict() for problem in outcome.problems[:CAP]]


def _workers(upload: Upload) -> Workers:
    """Who reads the rows, started while the file is opened. Raises FileNotFoundError when it is gone."""
    return Workers(parallel=sealed.size(upload.uid, GIVEN) > LARGE)


def _check(upload: Upload, workers: Workers) -> None:
    try:
        layout = layout_of(upload)
        if layout.missing and not asked_of(layout):
            raise UnreadableFile(
                _("缺少这些列：%(columns)s。请按模板补上；没有内容时保留空列。")
                % {"columns": "、".join(layout.missing)}
            )
    except UnreadableFile as error:
        upload.why = str(error)
        return _state(upload, Upload.State.UNREADABLE)
    if layout.missing or layout.unsure:
        upload.found = _told(layout, upload)
        return _state(upload, Upload.State.ASKED)
    sheet = SHEETS[upload.sheet]
    names = _called(layout, sheet, upload)
    upload.found = _told(layout, upload) | {
        "matched": sorted(names.codes.items()),
        "unclear": [(text, of[:CANDIDATES]) for text, of in names.unclear.items()][:ASKED],
        "similar": similar(
            [text for text, of in [*names.unclear.items()][:ASKED] if not of], sheet, actor_of(upload)
        ),
        "unclear_more": max(0, len(names.unclear) - ASKED),
        "said": names.said,
    }
    package, apart = converted(layout, sheet, codes=names.codes)
    outcome = _import(upload, package, dry_run=True, workers=workers)
    _keep(upload, outcome, apart)
    _state(upload, Upload.State.CHECKED if outcome.batch.state == Batch.State.TRIED else Upload.State.REFUSED)


def _called(layout: Layout, sheet: Sheet, upload: Upload) -> Called:
    return called(layout, sheet, actor_of(upload), upload.answers.get("nodes", {}))


def take(upload: Upload) -> None:
    """Take the rows that had no problem when they were tried; what has become wrong since is refused and told."""
    _state(upload, Upload.State.TAKING)
    if upload.sheet == PACKAGE:
        return _taken(
            upload, partial(_import_package, upload), lambda outcome: _keep_package(upload, outcome)
        )
    refused = {problem["row"] for problem in upload.problems}
    before, total = upload.problems, upload.total_problems

    def keep(outcome: Outcome) -> None:
        _keep(upload, outcome, apart)
        upload.problems, upload.total_problems = [*before, *upload.problems], total + upload.total_problems

    sheet = SHEETS[upload.sheet]
    with _workers(upload) as workers:
        layout = layout_of(upload)
        names = _called(layout, sheet, upload)
        package, apart = converted(layout, sheet, codes=names.codes, without=refused)
        _taken(upload, partial(_import, upload, package, workers=workers), keep)


def _taken(upload: Upload, bring: Callable[..., Outcome], keep: Callable[[Outcome], None]) -> None:
    """Bring the good rows and say so within the import's transaction: killed before its end it was not taken, after
    it it was.
    """

    def told(outcome: Outcome, state: str) -> None:
        keep(outcome)
        upload.batch = outcome.batch
        _state(upload, state)

    outcome = bring(accept_good=True, kept=lambda outcome: told(outcome, Upload.State.TAKEN))
    if outcome.batch.state != Batch.State.DONE:
        told(outcome, Upload.State.REFUSED)


def _import(upload: Upload, package: Package, **how: Any) -> Outcome:
    return import_package(package, actor=actor_of(upload), progress=_progress(upload), **how)


@contextmanager
def _clear_folder() -> Iterator[Path]:
    """Where clear numbers stand while they are read: in memory where the system has such a place."""
    with tempfile.TemporaryDirectory(dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None) as name:
        yield Path(name)


def _keep(upload: Upload, outcome: Outcome, apart: list[tuple[int, int]]) -> None:
    upload.counts = outcome.counts.get(upload.sheet, {})
    upload.total_problems = outcome.total_problems
    upload.problems = [
        {**problem.as_dict(), "row": row_of(problem.row, apart)} for problem in outcome.problems[:CAP]
    ]


def _told(layout: Layout, upload: Upload) -> dict:
    sheet = SHEETS[upload.sheet]
    read = [
        (str(column.title), numbers_hidden(layout.headings[layout.places[column.name]]))
        for column in sheet.columns
        if column.name in layout.places
    ]
    return {
        "table": layout.grid.name,
        "heading": layout.heading + 1,
        "read": read,
        "unknown": [numbers_hidden(text) for text in layout.unknown],
        "never_taken": [numbers_hidden(text) for text in layout.never_taken],
        "below": layout.below,
        "missing": layout.missing,
        "unsure": layout.unsure,
        "factors": layout.factors,
        "by_hand": {numbers_hidden(text): column for text, column in layout.by_hand.items()},
        "asks": asked_of(layout),
    }


def asked_of(layout: Layout) -> list[str]:
    """The headings whose meaning the owner may say; one that looks like a person's number is none."""
    return [text for text in (*layout.by_hand, *layout.unknown) if numbers_hidden(text) == text][:ASKED]


def _state(upload: Upload, state: str) -> None:
    upload.state = state
    upload.save()


def _progress(upload: Upload):
    """Told beside the import's transaction, in which nobody else could read it."""
    file, last = sealed.folder(upload.uid) / _PROGRESS, 0.0

    def tell(stage: str, done: int, of: int) -> None:
        nonlocal last
        if of and done < of and time.monotonic() - last < 0.5:
            return
        last = time.monotonic()
        draft = file.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(f"{stage}\n{round(100 * done / of) if of else ''}", "utf-8")
        draft.rename(file)

    return tell


def progress_of(upload: Upload) -> tuple[str, str]:
    """(stage, percent or empty) of the work on the upload; empty before it begins."""
    try:
        stage, _line, percent = (sealed.folder(upload.uid) / _PROGRESS).read_text("utf-8").partition("\n")
    except FileNotFoundError:
        return "", ""
    return stage, percent
