"""What a branch or its basic committee makes of a hint: a named body confirms it or sets it aside (G-09, G-26)."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.access import Actor
from baolei.kernel.actions import action
from baolei.members.codes import COUNTED
from baolei.transfers.access import Can
from baolei.transfers.models import Hint, Proposed
from baolei.transfers.pocket_actions import open_case
from baolei.transfers.queries import near


class Body(models.TextChoices):
    """Who decided; the program only proposes (G-26)."""

    BRANCH_COMMITTEE = "branch_committee", gettext_lazy("支部委员会")
    BRANCH_MEETING = "branch_meeting", gettext_lazy("支部党员大会")
    BASIC_COMMITTEE = "basic_committee", gettext_lazy("基层党委")


class Grounds(models.TextChoices):
    """Why it is set aside; nothing about the person (G-01)."""

    IN_TOUCH = "in_touch", gettext_lazy("本人一直有联系，正常参加组织生活")
    REPORTED = "reported", gettext_lazy("已经报到，手续尚在补办")
    RECORDS = "records", gettext_lazy("登记有误，已经更正")
    NOT_SAME = "not_same", gettext_lazy("不是同一个人")


@action("transfers.hint.confirm", words=gettext_lazy("确认线索"), needs=Can.HINT)
def confirm_hint(hint: Hint, *, actor, body: str) -> Hint:
    """The body finds it true: the pocket case is opened. Of a double entry this is the one side's word (G-11).

    Raises ValidationError, PermissionDenied above the basic committee.
    """
    _require(hint, actor, body)
    if hint.confirmed_on is not None:
        raise ValidationError(_("这条线索已经确认。"))
    member = hint.member
    if member.branch_id != hint.organization_id or member.standing not in COUNTED:
        raise ValidationError(_("这名党员已不在本党支部，这条线索不再适用。"))
    if hint.other_id is None:
        open_case(hint.transfer, actor=actor)
    hint.confirmed_on = timezone.localdate()
    hint.save(update_fields=["confirmed_on"])
    return hint


@action("transfers.hint.set_aside", words=gettext_lazy("排除线索"), needs=Can.HINT)
def set_aside_hint(hint: Hint, *, actor, body: str, grounds: str) -> Hint:
    """The body finds nothing in it: the hint is gone today, and the same evidence is not proposed for a year.

    Raises ValidationError, PermissionDenied above the basic committee.
    """
    _require(hint, actor, body)
    if grounds not in Grounds.values:
        raise ValidationError(_("请选择原因。"))
    if hint.confirmed_on is not None and hint.other_id is None:
        raise ValidationError(_("已经列为口袋党员，请在口袋党员中办结。"))
    today = timezone.localdate()
    hint.until = today
    hint.save(update_fields=["until"])
    Proposed.objects.filter(digest=hint.digest).update(until=today + timedelta(days=Hint.REST))
    return hint


def _require(hint: Hint, actor: Actor, body: str) -> None:
    if not Hint.rows.filter(near(actor), pk=hint.pk).exists():
        raise PermissionDenied(Can.HINT.label)
    if not hint.is_alive:
        raise ValidationError(_("这条线索已经处理或者到期（G-09）。"))
    if body not in Body.values:
        raise ValidationError(_("请选择由谁研究决定：系统只作提示，由党组织决定（G-26）。"))
