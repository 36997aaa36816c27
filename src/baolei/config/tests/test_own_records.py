"""The records about a person: in the person's own hands, and beside the file for who reaches them."""

import re

import pytest
from django.urls import reverse

from baolei.config.tests.any_row import record_lists
from baolei.config.tests.walking import make_border
from baolei.kernel.pages.records import ABOUT_PERSONS

CARD = re.compile(r'href="([^"]*\?person=[^"]*)"')


@pytest.fixture
def world(db):
    return make_border()


def uids_of(page, member) -> set[str]:
    rows = page.queryset().unscoped("test").filter(**{page.queryset().model.scope.person: member.pk})
    return {str(uid) for uid in rows.values_list("uid", flat=True)}


def about(member):
    """The lists that hold a record about the member: all but pairings of units, which share a table with households."""
    pages = [page for page in ABOUT_PERSONS if uids_of(page, member)]
    assert {page.noun for page in ABOUT_PERSONS} - {page.noun for page in pages} == {"assistance:pairing"}
    return pages


def test_a_member_sees_the_records_about_himself_and_no_others(client, world):
    client.force_login(world.officers["member"])
    for page in about(world.ours):
        mine, others = uids_of(page, world.ours), uids_of(page, world.theirs)
        assert mine and others
        text = client.get(reverse(f"{page.noun}_list")).content.decode()
        for uid in mine:
            assert client.get(reverse(page.noun, args=[uid])).status_code == 200, page.noun
            assert uid in text
        for uid in others:
            assert client.get(reverse(page.noun, args=[uid])).status_code == 404
            assert uid not in text
        assert client.get(reverse(f"{page.noun}_export")).status_code == 404


def test_lists_about_nobody_do_not_exist_for_a_member(client, world):
    client.force_login(world.officers["member"])
    others = [page for page in record_lists().values() if page not in ABOUT_PERSONS]
    assert len(others) > 20
    for page in others:
        assert client.get(reverse(f"{page.noun}_list")).status_code == 404, page.noun


@pytest.mark.parametrize(("who", "address"), [("member", "members:my_file"), ("east", "members:detail")])
def test_the_file_leads_to_the_records(client, world, who, address):
    client.force_login(world.officers[who])
    own = address == "members:my_file"
    text = client.get(reverse(address, args=[] if own else [world.ours.uid])).content.decode()
    links = CARD.findall(text)
    for link, page in zip(links, about(world.ours), strict=True):
        answer = client.get(link).content.decode()
        assert {uid for uid in uids_of(page, world.ours) if uid in answer} == uids_of(page, world.ours)
        assert world.ours.name in answer


def test_a_person_out_of_reach_is_absent(client, world):
    client.force_login(world.officers["east"])
    assert client.get(reverse("members:detail", args=[world.theirs.uid])).status_code == 404
    for page in ABOUT_PERSONS:
        for uid in (world.theirs.uid, "x"):
            text = client.get(reverse(f"{page.noun}_list"), {"person": str(uid)}).content.decode()
            assert "没有这个人" in text and world.theirs.name not in text
