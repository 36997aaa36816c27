"""`./run bench`: measure the product at one scale and write docs/performance.md.

    ./run bench [--scale province|prefecture|county] [--only NAME ...] [--format text|json] [--keep]

Uses instances of its own below BAOLEI_DATA (default: a directory beside the usual instance). With --keep they
stay, and the next run measures what is loaded there instead of generating and loading again.
"""

import argparse
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

# Started as a directory, Python looks for modules in it and not beside it.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from bench import figures, load, report, search, web  # noqa: E402
from bench.goals import Result  # noqa: E402
from bench.instances import Instance, instances_root  # noqa: E402
from bench.measure import Failed, tell  # noqa: E402

SCALES = ("province", "prefecture", "county")
SMALLER = {"province": "prefecture", "prefecture": "county", "county": "county"}

Group = Callable[[Instance], Iterator[Result]]
GROUPS: dict[str, Group] = {
    "figures.warm": figures.warm,
    "figures.unstored": figures.unstored,
    "figures.children": figures.of_children,
    "figures.past": figures.past,
    "figures.past.all": figures.past_all,
    "figures.cold": figures.cold,
    "search": search.kinds,
    "page": web.page,
    "api": web.api,
    "lists": web.lists,
    "memory.web": web.memory,
    "move": search.move,
    "upload": search.upload,
    "accept": search.accept,
    "applicants": search.applicants,
    "board": search.board,
    "ballots": search.ballots,
    "closing": search.closing,
    "finder": search.finder,
}
NAMES = ("load", "demo", "page.size", *GROUPS)


def main() -> int:
    given = _arguments()
    root = instances_root()
    full, small = Instance(root / "full", given.scale), Instance(root / "small", SMALLER[given.scale])
    results: list[Result] = []
    tried = True
    try:
        for found in _measured(given, full, small, Instance(root / "first", given.scale)):
            tell(report.as_text([found]))
            results.append(found)
    except Failed as failure:
        tried = False
        tell(str(failure))
    finally:
        for one in (full, small):
            one.stop() if given.keep else one.remove()
    if tried and not given.only:
        report.write_page(results, command=shlex.join(["./run", "bench", *sys.argv[1:]]), scale=given.scale)
    print(report.as_json(results) if given.format == "json" else report.as_text(results))
    return 0 if tried else 1


def _measured(
    given: argparse.Namespace, full: Instance, small: Instance, first: Instance
) -> Iterator[Result]:
    wanted = set(given.only or NAMES)
    if "demo" in wanted:
        yield from load.first_demo(first)
    if wanted == {"demo"}:
        return
    if "load" in wanted or not (given.keep and full.loaded):
        yield from load.prepared(full)
    full.start()
    full.inside("people.settle", role="owner")
    for name, group in GROUPS.items():
        if name in wanted:
            yield from group(full)
    if "page.size" in wanted:
        if not (given.keep and small.loaded):
            tell("the small instance")
            for _ in load.prepared(small, floor=False):
                pass
        small.start()
        small.inside("people.settle", role="owner")
        yield from web.size(full, small)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description="Measure the product.")
    parser.add_argument("--scale", choices=SCALES, default="province")
    parser.add_argument("--only", nargs="+", choices=NAMES, metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--keep", action="store_true", help="keep the instances and use those kept before")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
