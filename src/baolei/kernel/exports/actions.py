"""Writes: ask for a list, agree or refuse as a second person. What is taken is recorded by the list's own action."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Actor, Permission
from baolei.kernel.actions import action
from baolei.kernel.exports import queries
from baolei.kernel.models import ExportRequest
from baolei.kernel.tree import STEP

State = ExportRequest.State


@action("exports.request.ask", words=_("申请导出名单"), needs=None)
def ask(
    target,
    *,
    actor: Actor,
    right: Permission,
    page: str,
    title: str,
    query: str,
    purpose: str,
    form: str,
    rows: int,
) -> ExportRequest:
    """Ask for a list of `rows` names. Raises PermissionDenied without the right to export it."""
    actor.require(right)
    return ExportRequest.objects.create(
        page=page,
        title=title,
        query=query,
        purpose=purpose,
        form=form,
        rows=rows,
        key=_common(actor.reach.keys(right)),
        actor_id=actor.user_id,
        actor_name=actor.name,
        office=actor.office,
    )


def _common(keys: tuple[str, ...]) -> str:
    """The place at or above all of them: who agrees must be in charge of the whole."""
    first, last = min(keys), max(keys)
    length = next((at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[: length // STEP * STEP]


@action("exports.request.agree", words=_("同意导出名单"), needs=None)
def agree(request: ExportRequest, *, actor: Actor) -> ExportRequest:
    """The list may be taken once within seven days. Raises ValidationError, PermissionDenied for one's own."""
    _decided(request, actor)
    request.state = State.AGREED
    request.until = timezone.now() + timedelta(days=ExportRequest.DAYS)
    request.save()
    return request


@action("exports.request.refuse", words=_("不同意导出名单"), needs=None)
def refuse(request: ExportRequest, *, actor: Actor, why: str) -> ExportRequest:
    """With words that the one who asked reads. Raises ValidationError, PermissionDenied for one's own."""
    if not why.strip():
        raise ValidationError(gettext("请写明不同意的原因。"))
    _decided(request, actor)
    request.state, request.why = State.REFUSED, why.strip()[:200]
    request.save()
    return request


def _decided(request: ExportRequest, actor: Actor) -> None:
    if not queries.within(actor).filter(pk=request.pk).exists():
        raise PermissionDenied
    held = ExportRequest.objects.select_for_update().get(pk=request.pk)
    if held.state != State.ASKED or held.asked_at <= ExportRequest.stale():
        raise ValidationError(gettext("这份申请已经有结果或已过期。"))
    request.decided_id, request.decided_name, request.decided_at = actor.user_id, actor.name, timezone.now()


def taken(request: ExportRequest, *, actor: Actor) -> ExportRequest:
    """Hold the request and mark it taken, inside the transaction that writes the file.

    Raises PermissionDenied for another's, ValidationError when it is not, or no more, to be taken.
    """
    held = ExportRequest.objects.select_for_update().filter(pk=request.pk, actor_id=actor.user_id).first()
    if held is None:
        raise PermissionDenied
    if not held.may_be_taken:
        raise ValidationError(gettext("这份名单现在不能下载：未经同意、已下载过或已过期。需要时请重新申请。"))
    held.state, held.taken_at = State.TAKEN, timezone.now()
    held.save()
    return held
