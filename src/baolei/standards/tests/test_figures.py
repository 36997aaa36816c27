"""Figures of villages and communities: exact lines, missing readings, levels, parts of the whole."""

from datetime import date

import pytest

from baolei.kernel.access import Actor
from baolei.kernel.figures import behind
from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.laws import equal_recompute, stored_equal_live
from baolei.kernel.figures.stored import refold
from baolei.kernel.figures.values import children, value
from baolei.organizations.kinds import UnitKind
from baolei.organizations.models import Organization, Unit, UnitOverseer
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit
from baolei.standards.models import Facility, Measure
from baolei.standards.tests.factories import make_facility, make_reading

pytestmark = pytest.mark.django_db

END, BEFORE = date(2016, 12, 31), date(2016, 12, 30)
SYSTEM = Actor.system("试验")


@pytest.fixture
def county():
    prefecture = make_organization(make_organization(region_code="220000"), region_code="222400")
    made = make_organization(prefecture, region_code="222404")
    make_unit(made, kind=UnitKind.COUNTY)
    return made


def villages(county, number: int):
    return [make_unit(make_branch(county)) for _ in range(number)]


def of(code, node, on=END):
    found = value(figure(code), node, on=on)
    return found.value, found.status, found.numerator, found.denominator, found.rows


def test_income_is_compared_exactly_and_a_missing_reading_is_below(county):
    one, two, three, _four = villages(county, 4)
    make_reading(one, value="50000.00")
    make_reading(two, value="49999.99")
    make_reading(three, value=90_000, year=2015)
    assert of("villages.income_over_50k_share", county) == (25, "ok", 1, 4, 3)
    # Any other day asks the year before (A6).
    assert of("villages.income_over_50k_share", county, BEFORE) == (25, "ok", 1, 4, 3)
    page = behind.page(figure("villages.income_over_50k_share"), county, on=END, actor=SYSTEM)
    assert [str(row["income"]) for row in page.rows] == ["49999.99", "None", "None"]
    assert {row["code"] for row in page.rows} == {two.code, three.code, _four.code}


def test_village_without_a_hall_in_use(county):
    one, two = villages(county, 2)
    make_facility(one, first=date(2013, 1, 1))
    make_facility(two, first=date(2013, 1, 1), last=BEFORE)
    assert of("villages.without_hall", county) == (1, "ok", 1, None, 1)
    assert of("villages.without_hall", county, BEFORE)[0] == 0


def test_premises_add_up_over_all_facilities_of_the_community(county):
    one, two = (make_unit(make_branch(county), kind=UnitKind.COMMUNITY) for _ in range(2))
    make_facility(one, Facility.Kind.PREMISES, area="499.9")
    make_facility(one, Facility.Kind.ACTIVITY, area="0.1")
    make_facility(two, Facility.Kind.PREMISES)
    assert of("communities.premises_met_share", county) == (50, "ok", 1, 2, 1)


def test_mean_without_a_reading_is_incomplete(county):
    one, two = (make_unit(make_branch(county), kind=UnitKind.COMMUNITY) for _ in range(2))
    assert of("communities.service_funds_mean", county) == (None, "no_cases", 0, 0, 2)
    make_reading(one, Measure.SERVICE_FUNDS, 130_000)
    assert of("communities.service_funds_mean", county) == (130_000, "incomplete", 130_000, 1, 2)
    make_reading(two, Measure.SERVICE_FUNDS, 135_001)
    assert of("communities.service_funds_mean", county) == (132_500.5, "ok", 265_001, 2, 2)


def test_secretaries_pay_of_exactly_twice_the_income_is_met(county):
    one, two, _without = villages(county, 3)
    make_reading(make_county_unit(county), Measure.FARMERS_NET, "10000.00")
    make_reading(one, Measure.SECRETARY_PAY, 19_999)
    make_reading(two, Measure.SECRETARY_PAY, 20_001)
    assert of("villages.secretary_pay_met_share", county) == (100, "ok", 1, 1, 0)
    assert of("villages.secretary_pay_met_share", county.parent)[0] == 100
    assert of("villages.secretary_pay_met_share", one_branch(county))[:2] == (None, "not_applicable")


def make_county_unit(county):
    return Unit.objects.get(pk=UnitOverseer.rows.get(organization=county).unit_id)


def one_branch(county):
    return Organization.rows.filter(parent=county).first()


def test_county_without_a_reading_is_below_the_line(county):
    villages(county, 1)
    assert of("villages.secretary_pay_met_share", county) == (0, "ok", 0, 1, 1)


def test_stored_and_recomputed_values_agree(county):
    one, two = villages(county, 2)
    make_reading(one, value=60_000)
    make_reading(two, Measure.SECRETARY_PAY, 20_000)
    make_reading(make_county_unit(county), Measure.FARMERS_NET, 9_000)
    community = make_unit(make_branch(county), kind=UnitKind.COMMUNITY)
    make_reading(community, Measure.SERVICE_FUNDS, 100_000)
    make_facility(community, Facility.Kind.PREMISES, area=600)
    refold()
    assert stored_equal_live().violations == 0
    finding = equal_recompute()
    assert (finding.violations, finding.examples) == (0, [])
    assert of("villages.income_over_50k_share", county.parent)[0] == 50
    made = children(figure("villages.secretary_pay_met_share"), county.parent, on=END)
    assert [(c.node, c.value.value) for c in made] == [(county, 100)]
