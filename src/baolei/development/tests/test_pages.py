"""The pages: list, 25 steps, forms, board, plan, what a stranger may open."""

from datetime import date

import pytest
from django.urls import reverse

from baolei.accounts.models import Grant
from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.development import actions
from baolei.development.models import Applicant, Entry, Notice, Plan
from baolei.development.tests.way import Way
from baolei.kernel.privacy import purge
from baolei.members.actions import end_membership, move_member
from baolei.members.tests.factories import make_id_number
from baolei.organizations.actions import merge_organization
from baolei.organizations.tests.factories import PAPER, make_branch

pytestmark = pytest.mark.django_db


@pytest.fixture
def way(db, time_machine):
    time_machine.move_to("2026-11-30T02:00:00Z", tick=False)
    return Way()


@pytest.fixture
def signed(client):
    def sign(role, organization):
        client.force_login(GrantFactory(role=role, organization=organization).user)
        return client

    return sign


def step(applicant, name) -> str:
    return reverse("development:step", args=[applicant.uid, name])


def page(client, name, *args, **query) -> str:
    response = client.get(reverse(f"development:{name}", args=args, query=query))
    assert response.status_code == 200
    return response.content.decode()


def test_a_secretary_enters_an_application_and_the_talk(way, signed):
    client = signed("branch_secretary", way.branch)
    assert reverse("development:apply", args=[way.branch.uid]) in page(client, "board")
    number = make_id_number(birth_date=date(2001, 2, 3), sex="2")
    given = {
        "name": "申试行",
        "id_number": number,
        "ethnicity": "01",
        "education": "21",
        "occupation": "farmer",
        "on": "2026-11-02",
    }
    address = reverse("development:apply", args=[way.branch.uid])
    wrong = client.post(address, given | {"id_number": number[:-1] + "0" if number[-1] != "0" else "1" * 18})
    assert wrong.status_code == 422 and "公民身份号码有误" in wrong.content.decode()
    applicant_url = client.post(address, given).url
    applicant = Applicant.rows.get()
    assert (applicant.sex, applicant.birth_date) == ("2", date(2001, 2, 3))
    text = client.get(applicant_url).content.decode()
    assert "2026-12-02" in text and number not in text and "2001-02-03" not in text
    assert step(applicant, "talk") in text and step(applicant, "activist") not in text
    assert client.post(step(applicant, "talk"), {"on": "2026-11-10"}).url == applicant_url
    assert "2026-11-10" in client.get(applicant_url).content.decode()
    late = client.post(step(applicant, "mentors"), {"on": "2026-11-10", "people": [way.members[0].pk]})
    assert late.status_code == 422 and "请先办第 3 步" in late.content.decode()


def test_why_a_step_has_to_wait_stands_on_the_page(way, signed):
    applicant = way.until(6)
    client = signed("branch_secretary", way.branch)
    assert "最近半年内没有考察记录，请先办第 6 步（ADMIT 11）" in page(client, "applicant", applicant.uid)


def test_a_meeting_is_counted_from_the_list_of_members(way, signed):
    applicant = way.until(14)
    client = signed("branch_secretary", way.branch)
    there = [member.pk for member in way.members]
    counts = {"excluded": 0, "no": 0, "abstain": 0}
    text = client.get(step(applicant, "meeting")).content.decode()
    assert all(f'value="{pk}"' in text for pk in there)
    both = {"on": "2025-07-15", "there": there, "before": there[:1], "yes": 2} | counts
    refused = client.post(step(applicant, "meeting"), both)
    assert refused.status_code == 422 and "请只选一处" in refused.content.decode()
    few = {"on": "2025-07-15", "there": there[:1], "before": there[1:], "yes": 3} | counts
    refused = client.post(step(applicant, "meeting"), few)
    assert refused.status_code == 422 and "没有超过应到会 3 人的半数" in refused.content.decode()
    good = {"on": "2025-07-15", "there": there[:2], "before": there[2:], "yes": 2} | counts | {"no": 1}
    assert client.post(step(applicant, "meeting"), good).status_code == 302
    entry = Entry.rows.get(number=15)
    counted = (entry.expected, entry.present, entry.written, entry.yes, entry.no, entry.result)
    assert counted == (3, 2, 1, 2, 1, "passed")
    text = page(client, "applicant", applicant.uid)
    assert "应到 3，实到 2，书面意见 1；赞成 2，不赞成 1，弃权 0" in text


def test_bad_input_is_told_and_changes_nothing(way, signed):
    applicant = way.until(14)
    client = signed("branch_secretary", way.branch)
    for wrong in (
        {"on": "gestern", "yes": 1, "no": 0, "abstain": 0, "excluded": 0},
        {"on": "2025-07-15", "yes": "-1", "no": 0, "abstain": 0, "excluded": 0},
        {"on": "2025-07-15", "there": ["x"], "yes": 1, "no": 0, "abstain": 0, "excluded": 0},
        {"on": "2025-07-15", "there": ["999999999"], "yes": 1, "no": 0, "abstain": 0, "excluded": 0},
        {},
    ):
        assert client.post(step(applicant, "meeting"), wrong).status_code == 422
    assert client.get(step(applicant, "nothing")).status_code == 404
    assert not Entry.rows.filter(number=15).exists()


def test_a_step_of_the_committee_is_not_one_of_the_branch(way, signed):
    applicant = way.until(16)
    client = signed("branch_secretary", way.branch)
    vote = {"expected": 7, "present": 6, "yes": 5, "no": 0, "abstain": 1}
    body = {"on": "2025-08-01", "document": "批1"} | vote
    assert step(applicant, "approval") not in page(client, "applicant", applicant.uid)
    assert client.post(step(applicant, "approval"), body).status_code == 404
    client = signed("township_officer", way.town)
    assert client.post(step(applicant, "approval"), body).status_code == 302
    assert Applicant.rows.get().stage == "probationary"


def test_the_papers_go_to_another_branch_and_time_goes_on(way, signed):
    applicant = way.until(6)
    there = make_branch(way.town, name="东山支部")
    client = signed("branch_secretary", way.branch)
    assert client.post(step(applicant, "hand_over"), {"receiver": "东山支部"}).status_code == 302
    refused = client.post(step(applicant, "review"), {"on": "2026-06-01", "result": "continue"})
    assert refused.status_code == 422 and "ADMIT 12" in refused.content.decode()
    client = signed("branch_secretary", there)
    assert client.post(step(applicant, "stop"), {"leaving": "withdrew"}).status_code == 422
    assert client.post(step(applicant, "take_over"), {}).status_code == 302
    applicant = Applicant.rows.get()
    assert (applicant.branch, applicant.going_to, applicant.activist_on) == (there, None, date(2024, 6, 3))
    text = page(client, "applicant", applicant.uid)
    assert step(applicant, "mentors") in text
    client = signed("branch_secretary", way.branch)
    assert client.get(reverse("development:applicant", args=[applicant.uid])).status_code == 404


def test_the_receiver_may_send_the_papers_back(way):
    applicant = way.until(6)
    there = make_branch(way.town)
    actions.hand_over(applicant, actor=way.secretary, receiver=there)
    applicant = actions.keep(applicant, actor=way.actor("branch_secretary", there))
    assert (applicant.branch, applicant.going_to) == (way.branch, None)


def test_a_probationary_member_goes_where_his_membership_goes(way):
    applicant = way.until(19)
    there = make_branch(way.town)
    move_member(applicant.member, actor=way.officer, branch=there, on=date(2026, 1, 1))
    applicant.refresh_from_db()
    assert applicant.branch == there
    assert actions.defer(applicant, actor=way.officer, months=6).due_on == date(2026, 1, 15)
    with pytest.raises(actions.ValidationError, match="ADM-03"):
        actions.defer(applicant, actor=way.officer, months=1)


def test_who_leaves_the_register_is_not_on_the_way(way):
    applicant = way.until(19)
    end_membership(applicant.member, actor=way.officer, standing="deceased", on=date(2026, 1, 1))
    applicant.refresh_from_db()
    assert (applicant.stage, applicant.leaving, applicant.ended_on) == ("left", "deceased", date(2026, 1, 1))


def test_who_is_on_the_way_goes_along_with_a_merger(way):
    applicant, into = way.until(6), make_branch(way.general)
    Grant.rows.filter(organization=way.branch).delete()
    root = way.actor("province_officer", way.county)
    merge_organization(way.branch, actor=root, into=into, on=date(2026, 11, 1), **PAPER)
    applicant.refresh_from_db()
    assert applicant.branch == into


def test_the_board_counts_by_stage_and_leads_to_the_lists(way, signed):
    way.applied(on="2026-11-20")
    way.applied(on="2026-10-01", id_number=make_id_number(birth_date=date(1999, 1, 1)))
    way.until(6, way.applied(id_number=make_id_number(birth_date=date(1999, 1, 2))))
    client = signed("township_officer", way.town)
    text = page(client, "board")
    late = reverse("development:applicant_list", query={"clock": "late"})
    assert late in text
    listed = client.get(late).content.decode()
    assert listed.count("申试行") == 2
    assert (
        client.get(reverse("development:applicant_list", query={"clock": "soon"}))
        .content.decode()
        .count("申试行")
        == 1
    )
    other = signed("township_officer", make_branch(name="别处").parent)
    assert "申试行" not in other.get(late).content.decode()


def test_the_plan_is_set_by_the_one_above_and_sums_hold(way, signed):
    address = reverse("development:plan", args=[way.town.uid])
    client = signed("township_officer", way.town)
    assert client.post(address, {"year": 2025, "quota": 3}).status_code == 404
    root = way.actor("province_officer", way.county)
    actions.set_plan(way.county, actor=root, year=2025, quota=2)
    client = signed("department_officer", way.county)
    refused = client.post(address, {"year": 2025, "quota": 3})
    assert refused.status_code == 422 and "超过上级下达的 2 个" in refused.content.decode()
    assert client.post(address, {"year": 2025, "quota": 1}).status_code == 302
    way.until(17)
    assert "已使用" in page(client, "plan", way.town.uid, year=2025)
    second = way.until(16, way.applied(id_number=make_id_number(birth_date=date(1999, 1, 2))))
    with pytest.raises(actions.ValidationError, match="计划名额 1 个已经用完"):
        way.take(second, 17)
    refused = client.post(address, {"year": 2025, "quota": 0})
    assert refused.status_code == 422 and "已经使用 1 个名额" in refused.content.decode()
    assert Plan.rows.get(organization=way.town).quota == 1


def test_a_notice_shows_what_it_may_and_goes_off_by_itself(way, client, time_machine):
    applicant = way.until(7)
    actions.give_notice(
        applicant, actor=way.secretary, since=date(2026, 11, 30), days=5, contact="0433-1234567"
    )
    notice = Notice.rows.get()
    address = reverse("development:notice", args=[notice.uid])
    response = client.get(address)
    text = response.content.decode()
    assert notice.until == date(2026, 12, 4)
    assert "申试行" in text and "20 至 29 岁" in text and "0433-1234567" in text
    assert "2000" not in text and response.headers["X-Robots-Tag"] == "noindex"
    time_machine.move_to("2026-12-05T02:00:00Z", tick=False)
    assert client.get(address).status_code == 404


def test_the_bearer_of_the_slip_sees_no_name(way, client):
    applicant = way.until(4)
    response = client.get(reverse("development:own", args=[applicant.slip]))
    text = response.content.decode()
    assert "入党积极分子" in text and "指定培养联系人" in text
    assert "申试行" not in text and way.branch.short_name not in text
    assert client.get(reverse("development:own", args=["0" * 20])).status_code == 404


def test_a_probationary_member_sees_his_own_way_only(way, client):
    applicant = way.until(17)
    way.applied(id_number=make_id_number(birth_date=date(1999, 1, 2)), name="别人申")
    client.force_login(UserFactory(member_id=applicant.member_id))
    text = page(client, "applicant", applicant.uid)
    assert "预备党员" in text and step(applicant, "correct") not in text
    assert "别人申" not in page(client, "applicant_list")
    assert client.post(step(applicant, "correct"), {}).status_code == 404


def test_two_years_after_the_end_name_and_number_are_gone(way, time_machine):
    applicant = way.until(4)
    actions.stop(applicant, actor=way.secretary, leaving="stopped")
    time_machine.move_to("2028-11-28T02:00:00Z", tick=False)
    assert purge("development")["development.left"] == 0
    time_machine.move_to("2028-12-01T02:00:00Z", tick=False)
    assert purge("development")["development.left"] == 1
    applicant.refresh_from_db()
    assert (applicant.name, bytes(applicant.id_sealed), applicant.id_hash) == ("已删除", b"", None)
    assert purge("development")["development.left"] == 0
