import pytest
from django.urls import reverse

from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.config.menu import groups
from baolei.kernel.access import NOBODY
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.tests.factories import make_branch, make_organization

pytestmark = pytest.mark.django_db


def names(actor) -> set[str]:
    return {item["label"] for group in groups(actor) for item in group["items"]}


def test_strangers_have_no_menu():
    assert groups(NOBODY) == []


def test_menu_of_an_officer_a_secretary_and_a_member():
    officer = actor_of(GrantFactory(organization=make_organization()).user)
    secretary = actor_of(GrantFactory(organization=make_branch(), role="branch_secretary").user)
    member = actor_of(UserFactory(member_id=MemberFactory().pk))

    assert {"党组织", "党员", "账号", "我的账号"} <= names(officer)
    assert "操作记录" not in names(officer)
    assert {"党组织", "党员"} <= names(secretary)
    assert "账号" not in names(secretary)
    assert not {"党组织", "党员", "账号", "操作记录"} & names(member)


def test_one_item_is_current():
    actor = actor_of(GrantFactory(organization=make_organization()).user)
    path = reverse("accounts:open_account")
    current = [item for group in groups(actor, path) for item in group["items"] if item["current"]]
    assert [item["url"] for item in current] == [reverse("accounts:account_list")]


def test_console_leads_to_what_a_grant_shows_first(client):
    for user, place in (
        (GrantFactory(organization=make_organization()).user, reverse("figures:overview")),
        (UserFactory(), reverse("accounts:my_account")),
    ):
        client.force_login(user)
        assert client.get("/console/").headers["Location"] == place


@pytest.mark.parametrize("demo", [True, False])
def test_demo_mark_is_on_every_page_of_the_demo_only(client, settings, demo):
    settings.BAOLEI_DEMO = demo
    client.force_login(UserFactory())
    for path in ("/sign-in/", "/account/"):
        assert ("演示数据" in client.get(path).content.decode()) is demo
