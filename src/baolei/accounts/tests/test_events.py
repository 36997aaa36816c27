"""The record of events as data protection officers of two counties and of the province read it."""

import re
from datetime import UTC, datetime

import pytest
import time_machine

from baolei.accounts import actions
from baolei.accounts.models import Grant, User
from baolei.accounts.queries import actor_of, events
from baolei.accounts.tests.factories import PASSWORD, GrantFactory, UserFactory
from baolei.kernel import audit
from baolei.kernel.access import Actor
from baolei.kernel.privacy import HOLDINGS, RULES
from baolei.organizations.tests.factories import make_branch, make_organization

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("命令行")
PAGE = "/accounts/events/"


@pytest.fixture
def places():
    root = make_organization(name="松江省")
    return {"top": root, "east": make_organization(root), "west": make_organization(root)}


@pytest.fixture
def watchers(places) -> dict[str, User]:
    role = "data_protection_officer"
    return {name: GrantFactory(organization=place, role=role).user for name, place in places.items()}


@pytest.fixture
def officers(places) -> dict[str, User]:
    """An officer of each county, and somebody without a role."""
    made = {
        name: GrantFactory(organization=places[name], user__username=name, user__name=f"{name}干事").user
        for name in ("east", "west")
    }
    return made | {"plain": UserFactory(username="plain", name="无职")}


def seen(user: User) -> list[tuple[str, str, str]]:
    """(event, actor, account) as the user reads them, oldest first."""
    rows = events(actor_of(user)).values_list("action", "actor_name", "account")
    return [(action, actor, account or "") for action, actor, account in rows][::-1]


def page_of(client, address: str = "") -> str:
    return client.get(PAGE + address).content.decode()


def shown(client, address: str = "") -> list[tuple]:
    """(event, actor, account) of the rows of the page, newest first."""
    return [(row[1], row[2], row[6]) for row in client.get(PAGE + address).context["table"].rows]


def test_events_without_a_place_are_read_where_their_actor_reached(places, watchers, officers):
    for name in ("east", "west"):
        officer = actor_of(officers[name])
        audit.record("members.member.import", actor=officer, detail={"batch": "1", "new": 3})
        audit.record("kernel.import.refuse", actor=officer, detail={"batch": "1", "rows": 1})
        audit.record("kernel.sheet.export", actor=officer, detail={"sheet": "members", "rows": 3})
        audit.record("members.member.exported", actor=officer, person_id=17)
    audit.record("members.member.import", actor=SYSTEM, detail={"batch": "2"})

    names = (
        "members.member.import",
        "kernel.import.refuse",
        "kernel.sheet.export",
        "members.member.exported",
    )
    east, west = ([(name, f"{side}干事", "") for name in names] for side in ("east", "west"))
    assert seen(watchers["east"]) == east
    assert seen(watchers["west"]) == west
    assert seen(watchers["top"]) == [*east, *west, ("members.member.import", "命令行", "")]


def test_sign_ins_are_read_where_the_account_has_roles(watchers, officers):
    for name in ("east", "west", "plain"):
        actions.sign_in(name, password="wrong")
        actions.sign_in(name, password=PASSWORD)

    def signing(name: str, actor: str) -> list[tuple]:
        return [("accounts.user.refuse_sign_in", "访客", name), ("accounts.user.sign_in", actor, name)]

    east, west = signing("east", "east干事"), signing("west", "west干事")
    assert seen(watchers["east"]) == east
    assert seen(watchers["west"]) == west
    assert seen(watchers["top"]) == [*east, *west, *signing("plain", "无职")]


def test_a_refused_sign_in_follows_the_roles_of_its_day(places, watchers, officers):
    """Of the new place the officer reads what came after the change of place, and nothing from before."""
    with time_machine.travel(datetime(2026, 3, 2, 8, tzinfo=UTC)):
        actions.sign_in("east", password="wrong")
        grant = Grant.rows.get(user=officers["east"])
    with time_machine.travel(datetime(2026, 3, 3, 8, tzinfo=UTC)):
        actions.withdraw_grant(grant, actor=SYSTEM)
        actions.give_grant(places["west"], actor=SYSTEM, user=officers["east"], role="branch_secretary")
    with time_machine.travel(datetime(2026, 3, 4, 8, tzinfo=UTC)):
        actions.sign_in("east", password="wrong")
    refused = ("accounts.user.refuse_sign_in", "访客", "east")
    assert seen(watchers["east"]) == [refused, ("accounts.grant.withdraw", "命令行", "")]
    assert seen(watchers["west"]) == [("accounts.grant.give", "命令行", ""), refused]


def test_events_with_a_place_are_read_there(places, watchers):
    for name in ("east", "west"):
        branch = make_branch(places[name])
        actions.open_account(branch, actor=SYSTEM, username=f"new.{name}", name=name, password="x")
    assert seen(watchers["east"]) == [("accounts.user.open", "命令行", "new.east")]
    assert seen(watchers["west"]) == [("accounts.user.open", "命令行", "new.west")]


def test_whoever_watches_nothing_reads_nothing(client, officers):
    actions.sign_in("east", password=PASSWORD)
    for user in officers.values():
        assert seen(user) == []
        client.force_login(user)
        assert client.get(PAGE).status_code == 404


@pytest.fixture
def as_watcher(client, watchers, officers):
    """Signed in for the province, with a sign-in and a refused one of 2 March and exports of today."""
    with time_machine.travel(datetime(2026, 3, 2, 8, tzinfo=UTC)):
        actions.sign_in("east", password="wrong")
        actions.sign_in("east", password=PASSWORD)
    for name in ("east", "west"):
        audit.record("kernel.sheet.export", actor=actor_of(officers[name]), detail={"purpose": "核对"})
    client.force_login(watchers["top"])
    return client


def test_the_page_begins_with_today_and_filters(as_watcher):
    east, west = (("kernel.sheet.export", f"{side}干事", None) for side in ("east", "west"))
    came = ("accounts.user.sign_in", "east干事", "east")
    refused = ("accounts.user.refuse_sign_in", "访客", "east")
    assert shown(as_watcher) == [west, east]
    assert shown(as_watcher, "?since=2026-03-02&until=2026-03-02") == [came, refused]
    assert shown(as_watcher, "?since=2026-03-02") == [west, east, came, refused]
    assert shown(as_watcher, "?since=2026-03-02&kind=accounts.user.refuse_sign_in") == [refused]
    assert shown(as_watcher, "?since=2026-03-02&who=east") == [east, came]
    assert shown(as_watcher, "?since=2026-03-02&who=试验员&kind=accounts.user.sign_in") == [came]
    assert shown(as_watcher, "?since=2026-03-03&until=2026-03-03") == []


def test_the_page_speaks_in_words(as_watcher):
    page = page_of(as_watcher, "?since=2026-03-02")
    for words in ("登录未成功（密码不对）", "导出数据包", "账号 east", "2026-03-02 16:00:00"):
        assert words in page
    rows = page[page.index("<tbody") : page.index("</tbody>")]
    assert not re.search(r"\w+\.\w+\.\w+", rows)
    assert '<option value="members.member.reveal">查看完整号码</option>' in page


@pytest.mark.parametrize("wrong", ["?since=昨天", "?until=2026-13-01", "?kind=x"])
def test_a_wrong_filter_is_told_and_shows_nothing(as_watcher, wrong):
    assert shown(as_watcher, wrong) == []
    assert 'aria-invalid="true"' in page_of(as_watcher, wrong)


def test_the_page_goes_on_by_position_and_back(as_watcher, monkeypatch):
    monkeypatch.setattr("baolei.accounts.tables.EventTable.size", 2)
    address, pages = "?since=2026-03-02&who=干事", []
    while address:
        answer = as_watcher.get(PAGE + address)
        pages.append([row[1] for row in answer.context["table"].rows])
        address, back = answer.context["next"], answer.context["previous"]
    assert pages == [["kernel.sheet.export", "kernel.sheet.export"], ["accounts.user.sign_in"]]
    assert len(shown(as_watcher, back)) == 2
    part = as_watcher.get(PAGE + back, headers={"hx-request": "true", "hx-target": "table"})
    assert "<html" not in part.content.decode() and "导出数据包" in part.content.decode()


def test_a_position_out_of_reach_leads_to_the_first_page(client, places, watchers, officers):
    audit.record("kernel.sheet.export", actor=actor_of(officers["east"]))
    audit.record("kernel.sheet.export", actor=actor_of(officers["west"]))
    foreign = events(actor_of(watchers["west"])).values_list("id", flat=True)[0]
    client.force_login(watchers["east"])
    assert shown(client, f"?after={foreign}") == shown(client) == [("kernel.sheet.export", "east干事", None)]


def test_no_personal_value_stands_on_the_page(client, places, watchers, officers):
    """What was changed, what for, and in whose file stays in the record; the page tells kind and number."""
    audit.record(
        "members.member.reveal",
        actor=actor_of(officers["east"]),
        target=officers["plain"],
        key=places["east"].key,
        person_id=17,
        detail={"purpose": "核对单小云的电话13900000001", "field": "phone"},
        changes={"name": ["单小云", "单晓云"]},
    )
    client.force_login(watchers["east"])
    page = page_of(client)
    assert "查看完整号码" in page
    for secret in ("单小云", "单晓云", "13900000001", "核对单"):
        assert secret not in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_for_every_number_of_rows(
    client, watchers, officers, number, django_assert_num_queries
):
    for _ in range(number):
        audit.record("kernel.sheet.export", actor=actor_of(officers["east"]))
    client.force_login(watchers["east"])
    client.get(PAGE)
    with django_assert_num_queries(4):  # session, user, grants, the page
        client.get(PAGE)


def test_what_is_kept_is_told_to_data_protection_officers_alone(client, watchers, officers):
    address = "/accounts/personal-data/"
    client.force_login(officers["east"])
    assert client.get(address).status_code == 404
    client.force_login(watchers["east"])
    page = client.get(address).content.decode()
    assert page.count("<tr>") == len(HOLDINGS) + len(RULES) + 2
    for holding in HOLDINGS.values():
        assert str(holding.purpose) in page and holding.model._meta.db_table in page
    assert "members_member" in page and "党籍存续期间及以后" in page
    for rule in RULES.values():
        assert str(rule.words) in page
