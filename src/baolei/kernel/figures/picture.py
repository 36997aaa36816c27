"""How a figure is drawn: children as bars and table, counties as tiles, the years as a line."""

from typing import Any

from django.db import models
from django.db.models.functions import Length
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from baolei.kernel.figures.access import Can
from baolei.kernel.figures.asking import Asked, address
from baolei.kernel.figures.declare import Figure
from baolei.kernel.figures.reach import may_ask
from baolei.kernel.figures.values import by_level, children, trend
from baolei.kernel.tree import STEP, below, place_key, place_model

COUNTY = 3 * STEP
"""Length of the key of a county's committee: province, prefecture, county."""


def own_label() -> str:
    """The words for the rows that lie at the organization itself, not at a child."""
    return _("本级")


def trend_points(f: Figure, a: Asked) -> list[tuple[str, Any]]:
    """(year or "当日", value) for the line."""
    points = trend(f, a.node, until=a.on)
    return [(_("当日") if p.as_of == a.on else str(p.as_of.year), p.value) for p in points]


def picture(request: HttpRequest, f: Figure, a: Asked) -> dict[str, Any]:
    """`rows` for the bars (label, value, address), `child_rows` for the table, `tiles` for the map.

    A child is linked when the reader may ask for it. Process figures have no map (G-24).
    """
    made = children(f, a.node, on=a.on)
    here = reverse("figures:figure", args=[f.code])

    def link(node: models.Model | None) -> str | None:
        if node is None or not may_ask(request.actor, Can.VIEW, node, a.on):
            return None
        return here + address(node, a.on)

    rows = [(c.node.short_name if c.node else own_label(), c.value.value, link(c.node)) for c in made]
    pairs = list(zip(made, rows, strict=True))
    return {
        "rows": rows,
        "child_rows": pairs,
        "tiles": {} if f.process else _tiles(f, a),
    }


def _tiles(f: Figure, a: Asked) -> dict[str, Any]:
    """Region code -> (name, value, address) of the committees of the counties below; empty below a county."""
    key = place_key(a.node.pk, on=a.on)
    if key is None or len(key) >= COUNTY:
        return {}
    counties = (
        place_model()
        ._default_manager.alias(length=Length("key"))
        .filter(below(key), during__contains=a.on, length=COUNTY)
        .exclude(organization__region_code="")
        .select_related("organization")
        .order_by("key")
    )
    wanted = {place.organization_id: place.key for place in counties}
    found = by_level(f, key, COUNTY, on=a.on, places=wanted)
    here = reverse("figures:figure", args=[f.code])
    tiles = {}
    for place in counties:
        node, value = place.organization, found.get(place.key)
        tiles[node.region_code] = (
            node.short_name,
            value.value if value else 0,
            here + address(node, a.on),
        )
    return tiles
