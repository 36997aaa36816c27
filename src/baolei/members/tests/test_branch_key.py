"""A move in the tree takes members and spells along, and no writer can leave an old key behind (D2, ADR 0006)."""

from datetime import date
from threading import Thread

import pytest
from django.db import IntegrityError, connection, transaction
from psycopg.errors import ForeignKeyViolation

from baolei.kernel.access import Actor, Reach
from baolei.members.access import Can
from baolei.members.models import Member, Membership
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.actions import move_organization
from baolei.organizations.models import Organization
from baolei.organizations.tests.factories import PAPER, make_branch, make_organization

SYSTEM = Actor.system("测试")
ON = date(2020, 5, 1)


@pytest.fixture
def towns():
    """A town with one branch, and the county that it is going to."""
    province = make_organization()
    town = make_organization(make_organization(province))
    return make_branch(town), town, make_organization(province)


def seen_from(organization: Organization) -> tuple[set[int], set[int]]:
    """Members and spells in the reach of an officer of the organization, by primary key."""
    officer = Actor(name="x", reach=Reach({Can.VIEW.code: (organization.key,)}))
    return tuple(set(model.objects.visible_to(officer, Can.VIEW).values_list("pk", flat=True)) for model in (Member, Membership))  # fmt: skip


@pytest.mark.django_db
def test_members_and_spells_follow_a_move(towns):
    branch, town, county = towns
    member = MemberFactory(branch=branch)
    both = {member.pk}, {Membership.rows.get(member=member).pk}
    home, nobody = town.parent, (set(), set())
    assert (seen_from(home), seen_from(county)) == (both, nobody)
    moved = move_organization(town, actor=SYSTEM, parent=county, on=ON, **PAPER)
    assert (seen_from(home), seen_from(county)) == (nobody, both)
    member.refresh_from_db()
    assert member.branch_key == moved.key + "001"


@pytest.mark.django_db(transaction=True)
def test_who_read_the_key_before_a_move_waits_and_is_refused(towns):
    """Not even a writer that passes the tree's lock by: the constraint holds what the lock orders."""
    branch, town, county = towns
    refusals = []

    def enter():
        try:
            MemberFactory(branch=branch, spell=False)
        except IntegrityError as error:
            refusals.append(type(error.__cause__))
        finally:
            connection.close()

    other = Thread(target=enter)
    with transaction.atomic():
        move_organization(town, actor=SYSTEM, parent=county, on=ON, **PAPER)
        other.start()
        other.join(0.5)
        assert other.is_alive()
    other.join(30)
    assert refusals == [ForeignKeyViolation]
    assert not Member.rows.exists()
