"""Sealing, opening, hashing; identity numbers; pinyin of names."""

import hmac
from types import SimpleNamespace
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baolei.kernel.identity import BadNumber, check_digit, check_identity, masked, normal_number
from baolei.kernel.ids import uuid7, uuid7_hex
from baolei.kernel.pinyin import name_pinyin
from baolei.kernel.secrets import Sealer, Unreadable

INDEX_KEY = b"i" * 32
SEALER = Sealer(b"d" * 32, INDEX_KEY)
NUMBER = "22240419700315002" + check_digit("22240419700315002")


@given(st.text(alphabet="0123456789X", min_size=1, max_size=18), st.text(alphabet="0123456789", max_size=15))
def test_what_is_sealed_opens_again(number, phone):
    sealed = SimpleNamespace(**SEALER.seal_person(number, phone, "王小明")._asdict())
    assert SEALER.open_field(sealed, "id_number") == number
    assert SEALER.open_field(sealed, "phone") == phone
    for value in (sealed.key_wrapped, sealed.id_sealed, sealed.id_hash, sealed.id_tail_hash):
        assert len(number) < 6 or number.encode() not in value


def test_a_seal_cannot_be_moved_or_changed():
    one = SimpleNamespace(**SEALER.seal_person(NUMBER, "13900000001", "王小明")._asdict())
    two = SimpleNamespace(**SEALER.seal_person(NUMBER, "13900000001", "王小明")._asdict())
    assert one.id_sealed != two.id_sealed
    assert one.id_hash == two.id_hash
    with pytest.raises(Unreadable):
        SEALER.open_field(SimpleNamespace(key_wrapped=two.key_wrapped, id_sealed=one.id_sealed), "id_number")
    with pytest.raises(Unreadable):  # the phone's seal says that it is a phone
        SEALER.open_field(
            SimpleNamespace(key_wrapped=one.key_wrapped, id_sealed=one.phone_sealed), "id_number"
        )
    with pytest.raises(Unreadable):
        Sealer(b"x" * 32, INDEX_KEY).open_field(one, "id_number")
    for suite, rest in ((b"\x02", one.key_wrapped[1:]), (b"\x01", b"short"), (b"", b"")):
        with pytest.raises(Unreadable):
            SEALER.open_field(SimpleNamespace(key_wrapped=suite + rest, id_sealed=one.id_sealed), "id_number")


def test_what_cannot_be_opened_is_logged_without_the_person(caplog):
    row = SimpleNamespace(pk=17, **SEALER.seal_person(NUMBER, "13900000001", "王小明")._asdict())
    row.id_sealed = row.id_sealed[:-1] + bytes([row.id_sealed[-1] ^ 1])
    with pytest.raises(Unreadable) as refused:
        SEALER.open_field(row, "id_number")
    assert SEALER.open_field(row, "phone") == "13900000001"
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    told = caplog.text + str(refused.value)
    assert "id_number of row 17" in told
    for secret in (NUMBER, "13900000001", "王小明", row.id_sealed.hex()):
        assert secret not in told


def test_hashes_are_hmac_of_the_index_key_and_keep_apart():
    assert SEALER.hash_id(NUMBER) == hmac.digest(INDEX_KEY, b"id\0" + NUMBER.encode(), "sha256")[:16]
    hashes = {
        SEALER.hash_id("1234"),
        SEALER.hash_phone("1234"),
        SEALER.hash_tail("1234", "王"),
        SEALER.hash_tail("1234", "李"),
        SEALER.hash_phone_tail("1234", "王"),
    }
    assert len(hashes) == 5
    assert Sealer(b"d" * 32, b"j" * 32).hash_id(NUMBER) != SEALER.hash_id(NUMBER)


def test_no_phone_leaves_no_trace():
    assert SEALER.seal_person(NUMBER, "", "王小明")[4:] == (None, None, None)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (NUMBER[:17], "length"),
        ("a" + NUMBER[1:], "length"),
        (NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2"), "check_digit"),
        ("22240419700230002" + check_digit("22240419700230002"), "birth_date"),
    ],
)
def test_wrong_numbers(given, code):
    with pytest.raises(BadNumber) as bad:
        check_identity(given)
    assert bad.value.code == code


def test_numbers_as_people_write_them():
    assert check_identity(NUMBER) == ("1970-03-15", "2")
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in "222404")
    assert normal_number(f" {full_width} 1970-0315-002x") == "22240419700315002X"
    assert masked("222404", 2) == "****04"


@given(st.integers(0, 17), st.sampled_from("0123456789"))
def test_any_single_wrong_digit_is_found(position, digit):
    changed = NUMBER[:position] + digit + NUMBER[position + 1 :]
    if changed != NUMBER:
        with pytest.raises(BadNumber):
            check_identity(changed)


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("单小明", "shanxiaoming", "sxm"),
        ("曾吕", "zenglv", "zl"),
        ("仇和", "qiuhe", "qh"),
        ("朴春花", "piaochunhua", "pch"),
        ("解放", "xiefang", "xf"),
        ("查良", "zhaliang", "zl"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("万俟明", "moqiming", "mqm"),
        ("欧阳峰", "ouyangfeng", "oyf"),
        ("阿依·古丽", "ayiguli", "aygl"),
        ("", "", ""),
    ],
)
def test_names(name, pinyin, initials):
    assert name_pinyin(name) == (pinyin, initials)


def test_identifiers_are_version_7_in_both_ways():
    for value in (uuid7(), UUID(uuid7_hex())):
        assert (value.version, value.variant) == (7, RFC_4122)
    assert uuid7_hex()[:10] == uuid7().hex[:10]
