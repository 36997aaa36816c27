"""Each law finds the row that breaks it."""

from datetime import date

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from baolei.kernel.access import Actor
from baolei.kernel.audit import record, seal
from baolei.kernel.laws import verify
from baolei.members.models import Membership
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.models import Organization, Place, UnitOverseer
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit

pytestmark = pytest.mark.django_db


def violations(law: str) -> int:
    (finding,) = verify(law)
    return finding["violations"]


@pytest.fixture
def town():
    town = make_organization(make_organization())
    make_unit(town)
    MemberFactory(branch=make_branch(town))
    return town


def test_nothing_to_find(town):
    for law in (
        "tree.key",
        "units.overseen-by-one",
        "members.one-branch-a-day",
        "members.spell-in-branch-life",
    ):
        assert violations(law) == 0


def test_tree_key(town):
    branch = Organization.rows.get(parent=town)
    Place.objects.filter(organization=branch).update(key=branch.key[:-1] + "z")
    assert violations("tree.key") >= 1
    Place.objects.filter(organization=branch).update(key=branch.key, during=DateRange(date(2013, 1, 1), None))
    assert violations("tree.key") == 1
    Place.objects.filter(organization=branch).update(during=DateRange(branch.opened_on, None))
    Organization.rows.filter(pk=town.pk).update(next_ordinal=1)
    assert violations("tree.key") == 1


def test_a_unit_outlives_its_overseer(town):
    UnitOverseer.rows.update(during=DateRange(date(1990, 1, 1), None))
    assert violations("units.overseen-by-one") == 1


def test_a_gap_and_a_wrong_branch(town):
    spell = Membership.rows.get()
    other = make_branch(town)
    spell.during = DateRange(spell.during.lower, date(2015, 1, 1))
    spell.save(update_fields=["during"])
    assert violations("members.one-branch-a-day") == 1  # nobody's branch since then
    later = Membership.rows.create(
        member=spell.member, branch=other, during=DateRange(date(2015, 1, 2), None)
    )
    assert violations("members.one-branch-a-day") == 2  # a day between, and another branch than the member's
    Membership.rows.filter(pk=later.pk).update(
        branch=spell.branch_id, during=DateRange(date(2015, 1, 1), None)
    )
    assert violations("members.one-branch-a-day") == 0


def test_a_spell_before_the_branch(town):
    Membership.rows.update(during=DateRange(date(2000, 1, 1), None))
    assert violations("members.spell-in-branch-life") == 1


def test_seals_find_a_changed_event():
    record("test.one", actor=Actor.system("测试"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        xid = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO kernel_auditseal (from_xid, to_xid, rows, digest, previous, sealed_at) "
            "VALUES (0, %s, 1, '\\x00', '\\x00', now())",
            [xid + 1],
        )
    assert seal is not None
    assert violations("audit.append-only") == 2
