"""Rosters on paper: a code that leads back to the list, opaque, for whoever signs in and may see it."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from baolei.accounts.tests.factories import GrantFactory
from baolei.config.tests.walking import PERSONS, make_border
from baolei.kernel.pages import lists
from baolei.kernel.tables.filters import Filter
from baolei.members.pages import MemberList
from baolei.members.tests.factories import MemberFactory
from baolei.reviews.models import Round

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return make_border()


def code_of(page: str) -> str:
    """The address in the code: its picture is called by it."""
    return re.search(r"<svg[^>]*><title>([^<]*)</title>", page)[1].replace("&amp;", "&")


def test_every_roster_is_printed_with_a_code_that_leads_back_to_it(client, world):
    west, secretary, other = (world.officers[name] for name in ("west", "west_secretary", "east"))
    place = f"organization={world.west_branch.uid}"
    rosters = {
        f"/members/?standing=formal&{place}": "邹西平",
        f"{reverse('development:applicant_list')}?stage=applicant&{place}": "邹途西",
        f"/development/board/?{place}": "入党申请人",
        f"{reverse('transfers:queue')}?at=late&{place}": "邹途西",
        reverse(
            "reviews:round", args=[Round.rows.filter(organization=world.west_branch).latest("year").uid]
        ): "邹西平",
    }
    for address, row in rosters.items():
        reader = secretary if "rounds" in address else west
        client.force_login(reader)
        shown = client.get(address).content.decode()
        offered = re.search(r'href="(\?[^"]*print=1)"', shown)[1].replace("&amp;", "&")
        assert "<svg" not in shown.partition("<main")[2].replace('<svg class="icon', ""), (
            "no code on the screen"
        )
        printed = client.get(urlsplit(address).path + offered).content.decode()
        assert row in printed and "打印" in printed and reader.name in printed, address
        code = code_of(printed)
        assert code.startswith("http://testserver/") and "print" not in code
        assert not any(name in code for name in PERSONS)
        target = code.removeprefix("http://testserver")
        assert sorted(urlsplit(target).query.split("&")) == sorted(urlsplit(address).query.split("&"))
        assert urlsplit(target).path == urlsplit(address).path
        assert row in client.get(target).content.decode()
        client.logout()
        answer = client.get(target)
        assert answer.status_code == 302 and answer.url.startswith("/sign-in/")
        client.force_login(other)
        assert "邹" not in client.get(target).content.decode().replace("邹示", ""), (
            "out of reach it shows nobody"
        )


def test_what_a_reader_typed_is_not_in_the_code(client, world, monkeypatch):
    typed = Filter("name", "姓名", lookup="name")
    monkeypatch.setattr(MemberList, "filters", (*MemberList.filters, typed))
    client.force_login(world.officers["west"])
    page = client.get("/members/?name=邹西平&standing=formal&print=1").content.decode()
    assert code_of(page) == "http://testserver/members/?standing=formal"
    assert "姓名：邹西平" in page and "邹西平" in page


def test_paper_takes_more_rows_than_the_screen_and_says_how_many(client, world, monkeypatch):
    monkeypatch.setattr(lists, "ON_PAPER", 60)
    for number in range(70):
        MemberFactory(branch=world.west_branch, name=f"纸试{number:03}", name_py=f"zhi{number:03}")
    client.force_login(world.officers["west"])
    for address, rows in (("/members/", 50), ("/members/?print=1", 60)):
        page = client.get(address).content.decode()
        assert page.count('<th scope="row">') == rows, address
    assert re.search(r"打印　共 \d+ 条", page)


def test_the_roll_on_paper_does_not_say_what_was_found(client, world):
    """Who takes part goes round in the room; marks and grades stay on the screen (G-08). Who may not see it prints none."""
    client.force_login(world.officers["west_secretary"])
    address = reverse(
        "reviews:round", args=[Round.rows.filter(organization=world.west_branch).latest("year").uid]
    )
    screen, paper = (client.get(f"{address}{query}").content.decode() for query in ("", "?print=1"))
    assert "扫码打开" in paper and '<th scope="col">个人自评</th>' in paper
    for heading in ("民主测评", "等次"):
        for told in (f'<th scope="col">{heading}</th>', f'<td data-label="{heading}">'):
            assert told in screen and told not in paper
    client.force_login(world.officers["west"])
    page = client.get(f"{address}?print=1").content.decode()
    assert "print=1" not in page and "扫码打开" not in page and "基本情况" in page


def test_hints_and_search_answers_are_not_put_on_paper(client, world):
    """A hint enters no list that leaves the house (G-09)."""
    client.force_login(GrantFactory(role="committee_officer", organization=world.west_branch).user)
    page = client.get(f"{reverse('transfers:hint_list')}?print=1").content.decode()
    assert "print=1" not in page and "扫码打开" not in page
