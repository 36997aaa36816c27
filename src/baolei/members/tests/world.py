"""A small province for tests of pages: two counties side by side, their branches, members, officers."""

from dataclasses import dataclass
from datetime import date

from baolei.accounts.models import User
from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.kernel.pinyin import name_pinyin
from baolei.kernel.secrets import sealer
from baolei.members.models import Member
from baolei.members.tests.factories import MemberFactory, make_id_number
from baolei.organizations.models import Organization
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit

NO_PASSWORD = "!"
"""Tests sign in by `force_login`; hashing a password for each would take longer than the test."""


def make_person(branch: Organization, name: str, *, id_number: str = "", phone: str = "", **given) -> Member:
    """A member with real sealed numbers and pinyin, as enrolment makes them."""
    name_py, initials = name_pinyin(name)
    id_number = id_number or make_id_number(birth_date=given.get("birth_date", date(1970, 3, 15)))
    sealed = sealer().seal_person(id_number, phone, name)
    return MemberFactory(
        branch=branch, name=name, name_py=name_py, initials=initials, **(sealed._asdict() | given)
    )


@dataclass
class World:
    """East and west do not see each other; `officers` maps a place to its user."""

    root: Organization
    east: Organization
    west: Organization
    east_branch: Organization
    west_branch: Organization
    ours: Member
    theirs: Member
    officers: dict[str, User]


def make_world() -> World:
    """Two counties with a township and a branch each; one officer for the province, for each county and branch."""
    root = make_organization(name="松江省")
    sides = {}
    for name in ("东山县", "西岭县"):
        county = make_organization(root, name=name, region_code="22990" + ("1" if name == "东山县" else "2"))
        township = make_organization(county, name=f"{name[:2]}镇", kind="township_committee")
        branch = make_branch(township, name=f"{name[:2]}村党支部")
        make_unit(branch, name=f"{name[:2]}村")
        sides[name] = (county, branch)
    (east, east_branch), (west, west_branch) = sides.values()
    ours = make_person(east_branch, "高东升", phone="13900001111")
    theirs = make_person(west_branch, "邹西平", phone="13900002222")
    officers = {
        name: GrantFactory(
            user=UserFactory(name=f"{name}干事", password=NO_PASSWORD), organization=place, role=role
        ).user
        for name, place, role in (
            ("province", root, "province_officer"),
            ("east", east, "department_officer"),
            ("west", west, "department_officer"),
            ("east_branch", east_branch, "branch_secretary"),
        )
    }
    officers["member"] = UserFactory(name="高东升", member_id=ours.pk, password=NO_PASSWORD)
    officers["nobody"] = UserFactory(name="无权", password=NO_PASSWORD)
    return World(root, east, west, east_branch, west_branch, ours, theirs, officers)
