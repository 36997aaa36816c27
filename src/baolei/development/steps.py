"""The 25 steps of development as data (domain 2.1): who does each, after what, from when on, with what result.

`why_not` says in words and with the rule's id why a step cannot be done on a day; `take` in `actions` asks it, and
the page shows it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.development import queries, story
from baolei.development.codes import Result, Stage
from baolei.development.models import REPEATED, Notice
from baolei.development.story import Story
from baolei.kernel.calendar import months_after

BRANCH, COMMITTEE = "branch", "committee"
_PASSED_OR_NOT = (Result.PASSED, Result.FAILED)


@dataclass(frozen=True)
class Rule:
    """One step. `after`: steps that must have been done and not said no; `paper`: whether a document has a number
    ("", "may", "must"); `amounts`: what is counted and the least of each, one of them is enough; `helpers`: the role
    and how many; `vote`: whose ("members", "committee"); `when`: a reason against a day, or nothing.
    """

    number: int
    name: str
    words: str
    by: str
    after: tuple[int, ...] = ()
    results: tuple[str, ...] = (Result.DONE,)
    paper: str = ""
    helpers: tuple[str, int, int] | None = None
    training: bool = False
    months: bool = False
    vote: str = ""
    when: Callable[[Story, date], str] = lambda story, on: ""
    explanation: str = ""

    @property
    def is_repeated(self) -> bool:
        return self.number in REPEATED

    @property
    def stage(self) -> int:
        """Which of the five stages it belongs to."""
        return 1 + sum(self.number > last for last in (2, 6, 11, 18))


STAGES = (
    gettext_lazy("申请入党"),
    gettext_lazy("入党积极分子的确定和培养教育"),
    gettext_lazy("发展对象的确定和考察"),
    gettext_lazy("预备党员的接收"),
    gettext_lazy("预备党员的教育、考察和转正"),
)


def _from(first: date, on: date, words: str) -> str:
    return "" if on >= first else words % {"day": first.isoformat()}


def _cultivated(told: Story, on: date) -> str:
    first = months_after(told.day(3), story.CULTIVATION_MONTHS)
    too_early = _from(first, on, _("培养教育满一年，最早 %(day)s 可以确定为发展对象（ADMIT 13）。"))
    if too_early:
        return too_early
    if not told.has(story.REVIEW) or on > months_after(told.day(story.REVIEW), story.REVIEW_MONTHS):
        return _("最近半年内没有考察记录，请先办第 6 步（ADMIT 11）。")
    return ""


def _noticed(kind: str) -> Callable[[Story, date], str]:
    def when(told: Story, on: date) -> str:
        notice = queries.standing_notice(told.applicant, kind)
        if notice is None:
            return _("请先公示，不少于 5 个工作日（ADM-07）。")
        if on <= notice.until:
            return _("公示到 %(day)s 结束，之后才能办（ADM-07）。") % {"day": notice.until}
        return "" if notice.objection else _("请先登记公示结果（ADM-07）。")

    return when


def _reviewed(told: Story, on: date) -> str:
    last = months_after(told.day(10), story.REVIEW_VALID_MONTHS)
    if on > last:
        return _("政治审查结论的有效期到 %(day)s，请重新审查（ADMIT 16）。") % {"day": last}
    return ""


def _approvable(told: Story, on: date) -> str:
    if on > months_after(told.day(15), story.APPROVAL_MOST):
        return _("距支部大会已超过六个月，须从预审起重新办理（ADMIT 第四章）。")
    return ""


def _requested(told: Story, on: date) -> str:
    first = months_after(told.applicant.probation_until, -1)
    return _from(first, on, _("预备期满前一个月起，最早 %(day)s 可以提出（ADM-01）。"))


def _discussed(told: Story, on: date) -> str:
    until = told.applicant.probation_until
    early = _from(until, on, _("预备期到 %(day)s 届满，届满之日起讨论（ADM-01）。"))
    return early or _noticed(Notice.Kind.CONVERSION)(told, on)


RULES: dict[int, Rule] = {
    rule.number: rule
    for rule in (
        Rule(1, "apply", gettext_lazy("递交入党申请书"), BRANCH),
        Rule(
            *(2, "talk", gettext_lazy("党组织派人谈话"), BRANCH, (1,)),
            explanation=gettext_lazy("收到申请书后一个月内派人谈话（ADMIT 7）。只记日期。"),
        ),
        Rule(
            *(3, "activist", gettext_lazy("推荐和确定入党积极分子"), BRANCH, (2,)),
            results=(Result.BY_MEMBERS, Result.BY_LEAGUE),
            explanation=gettext_lazy(
                "由党员推荐或群团组织推优，支部委员会（没有支部委员会的由支部大会）研究决定。28 岁以下的一般由团组织推优（ADM-08）。"
            ),
        ),
        Rule(
            *(4, "file_activist", gettext_lazy("上级党委备案"), COMMITTEE, (3,)),
            paper="may",
            explanation=gettext_lazy("由有审批权限的上级党委备案。"),
        ),
        Rule(
            *(5, "mentors", gettext_lazy("指定培养联系人"), BRANCH, (3,)),
            helpers=("mentor", 1, 2),
            explanation=gettext_lazy("指定一至两名正式党员作培养联系人（ADMIT 9）。"),
        ),
        Rule(
            *(6, "review", gettext_lazy("培养教育考察"), BRANCH, (5,)),
            results=(Result.CONTINUE, Result.HELP),
            explanation=gettext_lazy("每半年考察一次，可以多次登记（ADMIT 11）。"),
        ),
        Rule(
            *(7, "target", gettext_lazy("确定发展对象"), BRANCH, (4, 6)),
            when=_cultivated,
            explanation=gettext_lazy(
                "培养教育一年以上，听取党小组、培养联系人、党员和群众意见后，由支部委员会讨论（ADMIT 13）。"
            ),
        ),
        Rule(
            *(8, "file_target", gettext_lazy("报上级党委备案"), COMMITTEE, (7,)),
            paper="may",
            when=_noticed(Notice.Kind.TARGET),
            explanation=gettext_lazy("公示没有影响发展的问题后备案；备案同意之日起为发展对象。"),
        ),
        Rule(
            *(9, "introducers", gettext_lazy("确定入党介绍人"), BRANCH, (8,)),
            helpers=("introducer", 2, 2),
            explanation=gettext_lazy(
                "两名正式党员；受留党察看处分、尚未恢复党员权利的不能作介绍人（ADMIT 14）。"
            ),
        ),
        Rule(
            *(10, "political_review", gettext_lazy("政治审查"), BRANCH, (8,)),
            results=_PASSED_OR_NOT,
            paper="must",
            explanation=gettext_lazy(
                "只登记结论、日期和文号，材料存纸质档案，不上传（G-02）。未经审查或不合格的不能发展（ADMIT 16）。"
            ),
        ),
        Rule(
            *(11, "training", gettext_lazy("开展集中培训"), COMMITTEE, (8,)),
            training=True,
            explanation=gettext_lazy("不少于三天，或不少于 24 学时；未经培训的一般不能发展（ADMIT 17）。"),
        ),
        Rule(
            *(12, "examination", gettext_lazy("支部委员会审查"), BRANCH, (9, 10, 11)),
            when=_reviewed,
            explanation=gettext_lazy("对发展对象进行严格审查，集体讨论认为合格后报上级党委预审。"),
        ),
        Rule(
            *(13, "pre_examination", gettext_lazy("上级党委预审"), COMMITTEE, (12,)),
            results=_PASSED_OR_NOT,
            paper="must",
            when=_reviewed,
            explanation=gettext_lazy("书面通知审查结果；只登记结果、日期和文号（G-02）。"),
        ),
        Rule(
            *(14, "form", gettext_lazy("填写《入党志愿书》"), BRANCH, (13,)),
            paper="must",
            explanation=gettext_lazy("预审合格后发给，填写志愿书编号。"),
        ),
        Rule(
            *(15, "meeting", gettext_lazy("支部大会讨论"), BRANCH, (14,)),
            vote="members",
            explanation=gettext_lazy(
                "有表决权的到会人数超过应到会半数方可开会；赞成超过应到会有表决权正式党员的半数为通过，因故缺席、会前提交书面意见的计入票数；一次只讨论一人（ADMIT 20）。"
            ),
        ),
        Rule(
            *(16, "superior_talk", gettext_lazy("上级党委派人谈话"), COMMITTEE, (15,)),
            explanation=gettext_lazy("审批前由党委委员或组织员谈话；只记日期（G-02）。"),
        ),
        Rule(
            *(17, "approval", gettext_lazy("上级党委审批"), COMMITTEE, (16,)),
            paper="must",
            vote="committee",
            when=_approvable,
            explanation=gettext_lazy(
                "党委会集体讨论、逐个表决。应在支部大会后三个月内审批，特殊情况不超过六个月；批准后列入党员名册，预备期自支部大会通过之日起一年（ADM-01）。"
            ),
        ),
        Rule(
            *(18, "file_admission", gettext_lazy("再上一级党委组织部门备案"), COMMITTEE, (17,)), paper="may"
        ),
        Rule(*(19, "enter", gettext_lazy("编入党支部和党小组"), BRANCH, (17,))),
        Rule(*(20, "oath", gettext_lazy("入党宣誓"), BRANCH, (17,))),
        Rule(
            *(21, "observation", gettext_lazy("继续教育考察"), BRANCH, (17,)),
            results=(Result.CONTINUE, Result.HELP),
            explanation=gettext_lazy("预备期内每半年考察一次，可以多次登记。"),
        ),
        Rule(
            *(22, "request", gettext_lazy("提出转正申请"), BRANCH, (19, 20, 21)),
            when=_requested,
            explanation=gettext_lazy("预备期满前由本人书面提出。"),
        ),
        Rule(
            *(23, "conversion_meeting", gettext_lazy("支部大会讨论转正"), BRANCH, (22,)),
            results=(Result.CONVERT, Result.EXTEND, Result.CANCEL),
            months=True,
            vote="members",
            when=_discussed,
            explanation=gettext_lazy(
                "按期转正、延长一次预备期（六个月至一年）或取消资格，逐人表决，规则同第 15 步（ADM-02）。"
            ),
        ),
        Rule(
            *(24, "conversion_approval", gettext_lazy("上级党委审批转正"), COMMITTEE, (23,)),
            paper="must",
            vote="committee",
            explanation=gettext_lazy("支部大会后三个月内审批；党龄从转为正式党员之日算起（ADM-04）。"),
        ),
        Rule(
            *(25, "archive", gettext_lazy("材料归档"), COMMITTEE, (24,)),
            paper="may",
            explanation=gettext_lazy(
                "《入党志愿书》等材料存入人事档案，没有人事档案的由党委建立党员档案保存。"
            ),
        ),
    )
}


def is_next(told: Story, rule: Rule) -> bool:
    """Whether the step is waited for: what comes before is done, and it is not, or is done every half year."""
    if rule.number == 1 or not all(told.passed(number) for number in rule.after):
        return False
    if rule.number == story.REVIEW:
        return not told.has(7)
    if rule.number == story.OBSERVE:
        return not told.has(22)
    return not told.has(rule.number)


def why_not(told: Story, rule: Rule, on: date) -> str:
    """Why the step cannot be done on that day, in words with the rule's id; empty when it can."""
    stage = told.applicant.stage
    if stage == Stage.LEFT or (stage == Stage.CONVERTED and rule.number not in (18, 25)):
        return _("已经办结。")
    for number in rule.after:
        words = {"number": number, "step": RULES[number].words}
        if not told.has(number):
            return _("请先办第 %(number)s 步“%(step)s”。") % words
        if not told.passed(number):
            return _("第 %(number)s 步“%(step)s”没有通过，不能往下办；请重新办理或终止。") % words
    if not is_next(told, rule):
        return _("这一步已经办过；有错请先更正。")
    before = max(told.day(number) for number in rule.after)
    if on < before:
        return _("日期不能早于前一步的 %(day)s。") % {"day": before}
    return rule.when(told, on)
