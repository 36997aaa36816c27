"""Sheets of counts, demonstration posts and founding kits."""

from django.utils.translation import gettext_lazy as _

from baolei.coverage.access import Can
from baolei.coverage.models import DemonstrationPost, EnterpriseCount, FoundingKit
from baolei.kernel.imports import CodeColumn, DateColumn, TextColumn, message, register
from baolei.kernel.imports.records import (
    BooleanColumn,
    Check,
    Derived,
    NumberColumn,
    RecordSheet,
    RefColumn,
    Reference,
    spell_columns,
)
from baolei.organizations.kinds import UnitKind
from baolei.organizations.queries import OVERSEERS

message("count.year_end", _("不是12月31日"), _("覆盖情况按年末统计，请填写某年的12月31日"))
message("count.size", _("企业规模与领域不配"), _("非公有制企业须填规模，社会组织不填"))
message(
    "count.parts",
    _("分项之和超过了实体运营数"),
    _("请核对：已组建数加仅工作覆盖数、加应建未建数都不得超过总数"),
)
message("count.organization", _("这个党组织当日不存续"), _("请填写当日存续的党组织"))
message("demonstration_post.unit", _("不是非公有制企业"), _("示范岗和责任区设在非公有制企业，请核对单位代码"))
message(
    "demonstration_post.unoverseen", _("这个企业没有管理的党组织"), _("请先在单位文件中写明由哪个党组织管理")
)
message("kit.before_founding", _("确认日期早于党组织成立日期"), _("请核对两个日期"))


class EnterpriseCountSheet(RecordSheet):
    name, title, order, model, can = "enterprise_counts", _("两新组织覆盖情况"), 180, EnterpriseCount, Can
    columns = (
        RefColumn(),
        Reference("organization", _("统计的党组织"), to="organizations.Organization"),
        DateColumn("as_of", _("截至日期")),
        CodeColumn("sector", _("领域"), codes=dict(EnterpriseCount.Sector.choices)),
        CodeColumn("size", _("企业规模"), codes=dict(EnterpriseCount.Size.choices), required=False),
        NumberColumn("operating", _("实体运营数")),
        NumberColumn("alone", _("单独组建数")),
        NumberColumn("joint", _("联合组建数")),
        NumberColumn("work_only", _("仅工作覆盖数")),
        NumberColumn("due", _("应建未建数")),
    )
    checks = (
        Check("as_of", "count.year_end", "to_char(s.as_of, 'MM-DD') <> '12-31'"),
        Check("size", "count.size", "(s.sector = 'private') <> (s.size IS NOT NULL)"),
        Check(
            "operating",
            "count.parts",
            "s.alone::bigint + s.joint + greatest(s.work_only, s.due) > s.operating",
        ),
        Check(
            "organization",
            "count.organization",
            "o.opened_on > s.as_of OR o.closed_on <= s.as_of",
            "JOIN organizations_organization o ON o.id = a.organization_id",
        ),
    )
    unique_by = (("organization_id", "as_of", "sector", "size"),)


class DemonstrationPostSheet(RecordSheet):
    name, title, order, model, can = (
        *("demonstration_posts", _("党员示范岗和责任区"), 181),
        *(DemonstrationPost, Can),
    )
    columns = (
        RefColumn(),
        Reference("unit", _("单位代码"), to="organizations.Unit"),
        CodeColumn("kind", _("类别"), codes=dict(DemonstrationPost.Kind.choices)),
        TextColumn("name", _("名称")),
        *spell_columns(),
    )
    joins = OVERSEERS.format(unit="r_unit.id")
    derived = (
        Derived("organization_id", "overseer.organization_id", "unit", "demonstration_post.unoverseen"),
    )
    checks = (
        Check(
            "unit",
            "demonstration_post.unit",
            f"u.kind <> '{UnitKind.PRIVATE_ENTERPRISE}'",
            "JOIN organizations_unit u ON u.id = a.unit_id",
        ),
    )


class FoundingKitSheet(RecordSheet):
    name, title, order, model, can = "founding_kits", _("一建五送"), 182, FoundingKit, Can
    columns = (
        RefColumn(),
        Reference("organization", _("新建党组织"), to="organizations.Organization"),
        BooleanColumn("plaque", _("牌匾")),
        BooleanColumn("flag", _("党旗")),
        BooleanColumn("books", _("党建书籍")),
        BooleanColumn("fund", _("启动经费")),
        BooleanColumn("equipment", _("电教设备")),
        DateColumn("confirmed_on", _("接收方确认日期"), required=False),
    )
    checks = (
        Check(
            "confirmed_on",
            "kit.before_founding",
            "s.confirmed_on < o.opened_on",
            "JOIN organizations_organization o ON o.id = a.organization_id",
        ),
    )
    unique_by = (("organization_id",),)


for sheet in (EnterpriseCountSheet, DemonstrationPostSheet, FoundingKitSheet):
    register(sheet())
