import re

import pytest
from django.test import Client
from django.urls import reverse

from baolei.accounts import actions
from baolei.accounts.models import Grant, User
from baolei.accounts.queries import DEMO_PASSWORD
from baolei.accounts.tests.factories import PASSWORD, GrantFactory, UserFactory
from baolei.kernel.models import Event
from baolei.organizations.tests.factories import make_branch, make_organization

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"


@pytest.fixture
def county():
    return make_organization()


@pytest.fixture
def officer(county) -> User:
    return GrantFactory(organization=county, role="department_officer").user


@pytest.fixture
def as_officer(client, officer) -> Client:
    client.force_login(officer)
    return client


def refusal(answer) -> str:
    return re.search(r'role="alert".*?</div>', answer.content.decode(), re.DOTALL)[0]


def test_sign_in_leads_to_the_console(client, officer):
    answer = client.post(SIGN_IN, {"username": officer.username, "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/console/")


def test_sign_in_page_names_no_account_outside_the_demo(client):
    UserFactory(username="county")
    page = client.get(SIGN_IN).content.decode()
    assert "county" not in page
    assert DEMO_PASSWORD not in page


def test_sign_in_page_of_the_demo_lists_its_accounts(client, settings):
    settings.BAOLEI_DEMO = True
    UserFactory(username="county")
    UserFactory(username="somebody")
    page = client.get(SIGN_IN).content.decode()
    assert DEMO_PASSWORD in page and ">county<" in page
    assert "somebody" not in page


def test_refusals_read_the_same(client):
    known, closed = UserFactory(), UserFactory(is_active=False)
    locked = UserFactory()
    for _ in range(5):
        actions.sign_in(locked.username, password="wrong")
    answers = [
        client.post(SIGN_IN, {"username": name, "password": word})
        for name, word in (
            ("nobody-of-that-name", "x"),
            (known.username, "wrong"),
            (closed.username, PASSWORD),
            (locked.username, PASSWORD),
        )
    ]
    assert len({refusal(answer) for answer in answers}) == 1
    assert "锁定 15 分钟" in refusal(answers[0])
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/account/?a=1", "/account/?a=1"),
        ("https://elsewhere.example/", "/console/"),
        ("//elsewhere.example/", "/console/"),
        ("/\\elsewhere.example", "/console/"),
        ("javascript:alert(1)", "/console/"),
        ("", "/console/"),
    ],
)
def test_next_leads_to_our_own_pages_only(client, officer, wanted, led_to):
    given = {"username": officer.username, "password": PASSWORD, "next": wanted}
    assert client.post(SIGN_IN, given).headers["Location"] == led_to


def test_sign_out_needs_a_post(as_officer):
    assert as_officer.get(reverse("accounts:sign_out")).status_code == 405
    assert as_officer.post(reverse("accounts:sign_out")).status_code == 302
    assert as_officer.get("/account/").status_code == 302
    assert Event.objects.filter(action="accounts.user.sign_out").count() == 1


def test_my_account_says_in_words_what_one_may(as_officer, county):
    page = as_officer.get("/account/").content.decode()
    assert county.name in page
    assert "开设账号、授予和收回权限" in page
    assert "查看操作记录" not in page


def test_change_password_with_mistakes(client, officer):
    client.force_login(officer)
    url = reverse("accounts:change_password")
    good = {"old": PASSWORD, "new": "a longer sentence 7", "again": "a longer sentence 7"}
    for wrong in (
        {"old": "x"},
        {"again": "another"},
        {"new": "short", "again": "short"},
        {"new": PASSWORD, "again": PASSWORD},
    ):
        assert client.post(url, good | wrong).status_code == 200
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


def test_account_list_shows_the_reach_only(as_officer, county):
    inside = GrantFactory(organization=make_branch(county), role="branch_secretary").user
    outside = GrantFactory(organization=make_branch(), role="branch_secretary").user
    page = as_officer.get(reverse("accounts:account_list")).content.decode()
    assert inside.username in page
    assert outside.username not in page
    assert as_officer.get(reverse("accounts:account", args=[inside.uid])).status_code == 200
    assert as_officer.get(reverse("accounts:account", args=[outside.uid])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_account_list_costs_the_same_for_every_number_of_rows(
    as_officer, county, rows, django_assert_num_queries
):
    for _ in range(rows):
        GrantFactory(organization=make_branch(county), role="branch_secretary")
    as_officer.get(reverse("accounts:account_list"))
    with django_assert_num_queries(6):  # session, user, grants, the page, the menu's two counts
        as_officer.get(reverse("accounts:account_list"))


def test_account_list_by_pages(as_officer, county, monkeypatch):
    monkeypatch.setattr("baolei.accounts.tables.GrantTable.size", 2)
    for number in range(3):
        GrantFactory(organization=county, role="branch_secretary", user__username=f"zz{number}")
    url = reverse("accounts:account_list")
    seen, address = [], "?q=zz"
    while address:
        page = as_officer.get(url + address).content.decode()
        seen += re.findall(r">(zz\d)<", page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = found[1].replace("&amp;", "&") if found else ""
    assert seen == ["zz0", "zz1", "zz2"]


def test_secretary_and_member_find_no_accounts(client):
    for user in (GrantFactory(organization=make_branch(), role="branch_secretary").user, UserFactory()):
        client.force_login(user)
        for name in ("account_list", "open_account", "events"):
            assert client.get(reverse(f"accounts:{name}")).status_code == 404


def test_open_account_shows_the_password_once(as_officer, county):
    branch = make_branch(county)
    given = {
        "username": "zhang.san",
        "name": "张三",
        "office": "书记",
        "organization": branch.code,
        "role": "branch_secretary",
    }
    answer = as_officer.post(reverse("accounts:open_account"), given)
    password = re.search(r"\b[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\b", answer.content.decode())[0]
    user = User.objects.get(username="zhang.san")
    assert user.check_password(password) and user.must_change_password
    assert "no-store" in answer.headers["Cache-Control"]
    assert password not in as_officer.get(reverse("accounts:account", args=[user.uid])).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": "Zhang San"},
        {"organization": "absent"},
        {"role": "province_officer"},
        {"role": "data_protection_officer"},
        {"name": ""},
    ],
)
def test_open_account_with_mistakes(as_officer, county, wrong):
    given = {
        "username": "zhang.san",
        "name": "张三",
        "office": "书记",
        "organization": county.code,
        "role": "branch_secretary",
    }
    assert as_officer.post(reverse("accounts:open_account"), given | wrong).status_code == 200
    assert not User.objects.filter(name="张三").exists()


def test_organization_out_of_reach_reads_like_an_absent_one(as_officer):
    given = {"username": "zhang.san", "name": "张三", "office": "书记", "role": "branch_secretary"}
    pages = [
        as_officer.post(reverse("accounts:open_account"), given | {"organization": code}).content.decode()
        for code in (make_organization().code, "absent")
    ]
    assert all("没有这个代码的党组织，或不在您的管理范围" in page for page in pages)


def test_give_and_withdraw_on_the_page(as_officer, county):
    grant = GrantFactory(organization=make_branch(county), role="branch_secretary")
    page = reverse("accounts:account", args=[grant.user.uid])
    given = {"organization": county.code, "role": "committee_officer"}
    assert as_officer.post(reverse("accounts:give_grant", args=[grant.user.uid]), given).status_code == 302
    assert "基层党委、党总支工作人员" in as_officer.get(page).content.decode()
    assert as_officer.post(reverse("accounts:withdraw_grant", args=[grant.pk])).status_code == 302
    assert [
        g.role
        for g in Grant.objects.unscoped("test").filter(user=grant.user).exclude(during__isempty=True).open()
    ] == ["committee_officer"]


def test_foreign_grant_cannot_be_withdrawn(as_officer):
    grant = GrantFactory(role="branch_secretary")
    assert as_officer.post(reverse("accounts:withdraw_grant", args=[grant.pk])).status_code == 404
    grant.refresh_from_db()
    assert grant.during.upper is None


def test_reset_password_on_the_page(as_officer, county):
    user = GrantFactory(organization=county, role="branch_secretary").user
    answer = as_officer.post(reverse("accounts:reset_password", args=[user.uid]))
    password = re.search(r"\b[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\b", answer.content.decode())[0]
    user.refresh_from_db()
    assert user.check_password(password)


def test_pages_carry_nothing_inline(as_officer, county):
    for name in ("my_account", "change_password", "account_list", "open_account"):
        page = as_officer.get(reverse(f"accounts:{name}")).content.decode()
        assert not re.search(r"\son\w+=|\sstyle=|<script>|\{\{|\{%", page)
