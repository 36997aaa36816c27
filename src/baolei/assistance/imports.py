"""Sheets of postings, pairings, pairings with partners, and participations."""

from django.utils.translation import gettext_lazy as _

from baolei.assistance.access import Can, CanPartners
from baolei.assistance.models import Pairing, Participation, PartnerPairing, Posting
from baolei.kernel.imports import CodeColumn, DateColumn, TextColumn, message, register
from baolei.kernel.imports.records import (
    Check,
    Derived,
    MemberColumn,
    NoOverlap,
    NumberColumn,
    RecordSheet,
    RefColumn,
    Reference,
    spell_columns,
)
from baolei.kernel.sql import quoted
from baolei.organizations.kinds import UnitKind
from baolei.organizations.queries import OVERSEERS

message("posting.village", _("第一书记和工作队员只能派到村"), _("请填写村的单位代码"))
message("posting.enterprise", _("选派到企业的只能填非公有制企业"), _("请填写企业的单位代码"))
message("posting.overlap", _("此人在这段时间里另有一项选派"), _("请先写明前一项选派的截止日期"))
message(
    "pairing.sides", _("所填各栏与类别不配"), _("包村填村和单位，包户填村、干部和户编号，结对填两个党组织")
)
message("pairing.village", _("受帮扶的须是村"), _("请填写村的单位代码"))
message("pairing.overseer", _("这个党组织没有管理过这个村"), _("村的党组织可以留空，由系统按管理关系填写"))
message(
    "pairing.repeated",
    _("同样的结对在这段时间里已经有一条"),
    _("请核对；两个党组织共建的，从哪一方填都只填一条"),
)
message("pairing.number", _("这个村的这个户编号在这段时间里已有帮扶干部"), _("请核对户编号和起止日期"))
message("partner.serial", _("共建方只填序号"), _("请填写不超过12位的大写字母、数字，不写单位名称和地点"))
message("participation.branch", _("此人当日没有党员关系"), _("请核对开始日期和公民身份号码"))
message("participation.campaign", _("这项工程不是帮扶行动"), _("请填写帮扶行动的编号，日常帮扶留空"))
message(
    "participation.outside",
    _("参与的日期不在帮扶行动期间"),
    _("请核对日期；行动开始前、结束后的帮扶不填行动"),
)
message("participation.village", _("帮扶的须是村"), _("请填写村的单位代码，不在村里的帮扶留空"))


def _of_kind(column: str, kind: str) -> str:
    """SQL: the unit of a column is given and is not of that kind."""
    return f"EXISTS (SELECT FROM organizations_unit u WHERE u.id = a.{column} AND u.kind <> '{kind}')"


class PostingSheet(RecordSheet):
    name, title, order, model, can = "postings", _("选派任职"), 140, Posting, Can
    columns = (
        RefColumn(),
        MemberColumn("member", _("公民身份号码")),
        CodeColumn("kind", _("类别"), codes=dict(Posting.Kind.choices)),
        Reference("unit", _("任职单位代码"), to="organizations.Unit"),
        *spell_columns(),
    )
    joins = OVERSEERS.format(unit="r_unit.id")
    derived = (Derived("organization_id", "overseer.organization_id", "unit", "unit.unoverseen"),)
    checks = (
        Check(
            "unit",
            "posting.village",
            f"s.kind IN ({quoted(Posting.TO_VILLAGES)}) AND {_of_kind('unit_id', UnitKind.VILLAGE)}",
        ),
        Check(
            "unit",
            "posting.enterprise",
            f"s.kind IN ({quoted(Posting.TO_ENTERPRISES)}) "
            f"AND {_of_kind('unit_id', UnitKind.PRIVATE_ENTERPRISE)}",
        ),
    )
    no_overlaps = (NoOverlap(("member_id",), "posting.overlap"),)


_FITTING = """CASE s.kind
    WHEN 'unit_village' THEN a.village_id IS NOT NULL AND a.unit_id IS NOT NULL
        AND num_nonnulls(a.member_id, s.number, a.helper_id) = 0
    WHEN 'cadre_household' THEN a.village_id IS NOT NULL AND a.member_id IS NOT NULL AND s.number > 0
        AND num_nonnulls(a.unit_id, a.helper_id) = 0
    ELSE s.organization IS NOT NULL AND a.helper_id <> a.organization_id
        AND num_nonnulls(a.village_id, a.unit_id, a.member_id, s.number) = 0 END"""


class PairingSheet(RecordSheet):
    name, title, order, model, can = "pairings", _("结对帮扶"), 141, Pairing, Can
    columns = (
        RefColumn(),
        CodeColumn("kind", _("类别"), codes=dict(Pairing.Kind.choices)),
        Reference("village", _("受帮扶的村代码"), to="organizations.Unit", required=False),
        Reference("organization", _("受帮扶的党组织代码"), to="organizations.Organization", required=False),
        Reference("unit", _("帮扶单位代码"), to="organizations.Unit", required=False),
        MemberColumn("member", _("帮扶干部公民身份号码"), required=False),
        NumberColumn("number", _("户编号"), required=False),
        Reference("helper", _("结对的党组织代码"), to="organizations.Organization", required=False),
        *spell_columns(),
    )
    joins = OVERSEERS.format(unit="r_village.id")
    derived = (
        Derived(
            "organization_id",
            "CASE WHEN s.organization IS NULL THEN overseer.organization_id ELSE r_organization.id END",
        ),
    )
    checks = (
        Check("village", "pairing.village", _of_kind("village_id", UnitKind.VILLAGE)),
        Check("village", "unit.unoverseen", "a.village_id IS NOT NULL AND a.organization_id IS NULL"),
        Check("kind", "pairing.sides", f"({_FITTING}) IS NOT TRUE"),
        Check(
            "organization",
            "pairing.overseer",
            "a.village_id IS NOT NULL AND NOT EXISTS (SELECT FROM organizations_unitoverseer v "
            "WHERE v.unit_id = a.village_id AND v.organization_id = a.organization_id)",
        ),
    )
    no_overlaps = (
        NoOverlap(("unit_id", "village_id"), "pairing.repeated"),
        NoOverlap(("village_id", "number"), "pairing.number"),
        NoOverlap(
            ("least(organization_id, helper_id)", "greatest(organization_id, helper_id)"),
            "pairing.repeated",
            where="t.helper_id IS NOT NULL",
        ),
    )


class PartnerPairingSheet(RecordSheet):
    name, title, order, model, can = "partner_pairings", _("军警共建对子"), 142, PartnerPairing, CanPartners
    columns = (
        RefColumn(),
        Reference("village", _("村代码"), to="organizations.Unit"),
        TextColumn("partner", _("共建方序号")),
        *spell_columns(),
    )
    joins = OVERSEERS.format(unit="r_village.id")
    derived = (Derived("organization_id", "overseer.organization_id", "village", "unit.unoverseen"),)
    checks = (
        Check("village", "pairing.village", _of_kind("village_id", UnitKind.VILLAGE)),
        Check("partner", "partner.serial", "s.partner !~ '^[A-Z0-9][A-Z0-9-]{0,11}$'"),
    )
    no_overlaps = (NoOverlap(("village_id", "partner"), "pairing.repeated"),)


_CAMPAIGN = "JOIN projects_programme p ON p.id = a.campaign_id"


class ParticipationSheet(RecordSheet):
    name, title, order, model, can = "participations", _("参与帮扶"), 143, Participation, Can
    columns = (
        RefColumn(),
        MemberColumn("member", _("公民身份号码")),
        Reference("campaign", _("帮扶行动编号"), to="projects.Programme", by="ref", required=False),
        Reference("village", _("帮扶的村代码"), to="organizations.Unit", required=False),
        DateColumn("first_on", _("开始日期")),
        DateColumn("last_on", _("结束日期")),
    )
    # One pass over the spells: a look-up for each of a million rows would find no index at the first load.
    joins = f"""LEFT JOIN members_membership spell
            ON spell.member_id = r_member.id AND spell.during @> s.first_on
        {OVERSEERS.format(unit="r_village.id")}"""
    derived = (
        Derived("branch_id", "spell.branch_id", "first_on", "participation.branch"),
        Derived("organization_id", "overseer.organization_id"),
    )
    checks = (
        Check("last_on", "dates.reversed", "s.last_on < s.first_on"),
        Check("village", "participation.village", _of_kind("village_id", UnitKind.VILLAGE)),
        Check("village", "unit.unoverseen", "a.village_id IS NOT NULL AND a.organization_id IS NULL"),
        Check("campaign", "participation.campaign", "p.kind <> 'campaign'", _CAMPAIGN),
        Check(
            "first_on",
            "participation.outside",
            "s.first_on < coalesce(p.first_on, p.planned_first) "
            "OR s.last_on > coalesce(p.last_on, p.cancelled_on, 'infinity')",
            _CAMPAIGN,
        ),
    )
    unique_by = (("member_id", "first_on"),)


for sheet in (PostingSheet, PairingSheet, PartnerPairingSheet, ParticipationSheet):
    register(sheet())
