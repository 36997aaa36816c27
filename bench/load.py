"""Generating the package, `migrate`, loading, and the first start of a fresh checkout."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from bench.goals import Result, result
from bench.instances import TOP, Instance, free_port, serving
from bench.measure import MB, median, run, seconds_of, tell

FLOOR_ROUNDS = 3


def prepared(instance: Instance, *, floor: bool = True) -> Iterator[Result]:
    """Generate, migrate and load into an instance that is made anew, measuring each step."""
    instance.remove()
    instance.start()
    tell("migrate")
    ran = instance.baolei("migrate", "--verbosity", "0")
    yield result("migrate", ran.cpu, f"{ran.seconds:.1f} s on the clock")
    tell(f"generating the {instance.scale}")
    yield from _generate(instance)
    tell("loading")
    yield from _load(instance, floor=floor)
    instance.mark_loaded()


def _generate(instance: Instance) -> Iterator[Result]:
    ran = instance.baolei("generate", str(instance.package), "--scale", instance.scale)
    yield result("generate", ran.seconds, f"{ran.cpu:.0f} s of CPU")
    rows = {file.stem: _lines(file) for file in sorted(instance.package.glob("*.csv"))}
    told = ", ".join(f"{name} {number:,}" for name, number in rows.items())
    yield result("generate.rows", sum(rows.values()), told)


def _lines(file: Path) -> int:
    """Rows of a CSV file without line breaks in its fields."""
    with file.open("rb") as source:
        return sum(block.count(b"\n") for block in iter(lambda: source.read(1 << 20), b"")) - 1


def _load(instance: Instance, *, floor: bool) -> Iterator[Result]:
    imported = instance.baolei("import", str(instance.package))
    folded = instance.baolei("refold")
    seconds = imported.seconds + folded.seconds
    yield result("load.memory", imported.peak / MB)
    yield result(
        "load.seconds", seconds, f"import {imported.seconds:.1f}, refold after it {folded.seconds:.1f}"
    )
    if floor:
        yield from _against_floor(instance, seconds)


def _against_floor(instance: Instance, seconds: float) -> Iterator[Result]:
    folder = instance.root / "floor"
    rows = instance.inside("floor.copy_out", role="owner", directory=str(folder))
    tell("the floor: bare COPY of the same rows")
    rounds = [instance.inside("floor.load", role="owner", directory=str(folder)) for _ in range(FLOOR_ROUNDS)]
    shutil.rmtree(folder)
    least = median([one["all"] for one in rounds])
    parts = ", ".join(f"{one['copy']:.1f} + {one['build']:.1f}" for one in rounds)
    yield result("load.floor", least, f"COPY + building, {FLOOR_ROUNDS} rounds: {parts}")
    yield result("load", seconds / least, f"{sum(rows.values()):,} rows in {len(rows)} tables")


def first_demo(place: Instance) -> Iterator[Result]:
    """`./run demo` in a copy of the checkout that has no environment yet, with an instance of its own."""
    checkout = place.root / "checkout"
    place.remove()
    _copy_checkout(checkout)
    tell("the first demo in a fresh checkout")
    environment = place.environment() | {"BAOLEI_DATA": str(place.root / "instance"), "BAOLEI_DEMO": ""}
    environment.pop("PYTHONPATH")
    environment.pop("VIRTUAL_ENV", None)
    port = free_port()
    command = [str(checkout / "run"), "demo", "--scale", place.scale, "--port", str(port)]

    def until_answered():
        with serving(command, environment, port, directory=checkout, seconds=1800, path="/"):
            pass

    # Stopping is not part of it, but takes about as long as the last page.
    yield result("demo", seconds_of(until_answered), "environment, database, package, load, first page")
    run([str(checkout / "run"), "baolei", "db", "stop"], environment, directory=checkout)
    shutil.rmtree(place.root, ignore_errors=True)


def _copy_checkout(target: Path) -> None:
    """What a clone of the last commit would hold."""
    packed = subprocess.run(["git", "archive", "HEAD"], cwd=TOP, check=True, capture_output=True).stdout
    target.mkdir(parents=True)
    subprocess.run(["tar", "-x", "-C", str(target)], input=packed, check=True)
