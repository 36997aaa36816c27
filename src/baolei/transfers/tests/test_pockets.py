"""Pocket members: opened from a letter that ran out, contacts, the member's answer, ends (PKT-01, PKT-02, G-10)."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.values import value
from baolei.members.models import Member
from baolei.organizations.models import Organization
from baolei.organizations.tests.factories import make_organization
from baolei.transfers import actions, pocket_actions
from baolei.transfers.models import Contact, PocketCase
from baolei.transfers.tests.test_custody import Two

pytestmark = pytest.mark.django_db
LATE = date(2027, 1, 5)


@pytest.fixture
def two(db, time_machine):
    time_machine.move_to("2026-11-20T02:00:00Z", tick=False)
    return Two()


@pytest.fixture
def late(two, time_machine):
    """A released transfer whose clock has run out."""
    transfer = two.released()
    time_machine.move_to("2027-01-05T02:00:00Z", tick=False)
    return transfer


@pytest.fixture
def case(two, late):
    return pocket_actions.open_case(late, actor=two.receiver)


def tried(two, case, *attempts) -> None:
    for on, way in attempts:
        pocket_actions.enter_contact(case, actor=two.receiver, on=on, way=way, result="no_answer")


def test_opened_where_the_member_is_to_report_when_the_letter_ran_out(two, time_machine):
    transfer = two.released()
    with pytest.raises(ValidationError, match="到期仍未接收"):
        pocket_actions.open_case(transfer, actor=two.receiver)
    time_machine.move_to("2027-01-05T02:00:00Z", tick=False)
    case = pocket_actions.open_case(transfer, actor=two.receiver)
    assert (case.organization, case.found_on, case.member) == (two.there, LATE, two.member)
    with pytest.raises(ValidationError, match="已经列为"):
        pocket_actions.open_case(transfer, actor=two.receiver)
    row = PocketCase.rows.values().get()
    with pytest.raises(IntegrityError), transaction.atomic():
        PocketCase.rows.create(**row | {"id": None, "ref": "other", "uid": two.member.uid})


def test_of_a_letter_to_another_province_the_sender_answers(two, time_machine):
    transfer = actions.ask(two.member, actor=two.secretary, outside="310000")
    transfer = actions.release(transfer, actor=two.sender, letter="7号")
    time_machine.move_to("2027-01-05T02:00:00Z", tick=False)
    case = pocket_actions.open_case(transfer, actor=two.secretary)
    assert case.organization == two.here
    with pytest.raises(PermissionDenied):
        pocket_actions.enter_contact(case, actor=two.receiver, on=LATE, way="phone", result="reached")


def test_accepted_he_has_reported_and_the_figure_counts_it(two, late, case, time_machine):
    Organization.rows.filter(pk=two.east.parent_id).update(region_code="222400")
    prefecture = Organization.rows.get(pk=two.east.parent_id)
    declared = figure("transfers.pocket_members_reported")
    assert value(declared, prefecture, on=LATE).value == 0
    actions.accept(late, actor=two.receiver)
    case.refresh_from_db()
    assert (case.outcome, case.closed_on) == ("reported", LATE)
    with pytest.raises(ValidationError, match="已经办结"):
        pocket_actions.close_case(case, actor=two.receiver, outcome="other")
    assert value(declared, prefecture, on=LATE).value == 1


def test_withdrawn_or_sent_back_the_case_ends_with_it(two, late, case):
    actions.refuse(late, actor=two.receiver, refusal="not_arrived")
    case.refresh_from_db()
    assert (case.outcome, case.closed_on) == ("other", LATE)


@pytest.mark.parametrize(
    ("attempts", "enough"),
    [
        ([(5, "phone"), (6, "phone"), (7, "visit")], True),
        ([(5, "phone"), (6, "phone"), (7, "phone")], False),
        ([(5, "phone"), (5, "visit"), (6, "post")], False),
        ([(5, "phone"), (6, "visit")], False),
    ],
)
def test_not_reached_asks_for_three_attempts_in_two_ways_on_three_days(
    two, case, time_machine, attempts, enough
):
    time_machine.move_to("2027-01-10T02:00:00Z", tick=False)
    tried(two, case, *((date(2027, 1, day), way) for day, way in attempts))
    if not enough:
        with pytest.raises(ValidationError, match="G-10"):
            pocket_actions.close_case(case, actor=two.receiver, outcome="not_found")
        assert PocketCase.rows.get().closed_on is None
    else:
        assert pocket_actions.close_case(case, actor=two.receiver, outcome="not_found").outcome == "not_found"


@pytest.mark.parametrize(
    "given",
    [
        {"on": date(2027, 1, 6)},
        {"on": date(2026, 12, 31)},
        {"way": "rumour"},
        {"result": "he is at his sister's"},
    ],
)
def test_a_contact_is_a_day_a_way_and_a_result_from_the_lists(two, case, given):
    with pytest.raises(ValidationError):
        pocket_actions.enter_contact(
            case, actor=two.receiver, **{"on": LATE, "way": "phone", "result": "reached"} | given
        )
    assert not Contact.rows.exists()
    assert {field.name for field in Contact._meta.fields} == {
        *("id", "case", "organization", "member", "on", "way", "result")
    }


def test_the_member_sees_his_case_and_alone_answers(two, case, client):
    own = UserFactory(member_id=two.member.pk)
    with pytest.raises(ValidationError, match="本人"):
        pocket_actions.answer_case(case, actor=two.receiver, answer="will_report")
    with pytest.raises(PermissionDenied):
        pocket_actions.enter_contact(case, actor=actor_of(own), on=LATE, way="phone", result="reached")
    client.force_login(own)
    page = reverse("transfers:pocket_case", args=[case.uid])
    step = reverse("transfers:case_step", args=[case.uid, "answer"])
    text = client.get(page).content.decode()
    assert step in text and "登记联系" not in text
    assert client.post(step, {"answer": "no"}).status_code == 422
    assert client.post(step, {"answer": "will_report"}).status_code == 302
    case.refresh_from_db()
    assert (case.answer, case.answered_on) == ("will_report", timezone.localdate())
    client.force_login(GrantFactory(role="branch_secretary", organization=two.there).user)
    assert "我将在半个月内报到" in client.get(page).content.decode()


def test_through_the_pages(two, late, client):
    Member.rows.filter(pk=two.member.pk).update(name="何口袋")
    client.force_login(GrantFactory(role="township_officer", organization=two.west).user)
    shown = client.get(reverse("transfers:transfer", args=[late.uid])).content.decode()
    opening = reverse("transfers:step", args=[late.uid, "pocket"])
    assert opening in shown and client.post(opening).status_code == 302
    assert opening not in client.get(reverse("transfers:transfer", args=[late.uid])).content.decode()
    case = PocketCase.rows.get()
    transfer_page, case_page = (
        reverse("transfers:transfer", args=[late.uid]),
        reverse("transfers:pocket_case", args=[case.uid]),
    )
    assert case_page in client.get(transfer_page).content.decode()
    assert transfer_page in client.get(case_page).content.decode()
    contact = reverse("transfers:case_step", args=[case.uid, "contact"])
    assert client.post(contact, {"on": "x", "way": "", "result": ""}).status_code == 422
    given = {"on": "2027-01-05", "way": "visit", "result": "reached"}
    assert "已办理：登记联系" in client.post(contact, given, follow=True).content.decode()
    text = client.get(reverse("transfers:pocket_case", args=[case.uid])).content.decode()
    assert "上门" in text and "已联系上" in text
    closing = reverse("transfers:case_step", args=[case.uid, "close"])
    refused = client.post(closing, {"outcome": "not_found"})
    assert refused.status_code == 422 and "G-10" in refused.content.decode()
    assert client.post(closing, {"outcome": "reported"}).status_code == 422
    assert client.get(reverse("transfers:case_step", args=[case.uid, "nothing"])).status_code == 404
    client.force_login(GrantFactory(role="township_officer", organization=make_organization()).user)
    assert client.post(contact, given).status_code == 404
