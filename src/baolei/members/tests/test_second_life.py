"""A number that the register knew before: back from another province, admitted anew, restored (ADM-09, LST-03, ADR 0019)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baolei.kernel.access import Actor, Reach
from baolei.kernel.figures.declare import FIGURES
from baolei.kernel.figures.values import value
from baolei.kernel.imports import import_path
from baolei.kernel.imports.export import export_package
from baolei.kernel.laws import verify
from baolei.members.access import Can
from baolei.members.actions import (
    end_membership,
    enrol_member,
    erase_member,
    may_apply,
    remove_suspended,
    restore_member,
    suspend_member,
)
from baolei.members.codes import Standing
from baolei.members.models import Interruption, Member, Membership
from baolei.members.tests.packages import COLUMNS, rows, write
from baolei.members.tests.test_actions import enrolment
from baolei.members.tests.world import make_world
from baolei.organizations.actions import close_organization
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization
from baolei.organizations.tests.factories import PAPER, make_branch, make_organization

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("测试")
JOINED, CONVERTED = date(2012, 7, 1), date(2013, 7, 1)
OUT, BACK = date(2018, 5, 1), date(2024, 3, 1)


@pytest.fixture
def branches(db):
    """Two branches of two towns of one county."""
    county = make_organization(make_organization())
    return tuple(make_branch(make_organization(county, kind=Kind.TOWNSHIP_COMMITTEE)) for _ in range(2))


def left(branch: Organization, standing: str, on: date = OUT, **given) -> Member:
    member = enrol_member(branch, actor=SYSTEM, enrolment=enrolment(**given))
    return end_membership(member, actor=SYSTEM, standing=standing, on=on)


def anew(branch: Organization, actor: Actor = SYSTEM, **given) -> Member:
    """Admitted as a probationary member on the day BACK."""
    values = {"joined_on": BACK, "since": BACK, "converted_on": None, "standing": Standing.PROBATIONARY}
    return enrol_member(branch, actor=actor, enrolment=enrolment(**(values | given)), again=True)


def past(member: Member) -> list[tuple]:
    """Spells and interruptions in the order of their days."""
    spells = Membership.rows.filter(member=member).values_list("during", "branch__code")
    out = Interruption.rows.filter(member=member).values_list(
        "during", "standing", "joined_on", "converted_on"
    )
    found = sorted([*spells, *out], key=lambda row: row[0].lower)
    return [(row[0].lower, row[0].upper, *row[1:]) for row in found]


def lawful() -> bool:
    return all(finding["violations"] == 0 for finding in verify("members"))


def total(organization: Organization, day: date) -> int | None:
    return value(FIGURES["members.total"], organization, on=day, exact=True).value


def officer(*places: Organization) -> Actor:
    keys = tuple(place.key for place in places)
    return Actor(name="干事", user_id=7, reach=Reach({Can.EDIT.code: keys, Can.VIEW.code: keys}))


def test_back_from_another_province_he_goes_on_as_he_was(branches):
    here, there = branches
    member = left(here, Standing.TRANSFERRED_OUT)
    back = enrol_member(
        there, actor=officer(there), enrolment=enrolment(since=BACK, phone="", education="11"), again=True
    )
    assert (back.pk, back.standing, back.left_on, back.branch) == (member.pk, "formal", None, there)
    assert (back.joined_on, back.converted_on, back.education) == (JOINED, CONVERTED, "11")
    assert bytes(back.phone_hash) == bytes(Member.rows.get().phone_hash) and back.phone_sealed
    assert past(back) == [
        (JOINED, OUT, here.code),
        (OUT, BACK, "transferred_out", None, None),
        (BACK, None, there.code),
    ]
    eves = [total(here.parent.parent, day - timedelta(1)) for day in (OUT, BACK)]
    assert (eves, total(there, BACK), total(here, BACK)) == ([1, 0], 1, 0)
    assert lawful()
    with pytest.raises(ValidationError, match="不能在这里录入"):  # he is here already
        enrol_member(there, actor=SYSTEM, enrolment=enrolment(since=BACK), again=True)


@pytest.mark.parametrize("standing", [Standing.REMOVED, Standing.ADVISED_OUT, Standing.PROBATION_CANCELLED])
def test_a_second_life_keeps_the_dates_of_the_first(branches, standing):
    here, there = branches
    member = left(here, standing)
    assert may_apply(bytes(member.id_hash), member.name, OUT)
    assert not may_apply(bytes(member.id_hash), member.name, OUT - timedelta(1))
    back = anew(there, officer(there))
    assert (back.pk, back.standing, back.joined_on, back.converted_on) == (
        member.pk,
        "probationary",
        BACK,
        None,
    )
    assert past(back)[1] == (OUT, BACK, standing, JOINED, CONVERTED)
    assert [total(here.parent.parent, day) for day in (OUT - timedelta(1), OUT, BACK)] == [1, 0, 1]
    assert lawful()
    # A third one, after a suspension and the removal from it.
    Member.rows.filter(pk=back.pk).update(standing="formal", converted_on=date(2025, 3, 1))
    suspended, removed, third = date(2025, 5, 1), date(2025, 6, 1), date(2026, 2, 2)
    remove_suspended(suspend_member(back, suspended), removed)
    assert lawful() and not may_apply(bytes(member.id_hash), member.name, removed - timedelta(1))
    with pytest.raises(ValidationError, match="不能在这里录入"):
        anew(here, joined_on=removed, since=removed)
    anew(here, joined_on=third, since=third)
    assert past(member)[3:] == [
        (suspended, removed, "suspended", None, None),
        (removed, third, "removed", BACK, date(2025, 3, 1)),
        (third, None, here.code),
    ]
    assert lawful()


@pytest.mark.parametrize(
    ("standing", "given"),
    [
        (Standing.DECEASED, {}),
        (Standing.REMOVED, {"name": "别人"}),
        (Standing.REMOVED, {"joined_on": OUT, "since": OUT}),
        (Standing.REMOVED, {"joined_on": JOINED}),
        (Standing.TRANSFERRED_OUT, {"joined_on": JOINED, "converted_on": None}),
        (Standing.TRANSFERRED_OUT, {"joined_on": date(2012, 7, 2)}),
        (Standing.EXPELLED, {"joined_on": date(2023, 4, 30), "since": date(2023, 4, 30)}),
    ],
)
def test_who_may_not_hears_one_sentence_out_of_reach(branches, standing, given):
    """Also who was expelled less than five years before; it is that for a number held by anybody (G-12)."""
    here, there = branches
    member = left(here, standing)
    with pytest.raises(ValidationError) as refused:
        anew(there, officer(there), **given)
    assert refused.value.code == "row.refused"
    assert (past(member), lawful()) == ([(JOINED, OUT, here.code)], True)


def test_expelled_he_may_apply_and_is_admitted_after_five_years(branches):
    here, there = branches
    member = left(here, Standing.EXPELLED)
    assert may_apply(bytes(member.id_hash), member.name, OUT)
    early = date(2023, 4, 30)
    with pytest.raises(ValidationError, match=r"2018-05-01 被开除党籍.*最早 2023-05-01（ADM-09）"):
        anew(there, officer(here, there), joined_on=early, since=early)
    day = early + timedelta(1)
    assert anew(there, officer(there), joined_on=day, since=day).joined_on == day
    assert lawful()


def test_without_saying_so_nobody_is_taken_in_again(branches):
    left(branches[0], Standing.REMOVED)
    with pytest.raises(ValidationError) as refused:
        enrol_member(
            branches[0], actor=SYSTEM, enrolment=enrolment(joined_on=BACK, converted_on=BACK, since=BACK)
        )
    assert refused.value.code == "row.refused"


def test_erased_he_is_a_stranger(branches):
    member = left(branches[0], Standing.REMOVED)
    erase_member(member, actor=SYSTEM, document="删〔2020〕1号")
    back = anew(branches[1])
    assert back.pk != member.pk and not Interruption.rows.exists() and lawful()


def test_a_revoked_decision_restores_in_the_same_life(branches):
    here, there = branches
    member = left(here, Standing.EXPELLED)
    for standing in (Standing.DECEASED, Standing.TRANSFERRED_OUT):
        Member.rows.filter(pk=member.pk).update(standing=standing)
        with pytest.raises(ValidationError, match="没有停止党籍"):
            restore_member(member, BACK)
    Member.rows.filter(pk=member.pk).update(standing=Standing.EXPELLED)
    for wrong in (OUT, timezone.localdate() + timedelta(1)):
        with pytest.raises(ValidationError, match="日期"):
            restore_member(member, wrong)
    close_organization(here, actor=SYSTEM, on=BACK, **PAPER)
    with pytest.raises(ValidationError, match="撤销"):
        restore_member(member, BACK)
    restored = restore_member(member, BACK, branch=there)
    assert (restored.standing, restored.joined_on, restored.branch) == ("formal", JOINED, there)
    assert past(member)[1] == (OUT, BACK, "expelled", None, None)
    assert lawful()
    with pytest.raises(ValidationError, match="没有停止党籍"):  # twice
        restore_member(member, BACK)


def test_who_was_on_probation_is_not_restored(branches):
    given = enrolment(standing="probationary", converted_on=None)
    member = enrol_member(branches[0], actor=SYSTEM, enrolment=given)
    end_membership(member, actor=SYSTEM, standing=Standing.REMOVED, on=OUT)
    with pytest.raises(ValidationError, match="LST-03"):
        restore_member(member, BACK)


# The laws ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("law", "sql"),
    [
        ("one-branch", "DELETE FROM members_interruption"),
        (
            "one-branch",
            "UPDATE members_interruption SET during = daterange(lower(during), upper(during) - 1)",
        ),
        (
            "interruption",
            "UPDATE members_interruption SET during = daterange(lower(during) - 1, upper(during))",
        ),
        (
            "interruption",
            "UPDATE members_interruption SET during = daterange(lower(during) + 1, upper(during))",
        ),
        ("interruption", "UPDATE members_interruption SET joined_on = '2024-03-01'"),
        (
            "interruption",
            "UPDATE members_interruption SET during = daterange(lower(during), NULL), standing = 'suspended',"
            " joined_on = NULL, converted_on = NULL",
        ),
    ],
)
def test_the_laws_find_what_is_broken(branches, law, sql):
    left(branches[0], Standing.REMOVED)
    anew(branches[0])
    assert lawful()
    with connection.cursor() as cursor:
        cursor.execute(sql)
    found = {finding["law"]: finding["violations"] for finding in verify("members")}
    assert any(number and law in name for name, number in found.items()), found


@pytest.mark.parametrize(
    "values",
    [
        {"standing": "deceased"},
        {"standing": "formal"},
        {"joined_on": None},
        {"standing": "suspended"},
        {"during": DateRange(OUT, None)},
        {"during": DateRange(None, OUT)},
    ],
)
def test_the_database_refuses_what_no_interruption_is(branches, values):
    left(branches[0], Standing.REMOVED)
    row = Interruption.rows.filter(member=anew(branches[0]))
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(**values)


# Files ------------------------------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["transferred_out", "removed", "suspended", "revoked", "suspended_removed"]),
        st.integers(1, 400),
        st.integers(1, 400),
    ),
    min_size=1,
    max_size=3,
)


def _live(member: Member, branches, steps) -> None:
    """The life, or the lives, of one member: for each step the way out, days until it, days until he is back."""
    for number, (way, after, away) in enumerate(steps):
        branch = branches[number % len(branches)]
        member = Member.rows.get(pk=member.pk)
        out = Membership.rows.get(member=member, during__upper_inf=True).during.lower + timedelta(after)
        back = out + timedelta(away + 1)
        if way.startswith("suspended"):
            member = suspend_member(member, out)
            if way == "suspended":
                restore_member(member, back, branch=branch)
                continue
            remove_suspended(member, out + timedelta(1))
        else:
            end_membership(member, actor=SYSTEM, standing="removed" if way == "revoked" else way, on=out)
        if way == "revoked":
            restore_member(member, back, branch=branch)
        elif way == "transferred_out":
            given = {"joined_on": member.joined_on, "converted_on": member.converted_on, "since": back}
            enrol_member(branch, actor=SYSTEM, enrolment=enrolment(44, **given), again=True)
        else:
            back += timedelta(1)
            given = {"joined_on": back, "converted_on": back, "since": back}
            enrol_member(branch, actor=SYSTEM, enrolment=enrolment(44, **given), again=True)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS, last=st.booleans())
def test_lives_travel_in_files_and_every_day_stays(tmp_path_factory, steps, last):
    """What is exported here comes in elsewhere: the same rows, so the same figures on any day."""
    folder = tmp_path_factory.mktemp("lives")
    with transaction.atomic():
        import_path(write(folder / "in", rows()), actor=SYSTEM)
        branches = [Organization.rows.get(short_name=name) for name in ("东村党支部", "北村党支部")]
        member = enrol_member(branches[0], actor=SYSTEM, enrolment=enrolment(order=44))
        _live(member, branches, steps)
        if last:
            remove_suspended(suspend_member(member, date(2026, 5, 1)), date(2026, 6, 1))
        assert lawful()
        lived, row = past(member), Member.rows.values("standing", "joined_on", "left_on").get(pk=member.pk)
        export_package(folder / "out", actor=SYSTEM, purpose="搬迁", with_numbers=True)
        transaction.set_rollback(True)
    with transaction.atomic():
        assert import_path(folder / "out", actor=SYSTEM).problems == []
        again = Member.rows.get(name=member.name, birth_date=member.birth_date, id_hash=member.id_hash)
        assert (past(again), lawful()) == (lived, True)
        assert Member.rows.values("standing", "joined_on", "left_on").get(pk=again.pk) == row
        twice = import_path(folder / "out", actor=SYSTEM)
        assert {name: counts["new"] for name, counts in twice.counts.items() if counts["new"]} == {}
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([("2001-01-01", "2004-01-01", "", "", "")], ("from", "spell.gap")),
        ([("2004-01-01", "2005-01-01", "removed", "", "")], ("standing", "spell.out_first")),
        (
            [("2001-01-01", "2004-01-01", "", "", ""), ("2004-01-01", "2005-01-01", "", "2001-01-01", "")],
            ("joined_on", "spell.life"),
        ),
        (
            [
                ("2001-01-01", "2004-01-01", "", "", ""),
                ("2004-01-01", "2005-01-01", "removed", "2001-01-01", "2000-01-01"),
            ],
            ("joined_on", "spell.life"),
        ),
        (
            [
                ("2001-01-01", "2004-06-01", "", "", ""),
                (
                    "2004-06-01",
                    "2005-01-01",
                    "removed",
                    "2004-05-04",
                    "",
                ),  # the present life began on that day
            ],
            ("joined_on", "spell.life"),
        ),
        (
            [("2001-01-01", "2004-01-01", "", "", ""), ("2003-12-31", "2005-01-01", "removed", "", "")],
            ("from", "spell.overlap"),
        ),
        (
            [("2001-01-01", "2004-01-01", "", "", ""), ("2004-01-01", "2005-01-01", "deceased", "", "")],
            ("standing", "code.unknown"),
        ),
    ],
)
def test_files_with_a_wrong_past_are_refused(tmp_path, lines, problem):
    package = rows()
    bob = package["members"][1]
    bob[13] = "2005-01-01"  # in his branch since then
    package["memberships"] = [[bob[0], bob[12], *line] for line in lines]
    header = COLUMNS["memberships"] + ",standing,joined_on,converted_on"
    outcome = import_path(write(tmp_path, package, memberships=header), actor=SYSTEM)
    assert problem in [(found.column, found.code) for found in outcome.problems]
    assert not Member.rows.exists()


def test_a_suspension_before_the_present_spell_comes_in(tmp_path):
    package = rows()
    bob = package["members"][1]
    bob[13] = "2005-01-01"
    package["memberships"] = [
        [bob[0], bob[12], "2004-05-04", "2004-06-01", "", "", ""],
        [bob[0], bob[12], "2004-06-01", "2005-01-01", "停止党籍", "", ""],
    ]
    header = COLUMNS["memberships"] + ",standing,joined_on,converted_on"
    assert import_path(write(tmp_path, package, memberships=header), actor=SYSTEM).problems == []
    day = date(2004, 6, 1)
    assert past(Member.rows.get(name="曾大海"))[1] == (day, date(2005, 1, 1), "suspended", None, None)
    assert lawful()


# What others learn ------------------------------------------------------------------------------------------


def test_the_life_before_is_shown_in_reach_and_to_himself(client, tmp_path):
    world = make_world()
    member = enrol_member(world.west_branch, actor=SYSTEM, enrolment=enrolment(44))
    end_membership(member, actor=SYSTEM, standing=Standing.REMOVED, on=OUT)
    given = enrolment(44, joined_on=BACK, since=BACK, converted_on=None, standing=Standing.PROBATIONARY)
    enrol_member(world.east_branch, actor=officer(world.east), enrolment=given, again=True)
    address = reverse("members:detail", args=[member.uid])

    def seen(user, address=address) -> tuple[bool, bool, bool]:
        client.force_login(user)
        text = client.get(address).content.decode()
        return "西岭村党支部" in text, "登记离开" in text, "没有列出" in text

    assert seen(world.officers["east"]) == (False, False, True)
    assert seen(world.officers["province"]) == (True, True, False)
    world.officers["member"].member_id = member.pk
    world.officers["member"].save()
    assert seen(world.officers["member"], reverse("members:my_file"))[::2] == (True, False)
    client.force_login(world.officers["west"])
    assert client.get(address).status_code == 404
    # The file of an export says the same.
    rights = (Can.EXPORT, Can.REVEAL)
    for places, rows_out in (((world.east,), 0), ((world.root,), 2)):
        reach = Reach({right.code: tuple(place.key for place in places) for right in rights})
        actor = Actor(name="导出", user_id=9, reach=reach)
        counts = export_package(tmp_path / str(rows_out), actor=actor, purpose="核对", with_numbers=True)
        assert counts["memberships"] == rows_out
