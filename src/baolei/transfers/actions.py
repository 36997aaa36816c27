"""A transfer is custody: until it is accepted the sender answers, one end holds it, a clock runs (TRF-02 to TRF-07)."""

from dataclasses import replace
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.actions import action
from baolei.kernel.calendar import require_turned_on
from baolei.kernel.ids import random_letters
from baolei.kernel.records import made_here
from baolei.members.actions import Enrolment, end_membership, enrol_member, hand_over_member, note_dues
from baolei.members.codes import COUNTED, Standing
from baolei.members.models import Member
from baolei.organizations.kinds import HOLDS_MEMBERS
from baolei.organizations.models import Organization
from baolei.transfers.access import Can
from baolei.transfers.codes import PROVINCES
from baolei.transfers.models import Transfer
from baolei.transfers.queries import inside_one_committee

State, Kind = Transfer.State, Transfer.Kind
RELEASE_DAYS = 15
"""Days in which the sending committee releases or sends back."""
CHECK = 16
"""Letters of the code on a letter."""
LETTER_DAYS, LETTER_MOST = 30, Transfer.LETTER_MOST
"""Days in which the receiving committee accepts or sends back, and a letter is valid; the most (TRF-07)."""


@action("transfers.transfer.ask", words=gettext_lazy("提出转接"), needs=Can.ASK, tree="shared")
def ask(member: Member, *, actor, receiver: Organization | None = None, outside: str = "") -> Transfer:
    """Ask that the member goes to `receiver`, or to the province with the code `outside`.

    Raises ValidationError: not counted any more, another one under way, the same branch, the same committee.
    """
    if member.standing not in COUNTED:
        raise ValidationError(_("此人已不在册，不能转接。"))
    require_none_open(member)
    if (receiver is None) == (not outside):
        raise ValidationError(_("请填写转入党支部，或者选择转往哪个省，只选一样。"))
    if receiver is not None:
        receiver = Organization.rows.get(pk=receiver.pk)
        _require_receiver(receiver)
        if receiver.pk == member.branch_id:
            raise ValidationError(_("已经在这个党支部。"))
        if inside_one_committee(member.branch, receiver):
            raise ValidationError(
                _("两个党支部在同一个基层党委之内，是内部调整（TRF-02），请由这个基层党委办理。")
            )
    return Transfer.rows.create(
        **made_here(),
        member=member,
        kind=Kind.LEAVING if receiver is None else Kind.INSIDE,
        sender=member.branch,
        receiver=receiver,
        outside=outside,
        asked_on=timezone.localdate(),
        state=State.ASKED,
        via_platform=True,
        run_here=True,
        asked_by=_asked_by(member, actor),
        **_clock(RELEASE_DAYS),
    )


def _clock(days: int | None) -> dict[str, date | None]:
    """From today on; a reminder after two thirds. None where it is over."""
    today = timezone.localdate()
    ahead = (None, None) if days is None else (today + timedelta(2 * days // 3), today + timedelta(days))
    return {"turned_on": today, "warn_on": ahead[0], "due_on": ahead[1]}


def _asked_by(member: Member, actor) -> str:
    """The member himself, his branch, or somebody above who acts for it, which the branch sees and may object to."""
    if actor.reach.person_id == member.pk:
        return Transfer.AskedBy.MEMBER
    own = member.branch.key in actor.reach.keys(Can.ASK)
    return Transfer.AskedBy.BRANCH if own else Transfer.AskedBy.ABOVE


@action("transfers.transfer.object", words=gettext_lazy("党支部提出异议"), needs=Can.ASK)
def object_to(transfer: Transfer, *, actor) -> Transfer:
    """The branch does not agree with what was asked for in its name: nobody releases until that is taken back.

    Raises ValidationError, PermissionDenied for everybody who is not of the branch itself.
    """
    _require(transfer, State.ASKED)
    if transfer.asked_by != Transfer.AskedBy.ABOVE or transfer.objected_on is not None:
        raise ValidationError(_("只有上级代办、还没有提出异议的，党支部可以提出异议。"))
    if transfer.sender.key not in actor.reach.keys(Can.ASK):
        raise PermissionDenied(_("由转出党支部提出异议。"))
    transfer.objected_on = timezone.localdate()
    transfer.save(update_fields=["objected_on"])
    return transfer


@action("transfers.transfer.agree", words=gettext_lazy("撤销异议"), needs=Can.ASK)
def agree(transfer: Transfer, *, actor) -> Transfer:
    """The branch takes its objection back. Raises ValidationError, PermissionDenied."""
    _require(transfer, State.ASKED)
    if transfer.objected_on is None:
        raise ValidationError(_("没有提出异议。"))
    if transfer.sender.key not in actor.reach.keys(Can.ASK):
        raise PermissionDenied(_("由转出党支部撤销异议。"))
    transfer.objected_on = None
    transfer.save(update_fields=["objected_on"])
    return transfer


@action("transfers.transfer.release", words=gettext_lazy("同意转出"), needs=Can.HANDLE)
def release(
    transfer: Transfer,
    *,
    actor,
    days: int = LETTER_DAYS,
    letter: str = "",
    dues_paid_to: date | None = None,
) -> Transfer:
    """The sending committee lets go; the other side has `days`. A letter to another province has a number (TRF-05).

    `dues_paid_to` is the first day of the last month paid, no amount.

    The member still counts at the sender (TRF-04). Raises ValidationError, PermissionDenied.
    """
    _require(transfer, State.ASKED)
    actor.require(Can.HANDLE, transfer.sender)
    if transfer.objected_on is not None:
        raise ValidationError(_("转出党支部对代办提出了异议，请先与党支部商定；党支部撤销异议后可以转出。"))
    _require_days(days)
    if (transfer.kind == Kind.LEAVING) == (not letter.strip()):
        raise ValidationError(_("转往省外的请填写介绍信编号，省内全程网上办理，不填。"))
    if dues_paid_to is not None:
        note_dues(transfer.member, dues_paid_to)
    return _write_letter(transfer, letter, days)


@action("transfers.transfer.reissue", words=gettext_lazy("补开介绍信"), needs=Can.HANDLE)
def reissue(transfer: Transfer, *, actor, why: str, letter: str, days: int = LETTER_DAYS) -> Transfer:
    """A letter to another province that ran out, was lost or names the wrong committee is made out anew (TRF-07).

    It has a new number and a new clock; the code on the old one leads nowhere. Raises ValidationError.
    """
    _require(transfer, State.RELEASED)
    if transfer.kind != Kind.LEAVING:
        raise ValidationError(_("省内转接全程网上办理，没有介绍信。"))
    actor.require(Can.HANDLE, transfer.sender)
    if why not in Transfer.Reissue.values:
        raise ValidationError(_("请选择补开的原因（TRF-07）。"))
    if why == Transfer.Reissue.EXPIRED and not transfer.is_late:
        raise ValidationError(_("介绍信还没有过期。"))
    if not letter.strip() or letter.strip() == transfer.letter:
        raise ValidationError(_("请填写新的介绍信编号。"))
    _require_days(days)
    transfer.reissue = why
    return _write_letter(transfer, letter, days)


def _require_days(days: int) -> None:
    if not 1 <= days <= LETTER_MOST:
        raise ValidationError(_("期限为 1 至 %(most)s 天（TRF-07）。") % {"most": LETTER_MOST})


def _write_letter(transfer: Transfer, letter: str, days: int) -> Transfer:
    """The other side's clock; of a letter on paper the number and the code with which anybody can check it."""
    transfer.letter = letter.strip()
    transfer.check_code = random_letters(CHECK) if transfer.letter else ""
    return _turn(transfer, State.RELEASED, days=days)


@action(
    "transfers.transfer.arrive",
    words=gettext_lazy("接收省外转入"),
    needs=Can.HANDLE,
    private=("enrolment",),
    tree="shared",
)
def arrive(
    branch: Organization,
    *,
    actor,
    enrolment: Enrolment,
    outside: str,
    letter: str,
    written_on: date,
    dues_paid_to: date | None = None,
) -> Transfer:
    """A member has come with another province's letter: he counts in `branch` from today (TRF-04, TRF-06).

    `enrolment` says who he is; its first day is today. Who went away from here has his row again, and its history.
    The receipt is cut off and sent back on paper.
    Raises ValidationError: no branch, a letter from nowhere or of more than ninety days, held by the register (G-12).
    """
    today = timezone.localdate()
    _require_receiver(branch)
    if outside not in PROVINCES:
        raise ValidationError(_("请选择从哪个省转来。"))
    if not letter.strip():
        raise ValidationError(_("请填写介绍信编号。"))
    if not today - timedelta(days=LETTER_MOST) <= written_on <= today:
        raise ValidationError(_("介绍信的日期应在最近 %(most)s 天以内（TRF-07）。") % {"most": LETTER_MOST})
    member = enrol_member(branch, actor=actor, enrolment=replace(enrolment, since=today), again=True)
    if dues_paid_to is not None:
        note_dues(member, dues_paid_to)
    return Transfer.rows.create(
        **made_here(),
        member=member,
        kind=Kind.ARRIVING,
        sender=None,
        receiver=branch,
        outside=outside,
        letter=letter.strip(),
        asked_on=written_on,
        accepted_on=today,
        state=State.ACCEPTED,
        via_platform=False,
        run_here=True,
    )


@action("transfers.transfer.accept", words=gettext_lazy("接收"), needs=Can.HANDLE, tree="shared")
def accept(transfer: Transfer, *, actor, branch: Organization | None = None) -> Transfer:
    """The receiving committee takes the member into `branch`, by itself the one asked for: he counts there from today.

    Raises ValidationError (not released, a branch of another committee, left meanwhile), PermissionDenied.
    """
    _require(transfer, State.RELEASED)
    if transfer.receiver is None:
        raise ValidationError(_("转往省外的在收到回执后登记。"))
    actor.require(Can.HANDLE, transfer.receiver)
    branch = Organization.rows.get(pk=branch.pk) if branch else transfer.receiver
    _require_receiver(branch)
    if branch.pk != transfer.receiver_id and not inside_one_committee(branch, transfer.receiver):
        raise ValidationError(_("只能编入本基层党委之内的党支部；属于别处的请退回。"))
    member = Member.rows.select_for_update(of=("self",)).get(pk=transfer.member_id)
    if member.branch_id != transfer.sender_id or member.standing not in COUNTED:
        raise ValidationError(_("这名党员已不在转出党支部，请由转出一方撤回后重新提出。"))
    transfer.member, transfer.receiver, transfer.accepted_on = member, branch, timezone.localdate()
    transfer = _turn(transfer, State.ACCEPTED)
    member.branch = transfer.sender  # the same one, read already
    hand_over_member(member, branch, transfer.accepted_on)
    return transfer


@action("transfers.transfer.receipt", words=gettext_lazy("登记回执"), needs=Can.HANDLE, tree="shared")
def enter_receipt(transfer: Transfer, *, actor) -> Transfer:
    """The receipt of another province's committee is here: the member is theirs from today (TRF-06)."""
    _require(transfer, State.RELEASED)
    if transfer.receiver is not None:
        raise ValidationError(_("省内转接由接收一方在网上接收，没有回执。"))
    actor.require(Can.HANDLE, transfer.sender)
    transfer.accepted_on = timezone.localdate()
    transfer = _turn(transfer, State.ACCEPTED)
    end_membership(transfer.member, actor=actor, standing=Standing.TRANSFERRED_OUT, on=transfer.accepted_on)
    return transfer


@action("transfers.transfer.refuse", words=gettext_lazy("退回"), needs=Can.HANDLE)
def refuse(transfer: Transfer, *, actor, refusal: str) -> Transfer:
    """The end that holds it sends it back, with a reason from the list (TRF-03); the member stays where he is."""
    _require(transfer, *Transfer.OPEN)
    actor.require(Can.HANDLE, transfer.holder)
    if refusal not in Transfer.Refusal.values:
        raise ValidationError(_("请选择退回的原因；没有原因不得拒转、拒接（TRF-03）。"))
    transfer.refusal = refusal
    return _turn(transfer, State.REFUSED)


@action("transfers.transfer.withdraw", words=gettext_lazy("撤回"), needs=Can.ASK)
def withdraw(transfer: Transfer, *, actor) -> Transfer:
    """The member himself or the sending side takes it back before it is accepted."""
    _require(transfer, *Transfer.OPEN)
    actor.require(Can.ASK, transfer.member)
    return _turn(transfer, State.WITHDRAWN)


@action("transfers.transfer.push", words=gettext_lazy("催办"), needs=Can.ASK)
def push(transfer: Transfer, *, actor) -> Transfer:
    """Once a day, what is late can be pushed by who asked; the committees above both ends see the day."""
    _require(transfer, *Transfer.OPEN)
    actor.require(Can.ASK, transfer.member)
    if not transfer.is_late:
        raise ValidationError(_("还没有到期，到期仍未办理的可以催办。"))
    if transfer.pushed_on == timezone.localdate():
        raise ValidationError(_("今天已经催办过。"))
    transfer.pushed_on = timezone.localdate()
    transfer.save()
    return transfer


def require_none_open(member: Member) -> None:
    """Raises ValidationError while a transfer of the member is under way: he is in its custody."""
    if Transfer.rows.filter(member=member, run_here=True, state__in=Transfer.OPEN).exists():
        raise ValidationError(_("这名党员有一件组织关系转接正在办理，请先办结或撤回。"))


def _require_receiver(branch: Organization) -> None:
    if branch.kind not in HOLDS_MEMBERS or branch.closed_on is not None:
        raise ValidationError(_("转入的须是现有的党支部。"))


def _require(transfer: Transfer, *states: str) -> None:
    if not transfer.run_here:
        raise ValidationError(_("这是导入的记录，不在平台上办理。"))
    if transfer.state not in states:
        raise ValidationError(
            _("这件转接现在是“%(state)s”，不能这样办；请刷新后再看。")
            % {"state": transfer.get_state_display()}
        )
    require_turned_on(transfer.turned_on or transfer.asked_on)


_TURNED = (
    "turned_on",
    "check_code",
    "reissue",
    "state",
    "pushed_on",
    "due_on",
    "letter",
    "refusal",
    "accepted_on",
    "receiver",
)


def _turn(transfer: Transfer, state: str, *, days: int | None = None) -> Transfer:
    """The next state, with the clock of who holds it then."""
    transfer.state, transfer.pushed_on = state, None
    for name, day in _clock(days).items():
        setattr(transfer, name, day)
    transfer.save(update_fields=[*_TURNED])
    return transfer
