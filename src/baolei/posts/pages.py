"""Lists of offices, posts, terms and tenures, and the page of each record."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.pages.records import RecordList
from baolei.kernel.tables import ChoiceFilter, DateFilter, SubtreeFilter
from baolei.posts import queries
from baolei.posts.access import Can
from baolei.posts.models import Post
from baolei.posts.tables import OfficeTable, PostTable, TenureTable, TermTable

ORGANIZATION = SubtreeFilter("organization", _("所属党组织"), lookup="organization__key")
DAY = DateFilter("day", _("当日有效"), lookup="during__contains")


class OfficeList(RecordList):
    noun, title, permission, export_permission = "posts:office", _("党建工作办公室"), Can.VIEW, Can.EXPORT
    queryset, table = queries.offices, OfficeTable
    filters = (ORGANIZATION, DAY)


class PostList(RecordList):
    noun, title, permission, export_permission = "posts:post", _("岗位"), Can.VIEW, Can.EXPORT
    queryset, table = queries.posts, PostTable
    filters = (ORGANIZATION, ChoiceFilter("kind", _("职务"), options=Post.Kind.choices), DAY)


class TermList(RecordList):
    noun, title, permission, export_permission = "posts:term", _("届次"), Can.VIEW, Can.EXPORT
    queryset, table = queries.terms, TermTable
    filters = (ORGANIZATION, DAY)


class TenureList(RecordList):
    noun, title, permission, export_permission = "posts:tenure", _("任职"), Can.VIEW, Can.EXPORT
    queryset, table = queries.tenures, TenureTable
    filters = (
        ORGANIZATION,
        ChoiceFilter("kind", _("职务"), lookup="post__kind", options=Post.Kind.choices),
        DAY,
    )
