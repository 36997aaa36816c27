"""The county's package, read back and counted in plain Python."""

import csv
import json
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest

from baolei.kernel.access import Actor
from baolei.kernel.demo import MARK
from baolei.kernel.imports import SHEETS, import_path
from baolei.kernel.models import Batch
from baolei.organizations.models import Organization
from baolei.province import divisions, package, scenario

DAY = date(2026, 11, 23)
ARTICLE = "2016-12-31"
COUNTED = {
    "township_committee", "village_committee", "basic_committee", "general_branch",
    "branch", "joint_branch", "project_branch",
}  # fmt: skip
HOLDING = {"branch", "joint_branch", "project_branch"}


def read(directory: Path, table: str) -> list[dict[str, str]]:
    with open(directory / f"{table}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def county(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("county")
    package.generate(directory, scale="county", seed=1, day=DAY, processes=1)
    return directory


@pytest.fixture(scope="module")
def organizations(county) -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in read(county, "organizations")}


@pytest.fixture(scope="module")
def members(county) -> list[dict[str, str]]:
    return read(county, "members")


@pytest.fixture(scope="module")
def spells(county, members) -> dict[str, list[tuple[str, str, str]]]:
    """Each person's (branch, from, to), the earliest first; `to` empty while it lasts."""
    found = defaultdict(list)
    for row in read(county, "memberships"):
        found[row["id_number"]].append((row["branch"], row["from"], row["to"]))
    for row in members:
        found[row["id_number"]].append((row["branch"], row["since"], row["left_on"]))
    return {key: sorted(rows, key=lambda row: row[1]) for key, rows in found.items()}


def lasting(first: str, last: str, day: str) -> bool:
    return first <= day and (not last or day < last)


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(directory.iterdir())}


def test_same_seed_gives_same_bytes_whatever_the_processes(tmp_path, monkeypatch):
    two = [d for d in divisions.domains() if d.code in ("222402", "222404")]
    monkeypatch.setattr(divisions, "in_scale", lambda scale: tuple(two))
    rows = [
        package.generate(tmp_path / str(run), scale="county", seed=7, day=DAY, processes=run)
        for run in (1, 2)
    ]
    assert rows[0] == rows[1]
    assert contents(tmp_path / "1") == contents(tmp_path / "2")
    package.generate(tmp_path / "other", scale="county", seed=8, day=DAY, processes=1)
    assert contents(tmp_path / "other")["members.csv"] != contents(tmp_path / "1")["members.csv"]
    assert {row["organization"] for row in read(tmp_path / "1", "places")}


def test_description_names_what_is_written(county):
    description = json.loads((county / "datapackage.json").read_text(encoding="utf-8"))
    assert description["baolei"] == {"demo": True, "scale": "county", "seed": 1, "day": "2026-11-23"}
    for resource in description["resources"]:
        with open(county / resource["path"], encoding="utf-8") as file:
            header = file.readline().rstrip("\n").split(",")
        assert header == [field["name"] for field in resource["schema"]["fields"]]
    assert {path.name for path in county.iterdir()} == {
        "datapackage.json", "truth.csv", *(resource["path"] for resource in description["resources"])
    }  # fmt: skip


def test_tree_and_lives_of_organizations(county, organizations):
    known: set[str] = set()
    for code, row in organizations.items():
        assert row["parent"] in known or (not row["parent"] and not known)
        known.add(code)
        if row["parent"]:
            assert organizations[row["parent"]]["opened_on"] <= row["opened_on"]
        if row["closed_on"]:
            successor = organizations[row["successor"]]
            assert successor["opened_on"] < row["closed_on"]
            assert not successor["closed_on"] or row["closed_on"] < successor["closed_on"]
    for row in read(county, "places"):
        organization = organizations[row["organization"]]
        assert row["from"] == organization["opened_on"] <= row["to"] < DAY.isoformat()
        assert row["parent"] in organizations
        assert row["parent"] != organization["parent"]
    units = read(county, "units")
    assert len({row["code"] for row in units}) == len(units)
    for row in units:
        assert organizations[row["organization"]]["opened_on"] == row["from"]
    assert sum(row["kind"] == "functional_org" for row in organizations.values()) == 4


def test_spells_lie_inside_the_branch_and_follow_each_other(organizations, members, spells):
    today = DAY.isoformat()
    for person in members:
        rows = spells[person["id_number"]]
        assert rows[0][1] >= person["joined_on"]
        assert rows[-1][0] == person["branch"]
        for (branch, first, last), following in zip(rows, [*rows[1:], None], strict=True):
            organization = organizations[branch]
            assert organization["kind"] in HOLDING
            assert organization["opened_on"] <= first <= today
            assert not last or first < last <= today
            if organization["closed_on"]:
                assert last and last <= organization["closed_on"]
            if following:
                assert last == following[1]
                assert branch != following[0]
    assert len(spells) == len(members)


def test_identity(members):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    codes = divisions.county_codes()
    for person in members:
        number = person["id_number"]
        check = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True)) % 11
        assert number[17] == "10X98765432"[check]
        assert number[6:14] == person["birth_date"].replace("-", "")
        assert int(number[16]) % 2 == (person["sex"] == "1")
        assert number[:6] in codes
    assert len({person["id_number"] for person in members}) == len(members)
    assert len({person["phone"] for person in members}) == len(members)
    assert all(len(p["phone"]) == 11 and p["phone"].startswith(("1980", "1990")) for p in members)


def test_numbers_of_two_domains_never_meet(tmp_path, monkeypatch):
    zones = [d for d in divisions.domains() if d.zone and d.code.startswith("2202")]
    monkeypatch.setattr(divisions, "in_scale", lambda scale: tuple(zones))
    package.generate(tmp_path, scale="county", seed=1, day=DAY, processes=1)
    numbers = [row["id_number"] for row in read(tmp_path, "members")]
    assert len(set(numbers)) == len(numbers)


def test_joining_and_conversion(members, organizations):
    for person in members:
        joined, converted = person["joined_on"], person["converted_on"]
        birth = person["birth_date"]
        assert f"{int(birth[:4]) + 18}{birth[4:]}" <= joined
        assert (person["left_on"] == "") == (person["standing"] in ("probationary", "formal"))
        if person["standing"] == "formal":
            assert converted
        if converted:
            years = 2 if organizations[person["branch"]]["short_name"].startswith("柳岸村") else 1
            assert int(converted[:4]) - int(joined[:4]) == years
        else:
            assert person["standing"] != "formal"


def test_totals_are_those_of_the_scenario(organizations, members, spells):
    for year in (2011, 2012, 2016, 2020, 2025):
        day = f"{year}-12-31"
        standing = sum(lasting(rows[0][1], rows[-1][2], day) for rows in spells.values())
        assert standing == scenario.members_at(divisions.HUNCHUN, year)
        counted = sum(
            row["kind"] in COUNTED and lasting(row["opened_on"], row["closed_on"], day)
            for row in organizations.values()
        )
        assert counted == scenario.organizations_at(divisions.HUNCHUN, year)


def test_the_article_holds_over_all_domains():
    codes = [domain.code for domain in divisions.domains()]
    assert round(sum(scenario.members_at(code, 2016) for code in codes), -4) == 1_630_000
    assert round(sum(scenario.organizations_at(code, 2016) for code in codes), -3) == 94_000


def test_faults_only_under_invented_names(organizations, members):
    size, formal = Counter(), Counter()
    names = defaultdict(Counter)
    for person in members:
        if not person["left_on"]:
            size[person["branch"]] += 1
            formal[person["branch"]] += person["standing"] == "formal"
            names[person["branch"]][person["name"]] += 1
    by_name = {
        row["short_name"]: code
        for code, row in organizations.items()
        if scenario.INVENTED_TOWN in row["name"]
    }
    assert size[by_name["柳溪村党支部"]] == 2
    assert size[by_name["柳塘村党支部"]] == 63
    assert sum(number > 1 for number in names[by_name["荫泉村党支部"]].values()) >= 3
    assert [code for code in size if formal[code] < 3] == [by_name["柳溪村党支部"]]
    real = [
        row for row in organizations.values()
        if size[row["code"]] > 50 and organizations[row["parent"]]["kind"] in ("township_committee", "village_committee")
    ]  # fmt: skip
    assert [row["short_name"] for row in real] == ["柳塘村党支部"]
    for code, row in organizations.items():
        if row["kind"] in HOLDING and not row["closed_on"]:
            assert size[code], row["name"]


def test_a_day_before_the_moves_is_refused(tmp_path):
    with pytest.raises(ValueError, match="2021-12-31"):
        package.generate(tmp_path, scale="county", seed=1, day=date(2020, 1, 1))


# G-31: the mark in every row ----------------------------------------------------------------------------------

SYSTEM = Actor.system("测试")


def test_every_row_carries_the_mark(county):
    for table in package.FILES:
        column = SHEETS[table].demo_mark
        assert all(row[column].startswith(MARK) for row in read(county, table)), table


def resaved(county: Path, target: Path, table: str) -> Path:
    """A few rows of the file as a spreadsheet hands them on: other order, other titles, other encoding."""
    titles = {column.name: str(column.title) for column in SHEETS[table].columns}
    found = read(county, table)
    picked = [found[-1], found[len(found) // 2]]
    with open(target / f"{table} 下发.csv", "w", encoding="gb18030", newline="") as file:
        out = csv.writer(file)
        out.writerow(titles[name] for name in reversed(titles))
        # A column that came later is not in every file.
        out.writerows([row.get(name, "") for name in reversed(titles)] for row in picked)
    return Path(file.name)


ELSEWHERE = {"places", "study_groups", "group_reports"}
"""Files without a row at this scale: no organization of the county has moved, no university lies in it."""


def test_other_files_have_rows(county):
    assert {table for table in package.FILES if not read(county, table)} == ELSEWHERE


@pytest.mark.django_db
@pytest.mark.parametrize("table", sorted(package.FILES.keys() - ELSEWHERE))
def test_production_refuses_a_single_file_of_the_demo(county, tmp_path, table, settings):
    file = resaved(county, tmp_path, table)
    settings.BAOLEI_DEMO = False
    outcome = import_path(file, actor=SYSTEM, accept_good=True)
    assert [(p.sheet, p.row, p.column, p.code) for p in outcome.problems] == [
        (table, 2, SHEETS[table].demo_mark, "package.demo")
    ]
    assert outcome.problems[0].value.startswith(MARK)
    assert (outcome.batch.state, outcome.counts) == (Batch.State.REFUSED, {})
    assert not Organization.objects.unscoped("the test").exists()


@pytest.mark.django_db
def test_a_demo_takes_what_carries_the_mark(county, tmp_path, settings):
    settings.BAOLEI_DEMO = True
    first = read(county, "organizations")[0]
    file = tmp_path / "organizations.csv"
    file.write_text(",".join(first) + "\n" + ",".join(first.values()) + "\n", "utf-8")
    assert import_path(file, actor=SYSTEM).problems == []
    assert Organization.objects.unscoped("the test").get().code == MARK + "220000000001"


def test_planted_cases_are_one_in_a_hundred_and_show_what_their_story_says(county, members):
    """The truth names records by number, and no person."""
    truth = {row["ref"]: row for row in read(county, "truth")}
    letters = {row["ref"]: row for row in read(county, "transfers") if row["ref"] in truth}
    away = {row["ref"]: row for row in read(county, "floating_members")}
    present = sum(not row["left_on"] for row in members)
    assert 0.008 * present < len(truth) < 0.011 * present
    assert truth.keys() == letters.keys() | away.keys()
    assert all(set(row) == {"ref", "truth", "story"} for row in truth.values())
    signs = {row["story"]: (ref in letters, ref in away, row["truth"]) for ref, row in truth.items()}
    assert (signs["letter and away"], signs["letter only"], signs["away only"]) == (
        *((True, True, "1"), (True, False, "0"), (False, True, "0")),
    )
    assert {row["state"] for row in letters.values()} == {"released"}
    people = [row["member"] for row in (letters | away).values()]
    assert len(people) == len(set(people))
