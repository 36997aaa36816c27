"""The results as text, as JSON, and as docs/performance.md."""

import json
import os
import platform
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bench.goals import GOALS, Goal, Result
from bench.instances import TOP

PAGE = TOP / "docs" / "performance.md"
MARK = "<!-- Written by hand below this line; `./run bench` keeps it. -->"


def as_json(results: Sequence[Result]) -> str:
    return json.dumps([one.as_json() for one in results], ensure_ascii=False, indent=2)


def as_text(results: Sequence[Result]) -> str:
    lines = []
    for one in results:
        judged = {True: "met", False: "MISSED", None: ""}[one.met]
        goal = one.goal
        ends = f"must {goal.must:g}, aim {goal.aim:g}" if goal.must is not None else ""
        lines.append(f"{goal.name:<22}{_amount(one):>14}  {ends:<24}{judged:<8}{one.note}")
    return "\n".join(lines)


def write_page(results: Sequence[Result], *, command: str, scale: str) -> None:
    """Write the page; what stands below the mark stays as it is."""
    old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    kept = old.partition(MARK)[2].strip()
    judged = [one for one in results if one.goal.must is not None]
    others = [one for one in results if one.goal.must is None]
    missing = [
        goal
        for goal in GOALS.values()
        if goal.must is not None and goal.name not in {r.goal.name for r in results}
    ]
    text = f"""# Speed and memory

Written by `{command}` on {datetime.now().astimezone():%Y-%m-%d}, {_machine()}. Made-up data, scale {scale}.
Every ratio compares two things measured in the same run, in turns where they are short.

| what | value | must | aim | met | of what |
|---|---:|---:|---:|---|---|
{_lines(judged)}
{_missing(missing)}
The values behind them, without goals of their own:

| what | value | of what |
|---|---:|---|
{_others(others)}

{MARK}

{kept}
"""
    PAGE.write_text(text.rstrip() + "\n", encoding="utf-8")


def _lines(results: Sequence[Result]) -> str:
    return "\n".join(
        f"| {one.goal.what} | {_amount(one)} | {_end(one.goal, one.goal.must)} | {_end(one.goal, one.goal.aim)} "
        f"| {'yes, and the aim' if one.at_aim else 'yes' if one.met else '**no**'} | {one.note} |"
        for one in results
    )


def _others(results: Sequence[Result]) -> str:
    return "\n".join(f"| {one.goal.what} | {_amount(one)} | {one.note} |" for one in results)


def _missing(goals: Sequence[Goal]) -> str:
    if not goals:
        return ""
    return "\nNot measured in this run: " + "; ".join(goal.what for goal in goals) + ".\n"


def _amount(one: Result) -> str:
    return f"{one.value:,.{one.goal.digits}f} {one.goal.unit}"


def _end(goal: Goal, end: float | None) -> str:
    return "" if end is None else f"{end:g} {goal.unit}"


def _machine() -> str:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1024**3
    told = [
        f"{os.cpu_count()} cores ({_processor()})",
        f"{memory:.0f} GB of memory",
        platform.system(),
        f"Python {platform.python_version()}",
    ]
    return ", ".join(told)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
