"""Lists of bases, sessions, attendances, study groups and reports, and the page of each record."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.pages.records import RecordList
from baolei.kernel.tables import ChoiceFilter, DateFilter, SubtreeFilter
from baolei.training import queries
from baolei.training.access import Can
from baolei.training.models import Base, Session
from baolei.training.tables import AttendanceTable, BaseTable, GroupTable, ReportTable, SessionTable

ORGANIZATION = SubtreeFilter("organization", _("所属党组织"), lookup="organization__key")
DAY = DateFilter("day", _("当日有效"), lookup="during__contains")


class BaseList(RecordList):
    noun, title, permission, export_permission = "training:base", _("培训基地"), Can.VIEW, Can.EXPORT
    queryset, table = queries.bases, BaseTable
    filters = (ORGANIZATION, ChoiceFilter("kind", _("类别"), options=Base.Kind.choices), DAY)


class SessionList(RecordList):
    noun, title, permission, export_permission = "training:session", _("培训班次"), Can.VIEW, Can.EXPORT
    queryset, table = queries.sessions, SessionTable
    filters = (
        ORGANIZATION,
        ChoiceFilter("audience", _("对象"), options=Session.Audience.choices),
        DateFilter("since", _("自"), lookup="first_on__gte"),
        DateFilter("until", _("至"), lookup="first_on__lte"),
    )


class AttendanceList(RecordList):
    noun, title, permission, export_permission = "training:attendance", _("参训"), Can.VIEW, Can.EXPORT
    queryset, table = queries.attendances, AttendanceTable
    filters = (ORGANIZATION, DateFilter("since", _("自"), lookup="session__first_on__gte"))


class GroupList(RecordList):
    noun, title, permission, export_permission = "training:group", _("青马工程小组"), Can.VIEW, Can.EXPORT
    queryset, table = queries.groups, GroupTable
    filters = (ORGANIZATION, DAY)


class ReportList(RecordList):
    noun, title, permission, export_permission = "training:report", _("小组上报"), Can.VIEW, Can.EXPORT
    queryset, table = queries.reports, ReportTable
    filters = (ORGANIZATION, DateFilter("since", _("自"), lookup="reported_on__gte"))
