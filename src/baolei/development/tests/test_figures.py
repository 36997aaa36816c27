"""Figures of development: days, years, places, and that they equal a recompute in plain Python (T15 to T20)."""

from datetime import date

import pytest

from baolei.development import actions
from baolei.development.tests.way import Way
from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.laws import equal_recompute, stored_equal_live
from baolei.kernel.figures.stored import refold
from baolei.kernel.figures.values import value
from baolei.members.tests.factories import make_id_number
from baolei.organizations.tests.factories import make_branch

pytestmark = pytest.mark.django_db


@pytest.fixture
def way(db, time_machine):
    time_machine.move_to("2026-11-30T02:00:00Z", tick=False)
    return Way()


def of(code: str, node, on: str):
    return value(figure(f"development.{code}"), node, on=date.fromisoformat(on)).value


def test_on_the_way_one_stage_on_every_day(way):
    way.until(17)
    expected = {
        "2024-01-09": (0, 0, 0),
        "2024-01-10": (1, 0, 0),
        "2024-06-03": (0, 1, 0),
        "2025-06-15": (0, 1, 0),
        "2025-06-16": (0, 0, 1),
        "2025-07-14": (0, 0, 1),
        "2025-07-15": (0, 0, 0),
    }
    found = {
        day: tuple(of(code, way.town, day) for code in ("applicants", "activists", "targets"))
        for day in expected
    }
    assert found == expected


def test_admissions_count_in_the_year_of_the_meeting(way):
    way.until(17)
    way.until(17, way.applied(id_number=make_id_number(birth_date=date(1980, 1, 1), sex="2"), ethnicity="10"))
    way.until(16, way.applied(id_number=make_id_number(birth_date=date(1981, 1, 1))))
    assert [
        of("admitted", way.town, day) for day in ("2025-07-14", "2025-07-15", "2025-12-31", "2026-01-01")
    ] == [*(0, 2, 2, 0)]
    shares = ("women", "minorities", "aged_35_or_less", "college_or_above", "front_line", "by_league")
    assert [of(f"admitted.{code}", way.town, "2025-12-31") for code in shares] == [50, 50, 50, 100, 100, 100]
    assert of("admitted", way.county, "2025-12-31") == 2


def test_what_probation_came_to(way):
    way.until(24)
    other = way.until(21, way.applied(id_number=make_id_number(birth_date=date(1981, 1, 1))))
    other = way.take(other, 23, on="2026-03-02", result="cancel")
    way.take(other, 24, on="2026-03-20")
    codes = ("converted", "cancelled", "on_time_share")
    assert [of(code, way.town, "2026-08-09") for code in codes] == [0, 1, 0]
    assert [of(code, way.town, "2026-08-10") for code in codes] == [1, 1, 50]
    assert [of(code, way.town, "2025-12-31") for code in codes] == [0, 0, None]


def test_the_branch_that_admitted_counts_and_stored_values_follow(way):
    applicant = way.until(8)
    elsewhere = make_branch(way.town)
    actions.hand_over(applicant, actor=way.secretary, receiver=elsewhere)
    actions.take_over(applicant, actor=way.officer)
    refold()
    way.applied(id_number=make_id_number(birth_date=date(1981, 1, 1)))
    assert of("targets", elsewhere, "2026-11-30") == 1
    assert of("applicants", way.branch, "2026-11-30") == 1
    refold()
    for law in (equal_recompute, stored_equal_live):
        assert law().violations == 0
