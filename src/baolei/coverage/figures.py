"""Figures of private enterprises and social organizations (S12)."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baolei.coverage.models import GIFTS, DemonstrationPost, EnterpriseCount, FoundingKit
from baolei.kernel.figures.declare import PERCENT, Column, Fact, Figure, Rows, record_columns
from baolei.kernel.figures.windows import YEAR, YEAR_OF_DAY, year_of_day
from baolei.organizations.kinds import UnitKind
from baolei.organizations.models import Organization, UnitOverseer
from baolei.organizations.queries import units_on_day, units_on_day_sql

_TREE = ("organizations.Organization", "organizations.Place")
_UNITS = ("organizations.Unit", "organizations.UnitOverseer")


def _posts(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    places = units_on_day(day, UnitKind.PRIVATE_ENTERPRISE)
    rows = DemonstrationPost.objects.unscoped("law figures.equal-recompute").on(day)
    for unit in rows.values_list("unit_id", flat=True).iterator(20000):
        if unit in places:
            yield places[unit], {"enterprises.posts_and_zones": Fact()}


POSTS = Rows(
    name="demonstration posts",
    sql=f"""
        SELECT unit.key, unit.place, post.id AS subject, unit.unit_name
        FROM coverage_demonstrationpost post
        JOIN ({units_on_day_sql(UnitKind.PRIVATE_ENTERPRISE)}) unit ON unit.unit_id = post.unit_id
        WHERE post.during @> %(day)s
    """,
    reads=("coverage.DemonstrationPost", *_UNITS, *_TREE),
    behind="""
        JOIN coverage_demonstrationpost post ON post.id = r.subject
        JOIN organizations_organization node ON node.id = r.place
    """,
    columns=(
        *record_columns("post"),
        Column("name", _("名称"), "post.name"),
        Column("kind", _("类别"), "post.kind", labels=dict(DemonstrationPost.Kind.choices)),
        Column("unit", _("企业"), "r.unit_name"),
        Column("organization", _("管理的党组织"), "node.short_name"),
    ),
    subject_url="coverage:demonstration_post",
    recompute=_posts,
)

Figure(
    code="enterprises.posts_and_zones",
    rank=55,
    label=_("非公企业党员示范岗和责任区数"),
    unit="post",
    definition=_("当日设在存续的非公有制企业里的党员示范岗、党员责任区之和。"),
    reading=_("按企业当日所在的党组织归集；撤下的岗和区不计。"),
    rows=POSTS,
)


def _counts(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    rows = EnterpriseCount.objects.unscoped("law figures.equal-recompute").filter(
        as_of=date(year_of_day(day), 12, 31)
    )
    for row in rows.iterator(20000):
        founded = row.alone + row.joint
        facts = {
            "coverage.organization_share": Fact(founded, over=row.operating),
            "coverage.founded_of_due_share": Fact(founded, over=founded + row.due),
            "coverage.work_share": Fact(founded + row.work_only, over=row.operating),
        }
        if (row.sector, row.size) == (EnterpriseCount.Sector.PRIVATE, EnterpriseCount.Size.SMALL_MICRO):
            facts["coverage.small_founding_share"] = Fact(founded, over=row.operating)
        yield row.organization_id, facts


COUNTS = Rows(
    name="enterprise counts",
    sql=f"""
        SELECT l.key, c.organization_id AS place, c.id AS subject, c.sector, c.size, c.operating, c.alone,
            c.joint, c.alone + c.joint AS founded, c.work_only, c.due
        FROM coverage_enterprisecount c
        JOIN organizations_lasting l ON l.organization_id = c.organization_id AND l.during @> %(day)s
        WHERE c.as_of = make_date({YEAR_OF_DAY}, 12, 31)
    """,
    reads=("coverage.EnterpriseCount", *_TREE),
    behind="""
        JOIN coverage_enterprisecount c ON c.id = r.subject
        JOIN organizations_organization node ON node.id = r.place
    """,
    columns=(
        *record_columns("c"),
        Column("organization", _("统计的党组织"), "node.short_name"),
        Column("as_of", _("截至日期"), "c.as_of"),
        Column("sector", _("领域"), "r.sector", labels=dict(EnterpriseCount.Sector.choices)),
        Column("size", _("企业规模"), "r.size", labels=dict(EnterpriseCount.Size.choices)),
        Column("operating", _("实体运营数"), "r.operating"),
        Column("founded_or_due", _("应建数"), "r.founded + r.due"),
        Column("alone", _("单独组建数"), "r.alone"),
        Column("joint", _("联合组建数"), "r.joint"),
        Column("work_only", _("仅工作覆盖数"), "r.work_only"),
    ),
    subject_url="coverage:count",
    recompute=_counts,
)

Figure(
    code="coverage.organization_share",
    rank=56,
    label=_("两新组织组织覆盖率"),
    unit=PERCENT,
    definition=_(
        "（单独组建数＋联合组建数）÷ 实体运营的非公有制企业和社会组织数。分母是全部实体运营数；"
        "只以应建数为分母的，见“应建已建率”。12月31日用当日的统计，其他日子用上一年末的统计。"
    ),
    reading=_("两个分母并列：全部实体运营数和应建数；多个党组织合计时，分子、分母各自相加后再除。"),
    rows=COUNTS,
    amount="r.founded",
    over="r.operating",
)
Figure(
    code="coverage.founded_of_due_share",
    rank=56,
    label=_("两新组织应建已建率"),
    unit=PERCENT,
    definition=_(
        "（单独组建数＋联合组建数）÷（单独组建数＋联合组建数＋应建未建数）。应建未建指有3名以上正式党员、"
        "没有党组织的。12月31日用当日的统计，其他日子用上一年末的统计。"
    ),
    rows=COUNTS,
    amount="r.founded",
    over="r.founded + r.due",
)
Figure(
    code="coverage.work_share",
    rank=57,
    label=_("两新组织工作覆盖率"),
    unit=PERCENT,
    definition=_(
        "（单独组建数＋联合组建数＋没有党组织但由党建指导员、联络员或工会、共青团组织开展工作的数）÷ "
        "实体运营的非公有制企业和社会组织数。12月31日用当日的统计，其他日子用上一年末的统计。"
    ),
    rows=COUNTS,
    amount="r.founded + r.work_only",
    over="r.operating",
)
Figure(
    code="coverage.small_founding_share",
    rank=58,
    label=_("零散小微企业党组织组建率"),
    unit=PERCENT,
    definition=_(
        "有党组织（单独或联合组建）的小微企业数 ÷ 实体运营的小微企业数。"
        "12月31日用当日的统计，其他日子用上一年末的统计。"
    ),
    rows=COUNTS,
    amount="r.founded",
    over="r.operating",
    where="r.sector = 'private' AND r.size = 'small_micro'",
)


def _founded(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    enterprises = set(
        UnitOverseer.objects.unscoped("law figures.equal-recompute")
        .filter(unit__kind=UnitKind.PRIVATE_ENTERPRISE, during__startswith__lte=day)
        .values_list("organization_id", flat=True)
    )
    complete = FoundingKit.objects.unscoped("law figures.equal-recompute").filter(
        confirmed_on__lte=day, **dict.fromkeys(GIFTS, True)
    )
    given = set(complete.values_list("organization_id", flat=True))
    founded = Organization.objects.unscoped("law figures.equal-recompute").filter(
        Q(opened_on__year=day.year), opened_on__lte=day
    )
    for organization in founded.values_list("pk", flat=True).iterator(20000):
        if organization in enterprises:
            yield organization, {"coverage.kits_delivered_share": Fact(int(organization in given))}


FOUNDED = Rows(
    name="newly founded organizations of private enterprises",
    sql=f"""
        SELECT l.key, o.id AS place, o.id AS subject, kit.id AS kit,
            coalesce({" AND ".join(f"kit.{gift}" for gift in GIFTS)}, false) AS delivered
        FROM organizations_organization o
        JOIN organizations_lasting l ON l.organization_id = o.id AND l.during @> %(day)s
        LEFT JOIN coverage_foundingkit kit ON kit.organization_id = o.id AND kit.confirmed_on <= %(day)s
        WHERE o.opened_on BETWEEN make_date({YEAR}, 1, 1) AND %(day)s
          AND EXISTS (SELECT FROM organizations_unitoverseer v
                JOIN organizations_unit u ON u.id = v.unit_id AND u.kind = '{UnitKind.PRIVATE_ENTERPRISE}'
                WHERE v.organization_id = o.id AND lower(v.during) <= %(day)s)
    """,
    reads=("coverage.FoundingKit", *_UNITS, *_TREE),
    behind="""
        JOIN organizations_organization node ON node.id = r.subject
        LEFT JOIN coverage_foundingkit kit ON kit.id = r.kit
    """,
    columns=(
        *record_columns("node"),
        Column("name", _("新建党组织"), "node.short_name"),
        Column("opened_on", _("成立日期"), "node.opened_on"),
        Column("confirmed_on", _("接收方确认日期"), "kit.confirmed_on"),
    ),
    subject_url="organizations:detail",
    recompute=_founded,
)

Figure(
    code="coverage.kits_delivered_share",
    rank=59,
    label=_("一建五送到位的占比"),
    unit=PERCENT,
    definition=_(
        "当年到当日新建的非公有制企业党组织中，牌匾、党旗、党建书籍、启动经费、电教设备五项都送到并由接收方确认的 ÷ "
        "新建的非公有制企业党组织。"
    ),
    reading=_(
        "新建的非公有制企业党组织：当年成立、直接管理一个非公有制企业的党组织；企业内部以后增设的支部不计。"
    ),
    rows=FOUNDED,
    met="r.delivered",
    listed="NOT r.delivered",
)
