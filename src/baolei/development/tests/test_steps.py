"""The 25 steps: who, when, in what order, with what result; each refusal names its rule (domain 2.1)."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from baolei.development import actions
from baolei.development.models import Applicant, Entry, Helper, Notice
from baolei.development.tests.way import ALL, DAYS, Way
from baolei.kernel.laws import verify
from baolei.kernel.votes import Vote
from baolei.members.models import Member, Membership
from baolei.members.tests.factories import MemberFactory, make_id_number
from baolei.organizations.tests.factories import make_branch, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-11-30T02:00:00Z", tick=False)
    return time_machine


@pytest.fixture
def way(db):
    return Way()


def lawful() -> bool:
    found = verify("development.order") + verify("members.one-branch-a-day")
    assert len(found) == 2
    return not any(law["violations"] for law in found)


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_from_application_to_full_member(way):
    applicant = way.until(25)
    member = applicant.member
    assert (applicant.stage, applicant.step, applicant.outcome) == ("converted", 25, "converted_on_time")
    assert (member.name, member.standing) == ("申试行", "formal")
    # ADM-01: joined on the day of the meeting; ADM-04: converted at the end of probation, not on a day of approval.
    assert (member.joined_on, member.converted_on) == (day("2025-07-15"), day("2026-07-15"))
    spell = Membership.rows.get(member=member)
    assert (spell.branch, spell.since, spell.until) == (way.branch, day("2025-07-15"), None)
    assert applicant.ended_on == day(DAYS[24])
    assert bytes(applicant.id_sealed) == b"" and applicant.id_hash is None
    assert Entry.rows.filter(applicant=applicant, over="").count() == 25
    assert lawful()


def test_stages_and_clocks_follow_the_steps(way):
    applicant = way.applied()
    assert (applicant.stage, applicant.due_on) == ("applicant", day("2024-02-10"))  # ADMIT 7
    assert way.take(applicant, 2).due_on is None
    applicant = way.take(applicant, 3)
    assert (applicant.stage, applicant.activist_on) == ("activist", day("2024-06-03"))
    assert applicant.due_on == day("2024-12-03")  # half a year, ADMIT 11
    applicant = way.until(8, applicant, 4)
    assert (applicant.stage, applicant.due_on) == ("development_target", None)
    applicant = way.until(13, applicant, 9)
    assert applicant.due_on == day("2025-08-05")
    applicant = way.until(15, applicant, 14)
    assert applicant.due_on == day("2025-10-15")
    applicant = way.until(17, applicant, 16)
    assert (applicant.stage, applicant.probation_until) == ("probationary", day("2026-07-15"))
    assert applicant.due_on == day("2026-01-15")
    applicant = way.until(21, applicant, 18)
    assert applicant.due_on == day("2026-07-15")
    applicant = way.until(23, applicant, 22)
    assert applicant.due_on == day("2026-10-20")
    assert lawful()


REFUSED = [
    (3, {"on": "2024-06-03"}, "第 2 步", 1),
    (2, {"on": "2024-01-09"}, "不能早于前一步", 1),
    (2, {"on": "2026-12-01"}, "不能晚于今天", 1),
    (5, {"people": ()}, "ADMIT 9", 4),
    (7, {"on": "2025-06-02"}, "最早 2025-06-03 可以确定为发展对象（ADMIT 13）", 6),
    (7, {"on": "2025-12-01"}, "最近半年内没有考察记录", 6),
    (8, {}, "请先公示，不少于 5 个工作日（ADM-07）", 7),
    (10, {"document": " "}, "文号", 9),
    (11, {"amount": 23}, "ADMIT 17", 10),
    (12, {"on": "2026-06-21"}, "政治审查结论的有效期到 2026-06-20", 11),
    (15, {"vote": None}, "请填写表决的人数", 14),
    (15, {"vote": Vote(expected=20, present=10, yes=10, no=0, abstain=0)}, "没有超过应到会 20 人的半数", 14),
    (17, {"on": "2025-10-16"}, "已超过三个月", 16),
    (17, {"on": "2026-01-16", "special": True}, "须从预审起重新办理", 16),
    (22, {"on": "2026-06-14"}, "最早 2026-06-15 可以提出（ADM-01）", 21),
    (23, {"on": "2026-07-14"}, "预备期到 2026-07-15 届满", 22),
    (23, {}, "ADM-07", 22),
    (24, {"on": "2026-07-19"}, "不能早于前一步", 23),
    (14, {}, "已经办过", 15),
]


@pytest.mark.parametrize(("number", "given", "words", "done"), REFUSED)
def test_a_step_is_refused_with_the_words_of_its_rule(way, number, given, words, done):
    applicant = way.until(done)
    entries = Entry.rows.count()
    with pytest.raises(ValidationError, match=words):
        way.take(applicant, number, **given)
    assert Entry.rows.count() == entries
    assert lawful()


def test_the_last_day_of_a_rule_is_good(way):
    applicant = way.until(6)
    applicant = way.take(applicant, 7, on="2025-06-03")
    assert applicant.step == 7
    later = way.until(16, way.applied(id_number=make_id_number(birth_date=date(1999, 1, 2))))
    assert way.take(later, 17, on="2025-10-15").stage == "probationary"
    special = way.until(16, way.applied(id_number=make_id_number(birth_date=date(1999, 1, 3))))
    assert way.take(special, 17, on="2026-01-15", special=True).stage == "probationary"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"on": "2018-05-03"}, "年满十八岁"),
        ({"on": "2026-12-01"}, "不能晚于今天"),
        ({"id_number": "222404200005040000"}, "有误"),
        ({"id_number": "'; DROP TABLE"}, "有误"),
    ],
)
def test_an_application_is_refused(way, given, words):
    with pytest.raises(ValidationError, match=words):
        way.applied(**given)
    assert not Applicant.rows.exists()


def test_eighteen_on_the_day_is_old_enough(way):
    assert way.applied(on="2018-05-04").step == 1


def test_who_is_in_a_register_gets_one_answer(way):
    number = make_id_number(birth_date=date(1998, 1, 1))
    way.applied(id_number=number)
    elsewhere = make_branch()
    for branch, actor in ((way.branch, way.secretary), (elsewhere, way.actor("branch_secretary", elsewhere))):
        with pytest.raises(ValidationError) as refused:
            way.applied(id_number=number, branch=branch, actor=actor)
        assert refused.value.code == "row.refused"
    way.until(17, Applicant.rows.get())
    with pytest.raises(ValidationError) as refused:
        way.applied(id_number=number)
    assert refused.value.code == "row.refused"


def test_branches_and_general_branches_cannot_approve(way):
    applicant = way.until(16)
    general = way.actor("committee_officer", way.general)
    for actor in (way.secretary, general):
        with pytest.raises(PermissionDenied):
            way.take(applicant, 17, actor=actor)  # ADM-06
    assert way.take(applicant, 17).stage == "probationary"


def test_an_officer_elsewhere_can_do_nothing(way):
    applicant = way.applied()
    stranger = way.actor("township_officer", make_organization())
    with pytest.raises(PermissionDenied):
        way.take(applicant, 2, actor=stranger)
    with pytest.raises(PermissionDenied):
        actions.stop(applicant, actor=stranger, leaving="withdrew")


def test_without_a_committee_above_nobody_files(way):
    alone = make_branch(make_organization(kind="general_branch"))
    secretary = way.actor("branch_secretary", alone)
    applicant = way.applied(branch=alone, actor=secretary)
    for number in (2, 3):
        way.take(applicant, number, actor=secretary)
    with pytest.raises(ValidationError, match="ADM-06"):
        way.take(applicant, 4, actor=way.actor("committee_officer", alone.parent))


def test_helpers_are_formal_members_of_the_branch(way):
    applicant = way.until(8)
    foreign = MemberFactory(branch=make_branch(way.town))
    probationary = MemberFactory(branch=way.branch, standing="probationary", converted_on=None)
    for other in (foreign, probationary):
        with pytest.raises(ValidationError, match="不是本党支部的正式党员"):
            way.take(applicant, 9, people=(way.members[0].pk, other.pk))
    with pytest.raises(ValidationError, match="两名正式党员"):
        way.take(applicant, 9, people=(way.members[0].pk, way.members[0].pk))
    way.take(applicant, 9)
    assert Helper.rows.filter(role="introducer", until=None).count() == 2


def test_what_failed_is_done_again_and_stays(way):
    applicant = way.until(14)
    applicant = way.take(applicant, 15, vote=Vote(expected=20, present=18, yes=10, no=8, abstain=0))
    assert Entry.rows.get(applicant=applicant, number=15).result == "failed"
    with pytest.raises(ValidationError, match="没有通过"):
        way.take(applicant, 16)
    applicant = actions.do_again(applicant, actor=way.secretary)
    applicant = way.take(applicant, 15, on="2025-07-25")
    assert [(e.result, e.over) for e in Entry.rows.filter(number=15).order_by("pk")] == [
        ("failed", "again"),
        ("passed", ""),
    ]
    way.take(applicant, 16, on="2025-07-26")
    assert way.take(applicant, 17).member.joined_on == day("2025-07-25")
    assert lawful()


def test_a_rejected_approval_starts_at_the_pre_examination(way):
    applicant = way.until(16)
    vote = Vote(expected=7, present=6, yes=3, no=3, abstain=0)
    applicant = way.take(applicant, 17, vote=vote)
    assert (applicant.stage, applicant.member) == ("development_target", None)
    applicant = actions.do_again(applicant, actor=way.secretary)
    assert applicant.step == 12
    assert not Member.rows.filter(name="申试行").exists()
    assert lawful()


def test_too_late_for_approval_the_branch_deliberates_once_more(way, today):
    today.move_to("2025-11-01T02:00:00Z", tick=False)
    applicant = way.until(16)
    assert actions.do_again(applicant, actor=way.secretary).step == 14
    with pytest.raises(ValidationError, match="没有要重新办理"):
        actions.do_again(applicant, actor=way.secretary)


def test_only_the_last_entry_is_corrected_and_it_stays(way):
    applicant = way.until(9)
    applicant = actions.correct(applicant, actor=way.secretary)
    assert applicant.step == 8
    assert not Helper.rows.filter(role="introducer", until=None).exists()
    gone = Entry.rows.get(applicant=applicant, number=9)
    assert (gone.over, gone.over_on) == ("corrected", day("2026-11-30"))
    with pytest.raises(PermissionDenied):
        actions.correct(applicant, actor=way.secretary)  # step 8 is the committee's
    assert actions.correct(applicant, actor=way.officer).stage == "activist"
    assert lawful()


def test_what_is_in_the_register_is_not_corrected_here(way):
    applicant = way.until(17)
    with pytest.raises(ValidationError, match="已经列入党员名册"):
        actions.correct(applicant, actor=way.officer)


def test_probation_is_extended_once(way):
    applicant = way.until(22)
    for months, words in ((5, "不少于六个月"), (13, "不超过一年"), (None, "不少于六个月")):
        with pytest.raises(ValidationError, match=words):
            way.noticed(applicant, "2026-07-06") if not Notice.rows.filter(kind="conversion") else None
            way.take(applicant, 23, result="extend", amount=months)
    way.take(applicant, 23, result="extend", amount=6)
    applicant = way.take(applicant, 24)
    assert (applicant.stage, applicant.probation_until, applicant.extended) == (
        "probationary",
        day("2027-01-15"),
        6,
    )
    assert applicant.step == 21
    with pytest.raises(ValidationError, match="最早 2026-12-15"):
        way.take(applicant, 22, on="2026-11-30")
    assert lawful()


def test_after_the_extension_it_is_converted_or_cancelled(way, today):
    applicant = way.until(22)
    way.noticed(applicant, "2026-07-06")
    way.take(applicant, 23, result="extend", amount=6)
    applicant = way.take(applicant, 24)
    today.move_to("2027-03-01T02:00:00Z", tick=False)
    way.take(applicant, 22, on="2027-01-10")
    way.noticed(applicant, "2027-01-11")
    with pytest.raises(ValidationError, match="只能延长一次"):
        way.take(applicant, 23, on="2027-01-20", result="extend", amount=6)
    way.take(applicant, 23, on="2027-01-20")
    applicant = way.take(applicant, 24, on="2027-02-01")
    assert (applicant.outcome, applicant.member.converted_on) == (
        "converted_after_extension",
        day("2027-01-15"),
    )
    assert lawful()


def test_a_cancellation_ends_the_membership_before_or_at_expiry(way):
    early = way.until(21)
    early = way.take(early, 23, on="2026-03-02", result="cancel")
    early = way.take(early, 24, on="2026-03-20")
    assert (early.stage, early.outcome) == ("left", "cancelled_before_expiry")
    member = Member.rows.get(pk=early.member_id)
    assert (member.standing, member.left_on) == ("probation_cancelled", day("2026-03-20"))
    late = way.until(22, way.applied(id_number=make_id_number(birth_date=date(1999, 9, 9))))
    way.take(late, 23, result="cancel")
    assert way.take(late, 24).outcome == "cancelled_at_expiry"
    assert lawful()


def test_a_vote_that_does_not_pass_decides_nothing_about_probation(way):
    applicant = way.until(22)
    way.noticed(applicant, "2026-07-06")
    with pytest.raises(ValidationError, match="赞成 10 票"):
        way.take(applicant, 23, vote=Vote(expected=20, present=20, yes=10, no=10, abstain=0))
    assert not Entry.rows.filter(number=23).exists()


def test_notices_run_over_working_days(way):
    applicant = way.until(7)
    # 1 to 8 October 2025 are public holidays, 28 September and 11 October are worked.
    actions.give_notice(applicant, actor=way.secretary, since=day("2025-09-28"), days=5, contact="办公室")
    notice = Notice.rows.get()
    assert notice.until == day("2025-10-10")
    with pytest.raises(ValidationError, match="之后才能办"):
        way.take(applicant, 8, on="2025-10-10")
    with pytest.raises(ValidationError, match="登记公示结果"):
        way.take(applicant, 8, on="2025-10-11")
    actions.settle_notice(applicant, actor=way.secretary, objection="settled")
    assert way.take(applicant, 8, on="2025-10-11").stage == "development_target"
    for days in (4, 31):
        with pytest.raises(ValidationError, match="ADM-07"):
            actions.give_notice(
                applicant, actor=way.secretary, since=day("2025-09-28"), days=days, contact="x"
            )


def test_stopping_says_how_and_nothing_else(way):
    applicant = way.until(9)
    applicant = actions.stop(applicant, actor=way.secretary, leaving="withdrew")
    assert (applicant.stage, applicant.leaving, applicant.ended_on) == ("left", "withdrew", day("2026-11-30"))
    assert not Helper.rows.filter(until=None).exists()
    for again in (
        lambda: actions.stop(applicant, actor=way.secretary, leaving="withdrew"),
        lambda: way.take(applicant, 10),
        lambda: actions.correct(applicant, actor=way.secretary),
    ):
        with pytest.raises(ValidationError, match="已经办结"):
            again()
    member = way.until(17, way.applied(id_number=make_id_number(birth_date=date(1999, 3, 3))))
    with pytest.raises(ValidationError, match="已是预备党员"):
        actions.stop(member, actor=way.secretary, leaving="withdrew")
    assert lawful()


def test_the_database_holds_a_step_once_and_votes_that_can_be(way):
    applicant = way.until(15)
    row = Entry.rows.get(number=15)
    for values in ({"yes": 13}, {"present": 20}, {"no": None}, {"over": "corrected"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.rows.filter(pk=row.pk).update(**values)
    row.pk, row.uid = None, "00000000-0000-7000-8000-000000000001"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    assert applicant.step == 15


def test_the_law_finds_a_step_out_of_order(way):
    applicant = way.until(15)
    assert lawful()
    Entry.rows.filter(applicant=applicant, number=13).update(on=day("2025-07-30"))
    found = verify("development.order")[0]
    assert found["violations"] == 1 and "14" in found["examples"][0]
    Entry.rows.filter(applicant=applicant, number=13).update(on=day(DAYS[13]))
    Applicant.rows.update(step=14)
    assert verify("development.order")[0]["violations"] == 1


def test_a_vote_by_the_example_of_the_rule():
    assert ALL.is_passed
    assert not Vote(expected=20, present=11, written=0, yes=10, no=1, abstain=0).is_passed
    for wrong in ({"present": 20}, {"yes": 13}, {"no": -1}):
        with pytest.raises(ValidationError):
            Vote(**({"expected": 20, "present": 11, "written": 1, "yes": 11, "no": 1, "abstain": 0} | wrong))
