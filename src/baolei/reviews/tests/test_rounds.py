"""A branch's appraisal of a year, from opening to closing: order, roll, quorum, poll, grades, who may (APR-01 to APR-07)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.kernel.access import NOBODY
from baolei.kernel.ballots import keys
from baolei.kernel.ballots.box import cast
from baolei.kernel.business import refuse_open
from baolei.kernel.laws import verify
from baolei.kernel.models import BallotBox, Event
from baolei.kernel.privacy import purge
from baolei.members.actions import end_membership, erase_member
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.kinds import Kind
from baolei.organizations.tests.factories import make_branch, make_organization
from baolei.reviews import actions
from baolei.reviews.models import Appraisal, Finding, Round
from baolei.reviews.queries import graded_of
from baolei.reviews.tests.factories import make_appraisal

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def keys_and_today(time_machine, tmp_path, monkeypatch):
    time_machine.move_to("2026-11-20T02:00:00Z", tick=False)
    monkeypatch.setattr(keys, "folder", lambda: tmp_path / "ballots")
    return time_machine


class Branch:
    """A branch of so many formal members and one on probation, with everybody who has to do with it."""

    def __init__(self, formal: int = 6):
        self.county = make_organization(kind=Kind.LOCAL_COMMITTEE)
        self.town = make_organization(self.county, kind=Kind.TOWNSHIP_COMMITTEE)
        self.branch, self.beside = make_branch(self.town), make_branch(self.town)
        self.formal = [MemberFactory(branch=self.branch) for _ in range(formal)]
        self.young = MemberFactory(branch=self.branch, standing="probationary", converted_on=None)
        self.suspended = MemberFactory(branch=self.branch, standing="suspended", left_on=date(2026, 1, 1))
        self.secretary = self.officer("branch_secretary", self.branch)
        self.committee = self.officer("township_officer", self.town)
        self.above = self.officer("department_officer", self.county)
        self.next_door = self.officer("branch_secretary", self.beside)

    @staticmethod
    def officer(role, organization):
        return actor_of(GrantFactory(role=role, organization=organization).user)

    @staticmethod
    def self_of(member):
        return actor_of(UserFactory(member_id=member.pk))

    def opened(self, year: int = 2026) -> Round:
        return actions.open_round(self.branch, actor=self.secretary, year=year)

    def held(self, present: int | None = None) -> Round:
        return actions.hold_meeting(
            self.opened(), actor=self.secretary, held_on=TODAY, present=present or len(self.formal)
        )

    def polled(self, marks=None) -> Round:
        """Everybody marks all the same, unless told otherwise."""
        round = self.held()
        numbers = actions.open_poll(round, actor=self.secretary, issued=len(self.formal))
        lines = len(self.formal)
        for voter, number in enumerate(numbers):
            cast(number, marks[voter] if marks else (1,) * lines)
        return actions.count_poll(again(round), actor=self.secretary)

    def graded(self, excellent: int = 0) -> Round:
        return actions.decide_grades(self.polled(), actor=self.secretary, grades=self.grades(excellent))

    def grades(self, excellent: int = 0) -> dict[int, str]:
        pks = [*graded_of(Round.rows.exclude(state="cancelled").get()).values_list("pk", flat=True)]
        return {pk: "excellent" if at < excellent else "qualified" for at, pk in enumerate(pks)}

    def reported(self) -> Round:
        round = actions.tell(self.graded(), actor=self.secretary)
        return actions.report(round, actor=self.secretary)

    def closed(self) -> Round:
        return actions.close_round(self.reported(), actor=self.committee)


def again(round: Round) -> Round:
    return Round.rows.get(pk=round.pk)


@pytest.fixture
def branch():
    return Branch()


def lawful() -> bool:
    keys.sweep()
    found = verify("appraisal.complete") + verify("ballots.keys") + verify("privacy.kept-too-long")
    assert len(found) == 3
    return not any(law["violations"] for law in found)


def parts(round) -> dict:
    return dict(Finding.rows.filter(round=round).values_list("member_id", "part"))


def test_from_opening_to_closing_it_becomes_an_appraisal(branch):
    round = branch.closed()
    assert (round.state, round.closed_on, round.should_attend, round.returned, round.valid) == (
        "closed",
        TODAY,
        6,
        6,
        6,
    )
    appraisal = Appraisal.rows.get()
    assert (appraisal.organization, appraisal.year, appraisal.due, appraisal.found) == (
        branch.branch,
        2026,
        6,
        6,
    )
    assert set(Finding.rows.exclude(part="graded").values_list("grade", flat=True)) == {""}
    assert lawful()
    with pytest.raises(ValidationError, match="每年一次"):
        branch.opened()
    assert branch.opened(2025).state == "preparing"


def test_the_roll_is_who_counts_today(branch):
    round = branch.opened()
    assert parts(round) == {m.pk: "graded" for m in branch.formal} | {branch.young.pk: "attending"}
    someone = Finding.rows.get(round=round, member=branch.formal[0])
    round = actions.excuse(round, actor=branch.secretary, excused=[someone.pk])
    assert parts(round)[someone.member_id] == "excused"
    assert actions.hold_meeting(round, actor=branch.secretary, held_on=TODAY, present=3).should_attend == 5
    young = Finding.rows.get(round=round, member=branch.young)
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.rows.filter(pk=young.pk).update(grade="qualified")


def test_who_is_excused_is_chosen_again_and_never_all(branch):
    round = branch.opened()
    some = [*Finding.rows.filter(round=round).values_list("pk", flat=True)]
    actions.excuse(round, actor=branch.secretary, excused=some[:2])
    actions.excuse(round, actor=branch.secretary, excused=some[2:3])
    assert sorted(parts(round).values()).count("excused") == 1
    with pytest.raises(ValidationError, match="至少有一名"):
        actions.excuse(round, actor=branch.secretary, excused=some)
    assert parts(round)[branch.young.pk] == "attending"


@pytest.mark.parametrize(
    ("formal", "present", "fits"),
    [(6, 3, True), (6, 2, False), (7, 4, True), (7, 3, False), (6, 7, False), (1, 1, True)],
)
def test_without_a_quorum_nothing_is_polled(formal, present, fits):
    branch = Branch(formal)
    if fits:
        assert branch.held(present).state == "held"
    else:
        with pytest.raises(ValidationError, match=r"LIFE-01|多于应到"):
            branch.held(present)


@pytest.mark.parametrize("held_on", [date(2025, 12, 31), date(2026, 11, 21)])
def test_the_meeting_lies_within_the_year_and_not_ahead(branch, held_on):
    with pytest.raises(ValidationError, match="评议日期"):
        actions.hold_meeting(branch.opened(), actor=branch.secretary, held_on=held_on, present=6)


@pytest.mark.parametrize("year", [2024, 2027])
def test_only_of_this_year_and_the_last(branch, year):
    with pytest.raises(ValidationError, match="今年或者上一年度"):
        branch.opened(year)


def test_a_branch_without_formal_members_or_that_is_none_has_none(branch):
    for organization in (make_branch(branch.town), branch.town):
        with pytest.raises(ValidationError, match=r"APR-04|LIFE-07"):
            actions.open_round(organization, actor=branch.committee, year=2026)


def test_what_a_file_brought_is_no_second_time(branch):
    make_appraisal(branch.branch, 6, 6, year=2026, held_on=TODAY)
    with pytest.raises(ValidationError, match="每年一次"):
        branch.opened()
    Appraisal.rows.all().delete()
    round = branch.reported()
    make_appraisal(branch.branch, 6, 6, year=2026, held_on=TODAY)
    with pytest.raises(ValidationError, match="由文件导入"):
        actions.close_round(round, actor=branch.committee)


STATES = ("preparing", "held", "polling", "polled", "graded", "told", "reported", "closed", "cancelled")


@pytest.mark.parametrize("state", STATES)
def test_every_step_out_of_order_is_refused_and_changes_nothing(branch, state):
    secretary, committee = branch.secretary, branch.committee
    reach = {
        "preparing": branch.opened,
        "held": branch.held,
        "polled": branch.polled,
        "graded": branch.graded,
        "told": lambda: actions.tell(branch.graded(), actor=secretary),
        "reported": branch.reported,
        "closed": branch.closed,
        "cancelled": lambda: actions.cancel(branch.held(), actor=committee),
        "polling": branch.held,
    }
    round = reach[state]()
    if state == "polling":
        actions.open_poll(round, actor=secretary, issued=6)
    counts = {f.pk: (6, 0, 0, 0) for f in graded_of(round)}
    grades = dict.fromkeys(counts, "qualified")
    paper = {"issued": 6, "returned": 6, "valid": 6, "counts": counts}
    steps = {
        "excuse": (lambda: actions.excuse(round, actor=secretary, excused=[]), {"preparing"}),
        "hold": (
            lambda: actions.hold_meeting(round, actor=secretary, held_on=TODAY, present=6),
            {"preparing"},
        ),
        "poll": (lambda: actions.open_poll(round, actor=secretary, issued=6), {"held"}),
        "paper": (lambda: actions.enter_paper_poll(round, actor=secretary, **paper), {"held"}),
        "count": (lambda: actions.count_poll(round, actor=secretary), {"polling"}),
        "void": (lambda: actions.void_poll(round, actor=secretary), {"polling"}),
        "grade": (
            lambda: actions.decide_grades(round, actor=secretary, grades=grades),
            {"polled", "graded"},
        ),
        "waive": (lambda: actions.waive_share(round, actor=committee, waiver="好"), set()),
        "tell": (lambda: actions.tell(round, actor=secretary), {"graded"}),
        "report": (lambda: actions.report(round, actor=secretary), {"told"}),
        "close": (lambda: actions.close_round(round, actor=committee), {"reported"}),
        "send back": (lambda: actions.send_back(round, actor=committee), {"reported"}),
        "cancel": (lambda: actions.cancel(round, actor=committee), {*STATES} - {"closed", "cancelled"}),
    }

    def now():
        rows = [*Finding.rows.filter(round=round).order_by("pk").values()]
        return (
            Round.rows.filter(pk=round.pk).values().get(),
            rows,
            [*BallotBox.objects.values_list("state", "sealed")],
        )

    before = now()
    for name, (act, fits) in steps.items():
        if state in fits:
            continue
        with pytest.raises(ValidationError):
            act()
        assert now() == before, name
    assert lawful()


# The poll ---------------------------------------------------------------------------------------------------


def kept(round) -> set[tuple]:
    return set(graded_of(round).values_list("half", "nearly_all", *Finding.COUNTS))


def test_a_poll_of_three_keeps_half_only():
    branch = Branch(3)
    round = branch.polled(marks=[(0, 3, 1), (1, 3, 3), (2, 3, 3)])
    assert [*graded_of(round).values_list("half", flat=True)] == [True, False, False]
    assert {row[1:] for row in kept(round)} == {("", None, None, None, None)}
    assert lawful()


def test_a_poll_of_five_keeps_numbers_and_of_twelve_hides_the_one_dissenter():
    five = Branch(5).polled(marks=[(0, 1, 1, 1, None)] * 4 + [(1, 1, 3, None, None)])
    assert [f.tally_words for f in graded_of(five)] == [
        "优秀 4，合格 1，基本合格 0，不合格 0",
        "超过九成评为合格",
        "优秀 0，合格 4，基本合格 0，不合格 1",
        "优秀 0，合格 4，基本合格 0，不合格 0",
        "优秀 0，合格 0，基本合格 0，不合格 0",
    ]
    Finding.rows.all().delete()
    Round.rows.all().delete()
    twelve = Branch(12).polled(marks=[(1,) * 12] * 11 + [(3, *[1] * 11)])
    assert kept(twelve) == {(None, "qualified", None, None, None, None)}
    assert lawful()


def test_ballots_are_at_most_as_many_as_are_present(branch):
    round = branch.held(present=4)
    for issued in (0, 5):
        with pytest.raises(ValidationError, match="APR-05"):
            actions.open_poll(round, actor=branch.secretary, issued=issued)
    assert len(actions.open_poll(round, actor=branch.secretary, issued=4)) == 4


def test_a_poll_without_a_valid_ballot_is_not_counted(branch):
    round = branch.held()
    number, *_rest = actions.open_poll(round, actor=branch.secretary, issued=6)
    cast(number, (None,) * 6)
    with pytest.raises(ValidationError, match="没有有效"):
        actions.count_poll(round, actor=branch.secretary)
    assert again(round).is_polling


@pytest.mark.parametrize("lost", [False, True])
def test_a_void_poll_is_held_again(branch, lost):
    round = branch.held()
    number, *_rest = actions.open_poll(round, actor=branch.secretary, issued=6)
    cast(number, (3,) * 6)
    if lost:
        (keys.folder() / again(round).box.code).unlink()
        with pytest.raises(ValidationError, match="打不开"):
            actions.count_poll(round, actor=branch.secretary)
    round = actions.void_poll(round, actor=branch.secretary)
    assert (round.state, round.box_id, round.issued) == ("held", None, None)
    with pytest.raises(ValidationError, match="已经结束"):
        cast(number, (3,) * 6)
    number, *_rest = actions.open_poll(round, actor=branch.secretary, issued=6)
    cast(number, (0,) * 6)
    round = actions.count_poll(round, actor=branch.secretary)
    assert (round.returned, kept(round)) == (1, {(True, "", None, None, None, None)})
    assert lawful()


def test_a_changed_name_moves_no_tally(branch):
    round = branch.held()
    numbers = actions.open_poll(round, actor=branch.secretary, issued=6)
    first = graded_of(round)[0]
    for number in numbers[:5]:
        cast(number, (3, 3, 1, 1, 1, 1) if number == numbers[0] else (3, 1, 1, 1, 1, 1))
    type(first.member).rows.filter(pk=first.member_id).update(name="乙", name_py="zzz")
    round = actions.count_poll(round, actor=branch.secretary)
    assert graded_of(round)[0].pk == first.pk and graded_of(round)[0].nearly_all == "unqualified"


def test_a_poll_on_paper_of_thirty_is_kept_by_the_same_rule():
    branch = Branch(30)
    round = branch.held()
    graded = [*graded_of(round)]
    counts = {f.pk: (28 - at % 2, at % 2, 0, 0) if at else (5, 20, 2, 1) for at, f in enumerate(graded)}
    given = {"issued": 30, "returned": 29, "valid": 28, "counts": counts}
    for wrong, words in (
        ({"returned": 31}, "依次不减"),
        ({"issued": 31}, "依次不减"),
        ({"valid": 0}, "依次不减"),
        ({"counts": {graded[0].pk: (1, 1, 1, 1)}}, "每名"),
        ({"counts": counts | {graded[3].pk: (28, 1, 0, 0)}}, "之和"),
        ({"counts": counts | {graded[3].pk: (-1, 1, 0, 0)}}, "之和"),
    ):
        with pytest.raises(ValidationError, match=words):
            actions.enter_paper_poll(round, actor=branch.secretary, **given | wrong)
    round = actions.enter_paper_poll(round, actor=branch.secretary, **given)
    assert graded_of(round)[0].tally_words == "优秀 5，合格 20，基本合格 2，不合格 1"
    assert kept(round) == {(None, "", 5, 20, 2, 1), (None, "excellent", None, None, None, None)}
    assert "counts" not in str(Event.objects.filter(action="reviews.round.enter_paper").last().detail)
    assert lawful()


def test_few_ballots_on_paper_leave_no_numbers():
    branch = Branch(4)
    round = branch.held()
    counts = {f.pk: (1, 1, 1, 1) for f in graded_of(round)}
    round = actions.enter_paper_poll(
        round, actor=branch.secretary, issued=4, returned=4, valid=4, counts=counts
    )
    assert kept(round) == {(True, "", None, None, None, None)}


# Grades -----------------------------------------------------------------------------------------------------


def test_a_third_may_be_excellent_and_more_with_the_committees_words(branch):
    round = branch.graded(excellent=2)
    with pytest.raises(ValidationError, match="没有超过"):
        actions.waive_share(round, actor=branch.committee, waiver="确有理由")
    round = actions.decide_grades(round, actor=branch.secretary, grades=branch.grades(excellent=3))
    with pytest.raises(ValidationError, match="APR-03"):
        actions.tell(round, actor=branch.secretary)
    with pytest.raises(PermissionDenied):
        actions.waive_share(round, actor=branch.secretary, waiver="确有理由")
    with pytest.raises(ValidationError, match="理由"):
        actions.waive_share(round, actor=branch.committee, waiver=" ")
    round = actions.waive_share(round, actor=branch.committee, waiver="抗洪一线党支部")
    # Decided anew, it is asked anew.
    round = actions.decide_grades(round, actor=branch.secretary, grades=branch.grades(excellent=4))
    assert round.waiver == ""
    round = actions.waive_share(round, actor=branch.committee, waiver="抗洪一线党支部")
    assert actions.tell(round, actor=branch.secretary).state == "told"


def test_everybody_graded_gets_one_of_four_grades_and_nobody_else(branch):
    round = branch.polled()
    grades = branch.grades()
    young = Finding.rows.get(round=round, member=branch.young).pk
    first = next(iter(grades))
    for wrong in ({}, grades | {first: "good"}, grades | {first: ""}, grades | {young: "qualified"}):
        with pytest.raises(ValidationError, match="APR-02"):
            actions.decide_grades(round, actor=branch.secretary, grades=wrong)
    assert not Finding.rows.exclude(grade="").exists()


def test_grades_and_words_are_in_no_event(branch):
    member = branch.formal[0]
    finding = Finding.rows.get(round=branch.opened(), member=member)
    actions.assess(finding, actor=branch.self_of(member), words="一段自评")
    Finding.rows.all().delete()
    Round.rows.all().delete()
    branch.closed()
    events = Event.objects.filter(action__startswith="reviews.")
    said = str([*events.values_list("detail", "changes")])
    assert "一段自评" not in said and "grades" not in said and "'qualified'" not in said


# Who may ----------------------------------------------------------------------------------------------------


def test_the_branch_runs_its_committee_oversees_and_from_above_nobody_reaches_in(branch):
    for actor in (branch.above, branch.next_door, branch.self_of(branch.formal[0]), NOBODY):
        with pytest.raises(PermissionDenied):
            actions.open_round(branch.branch, actor=actor, year=2026)
    round = actions.open_round(branch.branch, actor=branch.committee, year=2026)
    for actor in (branch.above, branch.next_door):
        with pytest.raises(PermissionDenied):
            actions.hold_meeting(round, actor=actor, held_on=TODAY, present=6)
        with pytest.raises(PermissionDenied):
            actions.cancel(round, actor=actor)
    with pytest.raises(PermissionDenied):
        actions.cancel(round, actor=branch.secretary)
    Round.rows.all().delete()
    round = branch.reported()
    for actor in (branch.secretary, branch.above):
        with pytest.raises(PermissionDenied):
            actions.close_round(round, actor=actor)


def test_nobody_writes_about_himself_but_himself_and_before_the_meeting(branch):
    round = branch.opened()
    member = branch.formal[0]
    finding = Finding.rows.get(round=round, member=member)
    for actor in (branch.secretary, branch.committee, branch.self_of(branch.formal[1]), branch.above):
        with pytest.raises(PermissionDenied):
            actions.assess(finding, actor=actor, words="代写")
    me = branch.self_of(member)
    with pytest.raises(ValidationError, match="1000"):
        actions.assess(finding, actor=me, words="字" * 1001)
    assert actions.assess(finding, actor=me, words=" 努力 ").words == "努力"
    actions.hold_meeting(round, actor=branch.secretary, held_on=TODAY, present=6)
    with pytest.raises(ValidationError, match="不能再改"):
        actions.assess(finding, actor=me, words="再写")


# What is kept -----------------------------------------------------------------------------------------------


def test_after_three_years_the_findings_go_and_the_numbers_stay(branch):
    branch.closed()
    for days, gone in ((Finding.KEPT_DAYS - 1, 0), (Finding.KEPT_DAYS, 7)):
        Round.rows.update(closed_on=TODAY - timedelta(days=days))
        assert purge("reviews.findings") == {"reviews.findings": gone}
    assert Appraisal.rows.get().found == 6 and lawful()


def test_cancelled_it_leaves_nothing_about_anybody(branch):
    round = branch.held()
    actions.open_poll(round, actor=branch.secretary, issued=6)
    round = actions.cancel(round, actor=branch.committee)
    assert not Finding.rows.exists() and BallotBox.objects.get().state == "void"
    assert lawful() and branch.opened().pk != round.pk


def test_own_words_go_with_who_one_was(branch):
    finding = Finding.rows.get(round=branch.opened(), member=branch.formal[0])
    actions.assess(finding, actor=branch.self_of(branch.formal[0]), words="自评")
    system = actor_of(GrantFactory(role="data_protection_officer", organization=branch.county).user)
    end_membership(branch.formal[0], actor=branch.committee, standing="deceased", on=TODAY)
    branch.formal[0].refresh_from_db()
    erase_member(branch.formal[0], actor=system, document="组字1号")
    assert Finding.rows.get(pk=finding.pk).words == ""


def test_a_branch_does_not_close_in_the_middle(branch):
    branch.opened()
    with pytest.raises(ValidationError, match="未办结的民主评议"):
        refuse_open(branch.branch, actor=branch.committee, on=timezone.localdate(), change="close")


@pytest.mark.parametrize(
    "harm",
    [
        lambda: Finding.rows.filter(part="graded").update(grade=""),
        lambda: Appraisal.rows.all().delete(),
        lambda: Appraisal.rows.update(found=5),
        lambda: Finding.rows.filter(part="attending").update(half=True),
        lambda: Round.rows.update(valid=4),
        lambda: BallotBox.objects.update(state="void", receipts=None),
        lambda: BallotBox.objects.update(state="open", receipts=None, sealed=b"x", paper={}),
    ],
)
def test_the_law_finds_what_is_incomplete(branch, harm):
    branch.closed()
    assert lawful()
    harm()
    (law,) = verify("appraisal.complete")
    assert law["violations"] and law["checked"] == 1


def test_what_is_sent_back_is_graded_told_and_reported_anew(branch):
    round = branch.reported()
    with pytest.raises(PermissionDenied):
        actions.send_back(round, actor=branch.secretary)
    round = actions.send_back(round, actor=branch.committee)
    assert (round.state, round.told_on, round.reported_on) == ("graded", None, None)
    with pytest.raises(ValidationError):
        actions.close_round(round, actor=branch.committee)
    round = actions.decide_grades(round, actor=branch.secretary, grades=branch.grades(1))
    round = actions.report(actions.tell(round, actor=branch.secretary), actor=branch.secretary)
    assert actions.close_round(round, actor=branch.committee).excellent == 1
    assert lawful()
