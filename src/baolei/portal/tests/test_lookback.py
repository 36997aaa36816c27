"""The text: sentences appear with their records only, numbers are rounded as they are said, the command prints."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from baolei.kernel.figures.declare import FIGURES
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.tests.factories import make_organization
from baolei.portal import actions
from baolei.portal.lookback.article import SECTIONS
from baolei.portal.lookback.compose import compose, figures_named, plain_text
from baolei.portal.lookback.facts import Fact, Facts, live_facts
from baolei.portal.lookback.words import written, years
from baolei.portal.tests.factories import SYSTEM, enrol, make_edition, make_land


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1_630_204, "人", "163万"),
        (94_012, "个", "9.4万"),
        (70_000, "人", "7万"),
        (999_960, "人", "100万"),
        (9_999, "人", "9999"),
        (1_959, "人", "1959"),
        (0, "个", "0"),
        (Decimal("99.1"), "%", "99.1%"),
        (Decimal(100), "%", "100%"),
        (Decimal("99.97"), "%", "99.9%"),
        (Decimal("0.01"), "%", "0.1%"),
        (Decimal(76), "%", "76%"),
    ],
)
def test_numbers_are_written_as_the_text_says_them(value, unit, text):
    assert written(value, unit) == text


def test_years_in_the_title():
    assert (years(5), years(12)) == ("五年", "12年")


def test_every_sentence_names_declared_figures():
    for section in SECTIONS:
        for sentence in section.sentences:
            assert figures_named(sentence)
            assert figures_named(sentence) <= set(FIGURES), section.key


def live_day(year):
    return date(year, 7, 1)


def text_of(organization, first_year=2012, last_year=2016):
    told = compose(live_facts(organization, first_year=first_year, last_year=last_year))
    return {section.key: "".join(map(plain_text, section.sentences)) for section in told}


@pytest.mark.django_db
class TestText:
    def test_a_sentence_without_records_is_left_out_and_its_section_too(self):
        land = make_land()
        assert text_of(land.province) == {
            "down": "重心下移，先要有落脚的地方。全省基层党组织的数量保持稳定，2012年末有5个，2016年末有5个。"
        }
        enrol(land.branches["东山县"], 20, education="71")
        told = text_of(land.province)
        assert "20名党员" in told["lead"]
        assert "democracy" not in told or "女党员" not in told["democracy"]
        assert "0" not in told.get("democracy", "").replace("2012", "").replace("2016", "")

    def test_a_rise_a_fall_and_no_change_have_their_words(self):
        land = make_land()
        enrol(land.branches["东山县"], 20)
        enrol(land.branches["东山县"], 5, joined_on=live_day(2014))
        assert "由20名增加到25名" in text_of(land.province)["lead"]
        for _ in range(10):
            MemberFactory(branch=land.branches["西岭县"], standing="deceased", left_on=live_day(2015))
        assert "由30名变为25名" in text_of(land.province)["lead"]
        assert "保持稳定" in text_of(land.province, 2015, 2016)["lead"]
        assert "年末到" not in text_of(land.province, 2016, 2016)["lead"]

    def test_the_scope_has_its_word_at_each_level(self):
        land = make_land()
        county = land.branches["东山县"].parent.parent
        prefecture = make_organization(land.province, name="延江州", region_code="222600")
        for place, word in ((land.province, "全省"), (land.prefecture, "全市"), (county, "全县")):
            assert word in text_of(place)["down"]
        assert text_of(prefecture) == {}

    def test_one_to_four_persons_are_not_told(self):
        land = make_land()
        enrol(land.branches["东山县"], 3)
        assert set(text_of(land.province)) == {"down"}


def run(*arguments):
    out = StringIO()
    call_command("lookback", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
class TestCommand:
    ASKED = ("--in", "220000", "--from", "2012", "--to", "2016")

    @pytest.fixture
    def land(self):
        land = make_land()
        enrol(land.branches["东山县"], 12, sex="2")
        enrol(land.branches["西岭县"], 8, education="71")
        return land

    def test_json_lists_sentences_with_exact_values(self, land):
        data = json.loads(run(*self.ASKED, "--format", "json"))
        assert data["as_of"] == "2016-12-31" and data["edition"] is None
        lead = data["sections"][0]["sentences"][0]
        assert lead["text"] == "截至2016年12月31日，全省20名党员分布在5个基层党组织中。"
        assert [(f["code"], f["value"]) for f in lead["figures"]] == [
            ("members.total", 20),
            ("organizations.total", 5),
        ]

    def test_html_and_markdown_say_where_numbers_come_from(self, land, settings):
        settings.BAOLEI_DEMO = True
        for form in ("html", "md"):
            text = run(*self.ASKED, "--format", form)
            assert "20名党员" in text or ">20</a>名党员" in text
            assert (
                "演示数据" in text and "建筑面积" in text and str(FIGURES["members.total"].definition) in text
            )
        assert "script" not in run(*self.ASKED, "--format", "html")

    def test_an_edition_is_printed_as_it_was_released(self, land):
        edition = make_edition(land.province)
        enrol(land.branches["东山县"], 5)
        assert "20名党员" in run("--edition", str(edition.uid))
        assert "25名党员" in run(*self.ASKED)
        actions.withdraw(edition, actor=SYSTEM, document="组字2017年第3号")
        with pytest.raises(CommandError, match="撤回"):
            run("--edition", str(edition.uid))

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("--in", "999999", "--from", "2012", "--to", "2016"), "没有"),
            (("--in", "220000", "--from", "2012", "--to", "2999"), "还没有结束"),
            (("--in", "220000", "--from", "2016", "--to", "2012"), "不能晚于"),
            (("--in", "220000", "--from", "1999", "--to", "2016"), "以前的完整记录"),
            (("--in", "220000"), "写明"),
            (("--edition", "abc"), "没有编号"),
        ],
    )
    def test_wrong_questions_get_a_plain_answer_and_status_two(self, land, arguments, words):
        with pytest.raises(CommandError, match=words) as refused:
            run(*arguments)
        assert refused.value.returncode == 2

    def test_a_branch_has_no_look_back(self, land):
        with pytest.raises(CommandError, match="只有省") as refused:
            run("--in", land.branches["东山县"].code, "--from", "2012", "--to", "2016")
        assert refused.value.returncode == 2


def test_a_count_that_came_down_to_none_has_a_page_and_a_small_one_has_none():
    """The text names the number of the first year; its link leads to a page, or is none."""
    first, last = date(2012, 12, 31), date(2016, 12, 31)
    facts = live_facts_of(
        ("gone", first, 21), ("gone", last, 0), ("few", first, 9), ("few", last, 3), ("never", last, 0)
    )
    assert facts.on_page("gone").value == 0 and facts.get("gone") is None
    assert (
        facts.on_page("few") is None and facts.on_page("never") is None and facts.on_page("unknown") is None
    )


def live_facts_of(*given: tuple[str, date, int]) -> Facts:
    """Facts about persons: (code, day, number)."""
    words = {"label": "试", "unit": "person", "unit_label": "人", "definition": "试", "reading": ""}
    made = {
        (code, day): Fact(code, as_of=day, status="ok", numerator=n, denominator=None, value=n, **words)
        for code, day, n in given
    }
    span = {"first_year": 2012, "last_year": 2016, "as_of": date(2016, 12, 31), "later": date(2017, 6, 30)}
    return Facts("试", "试", "试", "全省", entered_until=None, by_code=made, **span)
