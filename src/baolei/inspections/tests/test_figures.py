"""Figures of inspections and weak departments: kinds counted once, departments of universities only, who sees."""

from datetime import date

import pytest

from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.inspections.access import CanWeak
from baolei.inspections.models import Visit
from baolei.inspections.tests.factories import make_visit, make_weak
from baolei.kernel.access import Actor, Reach
from baolei.kernel.figures import behind
from baolei.kernel.figures.access import Can as Figures
from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.laws import equal_recompute, stored_equal_live
from baolei.kernel.figures.stored import refold
from baolei.kernel.figures.values import children, today, value
from baolei.organizations.kinds import Kind, UnitKind
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit
from baolei.portal.places import is_public

pytestmark = pytest.mark.django_db

END = date(2016, 12, 31)
WEAK, CLOSED = "organizations.weak_departments", "inspections.weak_departments_closed_share"


@pytest.fixture
def county():
    return make_organization(make_organization(region_code="220000"), region_code="222404")


@pytest.fixture
def university(county):
    top = make_organization(county, kind=Kind.BASIC_COMMITTEE)
    make_unit(top, kind=UnitKind.UNIVERSITY)
    return top


def department(university, **given):
    return make_organization(university, kind=Kind.GENERAL_BRANCH, **given)


def of(code, node, on=END):
    found = value(figure(code), node, on=on)
    return found.value, found.status, found.numerator, found.denominator, found.rows


def test_kinds_are_counted_once_and_children_add_up_to_more(county):
    one, two = make_branch(county), make_branch(county, closed_on=date(2016, 9, 1))
    make_visit(one, on=date(2016, 1, 1))
    make_visit(one, Visit.Kind.RANDOM, on=END)
    make_visit(two, on=date(2016, 8, 1))
    make_visit(two, Visit.Kind.PINPOINT, on=date(2015, 12, 31))
    assert of("inspections.kinds_used", county) == (2, "ok", 2, None, 3)
    assert of("inspections.kinds_used", county, date(2016, 12, 30))[0] == 1
    assert of("inspections.kinds_used", county, date(2015, 12, 31))[0] == 1
    assert of("inspections.kinds_used", one)[0] == 2
    assert figure("inspections.kinds_used").process
    made = children(figure("inspections.kinds_used"), county.parent, on=END)
    assert [c.value.value for c in made] == [2]


def test_weak_departments_of_universities_only(county, university):
    one = department(university)
    make_weak(one, closed_on=date(2017, 1, 1))
    make_weak(make_branch(one))
    make_weak(department(university, closed_on=date(2016, 6, 1)))
    make_weak(university)  # the committee itself is no department
    make_weak(make_branch(county))  # nor is a village's branch
    make_weak(department(university), first=date(2017, 1, 1))
    assert of(WEAK, county) == (2, "ok", 2, None, 2)
    assert of(WEAK, county, date(2016, 5, 31))[0] == 3
    assert of(WEAK, county, date(2017, 1, 1))[0] == 2
    assert of(WEAK, university)[0] == 2


def test_share_closed_in_the_year_of_the_election(county, university):
    one, two, three = (department(university) for _ in range(3))
    make_weak(one, closed_on=date(2014, 10, 1), closed_in_election=True)
    make_weak(two, closed_on=date(2016, 12, 30))
    make_weak(three)
    assert of(CLOSED, county) == (50, "ok", 1, 2, 2)
    assert of(CLOSED, county, date(2016, 12, 29))[:4] == (100, "ok", 1, 1)
    assert of(CLOSED, county, date(2014, 10, 1))[:2] == (100, "ok")
    assert of(CLOSED, county, date(2014, 9, 30))[:2] == (None, "no_cases")


def test_on_the_day_of_its_closing_an_organization_is_weak_no_longer(county, university):
    """Reading A2: the closing is an event."""
    make_weak(department(university), closed_on=date(2014, 10, 1))
    assert [of(WEAK, county, date(2014, month, day))[0] for month, day in ((9, 30), (10, 1))] == [1, 0]


def test_rows_behind_are_for_departments_and_nothing_is_public(county, university):
    make_weak(department(university))

    def officer(*permissions, at=county):
        return Actor(name="甲", user_id=5, reach=Reach({p.code: (at.key,) for p in permissions}))

    both, rows_only = officer(Figures.ROWS, CanWeak.VIEW), officer(Figures.ROWS)
    assert len(behind.page(figure(WEAK), county, on=END, actor=both).rows) == 1
    assert behind.page(figure(WEAK), county, on=END, actor=rows_only).rows == []
    elsewhere = officer(Figures.ROWS, CanWeak.VIEW, at=make_branch(county))
    assert behind.page(figure(WEAK), county, on=END, actor=elsewhere).rows == []
    assert not any(is_public(figure(code).public, "province") for code in (WEAK, CLOSED))


@pytest.mark.parametrize(
    ("role", "status"),
    [("department_officer", 200), ("township_officer", 404), ("committee_officer", 404)],
)
def test_type_is_shown_to_departments_only(client, county, university, role, status):
    mark = make_weak(department(university))
    user = UserFactory()
    GrantFactory(user=user, role=role, organization=county)
    client.force_login(user)
    rows = f"/figures/{WEAK}/rows/?in={county.code}&on={END}"
    for path in ("/inspections/weak/", f"/inspections/weak/{mark.uid}/", rows):
        assert client.get(path).status_code == status, path
    page = client.get(f"/figures/{WEAK}/?in={county.code}&on={END}").content.decode()
    assert (f"/figures/{WEAK}/rows/" in page) == (status == 200)


def test_stored_and_recomputed_values_agree(county, university):
    branch = make_branch(county)
    for kind in Visit.Kind:
        make_visit(branch, kind, on=date(today().year, 1, 1))
    one, two = department(university), department(university, closed_on=date(2019, 1, 1))
    make_visit(one, on=date(2015, 5, 5))
    make_weak(one, closed_on=date(2014, 5, 1), closed_in_election=True)
    make_weak(one, first=date(2015, 5, 1))
    make_weak(two)
    refold()
    assert stored_equal_live().violations == 0
    finding = equal_recompute()
    assert (finding.violations, finding.examples) == (0, [])
