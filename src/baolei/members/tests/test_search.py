"""The search box: what a text means, and that only whole numbers or last four with a name or branch find."""

import pytest
from django.db import connection

from baolei.kernel.access import Actor
from baolei.members.access import Can
from baolei.members.models import Member
from baolei.members.search import Question, Unclear, find, parse
from baolei.members.tests.world import make_person
from baolei.organizations.tests.factories import make_branch

EVERYWHERE = Actor.system("试验")


@pytest.mark.parametrize(
    ("text", "kind", "word", "tail"),
    [
        ("王小明", "name", "王小明", ""),
        ("王 小明", "name", "王小明", ""),
        ("古丽·阿依", "name", "古丽·阿依", ""),
        ("wangxiaoming", "pinyin", "wangxiaoming", ""),
        ("Wang Xiaoming", "pinyin", "wangxiaoming", ""),
        ("lv", "pinyin", "lv", ""),
        ("wxm", "initials", "wxm", ""),
        ("WXM", "initials", "wxm", ""),
        ("AE", "initials", "ae", ""),
        ("22240419700315001x", "id_number", "22240419700315001X", ""),
        ("222404 19700315 001X", "id_number", "22240419700315001X", ""),
        (
            "\uff12\uff12\uff12\uff14\uff10\uff14\uff11\uff19\uff17\uff10\uff10\uff13\uff11\uff15\uff10\uff10\uff11\uff38",
            "id_number",
            "22240419700315001X",
            "",
        ),
        ("139-0000-1111", "phone", "13900001111", ""),
        ("王小明 001x", "tail", "王小明", "001X"),
        ("001X 王小明", "tail", "王小明", "001X"),
        ("王小明1234", "tail", "王小明", "1234"),
        ("王小明　1234", "tail", "王小明", "1234"),
        ("1234", "tail", "", "1234"),
    ],
)
def test_what_a_text_means(text, kind, word, tail):
    assert parse(text) == Question(kind, word, tail)


@pytest.mark.parametrize(
    "text", ["", "  ", "，。", "12", "12345", "123456", "222404197003", "1390000111", "王5", "--"]
)
def test_what_cannot_be_searched_for_says_so(text):
    with pytest.raises(Unclear) as said:
        parse(text)
    assert str(said.value)


@pytest.fixture
def register(db):
    branch, other = make_branch(), make_branch()
    return {
        "branch": branch,
        "other": other,
        "wang": make_person(branch, "王小明", id_number="222404197003150019", phone="13900001111"),
        "wang2": make_person(other, "王小敏", id_number="222404197003150035"),
        "shan": make_person(other, "单小明", phone="13900003333"),
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("王", ["王小敏", "王小明"]),
        ("王小明", ["王小明"]),
        ("小明", []),
        ("wangxiaom", ["王小敏", "王小明"]),
        ("shanxiaoming", ["单小明"]),
        ("wxm", ["王小敏", "王小明"]),
        ("wx", []),
        ("222404197003150019", ["王小明"]),
        ("222404197003150018", []),
        ("13900003333", ["单小明"]),
        ("王小明 0019", ["王小明"]),
        ("王小明 1111", ["王小明"]),
        ("王小敏 0019", []),
        ("王小敏0035", ["王小敏"]),
    ],
)
def test_what_is_found(register, text, found):
    rows = Member.objects.visible_to(EVERYWHERE, Can.VIEW)
    assert sorted(find(rows, parse(text)).values_list("name", flat=True)) == sorted(found)


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("王", "members_member_name"),
        ("wangxiaom", "members_member_py"),
        ("wxm", "members_member_ini"),
        ("222404197003150019", "members_member_id_hash_key"),
        ("13900003333", "members_member_phone"),
        ("王小明 0019", "members_member_name"),
    ],
)
def test_an_index_finds_it(register, text, index):
    rows = Member.objects.visible_to(EVERYWHERE, Can.VIEW)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # these few rows would be read from end to end
        # Among so few rows all indexes cost the same: the one asked about has to serve alone.
        for other in Member._meta.indexes:
            if other.name != index:
                cursor.execute(f"DROP INDEX {other.name}")
        plan = find(rows, parse(text)).order_by().explain()
    assert f" {index} " in plan
    assert "Index Cond" in plan


def test_last_four_alone_need_a_branch(register):
    rows = Member.objects.visible_to(EVERYWHERE, Can.VIEW)
    with pytest.raises(Unclear):
        find(rows, parse("0019"))
    assert list(find(rows, parse("0019"), within=register["branch"])) == [register["wang"]]
    assert list(find(rows, parse("1111"), within=register["branch"])) == [register["wang"]]
    assert not find(rows, parse("0019"), within=register["other"])


def test_a_part_of_a_number_is_stored_nowhere(register):
    """Brute force as tried: no column holds bytes of the number, and equal last fours give unequal hashes (G-29)."""
    stored = [bytes(v) for v in Member.rows.values_list("id_tail_hash", flat=True)]
    assert len(set(stored)) == len(stored)
    for row in Member.rows.values():
        text = repr({name: bytes(v) if isinstance(v, memoryview) else v for name, v in row.items()})
        assert "0019" not in text and "13900001111" not in text
