"""The command, and the invented words it draws from."""

import random
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from baolei.province import divisions, names, titles


def test_command_writes_a_county(tmp_path):
    out = StringIO()
    call_command("generate", str(tmp_path), scale="county", seed=3, day=None, stdout=out)
    assert (tmp_path / "datapackage.json").exists()
    assert "members.csv" in out.getvalue()


def test_command_says_what_is_wrong(tmp_path):
    from datetime import date

    with pytest.raises(CommandError, match="2021-12-31"):
        call_command("generate", str(tmp_path), scale="county", day=date(2015, 1, 1))


@pytest.mark.parametrize(
    ("name", "kind", "clean"),
    [
        ("春化村委会", "village", "春化村"),
        ("红星村委会（某开发区）（省级）", "village", "红星村"),
        ("站前居委会", "community", "站前社区"),
        ("英义社区（农场）", "community", "英义社区"),
        ("某某虚拟社区", "community", "某某社区"),
    ],
)
def test_names_of_villages(name, kind, clean):
    assert divisions.clean_village(name, kind) == clean


def test_divisions():
    assert len(divisions.domains()) == 79
    assert len(divisions.county_codes()) == 60
    assert [d.code for d in divisions.in_scale("county")] == [divisions.HUNCHUN]
    with pytest.raises(ValueError, match="town"):
        divisions.in_scale("town")


def test_titles_in_proper_form():
    assert titles.organization("township_committee", "珲春市敬信镇", "敬信镇") == (
        "中共珲春市敬信镇委员会",
        "敬信镇党委",
    )
    assert titles.organization("branch", "珲春市敬信镇防川村", "防川村")[1] == "防川村党支部"
    assert [titles.number(value) for value in (3, 10, 12, 20, 35)] == ["三", "十", "十二", "二十", "三十五"]


def test_universities_are_36_different_ones():
    inventor = titles.Inventor(random.Random(1), "吉林省")
    assert len({inventor.university(index) for index in range(36)}) == 36


def test_pools_of_names_follow_sex_and_decade():
    for korean in (False, True):
        pools = names.given_names(korean)
        assert len(pools) == 2 * len(names.DECADES)
        assert all(1 <= len(name) <= 2 for pool in pools for name in pool)
    assert [names.decade(year) for year in (1930, 1960, 1980, 1990, 2001)] == [0, 1, 2, 3, 4]
