"""Lists of debriefs and appraisals, and the page of each."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.pages.records import RecordList
from baolei.kernel.tables import ChoiceFilter, NumberFilter, SubtreeFilter
from baolei.reviews import queries
from baolei.reviews.access import Can
from baolei.reviews.models import Debrief
from baolei.reviews.tables import AppraisalTable, DebriefTable

_ORGANIZATION = SubtreeFilter("organization", _("所属党组织"), lookup="organization__key")
_YEAR = NumberFilter("year", _("年度"))


class DebriefList(RecordList):
    noun, title, permission, export_permission = "reviews:debrief", _("述职评议"), Can.VIEW, Can.EXPORT
    queryset, table = queries.debriefs, DebriefTable
    filters = (_ORGANIZATION, _YEAR, ChoiceFilter("state", _("状态"), options=Debrief.State.choices))


class AppraisalList(RecordList):
    noun, title, permission, export_permission = "reviews:appraisal", _("民主评议"), Can.VIEW, Can.EXPORT
    queryset, table = queries.appraisals, AppraisalTable
    filters = (_ORGANIZATION, _YEAR)
