"""Finding one's way in the organizations: search first, children where they stand, the same without script."""

import re

import pytest
from playwright.sync_api import expect

from baolei.config.tests.browser.looking import tab_to
from baolei.organizations.tests.factories import make_branch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def crowded(world):
    """The township of 西岭县, with more branches than a page of the tree holds."""
    township = world.land.branches["西岭县"].parent
    for number in range(1, 53):
        make_branch(township, name=f"西岭第{number}党支部")
    return township


@pytest.fixture
def officer(world):
    return world.users["province_officer"]


def opener(page, name):
    return page.get_by_text(f"下级党组织：{name}", exact=True).locator("xpath=..")


def test_the_search_stands_first_and_finds(visit, officer):
    page = visit(officer)
    page.goto("/organizations/")
    search = page.get_by_role("searchbox", name="查找党组织")
    assert search.bounding_box()["y"] < page.locator(".tree").bounding_box()["y"]
    search.fill("东山村")
    search.press("Enter")
    expect(page.get_by_role("heading", name="查找结果")).to_be_visible()
    expect(page.locator(".tree > li")).to_have_count(1)
    page.get_by_role("link", name="东山村党支部").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("东山村党支部")
    way = page.get_by_role("navigation", name="当前位置")
    expect(way.get_by_role("listitem")).to_have_text(
        ["党组织", "松江省", "平川市", "东山县", "东山镇", "东山村党支部"]
    )
    way.get_by_role("link", name="平川市").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("平川市")
    expect(page.get_by_role("link", name="西岭县")).to_be_visible()


def test_children_open_where_they_stand(visit, officer):
    page = visit(officer)
    page.goto("/organizations/")
    expect(page.get_by_role("link", name="东山县")).to_have_count(0)
    opener(page, "平川市").click()
    expect(page.get_by_role("link", name="东山县")).to_be_visible()
    expect(page.get_by_role("link", name="西岭县")).to_be_visible()
    tab_to(page, opener(page, "东山县"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="东山镇")).to_be_visible()
    assert page.url.endswith("/organizations/")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="东山镇")).to_be_hidden()


def test_a_long_list_goes_on_where_it_stands(visit, officer, crowded):
    page = visit(officer)
    page.goto(f"/organizations/?in={crowded.uid}")
    expect(page.locator(".tree > li .tree-row")).to_have_count(50)
    page.get_by_role("link", name="显示后面的党组织").click()
    expect(page.locator(".tree > li .tree-row")).to_have_count(53)
    expect(page.get_by_role("link", name="西岭第52党支部")).to_be_visible()


def test_the_same_without_script(visit, officer, crowded):
    page = visit(officer, script=False)
    page.goto("/organizations/")
    for name in ("平川市", "西岭县"):
        opener(page, name).click()
        page.get_by_role("link", name=re.compile(f"查看下级党组织.*{name}")).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_role("link", name="西岭镇")).to_be_visible()
    page.goto(f"/organizations/?in={crowded.uid}")
    page.get_by_role("link", name="显示后面的党组织").click()
    expect(page.locator(".tree > li .tree-row")).to_have_count(3)
    page.get_by_role("link", name="平川市").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("平川市")
