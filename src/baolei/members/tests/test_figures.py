"""Figures: values, children, trends, stored values, the rows behind, reach by the tree of the day."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from baolei.kernel.access import Actor, Reach
from baolei.kernel.figures import behind
from baolei.kernel.figures.access import Can
from baolei.kernel.figures.declare import FIGURES, OWN, UnknownFigure, figure
from baolei.kernel.figures.laws import equal_recompute, stored_equal_live
from baolei.kernel.figures.reach import may_ask
from baolei.kernel.figures.stored import refold
from baolei.kernel.figures.values import FutureDay, by_level, children, today, trend, value, values, year_ends
from baolei.kernel.models import StaleMark, StoredValue
from baolei.members.models import Membership
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization, Place
from baolei.organizations.tests.factories import make_organization

pytestmark = pytest.mark.django_db

END = date(2016, 12, 31)


@pytest.fixture
def tree():
    """A province with two prefectures, a county in the first, two branches in it, five members."""
    province = make_organization(region_code="220000")
    west, east = (
        make_organization(province, region_code="220300"),
        make_organization(province, region_code="220100"),
    )
    county = make_organization(west, region_code="220184")
    first = make_organization(county, kind=Kind.BRANCH)
    second = make_organization(county, kind=Kind.BRANCH)
    for _ in range(3):
        MemberFactory(branch=first)
    MemberFactory(branch=second, sex="2", education="61", birth_date=date(1990, 1, 1))
    MemberFactory(branch=second, standing="deceased", left_on=date(2016, 12, 31))
    return {
        "province": province,
        "west": west,
        "east": east,
        "county": county,
        "first": first,
        "second": second,
    }


def move_county(tree, day: date) -> None:
    """The county under the other prefecture from `day` on: dated places, and the present keys."""
    east, county = tree["east"], tree["county"]
    old, new = county.key, east.key + "001"
    for place in Place.objects.filter(key__startswith=old).order_by("key"):
        Place.objects.filter(pk=place.pk).update(during=DateRange(place.during.lower, day, "[)"))
        Place.objects.create(
            organization=place.organization,
            parent=east if place.organization == county else place.parent,
            key=new + place.key[len(old) :],
            during=DateRange(day, None, "[)"),
        )
    for node in Organization.rows.filter(key__startswith=old).order_by("key"):
        Organization.rows.filter(pk=node.pk).update(key=new + node.key[len(old) :])
    for node in tree.values():
        node.refresh_from_db()


def reader(*nodes) -> Actor:
    keys = tuple(node.key for node in nodes)
    return Actor(name="甲", reach=Reach({p.code: keys for p in (Can.VIEW, Can.ROWS, Can.EXPORT)}))


def test_value_counts_members_at_the_end_of_the_day(tree):
    members = figure("members.total")
    assert value(members, tree["province"], on=END).value == 4
    assert value(members, tree["province"], on=date(2016, 12, 30)).value == 5
    assert value(members, tree["east"], on=END).value == 0


def test_value_of_a_share_is_numerator_by_denominator(tree):
    found = value(figure("members.structure.women"), tree["county"], on=END)
    assert (found.value, found.numerator, found.denominator, found.rows) == (25, 1, 4, 4)
    young = figure("members.structure.aged_35_or_less")
    assert value(young, tree["county"], on=END).value == 25
    assert value(young, tree["county"], on=date(2025, 12, 31)).value == 25
    assert value(young, tree["county"], on=date(2026, 1, 1)).value == 0


def test_value_of_a_share_without_cases_is_no_number(tree):
    found = value(figure("members.structure.women"), tree["east"], on=END)
    assert (found.value, found.status) == (None, "no_cases")


def test_value_before_opening_is_not_open(tree):
    found = value(figure("members.total"), tree["county"], on=date(2011, 12, 31))
    assert (found.value, found.status) == (None, "not_open")


def test_value_of_a_coming_day_is_refused(tree):
    with pytest.raises(FutureDay):
        value(figure("members.total"), tree["county"], on=date(today().year + 1, 1, 1))


def test_unknown_code_is_refused():
    with pytest.raises(UnknownFigure):
        figure("members.nothing")


def test_organizations_total_counts_grassroots_kinds_only(tree):
    make_organization(tree["county"], kind=Kind.TOWNSHIP_COMMITTEE)
    make_organization(tree["county"], kind=Kind.WORK_COMMITTEE)
    make_organization(tree["county"], kind=Kind.TEMPORARY_BRANCH)
    make_organization(tree["county"], kind=Kind.BRANCH, closed_on=END)
    assert value(figure("organizations.total"), tree["province"], on=END).value == 3
    assert value(figure("organizations.total"), tree["province"], on=date(2016, 12, 30)).value == 4


def test_children_stand_in_division_order_and_add_up(tree):
    MemberFactory(branch=make_organization(tree["east"], kind=Kind.BRANCH))
    found = children(figure("members.total"), tree["province"], on=END)
    assert [(c.node, c.value.value) for c in found] == [(tree["west"], 4), (tree["east"], 1)]


def test_children_end_with_the_rows_of_the_organization_itself(tree):
    found = children(
        figure("organizations.total"), make_organization(tree["county"], kind=Kind.GENERAL_BRANCH), on=END
    )
    assert found == []
    general = make_organization(tree["county"], kind=Kind.GENERAL_BRANCH)
    branch = make_organization(general, kind=Kind.BRANCH)
    found = children(figure("organizations.total"), general, on=END)
    assert [(c.node, c.value.value) for c in found] == [(branch, 1), (None, 1)]


def test_after_a_move_each_day_answers_by_its_own_tree(tree):
    move_county(tree, date(2020, 6, 19))
    members = figure("members.total")
    assert [value(members, tree[n], on=date(2020, 6, 18)).value for n in ("west", "east")] == [4, 0]
    assert [value(members, tree[n], on=date(2020, 6, 19)).value for n in ("west", "east")] == [0, 4]
    assert value(members, tree["county"], on=END).value == 4
    assert by_level(members, tree["province"].key, 9, on=END).keys() == {tree["west"].key + "001"}


def test_reach_follows_the_tree_of_the_day(tree):
    move_county(tree, date(2020, 6, 19))
    west, county = reader(tree["west"]), reader(tree["county"])
    assert may_ask(west, Can.VIEW, tree["county"], END)
    assert not may_ask(west, Can.VIEW, tree["county"], date(2021, 1, 1))
    assert may_ask(county, Can.VIEW, tree["county"], END)
    assert not may_ask(county, Can.VIEW, tree["west"], END)


def test_rows_behind_are_the_records_of_that_day(tree):
    move_county(tree, date(2020, 6, 19))
    page = behind.page(figure("members.total"), tree["west"], on=END, actor=reader(tree["west"]))
    assert len(page.rows) == 4
    assert {row["linked"] for row in page.rows} == {False}
    page = behind.page(figure("members.total"), tree["west"], on=END, actor=reader(tree["county"]))
    assert {row["linked"] for row in page.rows} == {True}
    assert behind.page(figure("members.total"), tree["west"], on=END, actor=reader(tree["east"])).rows == []


def test_rows_behind_come_in_pages_without_loss(tree):
    members, seen, after = figure("members.total"), [], ""
    while True:
        page = behind.page(
            members, tree["province"], on=END, actor=reader(tree["province"]), after=after, size=3
        )
        seen += [row["subject"] for row in page.rows]
        if page.after is None:
            break
        after = page.after
    assert len(seen) == len(set(seen)) == 4
    with pytest.raises(ValueError, match="翻页"):
        behind.page(members, tree["province"], on=END, actor=reader(tree["province"]), after="x'--1")


def test_rows_behind_a_share_say_which_are_met(tree):
    page = behind.page(
        figure("members.structure.women"), tree["county"], on=END, actor=reader(tree["county"])
    )
    assert sorted(row["met"] for row in page.rows) == [False, False, False, True]


def _with_a_value():
    """Figures that are stored for a committee whose own rows are none."""
    return [f for f in FIGURES.values() if f.levels != OWN or f.zero]


def test_stored_values_equal_live_ones_and_grow_old_by_a_mark(tree):
    days = len({*year_ends(today()), today()})
    levels = ("province", "prefecture", "prefecture", "county")
    kept = [f for f in _with_a_value() for level in levels if f.applies_to(level)]
    assert refold() == len(kept) * days
    members = figure("members.total")
    assert (
        StoredValue.objects.get(figure="members.total", organization_id=tree["county"].pk, day=END).numerator
        == 4
    )
    assert stored_equal_live().violations == 0
    StaleMark.objects.create(model="members.Member", key=tree["first"].key)
    MemberFactory(branch=tree["first"])
    page_value = value(members, tree["province"], on=today())
    assert (page_value.value, page_value.old) == (4, True)
    assert value(members, tree["province"], on=today(), exact=True).value == 5
    assert value(members, tree["east"], on=today()).old is False
    assert stored_equal_live().skipped > 0
    refold()
    assert (value(members, tree["province"], on=today()).value, StaleMark.objects.count()) == (5, 0)


def test_law_finds_a_stored_value_that_was_tampered_with(tree):
    refold()
    StoredValue.objects.filter(figure="members.total", organization_id=tree["county"].pk, day=END).update(
        numerator=9
    )
    finding = stored_equal_live()
    assert (finding.violations, finding.examples[0][:3]) == (
        1,
        ["members.total", tree["county"].pk, str(END)],
    )


def test_recomputation_in_python_agrees(tree):
    move_county(tree, date(2020, 6, 19))
    finding = equal_recompute()
    assert (finding.violations, finding.checked > 0) == (0, True)


def test_trend_ends_with_the_day_asked(tree):
    points = trend(figure("members.total"), tree["county"], until=date(2015, 6, 30))
    assert [(p.as_of, p.value) for p in points] == [
        (date(2012, 12, 31), 5),
        (date(2013, 12, 31), 5),
        (date(2014, 12, 31), 5),
        (date(2015, 6, 30), 5),
    ]


def test_a_day_that_turned_without_the_job_shows_the_last_value_as_old(tree, time_machine):
    refold()
    time_machine.move_to(date(today().year + 1, 3, 1))
    found = value(figure("members.total"), tree["province"], on=today())
    assert (found.value, found.old) == (4, True)
    assert Membership.objects.unscoped("test").on(today()).count() == 4


def test_a_committee_closed_today_has_no_value_though_years_are_stored(tree):
    closed = make_organization(tree["county"], kind=Kind.TOWNSHIP_COMMITTEE, closed_on=date(2020, 6, 1))
    refold()
    assert value(figure("organizations.total"), closed, on=date(2019, 12, 31)).value == 1
    assert value(figure("organizations.total"), closed, on=today()).status == "not_open"


def test_refolding_takes_a_mark_into_every_figure_that_reads_its_table(tree):
    refold()
    MemberFactory(branch=tree["first"])
    make_organization(tree["county"], kind=Kind.BRANCH)
    StaleMark.objects.create(model="organizations.Organization", key=tree["county"].key)
    refold()
    found = values([figure("members.total"), figure("organizations.total")], tree["province"], on=today())
    assert [(v.value, v.old) for v in found] == [(5, False), (3, False)]


def test_a_late_entry_makes_stored_year_ends_old_wherever_the_mark_lies(tree):
    refold()
    MemberFactory(branch=tree["first"], joined_on=date(2015, 7, 1))
    StaleMark.objects.create(model="members.Member", key=tree["east"].key)
    assert value(figure("members.total"), tree["county"], on=END).old
    assert value(figure("members.total"), tree["county"], on=END, exact=True).value == 5
    assert [c.value.value for c in children(figure("members.total"), tree["province"], on=END)] == [5, 0]


def test_days_that_are_left_out_are_folded_the_next_time(tree):
    figures = len([f for f in _with_a_value() if f.applies_to("county")])
    refold(everything=True, days=(today(), END))
    stored = StoredValue.objects.filter(organization_id=tree["county"].pk)
    assert set(stored.values_list("day", flat=True)) == {today(), END}
    assert StaleMark.objects.count() == 0
    refold()
    assert stored.count() == figures * len({*year_ends(today()), today()})
    assert refold() == 0
