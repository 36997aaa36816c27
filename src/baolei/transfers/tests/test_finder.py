"""The finder proposes from own records only, never from one sign, never an exempt person; a hint goes (G-09 to G-11)."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baolei.accounts.tests.factories import GrantFactory
from baolei.assistance.models import Participation, Posting
from baolei.kernel.access import Actor
from baolei.kernel.figures.declare import row_sources
from baolei.kernel.models import Event
from baolei.kernel.privacy.retention import purge
from baolei.kernel.spells import days
from baolei.members.models import Member
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.kinds import Kind
from baolei.organizations.tests.factories import make_organization, make_unit
from baolei.training.tests.factories import make_session
from baolei.transfers import hint_actions
from baolei.transfers.finder import cases_found, find_hints, in_words
from baolei.transfers.management.commands.pockets import judged
from baolei.transfers.models import Floating, Hint, PocketCase, Proposed, Transfer
from baolei.transfers.tests.test_custody import Two

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("试验")
TODAY = date(2026, 11, 20)
LONG_AGO = date(2026, 1, 10)
RECENT = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-11-20T02:00:00Z", tick=False)
    return time_machine


@pytest.fixture
def two(db):
    return Two()


_refs = iter(range(10**6))


def letter(member, receiver=None, *, asked=LONG_AGO, **given) -> Transfer:
    kind = {"kind": "inside", "receiver": receiver} if receiver else {"kind": "leaving", "outside": "310000"}
    row = {"sender": member.branch, "asked_on": asked, "state": "released", "via_platform": False}
    return Transfer.rows.create(ref=f"L{next(_refs)}", member=member, **kind, **row | given)


def away(member, *, since=LONG_AGO, **given) -> Floating:
    row = {"organization": member.branch, "destination": "other_province", "during": days(since, None)}
    return Floating.rows.create(ref=f"F{next(_refs)}", member=member, **row | given)


def twin(member, branch, **given) -> Member:
    same = {"name": member.name, "name_py": member.name_py, "birth_date": member.birth_date}
    return MemberFactory(branch=branch, **same | {"id_tail_hash": member.id_tail_hash} | given)


def find() -> set[int]:
    find_hints(None, actor=SYSTEM)
    return set(Hint.rows.values_list("member_id", flat=True))


SIGNS = {
    "letter": lambda two: letter(two.member, two.there),
    "away": lambda two: away(two.member),
    "double": lambda two: twin(two.member, two.there),
}


@given(st.sets(st.sampled_from(sorted(SIGNS))))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_hint_needs_two_signs(two, signs):
    """A law over every set of signs."""
    with transaction.atomic():
        for sign in sorted(signs):
            SIGNS[sign](two)
        found = find()
        # With a double entry but no other sign nobody is proposed, on neither side.
        assert (two.member.pk in found) == (len(signs) >= 2), signs
        if two.member.pk in found:
            evidence = Hint.rows.get(member=two.member).evidence
            assert set(evidence) == signs and len(in_words(evidence)) == len(signs)
        transaction.set_rollback(True)


def test_two_letters_or_two_signs_of_one_record_are_one_sign(two):
    letter(two.member, two.there)
    letter(two.member, asked=date(2025, 1, 1), letter="7号")
    assert find() == set()


def test_the_hint_tells_which_letter_and_which_day(two):
    sent = letter(two.member, letter="组介〔2026〕7号")
    away(two.member, contacted_on=date(2026, 2, 1))
    assert find() == {two.member.pk}
    hint = Hint.rows.get()
    assert (hint.organization, hint.transfer, hint.found_on, hint.until) == (
        *(two.here, sent),
        *(TODAY, TODAY + timedelta(days=60)),
    )
    assert in_words(hint.evidence) == [
        "介绍信 组介〔2026〕7号 有效期至 2026-04-10，已经过期，没有收到回执。",
        "流动登记自 2026-01-10 起，已满六个月；最近一次联系是 2026-02-01。",
    ]


@pytest.mark.parametrize(
    ("the_letter", "the_absence"),
    [
        ({"state": "accepted", "accepted_on": RECENT}, {}),  # late but arrived
        ({"state": "refused"}, {}),
        ({"asked": date(2026, 8, 22)}, {}),  # valid to this very day
        ({}, {"since": date(2026, 5, 21)}),  # half a year tomorrow
        ({}, {"destination": "abroad"}),
        ({}, {"during": days(LONG_AGO, RECENT)}),  # back
        ({}, {"contacted_on": RECENT}),
        ({}, {"took_part_on": RECENT}),
    ],
)
def test_what_is_no_sign(two, the_letter, the_absence):
    letter(two.member, **the_letter)
    away(two.member, **the_absence)
    assert find() == set()


def test_the_edges_of_both_times(two):
    letter(two.member, asked=date(2026, 8, 21))
    away(two.member, since=date(2026, 5, 20))
    assert find() == {two.member.pk}


@pytest.mark.parametrize(
    "person",
    [
        {"standing": "suspended", "left_on": RECENT},
        {"standing": "deceased", "left_on": RECENT},
        {"standing": "removed", "left_on": RECENT},
        {"occupation": "soldier_police"},
    ],
)
def test_an_exempt_person_is_never_proposed(two, person):
    member = MemberFactory(branch=two.here, **person)
    letter(member)
    away(member)
    twin(member, two.there)
    assert find() == set()


def test_nor_is_the_other_side_when_it_is_exempt(two):
    letter(two.member)
    twin(two.member, two.there, occupation="soldier_police")
    assert find() == set()


def test_who_was_seen_is_never_proposed(two):
    at_training, assisting, posted = (MemberFactory(branch=two.here) for _ in range(3))
    for member in (at_training, assisting, posted):
        letter(member)
        away(member)
    make_session(two.west, RECENT, members=[at_training])
    village = make_unit(two.there)
    given = {"member": assisting, "branch": two.here, "first_on": RECENT, "last_on": RECENT}
    Participation.rows.create(ref="P1", village=village, organization=two.there, **given)
    given = {"member": posted, "organization": two.there, "during": days(LONG_AGO, None)}
    Posting.rows.create(ref="P2", kind="team_member", unit=village, **given)
    assert find() == set()


@pytest.mark.parametrize(
    ("other", "double"),
    [
        ({}, True),
        ({"id_tail_hash": b"x", "phone_sealed": b"p", "phone_hash": b"p", "phone_tail_hash": b"t"}, True),
        ({"birth_date": date(1970, 3, 16)}, False),
        ({"id_tail_hash": b"another"}, False),  # a namesake born on the same day
        ({"name": "王二", "name_py": "wanger"}, False),  # a brother
        ({"standing": "deceased", "left_on": RECENT}, False),
    ],
)
def test_a_double_entry_is_name_birth_date_and_a_hash(two, other, double):
    Member.rows.filter(pk=two.member.pk).update(phone_sealed=b"p", phone_hash=b"p", phone_tail_hash=b"t")
    letter(two.member)
    twin(two.member, two.there, **other)
    assert len(find()) == (2 if double else 0)


def test_found_twice_is_as_once(two):
    letter(two.member)
    away(two.member)
    find()
    before = list(Hint.rows.values())
    find()
    assert list(Hint.rows.values()) == before and len(before) == 1
    assert Event.objects.filter(action="transfers.hint.find").count() == 2


def test_a_hint_is_gone_on_day_61_and_the_same_evidence_rests_for_a_year(two, today, client):
    letter(two.member)
    away(two.member)
    find()
    secretary = GrantFactory(role="branch_secretary", organization=two.here).user
    page = reverse("transfers:hint", args=[Hint.rows.get().uid])
    today.move_to(TODAY + timedelta(days=59), tick=False)
    client.force_login(secretary)
    assert client.get(page).status_code == 200 and purge("transfers")["transfers.hints"] == 0
    today.move_to(TODAY + timedelta(days=60), tick=False)
    client.logout()
    client.force_login(secretary)
    assert client.get(page).status_code == 404
    assert purge("transfers") == {
        "transfers.contacts": 0,
        "transfers.hints": 1,
        "transfers.proposed": 0,
        "transfers.reports": 0,
    }
    assert find() == set()
    today.move_to(TODAY + timedelta(days=365), tick=False)
    assert find() == {two.member.pk}


def test_no_hint_can_live_longer(two):
    letter(two.member)
    away(two.member)
    find()
    with pytest.raises(IntegrityError), transaction.atomic():
        Hint.rows.update(until=TODAY + timedelta(days=61))


def test_confirmed_a_case_is_opened_and_the_member_is_proposed_no_more(two, today, client):
    sent = letter(two.member, two.there)
    away(two.member)
    find()
    with pytest.raises(ValidationError, match="G-26"):
        hint_actions.confirm_hint(Hint.rows.get(), actor=two.secretary, body="")
    hint_actions.confirm_hint(Hint.rows.get(), actor=two.secretary, body="branch_committee")
    case = PocketCase.rows.get()
    assert (case.transfer, case.organization, case.found_on) == (sent, two.there, TODAY)
    queue = reverse("transfers:hint_list")
    client.force_login(GrantFactory(role="branch_secretary", organization=two.here).user)
    assert "没有待核实的线索" in client.get(queue).content.decode()
    event = Event.objects.get(action="transfers.hint.confirm")
    assert event.detail == {"body": "branch_committee"}
    with pytest.raises(ValidationError, match="已经确认"):
        hint_actions.confirm_hint(Hint.rows.get(), actor=two.sender, body="basic_committee")
    with pytest.raises(ValidationError, match="办结"):
        hint_actions.set_aside_hint(
            Hint.rows.get(), actor=two.sender, body="basic_committee", grounds="in_touch"
        )
    today.move_to(TODAY + timedelta(days=400), tick=False)
    assert find() == set()


def test_set_aside_it_is_gone_today_and_rests_for_a_year_from_then(two, today):
    letter(two.member)
    away(two.member)
    find()
    today.move_to(TODAY + timedelta(days=30), tick=False)
    for grounds in ("", "he is in Dalian"):
        with pytest.raises(ValidationError):
            hint_actions.set_aside_hint(
                Hint.rows.get(), actor=two.secretary, body="branch_meeting", grounds=grounds
            )
    hint_actions.set_aside_hint(
        Hint.rows.get(), actor=two.secretary, body="branch_meeting", grounds="in_touch"
    )
    with pytest.raises(ValidationError, match="已经处理"):
        hint_actions.confirm_hint(Hint.rows.get(), actor=two.sender, body="basic_committee")
    assert not PocketCase.rows.exists() and find() == set()
    today.move_to(TODAY + timedelta(days=394), tick=False)
    assert find() == set()
    today.move_to(TODAY + timedelta(days=395), tick=False)
    assert find() == {two.member.pk}


def test_new_evidence_is_proposed_again(two):
    letter(two.member)
    away(two.member)
    find()
    hint_actions.set_aside_hint(
        Hint.rows.get(), actor=two.secretary, body="branch_meeting", grounds="records"
    )
    twin(two.member, two.there)
    assert two.member.pk in find()


def test_who_moved_meanwhile_is_not_confirmed(two):
    letter(two.member)
    away(two.member)
    find()
    Member.rows.filter(pk=two.member.pk).update(branch=two.there, branch_key=two.there.key)
    with pytest.raises(ValidationError, match="不再适用"):
        hint_actions.confirm_hint(Hint.rows.get(), actor=two.secretary, body="branch_committee")
    assert not PocketCase.rows.exists()


def test_hints_appear_nowhere_above_the_basic_committee(two, client):
    Member.rows.filter(pk=two.member.pk).update(name="何线索")
    letter(two.member)
    away(two.member)
    find()
    hint = Hint.rows.get()
    pages = [reverse("transfers:hint_list"), reverse("transfers:hint", args=[hint.uid])]
    county = make_organization(kind=Kind.LOCAL_COMMITTEE)
    type(county).rows.filter(pk=two.east.pk).update(parent=county)

    def seen(role, organization) -> list[bool]:
        client.force_login(GrantFactory(role=role, organization=organization).user)
        return ["何线索" in client.get(page).content.decode() for page in pages]

    above = two.east.parent
    for role, organization in (("branch_secretary", two.here), ("township_officer", two.east)):
        assert seen(role, organization) == [True, True]
    for role, organization in (
        ("department_officer", above),
        ("province_officer", above),
        # A role of the basic committee, given too high up.
        ("township_officer", above),
        ("committee_officer", above),
        ("branch_secretary", above),
        ("township_officer", two.west),
    ):
        assert seen(role, organization) == [False, False], role
        with pytest.raises(PermissionDenied):
            hint_actions.confirm_hint(hint, actor=two.actor(role, organization), body="basic_committee")
    for role, organization, waits in (
        ("branch_secretary", two.here, True),
        ("township_officer", above, False),
        ("department_officer", above, False),
    ):
        client.force_login(GrantFactory(role=role, organization=organization).user)
        assert ("口袋党员线索：待核实" in client.get("/desk/").content.decode()) == waits, role
    # No figure reads them, no event tells how many.
    for rows in row_sources():
        assert "transfers.Hint" not in rows.reads and "transfers_hint" not in f"{rows.sql}{rows.unplaced}"
    event = Event.objects.get(action="transfers.hint.find")
    assert (event.detail, event.changes, event.target_key) == ({}, {}, None)


def test_double_entry_names_meet_when_both_have_confirmed(two, client):
    other = twin(two.member, two.there)
    Member.rows.filter(pk=two.member.pk).update(name="何此方")
    Member.rows.filter(pk=other.pk).update(name="何彼方")
    letter(two.member, letter="7号")
    assert find() == {two.member.pk, other.pk}
    here, there = (Hint.rows.get(member=member) for member in (two.member, other))
    officers = {
        "here": GrantFactory(role="township_officer", organization=two.east).user,
        "there": GrantFactory(role="branch_secretary", organization=two.there).user,
    }

    def text(who, hint):
        client.force_login(officers[who])
        response = client.get(reverse("transfers:hint", args=[hint.uid]))
        assert response.status_code == 200
        return response.content.decode()

    def confirm(who, hint):
        client.force_login(officers[who])
        step = reverse("transfers:hint_step", args=[hint.uid, "confirm"])
        assert client.post(step, {"body": "branch_committee"}).status_code == 302

    for who, hint, foreign in (("here", here, other), ("there", there, two.member)):
        shown = text(who, hint)
        assert "另一党组织" in shown
        assert not [word for word in ("何此方", "何彼方") if word in shown and word != hint_name(hint)]
        assert foreign.branch.short_name not in shown
    assert "7号" not in text("there", there) and "2026" not in "".join(in_words(there.evidence))
    client.force_login(officers["here"])
    assert client.get(reverse("transfers:hint", args=[there.uid])).status_code == 404

    confirm("here", here)
    assert "何彼方" not in text("here", here) and "何此方" not in text("there", there)
    confirm("there", there)
    assert "何彼方" in text("here", here) and two.there.short_name in text("here", here)
    assert "何此方" in text("there", there) and two.here.short_name in text("there", there)
    assert not PocketCase.rows.exists()


def hint_name(hint) -> str:
    return Member.rows.get(pk=hint.member_id).name


def test_through_the_pages(two, client):
    letter(two.member)
    away(two.member)
    find()
    hint = Hint.rows.get()
    client.force_login(GrantFactory(role="committee_officer", organization=two.east).user)
    assert "至今没有接收" in client.get(reverse("transfers:hint_list")).content.decode()
    confirm, aside = (
        reverse("transfers:hint_step", args=[hint.uid, step]) for step in ("confirm", "set-aside")
    )
    text = client.get(reverse("transfers:hint", args=[hint.uid])).content.decode()
    assert confirm in text and aside in text and "不是认定" in text
    assert client.get(confirm).status_code == 200
    refused = client.post(aside, {"body": "branch_meeting", "grounds": ""})
    assert refused.status_code == 422
    done = client.post(aside, {"body": "branch_meeting", "grounds": "in_touch"}, follow=True)
    assert done.redirect_chain == [(reverse("transfers:hint_list"), 302)]
    assert "没有待核实的线索" in done.content.decode()
    assert client.get(reverse("transfers:hint", args=[hint.uid])).status_code == 404


def test_the_command_finds_and_judges(two, tmp_path, monkeypatch):
    from baolei.transfers.management.commands import pockets

    monkeypatch.setattr(pockets, "instance_root", lambda: tmp_path)
    sent = letter(two.member)
    away(two.member)
    with pytest.raises(CommandError, match="真值"):
        call_command("pockets", evaluate=True)
    (tmp_path / "truth.csv").write_text(f"ref,truth,story\n{sent.ref},1,letter\nX,1,young\n", "utf-8")
    out = StringIO()
    call_command("pockets", evaluate=True, stdout=out)
    assert "查准率 1.0，查全率 0.5" in out.getvalue() and not Hint.rows.exists()
    call_command("pockets", stdout=out)
    assert Hint.rows.count() == 1 and Proposed.objects.count() == 1
    assert cases_found() == {sent.ref}


def test_judging():
    truth = {"a": (True, "x"), "b": (True, "y"), "c": (False, "z")}
    found = judged(truth, {"a", "c", "d"})
    assert (found["right"], found["wrong"], found["missed"], found["unplanted"]) == (1, 2, 1, 1)
    assert (found["precision"], found["recall"]) == (0.3333, 0.5)
    assert found["stories"] == {"x": [1, 1], "y": [1, 0], "z": [1, 1]}
    assert judged({}, set())["precision"] is None
