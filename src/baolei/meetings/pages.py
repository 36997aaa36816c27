"""Lists of meetings and study campaigns, and the page of each."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.pages.records import RecordList
from baolei.kernel.tables import ChoiceFilter, DateFilter, SubtreeFilter
from baolei.meetings import queries
from baolei.meetings.access import Can
from baolei.meetings.models import Meeting
from baolei.meetings.tables import MeetingTable, StudyCampaignTable


class MeetingList(RecordList):
    noun, title, permission, export_permission = "meetings:meeting", _("会议"), Can.VIEW, Can.EXPORT
    queryset, table = queries.meetings, MeetingTable
    filters = (
        SubtreeFilter("organization", _("所属党组织"), lookup="organization__key"),
        ChoiceFilter("kind", _("类别"), options=Meeting.Kind.choices),
        DateFilter("held_from", _("召开日期自"), lookup="held_on__gte"),
        DateFilter("held_to", _("召开日期至"), lookup="held_on__lte"),
    )


class StudyCampaignList(RecordList):
    noun, title, permission, export_permission = (
        "meetings:study_campaign",
        _("学习教育"),
        Can.VIEW,
        Can.EXPORT,
    )
    queryset, table = queries.study_campaigns, StudyCampaignTable
    filters = (SubtreeFilter("organization", _("所属党组织"), lookup="organization__key"),)
