"""Figures: another day, another value; down to a child; the records behind; the same as a workbook."""

from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(visit, world):
    page = visit(world.users["province_officer"])
    page.goto("/members/")
    page.get_by_role("link", name="数据总览").click()
    page.get_by_role("main").get_by_role("link", name="34").click()
    return page


def value_of(page):
    return page.locator(".stat-value").first


def ask_for(page, day):
    page.get_by_label("时点（当日24时）", exact=True).fill(day)
    page.get_by_role("button", name="查看", exact=True).click()


def test_another_day_has_another_value(page):
    expect(page.get_by_role("heading", level=1)).to_have_text("党员总数")
    expect(value_of(page)).to_have_text("34 人")
    for day, value in (("2016-12-31", "33 人"), ("2014-12-31", "24 人")):
        ask_for(page, day)
        expect(value_of(page)).to_have_text(value)
        year, month, of_month = day.split("-")
        expect(page.locator(".page-note").first).to_contain_text(f"{year}年{int(month)}月{int(of_month)}日")
    ask_for(page, "2011-12-31")
    expect(page.get_by_role("main")).to_contain_text("当日没有数据")


def test_a_bar_leads_to_the_child_of_that_day_and_back(page):
    ask_for(page, "2014-12-31")
    page.locator(".bars").get_by_role("link", name="平川市").click()
    expect(page.locator(".page-note").first).to_contain_text("平川市")
    expect(value_of(page)).to_have_text("18 人")
    page.get_by_role("link", name="西岭县 9", exact=False).first.click()
    expect(page.locator(".page-note").first).to_contain_text("西岭县")
    expect(value_of(page)).to_have_text("9 人")
    page.get_by_role("navigation", name="当前位置").get_by_role("link", name="松江省").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("松江省数据总览")
    expect(page.locator(".page-note").first).to_contain_text("2014年12月31日")


def test_the_records_behind_are_those_of_the_day(page):
    ask_for(page, "2014-12-31")
    page.locator(".bars").get_by_role("link", name="平川市").click()
    page.get_by_role("link", name="看数据背后的 18 条记录").click()
    rows = page.locator("#rows tbody tr")
    expect(rows).to_have_count(18)
    expect(page.locator("#rows")).not_to_contain_text("王明")
    page.get_by_role("link", name="高远").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("高远")


def test_the_workbook_holds_what_the_page_shows(page):
    ask_for(page, "2016-12-31")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="导出 Excel").click()
    file = waiting.value
    assert file.suggested_filename.startswith("members.total-") and file.suggested_filename.endswith(".xlsx")
    book = ZipFile(file.path())
    texts = book.read("xl/sharedStrings.xml").decode()
    for words in ("演示数据", "党员总数", "2016-12-31", "平川市"):
        assert words in texts
    assert "<v>33</v>" in book.read("xl/worksheets/sheet1.xml").decode()


def test_a_day_to_come_is_refused_in_a_sentence(page):
    page.goto("/figures/members.total/?on=2100-01-01")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("link", name="看今天的数据").click()
    expect(value_of(page)).to_have_text("34 人")
