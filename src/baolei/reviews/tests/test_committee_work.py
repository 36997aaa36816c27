"""The branch committee's work, appraised at the same meeting by a line of the same ballot (APR-08): a tally and no more."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from baolei.accounts.models import User
from baolei.kernel.ballots import keys
from baolei.kernel.ballots.box import cast
from baolei.kernel.laws import verify
from baolei.kernel.models import BallotBox, Event
from baolei.reviews import actions
from baolei.reviews.models import BodyTally, Finding, Round
from baolei.reviews.queries import body_tally_of, graded_of
from baolei.reviews.tests.test_rounds import TODAY, Branch, again, lawful

pytestmark = pytest.mark.django_db
LINE = "党支部委员会的工作"


@pytest.fixture(autouse=True)
def keys_and_today(time_machine, tmp_path, monkeypatch):
    time_machine.move_to("2026-11-20T02:00:00Z", tick=False)
    monkeypatch.setattr(keys, "folder", lambda: tmp_path / "ballots")


@pytest.fixture
def branch():
    return Branch(7)


def client_of(actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def numbers(tally) -> tuple:
    return tuple(getattr(tally, name) for name in ("half", "nearly_all", *BodyTally.COUNTS))


def polling(branch, present: int = 7):
    round = branch.held(present=present)
    return round, actions.open_poll(round, actor=branch.secretary, issued=present, polls_body=True)


def test_the_last_line_of_the_ballot_is_about_the_committee(branch):
    round, ballots = polling(branch)
    paper = BallotBox.objects.get().paper
    assert (len(paper["lines"]), paper["lines"][-1]) == (8, LINE)
    for voter, number in enumerate(ballots):
        cast(number, (*[1] * 7, voter % 3))
    round = actions.count_poll(again(round), actor=branch.secretary)
    assert numbers(body_tally_of(round)) == (None, "", 3, 2, 2, 0)
    assert {f.nearly_all for f in graded_of(round)} == {"qualified"} and lawful()
    # No event holds what was said, nor in which way it is told (G-28).
    told = Event.objects.filter(action="reviews.round.count").get().changes
    assert set(told) == {"state", "returned", "valid"}


def test_of_few_ballots_and_of_nearly_all_it_keeps_as_little(branch):
    round, ballots = polling(branch)
    for voter in range(4):
        cast(ballots[voter], (*[1] * 7, 3 if voter else 0))
    round = actions.count_poll(again(round), actor=branch.secretary)
    assert numbers(body_tally_of(round)) == (False, "", None, None, None, None)
    actions.cancel(round, actor=branch.committee)
    assert not BodyTally.rows.exists()
    round, ballots = polling(branch)
    for number in ballots:
        cast(number, (*[1] * 7, 0))
    round = actions.count_poll(again(round), actor=branch.secretary)
    assert numbers(body_tally_of(round)) == (None, "excellent", None, None, None, None)
    assert lawful()
    for wrong in ({"half": True}, {"basic": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BodyTally.rows.update(**wrong)
    BodyTally.rows.all().delete()
    assert verify("appraisal.complete")[0]["violations"] == 1


def test_on_paper_it_goes_through_the_same(branch):
    round = branch.held()
    paper = {"issued": 7, "returned": 7, "valid": 6, "counts": {f.pk: (1, 5, 0, 0) for f in graded_of(round)}}
    for wrong in ((6, 1, 0, 0), (1, 1, 1), (-1, 1, 0, 0)):
        with pytest.raises(ValidationError, match=LINE):
            actions.enter_paper_poll(round, actor=branch.secretary, **paper, body=wrong)
    round = actions.enter_paper_poll(round, actor=branch.secretary, **paper, body=(2, 3, 0, 1))
    assert round.polls_body and numbers(body_tally_of(round)) == (None, "", 2, 3, 0, 1)
    assert "body" not in Event.objects.filter(action="reviews.round.enter_paper").get().detail


def test_void_it_is_asked_anew(branch):
    round, _ballots = polling(branch)
    round = actions.void_poll(again(round), actor=branch.secretary)
    assert not round.polls_body
    actions.open_poll(round, actor=branch.secretary, issued=7)
    assert LINE not in BallotBox.objects.get(state="open").paper["lines"]


def test_a_branch_of_six_has_no_committee():
    branch = Branch(6)
    round = branch.held()
    with pytest.raises(ValidationError, match="COM-02"):
        actions.open_poll(round, actor=branch.secretary, issued=6, polls_body=True)
    counts = {f.pk: (0, 6, 0, 0) for f in graded_of(round)}
    paper = {"issued": 6, "returned": 6, "valid": 6, "counts": counts}
    with pytest.raises(ValidationError, match="COM-02"):
        actions.enter_paper_poll(round, actor=branch.secretary, **paper, body=(0, 6, 0, 0))
    secretary = client_of(branch.secretary)
    for step in ("poll", "paper"):
        text = secretary.get(reverse("reviews:step", args=[round.uid, step])).content.decode()
        assert "党支部委员会的工作" not in text
    assert again(round).state == "held"


def test_excused_members_count_for_the_committee(branch):
    round = branch.opened()
    someone = Finding.rows.filter(round=round, part="graded").values_list("pk", flat=True)[:1]
    round = actions.excuse(round, actor=branch.secretary, excused=[*someone])
    round = actions.hold_meeting(round, actor=branch.secretary, held_on=TODAY, present=6)
    assert len(actions.open_poll(round, actor=branch.secretary, issued=6, polls_body=True)) == 6


def test_on_pages_for_the_branch_and_the_committee_above_only(branch):
    round, secretary = branch.held(), client_of(branch.secretary)
    address = reverse("reviews:step", args=[round.uid, "paper"])
    assert secretary.get(address).content.decode().count("党支部委员会的工作：") == 4
    body = {"issued": "7", "returned": "7", "valid": "7", "body_excellent": "4", "body_basic": "3"}
    for finding in graded_of(round):
        body |= {f"{finding.pk}_{grade}": str(7 * (grade == "qualified")) for grade in Finding.Grade.values}
    assert secretary.post(address, body).status_code == 302
    assert numbers(body_tally_of(round)) == (None, "", 4, 0, 3, 0)
    page = reverse("reviews:round", args=[round.uid])
    words = "优秀 4，合格 0，基本合格 3，不合格 0（有效票 7 张）"
    for actor in (branch.secretary, branch.committee):
        assert words in client_of(actor).get(page).content.decode()
    for actor in (branch.above, branch.next_door):
        response = client_of(actor).get(page)
        assert words not in response.content.decode() and "基本合格 3" not in response.content.decode()
    assert Round.rows.get().polls_body


def test_asked_for_on_the_page_of_the_poll(branch):
    round, secretary = branch.held(), client_of(branch.secretary)
    address = reverse("reviews:step", args=[round.uid, "poll"])
    assert "同时测评党支部委员会的工作" in secretary.get(address).content.decode()
    assert secretary.post(address, {"issued": "7", "polls_body": "on"}).status_code == 200
    assert BallotBox.objects.get().paper["lines"][-1] == LINE
