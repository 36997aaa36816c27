"""What a stranger meets at every address: released editions whole, without names and days of choice (G-05)."""

import re

import pytest

from baolei.config.tests.walking import CONTENTS, PAST, PERSONS, WATCHED, addresses, make_border, text_of
from baolei.organizations.models import Organization
from baolei.portal.models import Edition

PUBLIC = {
    *("portal:home", "portal:lookback", "portal:article", "portal:figure"),
    *("portal:complain", "portal:slip", "portal:corrections", "portal:search", "portal:glossary"),
    "development:own",  # who bears the slip
    *("transfers:report_in", "transfers:report_slip"),  # who stands before a poster, who has the slip
    "transfers:check",  # who holds a letter
}
OTHER_OPEN = {"accounts:sign_in", "healthz", "ballots:ballot"}
CHOICES = (
    f"?on={PAST}",
    "?on=2013-12-31",
    "?day=2013-12-31",
    "?year=2013",
    "?from=2013&to=2014",
    "?in={west}",
    "?in={west}&on=2013-12-31",
    "?organization={west}",
)


@pytest.fixture
def world(db):
    return make_border()


def shown(response) -> str:
    """The page without the token of its form, which is another one each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text_of(response))


def test_a_stranger_meets_public_pages_and_the_sign_in_only(client, world):
    answered = set()
    for name, path, _filtered in addresses(world):
        response = client.get(path)
        assert response.status_code in (200, 302, 401, 404, 405), f"{name} answers {response.status_code}"
        if response.status_code == 200:
            answered.add(name)
        elif response.status_code == 302:
            assert response.headers["Location"].startswith("/sign-in/?next="), name
    assert answered == PUBLIC | OTHER_OPEN


def test_public_pages_name_nobody_and_nothing_below_a_county(client, world):
    below = Organization.rows.filter(kind__in=("township_committee", "branch"))
    inner = {
        *PERSONS,
        *CONTENTS,
        WATCHED,
        "高东升",
        str(world.theirs.uid),
        Edition.rows.get().released_by_name,
    }
    inner |= {text for names in below.values_list("short_name", "code") for text in names}
    read = set()
    for name, path, _filtered in addresses(world):
        response = client.get(path)
        text = text_of(response)
        assert not [secret for secret in inner if secret in text], f"a stranger reads it at {name}"
        if name == "portal:figure" and response.status_code == 200:
            read.add(path)
    # The two figures that the edition tells: the look above read something.
    assert len(read) == 2


def test_no_choice_of_day_or_place_works_for_a_stranger(client, world):
    for name, path, _filtered in addresses(world):
        if name not in PUBLIC:
            continue
        plain = client.get(path)
        for choice in CHOICES:
            answer = client.get(path + choice.format(west=world.west.uid))
            assert (answer.status_code, shown(answer)) == (plain.status_code, shown(plain)), path + choice
