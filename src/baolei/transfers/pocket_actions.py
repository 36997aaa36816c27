"""Cases of pocket members: opened from a letter that ran out, contacts, the member's answer, an end (PKT-02, G-10).

Not reached, the member is lost: found again, or suspended, then restored or removed, each in its time (LST-01 to 03).
"""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.actions import action
from baolei.kernel.calendar import months_after, require_turned_on
from baolei.kernel.models import StaleMark
from baolei.kernel.records import made_here
from baolei.members.actions import remove_suspended, restore_member, suspend_member
from baolei.transfers.access import Can
from baolei.transfers.actions import require_none_open
from baolei.transfers.models import Contact, PocketCase, Transfer

ATTEMPTS, WAYS, DAYS = 3, 2, 3
"""What has been tried before a member counts as not reached (G-10)."""
LOST_MONTHS, SUSPENDED_MONTHS = 6, 24
"""How long lost before the membership is suspended, and suspended before it is removed (LST-01, LST-02)."""


@action("transfers.pocket_case.open", words=gettext_lazy("列为口袋党员"), needs=Can.CASE)
def open_case(transfer: Transfer, *, actor) -> PocketCase:
    """The letter ran out and nobody has reported (PKT-01): whoever the member is to report to guides him there.

    For a letter to another province that is the sender. Raises ValidationError when it has not run out.
    """
    if not transfer.has_run_out:
        raise ValidationError(_("只有已转出、到期仍未接收的，才列为口袋党员。"))
    if open_case_of(transfer).exists():
        raise ValidationError(_("已经列为口袋党员，正在办理。"))
    return PocketCase.rows.create(
        **made_here(),
        transfer=transfer,
        member=transfer.member,
        organization=transfer.holder,
        home=transfer.sender,
        found_on=timezone.localdate(),
    )


@action("transfers.pocket_case.contact", words=gettext_lazy("登记联系"), needs=Can.CASE)
def enter_contact(case: PocketCase, *, actor, on: date, way: str, result: str) -> Contact:
    """One attempt, successful or not, on a day of the case. Raises ValidationError."""
    _require_open(case)
    if not case.found_on <= on <= timezone.localdate():
        raise ValidationError(_("联系日期不能早于发现日期，也不能晚于今天。"))
    if way not in Contact.Way.values or result not in Contact.Result.values:
        raise ValidationError(_("请选择联系的方式和结果。"))
    return Contact.rows.create(
        case=case, organization=case.organization, member=case.member, on=on, way=way, result=result
    )


@action("transfers.pocket_case.close", words=gettext_lazy("办结"), needs=Can.CASE)
def close_case(case: PocketCase, *, actor, outcome: str) -> PocketCase:
    """Ended otherwise than by reporting, which accepting a transfer that runs here does by itself.

    "Not reached" asks for three attempts in two ways on three days (G-10). Raises ValidationError.
    """
    _require_open(case)
    by_accepting = outcome == PocketCase.Outcome.REPORTED and case.transfer.run_here
    if by_accepting or outcome not in PocketCase.Outcome.values:
        raise ValidationError(_("已报到的由接收转接一步自动办结；请选择其他结果。"))
    if outcome == PocketCase.Outcome.NOT_FOUND and not tried_enough(case):
        raise ValidationError(
            _("登记为未取得联系之前，须有 %(attempts)s 次联系、%(ways)s 种方式、分在 %(days)s 天（G-10）。")
            % {"attempts": ATTEMPTS, "ways": WAYS, "days": DAYS}
        )
    return _close(case, outcome)


@action("transfers.pocket_case.suspend", words=gettext_lazy("停止党籍"), needs=Can.HANDLE, tree="shared")
def suspend_lost(case: PocketCase, *, actor, met_on: date) -> PocketCase:
    """The branch meeting decides that the membership of a lost member is suspended from that day (LST-01).

    Raises ValidationError: less than half a year lost, too little tried (G-10), on the way; PermissionDenied.
    """
    _require_lost(case, actor, suspended=False)
    _require_day(met_on, months_after(case.found_on, LOST_MONTHS), _("失联满 6 个月才能停止党籍（LST-01）"))
    if not tried_enough(case):
        raise ValidationError(_("停止党籍之前，须有 3 次联系、2 种方式、分在 3 天（G-10）。"))
    require_none_open(case.member)
    suspend_member(case.member, met_on)
    case.suspended_on = met_on
    case.save(update_fields=["suspended_on"])
    return case


@action("transfers.pocket_case.remove", words=gettext_lazy("按自行脱党除名"), needs=Can.HANDLE)
def remove_lost(case: PocketCase, *, actor, met_on: date) -> PocketCase:
    """Two years after the suspension and still lost: removed as self-lapsed (LST-02). Raises as `suspend_lost`."""
    _require_lost(case, actor, suspended=True)
    earliest = months_after(case.suspended_on, SUSPENDED_MONTHS)
    _require_day(met_on, earliest, _("停止党籍满 2 年仍未取得联系的，才按自行脱党除名（LST-02）"))
    remove_suspended(case.member, met_on)
    return _end_lost(case, PocketCase.Ending.REMOVED, met_on)


@action("transfers.pocket_case.restore", words=gettext_lazy("恢复党籍"), needs=Can.HANDLE, tree="shared")
def restore_lost(case: PocketCase, *, actor, met_on: date, document: str) -> PocketCase:
    """Found within two years, by the document of the county's organization department (LST-03).

    Raises as `suspend_lost`, and without a document.
    """
    _require_lost(case, actor, suspended=True)
    if not document.strip():
        raise ValidationError(_("请填写县级党委组织部门批复的文号（LST-03）。"))
    if met_on > months_after(case.suspended_on, SUSPENDED_MONTHS):
        raise ValidationError(_("停止党籍超过 2 年的不再恢复（LST-03）。"))
    _require_day(met_on, case.suspended_on + timedelta(days=1), _("恢复党籍在停止党籍之后"))
    restore_member(case.member, met_on)
    return _end_lost(case, PocketCase.Ending.RESTORED, met_on)


@action("transfers.pocket_case.find", words=gettext_lazy("重新取得联系"), needs=Can.CASE)
def find_lost(case: PocketCase, *, actor) -> PocketCase:
    """In touch again before anything was decided: not lost any more. Raises ValidationError."""
    if not case.is_lost or case.suspended_on is not None:
        raise ValidationError(
            _("只有失联、还没有停止党籍的才这样办理；已停止党籍的请办理恢复党籍（LST-03）。")
        )
    return _end_lost(case, PocketCase.Ending.FOUND, timezone.localdate())


@action("transfers.pocket_case.answer", words=gettext_lazy("本人答复"), needs=Can.VIEW)
def answer_case(case: PocketCase, *, actor, answer: str) -> PocketCase:
    """What the member himself says; he alone. Raises ValidationError, PermissionDenied."""
    if actor.reach.person_id != case.member_id:
        raise ValidationError(_("只能由本人答复。"))
    _require_open(case)
    if answer not in PocketCase.Answer.values:
        raise ValidationError(_("请选择答复。"))
    case.answer, case.answered_on = answer, timezone.localdate()
    case.save(update_fields=["answer", "answered_on"])
    return case


def report_of(transfer: Transfer) -> None:
    """The transfer is accepted: the member has reported."""
    _end(transfer, PocketCase.Outcome.REPORTED)


def end_with(transfer: Transfer) -> None:
    """The transfer was sent back or withdrawn: there is nothing to report with any more."""
    _end(transfer, PocketCase.Outcome.OTHER)


def _end(transfer: Transfer, outcome: str) -> None:
    for case in open_case_of(transfer).select_for_update():
        _close(case, outcome)
        StaleMark.leave([PocketCase], [case.organization.key])


def open_case_of(transfer: Transfer) -> QuerySet[PocketCase]:
    return PocketCase.rows.filter(transfer=transfer, closed_on=None)


def contacts_of(case: PocketCase) -> list[Contact]:
    """Oldest first."""
    return list(Contact.rows.filter(case=case).order_by("on", "pk"))


def tried_enough(case: PocketCase) -> bool:
    """Whether enough has been tried before a member counts as not reached (G-10)."""
    tried = contacts_of(case)
    ways, days = {contact.way for contact in tried}, {contact.on for contact in tried}
    return len(tried) >= ATTEMPTS and len(ways) >= WAYS and len(days) >= DAYS


def _require_lost(case: PocketCase, actor, *, suspended: bool) -> None:
    """The case is there, and the actor keeps the branch of the member: the other end decides nothing of it."""
    if not case.is_lost or (case.suspended_on is not None) != suspended:
        raise ValidationError(_("这件还没有到这一步，或者已经办结；请刷新后再看。"))
    actor.require(Can.HANDLE, case.member.branch)


def _require_day(met_on: date, earliest: date, words: str) -> None:
    if met_on < earliest:
        raise ValidationError(_("%(words)s：最早 %(day)s。") % {"words": words, "day": earliest})
    if met_on > timezone.localdate():
        raise ValidationError(_("请填写已经召开的支部党员大会的日期。"))


def _end_lost(case: PocketCase, ending: str, on: date) -> PocketCase:
    case.ending, case.ended_on = ending, on
    case.save(update_fields=["ending", "ended_on"])
    return case


def _close(case: PocketCase, outcome: str) -> PocketCase:
    case.outcome, case.closed_on = outcome, timezone.localdate()
    case.save(update_fields=["outcome", "closed_on"])
    return case


def _require_open(case: PocketCase) -> None:
    if not case.runs_here:
        raise ValidationError(_("这是导入的记录，不在平台上办理。"))
    if case.closed_on is not None:
        raise ValidationError(_("已经办结。"))
    require_turned_on(case.found_on)
