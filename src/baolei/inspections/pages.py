"""Lists of inspections and weak organizations, and the page of each record."""

from django.utils.translation import gettext_lazy as _

from baolei.inspections import queries
from baolei.inspections.access import Can, CanWeak
from baolei.inspections.models import Visit, WeakOrganization
from baolei.inspections.tables import VisitTable, WeakOrganizationTable
from baolei.kernel.pages.records import RecordList
from baolei.kernel.tables import ChoiceFilter, NumberFilter, SubtreeFilter

ORGANIZATION = SubtreeFilter("organization", _("所属党组织"), lookup="organization__key")


class VisitList(RecordList):
    noun, title, permission, export_permission = "inspections:visit", _("督查"), Can.VIEW, Can.EXPORT
    queryset, table = queries.visits, VisitTable
    filters = (
        ORGANIZATION,
        ChoiceFilter("kind", _("方式"), options=Visit.Kind.choices),
        NumberFilter("year", _("年度"), lookup="visited_on__year"),
    )


class WeakOrganizationList(RecordList):
    noun, title, permission, export_permission = (
        *("inspections:weak", _("软弱涣散党组织")),
        *(CanWeak.VIEW, CanWeak.EXPORT),
    )
    queryset, table = queries.weak_organizations, WeakOrganizationTable
    filters = (
        ORGANIZATION,
        ChoiceFilter("kind", _("类型代码"), options=WeakOrganization.Kind.choices),
    )
