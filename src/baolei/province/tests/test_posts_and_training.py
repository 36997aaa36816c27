"""Posts and training of the county's package: every name in its branch, every session within its base."""

from collections import defaultdict
from datetime import date

import pytest

from baolei.province import package
from baolei.province.records import cut
from baolei.province.tests.test_package import read

DAY = "2026-11-23"


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    directory = tmp_path_factory.mktemp("county")
    package.generate(directory, scale="county", seed=3, day=date.fromisoformat(DAY), processes=1)
    return directory


def test_a_total_is_cut_exactly():
    assert cut(10, [1, 1, 1]) == [3, 4, 3]
    assert sum(cut(70_240, [0.3 + n % 7 for n in range(999)])) == 70_240


def test_secretaries_are_members_of_their_branch_on_all_days(county):
    spells = defaultdict(list)
    for row in read(county, "memberships"):
        spells[row["id_number"]].append((row["branch"], row["from"], row["to"] or "9"))
    for row in read(county, "members"):
        spells[row["id_number"]].append((row["branch"], row["since"], row["left_on"] or "9"))
    posts = {row["ref"]: row for row in read(county, "posts")}
    kinds = {row["code"]: row["kind"] for row in read(county, "organizations")}
    checked, last = 0, {}
    for row in sorted(read(county, "tenures"), key=lambda row: (row["post"], row["from"])):
        post = posts[row["post"]]
        assert post["from"] <= row["from"] <= DAY
        assert last.get(row["post"], "0") < row["from"], "two holders a day"
        last[row["post"]] = row["to"] or "9"
        assert (row["is_member"] == "true") == bool(row["member"])
        if post["kind"] == "secretary" and kinds[post["organization"]] == "branch":
            checked += 1
            until = row["to"] or "8"
            assert any(
                branch == post["organization"] and first <= row["from"] and until < end
                for branch, first, end in spells[row["member"]]
            )
    assert checked > 1000


def test_only_invented_villages_lack_a_secretary(county):
    names = {row["code"]: row["short_name"] for row in read(county, "organizations")}
    held = {row["post"] for row in read(county, "tenures") if not row["to"] or row["to"] >= DAY}
    lacking = {
        names[post["organization"]]
        for post in read(county, "posts")
        if not post["office"] and post["ref"].endswith("-S") and post["ref"] not in held
    }
    assert lacking == {"柳溪村党支部", "柳塘村党支部"}


def test_sessions_lie_within_the_days_of_their_base(county):
    bases = {row["ref"]: row for row in read(county, "training_bases")}
    sessions = read(county, "training_sessions")
    assert {row["audience"] for row in sessions} == {"residents", "organ_members"}
    for row in sessions:
        assert row["first_on"] <= row["last_on"] <= DAY
        if row["base"]:
            base = bases[row["base"]]
            assert base["organization"] == row["organization"]
            assert base["from"] <= row["first_on"] and row["last_on"] <= (base["to"] or "9")
    named = [(row["session"], row["member"]) for row in read(county, "training_attendances")]
    assert len(named) == len(set(named)) > 300
