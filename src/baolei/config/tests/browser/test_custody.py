"""Transfers carried through the pages: to another prefecture, to another province, and of somebody who does not report."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.config.tests.browser.conftest import PHONE
from baolei.config.tests.browser.looking import expect_sound, tab_to
from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.values import value
from baolei.members.models import Membership
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization
from baolei.organizations.tests.factories import make_branch, make_organization
from baolei.transfers.models import PocketCase, Transfer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def there(world, django_db_blocker):
    """A branch of another prefecture, and the officers of both townships."""
    with django_db_blocker.unblock():
        prefecture = make_organization(world.land.province, name="江北市", region_code="220200")
        county = make_organization(prefecture, name="北山县", region_code="220221")
        town = make_organization(county, name="北山镇", kind=Kind.TOWNSHIP_COMMITTEE)
        branch = make_branch(town, name="北山村党支部")
        for name, place in (("sender", world.ours["高东升"].branch.parent), ("receiver", town)):
            user = UserFactory(username=name, name=f"郑试{name}", office="组织委员", password="!")
            world.users[name] = GrantFactory(user=user, organization=place, role="township_officer").user
        for name in ("高远", "王明"):
            world.users[name] = UserFactory(
                username=name, name=name, office="", member_id=world.ours[name].pk, password="!"
            )
        return branch


def members_in(place) -> int:
    return value(figure("members.total"), place, on=timezone.localdate()).value


def prefecture_of(branch) -> Organization:
    return Organization.rows.get(key=branch.key[:6])


def press(page, name: str) -> None:
    """Open a step and take it as its form stands."""
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def test_to_another_prefecture_and_counted_once(visit, world, there):
    """The member asks on a telephone and by keyboard alone, his committee releases, the other accepts."""
    here, member = world.ours["高东升"].branch, world.ours["高东升"]
    before = [members_in(prefecture_of(place)) for place in (here, there)]
    phone = visit(world.users["member"], width=PHONE)
    phone.goto("/desk/")
    for name in ("打开菜单", "我的档案"):
        tab_to(phone, phone.get_by_role("link", name=name))
        phone.keyboard.press("Enter")
    tab_to(phone, phone.get_by_role("link", name="转接组织关系"))
    phone.keyboard.press("Enter")
    expect_sound(phone)
    tab_to(phone, phone.get_by_label("转入党支部（省内）"))
    phone.keyboard.type("北山村党支部")
    tab_to(phone, phone.get_by_role("button", name="提出转接"))
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("status").or_(phone.get_by_role("note")).first).to_contain_text("同意转出")
    expect_sound(phone)
    own = phone.url

    sender = visit(world.users["sender"])
    sender.goto("/desk/")
    sender.get_by_role("link", name="组织关系转接：待我办理").click()
    expect_sound(sender)
    sender.get_by_role("link", name="打印").click()
    expect_sound(sender)
    assert (
        sender.get_by_role("main").locator("svg title").text_content().endswith("/transfers/queue/?at=todo")
    )
    assert len(sender.pdf(format="A4")) > 10_000
    sender.go_back()
    sender.get_by_role("link", name="高东升").click()
    sender.get_by_role("link", name="同意转出").click()
    sender.get_by_label("党费交至（月）").fill("2026-10")
    sender.get_by_label("请对方在几天内接收").fill("30")
    expect_sound(sender)
    sender.get_by_role("button", name="同意转出").click()
    assert [members_in(prefecture_of(place)) for place in (here, there)] == before

    receiver, again = visit(world.users["receiver"]), visit(world.users["receiver"])
    receiver.goto("/desk/")
    receiver.get_by_role("link", name="组织关系转接：待我办理").click()
    receiver.get_by_role("link", name="高东升").click()
    for page in (receiver, again):
        page.goto(own)
        page.get_by_role("link", name="接收", exact=True).click()
    expect_sound(receiver)
    receiver.get_by_role("button", name="接收", exact=True).click()
    expect(receiver.get_by_role("main")).to_contain_text("党员自这一天起计入“北山村党支部”")
    expect_sound(receiver)
    again.get_by_role("button", name="接收", exact=True).click()
    after = [before[0] - 1, before[1] + 1]
    assert [members_in(prefecture_of(place)) for place in (here, there)] == after
    spells = Membership.rows.filter(member=member).order_by("during")
    assert [(s.branch_id, s.during.upper) for s in spells] == [
        (here.pk, timezone.localdate()),
        (there.pk, None),
    ]

    phone.goto(own)
    expect_sound(phone)
    phone.goto(f"/members/{member.uid}/")
    expect(phone.get_by_role("main")).to_contain_text("北山村党支部")
    expect_sound(phone)


def test_to_another_province_by_a_letter_that_anybody_can_check(visit, world, there):
    member = world.ours["高远"]
    before = members_in(world.land.province)
    officer = visit(world.users["sender"])
    officer.goto(f"/members/{member.uid}/")
    officer.get_by_role("link", name="转接组织关系").click()
    officer.get_by_label("转往省外").select_option("上海市")
    officer.get_by_role("button", name="提出转接").click()
    officer.get_by_role("link", name="开具介绍信").click()
    officer.get_by_label("介绍信编号").fill("试2026第7号")
    expect_sound(officer)
    officer.get_by_role("button", name="开具介绍信").click()
    home = officer.url
    expect_sound(officer)
    officer.get_by_role("link", name="打印介绍信").click()
    expect_sound(officer)
    code = officer.get_by_role("main").locator("svg title").text_content()
    expect(officer.get_by_role("main")).to_contain_text("试2026第7号")
    assert len(officer.pdf(format="A4")) > 10_000

    stranger = visit(width=PHONE)
    stranger.goto(code)
    expect(stranger.get_by_role("main")).to_contain_text("有效")
    expect(stranger.get_by_role("main")).to_contain_text("试2026第7号")
    expect(stranger.get_by_role("main")).not_to_contain_text("高远")
    expect_sound(stranger)
    assert members_in(world.land.province) == before

    officer.goto(home)
    press(officer, "登记回执")
    expect(officer.get_by_role("main")).to_contain_text("党员已转出省外，不再计入")
    expect_sound(officer)
    assert members_in(world.land.province) == before - 1
    member.refresh_from_db()
    assert (member.standing, member.left_on) == ("transferred_out", timezone.localdate())
    stranger.reload()
    expect(stranger.get_by_role("main")).to_contain_text("已经办结")


def test_a_pocket_member_is_guided_to_report(visit, world, there):
    member, counting = world.ours["王明"], figure("transfers.pocket_members_reported")
    today = timezone.localdate()
    places = (prefecture_of(there), world.land.province)
    before = [value(counting, place, on=today).value for place in places]
    officer = visit(world.users["sender"])
    officer.goto(f"/members/{member.uid}/")
    officer.get_by_role("link", name="转接组织关系").click()
    officer.get_by_label("转入党支部（省内）").fill("北山村党支部")
    officer.get_by_role("button", name="提出转接").click()
    press(officer, "同意转出")
    home = officer.url
    transfer = Transfer.rows.get(member=member)
    late = {"asked_on": today - timedelta(days=40), "turned_on": today - timedelta(days=40)}
    Transfer.rows.filter(pk=transfer.pk).update(**late, due_on=today - timedelta(days=1))

    there_page = visit(world.users["receiver"])
    there_page.goto("/desk/")
    there_page.get_by_role("link", name="组织关系转接：已超期").click()
    there_page.get_by_role("link", name="王明").click()
    expect_sound(there_page)
    press(there_page, "列为口袋党员")
    there_page.get_by_role("link", name="查看联系记录").click()
    case = there_page.url
    for way, result in (("电话", "无人应答"), ("上门", "已联系上")):
        there_page.get_by_role("link", name="登记联系").click()
        there_page.get_by_label("方式").select_option(way)
        there_page.get_by_label("结果").select_option(result)
        expect_sound(there_page)
        there_page.get_by_role("button", name="登记联系").click()
    expect(there_page.get_by_role("row", name="上门")).to_be_visible()
    expect_sound(there_page)

    phone = visit(world.users["王明"], width=PHONE)
    phone.goto("/members/me/")
    expect_sound(phone)
    for name in ("请您答复：介绍信到期未报到", "答复"):
        tab_to(phone, phone.get_by_role("link", name=name, exact=True))
        phone.keyboard.press("Enter")
    phone.get_by_label("答复").select_option(index=1)
    expect_sound(phone)
    phone.get_by_role("button", name="答复").click()
    there_page.goto(case)
    expect(there_page.get_by_role("main")).to_contain_text("本人答复")

    there_page.goto(home)
    press(there_page, "接收")
    there_page.goto(case)
    expect_sound(there_page)
    closed = PocketCase.rows.get(member=member)
    assert (closed.outcome, closed.closed_on) == ("reported", today)
    assert [value(counting, place, on=today).value for place in places] == [(n or 0) + 1 for n in before]
