"""Sheets of check-ins, services and handled needs."""

from django.utils.translation import gettext_lazy as _

from baolei.community.access import Can
from baolei.community.models import CheckIn, Need, ServiceRecord
from baolei.kernel.imports import CodeColumn, DateColumn, message, register
from baolei.kernel.imports.records import (
    Check,
    Derived,
    MemberColumn,
    NoOverlap,
    RecordSheet,
    RefColumn,
    Reference,
    spell_columns,
)
from baolei.kernel.imports.sheets import mark_stale
from baolei.organizations.kinds import UnitKind
from baolei.organizations.queries import OVERSEERS
from baolei.standards.models import Facility

message("checkin.unit", _("报到的单位不是社区"), _("请填写社区的单位代码"))
message("checkin.unoverseen", _("这个社区没有管理的党组织"), _("请先在单位文件中写明由哪个党组织管理"))
message("checkin.overlap", _("与同一党员的另一次报到重叠"), _("党员同一天只在一个社区报到；前一次应先结束"))
message("checkin.branch", _("报到之日不在任何党支部"), _("请核对报到日期和党员的组织关系"))
message("service.unit", _("服务的单位不是社区"), _("请填写社区的单位代码"))
message("service.branch", _("服务之日不在任何党支部"), _("请核对服务日期和党员的组织关系"))
message("service.checkin", _("服务之日没有在任何社区报到"), _("请先录入报到，或核对服务日期"))
message("service.confirmed", _("社区确认日期早于服务日期"), _("请核对两个日期；尚未确认时留空"))
message("need.desk", _("所填的场所不是服务窗口"), _("请填写服务窗口的编号"))
message("need.closed", _("办理之日服务窗口没有在用"), _("请核对办理日期和窗口的起止日期"))

_NO_COMMUNITY = f"u.kind <> '{UnitKind.COMMUNITY}'"
_UNIT = "JOIN organizations_unit u ON u.id = a.unit_id"
_DESK = "JOIN standards_facility f ON f.id = a.desk_id"

# Joined, not asked row by row: a first load finds these tables without their indexes.
_SPELL = "LEFT JOIN members_membership spell ON spell.member_id = {member} AND spell.during @> s.{day}"


_OVERSEERS = OVERSEERS.format(unit="r_unit.id")
_OVERSEEN = Derived("organization_id", "overseer.organization_id", "unit", "checkin.unoverseen")


class CheckInSheet(RecordSheet):
    name, title, order, model, can = "checkins", _("社区报到"), 190, CheckIn, Can
    columns = (
        RefColumn(),
        MemberColumn("member", _("公民身份号码")),
        Reference("unit", _("社区代码"), to="organizations.Unit"),
        Reference("work_unit", _("工作单位代码"), to="organizations.Unit"),
        *spell_columns(),
    )
    joins, derived = _OVERSEERS, (_OVERSEEN,)
    checks = (
        Check("unit", "checkin.unit", _NO_COMMUNITY, _UNIT),
        Check("from", "checkin.branch", "spell.id IS NULL", _SPELL.format(member="a.member_id", day="first")),
    )
    no_overlaps = (NoOverlap(("member_id",), "checkin.overlap"),)

    def write(self, staged):
        """A changed check-in changes what services count for, at the branches of those days too."""
        done = super().write(staged)
        if done["new"] or done["changed"]:
            mark_stale(
                (CheckIn._meta.label,),
                f"""SELECT v.branch_id FROM community_servicerecord v WHERE v.member_id IN (
                    SELECT member_id FROM {self.at} UNION
                    SELECT (b.before ->> 'member_id')::bigint FROM kernel_batchrow b
                    WHERE b.model = '{CheckIn._meta.label}' AND b.batch_id = {int(staged.batch_id)})""",
            )
        return done


class ServiceRecordSheet(RecordSheet):
    name, title, order, model, can = "services", _("社区服务"), 191, ServiceRecord, Can
    columns = (
        RefColumn(),
        MemberColumn("member", _("公民身份号码")),
        Reference("unit", _("社区代码"), to="organizations.Unit"),
        CodeColumn("kind", _("服务类别"), codes=dict(ServiceRecord.Kind.choices)),
        DateColumn("served_on", _("服务日期")),
        DateColumn("confirmed_on", _("社区确认日期"), required=False),
    )
    joins = f"{_OVERSEERS} {_SPELL.format(member='r_member.id', day='served_on')}"
    derived = (_OVERSEEN, Derived("branch_id", "spell.branch_id", "served_on", "service.branch"))
    checks = (
        Check("unit", "service.unit", _NO_COMMUNITY, _UNIT),
        Check("confirmed_on", "service.confirmed", "s.confirmed_on < s.served_on"),
        Check(
            "served_on",
            "service.checkin",
            "c.id IS NULL",
            "LEFT JOIN community_checkin c ON c.member_id = a.member_id AND c.during @> s.served_on",
        ),
    )


class NeedSheet(RecordSheet):
    name, title, order, model, can = "needs", _("群众需求办理"), 192, Need, Can
    columns = (
        RefColumn(),
        Reference("desk", _("服务窗口编号"), to="standards.Facility", by="ref"),
        DateColumn("handled_on", _("办理日期")),
    )
    derived = (Derived("organization_id", "r_desk.organization_id"),)
    checks = (
        Check("desk", "need.desk", f"f.kind <> '{Facility.Kind.DESK}'", _DESK),
        Check("handled_on", "need.closed", "NOT f.during @> s.handled_on", _DESK),
    )


for sheet in (CheckInSheet, ServiceRecordSheet, NeedSheet):
    register(sheet())
