"""A figure that divides the sum of one expression by the sum of another: value, stored value, recomputed value."""

from datetime import date
from decimal import Decimal

import pytest

from baolei.kernel.figures import declare
from baolei.kernel.figures.declare import PERCENT, Fact, Figure, Rows
from baolei.kernel.figures.laws import equal_recompute, stored_equal_live
from baolei.kernel.figures.stored import refold
from baolei.kernel.figures.values import value
from baolei.organizations.models import Place
from baolei.organizations.tests.factories import make_organization

DAY = date(2016, 12, 31)


def _facts(day: date):
    for place in Place.objects.on(day):
        depth = len(place.key) // 3
        yield place.organization_id, {"trial.quotient": Fact(depth, over=4 * depth * depth)}


def declared(**given) -> Figure:
    rows = Rows(
        name="trial",
        sql="""SELECT p.key, p.organization_id AS place, p.organization_id AS subject,
                length(p.key) / 3 AS depth FROM organizations_place p WHERE p.during @> %(day)s""",
        reads=("organizations.Place",),
        behind="",
        columns=(),
        subject_url="",
        recompute=_facts,
    )
    return Figure(code="trial.quotient", label="", unit=PERCENT, definition="", rows=rows, **given)


@pytest.fixture(autouse=True)
def no_other_figures(monkeypatch):
    monkeypatch.setattr(declare, "FIGURES", {})


@pytest.mark.django_db
def test_sum_is_divided_by_sum_and_not_averaged():
    f = declared(amount="r.depth", over="4 * r.depth * r.depth")
    root = make_organization(region_code="220000")
    make_organization(root, region_code="220100")
    found = value(f, root, on=DAY)
    # 1 + 2 of 4 + 16; the mean of the two shares would be 18.75.
    assert (found.value, found.numerator, found.denominator, found.status) == (15, 3, 20, "ok")
    refold()
    assert value(f, root, on=DAY).value == 15
    assert (stored_equal_live().violations, equal_recompute().violations) == (0, 0)


@pytest.mark.django_db
def test_without_rows_there_is_no_case():
    f = declared(amount="r.depth", over="4 * r.depth * r.depth", where="r.depth > 8")
    found = value(f, make_organization(), on=DAY)
    assert (found.value, found.numerator, found.denominator, found.status) == (None, 0, 0, "no_cases")


@pytest.mark.parametrize("given", [{"over": "1"}, {"amount": "1", "over": "1", "mean": True}, {"mean": True}])
def test_quotient_needs_an_amount_and_is_no_mean(given):
    with pytest.raises(ValueError, match="folded in two ways"):
        declared(**given)


def test_unit_says_whether_it_is_in_percent():
    f = declared(amount="1", over="1")
    assert f.value(1, 8) == Decimal("12.5")
    assert f.has_denominator and not f.is_share
