"""The steps of a transfer, of a pocket member's case and of a hint as data: who may do which, with what form, and what then happens."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Actor
from baolei.kernel.flow import PlainForm, Step
from baolei.transfers import actions, floating_actions, hint_actions, pocket_actions
from baolei.transfers.access import Can
from baolei.transfers.forms import (
    AcceptForm,
    AnswerForm,
    CloseForm,
    ConfirmForm,
    ContactForm,
    DayForm,
    LetterForm,
    MeetingForm,
    RefuseForm,
    ReissueForm,
    ReleaseForm,
    RestoreForm,
    SetAsideForm,
)
from baolei.transfers.models import Floating, Hint, PocketCase, Transfer

State, Kind = Transfer.State, Transfer.Kind


def _handles(end: str) -> Callable[[Actor, Transfer], bool]:
    def may(actor: Actor, transfer: Transfer) -> bool:
        organization = getattr(transfer, end)
        return organization is not None and actor.can(Can.HANDLE, organization)

    return may


def _asks(actor: Actor, transfer: Transfer) -> bool:
    return actor.can(Can.ASK, transfer.member)


def _of_the_branch(actor: Actor, transfer: Transfer) -> bool:
    return transfer.sender is not None and transfer.sender.key in actor.reach.keys(Can.ASK)


def _is(state: str, *kinds: str) -> Callable[[Transfer], bool]:
    return lambda transfer: transfer.run_here and transfer.state == state and transfer.kind in kinds


def _is_open(transfer: Transfer) -> bool:
    return transfer.run_here and transfer.state in Transfer.OPEN


_COUNTS = _("在接收一方接收之前，党员仍由转出一方管理，计入转出党支部（TRF-04）。")

STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step(
            *("release", _("同意转出"), _COUNTS, _is(State.ASKED, Kind.INSIDE)),
            *(_handles("sender"), actions.release, ReleaseForm, True),
        ),
        Step(
            *("letter", _("开具介绍信"), _COUNTS, _is(State.ASKED, Kind.LEAVING)),
            *(_handles("sender"), actions.release, LetterForm, True),
        ),
        Step(
            "accept",
            _("接收"),
            _("接收后，党员自今天起计入转入党支部，转出一方不再计入。"),
            _is(State.RELEASED, Kind.INSIDE),
            *(_handles("receiver"), actions.accept, AcceptForm, True),
        ),
        Step(
            "receipt",
            _("登记回执"),
            _("收到省外党组织寄回的回执后登记：党员自今天起转出省外，不再计入。"),
            _is(State.RELEASED, Kind.LEAVING),
            *(_handles("sender"), actions.enter_receipt, PlainForm, True),
        ),
        Step(
            "push",
            _("催办"),
            _("已经到期的可以催办，每天一次；两地共同的上级党组织能看到。"),
            lambda transfer: _is_open(transfer) and transfer.is_late,
            _asks,
            actions.push,
        ),
        Step(
            "pocket",
            _("列为口袋党员"),
            _(
                "到期仍未报到的，列为口袋党员：登记每次联系，引导报到；接收后自动办结（PKT-01）。本人可以看到并答复。"
            ),
            lambda transfer: transfer.has_run_out and not pocket_actions.open_case_of(transfer).exists(),
            lambda actor, transfer: actor.can(Can.CASE, transfer.holder),
            pocket_actions.open_case,
        ),
        Step(
            "reissue",
            _("补开介绍信"),
            _("过期、遗失或者名称有误的，补开一份：编号和期限重新计算，原来那份上的核验码失效（TRF-07）。"),
            _is(State.RELEASED, Kind.LEAVING),
            *(_handles("sender"), actions.reissue, ReissueForm),
        ),
        Step(
            "object",
            _("提出异议"),
            _("这件转接由上级代为提出。党支部不同意的可以提出异议，商定以前不能转出。"),
            lambda transfer: (
                _is(State.ASKED, Kind.INSIDE, Kind.LEAVING)(transfer)
                and transfer.asked_by == Transfer.AskedBy.ABOVE
                and transfer.objected_on is None
            ),
            *(_of_the_branch, actions.object_to),
        ),
        Step(
            "agree",
            _("撤销异议"),
            _("已经商定的，撤销异议，转接继续办理。"),
            lambda transfer: transfer.state == State.ASKED and transfer.objected_on is not None,
            *(_of_the_branch, actions.agree, PlainForm, True),
        ),
        Step(
            "refuse",
            _("退回"),
            _("没有原因不得拒转、拒接（TRF-03）。退回后党员仍在转出党支部，可以重新提出。"),
            _is_open,
            _handles("holder"),
            actions.refuse,
            RefuseForm,
        ),
        Step(
            "withdraw",
            _("撤回"),
            _("撤回后党员仍在转出党支部，可以重新提出。"),
            _is_open,
            _asks,
            actions.withdraw,
        ),
    )
}


def _case_open(case: PocketCase) -> bool:
    return case.runs_here and case.closed_on is None


def _handles_case(actor: Actor, case: PocketCase) -> bool:
    return actor.can(Can.CASE, case)


def _keeps_member(actor: Actor, case: PocketCase) -> bool:
    return actor.can(Can.HANDLE, case.member.branch)


CASE_STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step(
            "contact",
            _("登记联系"),
            _("只记日期、方式和结果，不记本人去向和其他人（G-10）。"),
            *(_case_open, _handles_case, pocket_actions.enter_contact, ContactForm, True),
        ),
        Step(
            "answer",
            _("答复"),
            _("党组织把您列为持介绍信未报到的党员。请选择一项答复，党组织会看到。"),
            _case_open,
            lambda actor, case: actor.reach.person_id == case.member_id,
            *(pocket_actions.answer_case, AnswerForm, True),
        ),
        Step(
            "close",
            _("办结"),
            _("已报到的在接收转接时自动办结。登记为未取得联系，须先有三次联系、两种方式、分在三天（G-10）。"),
            *(_case_open, _handles_case, pocket_actions.close_case, CloseForm),
        ),
        Step(
            "found",
            _("重新取得联系"),
            _("失联的党员重新取得联系，纳入正常管理。已停止党籍的请办理恢复党籍。"),
            lambda case: case.is_lost and case.suspended_on is None,
            *(_handles_case, pocket_actions.find_lost, PlainForm, True),
        ),
        Step(
            "suspend",
            _("停止党籍"),
            _(
                "失联满 6 个月，用尽 3 次联系、2 种方式、分在 3 天仍未取得联系的，由支部党员大会决定停止党籍（LST-01、G-10）。"
                "从大会之日起不再计入党员总数。"
            ),
            lambda case: case.is_lost and case.suspended_on is None,
            *(_keeps_member, pocket_actions.suspend_lost, MeetingForm),
        ),
        Step(
            "restore",
            _("恢复党籍"),
            _(
                "停止党籍 2 年之内找到的：本人书面申请，支部考察、大会讨论，党委审查，县级党委组织部门批准（LST-03）。"
            ),
            lambda case: case.is_lost and case.suspended_on is not None,
            *(_keeps_member, pocket_actions.restore_lost, RestoreForm, True),
        ),
        Step(
            "remove",
            _("按自行脱党除名"),
            _("停止党籍满 2 年仍未取得联系的，按自行脱党除名（LST-02）。"),
            lambda case: case.is_lost and case.suspended_on is not None,
            *(_keeps_member, pocket_actions.remove_lost, MeetingForm),
        ),
    )
}


def _floats(end: str) -> Callable[[Actor, Floating], bool]:
    def may(actor: Actor, floating: Floating) -> bool:
        organization = getattr(floating, end)
        return organization is not None and actor.can(Can.FLOAT, organization)

    return may


def _is_away(floating: Floating) -> bool:
    return floating.during.upper is None


FLOATING_STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step(
            "contact",
            _("登记联系"),
            _("流出党支部应当保持经常联系（FLT-03）。只记日期，不记本人去向（G-10）。"),
            *(_is_away, _floats("organization"), floating_actions.contact_floating, DayForm, True),
        ),
        Step(
            "take-part",
            _("登记参加组织生活"),
            _("一方隶属、参加多重组织生活：在流入党支部参加的，记最近一次的日期（FLT-03）。"),
            *(_is_away, _floats("host"), floating_actions.enter_participation, DayForm, True),
        ),
        Step(
            "end",
            _("登记返回"),
            _("回到流出党支部参加组织生活的，登记返回日期。组织关系转出的自动了结。"),
            *(_is_away, _floats("organization"), floating_actions.end_floating, DayForm),
        ),
    )
}


def _handles_hint(actor: Actor, hint: Hint) -> bool:
    return actor.can(Can.HINT, hint)


HINT_STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step(
            "confirm",
            _("确认"),
            _(
                "系统只作提示，由党组织研究决定（G-26）。确认后列为口袋党员，登记联系，引导报到，本人可以看到并答复；"
                "可能重复登记的，双方都确认后才显示对方姓名（G-11）。"
            ),
            lambda hint: hint.confirmed_on is None,
            _handles_hint,
            *(hint_actions.confirm_hint, ConfirmForm, True),
        ),
        Step(
            "set-aside",
            _("排除"),
            _("排除后这条线索今天失效，同样的依据一年之内不再提示。由党组织研究决定（G-26）。"),
            lambda hint: hint.confirmed_on is None or hint.other_id is not None,
            _handles_hint,
            *(hint_actions.set_aside_hint, SetAsideForm),
        ),
    )
}


def next_words(transfer: Transfer) -> str:
    """What is waited for, empty when it is over."""
    return next((str(step.words) for step in STEPS.values() if step.first and step.fits(transfer)), "")
