"""The interface by token: reach, pages, names with a purpose and a limit, errors as JSON, the OpenAPI document."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openapi_spec_validator import validate

from baolei.accounts.tests.test_tokens import make_token
from baolei.config.tests.test_walk import WRITES
from baolei.config.tests.walking import CONTENTS, PERSONS, make_border
from baolei.kernel.api.declare import OFFERED
from baolei.kernel.api.openapi import made
from baolei.kernel.figures.declare import FIGURES
from baolei.kernel.models import Event
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.tests.factories import make_branch

API = "/api/v1/"
PURPOSE = {"purpose": "核对名单"}


@pytest.fixture
def world(db):
    return make_border()


@pytest.fixture
def ask(client, world):
    """Ask as an officer: `ask("east", "figures/", {…})`."""
    secrets = {}

    def get(who, path, query=None, **more):
        secret = secrets.get(who) or secrets.setdefault(who, make_token(world.officers[who]))
        return client.get(API + path, query, headers={"Authorization": f"Bearer {secret}"}, **more)

    return get


def refused(answer) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/json" and answer["Cache-Control"] == "no-store"
    assert set(answer.json()) == {"error"} and answer.json()["error"]["message"]
    return answer.status_code, answer.json()["error"]["code"]


def test_figures_are_declared_and_answered_as_on_the_page(ask, client, world, settings):
    settings.BAOLEI_DEMO = True
    found = ask("east", "figures/").json()
    assert {f["code"] for f in found["figures"]} == set(FIGURES) and found["demo"] is True
    assert set(found["figures"][0]) == {"code", "label", "unit", "definition", "reading", "chapter"}
    query = {"in": world.east.code, "on": "2016-12-31"}
    value = ask("east", "figures/members.total/", query).json()
    children = ask("east", "figures/members.total/children/", query).json()
    client.force_login(world.officers["east"])
    page = client.get("/figures/members.total.json", query).json()
    assert page["children"] == children["children"] and page["value"] == value["value"] == 1
    assert {k: v for k, v in value.items() if k != "computed_at"}.items() <= page.items()
    # Without a question: the highest organization within reach, today.
    assert ask("east", "figures/members.total/").json()["organization"]["code"] == world.east.code


def test_a_question_that_cannot_be_answered(ask, world):
    future = (timezone.localdate() + timedelta(days=1)).isoformat()
    for query, expected in (
        ({"on": future}, (400, "bad_day")),
        ({"on": "x"}, (400, "bad_day")),
        ({"in": world.west.code}, (404, "not_found")),
        ({"in": "nothing"}, (404, "not_found")),
        ({"im": world.east.code}, (400, "unknown_parameter")),
        ({"on": ["2016-12-31", "2017-12-31"]}, (400, "repeated_parameter")),
        ({"in": "\0"}, (400, "bad_request")),
    ):
        assert refused(ask("east", "figures/members.total/", query)) == expected, query
    for path in ("figures/nothing/", "nothing/", "lists/nothing/", "organizations/nothing/"):
        assert refused(ask("east", path)) == (404, "not_found")


def test_only_get_is_answered(client, world):
    header = {"Authorization": f"Bearer {make_token(world.officers['east'])}"}
    for path in ("figures/", "figures/members.total/", "organizations/", "lists/members/", "openapi.json"):
        for method in ("post", "put", "patch", "delete", "options"):
            answer = getattr(client, method)(API + path, headers=header)
            assert refused(answer) == (405, "method_not_allowed") and answer["Allow"] == "GET"
        assert client.head(API + path, headers=header).status_code == 405


def test_who_may_not_open_the_page_reads_no_list(ask):
    # A branch secretary may see names and figures, and take neither along.
    for path in ("lists/members/", "figures/members.total/", "lists/inspections.weak/"):
        assert refused(ask("east_branch", path, PURPOSE if "members/" in path else None))[0] == 404, path
    assert ask("east_branch", "organizations/").status_code == 200
    for path in ("figures/", "organizations/", "lists/standards.reading/", "lists/members/"):
        assert refused(ask("nobody", path)) == (404, "not_found")


def test_nothing_of_the_other_county_in_any_list(ask, world):
    """Every list, whole and asked for the west: no row, no name; the same lists answer the west's officer."""
    met = set()
    for offered in OFFERED.values():
        for who in ("east", "west"):
            query = PURPOSE if offered.personal else {}
            for more in ({}, {"organization": world.west.code}, {"state": ""}, {"standing": ""}):
                known = {p.name for p in offered.parameters()}
                if not set(more) <= known:
                    continue
                answer = ask(who, offered.folder, query | more)
                text = answer.content.decode()
                if who == "east":
                    assert answer.status_code in (200, 400, 404), offered.name
                    assert not [secret for secret in (*PERSONS, *CONTENTS) if secret in text], offered.name
                elif answer.status_code == 200:
                    met |= {secret for secret in (*PERSONS, *CONTENTS) if secret in text}
    assert {"邹西平", "西岭旧支部"} <= met


def test_no_identity_number_and_no_phone(ask, world):
    rows = ask("east", "lists/members/", PURPOSE).json()["rows"]
    assert [row["name"] for row in rows] == ["高东升"] and rows[0]["birth_year"] == 1970
    assert not re.search(r"1390000|\d{17}", str(rows))


def test_pages_follow_one_another(ask, world):
    for number in range(7):
        make_branch(world.east, name=f"第{number}党支部")
    whole = ask("east", "organizations/").json()
    assert whole["next"] is None
    found, after = [], ""
    while after is not None:
        page = ask("east", "organizations/", {"limit": 3} | ({"after": after} if after else {})).json()
        found, after = found + page["rows"], page["next"]
        assert len(page["rows"]) <= 3
    assert found == whole["rows"] and len(found) == 10
    one = ask("east", f"organizations/{found[0]['code']}/").json()
    assert one == found[0] | {"demo": False}
    for query in (
        {"after": "x"},
        {"after": str(world.west.uid)},
        {"limit": 0},
        {"limit": 201},
        {"limit": "²"},
    ):
        assert refused(ask("east", "organizations/", query)) == (400, "bad_parameter"), query
    for query in ({"kind": "x"}, {"opened_from": "x"}, {"order": "x"}, {"organization": "x"}):
        assert refused(ask("east", "organizations/", query)) == (400, "bad_parameter"), query
    assert refused(ask("east", "organizations/", {"organization": world.west.code}))[0] == 400
    assert refused(ask("east", f"organizations/{world.west.code}/"))[0] == 404
    by_region = ask("east", "organizations/", {"organization": world.east.region_code}).json()
    assert by_region["rows"] == whole["rows"]


def test_a_year_that_no_calendar_has_is_a_sentence(ask, client, world):
    for year in ("0", "99999", "431950227"):
        assert refused(ask("east", "lists/coverage.kit/", {"year": year})) == (400, "bad_parameter")
    client.force_login(world.officers["east"])
    assert "请填写数字" in client.get("/coverage/kits/", {"year": "99999"}).content.decode()


def test_names_need_a_purpose_and_are_recorded_like_an_export(ask, world):
    assert refused(ask("east", "lists/members/")) == (400, "purpose_required")
    assert refused(ask("east", "lists/members/", {"purpose": "  "})) == (400, "purpose_required")
    assert refused(ask("east", "lists/members/", {"purpose": "试" * 61})) == (400, "purpose_required")
    assert not Event.objects.filter(action__startswith="members.member.export").exists()
    with CaptureQueriesContext(connection) as seen:
        ask("east", "lists/members/", PURPOSE)
    wrote = [q["sql"] for q in seen if WRITES.match(q["sql"])]
    assert wrote and all("kernel_event" in sql for sql in wrote)
    taken = Event.objects.get(action="members.member.export")
    assert taken.detail == {"purpose": "核对名单", "form": "api", "rows": 1, "filters": ""}
    assert Event.objects.get(action="members.member.exported").person_id == world.ours.pk
    # A list of records about persons alike.
    ask("east", "lists/assistance.posting/", PURPOSE)
    assert Event.objects.filter(action="assistance.posting.export", detail__form="api").count() == 1


def test_a_list_without_names_writes_nothing(ask):
    ask("east", "figures/")
    for path in ("organizations/", "lists/standards.reading/", "figures/members.total/", "openapi.json"):
        with CaptureQueriesContext(connection) as seen:
            assert ask("east", path).status_code == 200
        assert not [q["sql"] for q in seen if WRITES.match(q["sql"])], path


def test_two_hundred_names_a_day_for_a_user(ask, client, world):
    for _ in range(210):
        MemberFactory(branch=world.east_branch)
    first = ask("east", "lists/members/", PURPOSE | {"limit": 150}).json()
    query = PURPOSE | {"after": first["next"]}
    assert refused(ask("east", "lists/members/", query | {"limit": 51})) == (429, "names_limit")
    assert len(ask("east", "lists/members/", query | {"limit": 50}).json()["rows"]) == 50
    # Another token and another list do not help; the colleague has his own day, and tomorrow is another.
    other = {"Authorization": f"Bearer {make_token(world.officers['east'])}"}
    assert refused(client.get(f"{API}lists/members/", PURPOSE, headers=other)) == (429, "names_limit")
    assert refused(ask("east", "lists/assistance.posting/", PURPOSE)) == (429, "names_limit")
    assert ask("province", "lists/members/", PURPOSE).status_code == 200
    assert ask("east", "organizations/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert ask("east", "lists/members/", PURPOSE).status_code == 200


def test_the_interface_describes_itself(ask, client, world):
    document = ask("east", "openapi.json").json()
    assert document == made()
    validate(document)
    paths = {path.removeprefix(API) for path in document["paths"]}
    assert {o.folder for o in OFFERED.values()} | {"organizations/{code}/"} <= paths
    assert len([path for path in paths if path.startswith("figures/")]) == 3
    operations = [path["get"]["operationId"] for path in document["paths"].values()]
    assert len(operations) == len(set(operations))
    assert "purpose" in {p["name"] for p in document["paths"][f"{API}lists/members/"]["get"]["parameters"]}
    assert client.get(f"{API}openapi.json").status_code == 401


def test_a_failure_is_json_too(client, world, monkeypatch):
    def broken(*args, **given):
        raise RuntimeError("broken")

    monkeypatch.setattr("baolei.kernel.api.figures.value_data", broken)
    client.raise_request_exception = False
    header = {"Authorization": f"Bearer {make_token(world.officers['east'])}"}
    answer = client.get(f"{API}figures/members.total/", headers=header)
    assert refused(answer) == (500, "internal_server_error") and "broken" not in answer.content.decode()
