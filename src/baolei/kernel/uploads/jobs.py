"""Jobs of uploads. One file at a time, beside no other import; killed in the middle nothing was written.

What keeps them apart is the import's own lock, which ends with its connection: a lock of the queue would stay with
the job of a killed worker.
"""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from baolei.kernel.imports.problems import disk_full
from baolei.kernel.imports.run import ImportBusy
from baolei.kernel.imports.undo import NothingToUndo
from baolei.kernel.models import Upload
from baolei.kernel.uploads import undo, work

State = Upload.State
_BUSY = RetryStrategy(max_attempts=200, wait=5, retry_exceptions={ImportBusy})
_SILENT = timedelta(minutes=2)
_BROKEN = gettext_lazy("处理时出了意外，什么都没有写入。请重新核对；再不行请联系系统管理员。")
_FULL = gettext_lazy("服务器磁盘空间不足，什么都没有写入。请联系系统管理员，腾出空间后重新核对。")
_UNDO_BROKEN = gettext_lazy("撤销被中断，什么都没有改动。请再试；再不行请联系系统管理员。")


@app.task(name="kernel.check_upload", retry=_BUSY, pass_context=False)
def check_upload(uid: str) -> None:
    """Try the file; once more does the same."""
    _worked(uid, (State.WAITING, State.CHECKING), work.check, State.WAITING)


@app.task(name="kernel.take_upload", retry=_BUSY, pass_context=False)
def take_upload(uid: str) -> None:
    """Take the good rows; a file that was taken is not taken again."""
    _worked(uid, (State.ORDERED, State.TAKING), work.take, State.ORDERED)


@app.task(name="kernel.undo_upload", retry=_BUSY, pass_context=False)
def undo_upload(uid: str) -> None:
    """Take back what the file brought; what is taken back is not taken back again."""
    upload = Upload.objects.filter(uid=uid, state__in=(State.RECALLED, State.UNDOING)).first()
    if upload is None:
        return
    Upload.objects.filter(pk=upload.pk).update(state=State.UNDOING, changed_at=timezone.now())
    try:
        undo.undo_upload(upload, actor=work.actor_of(upload))
    except ImportBusy:
        Upload.objects.filter(pk=upload.pk).update(state=State.RECALLED)
        raise
    except NothingToUndo as error:
        _ended(upload, State.TAKEN, str(error))
    except PermissionDenied:
        _ended(upload, State.TAKEN, _("您现在没有导入这类资料的权限，不能撤销。"))
    except Exception:
        _ended(upload, State.TAKEN, _UNDO_BROKEN)
        raise


def _worked(uid: str, states: tuple[str, ...], do, before: str) -> None:
    upload = Upload.objects.filter(uid=uid, state__in=states).first()
    if upload is None:
        return
    try:
        do(upload)
    except ImportBusy:
        Upload.objects.filter(pk=upload.pk).update(state=before)
        raise
    except (PermissionDenied, FileNotFoundError):
        _ended(upload, State.REFUSED, _("您现在没有导入这类资料的权限，或文件已被删除。"))
    except Exception as error:
        _ended(upload, State.BROKEN, str(_FULL if disk_full(error) else _BROKEN))
        raise


def _ended(upload: Upload, state: str, why: str) -> None:
    Upload.objects.filter(pk=upload.pk).update(state=state, why=why, changed_at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="kernel.mend_uploads", queueing_lock="kernel.mend_uploads", pass_context=False)
def mend_uploads(timestamp: int) -> None:
    """What a killed worker left is said to be broken: nobody holds the import's lock, and nothing was written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('kernel.imports'))")
        if not cursor.fetchone()[0]:
            return
        try:
            silent = Upload.objects.filter(changed_at__lt=timezone.now() - _SILENT)
            silent.filter(state__in=(State.CHECKING, State.TAKING)).update(
                state=State.BROKEN,
                why=_("处理被中断，什么都没有写入。请重新核对。"),
                changed_at=timezone.now(),
            )
            silent.filter(state=State.UNDOING).update(
                state=State.TAKEN, why=_UNDO_BROKEN, changed_at=timezone.now()
            )
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('kernel.imports'))")
