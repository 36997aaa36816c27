"""Children of a stored organization: stored values, fresh pieces and rows of its own give what a fold gives."""

from datetime import date

import pytest

from baolei.kernel.figures.declare import FIGURES, figure
from baolei.kernel.figures.stored import refold
from baolei.kernel.figures.values import by_level, children, today
from baolei.kernel.models import StaleMark, StoredValue
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.kinds import Kind
from baolei.organizations.tests.factories import make_organization

pytestmark = pytest.mark.django_db

END = date(2016, 12, 31)


@pytest.fixture
def province():
    """Two prefectures with a branch each, a basic committee with a branch, and a branch of the province's own."""
    top = make_organization(region_code="220000")
    for region in ("220300", "220100"):
        prefecture = make_organization(top, region_code=region)
        MemberFactory(branch=make_organization(prefecture, kind=Kind.BRANCH), sex="2")
    committee = make_organization(top, kind=Kind.BASIC_COMMITTEE)
    MemberFactory(branch=make_organization(committee, kind=Kind.BRANCH))
    MemberFactory(branch=make_organization(top, kind=Kind.BRANCH))
    return top


def told(code, node, on):
    return [
        (c.node, c.key, c.value.numerator, c.value.denominator) for c in children(figure(code), node, on=on)
    ]


@pytest.mark.parametrize("on", [END, today()])
def test_stored_children_equal_folded_ones(province, on):
    folded = {code: told(code, province, on) for code in FIGURES}
    refold()
    assert {code: told(code, province, on) for code in FIGURES} == folded
    assert sum(row[2] for row in folded["members.total"]) == 4


def test_a_change_below_one_child_is_folded_and_the_others_stay_stored(
    province, django_assert_max_num_queries
):
    refold()
    west = children(figure("members.total"), province, on=today())[0].node
    StoredValue.objects.filter(day=today()).exclude(organization_id=province.pk).update(numerator=7)
    branch = make_organization(west, kind=Kind.BRANCH)
    MemberFactory(branch=branch)
    StaleMark.objects.create(model="members.Member", key=branch.key)
    with django_assert_max_num_queries(9):
        found = told("members.total", province, today())
    assert [row[2] for row in found] == [2, 7, 1, 1]


def test_a_change_of_the_organization_itself_folds_everything(province):
    refold()
    StoredValue.objects.filter(day=today()).update(numerator=7)
    StaleMark.objects.create(model="organizations.Organization", key=province.key)
    assert [row[2] for row in told("members.total", province, today())] == [1, 1, 1, 1]


def test_places_named_for_the_map_are_answered_from_stored_values(province):
    refold()
    wanted = {c.node.pk: c.key for c in children(figure("members.total"), province, on=today())[:2]}
    found = by_level(
        figure("members.total"), province.key, len(min(wanted.values())), on=today(), places=wanted
    )
    assert {key: value.value for key, value in found.items()} == dict.fromkeys(wanted.values(), 1)
