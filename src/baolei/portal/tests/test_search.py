"""The public search: released editions and the glossary, by any part of a word; nothing asked is kept."""

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from baolei.portal import actions
from baolei.portal.lookback.compose import compose
from baolei.portal.lookback.facts import edition_facts
from baolei.portal.search.finding import SHOWN, marked, search, words_of
from baolei.portal.search.glossary import GLOSSARY
from baolei.portal.search.related import related
from baolei.portal.tests.factories import SYSTEM, enrol, make_edition, make_land

pytestmark = pytest.mark.django_db

FIND = reverse("portal:search")
TOP = Path(__file__).parents[4]


@pytest.fixture
def land():
    land = make_land()
    enrol(land.branches["东山县"], 60, sex="2")
    enrol(land.branches["西岭县"], 61)
    enrol(land.branches["松江省"], 75)
    return land


def titles(text: str, kind: str = "figures") -> list[str]:
    found = search(words_of(text)).get(kind)
    return [entry.title for entry in found.entries] if found else []


def test_figures_are_found_by_any_part_of_name_definition_or_chapter(edition):
    assert titles("员总") == ["松江省党员总数"]
    assert "松江省党员总数" in titles("一人计一次")
    assert titles("党组织和党员")[0] in {"松江省基层党组织总数", "松江省党员总数"}
    assert titles("党员 女") == titles("女 党员") != []
    assert titles("员总 外省") == []
    [figure] = search(["员总"])["figures"].entries
    assert figure.note == "196 人，2016-12-31"
    assert figure.href == reverse("portal:figure", args=[edition.uid, "members.total"])


def test_whose_name_is_meant_comes_before_whose_text_mentions_it(edition):
    found = titles("党员", "terms")
    assert found[:3] == ["党员", "预备党员", "正式党员"]
    assert "党支部" in found and found.index("党员示范岗") < found.index("党支部")


def test_sentences_lead_to_their_part_of_the_article(edition):
    found = search(["196"])["sentences"].entries
    assert all("196" in entry.text for entry in found)
    assert found[0].href.startswith(reverse("portal:article", args=[edition.uid]))
    assert titles("松江", "sentences").count(edition.title) >= 1
    # The article itself is found by its title once, not once a sentence.
    assert titles("基层党建五年回眸", "sentences") == [edition.title]


def test_a_link_into_the_article_leads_to_a_heading_that_is_there(client, edition):
    page = client.get(reverse("portal:article", args=[edition.uid])).content.decode()
    parts = {
        entry.href.partition("#")[2] for entry in search(["党员"])["sentences"].entries if "#" in entry.href
    }
    assert parts
    for part in parts:
        assert f'id="{part}"' in page


def test_only_what_is_released_and_read_today_is_found(land, edition):
    enrol(land.branches["西岭县"], 4)
    second = make_edition(land.province)
    [figure] = search(["员总"])["figures"].entries
    assert figure.note.startswith("200 人") and str(second.uid) in figure.href
    actions.withdraw(second, actor=SYSTEM, document="组字2017年第3号")
    [figure] = search(["员总"])["figures"].entries
    assert figure.note.startswith("196 人")
    actions.withdraw(edition, actor=SYSTEM, document="组字2017年第4号")
    assert "figures" not in search(["员总"]) and "sentences" not in search(["党员"])
    assert "terms" in search(["党员"])


def test_the_province_comes_before_its_prefecture(land, edition):
    make_edition(land.prefecture)
    assert titles("员总") == ["松江省党员总数", "平川市党员总数"]


def test_a_kept_edition_is_not_composed_again(edition):
    search(["党员"])
    with CaptureQueriesContext(connection) as seen:
        search(["组织"])
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("  ", []),
        ("党员  总数 党员", ["党员", "总数"]),
        ("GB\0a", ["gb", "a"]),
        ("一 二 三 四 五", ["一", "二", "三", "四"]),
        ("长" * 50, ["长" * 40]),
    ],
)
def test_what_is_asked_is_words(text, words):
    assert words_of(text) == words


def test_the_words_are_marked_in_the_text():
    assert marked("党员总数和党员", ["党员"]) == [
        ("党员", True),
        ("总数和", False),
        ("党员", True),
    ]
    assert marked("Abc", ["b"]) == [("A", False), ("b", True), ("c", False)]
    assert marked("党员总数", ["党员", "党员总"]) == [("党员总", True), ("数", False)]
    assert marked("党员", []) == [("党员", False)] and marked("", ["党"]) == []


def test_the_page_of_results_is_for_readers_not_for_crawlers(client, edition):
    answer = client.get(FIND, {"q": "员总"})
    page = answer.content.decode()
    assert answer.headers["X-Robots-Tag"] == "noindex" and '<meta name="robots" content="noindex">' in page
    assert "<mark>员总</mark>" in page and "196 人，2016-12-31" in page
    assert "没有找到" in client.get(FIND, {"q": "外省"}).content.decode()
    assert "请写要找的词" in client.get(FIND).content.decode()
    for nasty in ("<script>x</script>", "'; --", "_", "\\", "%_"):
        page = client.get(FIND, {"q": nasty}).content.decode()
        assert "没有找到" in page and "<script>x" not in page
    assert client.get(FIND, {"q": "党"}).content.decode().count("<li>") <= 3 * SHOWN


def test_nothing_that_is_asked_is_kept_or_logged(client, edition, caplog):
    client.get(FIND, {"q": "党员"})
    with caplog.at_level("DEBUG"), CaptureQueriesContext(connection) as seen:
        client.get(FIND, {"q": "口袋里的词"})
    assert not [q["sql"] for q in seen if "口袋里的词" in q["sql"] or not q["sql"].startswith("SELECT")]
    assert "口袋里的词" not in caplog.text and not client.cookies


# The glossary -----------------------------------------------------------------------------------------------


def test_every_word_of_the_glossary_is_a_word_of_the_field():
    context = (TOP / "CONTEXT.md").read_text(encoding="utf-8")
    field = context[context.index("## The field") : context.index("## The house")]
    cells = [line.split("|")[1] for line in field.splitlines() if line.startswith("| ")]
    words = {word.strip() for cell in cells for word in re.sub(r"\(.*?\)", "", cell).split("、")}
    assert {str(term.word) for term in GLOSSARY} <= words
    assert len({str(term.word) for term in GLOSSARY}) == len(GLOSSARY)


def test_a_term_is_found_and_stands_on_the_page_of_the_glossary(client):
    [first, *_others] = search(["查询码"])["terms"].entries
    assert first.title == "查询码"
    page = client.get(reverse("portal:glossary")).content.decode()
    assert f'id="{first.href.partition("#")[2]}"><dt>查询码</dt>' in page
    assert page.count("<dt>") == len(GLOSSARY)


# Related ----------------------------------------------------------------------------------------------------


def test_an_article_offers_three_to_six_searches_that_find_something(client, edition):
    offered = related(compose(edition_facts(edition)))
    assert 3 <= len(offered) <= 6 and offered[0] == "党组织和党员" and "党员" not in offered
    page = client.get(reverse("portal:article", args=[edition.uid])).content.decode()
    assert "相关搜索" in page
    for words in offered:
        assert f">{words}</a>" in page and search(words_of(words)), words


def test_an_empty_article_offers_none(client):
    edition = make_edition(make_land().prefecture)
    if not edition_facts(edition).on_last_day():
        assert related(compose(edition_facts(edition))) == []
    assert related([]) == []
