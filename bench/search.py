"""Search, moves in the tree, a clerk's workbook, and what runs by steps."""

from collections.abc import Iterator

from bench.goals import Result, from_json, result
from bench.instances import Instance
from bench.measure import MB, tell

APPLICANTS = 100_000


def kinds(instance: Instance) -> Iterator[Result]:
    tell("search")
    yield from from_json(instance.inside("search.kinds"))


def accept(instance: Instance) -> Iterator[Result]:
    tell("accepting transfers")
    yield from from_json(instance.inside("transfers.accept"))


def board(instance: Instance) -> Iterator[Result]:
    tell("the board of development")
    yield from from_json(instance.inside("development.board"))


def ballots(instance: Instance) -> Iterator[Result]:
    tell("ballots, and rounds of appraisal")
    yield from from_json(instance.inside("ballots.polls"))
    yield from from_json(instance.inside("ballots.rounds"))


def closing(instance: Instance) -> Iterator[Result]:
    tell("closing appraisals as jobs of two workers")
    yield from from_json(instance.inside("closing.many"))


def move(instance: Instance) -> Iterator[Result]:
    tell("moving a county")
    yield from from_json(instance.inside("move.there_and_back"))
    instance.baolei("refold")


def upload(instance: Instance) -> Iterator[Result]:
    tell("a workbook of 100 thousand members")
    yield from from_json(instance.inside("uploads.steps", rows=100_000))


def applicants(instance: Instance) -> Iterator[Result]:
    tell("a sheet of 100 thousand people on the way to membership")
    path = instance.root / "applicants.csv"
    made = instance.inside("applicants.sheet", rows=APPLICANTS, path=str(path))
    ran = instance.baolei("import", str(path))
    note = f"{APPLICANTS:,} people, {made['entries']:,} steps, beside {made['known']:,}; {ran.cpu:.0f} s of CPU, {ran.peak / MB:.0f} MB"
    yield result("applicants", ran.seconds, note)


def finder(instance: Instance) -> Iterator[Result]:
    tell("the finder of pocket members")
    yield from from_json(instance.inside("pockets.find"))
