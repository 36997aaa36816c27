"""A stranger reads the look back: from the home page to a number, what it means, and its page."""

import pytest
from playwright.sync_api import expect

from baolei.config.tests.browser.conftest import PHONE
from baolei.config.tests.browser.looking import tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TOTAL = "33"
"""Members of the province on the last day of the edition: 22 of 2012, 9 of 2015, two of the named persons."""


def article_of(world) -> str:
    return f"/lookback/{world.edition.uid}/"


def number_in(page):
    """The first number of the text and its explanation."""
    tipped = page.locator(".prose .tipped").first
    return tipped.get_by_role("link"), tipped.locator(".tip")


def test_from_the_home_page_to_a_number_and_its_page(visit, world):
    page = visit()
    page.goto("/")
    page.get_by_role("link", name="全部头条").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("头条")
    page.get_by_role("main").get_by_role("link", name=world.edition.title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(world.edition.title)
    number, tip = number_in(page)
    expect(number).to_have_text(TOTAL)
    expect(tip).to_be_hidden()
    number.hover()
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("一人计一次")
    expect(tip).to_contain_text("2016年12月31日")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    number.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("松江省党员总数")
    main = page.get_by_role("main")
    expect(main.locator(".figure-number")).to_have_text(f"{TOTAL} 人")
    for words in ("一人计一次", "2016年12月31日24时", "平川市", "西岭县"):
        expect(main).to_contain_text(words)
    expect(main).not_to_contain_text("东山村党支部")


def test_a_number_is_explained_to_the_keyboard(visit, world):
    page = visit()
    page.goto(article_of(world))
    number, tip = number_in(page)
    tab_to(page, number)
    expect(tip).to_be_visible()
    expect(number).to_have_accessible_description(tip.inner_text())
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("松江省党员总数")


def test_by_touch_the_first_tap_explains_and_the_second_opens(visit, world):
    page = visit(width=PHONE, touch=True)
    page.goto(article_of(world))
    for tipped in page.locator(".prose .tipped").all():
        tipped.get_by_role("link").tap()
        expect(tipped.locator(".tip")).to_be_visible()
        box = tipped.locator(".tip").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE
    assert page.url.endswith(article_of(world))
    tipped.get_by_role("link").tap()
    expect(page.locator(".figure-name")).to_be_visible()


@pytest.mark.parametrize("address", ["/_ui/", "/_ui/public/"])
def test_an_explanation_stays_on_a_narrow_screen_on_any_page(visit, address):
    page = visit(width=PHONE)
    page.goto(address)
    tips = page.locator(".tipped").all()
    assert tips
    for tipped in tips:
        tipped.locator(":scope > :first-child").focus()
        box = tipped.get_by_role("tooltip").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE
        assert box["y"] >= 0 and box["y"] + box["height"] <= 900


def test_print_and_copy_answer(visit, world):
    page = visit()
    page.goto(article_of(world))
    page.evaluate("window.print = () => { document.title = 'printed' }")
    page.get_by_role("button", name="打印").click()
    expect(page).to_have_title("printed")
    page.get_by_role("button", name="复制链接").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == world.address + article_of(world)
    expect(page.get_by_role("button", name="复制链接")).to_be_visible()


def test_the_large_print_is_kept(visit):
    page = visit()
    page.goto("/")
    size = "parseFloat(getComputedStyle(document.querySelector('.intro')).fontSize)"
    before = page.evaluate(size)
    page.get_by_role("button", name="大字版").click()
    assert page.evaluate(size) > before
    page.goto("/lookback/")
    expect(page.get_by_role("button", name="大字版")).to_have_attribute("aria-pressed", "true")


def test_articles_are_searched_without_script(visit, world):
    page = visit(script=False)
    page.goto("/")
    page.get_by_label("搜索数据、文章和词语").fill("松江")
    page.get_by_label("搜索数据、文章和词语").press("Enter")
    expect(page.get_by_role("main").get_by_role("link", name=world.edition.title).first).to_be_visible()
    for name in ("打印", "复制链接", "大字版"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    page.get_by_label("搜索数据、文章和词语").fill("外省")
    page.get_by_label("搜索数据、文章和词语").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("没有找到")
