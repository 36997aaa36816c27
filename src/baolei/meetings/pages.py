"""Lists of meetings and study campaigns, and the page of each."""

from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from baolei.kernel.desk import MONTH, counted, telling
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


def _held(kind: str, months: int):
    """How many of a kind the branch has held in the present month or quarter."""

    def count(actor, branch) -> tuple[int, str]:
        today = timezone.localdate()
        first = today.replace(day=1, month=today.month - (today.month - 1) % months)
        rows = queries.meetings().visible_to(actor, Can.VIEW)
        rows = rows.filter(organization=branch, kind=kind, held_on__range=(first, today))
        address = reverse("meetings:meeting_list")
        return counted(rows), f"{address}?organization={branch.uid}&kind={kind}&held_from={first}"

    return count


for _kind, _months in (
    (Meeting.Kind.THEME_DAY, 1),
    (Meeting.Kind.BRANCH_COMMITTEE_MEETING, 1),
    (Meeting.Kind.MEMBERS_MEETING, 3),
    (Meeting.Kind.PARTY_CLASS, 3),
):
    _span = _("本月已开") if _months == 1 else _("本季度已开")
    telling(MONTH, format_lazy("{}（{}）", _kind.label, _span), _held(_kind, _months))
