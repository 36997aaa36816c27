"""The law of scope: the list and the object check agree, for random trees, grants and rows."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baolei.kernel.access import Actor, Reach, Scope, permission
from baolei.kernel.scope import NotScoped
from baolei.members.access import Can as MemberCan
from baolei.members.models import Member, Membership
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.access import Can
from baolei.organizations.models import Organization, UnitOverseer
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit

KEPT = permission("kernel.test.keep", "试验", own=True)
MODELS = (Organization, UnitOverseer, Member, Membership)


@pytest.fixture
def forest(db):
    """Two roots, three levels, units, members in branches of every depth."""
    places = []
    for _root in range(2):
        root = make_organization()
        places.append(root)
        for _county in range(2):
            county = make_organization(root)
            places += [county, make_branch(root), *(make_branch(county) for _ in range(2))]
    for number, place in enumerate(places):
        make_unit(place)
        if place.kind == "branch":
            MemberFactory.create_batch(1 + number % 2, branch=place)
    return places


def _agree(reach, wanted):
    """For every model: `visible_to` gives exactly the rows that `covers` accepts."""
    actor = Actor(name="试验", reach=reach)
    for model in MODELS:
        listed = set(model.objects.visible_to(actor, wanted).values_list("pk", flat=True))
        accepted = {
            row.pk for row in model.objects.unscoped("the law's other side") if actor.can(wanted, row)
        }
        assert listed == accepted, model.__name__
        pieces = [
            set(rows.values_list("pk", flat=True)) for _path, rows in model.objects.pieces(actor, wanted)
        ]
        assert sum(map(len, pieces)) == len(set().union(*pieces)), model.__name__
        assert set().union(*pieces) == listed, model.__name__


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_list_and_object_check_agree(forest, data):
    keys = [place.key for place in forest]
    # Keys that no organization has, and keys whose digits begin like another's, are grants too.
    tops = st.sampled_from([*keys, "00", "001z", keys[0] + "zzz", "zzz", ""])
    people = list(Member.rows.values_list("pk", flat=True))
    held = data.draw(st.lists(tops, max_size=3))
    person = data.draw(st.sampled_from([None, -1, *people]))
    for wanted in (KEPT, MemberCan.VIEW, Can.VIEW):
        ranges = {wanted.code: tuple(top for top in held if top)}
        _agree(Reach(ranges, person_id=person), wanted)
        _agree(Reach({"another.permission.altogether": tuple(held)}, person_id=person), wanted)


def test_everywhere_is_everything(forest):
    _agree(Reach(everywhere=True), Can.VIEW)


def test_a_neighbour_whose_key_begins_alike_is_not_below(db):
    """The range is half-open at "~": 0011 is no child of 001, and 001z no neighbour in it."""
    root = make_organization()
    first, second = make_organization(root), make_organization(root)
    reach = Reach({Can.VIEW.code: (first.key,)})
    seen = Organization.objects.visible_to(Actor(name="x", reach=reach), Can.VIEW)
    assert list(seen) == [first]
    assert not reach.covers(second, Can.VIEW)


def test_sealed_rows_have_no_ranges(forest, monkeypatch):
    monkeypatch.setattr(
        Member, "scope", Scope(ends=("branch",), keys={"branch": "branch_key"}, person="pk", sealed=True)
    )
    one = Member.rows.first()
    for person in (None, one.pk):
        _agree(Reach({KEPT.code: (forest[0].key,)}, person_id=person), KEPT)
    seen = Member.objects.visible_to(Actor(name="x", reach=Reach({KEPT.code: (forest[0].key,)})), KEPT)
    assert not seen.exists()


def test_own_rights_hold_for_own_rows_only(forest):
    one = Member.rows.order_by("pk").first()
    actor = Actor(name="x", reach=Reach(person_id=one.pk))
    assert list(Member.objects.visible_to(actor, MemberCan.VIEW)) == [one]
    assert not Member.objects.visible_to(actor, MemberCan.REVEAL).exists()


@pytest.mark.parametrize(
    "use", [list, len, bool, lambda q: q.count(), lambda q: q.exists(), lambda q: q.first()]
)
def test_a_queryset_without_reader_raises(db, use):
    with pytest.raises(NotScoped):
        use(Organization.objects.filter(kind="branch"))


def test_a_reason_is_asked_for(db):
    with pytest.raises(ValueError):
        Organization.objects.unscoped("")
