from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.kernel.access import NOBODY, PERMISSIONS
from baolei.organizations.access import Can as Organizations
from baolei.organizations.tests.factories import make_organization

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("grants", [1, 3])
def test_actor_costs_one_query(grants, django_assert_num_queries):
    user = UserFactory()
    for _ in range(grants):
        GrantFactory(user=user)

    with django_assert_num_queries(1):
        actor = actor_of(user, request_id="r")

    assert len(actor.reach.keys(Organizations.VIEW)) == grants
    assert (actor.user_id, actor.name, actor.request_id) == (user.pk, user.name, "r")


def test_reach_keeps_the_tops_of_each_permission():
    county = make_organization()
    township = make_organization(county)
    user = UserFactory(office="")
    GrantFactory(user=user, organization=township, role="department_officer")
    GrantFactory(user=user, organization=county, role="branch_secretary")

    actor = actor_of(user)

    assert actor.reach.keys(PERMISSIONS["members.member.view"]) == (county.key,)
    assert actor.reach.keys(PERMISSIONS["members.member.import"]) == (township.key,)
    assert actor.role_labels == (
        f"{county.short_name} · 党支部书记",
        f"{township.short_name} · 市县组织部门工作人员",
    )
    assert actor.office == actor.role_labels[0]


def test_grants_of_other_days_and_unknown_roles_give_nothing():
    user = UserFactory()
    today = timezone.localdate()
    GrantFactory(user=user, during=DateRange(date(2020, 1, 1), today, "[)"))
    GrantFactory(user=user, during=DateRange(today + timedelta(days=1), None, "[)"))
    GrantFactory(user=user, role="abolished")

    assert actor_of(user).reach.ranges == {}


def test_strangers_and_closed_accounts_are_nobody():
    assert actor_of(AnonymousUser()) is NOBODY
    assert actor_of(GrantFactory(user__is_active=False).user) is NOBODY
