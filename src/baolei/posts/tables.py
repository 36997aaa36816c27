"""Lists of offices, posts, terms and tenures."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.tables import (
    CodeColumn,
    DateColumn,
    LinkColumn,
    SpanColumn,
    Table,
    TextColumn,
    record_orders,
)
from baolei.posts.models import Post

_YES_NO = {True: _("是"), False: _("否")}


class OfficeTable(Table):
    name = LinkColumn(_("名称"), to="posts:office")
    unit = TextColumn(_("乡镇、街道"), field="unit__name")
    organization = TextColumn(_("管理的党组织"), field="organization__short_name", width=28)
    during = SpanColumn(_("起止"))
    orders = record_orders()
    caption = _("党建工作办公室")
    empty = _("没有符合条件的办公室")


class PostTable(Table):
    organization = LinkColumn(_("党组织"), field="organization__short_name", to="posts:post", width=28)
    kind = CodeColumn(_("职务"), labels=dict(Post.Kind.choices))
    full_time = CodeColumn(_("专职"), labels=_YES_NO)
    office = TextColumn(_("党建工作办公室"), field="office__name", width=28)
    during = SpanColumn(_("起止"))
    orders = record_orders()
    caption = _("岗位")
    empty = _("没有符合条件的岗位")


class TermTable(Table):
    organization = LinkColumn(_("党组织"), field="organization__short_name", to="posts:term", width=28)
    elected_on = DateColumn(_("选举日期"))
    during = SpanColumn(_("起止"))
    orders = record_orders()
    caption = _("届次")
    empty = _("没有符合条件的届次")


class TenureTable(Table):
    holder = LinkColumn(_("任职人"), field="member__name", to="posts:tenure", personal=True)
    is_member = CodeColumn(_("在党员名单中"), labels=_YES_NO)
    organization = TextColumn(_("党组织"), field="organization__short_name", width=28)
    kind = CodeColumn(_("职务"), field="post__kind", labels=dict(Post.Kind.choices))
    during = SpanColumn(_("起止"))
    orders = record_orders()
    caption = _("任职")
    empty = _("没有符合条件的任职")
