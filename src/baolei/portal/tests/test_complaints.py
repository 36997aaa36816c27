"""Complaints: filed without an account, held by one, answered in fifteen days, erased after 180."""

import re
from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from baolei.accounts.tests.factories import make_officer
from baolei.kernel.laws import verify
from baolei.kernel.models import Event
from baolei.kernel.privacy import purge
from baolei.kernel.slips import LETTERS, is_slip, new_slip
from baolei.organizations.models import Organization
from baolei.portal.complaints import actions, queries
from baolei.portal.complaints.subjects import Subject, about, subject_of
from baolei.portal.models import Complaint, Correction
from baolei.portal.tests.factories import SYSTEM, file_complaint, make_edition

pytestmark = pytest.mark.django_db

TEXT = "这个数和我们村对不上。"
HOME = Subject(page="home")


@pytest.fixture
def complaint(edition):
    return file_complaint(Subject(edition=edition, figure=told(edition)))


def told(edition):
    return edition.figures.get(code="members.total", as_of=date(2016, 12, 31))


def county(land, name="东山县") -> Organization:
    return land.branches[name].parent.parent


def answered(complaint, outcome="stands", **more):
    return actions.answer(complaint, actor=SYSTEM, outcome=outcome, answer="经核对无误。", **more)


def on(day: str):
    """The clock stands at noon of the day, in the province."""
    return time_machine.travel(datetime.fromisoformat(f"{day}T04:00:00+00:00"), tick=False)


def event_of(name: str) -> Event:
    return Event.objects.get(action=f"portal.complaint.{name}")


# Slips ------------------------------------------------------------------------------------------------------


def test_a_slip_number_has_twelve_letters_and_digits_that_look_like_no_other():
    slips = {new_slip() for _ in range(200)}
    assert len(slips) == 200
    assert all(re.fullmatch(rf"[{LETTERS}]{{4}}(-[{LETTERS}]{{4}}){{2}}", slip) for slip in slips)
    assert not set("01OIL") & set(LETTERS) and len(LETTERS) == len(set(LETTERS)) == 31


def test_a_slip_is_found_however_it_is_typed_and_kept_as_a_hash_only(edition):
    complaint = file_complaint(HOME, slip="ABCD-2345-WXYZ")
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in "ABCD-2345-WXYZ")
    for typed in ("ABCD-2345-WXYZ", "abcd2345wxyz", " ABCD 2345 WXYZ ", wide):
        assert is_slip(typed) and queries.of_slip(typed) == complaint, typed
    for wrong in ("", "ABCD-2345-WXY2", "ABCD-2345", "ABCD-2345-WXYZ-2", "ABCD-2345-WXY0", "\x00"):
        assert queries.of_slip(wrong) is None, wrong
    assert len(bytes(complaint.slip_hash)) == 16
    with connection.cursor() as cursor:
        cursor.execute("SELECT c::text FROM portal_complaint c")
        assert "ABCD" not in cursor.fetchone()[0].upper()


# What a complaint is about ----------------------------------------------------------------------------------


def test_an_address_names_what_a_stranger_sees(edition):
    uid = str(edition.uid)
    found = subject_of({"edition": uid, "figure": "members.total", "place": "222400"})
    assert (found.figure.value, found.place.name) == (13, "平川市")
    assert found.words == "《松江省基层党建五年回眸（2012—2016年）》“党员总数”（平川市）"
    assert found.query == f"?edition={uid}&figure=members.total&place=222400"
    assert subject_of({"page": "search"}).words == "搜索" and subject_of({}) == Subject(page="home")
    assert about(edition=edition.uid) == f"?edition={uid}"


@pytest.mark.parametrize(
    "given",
    [
        {"page": "editions"},
        {"edition": "x"},
        {"edition": "01920000-0000-7000-8000-000000000000"},
        {"figure": "members.nobody"},
        {"place": "222400"},
        {"figure": "members.total", "place": "999999"},
    ],
)
def test_what_no_stranger_sees_is_absent(edition, given):
    if "figure" in given or "place" in given:
        given = {"edition": str(edition.uid)} | given
    with pytest.raises(Http404):
        subject_of(given)


# Filing -----------------------------------------------------------------------------------------------------


def test_a_complaint_is_held_by_whose_edition_it_is_and_due_on_the_fifteenth_day(land, edition):
    own = make_edition(land.prefecture)
    with on("2017-01-25"):
        first = file_complaint(Subject(edition=own))
        other = file_complaint(HOME)
    assert (first.holder, other.holder) == (land.prefecture, land.province)
    assert (first.received_on, first.due_on) == (date(2017, 1, 25), date(2017, 2, 8))
    assert first.subject == "《平川市基层党建五年回眸（2012—2016年）》" and first.page == ""


@pytest.mark.parametrize(
    ("received", "due"),
    [("2017-01-01", "2017-01-15"), ("2016-02-20", "2016-03-05"), ("2017-12-31", "2018-01-14")],
)
def test_both_days_count_over_the_end_of_a_month(edition, received, due):
    with on(received):
        complaint = file_complaint(HOME)
    assert str(complaint.due_on) == due
    with on(due):
        assert queries.complaints().unscoped("a test").get().state == "open"
    with time_machine.travel(datetime.fromisoformat(f"{due}T16:00:00+00:00"), tick=False):  # midnight there
        assert queries.complaints().unscoped("a test").get().state == "overdue"


def test_nothing_of_who_and_when_is_kept(edition):
    """The event has a day, no time; the uid is random; no column holds more (G-15)."""
    moment = datetime(2017, 3, 1, 7, 41, 23, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        complaint = file_complaint(HOME, text=TEXT)
    event = event_of("file")
    assert (event.day, event.at) == (date(2017, 3, 1), datetime(2017, 2, 28, 16, tzinfo=UTC))
    assert (event.actor_id, event.actor_name, event.request_id) == (None, "访客", "")
    assert event.detail == {"kind": "number"} and event.changes == {}
    assert complaint.uid.version == 4
    kinds = {type(field).__name__ for field in Complaint._meta.concrete_fields}
    assert "DateTimeField" not in kinds and "GenericIPAddressField" not in kinds


def test_the_text_stands_in_one_column_and_nowhere_else(complaint):
    actions.answer(
        complaint, actor=SYSTEM, outcome="corrected", answer="答复之言", said="原来之说", right="更正之说"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(e::text, '') FROM kernel_event e")
        events = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(c::text, '') FROM portal_correction c")
        corrections = cursor.fetchone()[0]
    for words in (TEXT, "答复之言", "原来之说", "更正之说"):
        assert words not in events
    assert TEXT not in corrections and "答复之言" not in corrections and "更正之说" in corrections


@pytest.mark.parametrize("text", ["", "  \n", "长" * 1001])
def test_a_text_must_be_there_and_no_longer_than_a_thousand(edition, text):
    with pytest.raises(ValidationError):
        file_complaint(HOME, text=text)
    assert file_complaint(HOME, text="长" * 1000).pk


def test_a_day_takes_two_hundred_and_the_next_day_goes_on(edition, monkeypatch):
    assert actions.A_DAY == 200
    monkeypatch.setattr(actions, "A_DAY", 2)
    with on("2017-03-01"):
        answered(file_complaint(HOME))
        file_complaint(HOME)
        with pytest.raises(actions.TooMany):
            file_complaint(HOME)
    with on("2017-03-02"):
        file_complaint(HOME)
    assert Complaint.rows.count() == 3


@pytest.mark.parametrize(
    "change",
    [
        "holder_id = NULL",
        "due_on = received_on + 15",
        "answered_on = received_on",
        "answered_on = received_on, outcome = 'stands'",
        "answered_on = received_on - 1, outcome = 'stands', answer = 'x'",
        "outcome = 'stands', answer = 'x'",
        "outcome = 'corrected', answer = 'x', answered_on = received_on",
        "text = ''",
        "slip_hash = NULL",
        "erased_on = received_on, text = '', slip_hash = NULL",
        "kind = 'x'",
        "subject = ''",
        "page = ''",
        "edition_id = NULL, page = '', figure = ''",
        "figure = '', place = '222400'",
    ],
)
def test_the_database_refuses_what_cannot_be(complaint, change):
    if change == "page = ''":
        Complaint.rows.filter(pk=complaint.pk).update(edition=None, figure="", page="home")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE portal_complaint SET {change}")


# Holding ----------------------------------------------------------------------------------------------------


def test_it_is_passed_on_within_reach_and_the_clock_runs_on(land, complaint):
    officer, below = make_officer(land.province, role="province_officer"), county(land)
    clerk = make_officer(below)
    seen = queries.complaints()
    assert not seen.visible_to(clerk, actions.CanComplaint.VIEW).exists()
    before = (complaint.received_on, complaint.due_on)
    passed = actions.pass_on(complaint, actor=officer, to=below)
    assert passed.holder == below and (passed.received_on, passed.due_on) == before
    assert seen.visible_to(clerk, actions.CanComplaint.VIEW).get() == complaint
    assert not seen.visible_to(make_officer(county(land, "西岭县")), actions.CanComplaint.VIEW).exists()
    assert event_of("pass_on").changes == {"holder_id": [land.province.pk, below.pk]}
    township = land.branches["东山县"].parent
    assert actions.pass_on(passed, actor=clerk, to=township).holder == township
    lowest = make_officer(township, role="township_officer")
    assert actions.answer(passed, actor=lowest, outcome="stands", answer="经核对无误。").outcome == "stands"


def test_it_is_not_passed_on_outside_reach_nor_to_a_branch_nor_to_the_same(land, complaint):
    officer, clerk = make_officer(land.province, role="province_officer"), make_officer(county(land))
    with pytest.raises(PermissionDenied):
        actions.pass_on(complaint, actor=clerk, to=county(land))
    held = actions.pass_on(complaint, actor=officer, to=county(land))
    # What lies outside is refused as such, whatever it is.
    for outside in (county(land, "西岭县"), land.prefecture, land.province, land.branches["西岭县"]):
        with pytest.raises(PermissionDenied):
            actions.pass_on(held, actor=clerk, to=outside)
    for wrong in (land.branches["东山县"], county(land)):
        with pytest.raises(ValidationError):
            actions.pass_on(held, actor=clerk, to=wrong)
    with pytest.raises(PermissionDenied):
        actions.pass_on(
            held, actor=make_officer(land.branches["东山县"], role="branch_secretary"), to=county(land)
        )
    assert Complaint.rows.get().holder == county(land)


# Answering --------------------------------------------------------------------------------------------------


def test_a_correction_is_told_to_the_public_without_the_complaint(land, complaint):
    with on("2017-03-09"):
        Complaint.rows.update(received_on="2017-03-01", due_on="2017-03-15")
        done = answered(complaint, "corrected", said="党员总数为13人", right="党员总数为12人")
    correction = Correction.objects.get()
    assert done.correction == correction and done.answered_on == date(2017, 3, 9)
    assert (correction.corrected_on, correction.said, correction.right) == (
        date(2017, 3, 9),
        "党员总数为13人",
        "党员总数为12人",
    )
    assert (correction.edition_id, correction.figure) == (complaint.edition_id, "members.total")
    assert list(queries.corrections_of(complaint.edition, "members.total")) == [correction]
    assert not queries.corrections_of(complaint.edition, "organizations.total").exists()
    assert event_of("answer").detail == {"outcome": "corrected"}
    assert event_of("answer").changes["answer"] == ["…", "…"]


@pytest.mark.parametrize(
    "given",
    [
        {"outcome": "corrected", "answer": "已更正。"},
        {"outcome": "corrected", "answer": "已更正。", "said": "甲"},
        {"outcome": "corrected", "answer": "已更正。", "said": "甲", "right": "电话13900001111"},
        {"outcome": "corrected", "answer": "已更正。", "said": "甲", "right": "乙" * 201},
        {"outcome": "stands", "answer": " "},
        {"outcome": "declined", "answer": ""},
        {"outcome": "stands", "answer": "无误。", "said": "甲", "right": "乙"},
        {"outcome": "closed", "answer": "无误。"},
        {"outcome": "stands", "answer": "长" * 1001},
    ],
)
def test_an_answer_is_complete_or_refused(complaint, given):
    with pytest.raises(ValidationError):
        actions.answer(complaint, actor=SYSTEM, **given)
    assert Complaint.rows.get().is_open and not Correction.objects.exists()


def test_who_may_not_cannot_answer_and_nobody_answers_twice(land, complaint):
    for stranger in (
        make_officer(county(land)),
        make_officer(land.branches["东山县"], role="branch_secretary"),
    ):
        with pytest.raises(PermissionDenied):
            actions.answer(complaint, actor=stranger, outcome="stands", answer="无误。")
    answered(complaint)
    for again in (
        lambda: answered(complaint),
        lambda: actions.pass_on(complaint, actor=SYSTEM, to=county(land)),
    ):
        with pytest.raises(ValidationError):
            again()


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_is_refused(land, complaint):
    start, results = Barrier(2), []

    def answer(outcome):
        start.wait()
        try:
            results.append(answered(complaint, outcome).outcome)
        except ValidationError:
            results.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=answer, args=[outcome]) for outcome in ("stands", "declined")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    done = Complaint.rows.get()
    assert sorted(results) == sorted(["refused", done.outcome])
    assert Event.objects.filter(action="portal.complaint.answer").count() == 1


# The end ----------------------------------------------------------------------------------------------------


def test_texts_and_slip_go_180_days_after_the_answer_and_the_rest_stays(edition):
    with on("2017-03-01"):
        old = file_complaint(Subject(edition=edition, figure=told(edition)), slip="ABCD-2345-WXYZ")
        waiting = file_complaint(HOME)
        answered(old, "corrected", said="甲", right="乙")
    with on("2017-08-27"):
        purge("complaints")
        assert queries.of_slip("ABCD-2345-WXYZ").text == TEXT
    with on("2017-08-28"):
        assert (date(2017, 8, 28) - date(2017, 3, 1)).days == Complaint.KEPT_DAYS == 180
        purge("complaints")
        with CaptureQueriesContext(connection) as seen:
            purge("complaints")
        assert len(seen) == 1
        assert queries.of_slip("ABCD-2345-WXYZ") is None
    old.refresh_from_db()
    assert (old.text, old.answer, old.slip_hash, old.erased_on) == ("", "", None, date(2017, 8, 28))
    assert (old.outcome, old.figure, old.subject[-6:]) == ("corrected", "members.total", "“党员总数”")
    assert (old.received_on, old.answered_on) == (date(2017, 3, 1), date(2017, 3, 1))
    assert Correction.objects.get().right == "乙"
    assert Complaint.rows.get(pk=waiting.pk).text == TEXT
    event = event_of("erase")
    assert set(event.changes) == {"text", "answer", "slip_hash", "erased_on"}
    assert {tuple(change) for change in event.changes.values()} == {("…", "…")}


def test_nothing_is_erased_before_its_time(complaint):
    with pytest.raises(ValidationError):
        actions.erase(complaint, actor=SYSTEM)
    with pytest.raises(ValidationError):
        actions.erase(answered(complaint), actor=SYSTEM)
    assert Complaint.rows.get().text == TEXT


def test_a_law_finds_texts_that_were_kept_too_long(complaint):
    def broken():
        return [finding["violations"] for finding in verify("privacy.")]

    assert broken() == [0]
    answered(complaint)
    assert broken() == [0]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE portal_complaint SET received_on = current_date - 183, due_on = current_date - 169, "
            "answered_on = current_date - 183"
        )
    assert broken() == [1]
