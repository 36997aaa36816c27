"""Pages over HTTP: their CPU against a bare view, their time at two scales, the memory of the web worker."""

import contextlib
import sys
from collections.abc import Iterator

from bench.browser import Browser
from bench.goals import Result, result
from bench.instances import Instance, Served, free_port, serving
from bench.measure import MB, cpu_of, median, memory_of, percentile, tell

PAGE = "/members/"
ROUNDS = 6
REQUESTS = 50
"""Requests of each server in a round: enough ticks of the CPU clock to tell 2 % apart over all rounds."""
LINKS = 80
LIST_ROUNDS = 15


@contextlib.contextmanager
def bare(instance: Instance, key: str, *, standard: bool) -> Iterator[Served]:
    """The bare view behind the same web server as the product."""
    file = instance.root / "county-key"
    file.write_text(key)
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "4", "--backlog", "256", "--backpressure", "64",
        "--log-level", "warning", "--no-access-log", "bench.inside.bare:application",
    ]  # fmt: skip
    environment = instance.environment(role="app") | {"BENCH_KEY_FILE": str(file)}
    if standard:
        environment["BENCH_STANDARD"] = "1"
    with serving(command, environment, port) as process:
        yield Served(port, process.pid)


def page(instance: Instance) -> Iterator[Result]:
    """CPU of the worker for the county's member list, beside the bare view, in turns."""
    tell("the member list page against a bare view")
    who = instance.inside("people.officer")
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(instance.served())
        plain = stack.enter_context(bare(instance, who["key"], standard=False))
        usual = stack.enter_context(bare(instance, who["key"], standard=True))
        browser = Browser(ours.port)
        browser.sign_in(who["username"], who["password"])
        # A browser of the product's also fits Django's own sign-in: the same session, the same cookie.
        browsers = {
            "ours": (ours, browser),
            "bare": (plain, Browser(plain.port)),
            "standard": (usual, Browser(usual.port, dict(browser.cookies))),
        }
        cpu = _cpu_in_turns(browsers)
    ratios = [mine / bare for mine, bare in zip(cpu["ours"], cpu["bare"], strict=True)]
    against_usual = [mine / bare for mine, bare in zip(cpu["ours"], cpu["standard"], strict=True)]
    yield result("page.cpu", median(cpu["ours"]) * 1000)
    yield result(
        "page.bare",
        median(cpu["bare"]) * 1000,
        f"with session and sign-in {median(cpu['standard']) * 1000:.1f}",
    )
    note = f"{ROUNDS} rounds of {REQUESTS} requests, "
    yield result("page", median(ratios), note + ", ".join(f"{ratio:.2f}" for ratio in ratios))
    yield result("page.standard", median(against_usual))


def _cpu_in_turns(browsers: dict[str, tuple[Served, Browser]]) -> dict[str, list[float]]:
    """CPU seconds a request, by server and round; the first round warms up and does not count."""
    taken: dict[str, list[float]] = {name: [] for name in browsers}
    for number in range(ROUNDS + 1):
        for name, (served, browser) in browsers.items():
            before = cpu_of(served.worker)
            for _ in range(REQUESTS):
                browser.seconds(PAGE)
            if number:
                taken[name].append((cpu_of(served.worker) - before) / REQUESTS)
    return taken


API = ("figures/", "figures/members.total/", "figures/members.total/children/")


def api(instance: Instance) -> Iterator[Result]:
    """CPU of the worker for figures by the interface: what is declared, the county's value, its children's."""
    tell("figures by the interface")
    who = instance.inside("people.officer")
    taken: dict[str, list[float]] = {path: [] for path in API}
    with instance.served() as served:
        browser = Browser(served.port, token=who["token"])
        for number in range(ROUNDS + 1):
            for path in API:
                before = cpu_of(served.worker)
                for _ in range(REQUESTS):
                    browser.seconds(f"/api/v1/{path}")
                if number:
                    taken[path].append((cpu_of(served.worker) - before) / REQUESTS)
    found = {path: median(times) * 1000 for path, times in taken.items()}
    yield result("api", max(found.values()), ", ".join(f"{path} {ms:.1f}" for path, ms in found.items()))


def lists(instance: Instance) -> Iterator[Result]:
    """The first page of every list of records as a county's officer, in turns with the member list page."""
    tell("lists of records")
    who = instance.inside("people.officer")
    pages = instance.inside("people.lists")
    with instance.served() as served:
        browser = Browser(served.port)
        browser.sign_in(who["username"], who["password"])
        taken: dict[str, list[float]] = {}
        for number in range(LIST_ROUNDS + 1):
            for path in (PAGE, *pages):
                seconds = browser.seconds(path)
                if number:
                    taken.setdefault(path, []).append(seconds)
    times = {path: median(found) for path, found in taken.items()}
    ratios = sorted(((times[path] / times[PAGE], path) for path in pages), reverse=True)
    note = f"{len(pages)} lists; " + ", ".join(f"{path} {ratio:.2f}" for ratio, path in ratios[:5])
    yield result("lists", ratios[0][0], note)


def size(instance: Instance, small: Instance) -> Iterator[Result]:
    """The same county's page in both instances, in turns."""
    tell("the member list page at two scales")
    times: dict[str, list[float]] = {}
    with contextlib.ExitStack() as stack:
        browsers = {}
        people = {}
        for name, one in (("full", instance), ("small", small)):
            one.start()
            who = one.inside("people.officer")
            people[name] = who["members"]
            browsers[name] = Browser(stack.enter_context(one.served()).port)
            browsers[name].sign_in(who["username"], who["password"])
        for number in range(10 + ROUNDS * REQUESTS):
            for name, browser in browsers.items():
                seconds = browser.seconds(PAGE)
                if number >= 10:
                    times.setdefault(name, []).append(seconds)
    small.stop()
    full, little = percentile(times["full"], 50), percentile(times["small"], 50)
    yield result("page.p50", full * 1000, f"p95 {percentile(times['full'], 95) * 1000:.1f}")
    yield result("page.size", full / little, f"{people['full']:,} members against {people['small']:,}")


def memory(instance: Instance) -> Iterator[Result]:
    """Two workers, as `serve` starts them, after an officer has been through the pages."""
    tell("memory of the web workers")
    who = instance.inside("people.officer")
    with instance.served(workers=2) as served:
        browser = Browser(served.port)
        browser.sign_in(who["username"], who["password"])
        found = dict.fromkeys(["/", "/console/", PAGE, "/organizations/"])
        for path in list(found):
            found |= dict.fromkeys(browser.links(path))
        visited = [path for path in found if not path.startswith(("/static/", "/sign-out"))][:LINKS]
        for _ in range(3):
            for path in visited:
                browser.get(path)
        for _ in range(REQUESTS):
            Browser(served.port, dict(browser.cookies)).get(PAGE)
        sizes = [memory_of(pid) / MB for pid in served.workers]
    each = ", ".join(f"{size:.0f}" for size in sizes)
    yield result("memory.web", max(sizes), f"after {3 * len(visited) + REQUESTS} requests; workers {each}")
