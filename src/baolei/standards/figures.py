"""Figures of villages and communities against their lines (S08, S09)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from baolei.kernel.figures.declare import PERCENT, Column, Fact, Figure, Rows, record_columns
from baolei.kernel.figures.windows import YEAR_OF_DAY, year_of_day
from baolei.organizations.kinds import UnitKind
from baolei.organizations.models import Organization, Place
from baolei.organizations.queries import units_on_day, units_on_day_sql
from baolei.standards.models import FARMERS, Facility, Measure, Reading

INCOME_LINE, FUNDS_LINE, PAY_TIMES, AREA_LINE = 50_000, 100_000, 2, 500
"""Yuan a year, yuan a year, times the farmers' income per head, square metres: parts of the definitions (A6)."""

_READS = (
    "standards.Reading",
    "organizations.Unit",
    "organizations.UnitOverseer",
    "organizations.Organization",
    "organizations.Place",
)
_READING = f"""LEFT JOIN standards_reading {{0}} ON {{0}}.unit_id = unit.unit_id
    AND {{0}}.measure = '{{1}}' AND {{0}}.year = {YEAR_OF_DAY}"""
_BEHIND = """
    JOIN organizations_unit u ON u.id = r.subject
    JOIN organizations_organization node ON node.id = r.place
"""
_UNIT_COLUMNS = (
    Column("uid", "", "node.uid"),
    *record_columns("u")[1:],
    Column("name", _("名称"), "u.name"),
    Column("code", _("单位代码"), "u.code"),
    Column("organization", _("管理的党组织"), "node.short_name"),
)


def _values(year: int, *measures: str) -> dict[tuple[int, str], object]:
    rows = Reading.objects.unscoped("law figures.equal-recompute").filter(year=year, measure__in=measures)
    return {(u, m): v for u, m, v in rows.values_list("unit_id", "measure", "value").iterator(20000)}


def _villages(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    values = _values(year_of_day(day), Measure.OPERATING_INCOME, Measure.RUNNING_FUNDS)
    halls = set(
        Facility.objects.unscoped("law figures.equal-recompute")
        .on(day)
        .filter(kind=Facility.Kind.HALL)
        .values_list("unit_id", flat=True)
    )
    for unit, place in units_on_day(day, UnitKind.VILLAGE).items():
        income = values.get((unit, Measure.OPERATING_INCOME))
        funds = values.get((unit, Measure.RUNNING_FUNDS))
        facts = {
            "villages.income_over_50k_share": Fact(income is not None and income >= INCOME_LINE),
            "villages.operating_funds_met_share": Fact(funds is not None and funds >= FUNDS_LINE),
        }
        if unit not in halls:
            facts["villages.without_hall"] = Fact()
        yield place, facts


VILLAGES = Rows(
    name="villages",
    sql=f"""
        SELECT unit.key, unit.place, unit.unit_id AS subject, income.value AS income, funds.value AS funds,
            EXISTS (SELECT FROM standards_facility f WHERE f.unit_id = unit.unit_id AND f.kind = 'hall'
                    AND f.during @> %(day)s) AS has_hall
        FROM ({units_on_day_sql(UnitKind.VILLAGE)}) unit
        {_READING.format("income", Measure.OPERATING_INCOME)}
        {_READING.format("funds", Measure.RUNNING_FUNDS)}
    """,
    reads=(*_READS, "standards.Facility"),
    behind=_BEHIND,
    columns=(
        *_UNIT_COLUMNS,
        Column("income", _("经营收入（元）"), "r.income"),
        Column("funds", _("运转经费（元）"), "r.funds"),
    ),
    subject_url="organizations:detail",
    recompute=_villages,
)

Figure(
    code="villages.income_over_50k_share",
    rank=20,
    label=_("年经营收入5万元以上的村占比"),
    unit=PERCENT,
    definition=_(
        "当年村集体经营收入读数不低于5万元的村 ÷ 当日存续的村。12月31日用当年的读数，其他日子用上一个完整年度的读数；"
        "没有读数的村按不达标计，并单独列出。"
    ),
    reading=_("按分计的准确数值比较：49,999.99元不达标。"),
    rows=VILLAGES,
    met=f"r.income >= {INCOME_LINE}",
    listed=f"r.income IS NULL OR r.income < {INCOME_LINE}",
)
Figure(
    code="villages.operating_funds_met_share",
    rank=20,
    label=_("村级组织运转经费达10万元的村占比"),
    unit=PERCENT,
    definition=_("当年村级组织运转经费读数不低于10万元的村 ÷ 当日存续的村；年度和缺读数的处理同年经营收入。"),
    rows=VILLAGES,
    met=f"r.funds >= {FUNDS_LINE}",
    listed=f"r.funds IS NULL OR r.funds < {FUNDS_LINE}",
)
Figure(
    code="villages.without_hall",
    rank=22,
    label=_("没有村部的村"),
    unit="village",
    definition=_("当日存续、没有在用村部的村。"),
    rows=VILLAGES,
    where="NOT r.has_hall",
)


def _communities(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    values = _values(year_of_day(day), Measure.SERVICE_FUNDS)
    areas: dict[int, object] = defaultdict(int)
    rows = Facility.objects.unscoped("law figures.equal-recompute").on(day).exclude(area=None)
    for unit, area in rows.values_list("unit_id", "area").iterator(20000):
        areas[unit] += area
    for unit, place in units_on_day(day, UnitKind.COMMUNITY).items():
        yield (
            place,
            {
                "communities.premises_met_share": Fact(areas[unit] >= AREA_LINE),
                "communities.service_funds_mean": Fact(values.get((unit, Measure.SERVICE_FUNDS))),
            },
        )


COMMUNITIES = Rows(
    name="communities",
    sql=f"""
        SELECT unit.key, unit.place, unit.unit_id AS subject, funds.value AS funds, coalesce(f.area, 0) AS area
        FROM ({units_on_day_sql(UnitKind.COMMUNITY)}) unit
        {_READING.format("funds", Measure.SERVICE_FUNDS)}
        LEFT JOIN (SELECT unit_id, sum(area) AS area FROM standards_facility WHERE during @> %(day)s GROUP BY 1) f
            ON f.unit_id = unit.unit_id
    """,
    reads=(*_READS, "standards.Facility"),
    behind=_BEHIND,
    columns=(
        *_UNIT_COLUMNS,
        Column("area", _("建筑面积（平方米）"), "r.area"),
        Column("funds", _("服务群众经费（元）"), "r.funds"),
    ),
    subject_url="organizations:detail",
    recompute=_communities,
)

Figure(
    code="communities.premises_met_share",
    rank=30,
    label=_("场所面积达500平方米的社区占比"),
    unit=PERCENT,
    definition=_("当日在用场所建筑面积合计不低于500平方米的社区 ÷ 当日存续的社区。面积指建筑面积。"),
    reading=_("社区的各类在用场所合计；没有登记面积的场所按0计，没有场所的社区不达标。"),
    rows=COMMUNITIES,
    met=f"r.area >= {AREA_LINE}",
    listed=f"r.area < {AREA_LINE}",
)
Figure(
    code="communities.service_funds_mean",
    rank=31,
    label=_("社区每年服务群众经费平均"),
    unit="yuan",
    definition=_("当日存续的社区当年服务群众经费读数的平均数；12月31日用当年的读数，其他日子用上一年的。"),
    reading=_("只在有读数的社区中平均；有社区缺读数时注明“不完整”并列出。"),
    rows=COMMUNITIES,
    amount="r.funds",
    mean=True,
    missing="r.funds IS NULL",
)


def _counties(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    year = year_of_day(day)
    values = _values(year, Measure.SECRETARY_PAY, *FARMERS)
    incomes = {}
    for unit, place in units_on_day(day, UnitKind.COUNTY).items():
        net = values.get((unit, Measure.FARMERS_NET))
        incomes[place] = net if net is not None else values.get((unit, Measure.FARMERS_DISPOSABLE))
    committees = {
        o.pk for o in Organization.objects.unscoped("law figures.equal-recompute") if o.level == "county"
    }
    places = {
        key: pk for pk, key in Place.objects.on(day).values_list("organization_id", "key") if pk in committees
    }
    keys = dict(Place.objects.on(day).values_list("organization_id", "key"))
    pays: dict[int, list] = defaultdict(list)
    for unit, place in units_on_day(day, UnitKind.VILLAGE).items():
        key = keys[place]
        county = next((places[key[:n]] for n in range(len(key), 0, -3) if key[:n] in places), None)
        if county is not None:
            pays[county].append(values.get((unit, Measure.SECRETARY_PAY)))
    for county, found in pays.items():
        paid, income = [pay for pay in found if pay is not None], incomes.get(county)
        met = bool(paid) and income is not None and sum(paid) >= PAY_TIMES * income * len(paid)
        yield county, {"villages.secretary_pay_met_share": Fact(met)}


COUNTIES = Rows(
    name="counties with villages",
    sql=f"""
        SELECT c.key, c.organization_id AS place, c.organization_id AS subject, v.pay, v.paid,
            coalesce(net.value, disposable.value) AS income,
            coalesce(v.pay >= {PAY_TIMES} * coalesce(net.value, disposable.value) * v.paid, false) AS met
        FROM (
            SELECT p.key, p.organization_id FROM organizations_place p
            JOIN organizations_organization o ON o.id = p.organization_id
            WHERE p.during @> %(day)s AND {Organization.level_sql.format(o="o")} = 'county'
        ) c
        JOIN LATERAL (
            SELECT sum(pay.value) AS pay, count(pay.value) AS paid, count(*) AS villages
            FROM ({units_on_day_sql(UnitKind.VILLAGE)}) unit {_READING.format("pay", Measure.SECRETARY_PAY)}
            WHERE unit.key >= c.key AND unit.key < c.key || '~'
        ) v ON v.villages > 0
        LEFT JOIN ({units_on_day_sql(UnitKind.COUNTY)}) unit ON unit.place = c.organization_id
        {_READING.format("net", Measure.FARMERS_NET)}
        {_READING.format("disposable", Measure.FARMERS_DISPOSABLE)}
    """,
    reads=_READS,
    behind="JOIN organizations_organization node ON node.id = r.subject",
    columns=(
        *record_columns("node"),
        Column("name", _("县（市、区）"), "node.short_name"),
        Column("income", _("农民人均收入（元）"), "r.income"),
        Column(
            "pay", _("书记报酬平均（元，5个村以上）"), "CASE WHEN r.paid >= 5 THEN round(r.pay / r.paid) END"
        ),
    ),
    subject_url="organizations:detail",
    recompute=_counties,
)

Figure(
    code="villages.secretary_pay_met_share",
    rank=21,
    label=_("村书记平均报酬达当地农民人均纯收入2倍的县占比"),
    unit=PERCENT,
    definition=_(
        "全县各村党组织书记当年报酬的平均数不低于当年本县农民人均纯收入（其后公布的为可支配收入）2倍的县 ÷ 有村的县。"
    ),
    reading=_("没有报酬读数的村不进入平均；全县没有报酬读数或没有收入读数的县按不达标计。恰为2倍的达标。"),
    rows=COUNTIES,
    met="r.met",
    listed="NOT r.met",
    levels="county",
    public="prefecture",
)
