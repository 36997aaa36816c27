"""The tree of organizations: path keys, ordinals, the dated tree (D1, D3).

An organization's `key` is its parent's key and a three-character ordinal in base 36 that the parent
hands out once and never again. Everything below X is `key >= X and key < X || '~'`; the ancestors of X
are the prefixes of its key. The tables stand in an area; the settings BAOLEI_TREE and BAOLEI_PLACE name them.
"""

import json
from datetime import date
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, models

STEP = 3
"""Characters of one level of a key."""

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class KeyField(models.TextField):
    """A path key: text in the C collation, so that its order is the order of the tree."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("db_collation", "C")
        super().__init__(*args, **kwargs)


def ordinal(number: int) -> str:
    """The number as three characters of base 36.

    Raises ValueError outside 1..46655 (0 is never handed out).
    """
    if not 0 < number < 36**STEP:
        raise ValueError(f"a parent hands out at most {36**STEP - 1} ordinals, not number {number}")
    text = ""
    for _ in range(STEP):
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    return text


def upper(key: str) -> str:
    """The exclusive upper end of the range of keys below `key`; '~' sorts after every digit and letter."""
    return key + "~"


def is_below(key: str, top: str) -> bool:
    """True when `key` is `top` itself or lies below it."""
    return key.startswith(top)


def ancestors(key: str) -> list[str]:
    """The keys from the root to `key` itself."""
    return [key[:n] for n in range(STEP, len(key) + 1, STEP)]


def below(key: str, *, field: str = "key") -> models.Q:
    """The rows whose `field` lies in the subtree of `key`, itself included."""
    return models.Q(**{f"{field}__gte": key, f"{field}__lt": upper(key)})


class AnyBelow(models.Func):
    """True when one of the keys of an array lies in the subtree of a key: `AnyBelow("reach", Value(key))`."""

    template = "EXISTS (SELECT FROM unnest(%(expressions)s))"
    arg_joiner = ") AS held(key) WHERE starts_with(held.key, "
    arity = 2
    output_field = models.BooleanField()


def node_model() -> type[models.Model]:
    """The table of organizations (BAOLEI_TREE)."""
    return apps.get_model(settings.BAOLEI_TREE)


def person_model() -> type[models.Model]:
    """The table of persons (BAOLEI_PERSON)."""
    return apps.get_model(settings.BAOLEI_PERSON)


def place_model() -> type[models.Model]:
    """The table of dated places (BAOLEI_PLACE)."""
    return apps.get_model(settings.BAOLEI_PLACE)


def place_key(node_id: int, *, on: date) -> str | None:
    """The key that the organization had on that day; None when it was not open."""
    places = place_model()._default_manager.filter(organization_id=node_id, during__contains=on)
    return places.values_list("key", flat=True).first()


@cache
def tiles() -> dict[str, tuple[int, int]]:
    """Region code of a county -> column and row of its square on the tile map (BAOLEI_TILES)."""
    return {code: tuple(at) for code, at in json.loads(Path(settings.BAOLEI_TILES).read_text()).items()}


def hold_tree(*, alone: bool) -> None:
    """Keep the tree as it is until the transaction ends; `alone` for a move, which waits for everybody else."""
    how = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {how}(hashtext('kernel.tree'))")
