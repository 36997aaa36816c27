"""The register: finding a person, a number shown whole for a stated purpose, and the person who sees that."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Error, expect

from baolei.config.tests.browser.conftest import ID_NUMBER, PHONE_NUMBER
from baolei.config.tests.browser.looking import expect_sound

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def officer(world):
    return world.users["department_officer"]


def look_for(page, text):
    page.get_by_role("searchbox", name="查找党员").fill(text)
    page.get_by_role("button", name="查找", exact=True).click()


def found(page):
    return page.get_by_role("main").locator(".table tbody th")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("高", ["高东升", "高远"]),
        ("gaodong", ["高东升"]),
        ("GDS", ["高东升"]),
        ("高东升 1111", ["高东升"]),
        (ID_NUMBER, ["高东升"]),
        (PHONE_NUMBER, ["高东升"]),
    ],
)
def test_a_person_is_found(visit, officer, text, names):
    page = visit(officer)
    page.goto("/members/")
    look_for(page, text)
    expect(page.get_by_role("heading", level=1)).to_have_text("查找党员")
    expect(found(page)).to_have_text(names)
    assert page.url.endswith("/members/search/")
    expect(page.get_by_role("main")).not_to_contain_text(ID_NUMBER)


def test_what_cannot_be_searched_for_is_told(visit, officer):
    page = visit(officer)
    page.goto("/members/")
    look_for(page, "1111")
    box = page.get_by_role("searchbox", name="查找党员")
    expect(box).to_have_accessible_description(re.compile("请同时写姓名"))
    expect_sound(page)
    look_for(page, "高东升 1112")
    expect(page.get_by_role("main")).to_contain_text("没有")
    expect(found(page)).to_have_count(0)


def test_the_list_is_narrowed_and_leads_to_a_file(visit, officer):
    page = visit(officer)
    page.goto("/members/")
    expect(found(page)).to_have_count(13)
    page.get_by_label("性别").select_option(label="女")
    page.get_by_role("button", name="查询").click()
    expect(found(page)).to_have_count(3)
    look_for(page, "高东升")
    page.get_by_role("link", name="高东升").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("高东升")
    expect(page.get_by_role("main")).to_contain_text("东山村党支部")


def test_a_full_number_costs_a_purpose_and_the_person_sees_it(visit, world, officer):
    page = visit(officer)
    page.goto(f"/members/{world.ours['高东升'].uid}/")
    main = page.get_by_role("main")
    expect(main).not_to_contain_text(PHONE_NUMBER)
    expect(main).not_to_contain_text(ID_NUMBER)
    page.get_by_role("link", name="查看完整号码").click()
    expect(main).to_contain_text("本人可以看到")
    expect(main).not_to_contain_text(ID_NUMBER)
    page.get_by_label("用途").select_option(index=1)
    purpose = page.get_by_label("用途").locator("option:checked").inner_text()
    page.get_by_role("button", name="查看", exact=True).click()
    expect(main).to_contain_text(ID_NUMBER)
    expect(main).not_to_contain_text(PHONE_NUMBER)
    expect_sound(page)
    page.get_by_role("link", name="返回").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("高东升")
    expect(main).not_to_contain_text(ID_NUMBER)
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        page.go_back()

    own = visit(world.users["member"])
    own.goto("/members/me/")
    line = own.get_by_role("table", name="谁看过我的档案").locator("tbody tr")
    expect(line).to_have_count(1)
    for words in (f"{timezone.localdate():%Y-%m-%d}", officer.office, purpose):
        expect(line).to_contain_text(words)
    expect(own.get_by_role("main")).not_to_contain_text(officer.name)


def test_a_plain_member_sees_his_own_page_only(visit, world):
    page = visit(world.users["member"])
    page.goto("/console/")
    expect(page.get_by_role("heading", level=1)).to_have_text("我的档案")
    expect(page.get_by_role("main")).to_contain_text("高东升")
    menu = page.get_by_role("navigation", name="主菜单")
    expect(menu.get_by_role("link")).to_have_text(["待办", "五年回眸", "我的档案", "我的账号"])
    page.goto("/members/")
    expect(page.get_by_role("heading", level=1)).to_have_text("我的档案")
    other = world.ours["高远"].uid
    for address in (f"/members/{other}/", f"/members/{other}/reveal/", "/organizations/", "/figures/"):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text("没有找到这个页面")
