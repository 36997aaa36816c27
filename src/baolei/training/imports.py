"""Sheets of training bases, sessions, attendances, study groups and their reports."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.imports import CodeColumn, TextColumn, message, register
from baolei.kernel.imports.columns import DateColumn
from baolei.kernel.imports.records import (
    Check,
    ComingDateColumn,
    Derived,
    MemberColumn,
    NumberColumn,
    RecordSheet,
    RefColumn,
    Reference,
    spell_columns,
)
from baolei.organizations.kinds import UnitKind
from baolei.organizations.queries import OVERSEERS
from baolei.training.access import Can
from baolei.training.models import Attendance, Base, GroupReport, Session, StudyGroup

message("session.reversed", _("结业早于开班"), _("请核对开班日期和结业日期"))
message("session.closed", _("培训基地当时没有开放"), _("请核对班次的日期和基地的起止日期"))
message("session.organization", _("班次不是承办基地的党组织举办的"), _("请填写承办这个基地的党组织"))
message("session.hours", _("学时须大于零"), _("请填写实际学时"))
message("group.unit", _("青马工程小组设在高等学校"), _("请填写高等学校的单位代码"))
message("group.unoverseen", _("这所学校没有管理的党组织"), _("请先在单位文件中写明由哪个党组织管理"))
message("report.confirmed", _("学校确认早于上报"), _("请核对上报日期和确认日期；尚未确认的留空"))
message("report.inactive", _("小组当时不在活动"), _("请核对上报日期和小组的起止日期"))

_BASE = "JOIN training_base b ON b.id = a.base_id"


class BaseSheet(RecordSheet):
    name, title, order, model, can = "training_bases", _("培训基地"), 160, Base, Can
    columns = (
        RefColumn(),
        Reference("organization", _("承办的党组织代码"), to="organizations.Organization"),
        Reference("unit", _("承办单位代码"), to="organizations.Unit", required=False),
        CodeColumn("kind", _("类别"), codes=dict(Base.Kind.choices)),
        TextColumn("name", _("名称")),
        *spell_columns(),
    )


class SessionSheet(RecordSheet):
    name, title, order, model, can = "training_sessions", _("培训班次"), 161, Session, Can
    columns = (
        RefColumn(),
        Reference("organization", _("举办的党组织代码"), to="organizations.Organization"),
        Reference("base", _("培训基地编号"), to="training.Base", by="ref", required=False),
        CodeColumn("audience", _("对象"), codes=dict(Session.Audience.choices)),
        TextColumn("name", _("班次")),
        DateColumn("first_on", _("开班日期")),
        ComingDateColumn("last_on", _("结业日期")),
        NumberColumn("hours", _("学时"), decimals=1),
        NumberColumn("others", _("名单外人数")),
    )
    checks = (
        Check("last_on", "session.reversed", "s.last_on < s.first_on"),
        Check("hours", "session.hours", "s.hours = 0"),
        Check("organization", "session.organization", "b.organization_id <> a.organization_id", _BASE),
        Check(
            "first_on",
            "session.closed",
            "s.first_on < lower(b.during) OR s.last_on >= upper(b.during)",
            _BASE,
        ),
    )


class AttendanceSheet(RecordSheet):
    name, title, order, model, can = "training_attendances", _("参训"), 162, Attendance, Can
    columns = (
        RefColumn(),
        Reference("session", _("班次编号"), to="training.Session", by="ref"),
        MemberColumn("member", _("公民身份号码")),
    )
    derived = (Derived("organization_id", "r_session.organization_id"),)
    unique_by = (("session_id", "member_id"),)


class StudyGroupSheet(RecordSheet):
    name, title, order, model, can = "study_groups", _("青马工程小组"), 163, StudyGroup, Can
    columns = (
        RefColumn(),
        Reference("unit", _("高等学校单位代码"), to="organizations.Unit"),
        TextColumn("name", _("名称")),
        *spell_columns(),
    )
    joins = OVERSEERS.format(unit="r_unit.id")
    derived = (Derived("organization_id", "overseer.organization_id", "unit", "group.unoverseen"),)
    checks = (
        Check(
            "unit",
            "group.unit",
            f"u.kind <> '{UnitKind.UNIVERSITY}'",
            "JOIN organizations_unit u ON u.id = a.unit_id",
        ),
    )


class GroupReportSheet(RecordSheet):
    name, title, order, model, can = "group_reports", _("小组上报"), 164, GroupReport, Can
    columns = (
        RefColumn(),
        Reference("study_group", _("小组编号"), to="training.StudyGroup", by="ref"),
        DateColumn("reported_on", _("上报日期")),
        DateColumn("confirmed_on", _("学校确认日期"), required=False),
        NumberColumn("students", _("覆盖学生数")),
    )
    derived = (Derived("organization_id", "r_study_group.organization_id"),)
    checks = (
        Check("confirmed_on", "report.confirmed", "s.confirmed_on < s.reported_on"),
        Check(
            "reported_on",
            "report.inactive",
            "NOT g.during @> s.reported_on",
            "JOIN training_studygroup g ON g.id = a.study_group_id",
        ),
    )
    unique_by = (("study_group_id", "reported_on"),)


for sheet in (BaseSheet, SessionSheet, AttendanceSheet, StudyGroupSheet, GroupReportSheet):
    register(sheet())
