"""Laws of figures: what is stored equals what is folded now, and what SQL folds equals what Python folds."""

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Q

from baolei.kernel.figures.declare import OWN, Fact, Figure, Rows, row_sources
from baolei.kernel.figures.stored import folded
from baolei.kernel.figures.values import NOT_APPLICABLE, status_of, today, values
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
        figures = {f.code: i for i, f in enumerate(rows.figures)}
        old = _marked_organizations(rows)
        for day in sorted(set(StoredValue.objects.filter(figure__in=figures).values_list("day", flat=True))):
            live = {pk: found for pk, _level, found in folded(rows, day)}
            for stored in StoredValue.objects.filter(figure__in=figures, day=day).iterator():
                if stored.organization_id in old:
                    finding.skipped += 1
                    continue
                f = rows.figures[figures[stored.figure]]
                expected = live[stored.organization_id][figures[stored.figure]]
                _compare(
                    finding,
                    (stored.figure, stored.organization_id, str(day)),
                    (stored.status, stored.numerator, stored.denominator, stored.listed),
                    (
                        status_of(f, expected),
                        expected.numerator,
                        expected.denominator if f.has_denominator else None,
                        expected.listed,
                    ),
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
            nodes = list(
                node_model()._default_manager.filter(Q(places__during__contains=day)).order_by("?")[:SAMPLE]
            )
            nodes += node_model()._default_manager.filter(parent=None, places__during__contains=day)
            folded_here = _recompute(rows, day, {node.pk for node in nodes})
            for node in nodes:
                for v in values(rows.figures, node, on=day, exact=True):
                    if v.status != NOT_APPLICABLE:
                        expected = _expected(v.figure, folded_here[node.pk, v.figure.code])
                        _compare(
                            finding,
                            (v.figure.code, node.pk, str(day)),
                            (v.numerator, v.denominator),
                            expected,
                        )
    return finding


def _expected(f: Figure, facts: list[Fact]) -> tuple:
    """Numerator and denominator by the facts, folded in plain Python."""
    numbers = [fact.number for fact in facts if fact.number is not None]
    if f.entity:
        return len({fact.entity for fact in facts}), None
    if f.levels == OWN and f.amount:
        return max(numbers, default=None), None
    if f.over:
        return sum(numbers), sum(fact.over for fact in facts)
    return sum(numbers), len(numbers) if f.has_denominator else None


def _recompute(rows: Rows, day: date, wanted: set[int]) -> dict[tuple[int, str], list[Fact]]:
    """(organization, figure code) -> facts, by climbing from parent to parent.

    What is closed by the day stands below its last parent (A1); what is not open yet stands nowhere.
    """
    nodes = node_model()._default_manager.filter(opened_on__lte=day)
    parents = dict(nodes.values_list("pk", "parent_id").iterator(chunk_size=20000))
    parents |= dict(
        place_model()
        ._default_manager.filter(during__contains=day)
        .values_list("organization_id", "parent_id")
        .iterator(chunk_size=20000)
    )
    above: dict[int, list[int]] = {}

    def way_up(place: int) -> list[int]:
        """The wanted organizations at or above a place."""
        if place not in above:
            here = [place] if place in wanted else []
            parent = parents.get(place)
            above[place] = here + (way_up(parent) if parent is not None else [])
        return above[place]

    own = {f.code for f in rows.figures if f.levels == OWN}
    found: dict[tuple[int, str], list[Fact]] = defaultdict(list)
    for place, facts in rows.recompute(day):
        for code, fact in facts.items():
            for node in way_up(place):
                if code not in own or node == place:
                    found[node, code].append(fact)
    return found


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


def _number(value) -> Decimal | str | None:
    return value if value is None or isinstance(value, str) else Decimal(value)
