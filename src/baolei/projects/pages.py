"""Lists of programmes, deeds, projects and appropriations, and the page of each record."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.pages.records import RecordList
from baolei.kernel.tables import ChoiceFilter, NumberFilter, SubtreeFilter
from baolei.projects import queries
from baolei.projects.access import Can
from baolei.projects.models import Appropriation, Programme, Project
from baolei.projects.tables import (
    AppropriationTable,
    DeedTable,
    ProgrammeTable,
    ProjectMore,
    ProjectTable,
)

ORGANIZATION = SubtreeFilter("organization", _("所属党组织"), lookup="organization__key")


class ProgrammeList(RecordList):
    noun, title, permission, export_permission = "projects:programme", _("工程"), Can.VIEW, Can.EXPORT
    queryset, table = queries.programmes, ProgrammeTable
    filters = (ORGANIZATION, ChoiceFilter("kind", _("类别"), options=Programme.Kind.choices))


class DeedList(RecordList):
    noun, title, permission, export_permission = "projects:deed", _("实事好事"), Can.VIEW, Can.EXPORT
    queryset, table = queries.deeds, DeedTable
    filters = (ORGANIZATION, NumberFilter("year", _("年度"), lookup="programme__year"))


class ProjectList(RecordList):
    noun, title, permission, export_permission = "projects:project", _("项目"), Can.VIEW, Can.EXPORT
    queryset, table, more = queries.projects, ProjectTable, ProjectMore
    filters = (ORGANIZATION, ChoiceFilter("kind", _("类别"), options=Project.Kind.choices))


class AppropriationList(RecordList):
    noun, title, permission, export_permission = "projects:appropriation", _("资金"), Can.VIEW, Can.EXPORT
    queryset, table = queries.appropriations, AppropriationTable
    filters = (
        ORGANIZATION,
        ChoiceFilter("fund", _("资金"), options=Appropriation.Fund.choices),
        NumberFilter("year", _("预算年度"), lookup="fiscal_year"),
    )
