"""A poll in a branch, in real windows: papers printed, cast by phone and at the computer in the room, counted, graded."""

import pytest
from playwright.sync_api import expect

from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.config.tests.browser.conftest import PHONE
from baolei.config.tests.browser.looking import expect_sound
from baolei.kernel.ballots import keys

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def secretary(world, tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "folder", lambda: tmp_path / "ballots")
    branch = world.ours["高东升"].branch
    user = UserFactory(username="branch_secretary", name="冯试支", office="支部书记", password="!")
    return GrantFactory(user=user, organization=branch, role="branch_secretary").user


def test_from_the_printed_papers_to_the_grades(visit, world, secretary):
    desk = visit(secretary)
    branch = world.ours["高东升"].branch
    desk.goto(f"/organizations/{branch.uid}/")
    desk.get_by_role("link", name="开展民主评议").click()
    expect_sound(desk)
    desk.get_by_role("button", name="开展民主评议").click()
    round_page = desk.url
    expect_sound(desk)
    desk.get_by_role("link", name="登记评议会议").click()
    desk.get_by_label("实到人数").fill("9")
    desk.get_by_role("button", name="登记评议会议").click()
    desk.get_by_role("link", name="登记纸质票").click()
    expect_sound(desk)
    desk.goto(round_page)
    desk.get_by_role("link", name="开始测评").click()
    desk.get_by_label("发出测评票").fill("3")
    desk.get_by_role("button", name="开始测评").click()
    expect_sound(desk)
    numbers = desk.locator("p.num").all_inner_texts()
    assert len({*numbers}) == 3

    phone = visit(width=PHONE)
    phone.goto(f"/ballot/#{numbers[0]}")
    expect(phone.get_by_label("选票编号")).to_have_value(numbers[0])
    assert "#" not in phone.url
    expect_sound(phone)
    phone.get_by_role("button", name="继续").click()
    expect_sound(phone)
    phone.get_by_role("group", name="高东升").get_by_label("合格", exact=True).check()
    phone.get_by_role("button", name="投入票箱").click()
    expect(phone.get_by_text("您的选票已经投入")).to_be_visible()
    expect_sound(phone)

    room = visit(secretary, script=False)  # the computer at which somebody has signed in
    for number in numbers[1:]:
        room.goto("/ballot/")
        room.get_by_label("选票编号").fill(number.lower())
        room.get_by_role("button", name="继续").click()
        room.get_by_role("group", name="高东升").get_by_label("优秀", exact=True).check()
        room.get_by_role("button", name="投入票箱").click()
        room.get_by_role("link", name="下一位").click()
    room.get_by_label("选票编号").fill(numbers[1])
    room.get_by_role("button", name="继续").click()
    expect(room.get_by_role("heading", name="选票已在票箱里")).to_be_visible()

    desk.goto(round_page)
    desk.get_by_role("link", name="结束投票并计票").click()
    desk.get_by_role("button", name="结束投票并计票").click()
    expect_sound(desk)
    expect(desk.get_by_role("row", name="高东升")).to_contain_text("评为合格以上的达到半数")
    desk.get_by_role("link", name="评定等次").click()
    expect_sound(desk)
    desk.get_by_label("高东升").select_option("合格")
    expect(desk.get_by_label("高东升")).to_have_value("qualified")
    desk.get_by_role("link", name="高东升").click()
    expect_sound(desk)
