"""Search, and moves in the tree."""

from collections.abc import Iterator

from bench.goals import Result, from_json
from bench.instances import Instance
from bench.measure import tell


def kinds(instance: Instance) -> Iterator[Result]:
    tell("search")
    yield from from_json(instance.inside("search.kinds"))


def move(instance: Instance) -> Iterator[Result]:
    tell("moving a county")
    yield from from_json(instance.inside("move.there_and_back"))
    instance.baolei("refold")
