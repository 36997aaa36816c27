"""The figure of milestones: since 2012, up to the day, at the place where the practice comes from."""

from datetime import date

import pytest

from baolei.honours.tests.factories import make_adoption, make_milestone
from baolei.kernel.access import Actor
from baolei.kernel.figures import behind
from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.laws import equal_recompute, stored_equal_live
from baolei.kernel.figures.stored import refold
from baolei.kernel.figures.values import value
from baolei.organizations.tests.factories import make_branch, make_organization

pytestmark = pytest.mark.django_db

CODE, END = "organizations.milestones", date(2016, 12, 31)


@pytest.fixture
def province():
    made = make_organization(region_code="220000", opened_on=date(2000, 1, 1))
    county = make_organization(made, region_code="222404")
    closed = make_branch(county, closed_on=date(2015, 1, 1))
    make_milestone(made, on=date(2011, 12, 31))
    make_milestone(made, on=date(2012, 1, 1))
    make_adoption(make_milestone(closed), county)
    make_milestone(county, on=END)
    return made


def of(node, on=END):
    return value(figure(CODE), node, on=on).value


def test_milestones_since_2012_with_those_of_closed_organizations(province):
    assert [of(province, on) for on in (date(2011, 12, 31), date(2012, 1, 1), END)] == [0, 1, 3]
    assert of(province, date(2016, 12, 30)) == 2
    page = behind.page(figure(CODE), province, on=END, actor=Actor.system("试验"))
    assert [str(row["reached_on"]) for row in page.rows] == ["2012-01-01", "2016-12-31", "2014-07-10"]


def test_stored_and_recomputed_values_agree(province):
    refold()
    assert stored_equal_live().violations == 0
    finding = equal_recompute()
    assert (finding.violations, finding.examples) == (0, [])
