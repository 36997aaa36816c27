"""Figures of an instance."""

from collections.abc import Iterator

from bench.goals import Result, from_json, result
from bench.instances import Instance
from bench.measure import median, tell

COLD_AGAIN = 3
"""The slowest so many of the first round are asked twice more."""


def warm(instance: Instance) -> Iterator[Result]:
    tell("figures, warm")
    yield from from_json(instance.inside("figures.warm"))


def cold(instance: Instance) -> Iterator[Result]:
    """Each figure asked first of a database that was just started, by a process that was just started.

    All once, then the slowest again.
    """
    tell("figures from cold")
    taken = {code: [_from_cold(instance, code)] for code in instance.inside("figures.codes")}
    for code in sorted(taken, key=lambda code: taken[code][0], reverse=True)[:COLD_AGAIN]:
        taken[code] += [_from_cold(instance, code) for _ in range(2)]
    slowest = max(taken, key=lambda code: median(taken[code]))
    yield result("figures.cold", median(taken[slowest]), f"{slowest}; {len(taken)} figures")


def _from_cold(instance: Instance, code: str) -> float:
    instance.stop()
    instance.start()
    return instance.inside("figures.cold", code=code)


def unstored(instance: Instance) -> Iterator[Result]:
    tell("figures folded from their rows")
    yield from from_json(instance.inside("figures.unstored"))


def of_children(instance: Instance) -> Iterator[Result]:
    tell("one figure for all children")
    yield from from_json(instance.inside("figures.of_children"))


def past(instance: Instance) -> Iterator[Result]:
    tell("members on a past day")
    yield from from_json(instance.inside("figures.past"))


def past_all(instance: Instance) -> Iterator[Result]:
    tell("all figures on a past day")
    yield from from_json(instance.inside("figures.past_all"))
