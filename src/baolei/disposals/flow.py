"""The steps of a disposal as data: who may do which, with what form, and what then happens (domain 2.5)."""

from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baolei.disposals import actions, forms, queries
from baolei.disposals.access import Can
from baolei.disposals.codes import EARLY, OPEN, REMOVALS, Kind, State
from baolei.disposals.models import Disposal, Entry
from baolei.kernel.access import Actor
from baolei.kernel.flow import Step


def _is(*states: str, kinds: tuple[str, ...] = ()) -> Callable[[Disposal], bool]:
    return lambda disposal: disposal.state in states and (not kinds or disposal.kind in kinds)


def _runs(actor: Actor, disposal: Disposal) -> bool:
    return queries.is_near(actor, Can.RUN, disposal)


def _approves(actor: Actor, disposal: Disposal) -> bool:
    return queries.is_body(actor, disposal, disposal.approver)


def _decides(actor: Actor, disposal: Disposal) -> bool:
    return queries.is_body(actor, disposal, disposal.appeal_to)


def _is_own(actor: Actor, disposal: Disposal) -> bool:
    return actor.reach.person_id == disposal.member_id


def _may_appeal(disposal: Disposal) -> bool:
    told = disposal.state == State.TOLD and disposal.appeal_to_id is None
    return told and timezone.localdate() <= disposal.appeal_until


def _may_execute(disposal: Disposal) -> bool:
    if disposal.state != State.TOLD or disposal.kind == Kind.RECTIFY:
        return False
    waits = disposal.kind in REMOVALS and disposal.appeal_to_id is None
    return not waits or disposal.appeal_until < timezone.localdate()


def last_of(disposal: Disposal) -> Entry:
    """The entry made last, read once for a page."""
    if "last" not in disposal.__dict__:
        disposal.last = actions.last_entry(disposal)
    return disposal.last


STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step(
            "talk",
            _("核实谈话"),
            _("党支部委员会核实情况、同本人谈话以后，只登记日期；谈话和核实的内容存纸质材料（G-02）。"),
            *(_is(State.VERIFYING), _runs, actions.talk, forms.DayForm, True),
        ),
        Step(
            "meet",
            _("登记支部大会表决"),
            _(
                "一次只讨论一名党员。实到超过应到会的半数才能开会，赞成超过应到会的半数才算通过，"
                "会前提交的书面意见计入票数。"
            ),
            *(_is(State.TALKED), _runs, actions.meet, forms.MeetForm, True),
        ),
        Step(
            "report",
            _("报上级党委"),
            _("支部大会的决议报上级有审批权限的党委。"),
            *(_is(State.MET), _runs, actions.report, forms.DayForm, True),
        ),
        Step(
            "approve",
            _("审批"),
            _(
                "批准、不予批准，或者退回支部大会重新讨论。批准限期改正的，写明改正期限，不超过一年（DSP-01）。"
            ),
            *(_is(State.REPORTED), _approves, actions.approve, forms.ApproveForm, True),
        ),
        Step(
            "tell",
            _("告知本人"),
            _("把决定和申诉的权利告知本人；本人自告知之日起 30 天内可以申诉。"),
            *(_is(State.APPROVED), _runs, actions.tell, forms.DayForm, True),
        ),
        Step(
            "appeal",
            _("提出申诉"),
            _("您对这项决定提出申诉，由审批党委的上一级党委处理；理由请书面交党支部或者上级党委，这里不写。"),
            *(_may_appeal, _is_own, actions.appeal),
        ),
        Step(
            "paper",
            _("登记书面申诉"),
            _("本人书面提出申诉的，登记收到的日期，报审批党委的上一级党委处理；书面材料不上传（G-02）。"),
            *(_may_appeal, _runs, actions.appeal, forms.DayForm),
        ),
        Step(
            "decide",
            _("处理申诉"),
            _("维持、撤销，或者变更为较轻的处置；审批的党委不处理对自己决定的申诉。"),
            *(_is(State.APPEALED), _decides, actions.decide_appeal, forms.DecideForm, True),
        ),
        Step(
            "execute",
            _("执行"),
            _("登记党籍终止的日期。除名的，申诉期满或者申诉处理完毕才能执行；此后不能更正。"),
            *(_may_execute, _runs, actions.execute, forms.DayForm, True),
        ),
        Step(
            "refuse",
            _("登记坚持不退"),
            _(
                "经劝告本人坚持不退的，登记日期；党支部可以另行提出劝而不退除名，再经支部大会讨论、上级批准（DSP-06）。"
            ),
            *(_is(State.TOLD, kinds=(Kind.ADVISE_OUT,)), _runs, actions.refuse_to_leave, forms.DayForm),
        ),
        Step(
            "review",
            _("登记检查结果"),
            _("已经改正的随时可以登记；没有转变的，改正期满以后才能登记，此后可以提出劝其退党（DSP-06）。"),
            *(_is(State.TOLD, kinds=(Kind.RECTIFY,)), _runs, actions.review, forms.ReviewForm, True),
        ),
        Step(
            "correct",
            _("更正最近一步"),
            _("最近登记的一步填错了：原记录保留、注明更正，这一步重新办理。"),
            lambda disposal: last_of(disposal).step not in actions.UNCORRECTED,
            lambda actor, disposal: actions.may_correct(actor, disposal, last_of(disposal)),
            actions.correct,
        ),
        Step(
            "cancel",
            _("取消"),
            _("误提的或者不再办理的，批准以前可以取消；只登记日期，不记原因（G-01）。"),
            *(_is(*EARLY), _runs, actions.cancel),
        ),
    )
}

_NEXT = {
    State.VERIFYING: _("等党支部委员会核实情况、同本人谈话。"),
    State.TALKED: _("等支部大会讨论表决。"),
    State.MET: _("等党支部报上级党委。"),
    State.REPORTED: _("等上级党委审批。"),
    State.APPROVED: _("等党支部告知本人。"),
    State.APPEALED: _("等审批党委的上一级党委处理申诉，此前不执行。"),
}


def next_words(disposal: Disposal) -> str:
    """What is waited for; empty when it is over."""
    if disposal.state not in OPEN:
        return ""
    if disposal.state != State.TOLD:
        return str(_NEXT[disposal.state])
    if disposal.kind == Kind.RECTIFY:
        return gettext("本人正在改正，期限到 %(day)s 为止；期满由党支部检查改正情况。") % {
            "day": disposal.until
        }
    if disposal.kind == Kind.ADVISE_OUT:
        return gettext("等本人答复：退党，或者坚持不退。")
    if _may_execute(disposal):
        return gettext("等党支部执行。")
    return gettext("本人到 %(day)s 为止可以申诉，此前不执行。") % {"day": disposal.appeal_until}
