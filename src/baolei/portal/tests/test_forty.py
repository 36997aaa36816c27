"""What the forty figures ask of an edition: counted once, told of a later day, the same for years, a township's draft."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from baolei.assistance.tests.factories import make_participation, make_partner_pairing
from baolei.kernel.laws import verify
from baolei.members.actions import move_member
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.tests.factories import make_branch, make_unit
from baolei.portal import actions
from baolei.portal.breakdown import breakdown
from baolei.portal.lookback.compose import compose, plain_text
from baolei.portal.lookback.facts import Run, live_facts
from baolei.portal.models import EditionFigure
from baolei.portal.tests.factories import SYSTEM, make_edition, make_land
from baolei.projects.tests.factories import make_appropriation
from baolei.standards.models import Mark
from baolei.standards.tests.factories import make_mark

pytestmark = pytest.mark.django_db


def text_of(organization, first_year=2012, last_year=2016) -> str:
    told = compose(live_facts(organization, first_year=first_year, last_year=last_year))
    return "".join(
        plain_text(pieces) for top in told for section in (top, *top.parts) for pieces in section.sentences
    )


def test_who_took_part_in_two_counties_is_one_person_of_the_whole():
    land = make_land()
    east, west = land.branches["东山县"], land.branches["西岭县"]
    members = [MemberFactory(branch=east, joined_on=date(2012, 1, 1)) for _ in range(12)]
    for member in members:
        make_participation(member, date(2014, 5, 4))
    for member in members[:8]:
        move_member(member, actor=SYSTEM, branch=west, on=date(2015, 1, 1))
        make_participation(member, date(2015, 5, 4))
    edition = make_edition(land.province)
    figure = EditionFigure.objects.get(
        edition=edition, code="assistance.members_taking_part", with_parts=True
    )
    assert (figure.value, figure.adds_up, figure.is_share) == (12, False, False)
    parts = dict(figure.parts.values_list("key", "numerator"))
    assert (sum(parts.values()), parts[land.prefecture.key]) == (12, -8)
    lines = {line.name: line.value for line in breakdown(figure)}
    assert lines == {"平川市": 12, "东山县": 12, "西岭县": 8}
    assert [found["violations"] for found in verify("editions.parts-add-up")] == [0]


def test_what_was_the_same_for_years_is_told_with_its_first_year():
    land = make_land()
    for year, amount in ((2012, 10_000), (2013, 65_000_000), (2014, 65_000_000), (2015, 65_000_000)):
        make_appropriation(land.branches["东山县"], "collective_economy", amount, year=year)
    facts = live_facts(land.province, first_year=2012, last_year=2016)
    run = facts.run_of("funds.collective_economy_per_year")
    assert (run.first_year, run.last_year, run.number, int(run.fact.value)) == (2013, 2015, 3, 65_000_000)
    assert isinstance(run, Run)
    assert "从2013年起，连续三年每年拿出6500万元" in text_of(land.province)
    assert facts.run_of("funds.village_services_per_year") is None


def test_what_is_told_of_the_day_of_appearing_has_its_own_day(client):
    land = make_land()
    for _ in range(6):
        village = make_unit(make_branch(land.branches["西岭县"].parent))
        make_mark(village, Mark.Kind.BORDER_VILLAGE)
        make_partner_pairing(village, first=date(2017, 3, 1))
    edition = make_edition(land.prefecture)
    told = EditionFigure.objects.get(
        edition=edition, code="border.villages_paired_with_troops", with_parts=True
    )
    assert (told.as_of, told.value, told.parts.count()) == (date(2017, 5, 23), 6, 6)
    at_year_end = EditionFigure.objects.get(edition=edition, code=told.code, as_of=date(2016, 12, 31))
    assert (at_year_end.value, at_year_end.with_parts) == (0, False)
    page = client.get(f"/lookback/{edition.uid}/").content.decode()
    assert "到2017年5月23日" in page
    page = client.get(f"/lookback/{edition.uid}/{told.code}/").content.decode()
    assert "2017年5月23日" in page and "<strong>6</strong>" in page


def test_a_township_has_a_draft_and_nothing_to_release():
    land = make_land()
    township = land.branches["东山县"].parent
    type(township).rows.filter(pk=township.pk).update(region_code="222401100")
    township.refresh_from_db()
    for _ in range(6):
        MemberFactory(branch=land.branches["东山县"], joined_on=date(2012, 1, 1))
    assert "6名党员" in text_of(township)
    with pytest.raises(ValidationError, match="发布"):
        actions.release(township, actor=SYSTEM, first_year=2012, last_year=2016)
