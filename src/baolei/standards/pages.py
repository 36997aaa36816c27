"""Lists of readings, thresholds, facilities and marks, and the page of each record."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.pages.records import RecordList
from baolei.kernel.tables import ChoiceFilter, NumberFilter, SubtreeFilter
from baolei.standards import queries
from baolei.standards.access import Can, CanPay
from baolei.standards.models import Facility, Mark, Measure
from baolei.standards.tables import FacilityTable, MarkTable, PayTable, ReadingTable, ThresholdTable

ORGANIZATION = SubtreeFilter("organization", _("所属党组织"), lookup="organization__key")
YEAR = NumberFilter("year", _("年度"))


class ReadingList(RecordList):
    noun, title, permission, export_permission = "standards:reading", _("指标读数"), Can.VIEW, Can.EXPORT
    queryset, table = queries.readings, ReadingTable
    filters = (
        ORGANIZATION,
        ChoiceFilter(
            "measure", _("指标"), options=[c for c in Measure.choices if c[0] != Measure.SECRETARY_PAY]
        ),
        YEAR,
    )


class PayList(RecordList):
    noun, title, permission, export_permission = (
        *("standards:pay", _("村党组织书记报酬")),
        *(CanPay.VIEW, CanPay.EXPORT),
    )
    queryset, table = queries.pays, PayTable
    filters = (ORGANIZATION, YEAR)


class ThresholdList(RecordList):
    noun, title, permission, export_permission = "standards:threshold", _("标准线"), Can.VIEW, Can.EXPORT
    queryset, table = queries.thresholds, ThresholdTable
    filters = (
        ORGANIZATION,
        ChoiceFilter("measure", _("指标"), options=Measure.choices),
    )


class FacilityList(RecordList):
    noun, title, permission, export_permission = "standards:facility", _("场所"), Can.VIEW, Can.EXPORT
    queryset, table = queries.facilities, FacilityTable
    filters = (ORGANIZATION, ChoiceFilter("kind", _("类别"), options=Facility.Kind.choices))


class MarkList(RecordList):
    noun, title, permission, export_permission = "standards:mark", _("认定"), Can.VIEW, Can.EXPORT
    queryset, table = queries.marks, MarkTable
    filters = (ORGANIZATION, ChoiceFilter("kind", _("认定"), options=Mark.Kind.choices))
