"""The desk: what waits for an officer, a secretary and a member, and nothing of others."""

import re
from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.development.tests.way import Way
from baolei.meetings.models import Meeting
from baolei.members.tests.factories import MemberFactory, make_id_number
from baolei.organizations.tests.factories import make_branch
from baolei.transfers import actions
from baolei.transfers.models import Floating

pytestmark = pytest.mark.django_db


@pytest.fixture
def way(db, time_machine):
    time_machine.move_to("2026-11-30T02:00:00Z", tick=False)
    return Way()


def desk(client, user) -> str:
    client.force_login(user)
    assert client.get("/console/").headers["Location"] == "/desk/"
    response = client.get("/desk/")
    assert response.status_code == 200
    return response.content.decode()


def test_what_waits_stands_there_with_its_number_and_leads_there(client, way):
    way.applied(on="2026-10-01")
    way.applied(on="2026-11-20", id_number=make_id_number(birth_date=date(1999, 1, 2)))
    text = desk(client, GrantFactory(role="branch_secretary", organization=way.branch).user)
    assert "发展党员：已超期" in text and "发展党员：一个月内到期" in text
    late = "/development/applicants/?clock=late&amp;order=due"
    assert late in text
    assert client.get(late.replace("&amp;", "&")).content.decode().count("申试行") == 1
    assert f"{way.branch.short_name}" in text and ">3<" in text.replace(" ", "").replace("\n", "")


def test_a_transfer_waits_for_its_holder_and_is_known_to_the_member(client, way):
    there = make_branch(way.county)
    actions.ask(way.members[0], actor=way.officer, receiver=there)
    officer = GrantFactory(role="township_officer", organization=way.town).user
    assert "组织关系转接：待我办理" in desk(client, officer)
    member = UserFactory(member_id=way.members[0].pk)
    text = desk(client, member)
    assert "我的组织关系转接正在办理" in text and "待我办理" not in text


def test_others_have_nothing_to_do(client, way):
    way.applied(on="2026-10-01")
    for user in (
        GrantFactory(role="branch_secretary", organization=make_branch(way.town)).user,
        UserFactory(member_id=way.members[1].pk),
    ):
        client.force_login(user)
        assert client.get("/console/").headers["Location"] != "/desk/"
        assert "现在没有等您办理的事项" in client.get("/desk/").content.decode()


def lines(text: str) -> dict[str, tuple[str, str]]:
    """Words of each line of what waits and of the chapters -> the number beside them, and where it leads."""
    rows = r'<th scope="row"><a href="([^"]*)">([^<]*)</a></th><td[^>]*>(?:<span[^>]*>)?([\d,+]+)'
    found = [(words, number, address) for address, words, number in re.findall(rows, text)]
    found += [
        (words, number, address)
        for words, address, number in re.findall(
            r'<dt>([^<]*)</dt><dd class="num"><a href="([^"]*)">([\d,+]+)', text
        )
    ]
    return {words: (number, address.replace("&amp;", "&")) for words, number, address in found}


def test_a_branch_s_secretary_reads_what_the_month_saw_and_who_is_there(client, way):
    MemberFactory(branch=way.branch, standing="probationary", joined_on=date(2026, 3, 1))
    way.until(3, way.applied())
    away = {"member": way.members[0], "organization": way.branch, "destination": "other_province"}
    Floating.rows.create(ref="F1", **away, during=DateRange(date(2026, 5, 1), None))
    beside = make_branch(way.town)
    for number, (branch, kind, held_on) in enumerate(
        (
            (way.branch, "theme_day", "2026-11-05"),
            (way.branch, "theme_day", "2026-10-31"),
            (way.branch, "members_meeting", "2026-10-01"),
            (way.branch, "members_meeting", "2026-09-30"),
            (beside, "party_class", "2026-11-06"),
        )
    ):
        Meeting.rows.create(
            ref=f"M{number}", organization=branch, kind=kind, held_on=held_on, should_attend=3, present=3
        )
    text = desk_of(client, GrantFactory(role="branch_secretary", organization=way.branch).user)
    told = lines(text)
    assert {words: number for words, (number, _address) in told.items() if words not in WAITS} == {
        "主题党日（本月已开）": "1",
        "支部委员会会议（本月已开）": "0",
        "党员大会（本季度已开）": "1",
        "党课（本季度已开）": "0",
        "正式党员": "3",
        "预备党员": "1",
        "入党申请人": "0",
        "入党积极分子": "1",
        "发展对象": "0",
        "流动党员": "1",
    }
    for words, (number, address) in told.items():
        page = client.get(address).content.decode()
        assert f"共 {number} 条" in page or (number == "0" and "没有" in page), words


def test_who_keeps_more_than_one_branch_reads_their_numbers_only(client, way):
    text = desk_of(client, GrantFactory(role="township_officer", organization=way.town).user)
    assert "本季度已开" not in text and "名党员" in text


def test_a_member_reads_on_his_own_page_what_waits_for_him(client, way):
    member = UserFactory(member_id=way.members[0].pk)
    client.force_login(member)
    assert "请您办理" not in client.get("/members/me/").content.decode()
    transfer = actions.ask(way.members[0], actor=way.officer, receiver=make_branch(way.county))
    text = client.get("/members/me/").content.decode()
    assert lines(text)["我的组织关系转接正在办理"] == ("1", f"/transfers/transfers/{transfer.uid}/")


def desk_of(client, user) -> str:
    client.force_login(user)
    return client.get("/desk/").content.decode()


WAITS = {"发展党员：已超期", "发展党员：一个月内到期", "组织关系转接：待我办理"}
