"""What is counted once: signed parts add up, below any place, to the number of different entities (ADR 0008)."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baolei.kernel.figures.folding import signed_parts_sql

pytestmark = pytest.mark.django_db

STEPS = ("001", "002", "00z")
KEYS = st.lists(st.sampled_from(STEPS), max_size=4).map(lambda steps: "001" + "".join(steps))
PAIRS = st.lists(st.tuples(KEYS, st.integers(1, 6)), max_size=30)


def values(pairs, numbers) -> str:
    rows = ", ".join(f"('{key}', {numbers[key]}, {at}, {entity})" for at, (key, entity) in enumerate(pairs))
    return rows or "('', 0, 0, 0)"


def parts(pairs, *, unplaced: bool) -> list[tuple[str, int]]:
    """The parts of the pairs (key, entity), by rows with keys or by rows with places."""
    numbers = {key: number for number, key in enumerate(sorted({key for key, _entity in pairs}), 1)}
    some = "WHERE v.place > 0"
    table = f"(VALUES {values(pairs, numbers)}) v(key, place, subject, entity) {some}"
    rows = SimpleNamespace(
        sql=f"SELECT key, place, subject, entity FROM {table}",
        unplaced=f"SELECT place, entity FROM {table}" if unplaced else "",
    )
    sql = signed_parts_sql(SimpleNamespace(rows=rows, entity="r.entity", where=None))
    standing = ", ".join(f"({number}, '{key}')" for key, number in numbers.items()) or "(0, '')"
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH standing(organization_id, key) AS (VALUES {standing}) SELECT * FROM ({sql}) parts",
            {"day": date(2016, 12, 31)},
        )
        return cursor.fetchall()


@pytest.mark.parametrize("unplaced", [False, True])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=PAIRS)
def test_parts_below_any_place_add_up_to_its_entities(unplaced, pairs):
    found = parts(pairs, unplaced=unplaced)
    places = {key[:length] for key, _entity in pairs for length in range(3, len(key) + 1, 3)}
    for place in places:
        expected = len({entity for key, entity in pairs if key.startswith(place)})
        assert sum(part for key, part in found if key.startswith(place)) == expected, place
    assert not [key for key, _part in found if key not in places]


@pytest.mark.parametrize("unplaced", [False, True])
def test_two_places_of_one_entity_take_one_back_where_they_meet(unplaced):
    pairs = [("001001001", 7), ("001001002", 7), ("001002", 7), ("001002", 8)]
    found: dict[str, int] = {}
    for key, part in parts(pairs, unplaced=unplaced):
        found[key] = found.get(key, 0) + part
    assert found == {"001001001": 1, "001001002": 1, "001002": 2, "001001": -1, "001": -1}
