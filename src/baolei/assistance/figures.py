"""Figures of assistance and of postings (S10, S11), and of co-building on the border (S20)."""

from django.utils.translation import gettext_lazy as _

from baolei.assistance.access import Can
from baolei.assistance.rows import (
    BORDER,
    CAMPAIGN_CADRES,
    HOUSEHOLDS,
    PARTICIPATIONS,
    POOR_VILLAGES,
    POSTINGS,
    UNITS,
)
from baolei.kernel.figures.declare import PERCENT, Figure

Figure(
    code="assistance.units_assisting_villages",
    rank=50,
    label=_("包村单位数"),
    unit="unit",
    definition=_("当日有包村结对的单位，一个单位计一次；归受帮扶的村。数字出自活动名称，是数量级。"),
    reading=_("受帮扶的村须当日存续；帮扶单位不论是什么单位、在哪里，都计。"),
    rows=UNITS,
    entity="r.unit_id",
)
Figure(
    code="assistance.cadres_assisting_households",
    rank=51,
    label=_("包户干部数"),
    unit="person",
    definition=_("当日有包户结对的干部，一人计一次；归受帮扶户所在的村。数字出自活动名称，是数量级。"),
    reading=_("干部指工作单位是机关的党员，以登记的现有资料为准；受帮扶的村须当日存续，干部不论在哪里。"),
    rows=HOUSEHOLDS,
    where="r.work = 'organ'",
    entity="r.member_id",
)
Figure(
    code="assistance.members_taking_part",
    rank=52,
    label=_("参与帮扶的党员数"),
    unit="person",
    definition=_(
        "2012年1月1日以来至少参与过一次帮扶的党员，一人计一次；归参与当日所在的党支部。数字出自活动名称，是数量级。"
    ),
    reading=_("按参与的第一天计；参与帮扶行动也是参与帮扶；党支部此后撤销的，记录仍在原处计入。"),
    rows=PARTICIPATIONS,
    entity="r.member_id",
)
Figure(
    code="assistance.first_secretaries",
    rank=53,
    label=_("选派到贫困村任职的书记数"),
    unit="person",
    definition=_("当日在贫困村任第一书记（选派书记）的人，一人计一次；贫困村以当日的认定为准，归所在的村。"),
    reading=_("一人任两村的计一人；交接期间两人同在的计两人；驻村工作队员不是书记。"),
    rows=POSTINGS,
    where="r.kind = 'first_secretary' AND r.poor",
    entity="r.member_id",
)
Figure(
    code="assistance.poor_villages_with_secretary_share",
    rank=54,
    label=_("贫困村选派书记覆盖率"),
    unit=PERCENT,
    definition=_("当日有选派书记的贫困村 ÷ 当日认定的贫困村。"),
    reading=_("一人任两村的，两村都有书记；驻村工作队员不是书记。"),
    rows=POOR_VILLAGES,
    met="r.led",
    listed="NOT r.led",
)
Figure(
    code="assistance.cadres_to_enterprises",
    rank=55,
    label=_("选派到大型民企任书记副书记的机关干部数"),
    unit="person",
    definition=_("当日选派在大型非公有制企业任党组织书记、副书记的机关干部，一人计一次；归所在的企业。"),
    reading=_("机关干部指工作单位是机关的党员，以登记的现有资料为准；大型企业以当日的认定为准。"),
    rows=POSTINGS,
    where="r.kind IN ('enterprise_secretary', 'enterprise_deputy') AND r.large AND r.work = 'organ'",
    entity="r.member_id",
    public="prefecture",
)
Figure(
    code="assistance.division_chiefs_campaign_cadres",
    rank=56,
    label=_("千名处长进千村帮扶干部数"),
    unit="person",
    definition=_(
        "在三年帮扶行动（千名处长进千村，编号CAMPAIGN-1000）中到薄弱村帮扶过的机关干部，一人计一次；"
        "自行动开始累计，归受帮扶的村。"
    ),
    reading=_(
        "参与的第一天该村须是认定的薄弱村，且在所问之日以前；机关干部指工作单位是机关的党员，以登记的现有资料为准。"
    ),
    rows=CAMPAIGN_CADRES,
    entity="r.member_id",
)
Figure(
    code="border.villages_paired_with_troops",
    rank=70,
    label=_("与军警部队党支部结成共建对子的边境一线村党组织数"),
    unit="organization",
    definition=_(
        "当日与军警部队党支部结成共建对子的边境一线村党组织；边境一线村以当日的认定为准，共建方只有序号，不写名称和地点。"
    ),
    reading=_("村党组织是管理这个村的党组织，一个组织计一次；从哪一方登记都是一对。"),
    rows=BORDER,
    where="r.paired",
    levels="prefecture",
    public="prefecture",
    may_list=Can.PARTNERS,
)
Figure(
    code="border.villages_paired_share",
    rank=71,
    label=_("边境一线村共建覆盖率"),
    unit=PERCENT,
    definition=_("当日有军警共建对子的边境一线村党组织 ÷ 当日边境一线村的党组织。"),
    reading=_("分子同“与军警部队党支部结成共建对子的边境一线村党组织数”。"),
    rows=BORDER,
    met="r.paired",
    listed="NOT r.paired",
    levels="prefecture",
    public="prefecture",
    may_list=Can.PARTNERS,
)
