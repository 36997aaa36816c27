"""Cases of pocket members: opened from a letter that ran out, contacts, the member's answer, an end (PKT-02, G-10)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.actions import action
from baolei.kernel.models import StaleMark
from baolei.kernel.records import made_here
from baolei.transfers.access import Can
from baolei.transfers.models import Contact, PocketCase, Transfer

ATTEMPTS, WAYS, DAYS = 3, 2, 3
"""What has been tried before a member counts as not reached (G-10)."""


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
    """Ended otherwise than by reporting, which accepting the transfer does by itself. Raises ValidationError.

    "Not reached" asks for three attempts in two ways on three days (G-10).
    """
    _require_open(case)
    if outcome not in (PocketCase.Outcome.NOT_FOUND, PocketCase.Outcome.OTHER):
        raise ValidationError(_("已报到的由接收转接一步自动办结；请选择其他结果。"))
    if outcome == PocketCase.Outcome.NOT_FOUND and not tried_enough(case):
        raise ValidationError(
            _("登记为未取得联系之前，须有 %(attempts)s 次联系、%(ways)s 种方式、分在 %(days)s 天（G-10）。")
            % {"attempts": ATTEMPTS, "ways": WAYS, "days": DAYS}
        )
    return _close(case, outcome)


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
        StaleMark.objects.create(model=PocketCase._meta.label, key=case.organization.key)


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


def _close(case: PocketCase, outcome: str) -> PocketCase:
    case.outcome, case.closed_on = outcome, timezone.localdate()
    case.save(update_fields=["outcome", "closed_on"])
    return case


def _require_open(case: PocketCase) -> None:
    if not case.runs_here:
        raise ValidationError(_("这是导入的记录，不在平台上办理。"))
    if case.closed_on is not None:
        raise ValidationError(_("已经办结。"))
