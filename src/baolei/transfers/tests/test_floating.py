"""Floating members: one relation, life elsewhere beside it; who may enter what; ends with the relation (FLT-01 to 03)."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from baolei.accounts.tests.factories import GrantFactory
from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.values import value
from baolei.members.actions import end_membership, move_member
from baolei.members.tests.factories import MemberFactory
from baolei.transfers import actions, floating_actions
from baolei.transfers.models import Floating
from baolei.transfers.tests.test_custody import Two
from baolei.transfers.tests.test_finder import find, letter

pytestmark = pytest.mark.django_db
TODAY, GONE = date(2026, 11, 20), date(2026, 3, 1)


@pytest.fixture
def two(db, time_machine):
    time_machine.move_to("2026-11-20T02:00:00Z", tick=False)
    return Two()


@pytest.fixture
def floating(two) -> Floating:
    return floating_actions.register_floating(
        two.member, actor=two.secretary, since=GONE, destination="other_city", host=two.there
    )


def counted(branch) -> int:
    return value(figure("members.total"), branch, on=TODAY).value


def test_registered_he_stays_in_his_branch_and_counts_there_once(two, floating):
    assert (floating.organization, floating.host, floating.since, floating.until) == (
        *(two.here, two.there),
        *(GONE, None),
    )
    assert (two.place(), counted(two.here), counted(two.there)) == (two.here.pk, 1, 0)
    with pytest.raises(ValidationError, match="已经登记"):
        floating_actions.register_floating(two.member, actor=two.secretary, since=TODAY, destination="abroad")


@pytest.mark.parametrize(
    "given",
    [
        {"since": date(2026, 11, 21)},
        {"since": date(2012, 6, 30)},
        {"destination": "Dalian"},
        {"host": "here"},
        {"host": "east"},
    ],
)
def test_what_cannot_be_is_refused(two, given):
    if "host" in given:
        given = {"host": getattr(two, given["host"])}
    right = {"since": GONE, "destination": "other_city"}
    with pytest.raises(ValidationError):
        floating_actions.register_floating(two.member, actor=two.secretary, **right | given)
    gone = MemberFactory(branch=two.here, standing="deceased", left_on=date(2026, 1, 1))
    with pytest.raises(ValidationError, match="不在册"):
        floating_actions.register_floating(gone, actor=two.secretary, **right)
    assert not Floating.rows.exists()


def test_home_enters_contacts_and_the_host_organization_life(two, floating):
    with pytest.raises(PermissionDenied):
        floating_actions.contact_floating(floating, actor=two.receiver, on=TODAY)
    with pytest.raises(PermissionDenied):
        floating_actions.enter_participation(floating, actor=two.secretary, on=TODAY)
    with pytest.raises(PermissionDenied):
        floating_actions.end_floating(floating, actor=two.receiver, on=TODAY)
    floating_actions.contact_floating(floating, actor=two.secretary, on=date(2026, 10, 1))
    floating_actions.contact_floating(floating, actor=two.secretary, on=date(2026, 9, 1))
    floating = floating_actions.enter_participation(floating, actor=two.receiver, on=TODAY)
    assert (floating.contacted_on, floating.took_part_on) == (date(2026, 10, 1), TODAY)
    for on in (date(2026, 2, 28), date(2026, 11, 21)):
        with pytest.raises(ValidationError, match="日期"):
            floating_actions.contact_floating(floating, actor=two.secretary, on=on)


def test_a_contact_entered_here_is_a_sign_of_life_for_the_finder(two, floating):
    letter(two.member)
    floating_actions.contact_floating(floating, actor=two.secretary, on=TODAY)
    assert find() == set()


def test_without_it_he_is_proposed(two, floating):
    letter(two.member)
    assert find() == {two.member.pk}


def test_back_he_may_go_again(two, floating):
    with pytest.raises(ValidationError, match="流出之后"):
        floating_actions.end_floating(floating, actor=two.secretary, on=GONE)
    floating = floating_actions.end_floating(floating, actor=two.secretary, on=TODAY)
    assert floating.during.upper == TODAY
    with pytest.raises(ValidationError, match="已经返回"):
        floating_actions.contact_floating(floating, actor=two.secretary, on=TODAY)
    floating_actions.register_floating(two.member, actor=two.secretary, since=TODAY, destination="abroad")
    assert Floating.rows.count() == 2


def test_it_ends_with_the_relation(two, floating):
    transfer = actions.release(
        actions.ask(two.member, actor=two.secretary, receiver=two.there), actor=two.sender
    )
    floating.refresh_from_db()
    assert floating.during.upper is None
    actions.accept(transfer, actor=two.receiver)
    floating.refresh_from_db()
    assert floating.during.upper == TODAY
    for leave in (
        lambda member: move_member(member, actor=two.above, branch=two.there, on=TODAY),
        lambda member: end_membership(member, actor=two.above, standing="deceased", on=TODAY),
    ):
        member = MemberFactory(branch=two.here)
        made = floating_actions.register_floating(
            member, actor=two.secretary, since=TODAY, destination="other_city"
        )
        leave(member)
        made.refresh_from_db()
        # A spell of a day at least.
        assert made.during.upper == date(2026, 11, 21)


def test_through_the_pages(two, client):
    client.force_login(GrantFactory(role="branch_secretary", organization=two.here).user)
    register = reverse("transfers:float", args=[two.member.uid])
    assert register in client.get(reverse("members:detail", args=[two.member.uid])).content.decode()
    assert client.get(register).status_code == 200
    given = {"since": "2026-03-01", "destination": "other_city", "host": two.there.code}
    assert client.post(register, given | {"since": "2027-03-01"}).status_code == 422
    done = client.post(register, given, follow=True)
    made = Floating.rows.get()
    contact, part = (
        reverse("transfers:floating_step", args=[made.uid, step]) for step in ("contact", "take-part")
    )
    text = done.content.decode()
    assert contact in text and part not in text and two.there.short_name in text
    assert client.post(contact, {"on": "2026-11-01"}, follow=True).status_code == 200
    assert "2026-11-01" in client.get(reverse("transfers:floating", args=[made.uid])).content.decode()
    client.force_login(GrantFactory(role="township_officer", organization=two.west).user)
    text = client.get(reverse("transfers:floating", args=[made.uid])).content.decode()
    assert part in text and contact not in text
    assert client.post(contact, {"on": "2026-11-02"}).status_code == 404
    assert client.post(part, {"on": "2026-11-02"}).status_code == 302
