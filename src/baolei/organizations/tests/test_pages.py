"""Pages of organizations: the tree by pages, search, the list, one organization, and what lies outside reach."""

import io
import zipfile
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.kernel import audit
from baolei.kernel.access import Actor
from baolei.kernel.models import Event
from baolei.organizations import pages
from baolei.organizations.queries import search
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit

TREE = "/organizations/"


@pytest.fixture
def world(db):
    root = make_organization(name="松江省")
    east, west = (
        make_organization(root, name="东山县", region_code="229901"),
        make_organization(root, name="西岭县"),
    )
    return root, east, west


@pytest.fixture
def east(client, world):
    user = GrantFactory(organization=world[1], role="department_officer", user__password="!").user
    client.force_login(user)
    return client


def _text(response):
    return response.content.decode()


def _rows(response):
    return _text(response).partition("<tbody>")[2]


def test_strangers_sign_in_first(client, world):
    assert client.get(TREE).status_code == 302


def test_a_user_without_grants_finds_no_page(client, world):
    client.force_login(UserFactory(password="!"))
    for path in (TREE, "/organizations/list/", "/organizations/export/", f"/organizations/{world[1].uid}/"):
        assert client.get(path).status_code == 404


def test_the_tree_begins_at_the_own_place_and_lists_children_in_division_order(east, world):
    names = [f"第{number}乡" for number in (3, 1, 2)]
    for name in names:
        make_organization(world[1], name=name, kind="township_committee")
    text = _text(east.get(TREE))
    assert [text.index(name) for name in names] == sorted(text.index(name) for name in names)
    assert "西岭县" not in text


def test_the_tree_never_loads_whole(east, world, monkeypatch):
    monkeypatch.setattr(pages, "PAGE", 2)
    branches = [make_branch(world[1], name=f"第{number}支部") for number in range(5)]
    below = make_branch(branches[0], name="孙辈")
    first = _text(east.get(TREE))
    assert "第1支部" in first and "第2支部" not in first and below.short_name not in first
    last = _text(east.get(TREE, {"in": world[1].uid, "after": branches[3].key}))
    assert "第4支部" in last and "第3支部" not in last


def test_htmx_gets_the_same_rows_as_a_part(east, world):
    make_branch(world[1], name="甲支部")
    whole = east.get(TREE, {"in": world[1].uid})
    part = east.get(TREE, {"in": world[1].uid}, headers={"hx-request": "true"})
    assert "甲支部" in _text(part) and "<html" not in _text(part) and _text(part).strip() in _text(whole)


def test_the_breadcrumb_names_what_stands_above(east, world, django_assert_max_num_queries):
    township = make_organization(world[1], name="红旗镇", kind="township_committee")
    with django_assert_max_num_queries(12):
        text = _text(east.get(TREE, {"in": township.uid})).partition('class="crumbs"')[2]
    assert text.index("松江省") < text.index("东山县") < text.index('aria-current="page">红旗镇')


@pytest.mark.parametrize("path", [TREE, "/organizations/list/", "/organizations/{uid}/"])
def test_the_same_queries_for_one_row_and_for_three(east, world, path):
    path = path.format(uid=world[1].uid)
    east.get(path)  # the first request also notes the time in the session
    counts = []
    for number in (1, 2):
        for _ in range(number):
            make_unit(make_branch(world[1]))
        with CaptureQueriesContext(connection) as seen:
            east.get(path)
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("text", ["西岭", "岭县", "229901", "中共东山"])
def test_search_reads_the_directory(world, text):
    assert len(search(text)) == 1


def test_search_finds_codes_and_their_beginnings(world):
    assert list(search(world[2].code)) == [world[2]]


def test_search_finds_no_closed_organization(world):
    make_branch(world[1], name="旧支部", closed_on=date(2020, 1, 1))
    assert not search("旧支部") and not search(" ")


def test_the_directory_gives_names_outside_reach_but_no_page(east, world):
    text = _text(east.get(TREE, {"q": "西岭"}))
    assert "西岭县" in text and str(world[2].uid) not in text.replace("?in=", "")
    for name in ("detail", "history"):
        assert east.get(reverse(f"organizations:{name}", args=[world[2].uid])).status_code == 404


@pytest.mark.parametrize("value", ["x", "019b0000-0000-7000-8000-000000000000"])
def test_an_organization_that_is_not_there(east, value):
    assert east.get(TREE, {"in": value}).status_code == 404


def test_one_organization_with_places_units_and_children(east, world):
    branch = make_branch(world[1], name="红旗村党支部", opened_on=date(2013, 5, 1))
    make_unit(branch, name="红旗村")
    text = _text(east.get(f"/organizations/{branch.uid}/"))
    assert "2013-05-01" in text and "红旗村" in text and "东山县" in text
    assert "红旗村党支部" in _text(east.get(f"/organizations/{world[1].uid}/"))


def test_a_closed_organization_in_reach_says_so(east, world):
    closed = make_branch(world[1], closed_on=date(2020, 1, 1))
    assert "已于 2020-01-01 撤销" in _text(east.get(f"/organizations/{closed.uid}/"))


def test_the_history_comes_from_the_audit(east, world):
    audit.record(
        "organizations.organization.move",
        actor=Actor(name="赵试", office="组织科"),
        target=world[1],
        changes={"name": ["旧名", "新名"]},
    )
    text = _text(east.get(f"/organizations/{world[1].uid}/history/"))
    assert "调整隶属关系" in text and "组织科" in text and "全称：旧名 改为 新名" in text


def test_the_list_stays_in_reach_and_filters(east, world):
    make_branch(world[1], name="甲支部")
    make_branch(world[1], name="旧支部", closed_on=date(2020, 1, 1))
    make_branch(world[2], name="乙支部")
    text = _rows(east.get("/organizations/list/"))
    assert "甲支部" in text and "旧支部" not in text and "乙支部" not in text
    text = _rows(east.get("/organizations/list/", {"state": "closed"}))
    assert "旧支部" in text and "甲支部" not in text
    assert "甲支部" not in _rows(east.get("/organizations/list/", {"kind": "party_group"}))


def test_a_foreign_organization_as_filter_is_refused_like_an_unknown_one(east, world):
    answers = []
    for uid in (world[2].uid, "019b0000-0000-7000-8000-000000000000"):
        text = _text(east.get("/organizations/list/", {"organization": uid}))
        answers.append(text.count("没有这个党组织"))
        assert "西岭县" not in text
    assert answers == [1, 1]


@pytest.mark.parametrize("given", [{"kind": "x"}, {"opened_from": "2020"}, {"organization": "1"}])
def test_a_wrong_filter_lists_nothing_and_says_what_to_do(east, world, given):
    text = _text(east.get("/organizations/list/", given))
    assert 'aria-invalid="true"' in text and "没有符合条件的党组织" in text


def test_the_export_takes_the_list_as_filtered_and_is_recorded(east, world):
    make_branch(world[1], name="甲支部")
    make_branch(world[2], name="乙支部")
    response = east.post("/organizations/export/?kind=branch", {"purpose": "check", "form": "csv"})
    text = b"".join(response.streaming_content).decode()
    assert "甲支部" in text and "乙支部" not in text and "东山县" in text  # as the parent
    assert "导出人" in text
    event = Event.objects.get(action="organizations.organization.export")
    assert event.detail["rows"] == 1 and event.detail["filters"] == "kind=branch"
    assert event.detail["purpose"] == "资料核对、补正"


def test_the_export_as_excel_opens(east, world):
    response = east.post("/organizations/export/", {"purpose": "check", "form": "xlsx"})
    assert zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))).testzip() is None
    response.close()


def test_the_export_asks_for_a_purpose(east, world):
    assert east.get("/organizations/export/").status_code == 200
    response = east.post("/organizations/export/", {"purpose": "other", "form": "csv"})
    assert response.status_code == 422 and "请说明用途" in _text(response)
    assert not Event.objects.exists()
