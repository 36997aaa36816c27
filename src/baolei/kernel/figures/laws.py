"""Laws of figures: what is stored equals what is folded now, and what SQL folds equals what Python folds."""

import random
from collections import Counter
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q

from baolei.kernel.figures.declare import Rows, row_sources, sharing
from baolei.kernel.figures.stored import folded
from baolei.kernel.figures.values import today, values
from baolei.kernel.laws import EXAMPLES, Finding, law
from baolei.kernel.models import StaleMark, StoredValue
from baolei.kernel.tree import ancestors, below, node_model, place_model

SAMPLE = 40
"""Organizations compared one by one in each law."""


@law("figures.stored-equal-live")
def stored_equal_live() -> Finding:
    """Every stored value equals the rows folded now; old ones are left out and counted apart."""
    finding = Finding(0, 0)
    for rows in row_sources():
        figures = {f.code: i for i, f in enumerate(sharing(rows))}
        old = _marked_organizations(rows)
        for day in sorted(set(StoredValue.objects.filter(figure__in=figures).values_list("day", flat=True))):
            live = {row[0]: row[1:] for row in folded(rows, day)}
            for stored in StoredValue.objects.filter(figure__in=figures, day=day).iterator():
                if stored.organization_id in old:
                    finding.skipped += 1
                    continue
                total, *numerators = live.get(stored.organization_id, (0, *[0] * len(figures)))
                expected = numerators[figures[stored.figure]]
                denominator = stored.denominator
                _compare(
                    finding,
                    (stored.figure, stored.organization_id, str(day)),
                    (stored.numerator, denominator),
                    (expected, total if denominator is not None else None),
                )
    return finding


@law("figures.equal-recompute")
def equal_recompute() -> Finding:
    """For random organizations and days, the value equals streamed records folded in plain Python."""
    finding, chance = Finding(0, 0), random.Random()
    first = date(settings.BAOLEI_FIRST_YEAR, 12, 31)
    past = first + timedelta(days=chance.randrange(max((today() - first).days, 1)))
    for rows in row_sources():
        for day in (today(), past):
            folded_here = _recompute(rows, day)
            nodes = node_model()._default_manager.filter(Q(places__during__contains=day)).order_by("?")
            for node in nodes[:SAMPLE]:
                for v in values(sharing(rows), node, on=day, exact=True):
                    total = folded_here[node.pk, ""]
                    met = folded_here[node.pk, v.figure.code]
                    expected = (met, total) if v.figure.is_share else (total, None)
                    _compare(
                        finding,
                        (v.figure.code, node.pk, str(day)),
                        (v.numerator, v.denominator),
                        expected,
                    )
    return finding


def _recompute(rows: Rows, day: date) -> Counter:
    """(organization, figure code or "" for all rows) -> number, by climbing from parent to parent."""
    parents = dict(
        place_model()
        ._default_manager.filter(during__contains=day)
        .values_list("organization_id", "parent_id")
        .iterator(chunk_size=20000)
    )
    at_place: Counter = Counter()
    for place, met in rows.recompute(day):
        at_place[place, ""] += 1
        for code, holds in met.items():
            at_place[place, code] += holds
    totals: Counter = Counter()
    for (place, code), number in at_place.items():
        while place is not None and place in parents:
            totals[place, code] += number
            place = parents[place]
    return totals


def _marked_organizations(rows: Rows) -> set[int]:
    """The organizations above, at or below a mark: their stored values are old."""
    keys = set(StaleMark.objects.filter(model__in=rows.reads).values_list("key", flat=True))
    if not keys:
        return set()
    condition = Q(key__in={above for key in keys for above in ancestors(key)})
    for key in keys:
        condition |= below(key)
    return set(node_model()._default_manager.filter(condition).values_list("pk", flat=True))


def _compare(finding: Finding, name: tuple, found: tuple, expected: tuple) -> None:
    finding.checked += 1
    if tuple(map(_number, found)) != tuple(map(_number, expected)):
        finding.violations += 1
        if len(finding.examples) < EXAMPLES:
            finding.examples.append([*name, str(found), str(expected)])


def _number(value) -> int | None:
    return None if value is None else int(value)
