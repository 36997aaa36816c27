"""Figures about process (meetings, check-ins, reporting …) have neither map nor sorting (G-24)."""

from datetime import date

import pytest
from django.test import RequestFactory
from django.urls import reverse

from baolei.kernel.access import Actor
from baolei.kernel.figures.asking import Asked
from baolei.kernel.figures.declare import FIGURES, figure
from baolei.kernel.figures.picture import picture
from baolei.meetings.tests.factories import make_campaign, make_meeting
from baolei.organizations.tests.factories import make_branch
from baolei.portal.tests.factories import enrol, make_edition, make_land

PROCESS = {
    "community.members_serving",
    "community.silent_desks",
    *("disposals.rectified", "disposals.advised_out", "disposals.removed", "disposals.self_lapsed"),
    "inspections.kinds_used",
    "meetings.campaign_branches_share",
    "meetings.half_year_met_share",
    *("reviews.appraised_share", "reviews.appraised_branches", "reviews.appraised_members"),
    *("reviews.found_excellent", "reviews.found_unqualified"),
    "reviews.debriefed_share",
    "service.organ_members_volunteering",
    "transfers.pocket_members_reported",
}
ABOUT_PROCESS = ("baolei.disposals.", "baolei.meetings.", "baolei.reviews.")
"""Areas that keep nothing but what was done: each of their figures is about process."""
DAY = date(2016, 12, 31)
COUNTIES = {"222401", "222404"}


@pytest.fixture
def land():
    """The first county in division order has the lower values."""
    land = make_land()
    campaign = make_campaign(land.province)
    enrol(land.branches["东山县"], 6)
    enrol(land.branches["西岭县"], 9)
    for number in range(6):
        branch = make_branch(land.branches["西岭县"].parent, name=f"西岭{number}支部")
        make_meeting(branch, date(2016, 7, 1), campaign=campaign)
    return land


def drawn(code: str, node) -> dict:
    request = RequestFactory().get("/")
    request.actor = Actor.system("试验")
    return picture(request, figure(code), Asked(node, DAY))


def test_figures_about_process_say_so():
    ours = {code: f for code, f in FIGURES.items() if ".tests." not in f.rows.recompute.__module__}
    assert {code for code, f in ours.items() if f.process} == PROCESS
    silent = {
        code
        for code, f in ours.items()
        if f.rows.recompute.__module__.startswith(ABOUT_PROCESS) and not f.process
    }
    assert not silent


@pytest.mark.django_db
@pytest.mark.parametrize("code", sorted(PROCESS))
def test_the_page_of_a_process_figure_has_no_map(land, code):
    assert set(drawn("members.total", land.province)["tiles"]) == COUNTIES
    assert drawn(code, land.province)["tiles"] == {}


@pytest.mark.django_db
def test_children_stand_in_division_order_whatever_their_values(land):
    for code, values in (("members.total", [6, 9]), ("meetings.campaign_branches_share", [0, 600 / 7])):
        rows = drawn(code, land.prefecture)["rows"]
        assert [label for label, _value, _url in rows] == ["东山县", "西岭县"]
        assert [float(value) for _label, value, _url in rows] == pytest.approx(values)


@pytest.mark.django_db
def test_the_public_page_of_a_process_figure_has_no_map(client, land):
    edition = make_edition(land.province)

    def tiles(code: str) -> dict:
        return client.get(reverse("portal:figure", args=[edition.uid, code])).context["tiles"]

    assert set(tiles("members.total")) == COUNTIES
    assert tiles("meetings.campaign_branches_share") == {}
