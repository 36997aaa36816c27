"""Lists of counts, demonstration posts and founding kits."""

from django.utils.translation import gettext_lazy as _

from baolei.coverage.models import DemonstrationPost, EnterpriseCount
from baolei.kernel.tables import (
    CodeColumn,
    DateColumn,
    LinkColumn,
    NumberColumn,
    Order,
    SpanColumn,
    Table,
    TextColumn,
    record_orders,
)

DELIVERED = {True: _("已送"), False: _("未送")}


class CountTable(Table):
    organization = LinkColumn(_("统计的党组织"), field="organization__short_name", to="coverage:count")
    as_of = DateColumn(_("截至日期"))
    sector = CodeColumn(_("领域"), labels=dict(EnterpriseCount.Sector.choices))
    firm_size = CodeColumn(_("企业规模"), field="size", labels=dict(EnterpriseCount.Size.choices))
    operating = NumberColumn(_("实体运营数"))
    alone = NumberColumn(_("单独组建数"))
    joint = NumberColumn(_("联合组建数"))
    work_only = NumberColumn(_("仅工作覆盖数"))
    due = NumberColumn(_("应建未建数"))
    orders = (*record_orders(), Order("day", _("按截至日期，新的在前"), ("-as_of", "pk")))
    caption = _("两新组织覆盖情况")
    empty = _("没有符合条件的统计")


class DemonstrationPostTable(Table):
    name = LinkColumn(_("名称"), to="coverage:demonstration_post")
    kind = CodeColumn(_("类别"), labels=dict(DemonstrationPost.Kind.choices))
    unit = TextColumn(_("企业"), field="unit__name", width=28)
    organization = TextColumn(_("管理的党组织"), field="organization__short_name", width=28)
    during = SpanColumn(_("起止"))
    orders = record_orders()
    caption = _("党员示范岗和责任区")
    empty = _("没有符合条件的示范岗和责任区")


class KitTable(Table):
    organization = LinkColumn(_("新建党组织"), field="organization__short_name", to="coverage:kit")
    founded = DateColumn(_("成立日期"), field="organization__opened_on")
    plaque = CodeColumn(_("牌匾"), labels=DELIVERED)
    flag = CodeColumn(_("党旗"), labels=DELIVERED)
    books = CodeColumn(_("党建书籍"), labels=DELIVERED)
    fund = CodeColumn(_("启动经费"), labels=DELIVERED)
    equipment = CodeColumn(_("电教设备"), labels=DELIVERED)
    confirmed_on = DateColumn(_("接收方确认日期"))
    orders = record_orders()
    caption = _("一建五送")
    empty = _("没有符合条件的记录")
