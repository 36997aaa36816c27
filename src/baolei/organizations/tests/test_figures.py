"""Joint inspection committees of ports: functional organizations with a port, one a port, open on the day."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.laws import equal_recompute, stored_equal_live
from baolei.kernel.figures.stored import refold
from baolei.kernel.figures.values import value
from baolei.organizations.kinds import Kind, UnitKind
from baolei.organizations.models import UnitOverseer
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit

pytestmark = pytest.mark.django_db

END = date(2016, 12, 31)


def of(node, on=END):
    found = value(figure("border.port_joint_committees"), node, on=on)
    return found.value, found.rows


def test_committees_of_ports_are_counted_once_a_port():
    county = make_organization(make_organization(region_code="220000"), region_code="222404")
    first = make_organization(county, kind=Kind.FUNCTIONAL_ORG, opened_on=date(2013, 7, 1))
    make_unit(first, kind=UnitKind.PORT, name="东口岸")
    make_unit(first, kind=UnitKind.PORT, name="西口岸")
    make_unit(make_branch(county), kind=UnitKind.PORT)  # the port's ordinary branch
    make_unit(make_organization(county, kind=Kind.FUNCTIONAL_ORG))  # of a village
    closed = make_organization(county, kind=Kind.FUNCTIONAL_ORG, closed_on=END)
    unit = make_unit(closed, kind=UnitKind.PORT)
    UnitOverseer.rows.filter(unit=unit).update(during=DateRange(closed.opened_on, END, "[)"))
    assert of(county) == (1, 1)
    assert of(county, date(2016, 12, 30)) == (2, 2)
    assert of(county, date(2013, 6, 30)) == (1, 1)
    refold()
    assert stored_equal_live().violations == 0
    assert equal_recompute().examples == []
