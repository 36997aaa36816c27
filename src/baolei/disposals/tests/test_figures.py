"""Disposals of the year as numbers, from the county up, at the branch of the day, and no list behind them."""

from datetime import date

import pytest
from django.test import Client

from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.disposals.models import Disposal
from baolei.disposals.tests.way import Way
from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.values import value
from baolei.kernel.laws import verify
from baolei.members.tests.factories import MemberFactory
from baolei.members.tests.world import NO_PASSWORD

pytestmark = pytest.mark.django_db
CODES = ("rectified", "advised_out", "removed", "self_lapsed")


@pytest.fixture
def way(db, time_machine):
    time_machine.move_to("2026-11-30T02:00:00Z", tick=False)
    return Way()


def numbers(way, on=date(2026, 11, 30)) -> list:
    return [value(figure(f"disposals.{code}"), way.county, on=on).value for code in CODES]


def test_each_kind_counts_on_its_day_and_a_revoked_one_not(way):
    people = [MemberFactory(branch=way.branch) for _ in range(5)]
    ways = (
        ("remove", "31.1", ""),
        ("advise_out", "31.2", ""),
        ("self_lapsed", "31.6", "work"),
        ("rectify", "30", ""),
    )
    for member, (kind, ground, lapse) in zip(people, ways, strict=False):
        done = () if kind == "rectify" else ("execute",)
        way.until(*done, member=member, kind=kind, ground=ground, lapse=lapse)
    way.opened(member=people[4], kind="remind", ground="28")
    assert numbers(way) == [1, 1, 1, 1]
    assert numbers(way, date(2026, 5, 5)) == [1, 0, 0, 0]  # the others the day after
    assert numbers(way, date(2026, 2, 19)) == [0, 0, 0, 0]
    assert numbers(way, date(2025, 12, 31)) == [0, 0, 0, 0]
    last = Disposal.rows.get(kind="rectify")
    way.own = way.person(last.member)
    for step in ("appeal", "decide"):
        way.take(last, step, **({"result": "revoked"} if step == "decide" else {}))
    assert numbers(way) == [0, 1, 1, 1]
    assert not [law for law in verify("figures.equal-recompute") if law["violations"]]


def test_nobody_lists_whom_the_numbers_are_about(way):
    way.until("execute")
    user = UserFactory(password=NO_PASSWORD)
    GrantFactory(user=user, role="department_officer", organization=way.county)
    client = Client()
    client.force_login(user)
    there = f"?in={way.county.code}"
    page = client.get(f"/figures/disposals.removed/{there}").content.decode()
    assert "本年除名的党员数" in page and "数据背后的名单" not in page
    assert client.get(f"/figures/disposals.removed/rows/{there}").status_code == 404
    assert client.get(f"/figures/members.total/rows/{there}").status_code == 200
