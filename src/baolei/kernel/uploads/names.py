"""Organizations that a clerk's file calls by name: the code of the only one so called within reach."""

from collections import defaultdict

from django.db.models import Q

from baolei.kernel.access import Actor
from baolei.kernel.imports.columns import Column
from baolei.kernel.imports.sheets import SHEETS, Sheet
from baolei.kernel.tree import below, node_model
from baolei.kernel.uploads.grids import cell_text
from baolei.kernel.uploads.headings import Layout

MOST = 5_000
"""Names looked up of one file; a file with more names organizations by code."""


def called(layout: Layout, sheet: Sheet, actor: Actor) -> tuple[dict[str, str], list[str]]:
    """(name -> code, names that several have) of what stands in columns of organizations and is no code.

    Full and short names count, of open organizations within the actor's reach; what lies elsewhere is as unknown
    as what lies nowhere (G-12).
    """
    places = [layout.places[c.name] for c in sheet.columns if names_nodes(c) and c.name in layout.places]
    rows = layout.grid.rows[layout.heading + 1 : layout.last]
    texts = {cell_text(row[place]) for row in rows for place in places if place < len(row)} - {""}
    if not places or len(texts) > MOST:
        return {}, []
    nodes = node_model()._default_manager
    texts -= set(nodes.filter(code__in=texts).values_list("code", flat=True))
    found: dict[str, set[str]] = defaultdict(set)
    near = nodes.filter(_within(actor, sheet), closed_on=None)
    for name, short_name, code in near.filter(Q(name__in=texts) | Q(short_name__in=texts)).values_list(
        "name", "short_name", "code"
    ):
        for text in {name, short_name} & texts:
            found[text].add(code)
    return (
        {text: min(codes) for text, codes in found.items() if len(codes) == 1},
        sorted(text for text, codes in found.items() if len(codes) > 1),
    )


def names_nodes(column: Column) -> bool:
    """Whether the column holds codes of organizations."""
    table = node_model()._meta.db_table
    if getattr(column, "by", "code") != "code":
        return False
    named = getattr(column, "to", "")
    return getattr(column, "table", "") == table or (named in SHEETS and SHEETS[named].tables[:1] == (table,))


def _within(actor: Actor, sheet: Sheet) -> Q:
    if actor.reach.everywhere:
        return Q()
    condition = Q(pk__in=[])
    for top in actor.reach.keys(sheet.needs):
        condition |= below(top)
    return condition
