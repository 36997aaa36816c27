"""The public pages as a stranger sees them, and the officers' pages around an edition."""

import re
from html import unescape

import pytest
from django.test import RequestFactory
from django.urls import reverse

from baolei.members.models import Member
from baolei.portal import actions
from baolei.portal.models import Edition
from baolei.portal.pages import public
from baolei.portal.tests.factories import SYSTEM, enrol, make_edition, make_land, make_user

pytestmark = pytest.mark.django_db

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
"""Of a form: another one each time."""


@pytest.fixture
def land():
    land = make_land()
    enrol(land.branches["东山县"], 3)
    enrol(land.branches["西岭县"], 61, sex="2")
    enrol(land.branches["松江省"], 75)
    return land


@pytest.fixture
def edition(land):
    return make_edition(land.province)


def article_of(edition):
    return reverse("portal:article", args=[edition.uid])


def figure_of(edition, code="members.total"):
    return reverse("portal:figure", args=[edition.uid, code])


def crawl(client, start="/"):
    """Every address that a stranger reaches from the start: address -> (status, text)."""
    found, ahead = {}, [start]
    while ahead:
        address = ahead.pop()
        if address in found:
            continue
        response = client.get(address)
        found[address] = (
            response.status_code,
            TOKEN.sub("", response.content.decode()) if response.status_code != 302 else "",
        )
        for link in re.findall(r'(?:href|action)="([^"#]*)', found[address][1]):
            link = unescape(link).split("?")[0]
            if (
                link.startswith("/")
                and not link.startswith("/static/")
                and link != reverse("accounts:sign_in")
            ):
                ahead.append(link)
    return found


def test_the_article_has_source_time_numbers_notes_and_the_reprint_rule(client, edition):
    page = client.get(article_of(edition)).content.decode()
    for words in (
        "来源：中共松江省委员会",
        "139</a>",
        "转载须注明来源",
        "建筑面积",
        "复制链接",
        "打印",
        "头条",
        "正文",
    ):
        assert words in page, words
    assert f'href="{figure_of(edition)}"' in page
    assert 'role="tooltip"' in page and "一人计一次" in page


def test_a_number_has_its_page_with_definition_day_and_day_of_entry(client, edition):
    page = client.get(figure_of(edition)).content.decode()
    for words in ("口径", "一人计一次", "2016年12月31日", "录入截止", "平川市", "西岭县", "各年年末"):
        assert words in page, words
    assert "<input" not in page.replace('<input type="search"', "") and "<select" not in page


def test_small_cells_and_their_company_are_hidden(client, edition):
    """东山县 has 3 members; 西岭县's 61 beside the prefecture's 64 would tell."""
    page = client.get(figure_of(edition)).content.decode()
    assert page.count("不公布</span>") == 2
    assert ">64<" in page and ">75<" in page and ">61<" not in page and ">3<" not in page
    assert "东山村党支部" not in page and "东山镇" not in page


def test_a_stranger_reaches_released_pages_only_and_no_name(client, land, edition):
    actions.withdraw(make_edition(land.prefecture), actor=SYSTEM, document="组字2017年第3号")
    found = crawl(client)
    assert {status for status, _ in found.values()} == {200}
    told = {"members.total", "organizations.total", "members.structure.women"}
    assert {figure_of(edition, code) for code in told} | {"/", reverse("portal:lookback")} <= set(found)
    everything = "".join(text for _, text in found.values())
    for name in Member.rows.values_list("name", flat=True).distinct():
        assert name not in everything
    for branch in land.branches.values():
        assert branch.short_name not in everything and branch.code not in everything
    assert edition.released_by_name not in everything


def test_a_stranger_never_gets_a_live_value(client, land, edition):
    before = crawl(client)
    enrol(land.branches["西岭县"], 14)
    assert crawl(client) == before
    for address in (figure_of(edition) + "?on=2015-12-31", figure_of(edition) + "?on=2016-12-31&in=222404"):
        assert client.get(address).context["fact"].value == 139
    assert client.get(figure_of(edition, "members.none")).status_code == 404
    for name in ("portal:editions", "portal:preview", "portal:release"):
        assert client.get(reverse(name)).status_code == 302


def test_a_withdrawn_edition_says_so(client, edition):
    actions.withdraw(edition, actor=SYSTEM, document="组字2017年第3号")
    for address in (article_of(edition), figure_of(edition)):
        response = client.get(address)
        assert response.status_code == 410
        assert "组字2017年第3号" in response.content.decode() and "139" not in response.content.decode()
    assert edition.title not in client.get(reverse("portal:lookback")).content.decode()


def test_a_revised_number_is_shown_with_the_other_one(client, land, edition):
    enrol(land.branches["西岭县"], 11)
    second = make_edition(land.province)
    old, new = (client.get(figure_of(e)).content.decode() for e in (edition, second))
    assert "此数为 150 人" in old and "此数为 139 人" in new
    assert "本文已有新的版本" in client.get(article_of(edition)).content.decode()
    assert "第2版" in client.get(article_of(second)).content.decode()
    assert client.get(reverse("portal:lookback")).content.decode().count(second.title) == 1


def test_drafts_do_not_exist_for_anybody(client, land):
    draft = Edition.rows.create(
        organization=land.province, title="草稿", source="", area="松江省", level="province",
        first_year=2012, last_year=2016, entered_until="2017-01-01T00:00:00Z",
    )  # fmt: skip
    assert client.get(article_of(draft)).status_code == 404


def test_a_search_for_what_no_text_holds_finds_everything_or_is_refused(client, edition, monkeypatch):
    assert client.get(reverse("portal:lookback") + "?q=%00").status_code in (200, 400)
    # Past everything that may have refused it before.
    request = RequestFactory().get(reverse("portal:lookback") + "?q=%00")
    with monkeypatch.context() as patch:
        asked = []
        patch.setattr(public, "render", lambda _request, _template, context: asked.append(context))
        public.lookback(request)
    assert list(asked[0]["headlines"]) == [edition] and asked[0]["words"] == ""


def test_headlines_are_found_by_words_of_their_title(client, edition):
    assert edition.title in client.get(reverse("portal:lookback") + "?q=松江").content.decode()
    assert "没有找到" in client.get(reverse("portal:lookback") + "?q=外省").content.decode()


class TestOfficers:
    def test_draft_release_and_withdrawal_by_hand(self, client, land):
        client.force_login(make_user(land.province))
        asked = "?in=220000&from=2012&to=2016"
        draft = client.get(reverse("portal:preview") + asked)
        assert "139</a>" in draft.content.decode() and not Edition.rows.exists()
        assert client.get(reverse("portal:release") + asked).status_code == 200
        assert not Edition.rows.exists()
        made = client.post(reverse("portal:release") + asked, follow=True)
        edition = Edition.rows.get()
        assert made.redirect_chain[-1][0] == reverse("portal:edition", args=[edition.uid])
        assert edition.released_by_name == "孙试行"
        withdraw = reverse("portal:withdraw", args=[edition.uid])
        assert client.post(withdraw, {"document": ""}).status_code == 400
        assert client.post(withdraw, {"document": "组字2017年第3号"}).status_code == 302
        edition.refresh_from_db()
        assert edition.state == "withdrawn" and edition.withdrawn_by_name == "孙试行"
        assert client.get(withdraw).status_code == 404

    def test_an_edition_is_compared_with_the_records_of_now(self, client, land, edition):
        client.force_login(make_user(land.province))
        page = reverse("portal:edition", args=[edition.uid])
        assert "有补录或更正" not in client.get(page).content.decode()
        enrol(land.branches["西岭县"], 11)
        assert "有补录或更正" in client.get(page).content.decode()

    def test_out_of_reach_and_without_the_right_it_does_not_exist(self, client, land, edition):
        client.force_login(make_user(land.prefecture))
        assert client.get(reverse("portal:editions")).context["editions"] == []
        for address in (
            reverse("portal:edition", args=[edition.uid]),
            reverse("portal:withdraw", args=[edition.uid]),
            reverse("portal:preview") + "?in=220000&from=2012&to=2016",
            reverse("portal:release") + "?in=220000&from=2012&to=2016",
        ):
            assert client.get(address).status_code == 404
        assert client.post(reverse("portal:release") + "?in=220000&from=2012&to=2016").status_code == 404
        client.force_login(make_user(land.province, role="department_officer"))
        assert client.get(reverse("portal:editions")).status_code == 404

    @pytest.mark.parametrize("asked", ["?in=220000&from=2016&to=2012", "?in=220000&from=1&to=2016", "?in="])
    def test_a_wrong_question_is_answered_on_the_page(self, client, land, asked):
        client.force_login(make_user(land.province))
        assert client.get(reverse("portal:preview") + asked).status_code == 400
