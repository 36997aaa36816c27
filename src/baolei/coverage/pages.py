"""Lists of counts, demonstration posts and founding kits, and the page of each record."""

from django.utils.translation import gettext_lazy as _

from baolei.coverage import queries
from baolei.coverage.access import Can
from baolei.coverage.models import DemonstrationPost, EnterpriseCount
from baolei.coverage.tables import CountTable, DemonstrationPostTable, KitTable
from baolei.kernel.pages.records import RecordList
from baolei.kernel.tables import ChoiceFilter, NumberFilter, SubtreeFilter

ORGANIZATION = SubtreeFilter("organization", _("所属党组织"), lookup="organization__key")


class CountList(RecordList):
    noun, title, permission, export_permission = (
        *("coverage:count", _("两新组织覆盖情况")),
        *(Can.VIEW, Can.EXPORT),
    )
    queryset, table = queries.counts, CountTable
    filters = (
        ORGANIZATION,
        ChoiceFilter("sector", _("领域"), options=EnterpriseCount.Sector.choices),
        ChoiceFilter("size", _("企业规模"), options=EnterpriseCount.Size.choices),
        NumberFilter("year", _("年度"), lookup="as_of__year"),
    )


class DemonstrationPostList(RecordList):
    noun, title, permission, export_permission = (
        *("coverage:demonstration_post", _("党员示范岗和责任区")),
        *(Can.VIEW, Can.EXPORT),
    )
    queryset, table = queries.demonstration_posts, DemonstrationPostTable
    filters = (ORGANIZATION, ChoiceFilter("kind", _("类别"), options=DemonstrationPost.Kind.choices))


class KitList(RecordList):
    noun, title, permission, export_permission = "coverage:kit", _("一建五送"), Can.VIEW, Can.EXPORT
    queryset, table = queries.kits, KitTable
    filters = (ORGANIZATION, NumberFilter("year", _("成立年度"), lookup="organization__opened_on__year"))
