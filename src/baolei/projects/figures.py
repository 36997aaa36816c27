"""Figures of programmes, projects and funds (S08, S10, S14, S28)."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.figures.declare import OWN, PERCENT, Figure
from baolei.projects.recompute import ANSWERS
from baolei.projects.rows import APPROPRIATIONS, DEEDS, ESTATES, HALL_UPGRADES, PROJECTS

Figure(
    code="villages.hall_upgrade_planned_years",
    rank=40,
    label=_("村部改造升级计划年数"),
    unit="year",
    definition=_("村部改造升级工程从计划开始到计划完成的整年数，不足一年的按一年计。"),
    reading=_("“开始日期加n年不早于最后一日”的最小n；计划开始之前没有数值，只有组织实施的党组织有。"),
    rows=HALL_UPGRADES,
    amount="r.planned",
    listed="r.is_project",
    levels=OWN,
    public="province",
)
Figure(
    code="villages.hall_upgrade_actual_years",
    rank=41,
    label=_("村部改造升级实际年数"),
    unit="year",
    definition=_(
        "村部改造升级工程从开始到最后一个项目验收的整年数，不足一年的按一年计；还有未验收的项目时没有数值。"
    ),
    reading=_("取消的项目不算未验收；没有项目时没有数值。"),
    rows=HALL_UPGRADES,
    amount="r.actual",
    listed="r.is_project",
    levels=OWN,
    public="province",
)
Figure(
    code="assistance.enrichment_projects",
    rank=42,
    label=_("引进致富项目"),
    unit="project",
    definition=_("帮扶行动中为村引进的致富项目：当日已开工（含完成的），未取消；按受帮扶村所在的党组织计。"),
    reading=_("“当日或之前开工、到当日没有取消”；计划中的不算，停工的算；村已撤销的仍算。"),
    rows=PROJECTS,
    where="r.kind = 'enrichment' AND r.programme_kind = 'campaign' AND r.going",
)
Figure(
    code="projects.good_deeds_per_year",
    rank=43,
    label=_("每年实事好事"),
    unit="project",
    definition=_("当日所在年度的实事好事工程所列的实事；一件实事可以有许多项目。"),
    reading=_("当年的全部实事，到当日撤下的除外；2014年以前为0；只有组织实施的党组织有。"),
    rows=DEEDS,
    where="r.of_year",
    levels=OWN,
    public="province",
)
Figure(
    code="service.good_deed_rating",
    rank=44,
    label=_("实事好事群众满意率"),
    unit=PERCENT,
    definition=_("已办结的实事好事：测评中满意的群众 ÷ 接受测评的群众。"),
    reading=_("测评群众不足30人的实事不计入；没有可计入的实事时没有数值。"),
    rows=DEEDS,
    where=f"r.finished AND r.asked >= {ANSWERS}",
    amount="r.satisfied",
    over="r.asked",
)
for code, rank, fund, label, definition in (
    (
        "funds.collective_economy_per_year",
        45,
        "collective_economy",
        _("发展壮大集体经济年度资金"),
        _("当日所在年度为发展壮大村集体经济安排的资金。"),
    ),
    (
        "funds.village_services_per_year",
        46,
        "village_services",
        _("支持村级组织规范化服务建设年度资金"),
        _("当日所在年度为村级组织规范化服务建设安排的资金，村部改造升级包括在内。"),
    ),
):
    Figure(
        code=code,
        rank=rank,
        label=label,
        unit="yuan",
        definition=definition,
        reading=_(
            "以记录所写的预算年度为准，不论何日决定；冲减按负数计入；逐级下拨不是第二次安排，记在最后接收的党组织。"
        ),
        rows=APPROPRIATIONS,
        amount="r.amount",
        where=f"r.fund = '{fund}'",
    )
Figure(
    code="projects.estates_renovated",
    rank=47,
    label=_("老旧散小区整治"),
    unit="estate",
    definition=_("2013年1月1日以来到当日整治项目已通过验收的小区，一个小区只计一次。"),
    reading=_("“计小区，不计项目”：从第一次验收之日起算。"),
    rows=ESTATES,
)
Figure(
    code="projects.estate_beneficiaries",
    rank=48,
    label=_("小区整治惠及群众"),
    unit="person",
    definition=_("2013年1月1日以来到当日整治项目已通过验收的小区的受益群众，一个小区只计一次。"),
    reading=_("“取小区最近一次通过验收的项目的受益群众”；没有登记人数的按0计，并注明“不完整”。"),
    rows=ESTATES,
    amount="r.beneficiaries",
    missing="r.beneficiaries IS NULL",
)
Figure(
    code="projects.organ_merit_projects",
    rank=49,
    label=_("省直机关建功项目"),
    unit="project",
    definition=_("建功“十二五”活动中省直机关部门单位组织实施的建功项目，按牵头单位计，一个项目一次。"),
    reading=_(
        "“2011年1月1日至2015年12月31日开工，到当日（最迟2015年12月31日）没有取消”；活动结束之后数不变。"
    ),
    rows=PROJECTS,
    where="r.merit",
    levels="province",
    public="province",
)
Figure(
    code="projects.border_programme",
    rank=49,
    label=_("强基富民固边工程项目和联系点"),
    unit="project",
    definition=_(
        "强基富民固边工程当日已开工、未取消的民用项目和新农村帮建联系点，所在的村当日是边境一线村。"
    ),
    rows=PROJECTS,
    where="r.programme_kind = 'border' AND r.going AND r.at_border",
)
