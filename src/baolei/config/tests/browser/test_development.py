"""From the application to a full member through the pages, day after day."""

from datetime import date

import pytest
from playwright.sync_api import expect

from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.config.tests.browser.looking import expect_sound
from baolei.development.models import Applicant
from baolei.development.steps import RULES
from baolei.development.tests.way import DAYS
from baolei.members.models import Member
from baolei.members.tests.factories import make_id_number

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAYS = {
    3: ("结果", "群团组织推优"),
    6: ("结果", "继续培养"),
    10: ("结果", "合格（同意）"),
    13: ("结果", "合格（同意）"),
    21: ("结果", "继续培养"),
    23: ("结果", "按期转正"),
}
PAPER = (10, 13, 14, 17, 24)


def test_from_application_to_full_member(visit, world):
    branch = world.ours["高东升"].branch
    users = {
        role: GrantFactory(
            user=UserFactory(username=f"way_{role}", name=name, office="试", password="!"),
            organization=place,
            role=role,
        ).user
        for role, name, place in (
            ("branch_secretary", "郑试行", branch),
            ("township_officer", "钱试行", branch.parent),
        )
    }
    secretary, officer = visit(users["branch_secretary"]), visit(users["township_officer"])
    secretary.goto("/development/board/")
    expect_sound(secretary)
    secretary.get_by_role("link", name="登记入党申请").click()
    secretary.get_by_label("姓名").fill("申试行")
    secretary.get_by_label("公民身份号码").fill(make_id_number(birth_date=date(1999, 4, 4)))
    secretary.get_by_label("学历").select_option("大学本科")
    secretary.get_by_label("职业").select_option("农牧渔民")
    secretary.get_by_label("收到申请书日期").fill("2024-01-10")
    expect_sound(secretary)
    secretary.get_by_role("button", name="登记", exact=True).click()
    home = secretary.url
    for number in range(2, 26):
        page = officer if number in (4, 8, 11, 13, 16, 17, 18, 24, 25) else secretary
        if number in (8, 23):
            notice(secretary, home, "2025-06-09" if number == 8 else "2026-07-06")
        page.goto(home)
        step = page.locator(".form-foot a.btn-primary").filter(has_text=str(RULES[number].words))
        step.first.click()
        fill(page, number)
        page.get_by_role("main").get_by_role("button").last.click()
        expect(page.get_by_role("status").filter(has_text="已办理")).to_be_visible()
        assert page.url == home
    secretary.goto(home)
    expect_sound(secretary)
    applicant = Applicant.rows.get()
    assert (applicant.stage, applicant.step) == ("converted", 25)
    member = Member.rows.get(name="申试行")
    assert (member.standing, member.converted_on) == ("formal", date(2026, 7, 15))
    stranger = visit()
    stranger.goto(f"/application/{applicant.slip}/")
    expect(stranger.get_by_role("main")).to_contain_text("已转正")
    expect(stranger.get_by_role("main")).not_to_contain_text("申试行")
    expect_sound(stranger)


def fill(page, number: int) -> None:
    """The form of a step as in a usual case."""
    page.get_by_label("办理日期").fill(DAYS[number])
    if number in SAYS:
        label, choice = SAYS[number]
        page.get_by_label(label).select_option(choice)
    if number in PAPER:
        page.get_by_label("志愿书编号" if number == 14 else "文号").fill("组字〔2025〕1号")
    if number in (5, 9):
        boxes = page.get_by_role("main").get_by_role("checkbox")
        for at in range(1 if number == 5 else 2):
            boxes.nth(at).check()
    if number in (17, 24):
        page.get_by_label("应到会委员").fill("7")
        page.get_by_label("实到委员").fill("6")
        page.get_by_label("赞成", exact=False).first.fill("6")
    if number in (15, 23):
        there = page.get_by_role("group", name="到会的正式党员").get_by_role("checkbox")
        page.get_by_label("赞成", exact=False).first.fill(str(there.count()))
        expect_sound(page)


def notice(page, home: str, since: str) -> None:
    page.goto(home)
    page.get_by_role("link", name="公示", exact=True).click()
    page.get_by_label("公示开始").fill(since)
    page.get_by_label("受理电话").fill("党委办公室")
    page.get_by_role("main").get_by_role("button").last.click()
    page.get_by_role("link", name="登记公示结果").click()
    page.get_by_label("公示结果").select_option("没有收到异议")
    page.get_by_role("main").get_by_role("button").last.click()
