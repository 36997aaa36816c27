"""Figures of programmes, projects and funds: values at the borders of their windows, closed places, levels."""

from datetime import date

import pytest

from baolei.kernel.access import Actor
from baolei.kernel.figures import behind
from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.laws import equal_recompute, stored_equal_live
from baolei.kernel.figures.stored import refold
from baolei.kernel.figures.values import value
from baolei.organizations.kinds import UnitKind
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit
from baolei.projects.models import Appropriation, Programme, Project
from baolei.projects.recompute import whole_years
from baolei.projects.tests.factories import (
    make_appropriation,
    make_deed,
    make_programme,
    make_project,
    make_year,
)
from baolei.standards.tests.factories import make_mark

pytestmark = pytest.mark.django_db

END = date(2016, 12, 31)
SYSTEM = Actor.system("试验")
PLANNED, ACTUAL = "villages.hall_upgrade_planned_years", "villages.hall_upgrade_actual_years"
FUNDS = Appropriation.Fund


@pytest.fixture
def province():
    return make_organization(region_code="220000")


@pytest.fixture
def county(province):
    return make_organization(make_organization(province, region_code="222400"), region_code="222404")


def of(code, node, on=END):
    found = value(figure(code), node, on=on)
    return found.value, found.status, found.rows


@pytest.fixture
def upgrade(province):
    return make_programme(
        province, Programme.Kind.HALL_UPGRADE, planned_last=date(2016, 2, 28), first_on=date(2013, 3, 1)
    )


def make_hall(programme, county, **given):
    return make_project(programme, make_branch(county), Project.Kind.HALL, **given)


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        (date(2013, 3, 1), date(2016, 2, 28), 3),
        (date(2013, 3, 1), date(2015, 3, 1), 2),
        (date(2013, 3, 1), date(2015, 3, 2), 3),
        (date(2013, 3, 1), date(2013, 3, 2), 1),
        (date(2012, 2, 29), date(2013, 2, 28), 1),
        (date(2012, 2, 29), date(2013, 3, 1), 2),
    ],
)
def test_years_are_whole_and_rounded_up(province, county, first, last, years):
    programme = make_programme(
        province, Programme.Kind.HALL_UPGRADE, planned_first=first, planned_last=last, first_on=first
    )
    make_hall(programme, county, started=first, accepted=last)
    assert whole_years(first, last) == years
    assert of(PLANNED, province) == (years, "ok", 1)
    assert of(ACTUAL, province) == (years, "ok", 1)


def test_hall_upgrade_has_no_value_before_its_start_and_none_elsewhere(province, county, upgrade):
    assert of(PLANNED, province, date(2013, 3, 1)) == (3, "ok", 0)
    assert of(PLANNED, province, date(2013, 2, 28))[:2] == (None, "not_applicable")
    assert of(PLANNED, county)[:2] == (None, "not_applicable")
    assert of(ACTUAL, province)[:2] == (None, "not_applicable")


def test_hall_upgrade_is_over_when_its_last_project_is_accepted(province, county, upgrade):
    make_hall(upgrade, county, accepted=date(2014, 7, 1))
    make_hall(upgrade, county, accepted=date(2015, 2, 10))
    make_hall(upgrade, county, cancelled=date(2015, 2, 12))
    assert of(ACTUAL, province, date(2015, 2, 9))[:2] == (None, "not_applicable")
    assert of(ACTUAL, province, date(2015, 2, 11))[:2] == (None, "not_applicable")
    assert of(ACTUAL, province, date(2015, 2, 12)) == (2, "ok", 2)
    assert of(PLANNED, province, date(2015, 2, 11)) == (3, "ok", 3)


def test_enrichment_projects_run_from_their_start_until_they_are_cancelled(province, county):
    campaign = make_programme(province, Programme.Kind.CAMPAIGN)
    kept, gone = make_branch(county), make_branch(county, closed_on=date(2016, 6, 1))
    kind = Project.Kind.ENRICHMENT
    make_project(campaign, kept, kind, started=END, suspended_on=END)
    make_project(campaign, kept, kind, started=date(2014, 1, 1), cancelled=END)
    make_project(campaign, kept, kind, started=None, planned_first=date(2014, 1, 1))
    make_project(campaign, gone, kind, accepted=date(2015, 1, 1))
    make_project(campaign, kept)
    make_project(make_programme(province), kept, kind)
    assert of("assistance.enrichment_projects", province) == (2, "ok", 2)
    assert of("assistance.enrichment_projects", county, date(2016, 12, 30)) == (2, "ok", 2)
    assert of("assistance.enrichment_projects", county, date(2013, 12, 31)) == (0, "ok", 0)
    assert of("assistance.enrichment_projects", kept)[0] == 1


def test_deeds_are_those_of_the_calendar_year_and_not_dropped(province, county):
    year = make_year(province, 2016)
    for _number in range(2):
        make_deed(year)
    make_deed(year, dropped_on=date(2016, 7, 1))
    make_deed(make_year(province, 2014))
    code = "projects.good_deeds_per_year"
    assert of(code, province) == (2, "ok", 2)
    assert of(code, province, date(2016, 6, 30)) == (3, "ok", 3)
    assert of(code, province, date(2015, 12, 31)) == (0, "ok", 0)
    assert of(code, province, date(2013, 12, 31)) == (0, "ok", 0)
    assert of(code, county)[:2] == (None, "not_applicable")


def test_rating_divides_all_answers_and_needs_thirty(province):
    year = make_year(province, 2016)
    make_deed(year, finished_on=END, asked=29, satisfied=0)
    code = "service.good_deed_rating"
    assert of(code, province) == (None, "no_cases", 0)
    make_deed(year, finished_on=date(2016, 12, 30), asked=30, satisfied=30)
    make_deed(year, finished_on=END, asked=90, satisfied=60)
    make_deed(year)
    assert of(code, province) == (75, "ok", 2)
    assert of(code, province, date(2016, 12, 30)) == (100, "ok", 1)


def test_funds_follow_the_fiscal_year_and_corrections(province, county):
    make_appropriation(county, FUNDS.COLLECTIVE_ECONOMY, "65000000.50")
    make_appropriation(make_branch(county, closed_on=date(2016, 5, 1)), FUNDS.COLLECTIVE_ECONOMY, -500)
    make_appropriation(county, FUNDS.COLLECTIVE_ECONOMY, 7, year=2015)
    make_appropriation(county, FUNDS.VILLAGE_SERVICES, 30_000_000)
    make_appropriation(county, FUNDS.OTHER, 9)
    assert [str(v) for v in of("funds.collective_economy_per_year", province)] == ["64999500.50", "ok", "2"]
    assert of("funds.village_services_per_year", county) == (30_000_000, "ok", 1)
    # Decided in March, of the fiscal year from its first day on.
    assert of("funds.village_services_per_year", county, date(2016, 1, 1))[0] == 30_000_000
    assert of("funds.village_services_per_year", county, date(2015, 12, 31))[0] == 0


def test_an_estate_counts_once_with_its_latest_accepted_project(province, county):
    programme = make_programme(province, Programme.Kind.ESTATES)
    street, community = make_branch(county), make_unit(kind=UnitKind.COMMUNITY)

    def work(estate, accepted, residents, **given):
        make_project(
            programme, street, Project.Kind.ESTATE, unit=community, estate=estate, started=date(2012, 5, 1),
            accepted=accepted, beneficiaries=residents, **given,
        )  # fmt: skip

    work("一号院", date(2013, 1, 1), 100)
    work("一号院", date(2016, 12, 31), 150)
    work("二号院", date(2012, 12, 31), 1_000)
    work("三号院", None, 1_000)
    assert of("projects.estates_renovated", county) == (1, "ok", 1)
    assert of("projects.estate_beneficiaries", county) == (150, "ok", 1)
    assert of("projects.estate_beneficiaries", county, date(2016, 12, 30))[0] == 100
    assert of("projects.estates_renovated", county, date(2012, 12, 31))[0] == 0
    work("四号院", date(2014, 1, 1), None)
    assert of("projects.estate_beneficiaries", province) == (150, "incomplete", 2)


def test_merit_projects_are_those_of_the_province_started_in_its_five_years(province, county):
    merit, kind = make_programme(province, Programme.Kind.MERIT), Project.Kind.MERIT
    organ = make_branch(province, opened_on=date(2000, 1, 1))
    make_project(merit, organ, kind, started=date(2011, 1, 1))
    make_project(merit, organ, kind, started=date(2015, 12, 31), cancelled=date(2016, 1, 1))
    make_project(merit, organ, kind, started=date(2010, 12, 31))
    make_project(merit, organ, kind, started=date(2016, 1, 1))
    make_project(merit, organ, kind, started=date(2015, 1, 1), cancelled=date(2015, 12, 31))
    make_project(make_programme(county, Programme.Kind.MERIT), county, kind)
    code = "projects.organ_merit_projects"
    assert of(code, province) == (2, "ok", 2)
    assert of(code, province, date(2015, 12, 30)) == (2, "ok", 2)
    assert of(code, county)[:2] == (None, "not_applicable")


def test_border_programme_counts_projects_in_front_line_villages(province, county):
    programme = make_programme(province, Programme.Kind.BORDER)
    near, far = (make_unit(make_branch(county)) for _ in range(2))
    make_mark(near, "border_village", first=date(2014, 1, 1), last=date(2016, 12, 30))
    make_mark(far, "weak_village")
    for unit in (near, far):
        make_project(programme, county, Project.Kind.CONTACT_POINT, unit=unit)
    make_project(programme, county, Project.Kind.CIVIL_WORK, unit=near, cancelled=date(2016, 1, 1))
    code = "projects.border_programme"
    assert of(code, county, date(2016, 12, 30)) == (1, "ok", 1)
    assert of(code, county, date(2015, 12, 31))[0] == 2
    assert of(code, county)[0] == 0


def test_rows_behind_lead_to_the_project(province, county, upgrade):
    hall = make_hall(upgrade, county, accepted=date(2015, 2, 10))
    page = behind.page(figure(ACTUAL), province, on=END, actor=SYSTEM)
    assert [(row["uid"], row["name"]) for row in page.rows] == [(hall.uid, hall.name)]


def test_stored_and_recomputed_values_agree(province, county, upgrade):
    village = make_unit(make_branch(county, closed_on=date(2016, 2, 1)))
    make_mark(village, "border_village")
    gone = make_branch(county, closed_on=date(2015, 2, 1))
    make_hall(upgrade, county, accepted=date(2015, 2, 10))
    make_project(make_programme(province, Programme.Kind.CAMPAIGN), gone, Project.Kind.ENRICHMENT)
    make_project(make_programme(county, Programme.Kind.BORDER), county, unit=village)
    make_project(make_programme(province, Programme.Kind.MERIT), gone, Project.Kind.MERIT)
    estates = make_programme(county, Programme.Kind.ESTATES)
    given = {"kind": Project.Kind.ESTATE, "unit": village, "estate": "一号院", "beneficiaries": 7}
    for accepted in (date(2014, 5, 1), date(2016, 5, 1)):
        make_project(estates, gone, accepted=accepted, **given)
    deeds = make_year(province, 2026), make_year(county, 2016)
    for year in deeds:
        make_deed(year, finished_on=date(2016, 12, 1), asked=40, satisfied=39)
        make_deed(year, dropped_on=date(2016, 12, 1))
    for year in (2015, 2026):
        make_appropriation(gone, FUNDS.COLLECTIVE_ECONOMY, 10, year)
        make_appropriation(county, FUNDS.COLLECTIVE_ECONOMY, "-0.5", year)
        make_appropriation(county, FUNDS.VILLAGE_SERVICES, 8, year)
    refold()
    assert stored_equal_live().violations == 0
    finding = equal_recompute()
    assert (finding.violations, finding.examples) == (0, [])
    assert of("projects.estate_beneficiaries", province)[0] == 7
