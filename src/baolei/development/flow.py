"""What can be done about an applicant, as steps of `kernel.flow`: the 25 steps of the rules, and the ways beside them."""

from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baolei.development import actions, queries
from baolei.development.access import Can
from baolei.development.codes import UNDER_WAY, Stage
from baolei.development.forms import (
    DeferForm,
    HandOverForm,
    NoticeForm,
    SettleForm,
    StopForm,
    form_of,
    helpers_form,
)
from baolei.development.models import Applicant
from baolei.development.steps import BRANCH, RULES, Rule, is_next
from baolei.development.story import Story
from baolei.kernel.access import Actor
from baolei.kernel.flow import PlainForm, Step
from baolei.organizations.models import Organization
from baolei.organizations.queries import approving_committee


def told(applicant: Applicant) -> Story:
    """What has been done, read once for a page."""
    if "told" not in applicant.__dict__:
        applicant.told = actions.story_of(applicant)
    return applicant.told


def committee(applicant: Applicant) -> Organization | None:
    """The committee that approves, read once for a page."""
    if "committee" not in applicant.__dict__:
        applicant.committee = approving_committee(applicant.branch)
    return applicant.committee


def _fits(rule: Rule) -> Callable[[Applicant], bool]:
    def fits(applicant: Applicant) -> bool:
        open_stage = applicant.stage in UNDER_WAY or (
            applicant.stage == Stage.CONVERTED and rule.number in (18, 25)
        )
        return open_stage and applicant.going_to_id is None and is_next(told(applicant), rule)

    return fits


def _may(rule: Rule) -> Callable[[Actor, Applicant], bool]:
    if rule.by == BRANCH:
        return _carries
    return lambda actor, applicant: (
        committee(applicant) is not None and actor.can(Can.APPROVE, committee(applicant))
    )


def _carries(actor: Actor, applicant: Applicant) -> bool:
    return actor.can(Can.CARRY, applicant.branch)


def _is_here(applicant: Applicant) -> bool:
    return applicant.stage in UNDER_WAY and applicant.going_to_id is None


def _is_early(applicant: Applicant) -> bool:
    return _is_here(applicant) and applicant.member_id is None


def _notice_ended(applicant: Applicant) -> bool:
    today = timezone.localdate()
    return _is_here(applicant) and any(
        notice.over_on is None and not notice.objection and notice.until < today
        for notice in queries.notices_of(applicant)
    )


STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        *(
            Step(
                *(rule.name, rule.words, rule.explanation, _fits(rule), _may(rule)),
                *(actions.ACTIONS[rule.number], form_of(rule), True),
            )
            for rule in RULES.values()
            if rule.number != 1
        ),
        Step(
            "notice",
            _("公示"),
            _(
                "公示姓名、性别、年龄段、所在党支部、申请和培养日期，不少于 5 个工作日；到期自动撤下（ADM-07）。"
            ),
            lambda applicant: _is_here(applicant) and actions.notice_due(told(applicant)) is not None,
            *(_carries, actions.give_notice, NoticeForm, True),
        ),
        Step(
            "settle",
            _("登记公示结果"),
            _("只登记有没有异议和是否已经核实处理，内容存纸质档案（G-02）。"),
            *(_notice_ended, _carries, actions.settle_notice, SettleForm, True),
        ),
        Step(
            "take_over",
            _("接收培养材料"),
            _("材料审核无误后接收，培养时间连续计算；培养联系人和入党介绍人重新确定（ADMIT 12）。"),
            lambda applicant: applicant.going_to_id is not None,
            lambda actor, applicant: actor.can(Can.CARRY, applicant.going_to),
            *(actions.take_over, PlainForm, True),
        ),
        Step(
            "again",
            _("重新办理"),
            _("没有通过、过期或者超过期限未审批的，从规定的步骤起重新办理；原来的记录保留，不再有效。"),
            lambda applicant: _is_early(applicant) and told(applicant).again_from is not None,
            *(_carries, actions.do_again, PlainForm, True),
        ),
        *(
            Step(
                f"change_{RULES[number].name}",
                words,
                _(
                    "从今天起由所选的人担任，没有选的到今天为止。须是本党支部的正式党员（ADMIT 9、ADMIT 14）。"
                ),
                lambda applicant, number=number: _is_early(applicant) and told(applicant).has(number),
                *(_carries, actions.CHANGES[number], helpers_form(RULES[number])),
            )
            for number, words in ((5, _("更换培养联系人")), (9, _("更换入党介绍人")))
        ),
        Step(
            "defer",
            _("推迟讨论"),
            _("预备期内转入的，可以推迟讨论一次，不超过六个月；转正的仍从原预备期满之日算起（ADM-03）。"),
            lambda applicant: (
                _is_here(applicant)
                and not applicant.deferred
                and not told(applicant).has(23)
                and actions.has_moved(applicant)
            ),
            *(_carries, actions.defer, DeferForm),
        ),
        Step(
            "correct",
            _("更正最近一步"),
            _("最近登记的一步填错了：原记录保留、注明更正，这一步重新办理。"),
            lambda applicant: _is_here(applicant) and told(applicant).last.number not in (1, 17, 24),
            *(_carries, actions.correct),
        ),
        Step(
            "hand_over",
            _("移交培养材料"),
            _("本人工作、学习单位或居住地变动的，材料移交新的党支部，培养时间连续计算（ADMIT 12）。"),
            *(_is_early, _carries, actions.hand_over, HandOverForm),
        ),
        Step(
            "keep",
            _("退回或撤回移交"),
            _("材料仍由原党支部保管，继续培养。"),
            lambda applicant: applicant.going_to_id is not None,
            lambda actor, applicant: (
                actor.can(Can.CARRY, applicant.going_to) or actor.can(Can.CARRY, applicant.branch)
            ),
            actions.keep,
        ),
        Step(
            "stop",
            _("终止"),
            _("只登记方式和日期，不记原因（G-01）；两年后清除个人信息（G-27）。"),
            *(_is_early, _carries, actions.stop, StopForm),
        ),
    )
}
