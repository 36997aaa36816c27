"""Pages of the register: reach, what stands masked, the full view as an event, exports of names."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baolei.kernel.models import Event
from baolei.members.tests.world import make_person, make_world
from baolei.organizations.tests.factories import make_branch

LIST = "/members/"


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def east(client, world):
    client.force_login(world.officers["east"])
    return client


def _text(response):
    return response.content.decode()


def test_the_list_stays_in_reach(east, world):
    text = _text(east.get(LIST))
    assert "高东升" in text and "邹西平" not in text


def test_the_list_shows_the_year_of_birth_and_no_number(east, world):
    text = _text(east.get(LIST))
    assert "1970" in text and "1970-03-15" not in text
    assert "1111" not in text and "****" not in text


def test_filters_narrow_and_wrong_ones_say_so(east, world):
    make_person(world.east_branch, "孙离开", standing="deceased", left_on="2020-01-01")
    assert "孙离开" not in _text(east.get(LIST))
    assert "孙离开" in _text(east.get(LIST, {"standing": ""}))
    assert "孙离开" in _text(east.get(LIST, {"standing": "deceased"}))
    assert "高东升" not in _text(east.get(LIST, {"sex": "2"}))
    assert "高东升" not in _text(east.get(LIST, {"education": "graduate"}))
    assert "高东升" in _text(east.get(LIST, {"education": "bachelor", "joined_from": "2012-07-01"}))
    assert "高东升" not in _text(east.get(LIST, {"joined_to": "2012-06-30"}))
    assert 'aria-invalid="true"' in _text(east.get(LIST, {"joined_to": "昨天"}))


def test_the_organization_picked_narrows_one_level_at_a_time(east, world):
    other = make_branch(world.east, name="机关党支部")
    make_person(other, "钱机关")
    text = _text(east.get(LIST, {"organization": other.uid}))
    assert "钱机关" in text and "高东升" not in text
    assert "机关党支部" in _text(east.get(LIST))


def test_htmx_gets_the_table_of_the_next_page_as_a_part(east, world, monkeypatch):
    monkeypatch.setattr("baolei.members.tables.MemberTable.size", 1)
    make_person(world.east_branch, "钱后来")
    first = east.get(LIST)
    asked = {"hx-request": "true", "hx-target": "table"}
    part = east.get(LIST + first.context["next"], headers=asked)
    assert "钱后来" in _text(part) and "高东升" not in _text(part) and "<html" not in _text(part)
    assert "HX-Request" in part["Vary"]


def test_a_foreign_organization_is_refused_like_an_unknown_one(east, world):
    text = _text(east.get(LIST, {"organization": world.west.uid}))
    assert "没有这个党组织" in text and "西岭县" not in text and "邹西平" not in text


def test_the_same_queries_for_one_row_and_for_three(east, world):
    east.get(LIST)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            east.get(LIST)
        counts.append(len(seen))
        make_person(world.east_branch, "赵甲"), make_person(world.east_branch, "赵乙")
    assert counts[0] == counts[1]


def test_search_by_post_finds_in_reach_only(east, world):
    for text in ("高东升", "gaodong", "gds", "13900001111", "高东升 1111"):
        assert str(world.ours.uid) in _text(east.post("/members/search/", {"q": text})), text
    for text in ("邹西平", "zouxi", "zxp", "13900002222", "邹西平 2222"):
        response = east.post("/members/search/", {"q": text})
        assert str(world.theirs.uid) not in _text(response) and "没有符合条件的党员" in _text(response), text


def test_search_in_a_branch_by_last_four(east, world):
    answer = east.post("/members/search/", {"q": "1111", "organization": world.east_branch.uid})
    assert str(world.ours.uid) in _text(answer)
    assert "同时写姓名" in _text(east.post("/members/search/", {"q": "1111"}))
    assert "同时写姓名" in _text(east.post("/members/search/", {"q": "1111", "organization": world.east.uid}))
    assert "同时写姓名" in _text(
        east.post("/members/search/", {"q": "2222", "organization": world.west_branch.uid})
    )


def test_search_leaves_no_trace_and_is_not_kept_by_the_browser(east, world):
    response = east.post("/members/search/", {"q": "13900001111"})
    assert response["Cache-Control"] == "no-store" and not Event.objects.exists()


def test_search_pages_on(east, world, monkeypatch):
    monkeypatch.setattr("baolei.members.tables.MemberTable.size", 2)
    for name in ("高一", "高二", "高三"):
        make_person(world.east_branch, name)
    first = east.post("/members/search/", {"q": "高"})
    after = first.context["table"].after
    second = east.post("/members/search/", {"q": "高", "after": after})
    names = [row[0] for page in (first, second) for row in page.context["table"].rows]
    assert sorted(names) == sorted(["高一", "高二", "高三", "高东升"])


def test_the_file_masks_numbers_and_the_birth_date(east, world):
    text = _text(east.get(f"/members/{world.ours.uid}/"))
    assert "*******1111" in text and "13900001111" not in text
    assert "1970" in text and "03-15" not in text and "0315" not in text
    assert "东山村党支部" in text


def test_absent_and_out_of_reach_are_the_same_answer(east, world):
    for tail in ("", "reveal/"):
        foreign = east.get(f"/members/{world.theirs.uid}/{tail}")
        absent = east.get(f"/members/019b0000-0000-7000-8000-000000000000/{tail}")
        assert foreign.status_code == absent.status_code == 404
        assert _text(foreign).replace(str(world.theirs.uid), "") == _text(absent).replace(
            "019b0000-0000-7000-8000-000000000000", ""
        )
    assert not Event.objects.exists()


def test_a_full_view_is_an_event_that_the_member_sees_without_a_name(client, world):
    client.force_login(world.officers["east"])
    response = client.post(
        f"/members/{world.ours.uid}/reveal/", {"field": "phone", "purpose": "check", "note": "补登记"}
    )
    assert "13900001111" in _text(response) and response["Cache-Control"] == "no-store"
    event = Event.objects.get(action="members.member.reveal")
    assert event.person_id == world.ours.pk and event.detail["purpose"] == "资料核对、补正：补登记"
    assert "13900001111" not in json.dumps([event.detail, event.changes], ensure_ascii=False)
    client.force_login(world.officers["member"])
    text = _text(client.get("/members/me/"))
    assert "资料核对、补正：补登记" in text and "试验员" in text
    assert world.officers["east"].name not in text
    # Nor by the way of the officers' page about the same person (G-22).
    assert client.get(f"/members/{world.ours.uid}/")["Location"] == "/members/me/"
    client.force_login(world.officers["province"])
    assert "补登记" not in _text(client.get(f"/members/{world.ours.uid}/"))


def test_a_full_view_needs_a_purpose_and_the_permission(client, world):
    client.force_login(world.officers["east"])
    response = client.post(f"/members/{world.ours.uid}/reveal/", {"field": "phone", "purpose": "other"})
    assert response.status_code == 422 and "13900001111" not in _text(response)
    client.force_login(world.officers["member"])
    assert (
        client.post(f"/members/{world.ours.uid}/reveal/", {"field": "phone", "purpose": "check"}).status_code
        == 404
    )
    assert not Event.objects.exists()


def test_a_plain_member_sees_his_own_file_and_nothing_else(client, world):
    client.force_login(world.officers["member"])
    assert client.get(LIST)["Location"] == "/members/me/"
    text = _text(client.get("/members/me/"))
    assert "高东升" in text and "*******1111" in text and "还没有人查看过" in text
    assert client.get(f"/members/{world.theirs.uid}/").status_code == 404
    assert "没有符合条件的党员" in _text(client.post("/members/search/", {"q": "邹西平"}))
    assert client.get("/members/export/").status_code == 404


def test_an_officer_without_own_file_has_no_own_page(east):
    assert east.get("/members/me/").status_code == 404


def test_an_export_of_names_is_recorded_for_each_person(client, world):
    client.force_login(world.officers["east"])
    response = client.post("/members/export/", {"purpose": "superior", "form": "csv"})
    text = b"".join(response.streaming_content).decode()
    assert "高东升" in text and "邹西平" not in text and "东山县" not in text.splitlines()[3]
    assert world.officers["east"].name in text and "1111" not in text and "1970-03-15" not in text
    one = Event.objects.get(action="members.member.exported")
    assert one.person_id == world.ours.pk
    assert Event.objects.get(action="members.member.export").detail["rows"] == 1
    client.force_login(world.officers["member"])
    assert "上级党组织要求报送" in _text(client.get("/members/me/"))


def test_a_branch_secretary_may_not_export(client, world):
    client.force_login(world.officers["east_branch"])
    assert "高东升" in _text(client.get(LIST))
    assert client.get("/members/export/").status_code == 404
    assert "/members/export/" not in _text(client.get(LIST))
