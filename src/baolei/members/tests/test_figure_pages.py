"""The pages of figures as officers of different places see them."""

from datetime import date
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from baolei.accounts.models import User
from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.kernel.figures.declare import FIGURES, OWN
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.kinds import Kind
from baolei.organizations.tests.factories import make_organization

pytestmark = pytest.mark.django_db
DAY = "2016-12-31"


@pytest.fixture
def county():
    """A county with two branches of two members and one member, beside another county."""
    province = make_organization(region_code="220000")
    prefecture = make_organization(province, region_code="222400")
    county = make_organization(prefecture, region_code="222404", name="珲春")
    make_organization(prefecture, region_code="222401", name="延吉")
    first, second = (make_organization(county, kind=Kind.BRANCH, name=name) for name in ("东街", "西街"))
    MemberFactory(branch=first)
    MemberFactory(branch=first, sex="2")
    MemberFactory(branch=second)
    return county


def officer(client, organization) -> User:
    user = GrantFactory(organization=organization, user=UserFactory()).user
    client.force_login(user)
    return user


def test_overview_shows_every_figure(client, county):
    officer(client, county)
    page = client.get("/figures/", {"on": DAY})
    assert page.status_code == 200
    text = page.content.decode()
    applying = [f for f in FIGURES.values() if f.applies_to("county") and f.levels != OWN]
    assert all(str(f.label) in text for f in applying)
    assert [v.value for v, _url in page.context["chapters"][0][1]][:2] == [3, 2]


def test_figure_page_shows_value_children_and_definition(client, county):
    officer(client, county)
    page = client.get("/figures/members.total/", {"in": "222404", "on": DAY})
    assert page.context["value"].value == 3
    assert page.context["rows"] == [
        ("东街", 2, f"/figures/members.total/?in={child(county, 0).code}&on={DAY}"),
        ("西街", 1, f"/figures/members.total/?in={child(county, 1).code}&on={DAY}"),
    ]
    assert str(FIGURES["members.total"].definition) in page.content.decode()


def child(county, number: int):
    return type(county).rows.filter(parent=county).order_by("key")[number]


def test_another_county_is_as_absent_as_none(client, county):
    officer(client, county)
    for where in ("222401", "220000", "999999"):
        for address in ("/figures/", "/figures/members.total/", "/figures/members.total/rows/"):
            assert client.get(address, {"in": where, "on": DAY}).status_code == 404
        assert client.get("/figures/members.total.json", {"in": where}).status_code == 404
        assert client.get("/figures/members.total.xlsx", {"in": where}).status_code == 404


def test_a_stranger_is_sent_to_sign_in_and_a_member_sees_no_figures(client, county):
    assert client.get("/figures/").status_code == 302
    client.force_login(UserFactory(member_id=MemberFactory().pk))
    assert client.get("/figures/").status_code == 404


@pytest.mark.parametrize(
    ("day", "words"),
    [("2999-01-01", "还没有到"), ("31.12.2016", "不是日期"), ("1900-01-01", "没有")],
)
def test_an_impossible_day_is_told_in_one_sentence(client, county, day, words):
    officer(client, county)
    page = client.get("/figures/members.total/", {"on": day})
    assert (page.status_code, words in page.content.decode()) == (400, True)
    data = client.get("/figures/members.total.json", {"on": day})
    assert (data.status_code, words in data.json()["error"]) == (400, True)


def test_an_unknown_figure_is_absent(client, county):
    officer(client, county)
    assert client.get("/figures/members.nothing/").status_code == 404


def test_a_day_before_opening_is_said_to_have_no_value(client, county):
    officer(client, county)
    page = client.get("/figures/members.total/", {"on": "2011-06-30"})
    assert (page.status_code, "尚未成立" in page.content.decode()) == (200, True)


def test_json_and_workbook_hold_what_the_page_shows(client, county):
    officer(client, county)
    query = {"in": "222404", "on": DAY}
    data = client.get("/figures/members.structure.women.json", query).json()
    assert (data["numerator"], data["denominator"], data["status"], data["unit"]) == (1, 3, "ok", "percent")
    assert [(c["organization"]["name"], c["value"]) for c in data["children"]] == [
        ("东街", 50.0),
        ("西街", 0.0),
    ]
    book = ZipFile(BytesIO(client.get("/figures/members.structure.women.xlsx", query).content))
    strings = "".join(ElementTree.fromstring(book.read("xl/sharedStrings.xml")).itertext())
    assert "东街" in strings and str(FIGURES["members.structure.women"].definition) in strings


def test_rows_behind_link_to_files_within_reach(client, county):
    officer(client, county)
    page = client.get("/figures/members.total/rows/", {"in": "222404", "on": DAY})
    assert [line["cells"][1] for line in page.context["lines"]] == [
        ("当日所在党支部", "东街"),
        ("当日所在党支部", "东街"),
        ("当日所在党支部", "西街"),
    ]
    assert all(line["url"].startswith("/members/") for line in page.context["lines"])
    assert page.context["lines"][0]["cells"][2] == ("起", date(2012, 7, 1))


def test_figure_pages_ask_a_constant_number_of_queries(client, county, django_assert_max_num_queries):
    officer(client, county)
    client.get("/figures/members.total/", {"on": DAY})
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(60) as captured:
            client.get("/figures/members.total/", {"on": DAY})
        counts.append(len(captured))
        for _ in range(3):
            make_organization(county, kind=Kind.BRANCH)
    assert counts[0] == counts[1]
