"""Sheets of offices, posts, terms and tenures."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.imports import CodeColumn, TextColumn, message, register
from baolei.kernel.imports.columns import DateColumn
from baolei.kernel.imports.records import (
    BooleanColumn,
    Check,
    Derived,
    MemberColumn,
    NoOverlap,
    RecordSheet,
    RefColumn,
    Reference,
    spell_columns,
)
from baolei.organizations.kinds import UnitKind
from baolei.organizations.queries import OVERSEERS
from baolei.posts.access import Can
from baolei.posts.models import PartyOffice, Post, Tenure, Term

message("office.unit", _("党建工作办公室设在乡镇、街道"), _("请填写乡镇或街道的单位代码"))
message("office.unoverseen", _("这个单位没有管理的党组织"), _("请先在单位文件中写明由哪个党组织管理"))
message("post.office", _("岗位与办公室不属于同一党组织"), _("请填写管理这个办公室的党组织，或核对办公室编号"))
message("post.before", _("岗位早于办公室成立"), _("请核对岗位的起始日期和办公室的成立日期"))
message("term.elected", _("任期早于选举"), _("任期从选举当日或之后开始，请核对日期"))
message("tenure.member", _("在不在党员名单中与所填的人不符"), _("在名单中的填公民身份号码，不在的留空"))
message("tenure.before", _("任职早于岗位设立"), _("请核对任职的起始日期和岗位的设立日期"))
message("tenure.after", _("任职晚于岗位撤销"), _("岗位撤销时任职也结束，请填写最后一日"))

_POST = "JOIN posts_post p ON p.id = a.post_id"
_OFFICE = "JOIN posts_partyoffice o ON o.id = a.office_id"


class PartyOfficeSheet(RecordSheet):
    name, title, order, model, can = "party_offices", _("党建工作办公室"), 100, PartyOffice, Can
    columns = (
        RefColumn(),
        Reference("unit", _("单位代码"), to="organizations.Unit"),
        TextColumn("name", _("名称")),
        *spell_columns(),
    )
    joins = OVERSEERS.format(unit="r_unit.id")
    derived = (Derived("organization_id", "overseer.organization_id", "unit", "office.unoverseen"),)
    checks = (
        Check(
            "unit",
            "office.unit",
            f"u.kind NOT IN ('{UnitKind.TOWNSHIP}', '{UnitKind.STREET}')",
            "JOIN organizations_unit u ON u.id = a.unit_id",
        ),
    )
    no_overlaps = (NoOverlap(("unit_id",)),)


class PostSheet(RecordSheet):
    name, title, order, model, can = "posts", _("岗位"), 101, Post, Can
    columns = (
        RefColumn(),
        Reference("organization", _("党组织代码"), to="organizations.Organization"),
        CodeColumn("kind", _("职务"), codes=dict(Post.Kind.choices)),
        BooleanColumn("full_time", _("专职")),
        Reference("office", _("办公室编号"), to="posts.PartyOffice", by="ref", required=False),
        *spell_columns(),
    )
    checks = (
        Check("office", "post.office", "o.organization_id <> a.organization_id", _OFFICE),
        Check("from", "post.before", "s.first < lower(o.during)", _OFFICE),
    )


class TermSheet(RecordSheet):
    name, title, order, model, can = "terms", _("届次"), 102, Term, Can
    columns = (
        RefColumn(),
        Reference("organization", _("党组织代码"), to="organizations.Organization"),
        DateColumn("elected_on", _("选举日期")),
        *spell_columns(),
    )
    checks = (Check("from", "term.elected", "s.first < s.elected_on"),)
    no_overlaps = (NoOverlap(("organization_id",)),)


class TenureSheet(RecordSheet):
    name, title, order, model, can = "tenures", _("任职"), 103, Tenure, Can
    columns = (
        RefColumn(),
        Reference("post", _("岗位编号"), to="posts.Post", by="ref"),
        MemberColumn("member", _("公民身份号码"), required=False),
        BooleanColumn("is_member", _("在党员名单中")),
        *spell_columns(),
    )
    derived = (Derived("organization_id", "r_post.organization_id"),)
    checks = (
        Check("is_member", "tenure.member", "s.is_member <> (a.member_id IS NOT NULL)"),
        Check("from", "tenure.before", "s.first < lower(p.during)", _POST),
        Check("to", "tenure.after", "coalesce(s.until, 'infinity') > upper(p.during)", _POST),
    )
    no_overlaps = (NoOverlap(("post_id",)),)


for sheet in (PartyOfficeSheet, PostSheet, TermSheet, TenureSheet):
    register(sheet())
