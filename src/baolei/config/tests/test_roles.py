"""The matrix of roles: exactly what the README's table says."""

from pathlib import Path

import pytest

from baolei import accounts
from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import UserFactory
from baolei.kernel.access import PERMISSIONS, roles
from baolei.members.access import Can as Members
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.access import Can as Organizations

README = Path(accounts.__file__).parent / "README.md"


def documented() -> dict[str, set[str]]:
    lines = [line for line in README.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    columns = cells[0][1:]
    return {
        role: {row[0] for row in cells[1:] if row[number] == "yes"} for number, role in enumerate(columns, 1)
    }


def test_matrix_is_the_documented_one():
    assert {code: {p.code for p in role.permissions} for code, role in roles().items()} == documented()


def test_every_permission_is_in_the_table():
    rows = {
        line.split("|")[1].strip()
        for line in README.read_text(encoding="utf-8").splitlines()
        if "." in line[:60] and line.startswith("| ")
    }
    # Tests of the kernel declare permissions of their own.
    assert rows == {code for code in PERMISSIONS if not code.startswith("kernel.")}


def test_secretary_neither_exports_nor_grants():
    held = {p.code for p in roles()["branch_secretary"].permissions}
    assert not {code for code in held if code.endswith((".export", ".give", ".import", ".tree"))}


def test_who_watches_files_sees_none():
    held = {p.code for p in roles()["data_protection_officer"].permissions}
    assert {code for code in held if code.startswith(("members.", "figures."))} == {"members.member.erase"}
    for code, role in roles().items():
        if code != "data_protection_officer":
            assert not {p.code for p in role.permissions} & {"accounts.event.view", "members.member.erase"}


@pytest.mark.django_db
def test_member_without_a_role_reaches_himself_only():
    me, other = MemberFactory(), MemberFactory()
    actor = actor_of(UserFactory(member_id=me.pk))

    assert actor.can(Members.VIEW, me)
    assert not actor.can(Members.VIEW, other)
    assert not actor.can(Organizations.VIEW)
