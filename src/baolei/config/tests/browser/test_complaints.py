"""A stranger says that a number is wrong, without script and by keyboard; an officer corrects it; everybody reads it."""

import re

import pytest
from playwright.sync_api import expect

from baolei.config.tests.browser.conftest import PHONE
from baolei.config.tests.browser.looking import expect_sound, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_a_wrong_number_to_its_correction(visit, world):
    page = visit(script=False, width=PHONE)
    figure = f"/lookback/{world.edition.uid}/members.total/"
    page.goto(figure)
    page.get_by_role("link", name="这个数不对", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("“党员总数”")
    expect(page.get_by_label("数字有误")).to_be_checked()
    tab_to(page, page.get_by_label("请说明"))
    page.keyboard.type("应当是32人，请打13900001111。")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("像是有身份证号或手机号")).to_be_visible()
    page.get_by_label("请说明").fill("应当是32人。")
    page.get_by_role("button", name="仍然提交").click()
    slip = page.locator("[data-slip]").inner_text()
    assert re.fullmatch(r"\w{4}-\w{4}-\w{4}", slip)

    page.get_by_role("link", name="用查询码查看办理情况").click()
    page.get_by_label("查询码").fill(slip.lower())
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("main")).to_contain_text("正在办理")

    officer = visit(world.users["province_officer"])
    officer.goto("/console/")
    officer.get_by_role("link", name=re.compile("投诉与纠错")).click()
    expect_sound(officer)
    officer.get_by_role("main").get_by_role("link", name=re.compile("党员总数")).click()
    expect_sound(officer)
    officer.get_by_role("link", name="答复").click()
    expect_sound(officer)
    officer.get_by_label("更正", exact=True).check()
    officer.get_by_label("答复 必填").fill("已更正。")
    officer.get_by_label("更正公告：原来的说法").fill("33人")
    officer.get_by_label("更正公告：更正为").fill("32人")
    officer.get_by_role("button", name="答复").click()
    expect(officer.get_by_role("main")).to_contain_text("更正为“32人”")

    page.goto(figure)
    expect(page.get_by_role("main")).to_contain_text("原来的说法“33人”，更正为“32人”")
    everybody = visit()
    everybody.goto("/corrections/")
    expect_sound(everybody)
    expect(everybody.get_by_role("main")).not_to_contain_text("应当是32人")


def test_the_pages_after_a_form_are_sound(visit, world):
    page = visit()
    page.goto("/complaints/new/")
    page.get_by_label("其他").check()
    page.get_by_label("请说明").fill("222404197003150011")
    page.get_by_role("button", name="提交").click()
    expect_sound(page)
    page.get_by_role("button", name="仍然提交").click()
    expect(page.locator("[data-slip]")).to_be_visible()
    expect_sound(page)
    slip = page.locator("[data-slip]").inner_text()
    page.goto("/complaints/")
    page.get_by_label("查询码").fill("没有")
    page.get_by_role("button", name="查询").click()
    expect_sound(page)
    page.get_by_label("查询码").fill(slip)
    page.get_by_role("button", name="查询").click()
    expect_sound(page)
    page.get_by_label("搜索数据、文章和词语").fill("党员")
    page.get_by_label("搜索数据、文章和词语").press("Enter")
    expect(page.get_by_role("main").locator("mark").first).to_be_visible()
    expect_sound(page)
