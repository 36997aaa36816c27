"""The text: sections in the order of the look back, each a list of sentences that name their figures.

    {members.total}          the figure on the last day of the span, as the text rounds it
    {members.total@first}    on the last day of the first year
    {members.total|exact}    unrounded
    {scope} {area} {as_of} {later} {first_year} {last_year} {since} {run}    words of the edition

A sentence appears only if each of its figures has records. `change` names a figure: the sentence then tells
of its change over the span, in the words for a rise, a fall, for two numbers that round to the same, or for none
left. `each_year` names a figure that was the same for a run of years, of which it tells the first year and the length.
Figures in LATER are told of the day on which a look back appears, the others of the last day of its span.
"""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LATER = frozenset(
    {
        "border.villages_paired_with_troops",
        "border.villages_paired_share",
        "training.organ_attendances_this_year",
    }
)
APPEARS = (5, 23)
"""Month and day of the year after the span, on which a look back appears."""


@dataclass(frozen=True)
class Sentence:
    """A sentence; `change`, `fall`, `same` and `none` only for sentences about a change."""

    text: str | Promise
    change: str = ""
    fall: str | Promise = ""
    same: str | Promise = ""
    none: str | Promise = ""
    each_year: str = ""


@dataclass(frozen=True)
class Section:
    """A section or, with `parent`, a part of one; the lead has no title."""

    key: str
    title: str | Promise
    sentences: tuple[Sentence, ...] = field(default=())
    parent: str = ""


def change(
    code: str, *, rise: str | Promise, fall: str | Promise, same: str | Promise, none: str | Promise = ""
) -> Sentence:
    """A sentence about the change of a figure from the first to the last year end of the span."""
    return Sentence(rise, code, fall, same, none)


SECTIONS = (
    Section(
        "lead",
        "",
        (
            Sentence(
                _("截至{as_of}，{scope}{members.total}名党员分布在{organizations.total}个基层党组织中。")
            ),
            change(
                "members.total",
                rise=_(
                    "从{first_year}年末到{last_year}年末，党员由{members.total@first}名增加到{members.total}名。"
                ),
                fall=_(
                    "从{first_year}年末到{last_year}年末，党员由{members.total@first}名变为{members.total}名。"
                ),
                same=_(
                    "从{first_year}年末到{last_year}年末，党员人数保持稳定，由{members.total@first|exact}名变为{members.total|exact}名。"
                ),
            ),
        ),
    ),
    Section(
        "point",
        _("抓点带面，以典型引路"),
        (
            Sentence(
                _(
                    "点上的经验经过检验，才成为面上的做法。{first_year}年以来，写进文件、推开来用的经验有"
                    "{organizations.milestones|exact}件。"
                )
            ),
        ),
    ),
    Section(
        "down",
        _("重心下移，把组织建到基层"),
        (
            change(
                "organizations.total",
                rise=_(
                    "重心下移，先要有落脚的地方。{first_year}年末，{scope}有基层党组织{organizations.total@first}个，"
                    "到{last_year}年末增加到{organizations.total}个。"
                ),
                fall=_(
                    "重心下移，先要有落脚的地方。随着合并与调整，{scope}基层党组织由{first_year}年末的"
                    "{organizations.total@first}个变为{last_year}年末的{organizations.total}个。"
                ),
                same=_(
                    "重心下移，先要有落脚的地方。{scope}基层党组织的数量保持稳定，{first_year}年末有"
                    "{organizations.total@first|exact}个，{last_year}年末有{organizations.total|exact}个。"
                ),
            ),
            Sentence(_("包村的单位有{assistance.units_assisting_villages}个，各为一个村出力。")),
            Sentence(_("包户的干部有{assistance.cadres_assisting_households}名。")),
            Sentence(_("{first_year}年以来，参加过帮扶的党员有{assistance.members_taking_part}名。")),
            Sentence(
                _(
                    "选派到贫困村任职的书记有{assistance.first_secretaries}名，"
                    "派驻的贫困村占{assistance.poor_villages_with_secretary_share}。"
                )
            ),
            Sentence(
                _(
                    "千名处长进千村，三年里{assistance.division_chiefs_campaign_cadres}名机关干部下到薄弱村，"
                    "带去{assistance.enrichment_projects}个致富项目。"
                )
            ),
            Sentence(_("实事好事每年都办，{last_year}年列入的有{projects.good_deeds_per_year}件。")),
            Sentence(_("办结的实事好事，问到的群众里有{service.good_deed_rating}表示满意。")),
            Sentence(
                _(
                    "从{since}年起，连续{run}每年拿出{funds.collective_economy_per_year}元，帮村里把集体经济做起来。"
                ),
                each_year="funds.collective_economy_per_year",
            ),
            Sentence(
                _(
                    "从{since}年起，连续{run}每年投入{funds.village_services_per_year}元，让村级组织的服务合乎规范。"
                ),
                each_year="funds.village_services_per_year",
            ),
            Sentence(
                _("设有党建工作办公室并配了专职人员的乡镇和街道占{townships.with_party_office_share}。")
            ),
        ),
    ),
    Section(
        "real",
        _("动真碰硬，把责任落到实处"),
        (
            Sentence(
                _(
                    "党委（党组）每半年议一次党建：{last_year}年，{meetings.half_year_met_share}的党委（党组）做到了。"
                )
            ),
            Sentence(_("书记抓、抓书记：{last_year}年完成述职评议的书记占{reviews.debriefed_share}。")),
            Sentence(_("党员每年接受一次民主评议，{last_year}年的比例是{reviews.appraised_share}。")),
            Sentence(
                _(
                    "看得见的检查和看不见的检查一起用，{last_year}年用到的督查方式有{inspections.kinds_used}种。"
                )
            ),
            Sentence(_("学习教育开展到每个支部：开展过专题学习的支部占{meetings.campaign_branches_share}。")),
        ),
    ),
    Section("brands", _("各领域的党建品牌")),
    Section(
        "villages",
        _("农村"),
        (
            change(
                "villages.income_over_50k_share",
                rise=_(
                    "年经营收入5万元以上的村，由{villages.income_over_50k_share@first}增加到"
                    "{villages.income_over_50k_share}。"
                ),
                fall=_(
                    "年经营收入5万元以上的村，{first_year}年占{villages.income_over_50k_share@first}，"
                    "{last_year}年占{villages.income_over_50k_share}。"
                ),
                same=_("年经营收入5万元以上的村占{villages.income_over_50k_share}。"),
            ),
            Sentence(_("运转经费达到10万元的村占{villages.operating_funds_met_share}。")),
            Sentence(_("村书记平均报酬达到当地农民人均收入2倍的县占{villages.secretary_pay_met_share}。")),
            change(
                "villages.without_hall",
                rise=_("没有村部的村有{villages.without_hall}个，还要补上。"),
                fall=_("没有村部的村由{villages.without_hall@first}个减少到{villages.without_hall}个。"),
                same=_("没有村部的村仍有{villages.without_hall}个。"),
                none=_("{first_year}年末还有{villages.without_hall@first}个村没有村部，如今村村都有了。"),
            ),
            Sentence(
                _(
                    "村部改造升级原定{villages.hall_upgrade_planned_years}年，实际用了"
                    "{villages.hall_upgrade_actual_years}年。"
                )
            ),
        ),
        parent="brands",
    ),
    Section(
        "communities",
        _("社区"),
        (
            change(
                "communities.premises_met_share",
                rise=_(
                    "场所达到500平方米的社区，由{communities.premises_met_share@first}增加到"
                    "{communities.premises_met_share}。"
                ),
                fall=_("场所达到500平方米的社区占{communities.premises_met_share}。"),
                same=_("场所达到500平方米的社区占{communities.premises_met_share}。"),
            ),
            Sentence(_("社区一年的服务群众经费平均{communities.service_funds_mean}元。")),
            Sentence(_("把服务搬上网的社区占{communities.platform_coverage}。")),
            Sentence(
                _(
                    "{training.community_bases}个就业创业培训基地开在社区，参加培训的群众有"
                    "{training.community_attendances}人次。"
                )
            ),
            Sentence(
                _(
                    "老旧散小区整治了{projects.estates_renovated}个，住在里面的{projects.estate_beneficiaries}名群众"
                    "得到实惠。"
                )
            ),
            Sentence(_("到社区报到服务的在职党员有{community.members_serving}名。")),
        ),
        parent="brands",
    ),
    Section(
        "organs",
        _("机关"),
        (
            Sentence(_("省直机关组织实施的建功项目有{projects.organ_merit_projects}个。")),
            Sentence(_("{service.organ_members_volunteering}名机关在职党员走进社区做志愿服务。")),
            Sentence(_("到{later}，当年参加培训的机关干部有{training.organ_attendances_this_year}人次。")),
        ),
        parent="brands",
    ),
    Section("state_enterprises", _("国有企业"), parent="brands"),
    Section(
        "private_enterprises",
        _("非公有制企业和社会组织"),
        (
            change(
                "coverage.organization_share",
                rise=_(
                    "建立党组织的非公有制企业和社会组织，由{coverage.organization_share@first}提高到"
                    "{coverage.organization_share}。"
                ),
                fall=_("建立党组织的非公有制企业和社会组织占{coverage.organization_share}。"),
                same=_("建立党组织的非公有制企业和社会组织占{coverage.organization_share}。"),
            ),
            Sentence(_("党的工作覆盖到其中的{coverage.work_share}。")),
            change(
                "coverage.small_founding_share",
                rise=_(
                    "零散小微企业的组建率由{coverage.small_founding_share@first}提高到"
                    "{coverage.small_founding_share}。"
                ),
                fall=_("零散小微企业的组建率为{coverage.small_founding_share}。"),
                same=_("零散小微企业的组建率为{coverage.small_founding_share}。"),
            ),
            Sentence(_("新建的党组织，{coverage.kits_delivered_share}收齐了“一建五送”的各样东西。")),
            Sentence(_("到大型民营企业任书记、副书记的机关干部有{assistance.cadres_to_enterprises}名。")),
            Sentence(_("企业里的党员示范岗和责任区有{enterprises.posts_and_zones}个。")),
        ),
        parent="brands",
    ),
    Section(
        "universities",
        _("高校"),
        (
            Sentence(
                _("青马工程小组有{universities.youth_groups}个，覆盖大学生{universities.youth_students}名。")
            ),
            Sentence(
                _(
                    "高校系统的{universities.training_bases}个教育培训基地，累计培训"
                    "{universities.training_attendances}人次。"
                )
            ),
        ),
        parent="brands",
    ),
    Section(
        "border",
        _("固边兴边，红色堡垒连成线"),
        (
            Sentence(
                _(
                    "到{later}，与军警部队党支部结成共建对子的边境一线村党组织有"
                    "{border.villages_paired_with_troops}个，占边境一线村的{border.villages_paired_share}。"
                )
            ),
            Sentence(_("口岸上成立的国门联检党委有{border.port_joint_committees}个。")),
            Sentence(_("强基富民固边工程的项目和联系点有{projects.border_programme}个。")),
            Sentence(_("通过平台转接组织关系的党员有{transfers.platform_completed}名。")),
            Sentence(_("到所在地党组织报到的口袋党员有{transfers.pocket_members_reported}名。")),
        ),
    ),
    Section(
        "democracy",
        _("发扬党内民主，建好党员队伍"),
        (
            change(
                "members.structure.college_or_above",
                rise=_(
                    "队伍结构在变化：大专及以上学历的党员，{first_year}年末占{members.structure.college_or_above@first}，"
                    "{last_year}年末占到{members.structure.college_or_above}。"
                ),
                fall=_(
                    "大专及以上学历的党员，{first_year}年末占{members.structure.college_or_above@first}，"
                    "{last_year}年末占{members.structure.college_or_above}。"
                ),
                same=_(
                    "大专及以上学历的党员占{members.structure.college_or_above}，与{first_year}年末大体相当。"
                ),
            ),
            change(
                "members.structure.women",
                rise=_("女党员的比例由{members.structure.women@first}上升到{members.structure.women}。"),
                fall=_("女党员的比例由{members.structure.women@first}变为{members.structure.women}。"),
                same=_("女党员占{members.structure.women}，比例保持稳定。"),
            ),
            Sentence(
                _(
                    "到{last_year}年末，35岁及以下的党员占{members.structure.aged_35_or_less}，是队伍里的新生力量。"
                )
            ),
        ),
    ),
    Section(
        "close",
        _("一个支部，一座堡垒"),
        (
            Sentence(
                _(
                    "一个支部就是一座堡垒，一名党员就是一面旗帜。{organizations.total|exact}个基层党组织、"
                    "{members.total|exact}名党员，是{area}这{years}写下的答卷，也是下一程的起点。"
                )
            ),
        ),
    ),
)
