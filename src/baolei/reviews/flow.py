"""The steps of an appraisal as data: who may do which, with what form, and what then happens (APR-01)."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Actor, Permission
from baolei.kernel.flow import Step
from baolei.reviews import actions, forms
from baolei.reviews.access import Can
from baolei.reviews.models import Round
from baolei.reviews.queries import decides, is_over_share

State = Round.State


def _is(*states: str) -> Callable[[Round], bool]:
    return lambda round: round.state in states


def _before_poll(round: Round) -> bool:
    return round.state == State.HELD and not round.is_polling


def _may(permission: Permission) -> Callable[[Actor, Round], bool]:
    return lambda actor, round: decides(actor, permission, round.organization)


def _has_too_many(round: Round) -> bool:
    return round.state == State.GRADED and not round.waiver and is_over_share(round)


_RUN, _OVERSEE = _may(Can.RUN), _may(Can.OVERSEE)

STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step(
            "hold",
            _("登记评议会议"),
            _("党员先在自己的页面写个人自评，开会时互评（APR-01）。到会不足半数的不能测评（LIFE-01）。"),
            *(_is(State.PREPARING), _RUN, actions.hold_meeting, forms.HoldForm, True),
        ),
        Step(
            "excuse",
            _("不参加的党员"),
            _("年老体弱等经同意可以不参加；停止党籍的不在名单上（APR-07）。"),
            *(_is(State.PREPARING), _RUN, actions.excuse, forms.ExcuseForm),
        ),
        Step(
            "poll",
            _("开始测评"),
            _(
                "下一页印出每人一张的测评票：打印后裁开，随意抽取，不要记谁拿了哪一张。"
                "编号只显示这一次。用手机扫码或在会场电脑上投票，谁投了什么无人能查（APR-05）。"
            ),
            *(_before_poll, _RUN, actions.open_poll, forms.PollForm, True),
        ),
        Step(
            "paper",
            _("登记纸质票"),
            _("用纸质票测评的，唱票、监票后登记票数。有效票不足五张的，只保存是否达到半数（G-07）。"),
            *(_before_poll, _RUN, actions.enter_paper_poll, forms.PaperForm),
        ),
        Step(
            "count",
            _("结束投票并计票"),
            _("计票以后不能再投。票箱只开这一次，随后销毁钥匙。"),
            *(lambda round: round.is_polling, _RUN, actions.count_poll),
            first=True,
        ),
        Step(
            "void",
            _("宣布作废"),
            _("票箱打不开、票印坏或者有人多拿了票的，宣布作废，已投的票不再打开；可以重新测评。"),
            *(lambda round: round.is_polling, _RUN, actions.void_poll),
        ),
        Step(
            "tell",
            _("反馈本人"),
            _("已经逐一告知本人的，点击确认；此后党员在自己的页面看得到等次和测评情况。"),
            lambda round: round.state == State.GRADED and not _has_too_many(round),
            *(_RUN, actions.tell),
            first=True,
        ),
        Step(
            "waive",
            _("同意超过三分之一"),
            _("优秀一般不超过三分之一；确有理由的，由上级党委同意（APR-03）。"),
            *(_has_too_many, _OVERSEE, actions.waive_share, forms.WaiveForm, True),
        ),
        Step(
            "grade",
            _("评定等次"),
            _(
                "党支部委员会根据测评和日常表现评定；测评结果不自动成为等次（APR-01）。"
                "优秀一般不超过参加评议党员的三分之一（APR-03），预备党员不评定（APR-04）。"
            ),
            *(_is(State.POLLED, State.GRADED), _RUN, actions.decide_grades, forms.GradeForm, True),
        ),
        Step(
            "report",
            _("报送上级"),
            _("报送上级党委审核。"),
            *(_is(State.TOLD), _RUN, actions.report),
            first=True,
        ),
        Step(
            "close",
            _("审核办结"),
            _("办结后计入民主评议的数据；每名党员的情况三年后清除。"),
            *(_is(State.REPORTED), _OVERSEE, actions.close_round),
            first=True,
        ),
        Step(
            "send_back",
            _("退回重新评定"),
            _("党支部重新评定、反馈本人后再报送；测评的票数不变。"),
            *(_is(State.REPORTED), _OVERSEE, actions.send_back),
        ),
        Step(
            "cancel",
            _("取消"),
            _("误开的或者不能继续的可以取消：每名党员的情况立即清除，可以重新开展。"),
            lambda round: round.state not in Round.OVER,
            *(_OVERSEE, actions.cancel),
        ),
    )
}
