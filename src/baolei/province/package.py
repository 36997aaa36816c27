"""Writing the data package: plans first, then people of each domain in worker processes, then one file each."""

import json
import multiprocessing
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from baolei.province import divisions, identity, life, people, records, scenario, structure, years
from baolei.province.divisions import Domain
from baolei.province.organizations import NEVER, Plan

FILES = {
    "organizations": (
        "党组织",
        "code:组织代码 name:组织全称 short_name:组织简称 kind:组织类别 parent:上级组织代码 opened_on:成立日期 "
        "closed_on:撤销日期 region_code:区划代码 successor:承接组织代码",
    ),
    "places": ("原隶属关系", "organization:组织代码 parent:原上级组织代码 from:起始日期 to:截止日期"),
    "units": ("单位", "code:单位代码 name:单位名称 kind:单位类别 region_code:区划代码 organization:管理组织代码 from:起始日期"),
    "members": (
        "党员",
        "id_number:公民身份号码 name:姓名 sex:性别 birth_date:出生日期 ethnicity:民族 education:学历 occupation:职业 "
        "standing:党籍状态 joined_on:入党日期 converted_on:转正日期 work_unit:工作单位代码 phone:手机号码 "
        "branch:所在党支部代码 since:进入支部日期 left_on:减少日期",
    ),
    "memberships": ("原所在支部", "id_number:公民身份号码 branch:党支部代码 from:进入日期 to:转出日期"),
    **records.files(),
}  # fmt: skip

_EVENT_DAYS = {
    "opened_on",
    "closed_on",
    "from",
    "to",
    "birth_date",
    "joined_on",
    "converted_on",
    "since",
    "left_on",
}

Progress = Callable[[str, int, int], None]


def _fields(table: str) -> list[dict[str, str]]:
    pairs = (entry.split(":") for entry in FILES[table][1].split())
    return [
        {"name": name, "title": title, "type": "date" if name in _EVENT_DAYS else "string"}
        for name, title in pairs
    ]


def header(table: str) -> str:
    if table == records.TRUTH:
        return "ref,truth,story\n"
    return ",".join(field["name"] for field in _fields(table)) + "\n"


def _day(ordinal: int) -> str:
    return "" if ordinal >= NEVER else date.fromordinal(ordinal).isoformat()


class _Worker:
    """What a worker process keeps between domains."""

    def __init__(
        self, parts: Path, seed: int, today: date, scale: set[str], elsewhere: list, own: dict, leads: str
    ) -> None:
        self.parts, self.seed, self.today, self.scale = parts, seed, today, scale
        self.elsewhere, self.own, self.leads = elsewhere, own, leads

    def write(self, domain: Domain) -> dict[str, int]:
        """Simulate a domain and leave its rows in a part file a table; numbers of rows."""
        plan = life.lived(domain, self.seed, self.today, self.scale)
        population = people.Population(plan, self.seed, self.today, self.elsewhere, self.own[domain.code])
        years.live(population)
        writer = identity.Writer(population, self.seed)
        members, spells = writer.rows()
        rows = {"members": members, "memberships": spells}
        leads = domain.code == self.leads
        world = records.World(domain, self.seed, self.today, plan, leads, writer.people)
        for table in (*records.files(), records.TRUTH):
            rows[table] = []
        for table, line in records.lines(world):
            rows[table].append(line + "\n")
        for table, found in rows.items():
            with open(self.parts / f"{table}-{domain.code}.csv", "w", encoding="utf-8", newline="") as part:
                part.writelines(found)
        return {table: len(found) for table, found in rows.items()}


_worker: _Worker | None = None


def _start(*arguments) -> None:
    global _worker
    _worker = _Worker(*arguments)


def _work(code: str) -> dict[str, int]:
    return _worker.write(next(domain for domain in divisions.domains() if domain.code == code))


def _organization_rows(plans: list[Plan]) -> list[str]:
    """Parents before children: a domain's top, then the domains below it, then the rest of its own tree."""
    below: dict[str, list[Plan]] = {}
    for plan in plans:
        below.setdefault(plan.domain.parent, []).append(plan)
    rows: list[str] = []

    def write(plan: Plan) -> None:
        for index, o in enumerate(plan.ordered()):
            rows.append(
                f"{o.code},{o.name},{o.short},{o.kind},{o.parent},{_day(o.opened)},{_day(o.closed)},"
                f"{o.region},{o.successor}\n"
            )
            if index == 0:
                for lower in below.get(plan.domain.code, ()):
                    write(lower)

    for plan in below[""]:
        write(plan)
    return rows


def _save(path: Path, table: str, rows: list[str]) -> int:
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(header(table))
        file.writelines(rows)
    return len(rows)


def _join(directory: Path, parts: Path, table: str, domains: tuple[Domain, ...]) -> None:
    with open(directory / f"{table}.csv", "wb") as file:
        file.write(header(table).encode())
        for domain in domains:
            part = parts / f"{table}-{domain.code}.csv"
            with open(part, "rb") as source:
                shutil.copyfileobj(source, file, 1 << 20)
            part.unlink()


def _describe(directory: Path, scale: str, seed: int, today: date) -> None:
    description = {
        "name": f"baolei-demo-{scale}",
        "title": "演示数据：虚构的人员与数据，区划名称为真实名称",
        "profile": "tabular-data-package",
        "resources": [
            {
                "name": table,
                "title": title,
                "path": f"{table}.csv",
                "profile": "tabular-data-resource",
                "encoding": "utf-8",
                "schema": {"fields": _fields(table)},
            }
            for table, (title, _) in FILES.items()
        ],
        "baolei": {"demo": True, "scale": scale, "seed": seed, "day": today.isoformat()},
    }
    text = json.dumps(description, ensure_ascii=False, indent=2) + "\n"
    (directory / "datapackage.json").write_text(text, encoding="utf-8")


def _run(domains: tuple[Domain, ...], processes: int, arguments: tuple) -> Iterator[dict[str, int]]:
    """Rows of each domain as it is finished; the largest first, so that no process waits long at the end."""
    codes = sorted((d.code for d in domains), key=lambda code: -scenario.members_at(code, 2016))
    if processes <= 1 or len(codes) == 1:
        _start(*arguments)
        yield from map(_work, codes)
        return
    with multiprocessing.get_context("spawn").Pool(processes, _start, arguments) as pool:
        yield from pool.imap_unordered(_work, codes)


def generate(
    directory: Path, *, scale: str, seed: int, day: date, processes: int = 2, progress: Progress | None = None
) -> dict[str, int]:
    """Write a data package of made-up people under real division names; gives the rows of each file.

    `scale` is county (Hunchun), prefecture (Yanbian) or province; the province lives from 2012 to `day`
    (not before 2021-12-31, when all moves of the scenario have happened). The same seed and day give the same bytes, whatever `processes` is.
    `progress(stage, done, total)` is called after each domain. datapackage.json is written last; beside it lies
    truth.csv, which is no part of the package: what is true of the planted cases.
    """
    if day < scenario.EARLIEST:
        raise ValueError(_("日期不得早于 %(day)s") % {"day": scenario.EARLIEST})
    tell = progress or (lambda stage, done, total: None)
    domains = divisions.in_scale(scale)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "datapackage.json").unlink(missing_ok=True)
    scale_codes = {domain.code for domain in domains}
    plans = [structure.skeleton(domain, seed) for domain in divisions.skeleton(scale)]
    elsewhere: list[tuple[str, int, str]] = []
    own: dict[str, tuple[int, int]] = {}
    for done, domain in enumerate(domains, 1):
        plan = life.lived(domain, seed, day, scale_codes)
        plans.append(plan)
        start = len(elsewhere)
        if len(domains) > 1:
            elsewhere.extend(people.receivers(plan))
        own[domain.code] = (start, len(elsewhere))
        tell("organizations", done, len(domains))
    rows = {
        "organizations": _save(directory / "organizations.csv", "organizations", _organization_rows(plans)),
        "places": _save(
            directory / "places.csv",
            "places",
            [
                f"{code},{parent},{_day(a)},{_day(b)}\n"
                for plan in plans
                for code, parent, a, b in plan.places
            ],
        ),
        "units": _save(
            directory / "units.csv",
            "units",
            [",".join(unit[:5]) + f",{_day(unit[5])}\n" for plan in plans for unit in plan.units],
        ),
    }
    del plans
    made = ("members", "memberships", *records.files(), records.TRUTH)
    rows |= dict.fromkeys(made, 0)
    with tempfile.TemporaryDirectory(prefix=".parts-", dir=directory) as parts:
        arguments = (Path(parts), seed, day, scale_codes, elsewhere, own, domains[0].code)
        for done, found in enumerate(_run(domains, processes, arguments), 1):
            for table, number in found.items():
                rows[table] += number
            tell("members", done, len(domains))
        for table in made:
            _join(directory, Path(parts), table, domains)
    _describe(directory, scale, seed, day)
    del rows[records.TRUTH]
    return rows
