"""The search box of the register: one field for name, pinyin, initials, whole numbers, or last four with a name.

`parse` says what the reader means, `find` makes the queryset. Numbers are found by keyed hash of the whole, or
of the last four with the name or inside one branch (G-29); a part of a number alone finds nothing.
"""

import re
from dataclasses import dataclass

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from baolei.kernel import secrets
from baolei.kernel.identity import normal_number
from baolei.kernel.tables import Order
from baolei.members.models import Member
from baolei.members.tables import BY_NAME, MemberTable

BRANCH_LIMIT = 500
"""Numbers of one branch that are opened to compare their last four."""

_TAIL = re.compile(r"\d{3}[\dXx]")
_LAST = "\U0010ffff"


class Unclear(ValueError):
    """The text cannot be searched for; the message says what can."""


@dataclass(frozen=True)
class Question:
    """What a reader means: `kind` is name, pinyin, initials, id_number, phone or tail."""

    kind: str
    text: str = ""
    tail: str = ""


def parse(text: str) -> Question:
    """What the text means. Raises Unclear with a sentence for the reader."""
    text = " ".join(text.replace("\u3000", " ").split())
    number = normal_number(text)
    if not number:
        raise Unclear(_("请输入姓名、拼音、拼音首字母、完整的公民身份号码或电话，或姓名加号码后四位。"))
    if number.isascii() and number[0].isdigit():
        return _number(number)
    return _with_tail(text) or _word(text.replace(" ", ""))


def _number(number: str) -> Question:
    if re.fullmatch(r"\d{17}[\dX]", number):
        return Question("id_number", number)
    if re.fullmatch(r"1\d{10}", number):
        return Question("phone", number)
    if _TAIL.fullmatch(number):
        return Question("tail", tail=number)
    raise Unclear(_("号码须完整：公民身份号码 18 位，手机号码 11 位。只知道后四位时，请同时写姓名。"))


def _with_tail(text: str) -> Question | None:
    """A name and four last characters, in either order."""
    words = text.split(" ")
    if len(words) == 1:
        found = re.fullmatch(r"(\D+?)(\d{3}[\dXx])", text)
        words = list(found.groups()) if found else words
    if len(words) != 2:
        return None
    name, tail = words if _TAIL.fullmatch(words[1]) else reversed(words)
    return Question("tail", name, normal_number(tail)) if _TAIL.fullmatch(tail) else None


def _word(text: str) -> Question:
    if any(sign.isdigit() for sign in text):
        raise Unclear(_("姓名里没有数字。按号码查找时，请写完整号码，或写“姓名 后四位”。"))
    if not text.isascii():
        return Question("name", text)
    letters = "".join(sign for sign in text if sign.isalpha())
    if not letters:
        raise Unclear(_("请输入姓名、拼音或号码。"))
    # Initials have no vowel, but for a few names; capitals say it outright.
    if letters.isupper() or not set(letters.lower()) & set("aeiouv"):
        return Question("initials", letters.lower())
    return Question("pinyin", letters.lower())


def find(rows: QuerySet[Member], question: Question, *, within: Model | None = None) -> QuerySet[Member]:
    """The rows that answer. `within` is the branch picked, which alone makes a bare last four searchable.

    Raises Unclear when the last four stand without name or branch.
    """
    text = question.text
    match question.kind:
        case "id_number":
            return rows.filter(id_hash=secrets.hash_id(text))
        case "phone":
            return rows.filter(phone_hash=secrets.hash_phone(text))
        case "tail" if text:
            by_id, by_phone = (
                secrets.hash_tail(question.tail, text),
                secrets.hash_phone_tail(question.tail, text),
            )
            # The hashes say the name, too; the column is named for its index.
            return rows.filter(Q(id_tail_hash=by_id) | Q(phone_tail_hash=by_phone), name=text)
        case "tail":
            return _in_branch(rows, question.tail, within)
        case "name":
            return rows.filter(name__gte=text, name__lt=text + _LAST)
        case "initials":
            return rows.filter(initials=text)
    return rows.filter(name_py__gte=text, name_py__lt=text + "~")


def order_of(question: Question) -> Order:
    """The order in which an index gives the answers."""
    return BY_NAME if question.kind == "name" else MemberTable.orders[0]


def _in_branch(rows: QuerySet[Member], tail: str, branch: Model | None) -> QuerySet[Member]:
    """A branch has few members: their numbers are opened and compared, so that no part of a number is stored."""
    if branch is None:
        raise Unclear(_("只写后四位找不到人：请同时写姓名（如“张三 1234”），或先选定一个党支部。"))
    sealed = rows.filter(branch_key=branch.key).only("id_sealed", "phone_sealed", "key_wrapped")[
        :BRANCH_LIMIT
    ]
    return rows.filter(pk__in=[member.pk for member in sealed if _ends(member, tail)])


def _ends(member: Member, tail: str) -> bool:
    return any(_clear(member, field).endswith(tail) for field in secrets.FIELDS)


def _clear(member: Member, field: str) -> str:
    """The number; "" for one that cannot be read, so that one damaged row does not hide the others."""
    try:
        return secrets.open_field(member, field)
    except secrets.Unreadable:
        return ""
