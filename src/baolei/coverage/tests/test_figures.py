"""Figures of coverage: sums over sums, both denominators, posts at firms, kits of the year."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from baolei.coverage.tests.factories import make_count, make_kit, make_post
from baolei.kernel.access import Actor
from baolei.kernel.figures import behind
from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.laws import equal_recompute, stored_equal_live
from baolei.kernel.figures.stored import refold
from baolei.kernel.figures.values import children, today, value
from baolei.organizations.kinds import Kind, UnitKind
from baolei.organizations.models import UnitOverseer
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit

pytestmark = pytest.mark.django_db

END = date(2016, 12, 31)


@pytest.fixture
def county():
    prefecture = make_organization(make_organization(region_code="220000"), region_code="222400")
    return make_organization(prefecture, region_code="222404")


def firm(county, **given):
    return make_unit(make_branch(county, **given), kind=UnitKind.PRIVATE_ENTERPRISE)


def of(code, node, on=END):
    found = value(figure(code), node, on=on)
    return found.value, found.status, found.numerator, found.denominator, found.rows


def test_shares_are_those_of_the_field(county):
    """The example of the rules NEW-01 to NEW-04: 40 alone, 20 joint, 5 due, 35 covered by work, of 100."""
    make_count(county, operating=100, alone=40, joint=20, due=5, work_only=35)
    assert of("coverage.organization_share", county) == (60, "ok", 60, 100, 1)
    assert of("coverage.founded_of_due_share", county)[2:4] == (60, 65)
    assert of("coverage.work_share", county)[:4] == (95, "ok", 95, 100)


def test_sums_are_divided_not_shares_averaged(county):
    other = make_organization(county.parent, region_code="222401")
    make_count(county, operating=100, alone=30, joint=20)
    make_count(county, sector="social", size="", operating=4, alone=4)
    make_count(other, operating=10)
    make_count(other, size="large", operating=2, alone=2)
    assert of("coverage.organization_share", county.parent)[2:4] == (56, 116)
    assert of("coverage.small_founding_share", county.parent)[2:] == (50, 110, 2)
    assert of("coverage.small_founding_share", other) == (0, "ok", 0, 10, 1)
    made = children(figure("coverage.organization_share"), county.parent, on=END)
    assert [(c.node, c.value.numerator, c.value.denominator) for c in made] == [
        (county, 54, 104),
        (other, 2, 12),
    ]


def test_count_of_a_year_end_holds_until_the_next(county):
    make_count(county, year=2015, operating=10, alone=1)
    make_count(county, year=2016, operating=10, alone=2)
    days = (date(2015, 12, 30), date(2015, 12, 31), date(2016, 12, 30), END, date(2017, 6, 1))
    assert [of("coverage.organization_share", county, on)[0] for on in days] == [None, 10, 10, 20, 20]
    assert of("coverage.organization_share", county, days[0])[1] == "no_cases"


def test_closed_committees_count_stays(county):
    zone = make_organization(county.parent, kind=Kind.WORK_COMMITTEE, closed_on=date(2017, 3, 1))
    make_count(zone, operating=10, alone=5)
    assert of("coverage.organization_share", county.parent, date(2017, 6, 1))[2:4] == (5, 10)


def test_posts_and_zones_in_use_on_the_day(county):
    one, closed = firm(county), firm(county, closed_on=date(2016, 6, 1))
    make_post(one, last=END)
    make_post(one, "zone", first=END)
    make_post(one, last=date(2016, 12, 30))
    make_post(closed)
    assert of("enterprises.posts_and_zones", county) == (2, "ok", 2, None, 2)
    assert of("enterprises.posts_and_zones", county, date(2017, 1, 1))[0] == 1
    assert of("enterprises.posts_and_zones", county, date(2016, 5, 31))[0] == 3
    page = behind.page(figure("enterprises.posts_and_zones"), county, on=END, actor=Actor.system("试验"))
    assert {row["unit"] for row in page.rows} == {one.name}


def test_post_follows_its_firm_to_another_overseer(county):
    other = make_organization(county.parent, region_code="222401")
    unit, new = firm(county), make_branch(other)
    make_post(unit)
    moved = date(2016, 7, 1)
    UnitOverseer.rows.filter(unit=unit).update(during=DateRange(date(2012, 1, 1), moved, "[)"))
    UnitOverseer.rows.create(unit=unit, organization=new, during=DateRange(moved, None, "[)"))
    assert of("enterprises.posts_and_zones", county, date(2016, 6, 30))[0] == 1
    assert [of("enterprises.posts_and_zones", c)[0] for c in (county, other)] == [0, 1]


def test_kits_of_the_year_with_every_gift_confirmed(county):
    opened = date(2016, 5, 1)
    full, late, lacking, none = (firm(county, opened_on=opened) for _ in range(4))
    before = firm(county, opened_on=date(2015, 12, 31))
    make_branch(county, opened_on=opened)  # of no private enterprise
    branch = {u: UnitOverseer.rows.get(unit=u).organization for u in (full, late, lacking, none, before)}
    make_kit(branch[full], confirmed_on=END)
    make_kit(branch[late], confirmed_on=date(2017, 1, 1))
    make_kit(branch[lacking], confirmed_on=END, flag=False)
    make_kit(branch[before], confirmed_on=date(2016, 1, 5))
    assert of("coverage.kits_delivered_share", county) == (25, "ok", 1, 4, 3)
    assert of("coverage.kits_delivered_share", county, date(2016, 4, 30))[:2] == (None, "no_cases")
    assert of("coverage.kits_delivered_share", county, date(2015, 12, 31))[2:4] == (0, 1)


def test_founded_and_closed_in_the_year_counts_still(county):
    gone = firm(county, opened_on=date(2016, 2, 1), closed_on=date(2016, 8, 1))
    make_kit(UnitOverseer.rows.get(unit=gone).organization, confirmed_on=date(2016, 2, 9))
    assert of("coverage.kits_delivered_share", county) == (100, "ok", 1, 1, 0)


def test_stored_and_recomputed_values_agree(county):
    other = make_organization(county.parent, region_code="222401", closed_on=date(2018, 1, 1))
    for year in range(2012, today().year):
        make_count(county, year=year, operating=20, alone=5, joint=4, work_only=3, due=2)
        make_count(county, year=year, sector="social", size="", operating=3, alone=1)
    make_count(other, year=2017, operating=7, alone=7)
    make_post(firm(county))
    made = firm(county, opened_on=date(today().year, 1, 1))
    make_kit(UnitOverseer.rows.get(unit=made).organization, confirmed_on=today())
    refold()
    assert stored_equal_live().violations == 0
    finding = equal_recompute()
    assert (finding.violations, finding.examples) == (0, [])
    assert of("coverage.organization_share", county.parent)[2:4] == (10, 23)
