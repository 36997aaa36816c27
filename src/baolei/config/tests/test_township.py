"""examples/township, the package written by hand: it loads into an empty register and every figure answers."""

import csv
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from baolei.kernel.access import Actor
from baolei.kernel.demo import MARK
from baolei.kernel.figures.declare import listed, row_sources
from baolei.kernel.figures.stored import refold
from baolei.kernel.figures.values import values
from baolei.kernel.imports import SHEETS, import_path
from baolei.kernel.laws import verify
from baolei.kernel.models import Batch
from baolei.organizations.models import Organization
from baolei.province import divisions

FOLDER = Path(__file__).parents[4] / "examples" / "township"
SYSTEM = Actor.system("试验")
DAY = date(2016, 12, 31)
EARLY = date(2015, 6, 11)
NAMES = [
    sheet.name for sheet in SHEETS.values() if not type(sheet).__module__.split(".")[-1].startswith("test_")
]

# Figure -> numerator, or numerator and denominator; None where it has no value at this level (A3, A4).
TOWNSHIP = {
    "members.total": 11,
    "members.structure.aged_35_or_less": (5, 11),
    "members.structure.college_or_above": (5, 11),
    "members.structure.women": (5, 11),
    "organizations.total": 7,
    "organizations.milestones": 1,
    "organizations.weak_departments": 0,
    "townships.with_party_office_share": (1, 1),
    "villages.income_over_50k_share": (1, 2),
    "villages.operating_funds_met_share": (2, 2),
    "villages.secretary_pay_met_share": None,
    "villages.without_hall": 0,
    "villages.hall_upgrade_planned_years": None,
    "villages.hall_upgrade_actual_years": None,
    "communities.premises_met_share": (1, 1),
    "communities.service_funds_mean": (150_000, 1),
    "communities.platform_coverage": (1, 1),
    "community.silent_desks": 0,
    "community.members_serving": 1,
    "service.organ_members_volunteering": 1,
    "service.good_deed_rating": (57 + 45, 60 + 45),
    "projects.good_deeds_per_year": 2,
    "projects.estates_renovated": 1,
    "projects.estate_beneficiaries": 820,
    "projects.border_programme": 1,
    "projects.organ_merit_projects": None,
    "funds.collective_economy_per_year": 300_000 - 20_000,
    "funds.village_services_per_year": 0,
    "assistance.units_assisting_villages": 1,
    "assistance.cadres_assisting_households": 1,
    "assistance.members_taking_part": 2,
    "assistance.first_secretaries": 1,
    "assistance.poor_villages_with_secretary_share": (1, 1),
    "assistance.cadres_to_enterprises": 1,
    "assistance.division_chiefs_campaign_cadres": 1,
    "assistance.enrichment_projects": 1,
    "enterprises.posts_and_zones": 2,
    "coverage.organization_share": (8, 20),
    "coverage.founded_of_due_share": (8, 8),
    "coverage.work_share": (18, 20),
    "coverage.small_founding_share": (6, 15),
    "coverage.kits_delivered_share": (1, 1),
    "training.community_bases": 1,
    "training.community_attendances": 32 + 27 + 1,
    "training.organ_attendances_this_year": 6 + 2,
    "universities.youth_groups": 0,
    "universities.youth_students": 0,
    "universities.training_bases": None,
    "universities.training_attendances": None,
    "border.villages_paired_with_troops": None,
    "border.villages_paired_share": None,
    "border.port_joint_committees": 0,
    "transfers.platform_completed": 2,
    "transfers.pocket_members_reported": None,
    "transfers.whole_unit_received": 0,
    "transfers.whole_unit_sent": 0,
    "inspections.kinds_used": 3,
    "inspections.weak_departments_closed_share": (0, 0),
    "meetings.half_year_met_share": (1, 1),
    "meetings.campaign_branches_share": (3, 4),
    "reviews.debriefed_share": (3, 4),
    "reviews.appraised_share": (3, 4),
}
WITHOUT_FILES = {
    **dict.fromkeys(
        (*("development.admitted", "development.converted", "development.cancelled"),),
        0,
    ),
    **dict.fromkeys(
        (
            "development.on_time_share",
            *(
                f"development.admitted.{one}"
                for one in (
                    "aged_35_or_less",
                    "college_or_above",
                    "women",
                    "minorities",
                    "front_line",
                    "by_league",
                )
            ),
        ),
        (0, 0),
    ),
    **dict.fromkeys(("reviews.found_excellent", "reviews.found_unqualified")),
    **dict.fromkeys(
        ("disposals.rectified", "disposals.advised_out", "disposals.removed", "disposals.self_lapsed")
    ),
}
"""What is carried through here alone: no file brings it."""
TOWNSHIP |= WITHOUT_FILES | {"reviews.appraised_branches": 2, "reviews.appraised_members": 3}
TOWNSHIP |= {"development.applicants": 1, "development.activists": 1, "development.targets": 1}
NOTHING = {
    *WITHOUT_FILES,
    "community.silent_desks",
    "funds.village_services_per_year",
    "organizations.weak_departments",
    "transfers.whole_unit_received",
    "transfers.whole_unit_sent",
    "villages.without_hall",
}
"""Figures for which the package has no row on the day."""
ABOVE = {
    "DEMO990121": {
        "villages.secretary_pay_met_share": (1, 1),
        "villages.hall_upgrade_planned_years": 3,
        "villages.hall_upgrade_actual_years": 2,
        "border.port_joint_committees": 1,
    },
    "DEMO9901": {
        "border.villages_paired_with_troops": 1,
        "border.villages_paired_share": (1, 1),
        "transfers.pocket_members_reported": 1,
    },
    "DEMO99": {
        "members.total": 13,
        "projects.organ_merit_projects": 1,
        "universities.youth_groups": 1,
        "universities.youth_students": 640,
        "universities.training_bases": 1,
        "universities.training_attendances": 55,
        "inspections.weak_departments_closed_share": (1, 1),
    },
}


def told(code: str) -> dict:
    node = Organization.rows.get(code=code)
    found = values([f for f in listed() if f.code in TOWNSHIP], node, on=DAY, exact=True)
    return {
        v.figure.code: v.numerator if v.denominator is None else (v.numerator, v.denominator) for v in found
    }


def rows(name: str) -> list[dict[str, str]]:
    with open(FOLDER / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def demo(settings):
    settings.BAOLEI_DEMO = True


@pytest.mark.django_db
def test_the_package_loads_once_and_all_figures_and_laws_hold(demo, monkeypatch):
    outcome = import_path(FOLDER, actor=SYSTEM)
    assert (outcome.batch.state, outcome.problems, outcome.notes) == (Batch.State.DONE, [], [])
    assert list(outcome.counts) == NAMES
    assert all(c["new"] == c["read"] > 0 for c in outcome.counts.values()), outcome.counts

    assert set(TOWNSHIP) == {f.code for f in listed() if f.rows.recompute.__module__.startswith("baolei.")}
    assert told("DEMO990121100") == TOWNSHIP
    for code, expected in ABOVE.items():
        assert {name: value for name, value in told(code).items() if name in expected} == expected

    recomputed = {
        code for source in row_sources() for _place, facts in source.recompute(DAY) for code in facts
    }
    assert set(TOWNSHIP) - recomputed == NOTHING

    again = import_path(FOLDER, actor=SYSTEM)
    assert again.batch.state == Batch.State.DONE
    assert all(c["unchanged"] == c["read"] for c in again.counts.values()), again.counts

    refold(everything=True)
    assert {one["law"]: one["violations"] for one in verify() if one["violations"]} == {}
    # A day on which somebody had become an activist whose branch of today was not there yet.
    past = (EARLY - date(settings.BAOLEI_FIRST_YEAR, 12, 31)).days
    monkeypatch.setattr("random.Random.randrange", lambda _self, _most: past)
    (found,) = verify("figures.equal-recompute")
    assert found["violations"] == 0, found["examples"]


@pytest.mark.django_db
def test_a_real_instance_refuses_it(settings):
    settings.BAOLEI_DEMO = False
    outcome = import_path(FOLDER, actor=SYSTEM)
    assert [problem.code for problem in outcome.problems] == ["package.demo"]
    assert not Organization.rows.exists()


@pytest.mark.parametrize("name", NAMES)
def test_every_row_carries_the_mark(name):
    found = rows(name)
    assert found and all(row[SHEETS[name].demo_mark].startswith(MARK) for row in found)


def test_the_identity_numbers_are_nobody_s():
    """Regions that are in no list, and the generator's own sequence numbers (see `province.identity`)."""
    numbers = [row["id_number"] for name in ("members", "applicants") for row in rows(name)]
    assert len(set(numbers)) == len(numbers) == 16
    assert not {number[:6] for number in numbers} & set(divisions.county_codes())
    assert all(790 <= int(number[14:17]) <= 999 for number in numbers)
