"""Organizations that a clerk's file calls by name: the only one so called within reach, or the one he said."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from baolei.kernel.access import Actor
from baolei.kernel.identity import numbers_hidden
from baolei.kernel.imports.columns import Column
from baolei.kernel.imports.sheets import SHEETS, Sheet
from baolei.kernel.tree import node_model
from baolei.kernel.uploads.grids import cell_text
from baolei.kernel.uploads.headings import Layout

ALIKE = 5
"""Organizations offered for a name that nobody has."""
_KINDS = re.compile(r"中国共产党|中共|党总支部|党总支|党支部|总支部|支部|党工委|党委|党组|委员会|\s+")
MOST = 5_000
"""Names looked up of one file; a file with more names organizations by code."""


@dataclass(frozen=True)
class Called:
    """What names mean: `codes` (name -> code), of them those that the owner `said`, and the names that are `unclear`
    with the organizations so called as (code, name), none when nobody within reach is.
    """

    codes: dict[str, str]
    said: dict[str, str]
    unclear: dict[str, list[tuple[str, str]]]


def called(layout: Layout, sheet: Sheet, actor: Actor, said: Mapping[str, str]) -> Called:
    """What stands in columns of organizations and is no code; `said` (name -> code) goes before what is found.

    Full and short names count, of open organizations within the actor's reach; what lies elsewhere is as unknown
    as what lies nowhere (G-12), what was said of it too.
    """
    places = [layout.places[c.name] for c in sheet.columns if names_nodes(c) and c.name in layout.places]
    rows = layout.grid.rows[layout.heading + 1 : layout.last]
    # A dict keeps the order of the file.
    texts = dict.fromkeys(cell_text(row[place]) for row in rows for place in places if place < len(row))
    if not places or len(texts) > MOST:
        return Called({}, {}, {})
    known = node_model()._default_manager.filter(code__in=texts).values_list("code", flat=True)
    names = texts.keys() - {*known, ""}
    near = _near(actor, sheet)
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for name, short_name, code in near.filter(Q(name__in=names) | Q(short_name__in=names)).values_list(
        "name", "short_name", "code"
    ):
        for text in {name, short_name} & texts.keys():
            found[text][code] = name
    there = set(near.filter(code__in=said.values()).values_list("code", flat=True))
    said = {text: said[text] for text in names if said.get(text) in there}
    codes = {text: min(alike) for text, alike in found.items() if len(alike) == 1} | said
    unclear = {
        text: sorted(found[text].items()) if text in found else []
        for text in texts
        # A name has no look of a code or a date; one with a person's number in it is not shown.
        if text in names and text not in codes and not text.isascii() and numbers_hidden(text) == text
    }
    return Called(codes, said, unclear)


def similar(names: Sequence[str], sheet: Sheet, actor: Actor) -> dict[str, list[tuple[str, str]]]:
    """(code, name) of up to `ALIKE` open organizations within reach whose short names hold the proper part of a
    name that nobody has, the most alike first: "东村支部" finds the branch "东村党支部".
    """
    found = {}
    for text in names:
        # The longest piece between the words for kinds of organizations; one sign is no name.
        proper = max(_KINDS.split(text), key=len)
        if len(proper) < 2:
            continue
        near = _near(actor, sheet).filter(Q(short_name__contains=proper) | Q(name__contains=proper))
        alike = near.annotate(length=Length("short_name")).order_by("length", "code")
        if rows := list(alike.values_list("code", "name")[:ALIKE]):
            found[text] = rows
    return found


def meant(text: str, sheet: Sheet, actor: Actor) -> str | None:
    """The code of the one open organization within reach that has this code or name; None for none and several."""
    near = _near(actor, sheet)
    for condition in (Q(code=text), Q(name=text) | Q(short_name=text)):
        codes = list(near.filter(condition).values_list("code", flat=True)[:2])
        if len(codes) == 1:
            return codes[0]
    return None


def names_nodes(column: Column) -> bool:
    """Whether the column holds codes of organizations."""
    table = node_model()._meta.db_table
    if getattr(column, "by", "code") != "code":
        return False
    named = getattr(column, "to", "")
    return getattr(column, "table", "") == table or (named in SHEETS and SHEETS[named].tables[:1] == (table,))


def _near(actor: Actor, sheet: Sheet) -> QuerySet:
    return node_model()._default_manager.filter(actor.reach.within(sheet.needs), closed_on=None)
