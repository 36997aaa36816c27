"""A member who was not reached: lost, found, suspended, restored, removed, each in its time (LST-01 to LST-03, G-10)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from baolei.accounts.tests.factories import GrantFactory
from baolei.kernel.calendar import months_after
from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.values import value
from baolei.kernel.laws import verify
from baolei.kernel.privacy.retention import purge
from baolei.members.actions import end_membership
from baolei.members.models import Interruption, Member, Membership
from baolei.transfers import actions, pocket_actions
from baolei.transfers.models import Contact, PocketCase
from baolei.transfers.tests.test_custody import Two, spells

pytestmark = pytest.mark.django_db
FOUND, CLOSED = date(2027, 1, 5), date(2027, 1, 10)
HALF_A_YEAR, SUSPENDED = date(2027, 7, 5), date(2027, 7, 20)


@pytest.fixture
def two(db, time_machine):
    time_machine.move_to("2026-11-20T02:00:00Z", tick=False)
    return Two()


@pytest.fixture
def lost(two, time_machine) -> PocketCase:
    """Of a transfer that ran out: three attempts, not reached, the transfer withdrawn, half a year and more ago."""
    transfer = two.released()
    time_machine.move_to("2027-01-05T02:00:00Z", tick=False)
    case = pocket_actions.open_case(transfer, actor=two.receiver)
    time_machine.move_to("2027-01-10T02:00:00Z", tick=False)
    for day, way in ((5, "phone"), (6, "visit"), (7, "post")):
        given = {"on": date(2027, 1, day), "way": way, "result": "no_answer"}
        pocket_actions.enter_contact(case, actor=two.receiver, **given)
    case = pocket_actions.close_case(case, actor=two.receiver, outcome="not_found")
    actions.withdraw(transfer, actor=two.secretary)
    time_machine.move_to("2027-07-20T02:00:00Z", tick=False)
    return case


@pytest.fixture
def suspended(two, lost) -> PocketCase:
    return pocket_actions.suspend_lost(lost, actor=two.sender, met_on=SUSPENDED)


def now(member) -> tuple:
    row = Member.rows.get(pk=member.pk)
    return row.standing, row.left_on


def lawful() -> bool:
    return not any(
        law["violations"] for law in verify("members.one-branch-a-day") + verify("transfers.custody")
    )


def counted(two, on) -> int:
    return value(figure("members.total"), two.here, on=on).value


def test_months_later_ends_with_the_month():
    assert months_after(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert months_after(date(2027, 1, 5), 24) == date(2029, 1, 5)
    assert months_after(date(2027, 12, 1), 1) == date(2028, 1, 1)


def test_not_reached_he_is_lost_and_still_counts(two, lost):
    assert (lost.is_lost, lost.home) == (True, two.here)
    assert now(two.member) == ("formal", None) and counted(two, SUSPENDED) == 1


@pytest.mark.parametrize("met_on", [HALF_A_YEAR - timedelta(days=1), SUSPENDED + timedelta(days=1)])
def test_suspended_too_early_or_by_a_meeting_to_come_is_refused(two, lost, met_on):
    with pytest.raises(ValidationError, match=r"（LST-01）：最早 2027-07-05|已经召开"):
        pocket_actions.suspend_lost(lost, actor=two.sender, met_on=met_on)
    assert now(two.member) == ("formal", None) and not Interruption.rows.exists()


def test_suspended_after_half_a_year_he_counts_nowhere(two, lost):
    since = spells(two.member)[0][1]
    case = pocket_actions.suspend_lost(lost, actor=two.sender, met_on=HALF_A_YEAR)
    assert (case.suspended_on, case.is_lost) == (HALF_A_YEAR, True)
    assert now(two.member) == ("suspended", HALF_A_YEAR)
    assert spells(two.member) == [(two.here.pk, since, HALF_A_YEAR)]
    assert (counted(two, HALF_A_YEAR - timedelta(days=1)), counted(two, HALF_A_YEAR)) == (1, 0)
    assert lawful()
    with pytest.raises(ValidationError, match="这一步"):
        pocket_actions.suspend_lost(case, actor=two.sender, met_on=SUSPENDED)


def test_only_his_own_committee_suspends(two, lost):
    for actor in (two.receiver, two.secretary):
        with pytest.raises(PermissionDenied):
            pocket_actions.suspend_lost(lost, actor=actor, met_on=SUSPENDED)
    assert now(two.member) == ("formal", None)


def test_contacts_are_kept_while_he_is_lost_and_two_years_after(two, suspended, time_machine):
    time_machine.move_to("2029-07-20T02:00:00Z", tick=False)
    assert purge("transfers.contacts") == {"transfers.contacts": 0}
    pocket_actions.remove_lost(suspended, actor=two.sender, met_on=date(2029, 7, 20))
    time_machine.move_to("2031-07-19T02:00:00Z", tick=False)
    assert purge("transfers.contacts") == {"transfers.contacts": 0}
    time_machine.move_to("2031-07-20T02:00:00Z", tick=False)
    assert purge("transfers.contacts") == {"transfers.contacts": 3}
    assert not Contact.rows.exists() and PocketCase.rows.exists()


def test_too_little_tried_is_refused(two, lost):
    Contact.rows.filter(way="post").delete()
    with pytest.raises(ValidationError, match="G-10"):
        pocket_actions.suspend_lost(lost, actor=two.sender, met_on=SUSPENDED)
    assert now(two.member) == ("formal", None)


def test_on_the_way_again_is_refused(two, lost):
    actions.ask(two.member, actor=two.secretary, receiver=two.there)
    with pytest.raises(ValidationError, match="正在办理"):
        pocket_actions.suspend_lost(lost, actor=two.sender, met_on=SUSPENDED)


def test_found_before_it_he_is_lost_no_more(two, lost):
    case = pocket_actions.find_lost(lost, actor=two.secretary)
    assert (case.ending, case.ended_on, case.is_lost) == ("found", SUSPENDED, False)
    with pytest.raises(ValidationError, match="这一步"):
        pocket_actions.suspend_lost(case, actor=two.sender, met_on=SUSPENDED)


def test_removed_two_years_after_and_not_a_day_before(two, suspended, time_machine):
    time_machine.move_to("2029-07-19T02:00:00Z", tick=False)
    with pytest.raises(ValidationError, match="LST-02）：最早 2029-07-20"):
        pocket_actions.remove_lost(suspended, actor=two.sender, met_on=date(2029, 7, 19))
    assert now(two.member) == ("suspended", SUSPENDED)
    time_machine.move_to("2029-07-20T02:00:00Z", tick=False)
    case = pocket_actions.remove_lost(suspended, actor=two.sender, met_on=date(2029, 7, 20))
    assert (case.ending, case.ended_on) == ("removed", date(2029, 7, 20))
    assert now(two.member) == ("removed", SUSPENDED)
    assert Interruption.rows.get().during.upper == date(2029, 7, 20)
    assert lawful()
    with pytest.raises(ValidationError, match="这一步"):
        pocket_actions.restore_lost(case, actor=two.sender, met_on=date(2029, 7, 20), document="组字1号")


def test_restored_within_two_years_he_counts_from_that_day(two, suspended, time_machine):
    since = spells(two.member)[0][1]
    time_machine.move_to("2029-07-20T02:00:00Z", tick=False)
    back = date(2029, 7, 20)
    with pytest.raises(ValidationError, match="文号"):
        pocket_actions.restore_lost(suspended, actor=two.sender, met_on=back, document=" ")
    case = pocket_actions.restore_lost(suspended, actor=two.sender, met_on=back, document="组字〔2029〕1号")
    assert (case.ending, now(two.member)) == ("restored", ("formal", None))
    assert spells(two.member) == [(two.here.pk, since, SUSPENDED), (two.here.pk, back, None)]
    days = (SUSPENDED - timedelta(days=1), SUSPENDED, back - timedelta(days=1), back)
    assert [counted(two, day) for day in days] == [1, 0, 0, 1]
    assert lawful()
    # The gap is lawful because of the suspension alone.
    Interruption.rows.all().delete()
    assert not lawful()


def test_after_two_years_nobody_is_restored(two, suspended, time_machine):
    time_machine.move_to("2029-07-21T02:00:00Z", tick=False)
    with pytest.raises(ValidationError, match="LST-03"):
        pocket_actions.restore_lost(suspended, actor=two.sender, met_on=date(2029, 7, 21), document="1号")
    assert now(two.member) == ("suspended", SUSPENDED)


def test_who_was_on_probation_is_not_restored(two, lost, time_machine):
    Member.rows.filter(pk=two.member.pk).update(standing="probationary", converted_on=None)
    case = pocket_actions.suspend_lost(lost, actor=two.sender, met_on=SUSPENDED)
    time_machine.move_to("2027-08-01T02:00:00Z", tick=False)
    with pytest.raises(ValidationError, match="预备党员"):
        pocket_actions.restore_lost(case, actor=two.sender, met_on=date(2027, 8, 1), document="1号")
    assert Membership.rows.filter(member=two.member).count() == 1


def test_the_database_holds_the_order(two, lost):
    for wrong in (
        {"outcome": "other", "suspended_on": SUSPENDED},
        {"ended_on": SUSPENDED, "ending": "restored"},
        {"suspended_on": SUSPENDED, "ended_on": SUSPENDED, "ending": "removed"},
        {"suspended_on": SUSPENDED, "ending": "removed"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PocketCase.rows.update(**wrong)


def test_who_has_left_meanwhile_is_not_suspended(two, lost):
    end_membership(two.member, actor=two.sender, standing="deceased", on=SUSPENDED)
    with pytest.raises(ValidationError, match="不在册"):
        pocket_actions.suspend_lost(lost, actor=two.sender, met_on=SUSPENDED)


def test_through_the_pages(two, lost, client):
    client.force_login(GrantFactory(role="township_officer", organization=two.east).user)
    page = reverse("transfers:pocket_case", args=[lost.uid])
    suspend, remove, restore = (
        reverse("transfers:case_step", args=[lost.uid, step]) for step in ("suspend", "remove", "restore")
    )
    text = client.get(page).content.decode()
    assert suspend in text and remove not in text
    early = client.post(suspend, {"met_on": "2027-07-04"})
    assert early.status_code == 422 and "LST-01" in early.content.decode()
    assert client.post(suspend, {"met_on": "2027-07-20"}).status_code == 302
    text = client.get(page).content.decode()
    assert remove in text and restore in text and "2027-07-20" in text
    assert client.post(remove, {"met_on": "2027-07-20"}).status_code == 422
    # The other end sees the case and decides nothing.
    client.force_login(GrantFactory(role="township_officer", organization=two.west).user)
    assert remove not in client.get(page).content.decode()
    assert client.post(remove, {"met_on": "2027-07-20"}).status_code == 404
