"""The article's figures and statements: each is declared as the mission's tables say, folded, recomputed and told."""

import pytest

from baolei.kernel.figures.declare import ALL, FIGURES, OWN
from baolei.portal.lookback.article import SECTIONS
from baolei.portal.lookback.compose import figures_named

# Code -> levels (A3) and how deep the public may see it (G-05). The table says "university" for the study groups;
# editions are released for local committees only, of which the county is the lowest.
ARTICLE = {
    "members.total": (ALL, "county"),
    "organizations.total": (ALL, "county"),
    "villages.income_over_50k_share": (ALL, "county"),
    "villages.operating_funds_met_share": (ALL, "county"),
    "villages.secretary_pay_met_share": ("county", "prefecture"),
    "villages.without_hall": (ALL, "county"),
    "villages.hall_upgrade_planned_years": (OWN, "province"),
    "villages.hall_upgrade_actual_years": (OWN, "province"),
    "communities.premises_met_share": (ALL, "county"),
    "communities.service_funds_mean": (ALL, "county"),
    "communities.platform_coverage": (ALL, "county"),
    "assistance.units_assisting_villages": (ALL, "county"),
    "assistance.cadres_assisting_households": (ALL, "county"),
    "assistance.members_taking_part": (ALL, "county"),
    "assistance.first_secretaries": (ALL, "county"),
    "assistance.poor_villages_with_secretary_share": (ALL, "county"),
    "assistance.cadres_to_enterprises": (ALL, "prefecture"),
    "assistance.division_chiefs_campaign_cadres": (ALL, "county"),
    "assistance.enrichment_projects": (ALL, "county"),
    "projects.good_deeds_per_year": (OWN, "province"),
    "funds.collective_economy_per_year": (ALL, "county"),
    "funds.village_services_per_year": (ALL, "county"),
    "townships.with_party_office_share": (ALL, "county"),
    "training.community_bases": (ALL, "county"),
    "training.community_attendances": (ALL, "county"),
    "projects.estates_renovated": (ALL, "county"),
    "projects.estate_beneficiaries": (ALL, "county"),
    "enterprises.posts_and_zones": (ALL, "county"),
    "projects.organ_merit_projects": ("province", "province"),
    "service.organ_members_volunteering": (ALL, "county"),
    "training.organ_attendances_this_year": (ALL, "county"),
    "universities.youth_groups": (ALL, "county"),
    "universities.youth_students": (ALL, "county"),
    "universities.training_bases": ("province", "province"),
    "universities.training_attendances": ("province", "province"),
    "transfers.platform_completed": (ALL, "prefecture"),
    "transfers.pocket_members_reported": ("prefecture", "prefecture"),
    "border.villages_paired_with_troops": ("prefecture", "prefecture"),
    "border.villages_paired_share": ("prefecture", "prefecture"),
    "border.port_joint_committees": (ALL, "county"),
}
# What the article says without a number.
STATEMENTS = {
    "organizations.milestones": (ALL, "county"),
    "meetings.half_year_met_share": (ALL, "county"),
    "reviews.debriefed_share": (ALL, "county"),
    "reviews.appraised_share": (ALL, "county"),
    "inspections.kinds_used": (ALL, "province"),
    "coverage.organization_share": (ALL, "county"),
    "coverage.work_share": (ALL, "county"),
    "coverage.small_founding_share": (ALL, "county"),
    "coverage.kits_delivered_share": (ALL, "county"),
    "organizations.weak_departments": (ALL, "none"),
    "members.structure.aged_35_or_less": (ALL, "county"),
    "members.structure.college_or_above": (ALL, "county"),
    "members.structure.women": (ALL, "county"),
    "meetings.campaign_branches_share": (ALL, "county"),
    "projects.border_programme": (ALL, "county"),
    "service.good_deed_rating": (ALL, "county"),
}
DEVELOPMENT = {
    f"development.{code}"
    for code in (
        *("admitted", "converted", "cancelled", "on_time_share", "applicants", "activists", "targets"),
        *("admitted.aged_35_or_less", "admitted.college_or_above", "admitted.women", "admitted.minorities"),
        *("admitted.front_line", "admitted.by_league"),
    )
}
"""T15 to T20 of the statistics."""
T8 = {
    f"reviews.{code}"
    for code in ("appraised_branches", "appraised_members", "found_excellent", "found_unqualified")
}
DISPOSALS = {f"disposals.{code}" for code in ("rectified", "advised_out", "removed", "self_lapsed")}
"""Of T10 and T11."""
OWN_FIGURES = (
    DEVELOPMENT
    | DISPOSALS
    | T8
    | {
        "community.members_serving",
        "community.silent_desks",
        "coverage.founded_of_due_share",
        "inspections.weak_departments_closed_share",
        *("transfers.whole_unit_received", "transfers.whole_unit_sent"),
    }
)
"""Figures that the article does not ask for."""

UNTOLD = {
    "organizations.weak_departments": "which organizations are weak is for departments of counties and above (G-20)",
    "inspections.weak_departments_closed_share": "the same (G-20)",
    "coverage.founded_of_due_share": "stands beside the organization share for officers; the article has one share",
    **dict.fromkeys(
        DEVELOPMENT | DISPOSALS | T8 | {"transfers.whole_unit_received", "transfers.whole_unit_sent"},
        "the yearly statistics ask for it; the article gives no number",
    ),
    "community.silent_desks": "a list of desks to look after, no achievement",
}


def test_the_tables_are_whole():
    ours = {code for code, f in FIGURES.items() if ".tests." not in f.rows.recompute.__module__}
    assert (len(ARTICLE), len(STATEMENTS)) == (40, 16)
    assert {*ARTICLE, *STATEMENTS, *OWN_FIGURES} == ours


@pytest.mark.parametrize(("code", "declared"), [*ARTICLE.items(), *STATEMENTS.items()])
def test_a_figure_is_declared_as_the_table_says(code, declared):
    figure = FIGURES[code]
    assert (figure.levels, figure.public) == declared
    assert figure.definition and figure.label


def test_every_figure_folds_rows_that_are_recomputed():
    """`test_township` runs them all."""
    for code in (*ARTICLE, *STATEMENTS, *OWN_FIGURES):
        rows = FIGURES[code].rows
        assert rows.sql and rows.reads and callable(rows.recompute), code


def test_every_figure_is_told_by_a_sentence_or_a_reason_says_why_not():
    told = {code for section in SECTIONS for s in section.sentences for code in figures_named(s)}
    assert told <= set(FIGURES)
    untold = {*ARTICLE, *STATEMENTS, *OWN_FIGURES} - told
    assert untold == set(UNTOLD)
