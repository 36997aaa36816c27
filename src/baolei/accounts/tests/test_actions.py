from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from baolei.accounts import actions
from baolei.accounts.models import Grant, User
from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import PASSWORD, GrantFactory, UserFactory, make_officer
from baolei.kernel.access import NOBODY, Actor
from baolei.kernel.models import Event
from baolei.organizations.tests.factories import make_branch, make_organization

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def events(name: str) -> list[Event]:
    return list(Event.objects.filter(action=name).order_by("id"))


def test_sign_in_with_the_right_password_is_noted():
    user = UserFactory(failed_sign_ins=3)

    assert actions.sign_in(user.username, password=PASSWORD) == user

    user.refresh_from_db()
    assert user.failed_sign_ins == 0
    [event] = events("accounts.user.sign_in")
    assert (event.actor_id, event.actor_name, event.target_id) == (user.pk, user.name, user.pk)
    assert PASSWORD not in str(event.detail)


def test_fifth_wrong_password_locks_for_fifteen_minutes():
    user = UserFactory()
    start = datetime(2026, 3, 2, 8, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        for _ in range(4):
            assert actions.sign_in(user.username, password="wrong") is None
        user.refresh_from_db()
        assert not user.is_locked
        actions.sign_in(user.username, password="wrong")
        user.refresh_from_db()
        assert user.locked_until == start + timedelta(minutes=15)
        assert actions.sign_in(user.username, password=PASSWORD) is None
    with time_machine.travel(start + timedelta(minutes=14, seconds=59), tick=False):
        assert actions.sign_in(user.username, password=PASSWORD) is None
    with time_machine.travel(start + timedelta(minutes=15), tick=False):
        assert actions.sign_in(user.username, password=PASSWORD) == user
    assert len(events("accounts.user.refuse_sign_in")) == 5
    assert {e.actor_name for e in events("accounts.user.refuse_sign_in")} == {NOBODY.name}


def test_every_refusal_costs_one_hash(monkeypatch):
    hashes = []
    real = actions.make_password
    monkeypatch.setattr(actions, "make_password", lambda p: hashes.append(p) or real(p))
    locked = UserFactory(locked_until=timezone.now() + timedelta(minutes=5))
    closed = UserFactory(is_active=False)

    for username in ("nobody-of-that-name", locked.username, closed.username):
        assert actions.sign_in(username, password="guess") is None

    assert hashes == ["guess"] * 3


def test_open_account_gives_a_role_and_keeps_the_password_out_of_the_record():
    county = make_organization()
    officer = make_officer(county)
    township = make_organization(county)

    user = actions.open_account(
        township,
        actor=officer,
        username="li.si",
        name="李四",
        office="组织委员",
        password="abcd-efgh-jkmn",
        role="township_officer",
    )

    assert user.check_password("abcd-efgh-jkmn")
    assert user.must_change_password
    [event] = events("accounts.user.open")
    assert (event.actor_id, event.target_id, event.target_key) == (officer.user_id, user.pk, township.key)
    assert "abcd" not in str(event.detail) + str(event.changes)
    assert actor_of(user).role_labels == (f"{township.short_name} · 乡镇（街道）组织委员",)


@pytest.mark.parametrize("taken", ["li.si", "LI.SI"])
def test_open_account_with_a_taken_name(taken):
    county = make_organization()
    UserFactory(username="li.si")
    given = {"actor": SYSTEM, "name": "李", "password": "x"}
    if taken == "li.si":
        with pytest.raises(ValidationError):
            actions.open_account(county, username=taken, **given)
        assert User.objects.count() == 1
    else:
        assert actions.open_account(county, username=taken, **given).username == taken


def test_grant_outside_reach_is_refused():
    officer = make_officer(make_organization())
    elsewhere = make_organization()
    user = UserFactory()

    with pytest.raises(PermissionDenied):
        actions.give_grant(elsewhere, actor=officer, user=user, role="branch_secretary")

    assert not Grant.rows.filter(user=user).exists()
    assert events("accounts.grant.give") == []


def test_grant_above_reach_is_refused():
    province = make_organization()
    county = make_organization(province)
    officer = make_officer(county)

    with pytest.raises(PermissionDenied):
        actions.give_grant(province, actor=officer, user=UserFactory(), role="branch_secretary")


@pytest.mark.parametrize("role", ["province_officer", "data_protection_officer", "no_such_role"])
def test_role_with_more_than_one_holds_is_refused(role):
    county = make_organization()
    officer = make_officer(county)

    with pytest.raises(PermissionDenied):
        actions.give_grant(county, actor=officer, user=UserFactory(), role=role)

    assert Grant.rows.count() == 1


def test_role_is_measured_where_it_is_given():
    """Somebody who releases editions in one county gives that role there and not next door."""
    one, other = make_organization(), make_organization()
    officer = GrantFactory(organization=one, role="province_officer").user
    GrantFactory(organization=other, role="department_officer", user=officer)
    actor = actor_of(officer)

    assert actions.give_grant(one, actor=actor, user=UserFactory(), role="province_officer").pk
    with pytest.raises(PermissionDenied):
        actions.give_grant(other, actor=actor, user=UserFactory(), role="province_officer")


def test_secretary_gives_nothing():
    branch = make_branch()
    secretary = make_officer(branch, role="branch_secretary")

    with pytest.raises(PermissionDenied):
        actions.give_grant(branch, actor=secretary, user=UserFactory(), role="branch_secretary")


def test_same_grant_twice_is_told():
    county = make_organization()
    user = UserFactory()
    given = {"actor": SYSTEM, "user": user, "role": "department_officer"}
    actions.give_grant(county, **given)

    with pytest.raises(ValidationError):
        actions.give_grant(county, **given)


def test_withdrawn_grant_ends_at_once_and_can_be_given_again_the_same_day():
    county = make_organization()
    officer = make_officer(county)
    old = GrantFactory(organization=county, role="branch_secretary")
    new = actions.give_grant(county, actor=officer, user=UserFactory(), role="branch_secretary")

    for grant in (old, new):
        actions.withdraw_grant(grant, actor=officer)
        assert actor_of(grant.user).reach.ranges == {}
        actions.give_grant(county, actor=officer, user=grant.user, role="branch_secretary")
        assert actor_of(grant.user).reach.ranges != {}
    old.refresh_from_db()
    assert old.until == timezone.localdate() - timedelta(days=1)
    assert [e.target_id for e in events("accounts.grant.withdraw")] == [old.pk, new.pk]


def test_withdraw_twice_and_own_and_stronger_are_refused():
    county = make_organization()
    mine = GrantFactory(organization=county, role="department_officer")
    officer = actor_of(mine.user)
    stronger = GrantFactory(organization=county, role="province_officer")
    weaker = GrantFactory(organization=county, role="branch_secretary")

    with pytest.raises(ValidationError):
        actions.withdraw_grant(mine, actor=officer)
    with pytest.raises(PermissionDenied):
        actions.withdraw_grant(stronger, actor=officer)
    actions.withdraw_grant(weaker, actor=officer)
    with pytest.raises(ValidationError):
        actions.withdraw_grant(weaker, actor=officer)


def test_reset_password_ends_the_lock_but_never_takes_over_a_stronger_account():
    county = make_organization()
    officer = make_officer(county)
    user = GrantFactory(organization=county, role="branch_secretary").user
    User.objects.filter(pk=user.pk).update(locked_until=timezone.now() + timedelta(minutes=9))

    actions.reset_password(county, actor=officer, user=user, password="one-time-1")
    user.refresh_from_db()
    assert user.check_password("one-time-1")
    assert (user.is_locked, user.must_change_password) == (False, True)

    GrantFactory(organization=make_organization(), role="branch_secretary", user=user)
    with pytest.raises(PermissionDenied):
        actions.reset_password(county, actor=officer, user=user, password="one-time-2")
    user.refresh_from_db()
    assert user.check_password("one-time-1")


def test_change_password_of_somebody_else_is_refused():
    user = UserFactory()
    with pytest.raises(PermissionDenied):
        actions.change_password(user, actor=actor_of(UserFactory()), password="another one")
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_one_time_passwords_differ_and_are_long():
    made = {actions.one_time_password() for _ in range(50)}
    assert len(made) == 50
    assert {len(p) for p in made} == {14}
