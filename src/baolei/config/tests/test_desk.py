"""The desk: what waits for an officer, a secretary and a member, and nothing of others."""

from datetime import date

import pytest

from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.development.tests.way import Way
from baolei.members.tests.factories import make_id_number
from baolei.organizations.tests.factories import make_branch
from baolei.transfers import actions

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
