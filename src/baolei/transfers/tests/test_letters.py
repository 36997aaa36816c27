"""Letters to and from other provinces, reminders, dues, objections, reports from a poster (TRF-05 to TRF-07, S02)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from baolei.accounts.models import Grant
from baolei.accounts.tests.factories import GrantFactory
from baolei.kernel.laws import verify
from baolei.kernel.models import Event
from baolei.kernel.privacy import purge
from baolei.members.actions import Enrolment, enrol_member
from baolei.members.models import Interruption, Member, Membership
from baolei.members.tests.factories import make_id_number
from baolei.organizations.actions import close_organization
from baolei.organizations.tests.factories import PAPER
from baolei.transfers import actions
from baolei.transfers.models import ReportIn, Transfer
from baolei.transfers.tests.test_custody import TODAY, Two, lawful

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-11-20T02:00:00Z", tick=False)
    return time_machine


@pytest.fixture
def two(db):
    return Two()


@pytest.fixture
def signed(client):
    def sign(role, organization):
        client.force_login(GrantFactory(role=role, organization=organization).user)
        return client

    return sign


def lettered(two, **given) -> Transfer:
    asked = actions.ask(two.member, actor=two.secretary, outside="310000")
    return actions.release(asked, actor=two.sender, **{"letter": "组介1号", "days": 30} | given)


def test_whoever_holds_the_letter_can_check_it_and_reads_no_name(two, client, today):
    transfer = lettered(two)
    address = reverse("transfers:check", args=[transfer.check_code])
    Member.rows.filter(pk=two.member.pk).update(name="何转接")
    text = client.get(address).content.decode()
    assert "有效" in text and "组介1号" in text and "何转接" not in text and two.here.short_name not in text
    assert client.get(reverse("transfers:check", args=["A" * 16])).status_code == 404
    today.move_to("2026-12-21T02:00:00Z", tick=False)
    assert "已经失效" in client.get(address).content.decode()
    again = actions.reissue(transfer, actor=two.sender, why="expired", letter="组介2号", days=90)
    assert client.get(address).status_code == 404
    assert again.due_on == date(2027, 3, 21)
    new = client.get(reverse("transfers:check", args=[again.check_code])).content.decode()
    assert "组介2号" in new and "有效" in new
    actions.enter_receipt(again, actor=two.sender)
    assert "已经办结" in client.get(reverse("transfers:check", args=[again.check_code])).content.decode()
    assert lawful()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"why": "expired"}, "还没有过期"),
        ({"why": "", "letter": "2"}, "补开的原因"),
        ({"why": "lost", "letter": "组介1号"}, "新的介绍信编号"),
        ({"why": "lost", "letter": " "}, "新的介绍信编号"),
        ({"why": "lost", "days": 91}, "TRF-07"),
    ],
)
def test_a_letter_is_not_made_out_anew_without_cause(two, given, words):
    transfer = lettered(two)
    with pytest.raises(ValidationError, match=words):
        actions.reissue(transfer, actor=two.sender, **{"letter": "组介2号"} | given)
    assert Transfer.rows.get().letter == "组介1号"
    with pytest.raises(PermissionDenied):
        actions.reissue(transfer, actor=two.receiver, why="lost", letter="组介2号")


def test_dues_are_a_month_on_the_letter(two, signed):
    for month in (date(2026, 10, 2), date(2027, 1, 1), date(1900, 1, 1)):
        with pytest.raises(ValidationError, match="党费交至"):
            lettered(two, dues_paid_to=month)
        Transfer.rows.all().delete()
    transfer = lettered(two, dues_paid_to=date(2026, 10, 1))
    assert Member.rows.get(pk=two.member.pk).dues_paid_to == date(2026, 10, 1)
    text = (
        signed("township_officer", two.east)
        .get(reverse("transfers:letter", args=[transfer.uid]))
        .content.decode()
    )
    assert "党费已交至2026年10月" in text and "<svg" in text and f"/letters/{transfer.check_code}/" in text


def test_two_thirds_of_the_clock_remind(two, signed, today):
    transfer = two.asked()
    assert (transfer.warn_on, transfer.due_on, transfer.passed) == (
        TODAY + timedelta(10),
        TODAY + timedelta(15),
        0,
    )
    today.move_to("2026-11-29T02:00:00Z", tick=False)

    def desk() -> str:
        return signed("township_officer", two.east).get("/desk/").content.decode()

    assert "期限已过三分之二" not in desk()
    today.move_to("2026-11-30T02:00:00Z", tick=False)
    assert "组织关系转接：期限已过三分之二" in desk()
    assert Transfer.rows.get().passed == 66
    today.move_to("2026-12-06T02:00:00Z", tick=False)
    text = desk()
    assert "期限已过三分之二" not in text and "组织关系转接：已超期" in text


def test_a_branch_sees_what_was_asked_in_its_name_and_may_object(two):
    mine = two.asked()
    assert mine.asked_by == "branch"
    with pytest.raises(ValidationError, match="上级代办"):
        actions.object_to(mine, actor=two.secretary)
    actions.withdraw(mine, actor=two.secretary)
    transfer = actions.ask(two.member, actor=two.above, receiver=two.there)
    assert transfer.asked_by == "above"
    with pytest.raises(PermissionDenied):
        actions.object_to(transfer, actor=two.above)
    transfer = actions.object_to(transfer, actor=two.secretary)
    with pytest.raises(ValidationError, match="提出了异议"):
        actions.release(transfer, actor=two.sender)
    with pytest.raises(PermissionDenied):
        actions.agree(transfer, actor=two.sender)
    transfer = actions.agree(transfer, actor=two.secretary)
    assert actions.release(transfer, actor=two.sender).state == "released"


def came(number: str, **given) -> dict:
    return {
        "outside": "310000",
        "letter": "沪1号",
        "written_on": "2026-11-01",
        "dues_paid_to": "2026-10",
        "name": "来试行",
        "id_number": number,
        "ethnicity": "01",
        "education": "21",
        "occupation": "farmer",
        "joined_on": "2010-01-01",
        "converted_on": "2011-01-01",
    } | given


def test_a_member_comes_with_another_provinces_letter(two, signed):
    number = make_id_number(birth_date=date(1985, 1, 1), sex="2")
    address = reverse("transfers:arrive", args=[two.there.uid])
    client = signed("township_officer", two.west)
    for wrong, words in (
        ({"id_number": "1"}, "公民身份号码有误"),
        ({"written_on": "2026-08-01"}, "最近 90 天以内"),
        ({"written_on": "2026-12-01"}, "最近 90 天以内"),
        ({"joined_on": "2027-01-01", "converted_on": ""}, "日期"),
    ):
        refused = client.post(address, came(number, **wrong))
        assert refused.status_code == 422 and words in refused.content.decode(), wrong
    assert not Member.rows.filter(name="来试行").exists()
    assert client.post(address, came(number)).status_code == 302
    member = Member.rows.get(name="来试行")
    assert (member.standing, member.sex, member.dues_paid_to) == ("formal", "2", date(2026, 10, 1))
    spell = Membership.rows.get(member=member)
    assert (spell.branch, spell.since) == (two.there, TODAY)
    transfer = Transfer.rows.get(member=member)
    assert (transfer.kind, transfer.state, transfer.via_platform) == ("arriving", "accepted", False)
    # Twice is refused, and says no more than for anybody whom a register holds (G-12).
    again = client.post(address, came(number))
    assert again.status_code == 422 and Transfer.rows.filter(kind="arriving").count() == 1
    assert lawful()
    assert signed("branch_secretary", two.there).post(address, came(number)).status_code == 404


def test_who_went_away_comes_back_into_his_own_row(two, signed, today):
    number = make_id_number(birth_date=date(1985, 1, 1))
    given = enrolment(number, date(2012, 1, 1), "来试行")
    member = enrol_member(two.here, actor=two.sender, enrolment=given)
    transfer = actions.ask(member, actor=two.secretary, outside="310000")
    actions.enter_receipt(actions.release(transfer, actor=two.sender, letter="组介1号"), actor=two.sender)
    today.move_to("2027-11-20T02:00:00Z", tick=False)
    address = reverse("transfers:arrive", args=[two.there.uid])
    client = signed("township_officer", two.west)
    letter = came(number, written_on="2027-11-01", dues_paid_to="2027-10")
    for wrong in ({"name": "别人"}, {"joined_on": "2010-02-02"}, {"converted_on": ""}):
        refused = client.post(address, letter | wrong)
        assert refused.status_code == 422 and "这一行不能在这里录入" in refused.content.decode(), wrong
    assert client.post(address, letter).status_code == 302
    back = Member.rows.get(name="来试行")
    assert (back.pk, back.standing, back.branch, back.left_on) == (member.pk, "formal", two.there, None)
    out = Interruption.rows.get(member=back)
    assert (out.since, out.during.upper, out.standing) == (TODAY, date(2027, 11, 20), "transferred_out")
    assert Transfer.rows.filter(member=back).count() == 2
    assert lawful() and not any(law["violations"] for law in verify("members"))


REPORT = {"name": "来试行", "phone": "139 0000 1111", "outside": "310000", "letter": "沪1号"}


def test_from_the_poster_to_the_end(two, client, signed, today):
    page = reverse("transfers:report_in", args=[two.there.uid])
    assert two.there.short_name not in client.get(page).content.decode()
    text = client.post(page, REPORT).content.decode()
    slip = text.split("<strong>")[1].split("</strong>")[0]
    report = ReportIn.rows.get()
    assert report.due_on == TODAY + timedelta(10) and b"1390000" not in bytes(report.phone_sealed)
    asked = client.post(reverse("transfers:report_slip"), {"slip": slip.lower()}).content.decode()
    assert "正在办理" in asked and "来试行" not in asked
    assert (
        "没有这个查询码" in client.post(reverse("transfers:report_slip"), {"slip": "ABCD"}).content.decode()
    )

    secretary = signed("branch_secretary", two.there)
    poster = secretary.get(reverse("transfers:poster", args=[two.there.uid])).content.decode()
    assert "<svg" in poster and page in poster
    assert secretary.get(reverse("transfers:poster", args=[two.west.uid])).status_code == 404
    assert "扫码报到：待办理" in secretary.get("/desk/").content.decode()
    step = reverse("transfers:report_step", args=[report.uid, "phone"])
    shown = secretary.post(step, {}, follow=True).content.decode()
    assert "13900001111" in shown
    assert Event.objects.filter(action="transfers.report.reveal").count() == 1
    close = reverse("transfers:report_step", args=[report.uid, "close"])
    assert secretary.post(close, {"result": ""}).status_code == 422
    assert secretary.post(close, {"result": "received"}).status_code == 302
    other = signed("branch_secretary", two.here)
    assert other.get(reverse("transfers:report", args=[report.uid])).status_code == 404
    today.move_to("2026-12-20T02:00:00Z", tick=False)
    assert purge("transfers.reports")["transfers.reports"] == 1
    report.refresh_from_db()
    assert (report.name, report.letter, report.phone_sealed) == ("", "", None)
    assert "已按转接接收" in client.post(reverse("transfers:report_slip"), {"slip": slip}).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"phone": "12345"},
        {"phone": ""},
        {"name": "222404198501011234"},
        {"letter": "222404198501011234"},
        {"outside": "999999"},
    ],
)
def test_a_report_is_refused_and_nothing_is_kept(two, client, wrong):
    response = client.post(reverse("transfers:report_in", args=[two.there.uid]), REPORT | wrong)
    assert response.status_code == 422
    assert not ReportIn.rows.exists()
    assert not verify("transfers.custody")[0]["violations"]


def test_a_branch_takes_fifty_at_a_time(two, client):
    page = reverse("transfers:report_in", args=[two.there.uid])
    for _number in range(50):
        assert client.post(page, REPORT).status_code == 200
    refused = client.post(page, REPORT)
    assert refused.status_code == 422 and "直接到党支部" in refused.content.decode()


def test_neither_event_nor_address_tells_who_reported(two, client):
    client.post(reverse("transfers:report_in", args=[two.there.uid]), REPORT)
    event = Event.objects.filter(action="transfers.report.make").latest("id")
    assert "来试行" not in str(vars(event)) and "13900001111" not in str(vars(event))
    assert client.get(reverse("transfers:report_in", args=[two.east.uid])).status_code == 404


def test_a_closed_branch_takes_no_reports(two, client):
    Grant.rows.filter(organization=two.beside).delete()
    close_organization(two.beside, actor=two.above, on=TODAY, successor=two.there, **PAPER)
    assert client.post(reverse("transfers:report_in", args=[two.beside.uid]), REPORT).status_code == 404


def test_asking_about_numbers_one_by_one_is_counted_and_ends(two, signed):
    """The form is no oracle: five answers a day, each logged, then it looks at no number any more (G-12)."""
    known = make_id_number(birth_date=date(1985, 1, 1))
    actions.arrive(
        two.here, actor=two.sender, enrolment=enrolment(known), outside="310000", letter="1", written_on=TODAY
    )
    address = reverse("transfers:arrive", args=[two.there.uid])
    client = signed("township_officer", two.west)
    for _number in range(5):
        assert "这一行不能在这里录入" in client.post(address, came(known)).content.decode()
    assert Event.objects.filter(action="kernel.import.refuse", detail__rows=1).count() == 5
    for number in (known, make_id_number(birth_date=date(1986, 1, 1))):
        refused = client.post(address, came(number))
        assert refused.status_code == 422 and "今天不能再登记" in refused.content.decode()
    assert not Member.rows.filter(branch=two.there, name="来试行").exists()
    # Another officer's day is his own.
    assert (
        signed("township_officer", two.west)
        .post(address, came(make_id_number(birth_date=date(1986, 1, 1))))
        .status_code
        == 302
    )


def enrolment(number: str, since: date = TODAY, name: str = "先试行") -> Enrolment:
    return Enrolment(
        id_number=number,
        name=name,
        sex="1",
        birth_date=date(1985, 1, 1),
        ethnicity="01",
        education="21",
        occupation="farmer",
        standing="formal",
        joined_on=date(2010, 1, 1),
        converted_on=date(2011, 1, 1),
        since=since,
    )
