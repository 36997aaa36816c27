"""What follows from a grade: proposals only, decided by named bodies, seen by few, gone with the finding (APR-06)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from baolei.accounts.models import User
from baolei.kernel.desk import tasks
from baolei.kernel.laws import verify
from baolei.kernel.models import Event
from baolei.kernel.privacy import purge
from baolei.organizations.tests.factories import make_branch
from baolei.reviews import actions, proposal_actions
from baolei.reviews.models import Finding, Proposal
from baolei.reviews.tests.factories import make_reported
from baolei.reviews.tests.test_rounds import TODAY, Branch

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-11-20T02:00:00Z", tick=False)
    return time_machine


class Closed(Branch):
    """A closed round in which the first is excellent, the second qualified, the third basic, the fourth unqualified."""

    def __init__(self):
        super().__init__(0)
        self.round = make_reported(self.branch, graded=4)
        found = Finding.rows.filter(round=self.round).order_by("pk")
        for finding, grade in zip(found, ("excellent", "qualified", "basic", "unqualified"), strict=True):
            Finding.rows.filter(pk=finding.pk).update(grade=grade)
        actions.close_round(self.round, actor=self.committee)
        self.excellent, self.qualified, self.basic, self.unqualified = found.select_related("member")

    def help_for(self, finding) -> Proposal:
        return Proposal.rows.get(finding=finding, kind="help")

    def helped(self, finding) -> Proposal:
        due = {"way": "talk", "due_on": TODAY + timedelta(days=30)}
        planned = proposal_actions.accept(self.help_for(finding), actor=self.secretary, **due)
        return proposal_actions.finish(planned, actor=self.secretary, done_on=TODAY)

    def proposed(self, finding, kind) -> Proposal:
        return proposal_actions.propose(finding, actor=self.secretary, kind=kind)


@pytest.fixture
def branch():
    return Closed()


def client_of(actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def waits(actor) -> dict[str, int]:
    return {task.words: task.number for task in tasks(actor) if "民主评议：" in task.words}


def test_closing_proposes_help_and_nothing_else(branch):
    found = Proposal.rows.order_by("pk").values_list("member", "kind", "state", "proposed_on", "organization")
    assert [*found] == [
        (finding.member_id, "help", "proposed", TODAY, branch.branch.pk)
        for finding in (branch.basic, branch.unqualified)
    ]
    assert not verify("appraisal.complete")[0]["violations"]


def test_help_is_planned_and_done_by_the_branch(branch):
    due = TODAY + timedelta(days=30)
    given = branch.help_for(branch.basic)
    for wrong in ({}, {"way": "scold", "due_on": due}, {"way": "talk"}):
        with pytest.raises(ValidationError, match=r"帮助方式|完成期限"):
            proposal_actions.accept(given, actor=branch.secretary, **wrong)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=366)):
        with pytest.raises(ValidationError, match="一年以内"):
            proposal_actions.accept(given, actor=branch.secretary, way="talk", due_on=day)
    with pytest.raises(ValidationError, match="已提出"):
        proposal_actions.finish(given, actor=branch.secretary, done_on=TODAY)
    planned = proposal_actions.accept(given, actor=branch.secretary, way="mentor", due_on=due)
    assert (planned.state, planned.way, planned.due_on, planned.decided_on) == (
        "accepted",
        "mentor",
        due,
        TODAY,
    )
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(ValidationError, match="落实日期"):
            proposal_actions.finish(planned, actor=branch.secretary, done_on=day)
    done = proposal_actions.finish(planned, actor=branch.secretary, done_on=TODAY)
    assert (done.state, done.done_on) == ("done", TODAY)
    for again in (
        lambda: proposal_actions.accept(done, actor=branch.secretary, way="talk", due_on=due),
        lambda: proposal_actions.decline(done, actor=branch.committee),
    ):
        with pytest.raises(ValidationError, match="已落实"):
            again()


def test_to_honour_is_put_forward_by_the_branch_and_decided_above(branch):
    made = branch.proposed(branch.excellent, "honour")
    with pytest.raises(ValidationError, match="不必再提"):
        branch.proposed(branch.excellent, "honour")
    for act in (proposal_actions.accept, proposal_actions.decline):
        with pytest.raises(PermissionDenied):
            act(made, actor=branch.secretary)
    declined = proposal_actions.decline(made, actor=branch.committee)
    assert (declined.state, declined.decided_on) == ("declined", TODAY)
    again = proposal_actions.accept(branch.proposed(branch.excellent, "honour"), actor=branch.committee)
    assert (again.state, again.way, again.due_on) == ("accepted", "", None)
    with pytest.raises(ValidationError, match="表彰工作"):
        proposal_actions.finish(again, actor=branch.committee, done_on=TODAY)


def test_to_dispose_only_after_help_and_decided_above(branch):
    with pytest.raises(ValidationError, match="先教育帮助"):
        branch.proposed(branch.unqualified, "disposal")
    branch.helped(branch.unqualified)
    made = branch.proposed(branch.unqualified, "disposal")
    with pytest.raises(PermissionDenied):
        proposal_actions.accept(made, actor=branch.secretary)
    accepted = proposal_actions.accept(made, actor=branch.committee)
    with pytest.raises(PermissionDenied):
        proposal_actions.finish(accepted, actor=branch.secretary, done_on=TODAY)
    assert proposal_actions.finish(accepted, actor=branch.committee, done_on=TODAY).state == "done"


def test_the_grade_must_fit_and_the_round_be_closed(branch):
    branch.helped(branch.basic)
    for finding, kind in (
        (branch.qualified, "honour"),
        (branch.basic, "disposal"),
        (branch.excellent, "disposal"),
        (branch.basic, "help"),
        (branch.excellent, "promotion"),
    ):
        with pytest.raises(ValidationError, match="不适用"):
            branch.proposed(finding, kind)
    open_one = Finding.rows.filter(round=make_reported(make_branch(branch.town))).order_by("pk")[0]
    with pytest.raises(ValidationError, match="办结以后"):
        proposal_actions.propose(open_one, actor=branch.committee, kind="honour")


def test_nobody_else_puts_forward_or_decides(branch):
    given = {"way": "talk", "due_on": TODAY}
    for actor in (branch.next_door, branch.above, branch.self_of(branch.excellent.member)):
        with pytest.raises(PermissionDenied):
            proposal_actions.propose(branch.excellent, actor=actor, kind="honour")
        with pytest.raises(PermissionDenied):
            proposal_actions.accept(branch.help_for(branch.basic), actor=actor, **given)
        with pytest.raises(PermissionDenied):
            proposal_actions.decline(branch.help_for(branch.basic), actor=actor)
    assert not Proposal.rows.exclude(state="proposed").exists()


def test_the_database_holds_what_must_always_hold(branch):
    before = date(2026, 11, 19)
    for wrong in (
        {"state": "accepted"},
        {"state": "accepted", "decided_on": TODAY},
        {"way": "talk"},
        {"state": "declined", "decided_on": before},
        {"state": "done", "decided_on": TODAY, "done_on": before, "way": "talk", "due_on": TODAY},
        {"kind": "honour", "state": "done", "decided_on": TODAY, "done_on": TODAY},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.rows.filter(finding=branch.basic).update(**wrong)


def test_the_law_finds_what_does_not_fit_the_grade(branch):
    Proposal.rows.filter(finding=branch.basic).update(kind="honour")
    assert verify("appraisal.complete")[0]["violations"] == 1


def test_events_tell_neither_kind_nor_grade(branch):
    branch.helped(branch.unqualified)
    made = branch.proposed(branch.unqualified, "disposal")
    proposal_actions.accept(made, actor=branch.committee)
    events = Event.objects.filter(action__startswith="reviews.proposal.")
    assert {event.action for event in events} == {
        "reviews.proposal.make",
        "reviews.proposal.accept",
        "reviews.proposal.finish",
    }
    told = str([(event.detail, event.changes) for event in events])
    assert not [word for word in ("disposal", "help", "talk", "unqualified", "2026-12") if word in told]


def test_gone_with_the_finding_after_three_years(branch, today):
    branch.proposed(branch.excellent, "honour")
    today.move_to(timezone.now() + timedelta(days=Finding.KEPT_DAYS + 1), tick=False)
    purge("reviews.findings")
    assert not Finding.rows.exists() and not Proposal.rows.exists()


def test_who_sees_it_and_acts_on_pages(branch):
    secretary, committee = client_of(branch.secretary), client_of(branch.committee)
    basic, unqualified = (
        reverse("reviews:finding", args=[f.uid]) for f in (branch.basic, branch.unqualified)
    )
    plan = reverse("reviews:proposal", args=[branch.help_for(branch.unqualified).uid, "plan"])
    assert plan in secretary.get(unqualified).content.decode()
    assert secretary.post(plan, {"way": "talk", "due_on": "2026-11-19"}).status_code == 422
    answer = secretary.post(plan, {"way": "talk", "due_on": "2026-12-20"})
    assert answer.headers["Location"] == unqualified and answer.headers["Cache-Control"] == "no-store"
    put = reverse("reviews:put", args=[branch.unqualified.uid, "disposal"])
    assert put not in secretary.get(unqualified).content.decode()
    finish = plan.replace("plan", "finish")
    assert secretary.post(finish, {"done_on": "2026-11-20"}).status_code == 302
    assert put in secretary.get(unqualified).content.decode()
    assert secretary.post(put).status_code == 302
    made = Proposal.rows.get(kind="disposal")
    accept = reverse("reviews:proposal", args=[made.uid, "accept"])
    assert secretary.post(accept).status_code == 404 and accept in committee.get(unqualified).content.decode()
    assert committee.post(accept).status_code == 302
    there = reverse("disposals:open", args=[branch.unqualified.member.uid])
    own = client_of(branch.self_of(branch.unqualified.member)).get(unqualified).content.decode()
    assert "谈心谈话" in own and "2026-12-20" in own and plan not in own and "去办理" not in own
    assert (
        "组织处置（同意）"
        in committee.get(reverse("reviews:round", args=[branch.round.uid])).content.decode()
    )
    text = committee.get(unqualified).content.decode()
    assert f'<a href="{there}">去办理</a>' in text
    for actor in (branch.next_door, branch.above, branch.self_of(branch.excellent.member)):
        client = client_of(actor)
        assert client.get(basic).status_code == 404
        assert client.post(accept).status_code == 404 and client.post(put).status_code == 404
        round = client.get(reverse("reviews:round", args=[branch.round.uid]))
        assert "教育帮助" not in round.content.decode()


def test_the_desk_tells_who_must_act(branch, today):
    assert waits(branch.secretary) == {"民主评议：教育帮助待安排": 2}
    branch.helped(branch.unqualified)
    planned = branch.help_for(branch.basic)
    proposal_actions.accept(planned, actor=branch.secretary, way="study", due_on=TODAY)
    branch.proposed(branch.unqualified, "disposal")
    branch.proposed(branch.excellent, "honour")
    assert waits(branch.secretary) == {} == waits(branch.above) == waits(branch.next_door)
    assert waits(branch.committee) == {"民主评议：评定后的意见待决定": 2}
    today.move_to("2026-11-21T02:00:00Z", tick=False)
    assert waits(branch.secretary) == {"民主评议：教育帮助已到期限，待登记落实": 1}
    address = next(task.url for task in tasks(branch.secretary) if "教育帮助" in task.words)
    assert address == reverse("reviews:round", args=[branch.round.uid])
