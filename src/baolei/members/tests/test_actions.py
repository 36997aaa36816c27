"""Enrolling, moving between branches, ending a membership; and that a batch does what single actions do."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baolei.kernel.access import Actor, Reach
from baolei.kernel.imports import import_path
from baolei.kernel.laws import verify
from baolei.kernel.models import Event, StaleMark
from baolei.kernel.secrets import open_field
from baolei.members.access import Can
from baolei.members.actions import Enrolment, end_membership, enrol_member, move_member
from baolei.members.codes import Standing
from baolei.members.models import Membership
from baolei.members.tests.packages import number, rows, write
from baolei.organizations.actions import (
    Founding,
    close_organization,
    move_organization,
    set_up_organization,
)
from baolei.organizations.models import Organization, Unit
from baolei.organizations.tests.factories import PAPER, make_branch, make_organization

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("测试")
ON = date(2020, 5, 1)


def enrolment(order: int = 2, **given) -> Enrolment:
    values = {
        "id_number": number("19700315", order),
        "name": "单小云",
        "sex": "1" if order % 2 else "2",
        "birth_date": date(1970, 3, 15),
        "ethnicity": "01",
        "education": "21",
        "occupation": "farmer",
        "standing": Standing.FORMAL,
        "joined_on": date(2012, 7, 1),
        "converted_on": date(2013, 7, 1),
        "since": date(2012, 7, 1),
        "phone": "139 0000 0001",
    }
    return Enrolment(**{**values, **given})


def lawful() -> bool:
    return all(finding["violations"] == 0 for finding in verify("members"))


@pytest.fixture
def town():
    return make_organization(make_organization())


def test_enrolling(town):
    branch, before = make_branch(town), make_branch(town)
    member = enrol_member(
        branch,
        actor=SYSTEM,
        enrolment=enrolment(since=ON, earlier=((before, date(2012, 7, 1), ON),)),
    )
    assert (member.name_py, member.branch_key) == ("shanxiaoyun", branch.key)
    assert open_field(member, "phone") == "13900000001"
    assert lawful()
    event = Event.objects.get(action="members.member.enrol")
    assert event.person_id == member.pk
    assert event.detail == {}
    assert number("19700315", 2) not in str(event.changes)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id_number": number("19700315", 2)[:-1]},
        {"birth_date": date(1970, 3, 16)},
        {"sex": "1"},
        {"standing": Standing.FORMAL, "converted_on": None},
        {"since": date(2999, 1, 1)},
        {"since": date(2011, 1, 1)},
        {"left_on": ON},
        {"standing": Standing.DECEASED},
    ],
)
def test_enrolments_that_make_no_sense(town, wrong):
    with pytest.raises(ValidationError):
        enrol_member(make_branch(town), actor=SYSTEM, enrolment=enrolment(**wrong))


def test_a_number_is_enrolled_once(town):
    enrol_member(make_branch(town), actor=SYSTEM, enrolment=enrolment())
    with pytest.raises(ValidationError) as refused:
        enrol_member(make_branch(town), actor=SYSTEM, enrolment=enrolment())
    assert refused.value.code == "row.refused"


def test_members_stand_in_branches_only(town):
    with pytest.raises(ValidationError):
        enrol_member(town, actor=SYSTEM, enrolment=enrolment())
    with pytest.raises(ValidationError):
        enrol_member(make_branch(town, opened_on=ON), actor=SYSTEM, enrolment=enrolment())


def test_moving_and_moving_again_on_that_day(town):
    first, second, third = (make_branch(town) for _ in range(3))
    member = enrol_member(first, actor=SYSTEM, enrolment=enrolment())
    move_member(member, actor=SYSTEM, branch=second, on=ON)
    move_member(member, actor=SYSTEM, branch=third, on=ON)
    spells = Membership.rows.filter(member=member).order_by("during")
    assert [(s.branch_id, s.during.lower) for s in spells] == [(first.pk, date(2012, 7, 1)), (third.pk, ON)]
    assert lawful()
    for branch, on in ((third, ON), (first, date(2019, 1, 1)), (first, timezone.localdate() + timedelta(1))):
        with pytest.raises(ValidationError):
            move_member(member, actor=SYSTEM, branch=branch, on=on)


def test_moving_needs_both_branches_in_reach(town):
    near, far = make_branch(town), make_branch(make_organization(make_organization()))
    member = enrol_member(near, actor=SYSTEM, enrolment=enrolment())
    officer = Actor(name="管理员", reach=Reach({Can.EDIT.code: (town.key,)}))
    with pytest.raises(PermissionDenied):
        move_member(member, actor=officer, branch=far, on=ON)
    assert Membership.rows.filter(member=member).count() == 1


def test_the_end(town):
    member = enrol_member(make_branch(town), actor=SYSTEM, enrolment=enrolment())
    with pytest.raises(ValidationError):
        end_membership(member, actor=SYSTEM, standing=Standing.FORMAL, on=ON)
    member = end_membership(member, actor=SYSTEM, standing=Standing.DECEASED, on=ON)
    assert (member.standing, member.left_on) == (Standing.DECEASED, ON)
    assert lawful()
    with pytest.raises(ValidationError):
        end_membership(member, actor=SYSTEM, standing=Standing.DECEASED, on=ON)


def test_a_branch_with_members_does_not_close(town):
    branch, other = make_branch(town), make_branch(town)
    member = enrol_member(branch, actor=SYSTEM, enrolment=enrolment())
    with pytest.raises(ValidationError):
        close_organization(branch, actor=SYSTEM, on=ON, **PAPER)
    move_member(member, actor=SYSTEM, branch=other, on=ON)
    with pytest.raises(ValidationError):  # a day earlier the member was still in it
        close_organization(branch, actor=SYSTEM, on=ON - timedelta(1), **PAPER)
    close_organization(branch, actor=SYSTEM, on=ON, **PAPER)
    assert lawful()


def test_copied_keys_follow_a_move_of_the_tree(town):
    other = make_organization(make_organization())
    branch = make_branch(town)
    member = enrol_member(branch, actor=SYSTEM, enrolment=enrolment())
    old = town.key
    StaleMark.objects.all().delete()
    moved = move_organization(town, actor=SYSTEM, parent=other, on=ON, **PAPER)
    member.refresh_from_db()
    assert member.branch_key == moved.key + "001"
    marked = set(StaleMark.objects.filter(model="members.Membership").values_list("key", flat=True))
    assert marked == {old, moved.key}


def picture() -> dict[str, list]:
    """The tables as far as bulk and single must agree: no ids, no uids, no random ciphertext."""
    with connection.cursor() as cursor:
        found = {}
        for name, sql in {
            "organizations": "SELECT o.code, o.name, o.kind, p.code, o.key, o.next_ordinal, o.region_code, o.opened_on,"
            " o.closed_on, h.code FROM organizations_organization o LEFT JOIN organizations_organization p ON"
            " p.id = o.parent_id LEFT JOIN organizations_organization h ON h.id = o.successor_id",
            "places": "SELECT o.code, p.code, l.key, l.during FROM organizations_place l JOIN organizations_organization"
            " o ON o.id = l.organization_id LEFT JOIN organizations_organization p ON p.id = l.parent_id",
            "members": "SELECT m.name, name_py, initials, sex, birth_date, ethnicity, education, occupation, standing,"
            " joined_on, converted_on, left_on, u.code, branch_key, id_hash, id_tail_hash, phone_hash, phone_tail_hash"
            " FROM members_member m LEFT JOIN organizations_unit u ON u.id = m.work_unit_id",
            "memberships": "SELECT m.id_hash, o.code, s.during FROM members_membership s"
            " JOIN members_member m ON m.id = s.member_id JOIN organizations_organization o ON o.id = s.branch_id",
        }.items():
            cursor.execute(sql)
            found[name] = sorted(map(repr, cursor.fetchall()))
        return found


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def one_by_one(package) -> None:
    """What the import of the package does, by single actions in the order of the files."""
    by_code = Organization.rows.in_bulk(field_name="code")
    history = {row[0]: row for row in package["places"]}
    for code, name, short, kind, parent, opened, closed, region, _successor in package["organizations"]:
        earlier, since = (), None
        if code in history:
            _, old_parent, first, last = history[code]
            earlier, since = ((by_code[old_parent], day(first)),), day(last) + timedelta(1)
        given = Founding(
            code, name, short, kind, day(opened), day(closed), region, earlier=earlier, since=since
        )
        by_code[code] = set_up_organization(by_code.get(parent), actor=SYSTEM, founding=given, **PAPER)
    units = {
        row[0]: Unit.objects.create(code=row[0], name=row[1], kind=row[2], region_code=row[3])
        for row in package["units"]
    }
    for id_number, name, sex, birth, *plain in package["members"]:
        ethnicity, education, occupation, standing, joined, converted, unit, phone, branch, since, left = (
            plain
        )
        earlier = tuple(
            (by_code[row[1]], day(row[2]), day(row[3]))
            for row in package["memberships"]
            if row[0] == id_number
        )
        enrol_member(
            by_code[branch],
            actor=SYSTEM,
            enrolment=Enrolment(
                id_number=id_number, name=name, sex=sex, birth_date=day(birth), ethnicity=ethnicity,
                education=education, occupation=occupation, standing=standing, joined_on=day(joined),
                converted_on=day(converted), left_on=day(left), work_unit=units.get(unit), phone=phone,
                since=day(since), earlier=earlier,
            ),
        )  # fmt: skip


@st.composite
def packages(draw):
    """The good package with more branches, some with a history, and more members."""
    package = rows()
    for row in package["organizations"]:
        row[8] = ""
    # Single actions need the former parent, too, before its child.
    package["organizations"].sort(key=lambda row: row[3] == "branch")
    towns = [row[0] for row in package["organizations"] if row[3] == "township_committee"]
    branches = []
    for n in range(draw(st.integers(0, 4))):
        code, parent = f"B{n}", draw(st.sampled_from(towns))
        branches.append(code)
        package["organizations"].append([code, code, code, "branch", parent, "2001-01-01", "", "", ""])
        other = towns[1 - towns.index(parent)]
        if draw(st.booleans()):
            year = draw(st.integers(2002, 2020))
            package["places"].append([code, other, "2001-01-01", f"{year}-06-30"])
    for n in range(draw(st.integers(0, 5)) if branches else 0):
        joined = date(2005, 1, 1) + timedelta(draw(st.integers(0, 3000)))
        since = joined + timedelta(draw(st.integers(1, 900)))
        left = since + timedelta(draw(st.integers(1, 900))) if draw(st.booleans()) else None
        id_number = number("19800808", 2 * n + 1)
        package["members"].append(
            [
                id_number, f"王{'甲乙丙丁戊'[n]}", "1", "1980-08-08", "10", "31", "worker",
                "deceased" if left else "formal", str(joined), str(joined), "", "",
                draw(st.sampled_from(branches)), str(since), str(left or ""),
            ]
        )  # fmt: skip
        if draw(st.booleans()):
            package["memberships"].append(
                [id_number, draw(st.sampled_from(branches)), str(joined), str(since)]
            )
    return package


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(package=packages())
def test_a_batch_leaves_what_single_actions_leave(tmp_path_factory, package):
    with transaction.atomic():
        folder = write(tmp_path_factory.mktemp("package"), package)
        assert import_path(folder, actor=SYSTEM).problems == []
        assert lawful()
        bulk = picture()
        transaction.set_rollback(True)
    with transaction.atomic():
        one_by_one(package)
        single = picture()
        transaction.set_rollback(True)
    assert single == bulk
