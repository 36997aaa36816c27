"""A walk over every address and export as officers of different places: no foreign row anywhere (D13, G-22)."""

import re
from datetime import date
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from baolei.accounts.models import Grant, User
from baolei.members.tests.world import make_person, make_world
from baolei.organizations.models import Organization
from baolei.organizations.tests.factories import make_branch, make_unit

WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|MERGE|COPY|TRUNCATE|CREATE|ALTER|DROP|LOCK)\b", re.IGNORECASE)
SESSION = re.compile(r"^\s*(INSERT INTO|UPDATE|DELETE FROM) \"django_session\"", re.IGNORECASE)


def routes(resolver=None, prefix="", name=""):
    """(full name, route) of every address of the product."""
    for part in (resolver or get_resolver()).url_patterns:
        route = prefix + str(part.pattern)
        if isinstance(part, URLPattern):
            yield f"{name}{part.name}", route, part
        elif isinstance(part, URLResolver):
            yield from routes(part, route, f"{name}{part.namespace}:" if part.namespace else name)


@pytest.fixture
def world(db):
    made = make_world()
    # What only the west has: names that must not appear anywhere for an officer of the east.
    make_person(made.west_branch, "邹离西", standing="deceased", left_on=date(2020, 1, 1))
    closed = make_branch(made.west, name="西岭旧支部", closed_on=date(2020, 1, 1))
    make_unit(made.west_branch, name="西岭厂")
    made.closed = closed
    return made


def _values(world, area):
    """Values for the variable parts of an area's addresses: every row of both sides."""
    uids = {
        "organizations": Organization.rows.values_list("uid", flat=True),
        "members": [world.ours.uid, world.theirs.uid],
        "accounts": User.objects.values_list("uid", flat=True),
    }
    return {
        "uid": list(uids.get(area, [world.ours.uid, world.theirs.uid, world.east.uid, world.west.uid])),
        "pk": list(Grant.rows.values_list("pk", flat=True)),
        "code": ["organizations.total", "members.total"],
    }


def _addresses(world):
    """(name, path, whether it takes filters) of every address, with every row in it."""
    for name, route, _part in routes():
        values = _values(world, name.partition(":")[0])
        parts = re.findall(r"<(?:\w+:)?(\w+)>", route)
        unknown = set(parts) - set(values)
        assert not unknown, f"{name}: the walk has no value for {unknown}; add one here"
        for given in product(*(values[part] for part in parts)):
            path = "/" + route
            for value in given:
                path = re.sub(r"<[^>]+>", str(value), path, count=1)
            yield name, path, name.partition(":")[0] in FILTERED and not {"uid", "pk"} & set(parts)


def _asked(world):
    """Every address without and, where it takes filters, with those that name the west."""
    for name, path, filtered in _addresses(world):
        for query in QUERIES if filtered else QUERIES[:1]:
            yield name, path + query.format(west=world.west.uid)


QUERIES = (
    "",
    "?in={west}",
    "?organization={west}",
    "?q=西岭",
    "?standing=",
    "?state=closed",
    "?day=2016-12-31",
)
FILTERED = ("organizations", "members", "accounts", "figures")
PERSONS = ("邹西平", "邹离西")
CONTENTS = ("西岭旧支部", "西岭厂")


def _text(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", "replace")


@pytest.mark.parametrize("officer", ["east", "east_branch", "member", "nobody"])
def test_no_address_shows_a_row_of_the_other_county(client, world, officer):
    """Persons of the west appear nowhere; of its organizations only what the directory gives (D13)."""
    client.force_login(world.officers[officer])
    asked = 0
    for name, path in _asked(world):
        response = client.get(path)
        if response.status_code != 200:
            continue
        asked += 1
        text = _text(response)
        for foreign in (*PERSONS, *CONTENTS, str(world.theirs.uid), "13900002222"):
            assert foreign not in text, f"{officer} sees {foreign} at {name} {path}"
    assert asked > 3


@pytest.mark.parametrize("officer", ["east", "east_branch", "member"])
def test_no_search_and_no_export_gives_a_row_of_the_other_county(client, world, officer):
    client.force_login(world.officers[officer])
    for text in ("邹西平", "邹", "zouxiping", "zxp", "13900002222", "邹西平 2222"):
        for organization in ("", str(world.west.uid), str(world.west_branch.uid)):
            response = client.post("/members/search/", {"q": text, "organization": organization})
            assert str(world.theirs.uid) not in _text(response)
    given = {"purpose": "check", "note": "", "form": "json"}
    for path in ("/members/export/?standing=", "/organizations/export/?state="):
        for query in ("", f"&organization={world.west.uid}"):
            text = _text(client.post(path + query, given))
            for foreign in (*PERSONS, *CONTENTS, "西岭镇", "西岭村"):
                assert foreign not in text


def test_the_walk_would_notice(client, world):
    """The same walk as the officer of the west meets every planted name: the test above is not blind."""
    client.force_login(world.officers["west"])
    met = set()
    for _name, path in _asked(world):
        response = client.get(path)
        if response.status_code == 200:
            text = _text(response)
            met |= {name for name in (*PERSONS, *CONTENTS, str(world.theirs.uid)) if name in text}
    assert met == {*PERSONS, *CONTENTS, str(world.theirs.uid)}


def test_strangers_meet_public_pages_and_the_sign_in_only(client, world):
    for name, path, _filtered in _addresses(world):
        response = client.get(path)
        text = _text(response)
        for inner in (*PERSONS, "高东升", "东山村党支部", str(world.theirs.uid)):
            assert inner not in text, f"a stranger sees {inner} at {name}"


def test_get_never_writes(client, world):
    """Of all statements during a GET only those that note the session's use may write."""
    client.force_login(world.officers["province"])
    for name, path, _filtered in _addresses(world):
        with CaptureQueriesContext(connection) as seen:
            client.get(path)
        wrote = [q["sql"] for q in seen if WRITES.match(q["sql"]) and not SESSION.match(q["sql"])]
        assert not wrote, f"{name}: {wrote[0][:200]}"


def test_no_address_breaks(client, world):
    client.force_login(world.officers["province"])
    for name, path, _filtered in _addresses(world):
        response = client.get(path)
        assert response.status_code in (200, 302, 400, 404, 405), f"{name} answers {response.status_code}"
        if response.streaming:
            response.close()


@pytest.mark.parametrize(
    "path", ["/lookback/?q=%00", "/organizations/?q=%00", "/figures/?in=%00", "/figures/%00/"]
)
def test_a_nul_in_an_address_is_refused(client, world, path):
    client.force_login(world.officers["province"])
    assert client.get(path).status_code == 400


def test_an_organization_named_by_nonsense_is_absent(client, world):
    client.force_login(world.officers["province"])
    for nonsense in ("z" * 32, "0" * 36, "' OR 1=1", "两"):
        assert client.get("/figures/", {"in": nonsense}).status_code == 404
