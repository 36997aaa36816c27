"""The law of reach finds what lies below an officer by its key and not by its parents."""

import pytest
from django.db.models import Q

from baolei.accounts.tests.factories import GrantFactory
from baolei.kernel.access import Reach
from baolei.kernel.laws import verify
from baolei.members.tests.world import make_person
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization
from baolei.organizations.tests.factories import make_branch, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def towns():
    county = make_organization(make_organization(region_code="220000"), region_code="222404")
    return [make_organization(county, kind=Kind.TOWNSHIP_COMMITTEE) for _ in range(2)]


def reach_law() -> dict:
    [found] = verify("reach.no-foreign-row")
    return found


def test_a_sound_tree_has_no_foreign_row(towns):
    branch = make_branch(towns[0])
    make_person(branch, "林试")
    GrantFactory(role="township_officer", organization=towns[0])
    found = reach_law()
    assert found["violations"] == 0 and found["checked"] > 4


def test_a_branch_of_another_township_with_a_key_below_this_one_is_found(towns):
    branch = make_branch(towns[0])
    make_person(branch, "林试")
    GrantFactory(role="township_officer", organization=towns[0])
    Organization.rows.filter(pk=branch.pk).update(parent=towns[1])
    found = reach_law()
    assert found["violations"] > 1
    assert {"organizations.Organization", "members.Member"} & {example[1] for example in found["examples"]}


def test_a_reach_that_lets_through_everything_is_found(towns, monkeypatch):
    make_person(make_branch(towns[1]), "林试")
    GrantFactory(role="township_officer", organization=towns[0])
    monkeypatch.setattr(Reach, "q", lambda self, model, wanted: Q())
    assert reach_law()["violations"] > 0
