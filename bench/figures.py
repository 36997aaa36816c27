"""Figures of an instance."""

from collections.abc import Iterator

from bench.goals import Result, from_json, result
from bench.instances import Instance
from bench.measure import median, tell

COLD_ROUNDS = 3


def warm(instance: Instance) -> Iterator[Result]:
    tell("figures, warm")
    yield from from_json(instance.inside("figures.warm"))


def cold(instance: Instance) -> Iterator[Result]:
    """Each figure asked first of a database that was just started, by a process that was just started."""
    tell("figures from cold")
    taken: dict[str, list[float]] = {}
    for _ in range(COLD_ROUNDS):
        for code in instance.inside("figures.codes"):
            instance.stop()
            instance.start()
            taken.setdefault(code, []).append(instance.inside("figures.cold", code=code))
    slowest = max(taken, key=lambda code: median(taken[code]))
    yield result("figures.cold", median(taken[slowest]), slowest)


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
