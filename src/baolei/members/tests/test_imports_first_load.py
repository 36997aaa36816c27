"""The first load of empty tables: workers of their own, indexes and constraints off and on again (D5)."""

import pytest
from django.db import connection

from baolei.kernel.access import Actor
from baolei.kernel.imports import ahead, import_path, package, run
from baolei.kernel.laws import verify
from baolei.members.models import Member, Membership
from baolei.members.tests.packages import cell, rows, write
from baolei.organizations.models import Organization

pytestmark = pytest.mark.django_db(transaction=True)
SYSTEM = Actor.system("测试")


@pytest.fixture(autouse=True, params=[0, 1000], ids=["waiting on disk", "waiting in memory"])
def everything_is_large(monkeypatch, request):
    monkeypatch.setattr(run, "SMALL", 0)
    monkeypatch.setattr(ahead, "HELD", request.param)
    monkeypatch.setattr(package, "CHUNK", 400)  # several chunks, so that rows keep their numbers across them


def definitions() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE connamespace = current_schema()::regnamespace UNION ALL "
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1, 2, 3"
        )
        return cursor.fetchall()


def test_everything_is_built_again(tmp_path, monkeypatch):
    told = []
    before = definitions()
    outcome = import_path(
        write(tmp_path, rows()), actor=SYSTEM, progress=lambda stage, done, total: told.append(stage)
    )
    assert outcome.problems == []
    assert outcome.counts["members"]["new"] == 4
    assert Membership.rows.count() == 6
    assert definitions() == before
    assert any("members_membership_one_branch_a_day" in stage for stage in told)
    # The indexes of a table are there before the next sheet is checked.
    assert told.index("建立索引 organizations_org_name") < told.index("核对 单位")
    assert all(finding["violations"] == 0 for finding in verify())
    told.clear()
    again = import_path(tmp_path, actor=SYSTEM, progress=lambda stage, done, total: told.append(stage))
    assert {counts["new"] for counts in again.counts.values()} == {0}
    assert not any("one_branch_a_day" in stage for stage in told)


def test_refused_rows_keep_their_numbers_and_the_tables_their_indexes(tmp_path):
    package_rows = rows()
    cell(package_rows, "members", 5, "sex", "2")
    package_rows["members"][1][1] = 'quoted "name",\nof two lines'
    before = definitions()
    outcome = import_path(write(tmp_path, package_rows), actor=SYSTEM)
    assert {(p.row, p.column, p.code) for p in outcome.problems} == {
        (5, "sex", "sex.id"),
        (3, "name", "value.control"),
    }
    assert definitions() == before
    assert not Organization.rows.exists()
    assert not Member.rows.exists()
