"""Writes: bring a file, take its good rows, give it up."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Actor
from baolei.kernel.actions import action
from baolei.kernel.identity import numbers_hidden
from baolei.kernel.imports.sheets import SHEETS
from baolei.kernel.models import BatchRow, Upload
from baolei.kernel.uploads import jobs, sealed, work
from baolei.kernel.uploads.access import Can

State = Upload.State


@action("uploads.upload.make", words=_("上传文件"), needs=Can.UPLOAD, private=("data",))
def bring(target, *, actor: Actor, sheet: str, name: str, data: bytes) -> Upload:
    """Keep a file sealed and have it checked. Raises PermissionDenied for a sheet that the actor may not import."""
    actor.require(SHEETS[sheet].needs)
    upload = Upload.objects.create(
        name=numbers_hidden(name)[:200],
        sheet=sheet,
        actor_id=actor.user_id,
        actor_name=actor.name,
        office=actor.office,
    )
    sealed.write(upload.uid, work.GIVEN, data)
    jobs.check_upload.defer(uid=str(upload.uid))
    return upload


@action("uploads.upload.take", words=_("确认导入"), needs=None)
def take(upload: Upload, *, actor: Actor) -> Upload:
    """Have the good rows of a checked file taken. Raises ValidationError when it is not (or no more) checked."""
    _own(upload, actor)
    actor.require(SHEETS[upload.sheet].needs)
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
    upload.state, upload.problems, upload.counts, upload.total_problems = State.WAITING, [], {}, 0
    upload.save()
    jobs.check_upload.defer(uid=str(upload.uid))
    return upload


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
    actor.require(SHEETS[upload.sheet].needs)
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
