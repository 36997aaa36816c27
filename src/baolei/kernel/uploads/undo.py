"""Take a batch back."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Actor
from baolei.kernel.actions import bulk_action
from baolei.kernel.imports.run import alone
from baolei.kernel.imports.undo import take_back
from baolei.kernel.models import Batch, Upload
from baolei.kernel.uploads.access import Can


@bulk_action("uploads.batch.undo", words=_("撤销导入"), needs=Can.UPLOAD)
def undo(batch: Batch, *, actor: Actor, kept: list[dict[str, str]]) -> dict[str, int]:
    """New rows of the batch go, changed ones are as before; `kept` gets those that stay (`imports.undo`).

    Raises PermissionDenied when the actor may not import what it brought, NothingToUndo.
    """
    return take_back(batch, actor, kept)


def undo_upload(upload: Upload, *, actor: Actor) -> None:
    """Take the batch of an upload back, and say so in the same transaction. Raises ImportBusy, NothingToUndo."""
    kept: list[dict[str, str]] = []
    with alone(), transaction.atomic():
        upload.undone = undo(upload.batch, actor=actor, kept=kept)
        upload.kept, upload.why = kept, ""
        upload.state = Upload.State.UNDONE
        upload.save()
