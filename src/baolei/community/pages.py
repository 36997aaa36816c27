"""Lists of check-ins, services and handled needs, and the page of each record."""

from django.utils.translation import gettext_lazy as _

from baolei.community import queries
from baolei.community.access import Can
from baolei.community.models import ServiceRecord
from baolei.community.tables import CheckInTable, NeedTable, ServiceRecordTable
from baolei.kernel.pages.records import RecordList
from baolei.kernel.tables import ChoiceFilter, DateFilter, SubtreeFilter

_COMMUNITY = SubtreeFilter("organization", _("社区党组织"), lookup="organization__key")


class CheckInList(RecordList):
    noun, title, permission, export_permission = "community:checkin", _("社区报到"), Can.VIEW, Can.EXPORT
    queryset, table = queries.checkins, CheckInTable
    filters = (_COMMUNITY, DateFilter("on", _("当日在报到中"), lookup="during__contains"))


class ServiceRecordList(RecordList):
    noun, title, permission, export_permission = "community:service", _("社区服务"), Can.VIEW, Can.EXPORT
    queryset, table = queries.services, ServiceRecordTable
    filters = (
        _COMMUNITY,
        SubtreeFilter("branch", _("党员所在党组织"), lookup="branch__key"),
        ChoiceFilter("kind", _("服务类别"), options=ServiceRecord.Kind.choices),
        DateFilter("since", _("自"), lookup="served_on__gte"),
        DateFilter("until", _("至"), lookup="served_on__lte"),
    )


class NeedList(RecordList):
    noun, title, permission, export_permission = "community:need", _("群众需求办理"), Can.VIEW, Can.EXPORT
    queryset, table = queries.needs, NeedTable
    filters = (
        _COMMUNITY,
        DateFilter("since", _("自"), lookup="handled_on__gte"),
        DateFilter("until", _("至"), lookup="handled_on__lte"),
    )
