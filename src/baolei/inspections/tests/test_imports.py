"""Sheets of inspections and weak organizations: taken, repeated, changed, refused."""

from csv import DictReader
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from baolei.accounts.tests.factories import GrantFactory
from baolei.inspections.models import Visit, WeakOrganization
from baolei.inspections.tests.factories import make_weak
from baolei.kernel.access import Actor
from baolei.kernel.imports.export import export_package
from baolei.kernel.tests.packages import bring, refusals
from baolei.organizations.tests.factories import make_branch

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make_branch()


def visit(branch, **given):
    row = {"ref": "V1", "organization": branch.code, "kind": "拉网式", "announced": "是"}
    return row | {"visited_on": "2016-06-01", "plan": "2016-1号"} | given


def outcomes(outcome, table):
    found = outcome.counts[table]
    return found["new"], found["changed"], found["unchanged"]


def test_visit_is_taken_once_and_changed_by_its_ref(tmp_path, branch):
    table = "inspection_visits"
    assert outcomes(bring(tmp_path / "1", inspection_visits=[visit(branch)]), table) == (1, 0, 0)
    assert outcomes(bring(tmp_path / "2", inspection_visits=[visit(branch)]), table) == (0, 0, 1)
    changed = visit(branch, kind="random", announced="否")
    assert outcomes(bring(tmp_path / "3", inspection_visits=[changed]), table) == (0, 1, 0)
    found = Visit.rows.get()
    assert (found.kind, found.announced, found.visited_on) == ("random", False, date(2016, 6, 1))


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"kind": "random"}, ("announced", "visit.announced")),
        ({"kind": "点穴式"}, ("announced", "visit.announced")),
        ({"kind": "日常"}, ("kind", "code.unknown")),
        ({"visited_on": "2011-12-31"}, ("organization", "visit.organization")),
        ({"visited_on": "2199-01-01"}, ("visited_on", "date.future")),
        ({"plan": ""}, ("plan", "value.required")),
    ],
)
def test_visit_is_refused(tmp_path, branch, given, problem):
    outcome = bring(tmp_path, inspection_visits=[visit(branch, **given)])
    assert refusals(outcome) == [(2, *problem)]
    assert not Visit.rows.exists()


def weak(branch, **given):
    row = {"ref": "W1", "organization": branch.code, "kind": "lax_04", "closed_in_election": "否"}
    return row | {"from": "2013-01-01", "to": ""} | given


def test_weak_organization_is_taken_and_closed_later(tmp_path, branch):
    table = "weak_organizations"
    assert outcomes(bring(tmp_path / "1", weak_organizations=[weak(branch)]), table) == (1, 0, 0)
    closed = weak(branch, to="2014-10-09", closed_in_election="是")
    assert outcomes(bring(tmp_path / "2", weak_organizations=[closed]), table) == (0, 1, 0)
    found = WeakOrganization.rows.get()
    assert (found.kind, found.during.upper, found.closed_in_election) == ("lax_04", date(2014, 10, 9), True)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"kind": "班子不团结"}, ("kind", "code.unknown")),
        ({"closed_in_election": "是"}, ("closed_in_election", "weak.still_open")),
        ({"from": "2011-12-31"}, ("organization", "weak.organization")),
        ({"to": "2012-12-31"}, ("to", "dates.reversed")),
        ({"to": "2013-01-01"}, ("to", "dates.reversed")),
    ],
)
def test_weak_organization_is_refused(tmp_path, branch, given, problem):
    assert refusals(bring(tmp_path, weak_organizations=[weak(branch, **given)])) == [(2, *problem)]
    assert not WeakOrganization.rows.exists()


def test_marks_of_one_organization_do_not_overlap(tmp_path, branch):
    first, second = weak(branch, to="2014-01-01"), weak(branch, ref="W2", **{"from": "2013-12-31"})
    outcome = bring(tmp_path / "1", weak_organizations=[first, second])
    assert refusals(outcome) == [(3, "from", "weak.overlap")]
    second["from"] = "2014-01-01"  # the day of the closing is free (A2)
    assert bring(tmp_path / "2", weak_organizations=[first, second]).problems == []


def test_database_refuses_what_the_sheet_refuses(branch):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_weak(branch, closed_in_election=True)
    make_weak(branch)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_weak(branch, first=date(2015, 1, 1))
    announced = {"ref": "V9", "organization": branch, "kind": "random", "announced": True, "plan": "1"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.rows.create(visited_on=date(2016, 1, 1), **announced)


def test_page_and_export_give_the_day_of_the_closing_as_it_was_brought(client, tmp_path, branch):
    bring(tmp_path / "1", weak_organizations=[weak(branch, to="2014-10-09")])
    client.force_login(GrantFactory(role="department_officer", organization=branch).user)
    assert "2013-01-01 至 2014-10-09" in client.get("/inspections/weak/").content.decode()
    export_package(tmp_path / "2", actor=Actor.system("test"), purpose="核对")
    with open(tmp_path / "2" / "weak_organizations.csv", encoding="utf-8") as file:
        assert [row["to"] for row in DictReader(file)] == ["2014-10-09"]
