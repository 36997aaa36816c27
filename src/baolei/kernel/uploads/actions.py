"""Writes: bring a file, take its good rows, give it up."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Actor
from baolei.kernel.actions import action
from baolei.kernel.identity import numbers_hidden
from baolei.kernel.models import BatchRow, HeadingMeaning, NodeMeaning, Upload
from baolei.kernel.uploads import jobs, sealed, work
from baolei.kernel.uploads.access import Can
from baolei.kernel.uploads.headings import UNITS, same
from baolei.kernel.uploads.names import meant
from baolei.kernel.uploads.packages import kind_of, require

State = Upload.State


@action("uploads.upload.make", words=_("上传文件"), needs=Can.UPLOAD, private=("data",))
def bring(target, *, actor: Actor, sheet: str, name: str, data: bytes) -> Upload:
    """Keep a file sealed and have it checked. Raises PermissionDenied for a sheet that the actor may not import."""
    require(actor, sheet)
    upload = Upload.objects.create(
        name=numbers_hidden(name)[:200],
        sheet=sheet,
        actor_id=actor.user_id,
        actor_name=actor.name,
        office=actor.office,
        answers={"columns": remembered(actor, sheet), "nodes": _remembered_nodes(actor)},
    )
    sealed.write(upload.uid, work.GIVEN, data)
    jobs.check_upload.defer(uid=str(upload.uid))
    return upload


def remembered(actor: Actor, sheet: str) -> dict[str, str]:
    """Heading -> column, as the actor said of earlier files."""
    said = HeadingMeaning.objects.filter(actor_id=actor.user_id, sheet=sheet)
    return dict(said.values_list("heading", "column"))


def _remembered_nodes(actor: Actor) -> dict[str, str]:
    """Name of an organization -> code, as the actor said of earlier files."""
    return dict(NodeMeaning.objects.filter(actor_id=actor.user_id).values_list("name", "code"))


@action("uploads.upload.answer", words=_("说明表头、名称和单位"), needs=None)
def answer(
    upload: Upload,
    *,
    actor: Actor,
    columns: dict[str, str],
    unit: int | None = None,
    nodes: Mapping[str, str] = MappingProxyType({}),
) -> Upload:
    """Say what headings mean (heading -> column, empty for none), what money is counted in (yuan), and which
    organizations names mean (name -> code or another name, empty for none); remember headings and names, and check
    the file again. Raises ValidationError.
    """
    _own(upload, actor)
    if upload.state not in (State.ASKED, State.CHECKED, State.REFUSED) or upload.removed:
        raise ValidationError(gettext("这个文件现在不能再说明，请重新上传。"))
    asked, free = upload.found.get("asks", []), dict(free_columns(upload))
    meant = [column for column in columns.values() if column]
    if not set(columns) <= set(asked) or not set(meant) <= set(free):
        raise ValidationError(gettext("这些列和文件对不上，请重新打开这一页再选。"))
    if len(set(meant)) < len(meant):
        raise ValidationError(gettext("同一列选了两次，请每列只对应一个表头。"))
    if unit is not None and unit not in UNITS.values():
        raise ValidationError(gettext("请选择金额的单位。"))
    named = _nodes(upload, actor, nodes)
    said = {same(heading): column for heading, column in columns.items()}
    upload.answers = {
        "columns": upload.answers.get("columns", {}) | said,
        "unit": unit or upload.answers.get("unit"),
        "nodes": {name: code for name, code in (upload.answers.get("nodes", {}) | named).items() if code},
    }
    NodeMeaning.objects.filter(actor_id=actor.user_id, name__in=named).delete()
    NodeMeaning.objects.bulk_create(
        NodeMeaning(actor_id=actor.user_id, name=name, code=code) for name, code in named.items() if code
    )
    HeadingMeaning.objects.bulk_create(
        [
            HeadingMeaning(actor_id=actor.user_id, sheet=upload.sheet, heading=heading, column=column)
            for heading, column in said.items()
        ],
        update_conflicts=True,
        unique_fields=["actor_id", "sheet", "heading"],
        update_fields=["column"],
    )
    return _again(upload)


def _nodes(upload: Upload, actor: Actor, nodes: Mapping[str, str]) -> dict[str, str]:
    """Name -> code of what was said of names, empty for none. Raises ValidationError."""
    if not set(nodes) <= names_asked(upload).keys():
        raise ValidationError(gettext("这些名称和文件对不上，请重新打开这一页再填。"))
    said = {name: text.strip() for name, text in nodes.items()}
    codes = {name: meant(text, kind_of(upload.sheet), actor) if text else "" for name, text in said.items()}
    if wrong := [said[name] for name, code in codes.items() if code is None]:
        # Absent, elsewhere and several are one answer (G-12).
        raise ValidationError(
            gettext("没有党组织“%(text)s”，或不在您的管理范围；同名的请填组织代码。") % {"text": wrong[0]}
        )
    return codes


def _again(upload: Upload) -> Upload:
    """Have it checked from the beginning."""
    upload.state, upload.problems, upload.counts, upload.total_problems = State.WAITING, [], {}, 0
    upload.save()
    jobs.check_upload.defer(uid=str(upload.uid))
    return upload


def free_columns(upload: Upload) -> list[tuple[str, str]]:
    """(name, title) of the columns that no heading of the file is known by, and of those its owner named."""
    found = upload.found
    by_hand = set(found.get("by_hand", {}).values())
    read = {title for title, _heading in found.get("read", [])}
    return [
        (column.name, str(column.title))
        for column in kind_of(upload.sheet).columns
        if str(column.title) not in read or column.name in by_hand
    ]


def names_asked(upload: Upload) -> dict[str, list[tuple[str, str]]]:
    """The names of organizations whose meaning the owner may say, with (code, name) of those so called; what he said
    earlier may be said anew.
    """
    return {name: [] for name in upload.found.get("said", {})} | dict(upload.found.get("unclear", []))


@action("uploads.upload.take", words=_("确认导入"), needs=None)
def take(upload: Upload, *, actor: Actor) -> Upload:
    """Have the good rows of a checked file taken. Raises ValidationError when it is not (or no more) checked."""
    _own(upload, actor)
    require(actor, upload.sheet)
    if upload.state != State.CHECKED or upload.removed or not takes(upload):
        raise ValidationError(gettext("这个文件现在不能导入，请重新上传。"))
    upload.state = State.ORDERED
    upload.save()
    jobs.take_upload.defer(uid=str(upload.uid))
    return upload


@action("uploads.upload.recheck", words=_("重新核对文件"), needs=None)
def recheck(upload: Upload, *, actor: Actor) -> Upload:
    """Have a file checked again, after a break or when the register has changed. Raises ValidationError."""
    _own(upload, actor)
    if upload.state not in (State.BROKEN, State.CHECKED, State.REFUSED) or upload.removed:
        raise ValidationError(gettext("这个文件现在不能重新核对。"))
    return _again(upload)


@action("uploads.upload.discard", words=_("放弃上传的文件"), needs=None)
def discard(upload: Upload, *, actor: Actor) -> Upload:
    """Take away a file that was not taken. Raises ValidationError while it is worked on or after it was taken."""
    _own(upload, actor)
    if upload.state in (State.CHECKING, State.ORDERED, State.TAKING) or upload.batch_id:
        raise ValidationError(gettext("这个文件正在处理或已经导入，不能放弃。"))
    upload.state, upload.problems, upload.removed = State.DISCARDED, [], True
    upload.save()
    sealed.remove(upload.uid)
    return upload


@action("uploads.upload.recall", words=_("要求撤销导入"), needs=None)
def recall(upload: Upload, *, actor: Actor) -> Upload:
    """Have what a file brought taken back. Raises ValidationError when there is nothing (or nothing more) to take back."""
    _own(upload, actor)
    require(actor, upload.sheet)
    if not can_recall(upload):
        raise ValidationError(gettext("这个文件现在不能撤销。"))
    upload.state, upload.why = State.RECALLED, ""
    upload.save()
    jobs.undo_upload.defer(uid=str(upload.uid))
    return upload


def can_recall(upload: Upload) -> bool:
    """Whether there are rows of the file that could be taken back; again, when some stayed the first time.

    Ninety days after the import what undoing needs is gone (G-27).
    """
    if upload.batch_id is None or upload.state not in (State.TAKEN, State.UNDONE):
        return False
    if upload.batch.finished_at < timezone.now() - timedelta(days=Upload.UNDO_DAYS):
        return False
    return BatchRow.objects.filter(batch=upload.batch_id, undone=False).exists()


def takes(upload: Upload) -> int:
    """The rows that would be written if the file were taken now."""
    return upload.counts.get("new", 0) + upload.counts.get("changed", 0)


def _own(upload: Upload, actor: Actor) -> None:
    if upload.actor_id != actor.user_id:
        raise PermissionDenied
