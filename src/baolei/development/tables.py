"""Lists of the area."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from baolei.development.codes import Leaving, Outcome, Stage
from baolei.development.steps import RULES
from baolei.kernel.tables import (
    CodeColumn,
    DateColumn,
    LinkColumn,
    NumberColumn,
    Order,
    Table,
    TextColumn,
    record_orders,
)
from baolei.members.codes import EDUCATIONS, ETHNICITIES, Occupation, Sex

_TONES = {Stage.PROBATIONARY: "ok", Stage.TARGET: "info", Stage.ACTIVIST: "info"}
STEP_WORDS = {rule.number: format_lazy("{}. {}", rule.number, rule.words) for rule in RULES.values()}


class ApplicantTable(Table):
    name = LinkColumn(_("姓名"), to="development:applicant", personal=True, width=14)
    branch = TextColumn(_("党支部"), field="branch__short_name", width=28)
    stage = CodeColumn(_("阶段"), labels=dict(Stage.choices), tones=_TONES)
    step = CodeColumn(_("已办到"), labels=STEP_WORDS, width=24)
    due_on = DateColumn(_("办理期限"))
    applied_on = DateColumn(_("申请日期"))
    orders = (
        *record_orders("branch"),
        Order("due", _("按办理期限，最近的在前"), ("due_on", "pk")),
        Order("applied", _("按申请日期，新的在前"), ("-applied_on", "pk")),
    )
    caption = _("发展党员")
    empty = _("没有符合条件的人")


class ApplicantMore(Table):
    sex = CodeColumn(_("性别"), labels=dict(Sex.choices))
    ethnicity = CodeColumn(_("民族"), labels=ETHNICITIES)
    education = CodeColumn(_("学历"), labels=EDUCATIONS)
    occupation = CodeColumn(_("职业"), labels=dict(Occupation.choices))
    activist_on = DateColumn(_("确定为积极分子日期"))
    probation_until = DateColumn(_("预备期满日期"))
    extended = NumberColumn(_("延长预备期（月）"))
    outcome = CodeColumn(_("预备期结果"), labels=dict(Outcome.choices))
    leaving = CodeColumn(_("终止方式"), labels=dict(Leaving.choices))
    ended_on = DateColumn(_("办结日期"))
