"""Sheets of study campaigns and meetings."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.imports import CodeColumn, DateColumn, TextColumn, message, register
from baolei.kernel.imports.records import (
    Check,
    NumberColumn,
    RecordSheet,
    RefColumn,
    Reference,
    spell_columns,
)
from baolei.kernel.sql import quoted
from baolei.meetings.access import Can
from baolei.meetings.models import Meeting, StudyCampaign
from baolei.organizations.kinds import HOLDS_MEMBERS

message("meeting.present", _("实到人数多于应到人数"), _("请核对两个人数；列席人员不计入"))
message("meeting.campaign", _("会议日期不在学习教育期间"), _("请核对日期和学习教育的编号"))
message("meeting.life", _("当日这个党组织尚未成立或已经撤销"), _("请核对召开日期和组织代码"))
message(
    "meeting.kind",
    _("这类会议不是这类党组织召开的"),
    _("定期、专题议党由党委（党组）召开；党员大会、支委会、党小组会由党支部召开"),
)

_BRANCH_KINDS = quoted(HOLDS_MEMBERS)
_ORGANIZATION = "JOIN organizations_organization o ON o.id = a.organization_id"


class StudyCampaignSheet(RecordSheet):
    name, title, order, model, can = "study_campaigns", _("学习教育"), 150, StudyCampaign, Can
    columns = (
        RefColumn(),
        Reference("organization", _("组织开展的党组织"), to="organizations.Organization"),
        TextColumn("name", _("名称")),
        TextColumn("document", _("文号")),
        *spell_columns(),
    )


class MeetingSheet(RecordSheet):
    name, title, order, model, can = "meetings", _("会议"), 151, Meeting, Can
    columns = (
        RefColumn(),
        Reference("organization", _("召开的党组织"), to="organizations.Organization"),
        CodeColumn("kind", _("类别"), codes=dict(Meeting.Kind.choices)),
        DateColumn("held_on", _("召开日期")),
        NumberColumn("should_attend", _("应到人数")),
        NumberColumn("present", _("实到人数")),
        Reference("campaign", _("学习教育"), required=False, to="meetings.StudyCampaign", by="ref"),
    )
    checks = (
        Check("present", "meeting.present", "s.present > s.should_attend"),
        Check(
            "held_on",
            "meeting.campaign",
            "NOT c.during @> s.held_on",
            "JOIN meetings_studycampaign c ON c.id = a.campaign_id",
        ),
        Check(
            "held_on",
            "meeting.life",
            "s.held_on < o.opened_on OR s.held_on >= o.closed_on",
            _ORGANIZATION,
        ),
        Check(
            "kind",
            "meeting.kind",
            f"""(s.kind IN ('regular_session', 'special_session') AND o.kind IN ({_BRANCH_KINDS}))
                OR (s.kind IN ('members_meeting', 'branch_committee_meeting', 'cell_meeting')
                    AND o.kind NOT IN ({_BRANCH_KINDS}))""",
            _ORGANIZATION,
        ),
    )
    unique_by = (("organization_id", "kind", "held_on"),)


for sheet in (StudyCampaignSheet, MeetingSheet):
    register(sheet())
