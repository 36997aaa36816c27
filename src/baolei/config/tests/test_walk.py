"""A walk over every address and export as officers of different places: no foreign row anywhere (D13, G-22)."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baolei.config.tests.walking import (
    CONTENTS,
    PAST,
    PERSONS,
    WATCHED,
    addresses,
    asked,
    make_border,
    text_of,
)

WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|MERGE|COPY|TRUNCATE|CREATE|ALTER|DROP|LOCK)\b", re.IGNORECASE)
SESSION = re.compile(r"^\s*(INSERT INTO|UPDATE|DELETE FROM) \"django_session\"", re.IGNORECASE)
PHONE = "13900002222"


@pytest.fixture
def world(db):
    return make_border()


def planted(world) -> set[str]:
    """What nobody of the east may meet."""
    return {*PERSONS, *CONTENTS, WATCHED, str(world.theirs.uid)}


def met(client, world, addresses) -> dict[str, set[str]]:
    """Planted name -> names of the addresses that show it; asserts that some answer."""
    found, answered = {}, 0
    for name, path in addresses:
        response = client.get(path)
        if response.status_code != 200:
            continue
        answered += 1
        text = text_of(response)
        for secret in {*planted(world), PHONE}:
            if secret in text:
                found.setdefault(secret, set()).add(name)
    assert answered > 3
    return found


@pytest.mark.parametrize("officer", ["east", "east_branch", "east_watcher", "member", "nobody"])
def test_no_address_shows_a_row_of_the_other_county(client, world, officer):
    """Persons of the west appear nowhere; of its organizations only what the directory gives (D13)."""
    client.force_login(world.officers[officer])
    assert met(client, world, asked(world)) == {}


@pytest.mark.parametrize("officer", ["east", "east_branch", "member"])
def test_no_search_and_no_export_gives_a_row_of_the_other_county(client, world, officer):
    client.force_login(world.officers[officer])
    for text in ("邹西平", "邹", "zouxiping", "zxp", PHONE, "邹西平 2222"):
        for organization in ("", str(world.west.uid), str(world.west_branch.uid)):
            response = client.post("/members/search/", {"q": text, "organization": organization})
            assert str(world.theirs.uid) not in text_of(response)
    for form in ("json", "csv", "xlsx"):
        given = {"purpose": "check", "note": "", "form": form}
        for path in ("/members/export/?standing=", "/organizations/export/?state="):
            for query in ("", f"&organization={world.west.uid}"):
                text = text_of(client.post(path + query, given))
                for foreign in (*PERSONS, *CONTENTS, "西岭镇", "西岭村"):
                    assert foreign not in text


def test_the_walk_would_notice(client, world):
    """The same walk as officers of the west meets every planted name: the tests above are not blind."""
    client.force_login(world.officers["west"])
    found = met(client, world, asked(world))
    assert set(found) == planted(world)
    # A branch that is closed and a person who has died stand on pages of a past day, and in workbooks.
    assert {"figures:figure", "figures:json", "figures:xlsx"} <= found["西岭旧支部"]
    assert "figures:rows" in found["邹离西"]
    given = {"purpose": "check", "note": "", "form": "xlsx"}
    assert "邹西平" in text_of(client.post("/members/export/", given))
    today, then = (
        text_of(client.get(f"/figures/organizations.total.xlsx?in={world.west.uid}{on}"))
        for on in ("", f"&on={PAST}")
    )
    assert "西岭旧支部" not in today and "西岭旧支部" in then
    client.force_login(world.officers["west_watcher"])
    assert WATCHED in text_of(client.get("/accounts/events/"))


def test_get_never_writes(client, world):
    """Of all statements during a GET only those that note the session's use may write."""
    client.force_login(world.officers["owner"])
    for name, path, _filtered in addresses(world):
        with CaptureQueriesContext(connection) as seen:
            client.get(path)
        wrote = [q["sql"] for q in seen if WRITES.match(q["sql"]) and not SESSION.match(q["sql"])]
        assert not wrote, f"{name}: {wrote[0][:200]}"


def test_no_address_breaks(client, world):
    client.force_login(world.officers["owner"])
    for name, path, _filtered in addresses(world):
        response = client.get(path)
        assert response.status_code in (200, 302, 400, 401, 404, 405), (
            f"{name} answers {response.status_code}"
        )
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
