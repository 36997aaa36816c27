"""A small province whose past can be told: a prefecture of two counties, and a branch of the province's own."""

from dataclasses import dataclass
from datetime import date

from baolei.accounts.models import User
from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.kernel.access import NOBODY, Actor
from baolei.kernel.slips import new_slip
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization
from baolei.organizations.tests.factories import make_branch, make_organization
from baolei.portal import actions
from baolei.portal.complaints import actions as complaints
from baolei.portal.complaints.subjects import Subject
from baolei.portal.models import Complaint, Edition

SYSTEM = Actor.system("tests")


@dataclass
class Land:
    """`branches`: by the name of the place that they lie in."""

    province: Organization
    prefecture: Organization
    branches: dict[str, Organization]


def make_land() -> Land:
    """松江省 > 平川市 > 东山县, 西岭县, with one branch below each and one directly below the province."""
    province = make_organization(name="松江省", region_code="220000")
    prefecture = make_organization(province, name="平川市", region_code="222400")
    branches = {"松江省": make_branch(province)}
    for name, code in (("东山县", "222401"), ("西岭县", "222404")):
        county = make_organization(prefecture, name=name, region_code=code)
        township = make_organization(county, name=f"{name[:2]}镇", kind=Kind.TOWNSHIP_COMMITTEE)
        branches[name] = make_branch(township, name=f"{name[:2]}村党支部")
    return Land(province, prefecture, branches)


def enrol(branch: Organization, number: int, *, joined_on: date = date(2012, 7, 1), **given) -> None:
    """So many members of the branch."""
    for _ in range(number):
        MemberFactory(branch=branch, joined_on=joined_on, **given)


def make_edition(organization: Organization, *, first_year: int = 2012, last_year: int = 2016) -> Edition:
    """An edition released by the product itself."""
    return actions.release(organization, actor=SYSTEM, first_year=first_year, last_year=last_year)


def make_user(organization: Organization, *, role: str = "province_officer") -> User:
    """An officer of the organization, for `force_login`."""
    return GrantFactory(
        user=UserFactory(name="孙试行", password="!"), organization=organization, role=role
    ).user


def file_complaint(subject: Subject, *, text: str = "这个数和我们村对不上。", slip: str = "") -> Complaint:
    """A complaint as a stranger files it."""
    return complaints.file(actor=NOBODY, subject=subject, kind="number", text=text, slip=slip or new_slip())
