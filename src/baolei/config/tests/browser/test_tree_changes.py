"""Changing the tree by keyboard: the form, what will happen, the confirmation, the page that tells it."""

import pytest
from playwright.sync_api import expect

from baolei.config.tests.browser.looking import expect_sound, tab_to
from baolei.organizations.tests.factories import make_branch, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def branches(world):
    township = world.land.branches["东山县"].parent
    made = [make_branch(township, name=f"东山{name}党支部") for name in ("河口", "石门")]
    make_unit(made[0], name="东山河口村")
    return made


def press(page, name):
    button = page.get_by_role("button", name=name)
    tab_to(page, button)
    page.keyboard.press("Enter")


def test_a_merge_by_keyboard(visit, world, branches):
    page = visit(world.users["province_officer"])
    page.goto(f"/organizations/{branches[0].uid}/changes/")
    expect_sound(page)
    tab_to(page, page.get_by_role("link", name="合并"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("合并：东山河口党支部")
    page.get_by_label("批准文号").fill("东组〔2026〕8号")
    page.get_by_label("事由").select_option("layout")
    page.get_by_label("并入（承接党组织）").fill("没有的党支部")
    press(page, "下一步：看看会怎样")
    expect(page.get_by_text("没有这个党组织，或不在您的管理范围")).to_be_visible()
    expect_sound(page)
    page.get_by_label("并入（承接党组织）").fill(branches[1].code)
    press(page, "下一步：看看会怎样")
    expect(page.get_by_role("row", name="主管的单位")).to_contain_text("自当日起转到承接党组织")
    expect_sound(page)
    press(page, "返回修改")
    expect(page.get_by_label("批准文号")).to_have_value("东组〔2026〕8号")
    press(page, "下一步：看看会怎样")
    press(page, "确认办理")
    expect(page.get_by_text("已办理合并。")).to_be_visible()
    expect(page.get_by_text("并入东山石门党支部")).to_be_visible()
    expect_sound(page)
    page.goto(f"/organizations/{branches[1].uid}/changes/")
    expect(page.get_by_text("东山河口党支部并入")).to_be_visible()


@pytest.mark.parametrize("noun", ["found", "rename", "move", "split", "close"])
def test_the_forms_are_sound(visit, world, branches, noun):
    page = visit(world.users["province_officer"])
    page.goto(f"/organizations/{branches[0].uid}/{noun}/")
    expect(page.get_by_role("button", name="下一步：看看会怎样")).to_be_visible()
    expect_sound(page)
