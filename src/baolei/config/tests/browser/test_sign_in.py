"""Signing in and out without a mouse; wrong passwords, and the lock after five of them."""

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import expect

from baolei.accounts.tests.factories import PASSWORD, GrantFactory, UserFactory
from baolei.config.tests.browser.looking import expect_sound, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def make_officer(world, username):
    user = UserFactory(username=username, name="郑试行", password=make_password(PASSWORD))
    return GrantFactory(user=user, organization=world.land.province, role="department_officer").user


def give(page, username, password):
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_label("密码").press("Enter")


def test_an_officer_signs_in_and_out_by_keyboard_only(visit, world):
    make_officer(world, "keys")
    page = visit()
    page.goto("/")
    tab_to(page, page.get_by_role("link", name="工作人员登录"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("用户名")).to_be_focused()
    page.keyboard.type("keys")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("松江省数据总览")
    tab_to(page, page.get_by_role("link", name="党员", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("党员名单")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    expect(page.get_by_role("link", name="跳到正文")).to_be_in_viewport()
    tab_to(page, page.locator("details.menu > summary"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="退出登录"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    page.goto("/members/")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")


def test_whoever_asked_for_a_page_comes_to_it(visit, world):
    make_officer(world, "asked")
    page = visit()
    page.goto("/organizations/list/")
    give(page, "asked", PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("党组织名册")


def test_wrong_passwords_are_told_and_the_fifth_locks(visit, world):
    user = make_officer(world, "wrong")
    page = visit()
    page.goto("/sign-in/")
    for time in range(5):
        give(page, "wrong", f"not the password {time}")
        expect(page.get_by_role("alert")).to_contain_text("用户名或密码不正确，或者账号已锁定")
        expect(page.get_by_label("密码")).to_have_value("")
    expect_sound(page)
    refused = page.get_by_role("alert").inner_text()
    give(page, "wrong", PASSWORD)
    expect(page.get_by_role("alert")).to_have_text(refused)
    user.refresh_from_db()
    assert user.is_locked
