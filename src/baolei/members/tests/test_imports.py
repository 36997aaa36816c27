"""The import from file to tables: what goes in, what is refused and how it is said."""

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from baolei.kernel.access import Actor, Reach
from baolei.kernel.imports import import_path, run
from baolei.kernel.imports.export import export_package
from baolei.kernel.laws import verify
from baolei.kernel.models import Batch, BatchRow, Event, StaleMark
from baolei.kernel.secrets import hash_id, hash_tail, open_field
from baolei.members.access import Can as MemberCan
from baolei.members.models import Member, Membership
from baolei.members.tests.packages import (
    ALICE,
    BOB,
    BRANCH,
    CAROL,
    CLOSED,
    COLUMNS,
    COUNTY,
    DAN,
    FAR,
    MOVED,
    OTHER_TOWN,
    PROVINCE,
    TOWN,
    cell,
    number,
    officer,
    rows,
    write,
)
from baolei.organizations.access import Can as OrganizationCan
from baolei.organizations.models import Organization, Place, Unit

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("测试")


def imported(folder, package=None, *, actor=SYSTEM, headers=None, **how):
    return import_path(write(folder, package or rows(), **(headers or {})), actor=actor, **how)


def found(outcome) -> set[tuple[str, int, str, str]]:
    return {(p.sheet, p.row, p.column, p.code) for p in outcome.problems}


def table(name: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t::text FROM {name} t ORDER BY 1")
        return cursor.fetchall()


TABLES = [
    "organizations_organization",
    "organizations_place",
    "organizations_unit",
    "organizations_unitoverseer",
    "members_member",
    "members_membership",
]


def everything() -> list[list[tuple]]:
    return [table(name) for name in TABLES]


def test_a_package_becomes_the_register(tmp_path):
    outcome = imported(tmp_path)
    assert outcome.problems == []
    assert outcome.batch.state == Batch.State.DONE
    new = {sheet: counts["new"] for sheet, counts in outcome.counts.items()}
    assert new == {"organizations": 9, "places": 1, "units": 2, "members": 4, "memberships": 2}
    alice = Member.rows.get(id_hash=hash_id(ALICE))
    assert (alice.name, alice.name_py, alice.initials) == ("单小云", "shanxiaoyun", "sxy")
    assert open_field(alice, "id_number") == ALICE
    assert open_field(alice, "phone") == "13900000001"
    assert bytes(alice.id_tail_hash) == hash_tail(ALICE[-4:], "单小云")
    assert alice.branch_key == Organization.rows.get(code=BRANCH).key
    spells = Membership.rows.filter(member=alice).order_by("during")
    assert [(s.branch.code, s.during.lower, s.during.upper) for s in spells] == [
        (FAR, date(2001, 1, 1), date(2006, 6, 6)),
        (CLOSED, date(2006, 6, 6), date(2010, 1, 1)),
        (BRANCH, date(2010, 1, 1), None),
    ]
    assert all(finding["violations"] == 0 for finding in verify())
    assert Unit.objects.count() == 2


def test_keys_follow_the_file_and_the_history(tmp_path):
    imported(tmp_path)
    keys = dict(Organization.rows.values_list("code", "key"))
    assert keys[PROVINCE] == "001"
    assert keys[COUNTY] == "001001001"
    assert keys[BRANCH] == keys[TOWN] + "001"
    places = Place.objects.filter(organization__code=MOVED).order_by("during")
    assert [(p.parent.code, p.during.upper) for p in places] == [(OTHER_TOWN, date(2015, 7, 1)), (TOWN, None)]
    # The west village comes before the north village in the file, so it got the other town's first ordinal.
    assert [p.key for p in places] == [keys[OTHER_TOWN] + "001", keys[TOWN] + "002"]
    assert keys[FAR] == keys[OTHER_TOWN] + "002"


def test_the_same_package_twice_changes_nothing(tmp_path):
    imported(tmp_path)
    before = everything()
    outcome = imported(tmp_path)
    assert outcome.problems == []
    for counts in outcome.counts.values():
        assert (counts["new"], counts["changed"], counts["refused"]) == (0, 0, 0)
        assert counts["unchanged"] == counts["read"]
    assert everything() == before
    assert not BatchRow.objects.filter(batch=outcome.batch).exists()


def test_one_audit_row_a_sheet_and_no_personal_value(tmp_path):
    batch = imported(tmp_path).batch
    events = Event.objects.filter(action__endswith=".import", detail__batch=str(batch.uid))
    assert sorted(event.action for event in events) == [
        "members.member.import",
        "members.membership.import",
        "organizations.organization.import",
        "organizations.unit.import",
    ]
    assert all(len(event.detail["digest"]) == 64 and event.detail["new"] for event in events)
    assert StaleMark.objects.filter(
        model="members.Member", key=Organization.rows.get(code=COUNTY).key
    ).exists()


def test_changed_rows_are_updated_with_their_image_before(tmp_path):
    imported(tmp_path)
    package = rows()
    cell(package, "organizations", 6, "short_name", "东村支部")
    cell(package, "members", 2, "occupation", "离退休人员")
    cell(package, "members", 2, "phone", "13900000009")
    cell(package, "members", 4, "standing", "formal")
    cell(package, "members", 4, "converted_on", "2026-04-01")
    outcome = imported(tmp_path, package)
    assert outcome.problems == []
    assert outcome.counts["organizations"]["changed"] == 1
    assert outcome.counts["members"]["changed"] == 2
    alice = Member.rows.get(id_hash=hash_id(ALICE))
    assert (alice.occupation, open_field(alice, "phone")) == ("retired", "13900000009")
    assert open_field(alice, "id_number") == ALICE
    before = BatchRow.objects.get(batch=outcome.batch, model="members.Member", row_id=alice.pk).before
    assert (before["occupation"], before["phone_sealed"]) == ("farmer", "…")
    assert Organization.rows.get(code=BRANCH).short_name == "东村支部"


def _duplicate_member(package):
    package["members"].append(list(package["members"][0]))


def _cycle(package):
    cell(package, "organizations", 4, "parent", TOWN)


WITHOUT_BRANCH = {
    ("members", 2, "branch", "branch.refused"),
    ("memberships", 2, "id_number", "member.refused"),
    ("memberships", 3, "id_number", "member.refused"),
}
"""What follows when the east village's branch is refused: its member, and her earlier spells."""

WRONG = {
    "unknown parent": (
        lambda p: cell(p, "organizations", 6, "parent", "999"),
        {("organizations", 6, "parent", "parent.unknown"), *WITHOUT_BRANCH},
    ),
    "parent refused for its own cells": (
        lambda p: cell(p, "organizations", 9, "opened_on", "1990-02-30"),
        {
            ("organizations", 9, "opened_on", "date.format"),
            ("organizations", 10, "parent", "parent.refused"),
            ("places", 2, "parent", "parent.unknown"),
            ("organizations", 7, "code", "place.refused"),
            ("members", 3, "branch", "branch.refused"),
            ("members", 4, "branch", "branch.refused"),
            ("memberships", 2, "branch", "branch.refused"),
            ("memberships", 3, "id_number", "spell.person"),
        },
    ),
    "organization code twice": (
        lambda p: cell(p, "organizations", 10, "code", BRANCH),
        {
            ("organizations", 10, "code", "code.repeated"),
            ("members", 4, "branch", "branch.unknown"),
            ("memberships", 2, "branch", "branch.unknown"),
            ("memberships", 3, "id_number", "spell.person"),
        },
    ),
    "second root": (
        lambda p: p["organizations"].append(
            ["9", "中共另一委员会", "另一", "basic_committee", "", "2000-01-01", "", "", ""]
        ),
        {("organizations", 11, "parent", "parent.second_root")},
    ),
    "below a branch": (
        lambda p: cell(p, "organizations", 7, "parent", BRANCH),
        {("organizations", 7, "parent", "parent.kind"), ("members", 3, "branch", "branch.refused")},
    ),
    "founded before its parent": (
        lambda p: cell(p, "organizations", 6, "opened_on", "1989-12-31"),
        {("organizations", 6, "parent", "parent.life"), *WITHOUT_BRANCH},
    ),
    "closed before opened": (
        lambda p: cell(p, "organizations", 8, "closed_on", "1999-01-01"),
        {
            ("organizations", 8, "closed_on", "dates.reversed"),
            ("members", 5, "branch", "branch.refused"),
            ("memberships", 3, "branch", "branch.refused"),
            ("memberships", 2, "id_number", "spell.person"),
        },
    ),
    "future": (
        lambda p: cell(p, "members", 3, "since", "2999-01-01"),
        {("members", 3, "since", "date.future")},
    ),
    "not a date": (
        lambda p: cell(p, "members", 3, "joined_on", "去年"),
        {("members", 3, "joined_on", "date.format")},
    ),
    "unknown code": (
        lambda p: cell(p, "members", 3, "ethnicity", "77"),
        {("members", 3, "ethnicity", "code.unknown")},
    ),
    "nothing where something must be": (
        lambda p: cell(p, "members", 3, "name", " "),
        {("members", 3, "name", "value.required")},
    ),
    "check digit": (
        lambda p: cell(p, "members", 3, "id_number", BOB[:-1] + ("0" if BOB[-1] != "0" else "1")),
        {("members", 3, "id_number", "id.check_digit")},
    ),
    "length": (
        lambda p: cell(p, "members", 3, "id_number", BOB[:-1]),
        {("members", 3, "id_number", "id.length")},
    ),
    "birth date and sex against the number": (
        lambda p: (cell(p, "members", 3, "birth_date", "1980-03-01"), cell(p, "members", 3, "sex", "2")),
        {("members", 3, "birth_date", "birth_date.id"), ("members", 3, "sex", "sex.id")},
    ),
    "number twice in the file": (_duplicate_member, {("members", 6, "id_number", "id.repeated")}),
    "unknown branch": (
        lambda p: cell(p, "members", 3, "branch", "12345"),
        {("members", 3, "branch", "branch.unknown")},
    ),
    "committee instead of a branch": (
        lambda p: cell(p, "members", 3, "branch", TOWN),
        {("members", 3, "branch", "branch.kind")},
    ),
    "branch already closed": (
        lambda p: cell(p, "members", 3, "branch", CLOSED),
        {("members", 3, "since", "branch.life")},
    ),
    "unknown work unit": (
        lambda p: cell(p, "members", 3, "work_unit", "nowhere"),
        {("members", 3, "work_unit", "work_unit.unknown")},
    ),
    "left, but in the register": (
        lambda p: cell(p, "members", 3, "left_on", "2020-01-01"),
        {("members", 3, "left_on", "left_on.counted")},
    ),
    "gone without a day": (
        lambda p: cell(p, "members", 5, "left_on", ""),
        {("members", 5, "left_on", "left_on.missing")},
    ),
    "converted before joining": (
        lambda p: cell(p, "members", 3, "converted_on", "2003-01-01"),
        {("members", 3, "converted_on", "dates.reversed")},
    ),
    "two branches on one day": (
        lambda p: cell(p, "memberships", 2, "to", "2006-06-08"),
        {("memberships", 3, "from", "spell.overlap"), ("memberships", 2, "id_number", "spell.person")},
    ),
    "two branches on the day of the last spell": (
        lambda p: cell(p, "memberships", 3, "to", "2010-02-01"),
        {("memberships", 3, "from", "spell.overlap"), ("memberships", 2, "id_number", "spell.person")},
    ),
    "a gap between two spells": (
        lambda p: cell(p, "memberships", 3, "to", "2009-12-01"),
        {("memberships", 3, "from", "spell.gap"), ("memberships", 2, "id_number", "spell.person")},
    ),
    "spell reversed": (
        lambda p: cell(p, "memberships", 2, "to", "2000-12-31"),
        {("memberships", 2, "to", "dates.reversed")},
    ),
    "spell of nobody": (
        lambda p: p["memberships"].append([number("19601010", 5), BRANCH, "2001-01-01", "2002-01-01"]),
        {("memberships", 4, "id_number", "id.unknown")},
    ),
    "unit without organization": (
        lambda p: cell(p, "units", 3, "organization", "nowhere"),
        {("units", 3, "organization", "unit.organization")},
    ),
    "history with a hole": (
        lambda p: cell(p, "places", 2, "from", "2001-01-01"),
        {
            ("places", 2, "from", "place.order"),
            ("organizations", 7, "code", "place.refused"),
            ("members", 3, "branch", "branch.refused"),
        },
    ),
    "cells missing in a row": (
        lambda p: p["members"][1].pop(),
        {("members", 3, "", "row.width")},
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_input_is_named_and_nothing_is_written(tmp_path, case):
    package = rows()
    change, expected = WRONG[case]
    change(package)
    outcome = imported(tmp_path, package)
    assert found(outcome) == expected
    assert outcome.total_problems == len(expected)
    assert outcome.batch.state == Batch.State.REFUSED
    assert not Organization.rows.exists()
    assert not Member.rows.exists()
    assert all(problem.message and problem.advice for problem in outcome.problems)


def test_a_cycle_is_told_from_what_hangs_below_it(tmp_path):
    package = rows()
    _cycle(package)
    outcome = imported(tmp_path, package)
    # Nothing is known about which of the rows is wrong: every row that cannot reach the root is named.
    codes = {(p.row, p.code) for p in outcome.problems if p.sheet == "organizations"}
    assert {(4, "parent.cycle"), (5, "parent.cycle")} <= codes
    assert not Organization.rows.exists()


def test_good_rows_alone(tmp_path):
    package = rows()
    cell(package, "members", 3, "sex", "2")
    package["memberships"] = []
    outcome = imported(tmp_path, package, accept_good=True)
    assert outcome.batch.state == Batch.State.DONE
    counts = outcome.counts["members"]
    assert (counts["read"], counts["new"], counts["refused"]) == (4, 3, 1)
    assert not Member.rows.filter(id_hash=hash_id(BOB)).exists()
    assert all(finding["violations"] == 0 for finding in verify("members"))


@pytest.mark.parametrize("row", [2, 3])
def test_a_person_whose_middle_spell_is_refused_keeps_no_part_of_the_chain(tmp_path, row):
    """What is left beside it would leave days without a branch (ORG-23)."""
    package = rows()
    cell(package, "memberships", row, "branch", "nowhere")
    outcome = imported(tmp_path, package, accept_good=True)
    assert found(outcome) == {
        ("memberships", row, "branch", "branch.unknown"),
        ("memberships", 5 - row, "id_number", "spell.person"),
    }
    assert outcome.batch.state == Batch.State.DONE and outcome.counts["memberships"]["new"] == 0
    assert all(finding["violations"] == 0 for finding in verify("members"))


def test_a_trial_writes_nothing(tmp_path):
    outcome = imported(tmp_path, dry_run=True)
    assert outcome.batch.state == Batch.State.TRIED
    assert outcome.counts["members"]["new"] == 4
    assert not Organization.rows.exists()


def test_headers(tmp_path):
    wanted = COLUMNS["members"]
    missing = imported(tmp_path / "a", headers={"members": wanted.replace("phone", "telefax")})
    assert found(missing) == {
        ("members", 1, "telefax", "columns.extra"),
        ("members", 1, "phone", "columns.missing"),
    }
    package = rows()
    for row in package["members"]:
        row.append("因病致贫")
    dropped = imported(tmp_path / "b", package, headers={"members": wanted + ",家庭困难情况"})
    assert dropped.problems == []
    assert dropped.notes == ["members.csv: 家庭困难情况"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM members_member m WHERE m::text LIKE '%因病%'")
        assert cursor.fetchone() == (0,)


def test_chinese_titles_labels_and_ways_to_write(tmp_path):
    package = rows()
    titles = "公民身份号码,姓名,性别,出生日期,民族,学历,职业,党籍状态,入党日期,转正日期,工作单位,联系电话,所在党支部,转入日期,离开日期"
    row = package["members"][0]
    row[0] = "".join(chr(ord(letter) + 0xFEE0) for letter in ALICE[:6]) + f" {ALICE[6:]}"
    row[2], row[3], row[4], row[7], row[13] = "女", "1970年3月15日", "汉族", "正式党员", "2010/1/1"
    outcome = imported(tmp_path, package, headers={"members": titles})
    assert outcome.problems == []
    alice = Member.rows.get(id_hash=hash_id(ALICE))
    assert (alice.sex, alice.ethnicity, alice.birth_date) == ("2", "01", date(1970, 3, 15))


def test_an_empty_file(tmp_path):
    empty = tmp_path / "members.csv"
    empty.write_text("")
    assert found(import_path(empty, actor=SYSTEM)) == {("members", 1, "", "file.empty")}
    empty.write_text(COLUMNS["members"] + "\n")
    assert found(import_path(empty, actor=SYSTEM)) == {("members", 1, "", "file.empty")}


def test_one_file_of_a_spreadsheet_in_its_own_encoding(tmp_path):
    package = rows()
    members = package.pop("members")
    package.pop("memberships")
    imported(tmp_path, package)
    lines = [COLUMNS["members"], *[",".join(row) for row in members]]
    file = tmp_path / "members 2026.csv"
    file.write_bytes("\r\n".join(lines).encode("gb18030"))
    outcome = import_path(file, actor=SYSTEM)
    assert outcome.problems == []
    assert outcome.counts["members"]["new"] == 4
    assert Member.rows.filter(name="欧阳老师", name_py="ouyanglaoshi").exists()


def test_masked_values(tmp_path):
    package = rows()
    wrong = BOB[:-1] + ("0" if BOB[-1] != "0" else "1")
    cell(package, "members", 3, "id_number", wrong)
    cell(package, "members", 2, "phone", "not a phone")
    values = {p.column: p.value for p in imported(tmp_path, package).problems if p.sheet == "members"}
    assert values == {"id_number": "*" * 16 + wrong[-2:], "phone": "*******hone"}


def test_the_register_is_not_changed_by_a_number_typed_wrong(tmp_path):
    imported(tmp_path)
    package = rows()
    cell(package, "members", 2, "name", "另一个人")
    cell(package, "members", 3, "branch", BRANCH)
    cell(package, "organizations", 6, "kind", "general_branch")
    outcome = imported(tmp_path, package)
    assert found(outcome) == {
        ("organizations", 6, "code", "code.taken"),
        ("members", 2, "id_number", "id.taken"),
        ("members", 3, "branch", "spell.registered"),
    }


def test_an_officer_founds_below_his_own_committee_only(tmp_path):
    imported(tmp_path)
    new = [
        ["X1", "中共虚构镇新村支部委员会", "新村党支部", "branch", TOWN, "2020-01-01", "", "", ""],
        ["X2", "中共假想镇新村支部委员会", "新村党支部", "branch", OTHER_TOWN, "2020-01-01", "", "", ""],
    ]
    outcome = imported(tmp_path / "n", {"organizations": new}, actor=officer(TOWN), accept_good=True)
    assert found(outcome) == {("organizations", 3, "", "row.refused")}
    town = Organization.rows.get(code=TOWN)
    assert Organization.rows.get(code="X1").key == town.key + "004"
    assert town.next_ordinal == 5
    assert all(finding["violations"] == 0 for finding in verify("tree"))


def test_without_the_right_nothing_is_read(tmp_path):
    imported(tmp_path)
    with pytest.raises(PermissionDenied):
        imported(tmp_path, actor=Actor(name="无权者", user_id=9))


def test_production_refuses_a_demo_package(tmp_path, settings):
    settings.BAOLEI_DEMO = False
    folder = write(tmp_path, rows(), demo=True)
    assert found(import_path(folder, actor=SYSTEM)) == {("", 0, "", "package.demo")}
    settings.BAOLEI_DEMO = True
    assert import_path(folder, actor=SYSTEM).batch.demo


def test_no_clear_number_reaches_the_database(tmp_path, monkeypatch):
    """Every byte that is copied to staging, and every row after the commit."""
    from baolei.kernel.imports import run

    seen = []
    staged = run._commit

    def looking(file, *rest):
        for sheet in run.SHEETS.values():
            seen.extend(str(row) for row in table(sheet.stage_table))
        return staged(file, *rest)

    monkeypatch.setattr(run, "_commit", looking)
    imported(tmp_path)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        names = [name for (name,) in cursor.fetchall()]
    seen += [str(row) for name in names for row in table(name)]
    text = "\n".join(seen)
    assert "单小云" in text
    for secret in (ALICE, BOB, CAROL, DAN, "13900000001", "13900000003"):
        assert secret not in text
        assert secret.encode().hex() not in text


def test_an_export_is_a_package_that_changes_nothing(tmp_path):
    imported(tmp_path / "in")
    export_package(tmp_path / "out", actor=SYSTEM, purpose="备份", with_numbers=True)
    outcome = import_path(tmp_path / "out", actor=SYSTEM)
    assert outcome.problems == []
    for name, counts in outcome.counts.items():
        assert counts["unchanged"] == counts["read"] == len(rows().get(name, ()))
    assert Event.objects.filter(action="members.member.exported").count() == 4


def test_an_export_keeps_to_the_reach_and_leaves_numbers_out(tmp_path):
    imported(tmp_path / "in")
    key = Organization.rows.get(code=OTHER_TOWN).key
    rights = (OrganizationCan.EXPORT, MemberCan.EXPORT)
    actor = Actor(name="镇管理员", user_id=3, reach=Reach({right.code: (key,) for right in rights}))
    counts = export_package(tmp_path / "out", actor=actor, purpose="核对")
    assert counts == {"organizations": 2, "places": 0, "units": 0, "members": 1}
    text = (tmp_path / "out" / "members.csv").read_text()
    assert "李春" in text
    assert CAROL not in text
    assert "13900000003" not in text
    with pytest.raises(PermissionDenied):
        export_package(tmp_path / "no", actor=actor, purpose="核对", with_numbers=True)


def test_an_export_says_who_took_it_and_what_for(tmp_path, settings, time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False)
    settings.BAOLEI_DEMO = True
    imported(tmp_path / "in")
    actor = Actor(name="赵试", office="组织部干事", user_id=3, reach=Reach(everywhere=True))
    with pytest.raises(ValueError, match="what it is for"):
        export_package(tmp_path / "no", actor=actor, purpose=" ")
    assert not (tmp_path / "no").exists()
    export_package(tmp_path / "out", actor=actor, purpose=" 年底核对 ")
    about = json.loads((tmp_path / "out" / "datapackage.json").read_text("utf-8"))
    assert about["baolei"] == {
        "demo": True,
        "day": "2026-11-23",
        "exported_by": "赵试",
        "office": "组织部干事",
        "purpose": "年底核对",
        "at": "2026-11-23T09:30:00+08:00",
    }
    assert about["description"].splitlines() == [
        "导出人：赵试（组织部干事）　导出时间：2026-11-23 09:30",
        "用途：年底核对",
        "演示数据：人员、组织和数字均为虚构，不代表任何机构。",
    ]
    settings.BAOLEI_DEMO = False
    export_package(tmp_path / "real", actor=actor, purpose="年底核对")
    about = json.loads((tmp_path / "real" / "datapackage.json").read_text("utf-8"))
    assert not about["baolei"]["demo"]
    assert "演示" not in about["description"]


@pytest.mark.parametrize(("many", "taken"), [(4, True), (5, False)])
def test_statistics_are_taken_of_a_sheet_with_many_new_rows(tmp_path, monkeypatch, many, taken):
    monkeypatch.setattr(run, "MANY", many)
    with CaptureQueriesContext(connection) as seen:
        assert imported(tmp_path).counts["members"]["new"] == 4
    assert any(query["sql"] == "ANALYZE members_member" for query in seen) is taken


@pytest.mark.django_db(transaction=True)
def test_a_session_whose_first_temporary_table_was_rolled_back(tmp_path):
    """The size of its buffers can be set no more, and nothing of the session tells so."""
    connection.close()
    with pytest.raises(RuntimeError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE early AS SELECT 1")
        raise RuntimeError
    assert imported(tmp_path).problems == []
