"""Lists of milestones and of those who took them up, and the page of each record."""

from django.utils.translation import gettext_lazy as _

from baolei.honours import queries
from baolei.honours.access import Can
from baolei.honours.tables import AdoptionTable, MilestoneTable
from baolei.kernel.pages.records import RecordList
from baolei.kernel.tables import NumberFilter, SubtreeFilter

ORGANIZATION = SubtreeFilter("organization", _("所属党组织"), lookup="organization__key")


class MilestoneList(RecordList):
    noun, title, permission, export_permission = "honours:milestone", _("典型经验"), Can.VIEW, Can.EXPORT
    queryset, table = queries.milestones, MilestoneTable
    filters = (ORGANIZATION, NumberFilter("year", _("年度"), lookup="reached_on__year"))


class AdoptionList(RecordList):
    noun, title, permission, export_permission = "honours:adoption", _("经验推广"), Can.VIEW, Can.EXPORT
    queryset, table = queries.adoptions, AdoptionTable
    filters = (ORGANIZATION,)
