"""Admitted again after having left the Party: the whole procedure, then the same row of the register (ADM-09, G-12)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from baolei.development import actions
from baolei.development.models import Applicant
from baolei.development.tests.way import BORN, COMMITTEE, DAYS, Way
from baolei.kernel.access import Actor
from baolei.kernel.figures.declare import FIGURES
from baolei.kernel.figures.values import value
from baolei.kernel.laws import verify
from baolei.members.actions import Enrolment, end_membership, enrol_member
from baolei.members.models import Interruption, Member, Membership
from baolei.members.tests.factories import make_id_number
from baolei.organizations.kinds import Kind
from baolei.organizations.tests.factories import make_branch, make_organization

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("测试")
MEETING = date.fromisoformat(DAYS[15])
BEFORE = date(2018, 7, 1)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-11-30T02:00:00Z", tick=False)
    return time_machine


@pytest.fixture
def way(db):
    return Way()


@pytest.fixture
def elsewhere(way):
    """A branch of another township."""
    return make_branch(make_organization(way.county, kind=Kind.TOWNSHIP_COMMITTEE))


def lawful() -> bool:
    return not any(law["violations"] for law in verify("development.order") + verify("members"))


def enrolment(number: str, **given) -> Enrolment:
    values = {
        "id_number": number,
        "name": "申试行",
        "sex": "1",
        "birth_date": BORN,
        "ethnicity": "01",
        "education": "21",
        "occupation": "farmer",
        "standing": "formal",
        "joined_on": BEFORE,
        "converted_on": date(2019, 7, 1),
        "since": BEFORE,
    }
    return Enrolment(**values | given)


def left(branch, standing: str, on: date) -> tuple[str, Member]:
    """Somebody who joined on the day BEFORE and left; number and row."""
    number = make_id_number(birth_date=BORN)
    member = enrol_member(branch, actor=SYSTEM, enrolment=enrolment(number))
    return number, end_membership(member, actor=SYSTEM, standing=standing, on=on)


def test_after_the_whole_procedure_the_same_row_has_a_second_life(way, elsewhere):
    number, member = left(elsewhere, "removed", date(2022, 3, 1))
    applicant = way.until(17, way.applied(id_number=number))
    assert (applicant.stage, applicant.member_id) == ("probationary", member.pk)
    back = Member.rows.get(pk=member.pk)
    assert (back.standing, back.joined_on, back.converted_on) == ("probationary", MEETING, None)
    assert (back.branch, back.left_on) == (way.branch, None)
    out = Interruption.rows.get(member=back)
    assert (out.since, out.during.upper, out.standing) == (date(2022, 3, 1), MEETING, "removed")
    assert (out.joined_on, out.converted_on) == (BEFORE, date(2019, 7, 1))
    # He did not come here after admission: discussion is not put off for that (ADM-03).
    assert not actions.has_moved(applicant)
    applicant = way.until(25, applicant, 18)
    assert (applicant.stage, Member.rows.get(pk=back.pk).standing) == ("converted", "formal")
    assert Membership.rows.filter(member=back).count() == 2
    admitted = value(FIGURES["development.admitted"], way.town, on=date(2025, 12, 31), exact=True)
    assert admitted.value == 1 and lawful()


def test_the_first_way_stays_what_it_was(way):
    number = make_id_number(birth_date=BORN)
    first = way.until(25, way.applied(id_number=number))
    end_membership(first.member, actor=SYSTEM, standing="removed", on=date(2026, 9, 1))
    day = date(2026, 11, 1)
    given = enrolment(number, standing="probationary", joined_on=day, since=day, converted_on=None)
    back = enrol_member(way.branch, actor=SYSTEM, enrolment=given, again=True)
    assert (back.pk, back.joined_on) == (first.member_id, day)
    assert lawful()  # the applicant of then joined on the day of his own meeting
    Interruption.rows.filter(member=back).update(joined_on=MEETING - timedelta(1))
    assert not lawful()


@pytest.mark.parametrize("standing", ["deceased", "transferred_out"])
def test_who_has_not_left_the_party_hears_the_one_sentence(way, elsewhere, standing):
    number, _member = left(elsewhere, standing, date(2022, 3, 1))
    with pytest.raises(ValidationError) as refused:
        way.applied(id_number=number)
    assert refused.value.code == "row.refused" and not Applicant.rows.exists()


def test_who_left_after_the_application_is_refused(way, elsewhere):
    number, _member = left(elsewhere, "removed", date(2024, 1, 11))
    with pytest.raises(ValidationError) as refused:
        way.applied("2024-01-10", id_number=number)
    assert refused.value.code == "row.refused"
    assert way.applied("2024-01-11", id_number=number).stage == "applicant"


def test_expelled_he_waits_five_years_and_only_who_may_see_the_old_file_learns_why(way, elsewhere):
    """Whoever takes the application is told nothing; the approving committee hears the one sentence (G-12)."""
    number, member = left(elsewhere, "expelled", date(2020, 7, 16))  # five years and a day before the meeting
    applicant = way.until(16, way.applied(id_number=number))
    with pytest.raises(ValidationError) as refused:
        way.take(applicant, 17)
    assert refused.value.code == "row.refused"
    above = way.actor("department_officer", way.county)
    with pytest.raises(ValidationError, match=r"2020-07-16 被开除党籍.*最早 2025-07-16（ADM-09）"):
        way.take(applicant, 17, actor=above)
    assert Member.rows.get(pk=member.pk).standing == "expelled" and lawful()
    # The branch meets again when the time is over.
    actions.correct(applicant, actor=way.officer)
    actions.correct(applicant, actor=way.secretary)
    applicant = way.take(applicant, 15, "2025-07-16")
    applicant = way.take(way.take(applicant, 16), 17, document="批〔2025〕2号", vote=COMMITTEE)
    assert applicant.member_id == member.pk
    assert Member.rows.get(pk=member.pk).joined_on == date(2025, 7, 16) and lawful()
