"""Figures of assistance: what counts, once, where, on the borders of its days; closed organizations keep the past."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from baolei.assistance.models import Posting
from baolei.assistance.tests.factories import (
    make_cadre,
    make_campaign,
    make_pairing,
    make_participation,
    make_partner_pairing,
    make_posting,
)
from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.laws import equal_recompute, stored_equal_live
from baolei.kernel.figures.stored import refold
from baolei.kernel.figures.values import children, value
from baolei.members.models import Membership
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.kinds import UnitKind
from baolei.organizations.models import UnitOverseer
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit
from baolei.standards.models import Mark
from baolei.standards.tests.factories import make_mark

pytestmark = pytest.mark.django_db

END, BEFORE, AFTER = date(2016, 12, 31), date(2016, 12, 30), date(2017, 1, 1)


@pytest.fixture
def county():
    prefecture = make_organization(make_organization(region_code="220000"), region_code="222400")
    return make_organization(prefecture, region_code="222404")


def village(county):
    return make_unit(make_branch(county))


def of(code, node, on=END):
    found = value(figure(code), node, on=on)
    return found.value, found.status, found.rows


def test_unit_counts_once_wherever_it_helps_and_wherever_it_lies(county):
    elsewhere = make_organization(county.parent, region_code="222403")
    one, two, other = village(county), village(county), village(elsewhere)
    helper, second = make_unit(kind=UnitKind.ORGAN), make_unit(kind=UnitKind.STATE_ENTERPRISE)
    make_pairing(one, unit=helper)
    make_pairing(two, unit=helper)
    make_pairing(other, unit=helper)
    make_pairing(one, unit=second, first=END, last=END)
    make_pairing(two, member=make_cadre())
    code = "assistance.units_assisting_villages"
    assert of(code, county) == (2, "ok", 3)
    assert of(code, county, BEFORE)[0] == of(code, county, AFTER)[0] == 1
    assert (of(code, elsewhere)[0], of(code, county.parent)[0]) == (1, 2)


def test_village_must_be_open_on_the_day(county):
    closed = make_unit(make_branch(county, closed_on=END))
    make_pairing(closed, unit=make_unit(kind=UnitKind.ORGAN))
    assert of("assistance.units_assisting_villages", county)[0] == 0
    assert of("assistance.units_assisting_villages", county, BEFORE)[0] == 1


def test_pairing_counts_where_its_village_is_overseen_on_the_day(county):
    """A village's organization is replaced: the pairing stays with the village (A11)."""
    one, successor = village(county), make_branch(make_organization(county.parent, region_code="222403"))
    make_pairing(one, unit=make_unit(kind=UnitKind.ORGAN))
    UnitOverseer.rows.filter(unit=one).update(during=DateRange(date(2012, 1, 1), END))
    UnitOverseer.rows.create(unit=one, organization=successor, during=DateRange(END, None))
    code = "assistance.units_assisting_villages"
    assert (of(code, county, BEFORE)[0], of(code, county)[0], of(code, successor)[0]) == (1, 0, 1)


def test_cadre_is_who_works_in_an_organ_and_counts_once(county):
    one, two = village(county), village(county)
    cadre, farmer = make_cadre(), MemberFactory()
    make_pairing(one, member=cadre)
    make_pairing(one, member=cadre)
    make_pairing(two, member=cadre)
    make_pairing(two, member=farmer)
    assert of("assistance.cadres_assisting_households", county) == (1, "ok", 3)


def test_member_takes_part_from_2012_on_in_the_branch_of_that_day(county):
    code = "assistance.members_taking_part"
    old, new = make_branch(county), make_branch(make_organization(county.parent, region_code="222403"))
    moved = MemberFactory(branch=new, spell=date(2015, 1, 1))
    Membership.rows.create(
        member=moved,
        branch=old,
        during=DateRange(date(2011, 7, 1), date(2015, 1, 1)),
    )
    make_participation(moved, date(2011, 12, 31))
    assert of(code, county) == (0, "ok", 0)
    make_participation(moved, date(2012, 1, 1))
    make_participation(moved, date(2014, 12, 31))
    assert of(code, county, date(2012, 1, 1)) == (1, "ok", 1)
    assert of(code, county) == (1, "ok", 2)
    make_participation(moved, date(2015, 1, 1))
    assert (of(code, old)[0], of(code, new)[0], of(code, county.parent)) == (1, 1, (1, "ok", 3))
    make_participation(MemberFactory(branch=old, joined_on=date(2012, 7, 1)), END)
    assert (of(code, county.parent)[0], of(code, county.parent, BEFORE)[0]) == (2, 1)


def test_closed_branch_and_village_keep_their_past(county):
    """A1: a merger lowers no figure with a window."""
    branch = make_branch(county, closed_on=date(2015, 1, 1))
    member = MemberFactory(branch=branch, spell=False)
    Membership.rows.create(
        member=member,
        branch=branch,
        during=DateRange(date(2012, 7, 1), date(2015, 1, 1)),
    )
    make_participation(member, date(2014, 12, 31))
    assert of("assistance.members_taking_part", county)[0] == 1
    helped = make_unit(make_branch(county, closed_on=date(2015, 1, 1)))
    make_mark(helped, Mark.Kind.WEAK_VILLAGE)
    make_participation(make_cadre(), date(2014, 5, 1), village=helped, campaign=make_campaign(county.parent))
    assert of("assistance.division_chiefs_campaign_cadres", county)[0] == 1


def test_first_secretaries_of_poor_villages(county):
    one, two, rich = village(county), village(county), village(county)
    make_mark(one, last=END)
    make_mark(two, first=date(2013, 7, 1))
    both, leaving, coming = MemberFactory(), MemberFactory(), MemberFactory()
    make_posting(one, leaving, last=END)
    make_posting(one, coming, first=END)
    make_posting(rich, both)
    make_posting(two, MemberFactory(), Posting.Kind.TEAM_MEMBER)
    share = "assistance.poor_villages_with_secretary_share"
    # Two persons on the day they hand over; a team member is no secretary; a village not poor is left out.
    assert of("assistance.first_secretaries", county) == (2, "ok", 2)
    assert of(share, county) == (50, "ok", 1)
    assert of("assistance.first_secretaries", county, BEFORE)[0] == 1
    assert of("assistance.first_secretaries", county, AFTER)[0] == 0
    assert of(share, county, AFTER) == (0, "ok", 1)
    make_posting(two, MemberFactory())
    assert of(share, county) == (100, "ok", 0)
    assert of(share, county, date(2012, 12, 31)) == (0, "ok", 1)
    Mark.rows.all().delete()
    assert of(share, county) == (None, "no_cases", 0)


def test_cadres_in_large_private_enterprises(county):
    large, small = (make_unit(make_branch(county), kind=UnitKind.PRIVATE_ENTERPRISE) for _ in range(2))
    make_mark(large, Mark.Kind.LARGE_ENTERPRISE)
    make_posting(large, make_cadre(), Posting.Kind.ENTERPRISE_SECRETARY)
    make_posting(large, make_cadre(), Posting.Kind.ENTERPRISE_DEPUTY, last=END)
    make_posting(large, MemberFactory(), Posting.Kind.ENTERPRISE_DEPUTY)
    make_posting(small, make_cadre(), Posting.Kind.ENTERPRISE_SECRETARY)
    assert of("assistance.cadres_to_enterprises", county) == (2, "ok", 2)
    assert of("assistance.cadres_to_enterprises", county, AFTER)[0] == 1


def test_campaign_counts_cadres_in_villages_weak_on_the_first_day(county):
    code = "assistance.division_chiefs_campaign_cadres"
    campaign, other = make_campaign(county.parent), make_campaign(county.parent, "OTHER")
    weak, strong = village(county), village(county)
    make_mark(weak, Mark.Kind.WEAK_VILLAGE, first=date(2014, 1, 1), last=date(2014, 12, 31))
    cadre = make_cadre()
    make_participation(cadre, date(2013, 12, 31), village=weak, campaign=campaign)
    make_participation(cadre, date(2015, 1, 1), village=weak, campaign=campaign)
    make_participation(make_cadre(), date(2014, 6, 1), village=strong, campaign=campaign)
    make_participation(make_cadre(), date(2014, 6, 1), village=weak, campaign=other)
    make_participation(make_cadre(), date(2014, 6, 1), village=weak)
    make_participation(MemberFactory(), date(2014, 6, 1), village=weak, campaign=campaign)
    assert of(code, county) == (0, "ok", 0)
    make_participation(cadre, date(2014, 12, 31), village=weak, campaign=campaign)
    make_participation(cadre, date(2014, 1, 1), village=weak, campaign=campaign)
    assert of(code, county) == (1, "ok", 2)
    assert of(code, county, date(2013, 12, 31))[0] == 0
    assert of(code, county, date(2014, 1, 1))[0] == 1
    # The helped village's side: the cadre's own branch lies elsewhere.
    assert of(code, cadre.branch)[0] == 0


def test_border_village_is_paired_once_at_prefecture_and_above(county):
    count, share = "border.villages_paired_with_troops", "border.villages_paired_share"
    prefecture, on = county.parent, date(2017, 5, 23)
    one, two, three, inland = (village(county) for _ in range(4))
    for unit in (one, two, three):
        make_mark(unit, Mark.Kind.BORDER_VILLAGE)
    make_partner_pairing(one, partner="0001")
    make_partner_pairing(one, partner="0002")
    make_partner_pairing(two, last=on)
    make_partner_pairing(inland)
    assert of(count, prefecture, on) == (2, "ok", 2)
    assert of(share, prefecture, on) == (Decimal(200) / 3, "ok", 1)
    assert of(count, prefecture, date(2017, 5, 24))[0] == 1
    assert of(count, county, on) == of(share, county, on) == (None, "not_applicable", 0)
    make_partner_pairing(three)
    assert of(share, prefecture, on) == (100, "ok", 0)


def test_stored_and_recomputed_values_agree(county):
    elsewhere = make_organization(county.parent, region_code="222403")
    one, two, far = village(county), village(county), village(elsewhere)
    make_mark(one)
    make_mark(two)
    make_mark(far, Mark.Kind.BORDER_VILLAGE)
    make_mark(one, Mark.Kind.WEAK_VILLAGE)
    firm = make_unit(make_branch(elsewhere), kind=UnitKind.PRIVATE_ENTERPRISE)
    make_mark(firm, Mark.Kind.LARGE_ENTERPRISE)
    cadre = make_cadre(make_branch(county))
    helper = make_unit(kind=UnitKind.ORGAN)
    for unit in (one, far):
        make_pairing(unit, unit=helper)
        make_pairing(unit, member=cadre)
    make_posting(one, cadre, first=date(2016, 1, 1))
    make_posting(firm, make_cadre(), Posting.Kind.ENTERPRISE_DEPUTY)
    make_partner_pairing(far)
    make_participation(cadre, date(2014, 6, 1), village=one, campaign=make_campaign(county.parent))
    make_participation(cadre, date(2018, 6, 1), village=far)
    make_participation(MemberFactory(branch=make_branch(elsewhere)), date(2015, 6, 1))
    refold()
    assert stored_equal_live().violations == 0
    finding = equal_recompute()
    assert (finding.violations, finding.examples) == (0, [])
    top = county.parent.parent
    assert of("assistance.units_assisting_villages", top)[0] == 1
    assert of("assistance.members_taking_part", top)[0] == 2
    made = children(figure("assistance.units_assisting_villages"), county.parent, on=END)
    assert [(c.node, c.value.value) for c in made] == [(county, 1), (elsewhere, 1)]
