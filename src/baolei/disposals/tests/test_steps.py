"""Each step: done in order by the body whose it is, refused otherwise, with what it leaves in the register."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from baolei.accounts.models import Grant
from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import GrantFactory
from baolei.disposals import queries
from baolei.disposals.models import Disposal, Entry
from baolei.disposals.tests.way import AGAINST, Way, day
from baolei.kernel.laws import verify
from baolei.kernel.models import Event
from baolei.kernel.votes import Vote
from baolei.members.actions import end_membership, move_member
from baolei.members.models import Member, Membership
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.actions import close_organization, merge_organization, move_organization
from baolei.organizations.kinds import Kind
from baolei.organizations.tests.factories import PAPER, make_branch, make_organization
from baolei.transfers.actions import accept, ask, release, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture
def way(db, time_machine):
    time_machine.move_to("2026-11-30T02:00:00Z", tick=False)
    return Way()


@pytest.fixture(autouse=True)
def law_holds(way):
    yield
    broken = [law for law in verify("disposals.") + verify("members.") if law["violations"]]
    assert not broken, broken


def refused(words: str):
    return pytest.raises(ValidationError, match=words)


def live(disposal) -> list[tuple[str, str]]:
    rows = Entry.rows.filter(disposal=disposal, over="").order_by("pk")
    return [*rows.values_list("step", "result")]


def test_a_removal_goes_its_whole_way(way):
    disposal = way.until("execute")
    assert live(disposal) == [
        ("open", ""),
        ("talk", ""),
        ("meet", "passed"),
        ("report", ""),
        ("approve", "approved"),
        ("tell", ""),
        ("execute", ""),
    ]
    assert (disposal.state, disposal.due_on, disposal.closed_on) == ("executed", None, date(2026, 5, 6))
    assert disposal.appeal_until == date(2026, 3, 26)  # thirty days after being told
    member = Member.rows.get(pk=way.member.pk)
    assert (member.standing, member.left_on) == ("removed", date(2026, 5, 6))
    bodies = dict(Entry.rows.values_list("step", "organization"))
    assert bodies["approve"] == way.town.pk and bodies["execute"] == way.branch.pk


def test_no_event_tells_what_is_proposed_and_why(way):
    way.until("appeal", "decide", "execute")
    events = Event.objects.filter(action__startswith="disposals.")
    assert events.count() == 9
    told = "".join(f"{event.detail}{event.changes}" for event in events)
    assert not [word for word in ("31.1", "'remove'", "yes=", "upheld", "passed") if word in told]


@pytest.mark.parametrize(
    ("kind", "ground", "lapse", "standing"),
    [
        ("advise_out", "31.2", "", "advised_out"),
        ("self_lapsed", "31.6", "dues", "removed"),
    ],
)
def test_other_ways_out_end_as_the_register_calls_them(way, kind, ground, lapse, standing):
    way.until("execute", kind=kind, ground=ground, lapse=lapse)
    assert Member.rows.get(pk=way.member.pk).standing == standing


def test_who_is_advised_and_leaves_needs_no_days_of_appealing(way):
    disposal = way.until(kind="advise_out", ground="31.4")
    assert way.take(disposal, "execute", on=day("2026-02-25")).state == "executed"


def test_nobody_is_removed_before_the_days_of_appealing_are_over(way):
    disposal = way.until()
    with refused("到 2026-03-26 为止可以申诉"):
        way.take(disposal, "execute", on=day("2026-03-26"))
    assert way.take(disposal, "execute", on=day("2026-03-27")).state == "executed"


@pytest.mark.parametrize(
    ("kind", "ground", "lapse"),
    [
        ("rectify", "31.1", ""),
        ("remove", "30", ""),
        ("self_lapsed", "31.6", ""),
        ("remove", "31.1", "dues"),
        ("remove", "31.6", "dues"),
        ("remind", "29", ""),
        ("remove", "32", ""),
    ],
)
def test_a_kind_needs_a_ground_that_offers_it(way, kind, ground, lapse):
    with refused("依据不适用|哪一种情形"):
        way.opened(kind=kind, ground=ground, lapse=lapse)
    assert not Disposal.rows.exists()


def test_criticism_and_reminder_talks_are_a_day_and_nothing_more(way):
    for kind, ground in (("criticise", "29"), ("remind", "28"), ("remind", "28")):
        disposal = way.opened(kind=kind, ground=ground)
        assert (disposal.state, disposal.closed_on) == ("recorded", date(2026, 1, 5))
    with refused("现在是“已记录”"):
        way.take(disposal, "talk")


def test_who_is_on_probation_is_extended_or_cancelled_instead(way):
    member = MemberFactory(branch=way.branch, standing="probationary", joined_on=date(2025, 12, 1))
    for kind, ground in (("advise_out", "31.1"), ("rectify", "30"), ("remove", "31.3")):
        with refused("延长预备期或者取消预备党员资格"):
            way.opened(member=member, kind=kind, ground=ground)
    assert way.opened(member=member, kind="remind", ground="28").state == "recorded"


def test_one_at_a_time_and_only_of_who_counts(way):
    way.opened()
    with refused("有一件组织处置正在办理"):
        way.opened(kind="rectify", ground="30")
    with refused("已不在册"):
        way.opened(member=MemberFactory(branch=way.branch, standing="deceased", left_on=date(2025, 1, 1)))
    with refused("不能晚于今天"):
        way.opened(kind="remind", ground="28", on="2026-12-01")


def test_no_step_is_left_out_or_done_twice(way):
    disposal = way.opened()
    for step in ("meet", "report", "approve", "tell", "appeal", "decide", "execute", "refuse", "review"):
        with refused("现在是“核实中”"):
            way.take(disposal, step)
    way.take(disposal, "talk")
    with refused("现在是“已同本人谈话”"):
        way.take(disposal, "talk")
    assert live(disposal) == [("open", ""), ("talk", "")]


def test_days_are_in_order_and_not_in_the_future(way):
    disposal = way.opened()
    for on in ("2026-01-04", "2026-12-01"):
        with refused("日期不能晚于今天，也不能早于上一步"):
            way.take(disposal, "talk", on=day(on))
    assert way.take(disposal, "talk", on=day("2026-01-05")).state == "talked"


@pytest.mark.parametrize(
    ("vote", "words"),
    [
        (Vote(expected=5, present=2, yes=2, no=0, abstain=0, written=2), "没有超过应到会 5 人的半数"),
        (Vote(expected=6, present=6, yes=6, no=0, abstain=0), "应到会人数多于"),
    ],
)
def test_a_meeting_needs_a_quorum_of_those_whom_the_register_counts(way, vote, words):
    disposal = way.advanced("talk")
    with refused(words):
        way.take(disposal, "meet", vote=vote)


def test_half_is_not_more_than_half(way):
    even = Vote(expected=4, present=4, yes=2, no=2, abstain=0)
    disposal = way.take(way.advanced("talk"), "meet", vote=even)
    assert (disposal.state, disposal.closed_on) == ("not_passed", date(2026, 1, 20))
    with refused("现在是“支部大会未通过”"):
        way.take(disposal, "report")


def test_written_opinions_count_as_votes(way):
    written = Vote(expected=5, present=3, yes=3, no=0, abstain=1, written=1)
    assert way.take(way.advanced("talk"), "meet", vote=written).state == "met"


def test_only_the_committee_nearest_above_approves(way):
    disposal = way.advanced("report")
    assert disposal.approver == way.town  # not the general branch (ADM-06)
    general = way.actor("committee_officer", way.general)
    for actor in (way.secretary, general, way.above, way.own):
        with pytest.raises(PermissionDenied):
            way.take(disposal, "approve", actor=actor)
    with refused("请填写文号"):
        way.take(disposal, "approve", document=" ")
    assert way.take(disposal, "approve").state == "approved"


def test_what_is_sent_back_is_discussed_anew_and_the_old_vote_stays(way):
    disposal = way.advanced("report")
    way.take(disposal, "approve", result="sent_back", document="")
    assert (disposal.state, live(disposal)) == ("talked", [("open", ""), ("talk", "")])
    over = Entry.rows.filter(over="again").values_list("step", "yes")
    assert {*over} == {("meet", 3), ("report", None), ("approve", None)}
    way.take(disposal, "meet", on=day("2026-03-01"))
    assert live(disposal)[-1] == ("meet", "passed")


def test_what_is_not_approved_is_over(way):
    disposal = way.take(way.advanced("report"), "approve", result="not_approved")
    assert (disposal.state, disposal.closed_on) == ("not_approved", date(2026, 2, 20))
    assert Member.rows.get(pk=way.member.pk).standing == "formal"


def test_the_branch_does_its_own_steps(way):
    disposal = way.advanced("talk")
    other = way.actor("branch_secretary", make_branch(way.town))
    for actor in (way.above, other, way.own):
        with pytest.raises(PermissionDenied):
            way.take(disposal, "meet", actor=actor)
    assert way.take(disposal, "meet", actor=way.officer).state == "met"  # for a branch without an account


def test_a_committee_between_does_not_act_from_above_the_one_that_approves(way):
    """The branch stands under a basic committee: the township above it is not near."""
    basic = make_organization(way.town, kind=Kind.BASIC_COMMITTEE)
    branch = make_branch(basic)
    member = MemberFactory(branch=branch)
    with pytest.raises(PermissionDenied):
        way.opened(member=member, actor=way.officer)
    disposal = way.opened(member=member, actor=way.actor("committee_officer", basic))
    assert disposal.approver == basic
    assert not queries.seen(way.officer).filter(pk=disposal.pk).exists()


def test_nobody_acts_about_himself(way):
    """The secretary himself is the one, and the officer of the committee is, too."""
    for role, place in (("branch_secretary", way.branch), ("township_officer", way.town)):
        GrantFactory(user=way.user, role=role, organization=place)
    himself = actor_of(way.user)
    with pytest.raises(PermissionDenied):
        way.opened(actor=himself)
    disposal = way.advanced("talk")
    for step in ("meet", "report", "approve", "tell"):
        with pytest.raises(PermissionDenied):
            way.take(disposal, step, actor=himself)
        way.take(disposal, step)
    assert way.take(disposal, "appeal", actor=himself).state == "appealed"


# Appeals ---------------------------------------------------------------------------------------------------


def test_the_member_appeals_and_the_committee_above_decides(way):
    disposal = way.until("appeal")
    assert (disposal.state, disposal.appeal_to) == ("appealed", way.county)
    with refused("现在是“申诉处理中”"):
        way.take(disposal, "execute")
    for actor in (way.officer, way.secretary):  # who approved does not decide
        with pytest.raises(PermissionDenied):
            way.take(disposal, "decide", actor=actor)
    way.take(disposal, "decide")
    with refused("已经申诉过"):
        way.take(disposal, "appeal", on=day("2026-04-21"))
    assert way.take(disposal, "execute").state == "executed"


def test_a_revoked_decision_leaves_the_membership_as_it_was(way):
    disposal = way.take(way.until("appeal"), "decide", result="revoked")
    assert (disposal.state, disposal.closed_on) == ("revoked", date(2026, 4, 20))
    spells = Membership.rows.filter(member=way.member)
    assert [spell.during.upper for spell in spells] == [None]
    with refused("现在是“申诉后撤销”"):
        way.take(disposal, "execute")


def test_an_appeal_may_only_make_it_lighter(way):
    disposal = way.until("appeal", kind="advise_out", ground="31.1")
    for kind in ("remove", "advise_out", ""):
        with refused("较轻的处置"):
            way.take(disposal, "decide", result="changed", kind=kind)
    with refused("请填写改正期限"):
        way.take(disposal, "decide", result="changed", kind="rectify")
    way.take(disposal, "decide", result="changed", kind="rectify", until=day("2027-04-20"))
    assert (disposal.kind, disposal.state, disposal.until) == ("rectify", "told", date(2027, 4, 20))
    assert disposal.due_on == date(2027, 5, 20)


def test_an_appeal_has_a_last_day_and_needs_somebody_above(way):
    disposal = way.until()
    with refused("申诉期限到 2026-03-26"):
        way.take(disposal, "appeal", on=day("2026-03-27"))
    with pytest.raises(PermissionDenied):
        way.take(disposal, "appeal", actor=way.above)  # nobody above speaks for the member
    stranger = way.person(MemberFactory(branch=way.branch))
    with pytest.raises(PermissionDenied):
        way.take(disposal, "appeal", actor=stranger)
    assert way.take(disposal, "appeal", actor=way.secretary, on=day("2026-03-26")).state == "appealed"


def test_without_a_committee_above_an_appeal_goes_on_paper(way):
    alone = make_branch(make_organization(kind=Kind.LOCAL_COMMITTEE))
    member = MemberFactory(branch=alone)
    for _ in range(4):
        MemberFactory(branch=alone)
    way.secretary, way.officer = (
        way.actor("branch_secretary", alone),
        way.actor("department_officer", alone.parent),
    )
    disposal = way.until(member=member)
    with refused("没有可以处理申诉的党委"):
        way.take(disposal, "appeal", actor=way.person(member))


# Rectification -----------------------------------------------------------------------------------------------


def test_a_rectification_lasts_a_year_at_most(way):
    disposal = way.advanced("report", kind="rectify", ground="30")
    for until in (None, day("2026-02-20"), day("2027-02-21")):
        with refused("不超过一年（DSP-01）"):
            way.take(disposal, "approve", until=until)
    way.take(disposal, "approve", until=day("2027-02-20"))
    assert disposal.is_rectifying and disposal.until == date(2027, 2, 20)


def test_only_a_rectification_has_a_last_day(way):
    with refused("只有限期改正才填"):
        way.take(way.advanced("report"), "approve", until=day("2026-03-01"))


def test_who_corrects_himself_is_done_before_the_last_day(way):
    disposal = way.until(kind="rectify", ground="30")
    assert disposal.due_on == date(2026, 9, 19)  # thirty days after the last one
    with refused("改正期限到 2026-08-20"):
        way.take(disposal, "review", on=day("2026-08-20"))
    with refused("党籍不变"):
        way.take(disposal, "execute")
    way.take(disposal, "review", result="corrected", on=day("2026-06-01"))
    assert (disposal.state, disposal.closed_on) == ("corrected", date(2026, 6, 1))
    with refused("期满没有转变的"):
        way.opened(kind="advise_out", ground="31.5")


def test_no_change_opens_the_way_out_and_a_refusal_the_removal(way):
    """DSP-06, each with its own meeting and approval."""
    rectified = way.until("review", kind="rectify", ground="30")
    with refused("坚持不退的"):
        way.opened(kind="refused_removed", ground="31.5", on="2026-09-01")
    advised = way.opened(kind="advise_out", ground="31.5", on="2026-09-01")
    assert advised.follows == rectified
    with refused("后面已经据此提出"):
        way.take(rectified, "correct", actor=way.secretary)
    days = {"talk": "2026-09-02", "meet": "2026-09-10", "report": "2026-09-11", "approve": "2026-09-15"}
    for step, on in (days | {"tell": "2026-09-16", "refuse": "2026-09-20"}).items():
        way.take(advised, step, on=day(on))
    assert advised.state == "refused"
    with refused("按同一依据"):
        way.opened(kind="refused_removed", ground="31.1", on="2026-09-21")
    cancelled = way.opened(kind="refused_removed", ground="31.5", on="2026-09-21")
    way.take(cancelled, "cancel")
    removed = way.opened(kind="refused_removed", ground="31.5", on="2026-09-21")
    assert cancelled.follows == removed.follows == advised
    for step in days:
        way.take(removed, step, on=day("2026-09-22"))
    way.take(removed, "tell", on=day("2026-09-22"))
    way.take(removed, "execute", on=day("2026-10-23"))
    assert Member.rows.get(pk=way.member.pk).standing == "removed"


# Mistakes, and what happens beside ---------------------------------------------------------------------------


def test_a_mistake_is_put_over_and_stays(way):
    disposal = way.take(way.advanced("talk"), "meet", vote=AGAINST)
    with pytest.raises(PermissionDenied):
        way.take(disposal, "correct", actor=way.own)
    way.take(disposal, "correct", actor=way.secretary)
    assert (disposal.state, disposal.closed_on, disposal.due_on) == ("talked", None, date(2026, 2, 9))
    way.take(disposal, "meet")
    rows = Entry.rows.filter(step="meet").order_by("pk").values_list("result", "over")
    assert [*rows] == [("failed", "corrected"), ("passed", "")]


def test_the_committee_corrects_its_own_step_and_nobody_the_appeal_or_the_register(way):
    disposal = way.advanced("approve", kind="rectify", ground="30")
    with pytest.raises(PermissionDenied):
        way.take(disposal, "correct", actor=way.secretary)
    way.take(disposal, "correct", actor=way.officer)
    assert (disposal.state, disposal.until) == ("reported", None)
    for step in ("approve", "tell", "appeal"):
        way.take(disposal, step)
    with refused("不能这样更正"):
        way.take(disposal, "correct", actor=way.secretary)
    way.take(disposal, "decide", result="revoked")
    way.take(disposal, "correct", actor=way.above)
    assert disposal.state == "appealed"


def test_an_executed_one_is_not_corrected_and_an_approved_one_not_cancelled(way):
    disposal = way.until()
    with refused("现在是“已告知本人”"):
        way.take(disposal, "cancel")
    way.take(disposal, "execute")
    with refused("列入党员名册"):
        way.take(disposal, "correct", actor=way.secretary)


def test_death_ends_what_is_open(way):
    disposal = way.advanced("meet")
    end_membership(way.member, actor=way.secretary, standing="deceased", on=date(2026, 11, 1))
    disposal.refresh_from_db()
    assert (disposal.state, disposal.closed_on) == ("ended", date(2026, 11, 30))
    with refused("现在是“党籍因其他原因终止”"):
        way.take(disposal, "report")


def test_between_meeting_and_execution_the_member_stays(way):
    there, near = (
        make_branch(make_organization(way.county, kind=Kind.TOWNSHIP_COMMITTEE)),
        make_branch(way.town),
    )
    disposal = way.advanced("talk")
    asked = ask(way.member, actor=way.secretary, receiver=there)
    way.take(disposal, "meet")
    with refused("组织处置正在办理"):
        release(asked, actor=way.officer)
    withdraw(asked, actor=way.secretary)
    with refused("组织处置正在办理"):
        move_member(way.member, actor=way.officer, branch=near, on=date(2026, 11, 30))
    with refused("组织处置正在办理"):
        ask(way.member, actor=way.secretary, receiver=there)


def test_a_rectification_runs_on_in_another_branch_under_its_committee(way):
    other = make_organization(way.county, kind=Kind.TOWNSHIP_COMMITTEE)
    there = make_branch(other)
    disposal = way.until(kind="rectify", ground="30")
    moved = release(ask(way.member, actor=way.secretary, receiver=there), actor=way.officer)
    accept(moved, actor=way.actor("township_officer", other))
    disposal.refresh_from_db()
    assert (disposal.branch, disposal.approver) == (there, other)
    with pytest.raises(PermissionDenied):
        way.take(disposal, "review", on=day("2026-11-30"))
    new = way.actor("branch_secretary", there)
    assert way.take(disposal, "review", actor=new, on=day("2026-11-30")).state == "no_change"


def test_a_branch_with_an_open_one_does_not_close_and_a_merge_takes_it_along(way):
    disposal = way.advanced("meet")
    into = make_branch(way.town)
    Grant.rows.filter(organization=way.branch).delete()
    given = PAPER | {"actor": way.officer, "on": date(2026, 11, 30)}
    with refused("在办的组织处置"):
        close_organization(way.branch, **given)
    merge_organization(way.branch, into=into, **given)
    disposal.refresh_from_db()
    assert (disposal.branch, disposal.approver) == (into, way.town)


def test_a_branch_that_goes_under_another_committee_takes_its_disposals_there(way):
    other = make_organization(way.county, kind=Kind.TOWNSHIP_COMMITTEE)
    disposal = way.advanced("report")
    move_organization(way.branch, actor=way.above, parent=other, on=date(2026, 11, 30), **PAPER)
    disposal.refresh_from_db()
    assert disposal.approver == other
    with pytest.raises(PermissionDenied):
        way.take(disposal, "approve")
    there = way.actor("township_officer", other)
    assert way.take(disposal, "approve", actor=there).state == "approved"


def test_the_database_holds_what_must_hold(way):
    disposal = way.advanced("meet")
    broken = (
        {"state": "executed"},  # over, with a clock
        {"kind": "remind"},
        {"lapse": "dues"},
        {"ground": "31.5"},  # follows nothing
        {"until": date(2026, 3, 1)},
        {"state": "appealed"},
    )
    for change in broken:
        with pytest.raises(IntegrityError), transaction.atomic():
            Disposal.rows.filter(pk=disposal.pk).update(**change)
    entry = {"disposal": disposal, "branch": way.branch, "organization": way.branch, "on": date(2026, 3, 1)}
    entry |= {"state": "approved", "kind": "remove"}
    for change in (
        {"step": "approve", "result": "approved"},
        {"step": "meet", "over": "again"},
        {"step": "talk"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.rows.create(**entry | change)
