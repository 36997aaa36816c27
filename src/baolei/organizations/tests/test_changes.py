"""Changes of the tree: what each leaves, what it refuses, who may (ORG-20, ORG-21, ORG-24)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from baolei.accounts.tests.factories import GrantFactory
from baolei.inspections.models import WeakOrganization
from baolei.kernel.access import Actor, Reach
from baolei.kernel.laws import verify
from baolei.kernel.models import Event
from baolei.kernel.tree import place_key
from baolei.organizations.access import Can
from baolei.organizations.actions import (
    Founding,
    close_organization,
    merge_organization,
    move_organization,
    rename_organization,
    set_up_organization,
    split_organization,
)
from baolei.organizations.changes import changes_of
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Change, Organization, Place, UnitOverseer
from baolei.organizations.tests.factories import PAPER, make_branch, make_organization, make_unit
from baolei.posts.models import Post, Tenure, Term
from baolei.projects.models import Programme

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("测试")
ON = date(2020, 5, 1)
EVE = ON - timedelta(1)
SINCE_2015 = DateRange(date(2015, 1, 1), None, "[)")


def founding(code: str, kind: str = Kind.BRANCH, on: date = ON, **given) -> Founding:
    return Founding(code=code, name=code, short_name=code, kind=kind, opened_on=on, **given)


def lawful() -> bool:
    return not [found for found in verify("tree") + verify("units") if found["violations"]]


def told(organization: Organization) -> list[tuple]:
    """(kind, organization, other, earlier) of the changes on the page of the organization, latest first."""
    return [(c.kind, c.organization, c.other, c.earlier) for c in changes_of(organization, SYSTEM)]


@pytest.fixture
def county():
    root = make_organization()
    return make_organization(root), make_organization(root)


@pytest.fixture
def towns(county):
    return tuple(make_organization(county[0], kind=Kind.TOWNSHIP_COMMITTEE) for _ in range(2))


def overseers(unit) -> list[tuple]:
    rows = UnitOverseer.rows.filter(unit=unit).order_by("during")
    return [(row.organization, row.during.lower, row.during.upper) for row in rows]


def test_a_merge_hands_over_what_is_below_and_closes(towns):
    town, other = towns
    branches, unit = [make_branch(town) for _ in range(3)], make_unit(town)
    gone = make_branch(town, closed_on=date(2014, 1, 1))
    merged = merge_organization(town, actor=SYSTEM, into=other, on=ON, **PAPER)
    assert (merged.closed_on, merged.successor) == (ON, other)
    assert [*Organization.rows.filter(parent=other).order_by("key")] == branches
    assert place_key(branches[0].pk, on=EVE) == town.key + "001"
    assert place_key(branches[0].pk, on=ON) == other.key + "001"
    assert place_key(town.pk, on=EVE) == town.key and place_key(town.pk, on=ON) is None
    assert overseers(unit) == [(town, town.opened_on, ON), (other, ON, None)]
    gone.refresh_from_db()
    assert gone.parent == town
    assert told(other)[0] == told(town)[0] == ("merge", town, other, None)
    assert [line[0] for line in told(branches[0])] == ["move"]
    event = Event.objects.get(action="organizations.organization.merge")
    assert (event.detail["document"], event.detail["cause"]) == (PAPER["document"], "layout")
    assert lawful()


def test_a_merge_done_twice_is_refused_and_changes_nothing(towns):
    merge_organization(towns[0], actor=SYSTEM, into=towns[1], on=ON, **PAPER)
    before = Change.rows.count(), Place.objects.count()
    with pytest.raises(ValidationError, match="已经撤销"):
        merge_organization(towns[0], actor=SYSTEM, into=towns[1], on=ON, **PAPER)
    assert (Change.rows.count(), Place.objects.count()) == before


def test_two_mergers_and_a_move_on_one_day(county, towns):
    """What was handed over in the morning is handed on in the afternoon: the day has one place."""
    one, two = towns
    three = make_organization(county[1], kind=Kind.TOWNSHIP_COMMITTEE)
    branch, unit = make_branch(one), make_unit(one)
    move_organization(one, actor=SYSTEM, parent=county[1], on=ON, **PAPER)
    merge_organization(one, actor=SYSTEM, into=two, on=ON, **PAPER)
    merge_organization(two, actor=SYSTEM, into=three, on=ON, **PAPER)
    places = Place.objects.filter(organization=branch).order_by("during")
    assert [(p.parent, p.during.lower) for p in places] == [(one, branch.opened_on), (three, ON)]
    assert overseers(unit) == [(one, one.opened_on, ON), (three, ON, None)]
    assert [*Place.objects.filter(organization=one).values_list("key", flat=True)] == [one.key]
    assert lawful()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"on": timezone.localdate() + timedelta(1)}, "不能晚于今天"),
        ({"on": date(2012, 1, 1)}, "晚于成立之日"),
        ({"on": date(2011, 1, 1)}, "没有成立"),
        ({"cause": "because"}, "请选择事由"),
        ({"document": " "}, "文号"),
        ({"document": "文" * 61}, "文号"),
    ],
)
def test_mergers_that_make_no_sense(towns, given, words):
    with pytest.raises(ValidationError, match=words):
        merge_organization(towns[0], **({"actor": SYSTEM, "into": towns[1], "on": ON} | PAPER | given))
    assert not Change.rows.exists() and lawful()


def test_nothing_is_merged_into_itself_or_what_is_below_it_or_closed(county, towns):
    gone = make_branch(county[0], closed_on=date(2014, 1, 1))
    for into, words in ((towns[0], "另一个"), (gone, "另一个"), (make_organization(towns[0]), "自己的下级")):
        with pytest.raises(ValidationError, match=words):
            merge_organization(towns[0], actor=SYSTEM, into=into, on=ON, **PAPER)


def test_a_child_that_cannot_follow_is_named(towns):
    branch, child = make_branch(towns[1]), make_branch(towns[0], name="河口支部")
    with pytest.raises(ValidationError, match=r"河口支部移不过去.*只能设党小组"):
        merge_organization(towns[0], actor=SYSTEM, into=branch, on=ON, **PAPER)
    late = make_branch(towns[0], opened_on=date(2021, 1, 1), name="新支部")
    child.refresh_from_db()
    with pytest.raises(ValidationError, match="新支部移不过去"):
        merge_organization(towns[0], actor=SYSTEM, into=towns[1], on=ON, **PAPER)
    late.refresh_from_db()
    assert late.parent == child.parent == towns[0]


def test_a_split_founds_a_neighbour_and_hands_it_what_was_chosen(towns):
    town = towns[0]
    branches, units = [make_branch(town) for _ in range(3)], [make_unit(town) for _ in range(2)]
    chosen = {"children": (str(branches[1].uid),), "units": (str(units[0].uid),)}
    made = split_organization(
        town, actor=SYSTEM, founding=founding("n", Kind.TOWNSHIP_COMMITTEE), chosen=chosen, **PAPER
    )
    assert (made.parent, made.opened_on, made.kind) == (town.parent, ON, "township_committee")
    assert [*Organization.rows.filter(parent=made)] == [branches[1]]
    assert overseers(units[0]) == [(town, town.opened_on, ON), (made, ON, None)]
    assert overseers(units[1]) == [(town, town.opened_on, None)]
    assert place_key(branches[1].pk, on=EVE) == town.key + "002"
    assert told(made)[-1] == ("split", made, town, None)
    assert ("split", made, town, None) in told(town)
    assert lawful()


def test_a_split_is_undone_by_a_merge_from_the_next_day_on(towns):
    town, branch = towns[0], make_branch(towns[0])
    chosen = {"children": (str(branch.uid),)}
    made = split_organization(
        town, actor=SYSTEM, founding=founding("n", Kind.TOWNSHIP_COMMITTEE), chosen=chosen, **PAPER
    )
    with pytest.raises(ValidationError):
        merge_organization(made, actor=SYSTEM, into=town, on=ON, **PAPER)
    merge_organization(made, actor=SYSTEM, into=town, on=ON + timedelta(1), **PAPER)
    branch.refresh_from_db()
    assert branch.parent == town and lawful()


def test_splits_that_make_no_sense(towns):
    town, foreign = towns[0], make_branch(towns[1])
    make_organization(town, code="taken")
    for code, on, chosen, words in (
        ("n", ON, {}, "至少选择一项"),
        ("n", ON, {"children": (str(foreign.uid),)}, "重新选择"),
        ("n", ON, {"units": (str(make_unit(towns[1]).uid),)}, "重新选择"),
        ("n", town.opened_on, {"children": ("x",)}, "晚于原党组织"),
        ("taken", ON, {"children": (str(make_branch(town).uid),)}, "组织代码已经有了"),
    ):
        with pytest.raises(ValidationError, match=words):
            split_organization(town, actor=SYSTEM, founding=founding(code, on=on), chosen=chosen, **PAPER)
    assert not Change.rows.exists() and not Organization.rows.filter(code="n").exists()


def test_region_codes_at_founding(county):
    make_organization(county[0], kind=Kind.TOWNSHIP_COMMITTEE, region_code="229901001")
    for code, words in (("2299", "9 位"), ("229901001", "已用这个区划代码")):
        given = founding("n", Kind.TOWNSHIP_COMMITTEE, region_code=code)
        with pytest.raises(ValidationError, match=words):
            set_up_organization(county[0], actor=SYSTEM, founding=given, **PAPER)
    made = set_up_organization(county[0], actor=SYSTEM, founding=founding("n"), **PAPER)
    assert told(made) == [("set_up", made, county[0], None)]


def test_a_renaming_keeps_the_former_name(towns):
    names = {"name": "中共河口镇委员会", "short_name": "河口镇"}
    former = towns[0].name
    rename_organization(towns[0], actor=SYSTEM, on=ON, **names, **PAPER)
    towns[0].refresh_from_db()
    assert (towns[0].name, towns[0].short_name) == (names["name"], "河口镇")
    assert Change.rows.get().former_name == former
    with pytest.raises(ValidationError, match="没有变化"):
        rename_organization(towns[0], actor=SYSTEM, on=ON, **names, **PAPER)


def test_those_above_decide(county, towns):
    """Who holds the organization alone changes what is below it, not where it stands itself."""
    own = Actor(name="镇干事", reach=Reach({Can.TREE.code: (towns[0].key,)}))
    calls = (
        (close_organization, {"on": ON}),
        (move_organization, {"parent": county[1], "on": ON}),
        (merge_organization, {"into": towns[1], "on": ON}),
        (split_organization, {"founding": founding("n"), "chosen": {"children": ("x",)}}),
    )
    for change, given in calls:
        with pytest.raises(PermissionDenied):
            change(towns[0], actor=own, **given, **PAPER)
    above = Actor(name="县干事", reach=Reach({Can.TREE.code: (county[0].key,)}))
    elsewhere = make_branch(county[1])
    with pytest.raises(PermissionDenied):
        merge_organization(towns[0], actor=above, into=elsewhere, on=ON, **PAPER)
    assert set_up_organization(towns[0], actor=own, founding=founding("n"), **PAPER).parent == towns[0]
    assert merge_organization(towns[0], actor=above, into=towns[1], on=ON, **PAPER).closed_on == ON


# Open business (ORG-21) -------------------------------------------------------------------------------------


def test_posts_end_with_a_merge_and_hold_up_a_closing(towns):
    town, other = towns
    post = Post.rows.create(ref="p", organization=town, kind="secretary", full_time=True, during=SINCE_2015)
    Tenure.rows.create(ref="t", organization=town, post=post, is_member=False, during=SINCE_2015)
    Term.rows.create(ref="r", organization=town, elected_on=date(2015, 1, 1), during=SINCE_2015)
    with pytest.raises(ValidationError) as refused:
        close_organization(town, actor=SYSTEM, on=ON, **PAPER)
    assert [message[:11] for message in refused.value.messages] == [
        f"还有 1 项“{what}”。" for what in ("岗位", "任职", "届次")
    ]
    assert all("ORG-21" in message for message in refused.value.messages)
    merge_organization(town, actor=SYSTEM, into=other, on=ON, **PAPER)
    ends = {row.during.upper for model in (Post, Tenure, Term) for row in model.rows.all()}
    assert ends == {ON}


def test_posts_that_begin_later_hold_up_a_merge(towns):
    later = DateRange(ON, None, "[)")
    Post.rows.create(ref="p", organization=towns[0], kind="secretary", full_time=True, during=later)
    with pytest.raises(ValidationError, match=r"岗位.*更正其日期"):
        merge_organization(towns[0], actor=SYSTEM, into=towns[1], on=ON, **PAPER)


def test_unfinished_work_holds_up_a_closing_and_stays_at_a_merge(towns):
    given = {"kind": "general", "name": "试", "planned_first": date(2019, 1, 1)}
    Programme.rows.create(ref="g", organization=towns[0], **given)
    with pytest.raises(ValidationError, match="未完成的工程"):
        close_organization(towns[0], actor=SYSTEM, on=ON, **PAPER)
    merge_organization(towns[0], actor=SYSTEM, into=towns[1], on=ON, **PAPER)
    assert Programme.rows.get().organization == towns[0]


def test_roles_are_taken_back_first(towns):
    GrantFactory(organization=towns[0], user__password="!")
    for change in (close_organization, merge_organization):
        given = {"into": towns[1]} if change is merge_organization else {}
        with pytest.raises(ValidationError, match=r"账号的角色.*收回"):
            change(towns[0], actor=SYSTEM, on=ON, **given, **PAPER)


def test_what_the_actor_may_not_see_is_not_named(county, towns):
    """A weak organization is known to the county and above only (G-20)."""
    WeakOrganization.rows.create(
        ref="w", organization=towns[0], kind="lax_01", closed_in_election=False, during=SINCE_2015
    )
    actor = Actor(name="干事", reach=Reach({Can.TREE.code: (county[0].key,)}))
    with pytest.raises(ValidationError) as refused:
        merge_organization(towns[0], actor=actor, into=towns[1], on=ON, **PAPER)
    assert refused.value.messages == ["还有未办结的事项，您无权查看，请与上级组织部门联系。（ORG-21）"]
    with pytest.raises(ValidationError, match="软弱涣散"):
        merge_organization(towns[0], actor=SYSTEM, into=towns[1], on=ON, **PAPER)
