"""A transfer is custody: who may do which step when, what it changes, and that nobody falls between two branches."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import GrantFactory
from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.values import value
from baolei.kernel.laws import verify
from baolei.members.actions import end_membership, move_member
from baolei.members.models import Member, Membership
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.kinds import Kind
from baolei.organizations.tests.factories import make_branch, make_organization
from baolei.transfers import actions
from baolei.transfers.models import Transfer

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-11-20T02:00:00Z", tick=False)
    return time_machine


class Two:
    """Two committees of one county with a branch each, an officer for each, and one above both."""

    def __init__(self):
        county = make_organization(kind=Kind.LOCAL_COMMITTEE)
        self.east, self.west = (make_organization(county, kind=Kind.TOWNSHIP_COMMITTEE) for _ in range(2))
        self.here, self.there = make_branch(self.east), make_branch(self.west)
        self.beside = make_branch(self.west)
        self.member = MemberFactory(branch=self.here)
        self.sender, self.receiver = (self.actor("township_officer", one) for one in (self.east, self.west))
        self.secretary = self.actor("branch_secretary", self.here)
        self.above = self.actor("department_officer", county)

    @staticmethod
    def actor(role, organization):
        return actor_of(GrantFactory(role=role, organization=organization).user)

    def asked(self) -> Transfer:
        return actions.ask(self.member, actor=self.secretary, receiver=self.there)

    def released(self) -> Transfer:
        return actions.release(self.asked(), actor=self.sender)

    def place(self):
        return Member.rows.get(pk=self.member.pk).branch_id


@pytest.fixture
def two(db):
    return Two()


def spells(member) -> list[tuple]:
    rows = Membership.rows.filter(member=member).order_by("during")
    return [(row.branch_id, row.during.lower, row.during.upper) for row in rows]


def lawful() -> bool:
    found = verify("transfers.custody") + verify("members.one-branch-a-day")
    assert len(found) == 2
    return not any(law["violations"] for law in found)


def test_from_asking_to_accepting_the_member_counts_once(two):
    since = spells(two.member)[0][1]
    transfer = two.asked()
    assert (transfer.state, transfer.holder, transfer.due_on) == ("asked", two.here, date(2026, 12, 5))
    transfer = actions.release(transfer, actor=two.sender, days=10)
    assert (transfer.state, transfer.holder, transfer.due_on) == ("released", two.there, date(2026, 11, 30))
    assert two.place() == two.here.pk
    transfer = actions.accept(transfer, actor=two.receiver)
    assert (transfer.state, transfer.holder, transfer.due_on) == ("accepted", None, None)
    assert transfer.accepted_on == TODAY and two.place() == two.there.pk
    assert spells(two.member) == [(two.here.pk, since, TODAY), (two.there.pk, TODAY, None)]
    assert lawful()


def test_a_branch_proposes_its_committee_releases_the_other_accepts(two):
    transfer = two.asked()
    for actor in (two.secretary, two.receiver):
        with pytest.raises(PermissionDenied):
            actions.release(transfer, actor=actor)
    transfer = actions.release(transfer, actor=two.sender)
    for actor in (two.secretary, two.sender):
        with pytest.raises(PermissionDenied):
            actions.accept(transfer, actor=actor)
    with pytest.raises(PermissionDenied):
        actions.ask(MemberFactory(branch=two.beside), actor=two.secretary, receiver=two.here)
    assert two.place() == two.here.pk


def test_the_receiving_committee_may_choose_another_of_its_branches(two):
    transfer = two.released()
    with pytest.raises(ValidationError, match="本基层党委"):
        actions.accept(transfer, actor=two.receiver, branch=two.here)
    actions.accept(transfer, actor=two.receiver, branch=two.beside)
    assert two.place() == two.beside.pk


@pytest.mark.parametrize("state", ["asked", "released", "accepted", "refused", "withdrawn"])
def test_every_step_out_of_order_is_refused_and_changes_nothing(two, state):
    transfer = two.asked()
    if state in ("released", "accepted"):
        transfer = actions.release(transfer, actor=two.sender)
    if state == "accepted":
        transfer = actions.accept(transfer, actor=two.receiver)
    if state == "refused":
        transfer = actions.refuse(transfer, actor=two.sender, refusal="double")
    if state == "withdrawn":
        transfer = actions.withdraw(transfer, actor=two.secretary)
    before = Transfer.rows.filter(pk=transfer.pk).values().get(), spells(two.member)
    steps = {
        "release": (lambda: actions.release(transfer, actor=two.sender), {"asked"}),
        "accept": (lambda: actions.accept(transfer, actor=two.receiver), {"released"}),
        "receipt": (lambda: actions.enter_receipt(transfer, actor=two.sender), set()),
        "push": (lambda: actions.push(transfer, actor=two.secretary), set()),
        "withdraw": (lambda: actions.withdraw(transfer, actor=two.above), {"asked", "released"}),
    }
    for name, (act, fits) in steps.items():
        if state in fits:
            continue
        with pytest.raises(ValidationError):
            act()
        assert (Transfer.rows.filter(pk=transfer.pk).values().get(), spells(two.member)) == before, name


def test_twice_the_same_click_is_one(two):
    transfer = two.released()
    actions.accept(transfer, actor=two.receiver)
    with pytest.raises(ValidationError, match="已接收"):
        actions.accept(transfer, actor=two.receiver)
    assert len(spells(two.member)) == 2


def test_sent_back_only_by_who_holds_it_and_with_a_reason(two):
    transfer = two.asked()
    with pytest.raises(PermissionDenied):
        actions.refuse(transfer, actor=two.receiver, refusal="double")
    with pytest.raises(ValidationError, match="TRF-03"):
        actions.refuse(transfer, actor=two.sender, refusal="")
    transfer = actions.release(transfer, actor=two.sender)
    with pytest.raises(PermissionDenied):
        actions.refuse(transfer, actor=two.sender, refusal="double")
    transfer = actions.refuse(transfer, actor=two.receiver, refusal="not_arrived")
    assert (transfer.state, transfer.refusal, transfer.holder) == ("refused", "not_arrived", None)
    assert two.place() == two.here.pk and two.asked().state == "asked"


def test_what_cannot_be_asked(two):
    with pytest.raises(ValidationError, match="只选一样"):
        actions.ask(two.member, actor=two.secretary)
    with pytest.raises(ValidationError, match="已经在"):
        actions.ask(two.member, actor=two.secretary, receiver=two.here)
    with pytest.raises(ValidationError, match="TRF-02"):
        actions.ask(two.member, actor=two.secretary, receiver=make_branch(two.east))
    with pytest.raises(ValidationError, match="现有的党支部"):
        actions.ask(two.member, actor=two.secretary, receiver=two.west)
    two.asked()
    with pytest.raises(ValidationError, match="正在办理"):
        two.asked()
    row = Transfer.rows.values().get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.rows.create(**row | {"id": None, "ref": "other", "uid": two.member.uid})


def test_who_is_on_the_way_is_moved_by_nothing_else(two):
    two.asked()
    for act in (
        lambda: move_member(two.member, actor=two.above, branch=two.beside, on=TODAY),
        lambda: end_membership(two.member, actor=two.above, standing="deceased", on=TODAY),
    ):
        with pytest.raises(ValidationError, match="正在办理"):
            act()
    assert two.place() == two.here.pk


def test_a_letter_to_another_province_ends_with_its_receipt(two):
    transfer = actions.ask(two.member, actor=two.secretary, outside="310000")
    with pytest.raises(ValidationError, match="介绍信编号"):
        actions.release(transfer, actor=two.sender)
    with pytest.raises(ValidationError, match="1 至 90"):
        actions.release(transfer, actor=two.sender, letter="组介〔2026〕7号", days=91)
    transfer = actions.release(transfer, actor=two.sender, letter="组介〔2026〕7号", days=90)
    assert (transfer.holder, transfer.due_on) == (two.here, TODAY + timedelta(days=90))
    with pytest.raises(ValidationError, match="回执"):
        actions.accept(transfer, actor=two.above)
    actions.enter_receipt(transfer, actor=two.sender)
    member = Member.rows.get(pk=two.member.pk)
    assert (member.standing, member.left_on) == ("transferred_out", TODAY)
    assert lawful()


def test_what_is_late_is_pushed_once_a_day(two, today):
    transfer = two.asked()
    with pytest.raises(ValidationError, match="还没有到期"):
        actions.push(transfer, actor=two.secretary)
    today.move_to("2026-12-06T02:00:00Z", tick=False)
    transfer = actions.push(transfer, actor=two.secretary)
    assert transfer.pushed_on == timezone.localdate() == date(2026, 12, 6)
    with pytest.raises(ValidationError, match="今天已经"):
        actions.push(transfer, actor=two.secretary)
    # Late is no end: it can still be released, and the next clock begins anew.
    transfer = actions.release(transfer, actor=two.sender)
    assert (transfer.pushed_on, transfer.due_on) == (None, date(2027, 1, 5))


def test_a_clock_put_back_is_told_and_writes_nothing(two, today):
    transfer = two.released()
    before = spells(two.member)
    today.move_to("2026-11-19T15:59:00Z", tick=False)  # 23:59 of the day before, here
    for act, who in ((actions.accept, two.receiver), (actions.withdraw, two.secretary)):
        with pytest.raises(ValidationError, match=r"2026-11-19，早于上一步办理的 2026-11-20。请联系管理员"):
            act(transfer, actor=who)
    assert spells(two.member) == before and Transfer.rows.get().state == "released" and lawful()
    today.move_to("2026-11-19T16:00:00Z", tick=False)
    assert actions.accept(transfer, actor=two.receiver).accepted_on == TODAY
    assert lawful()


def test_the_member_asks_and_takes_back_for_himself_alone(two):
    user = GrantFactory(role="branch_secretary", organization=make_branch()).user
    user.member_id = two.member.pk
    user.save()
    actor = actor_of(user)
    transfer = actions.ask(two.member, actor=actor, receiver=two.there)
    with pytest.raises(PermissionDenied):
        actions.release(transfer, actor=actor)
    assert actions.withdraw(transfer, actor=actor).state == "withdrawn"
    with pytest.raises(PermissionDenied):
        actions.ask(MemberFactory(branch=two.here), actor=actor, receiver=two.there)


def test_the_figure_counts_what_ran_here(two):
    declared = figure("transfers.platform_completed")
    assert value(declared, two.east, on=TODAY).value == 0
    actions.accept(two.released(), actor=two.receiver)
    assert value(declared, two.east, on=TODAY).value == 1


def test_the_law_finds_a_member_taken_out_of_custody(two):
    two.asked()
    Member.rows.filter(pk=two.member.pk).update(branch=two.beside, branch_key=two.beside.key)
    assert not lawful()


STEPS = ("ask", "release", "accept", "refuse", "withdraw", "leave", "receipt", "push", "move", "day")


def done(step, member, transfer, actor, branch) -> None:
    """One step, whether it fits or not."""
    leaving = transfer is not None and transfer.kind == "leaving"
    if step == "ask":
        actions.ask(member, actor=actor, receiver=branch)
    elif step == "leave":
        actions.ask(member, actor=actor, outside="310000")
    elif step == "move":
        move_member(member, actor=actor, branch=branch, on=timezone.localdate())
    elif step == "release":
        actions.release(transfer, actor=actor, letter="1" if leaving else "")
    elif step == "accept":
        actions.accept(transfer, actor=actor, branch=branch)
    elif step == "refuse":
        actions.refuse(transfer, actor=actor, refusal="double")
    elif step == "receipt":
        actions.enter_receipt(transfer, actor=actor)
    else:
        getattr(actions, step)(transfer, actor=actor)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(STEPS),
            st.integers(0, 1),
            st.integers(0, 2),
            st.sampled_from(["sender", "receiver", "secretary", "above"]),
        ),
        max_size=25,
    )
)
def test_whatever_is_done_each_member_is_in_exactly_one_branch_on_every_day(today, plan):
    with transaction.atomic():
        two = Two()
        members = [two.member, MemberFactory(branch=two.there)]
        branches, now = [two.here, two.there, two.beside], timezone.now()
        begun = {m.pk: spells(m)[0][1] for m in members}
        for step, who, where, officer in plan:
            member, actor = Member.rows.get(pk=members[who].pk), getattr(two, officer)
            transfer = Transfer.rows.filter(member=member).order_by("-pk").first()
            if step == "day":
                now += timedelta(days=11)
                today.move_to(now, tick=False)
                continue
            if transfer is None and step not in ("ask", "leave", "move"):
                continue
            try:
                with transaction.atomic():
                    done(step, member, transfer, actor, branches[where])
            except (ValidationError, PermissionDenied):
                pass
        for member in members:
            found, row = spells(member), Member.rows.get(pk=member.pk)
            assert found[0][1] == begun[member.pk]
            assert all(a[2] == b[1] for a, b in pairwise(found))
            assert (found[-1][0], found[-1][2]) == (row.branch_id, row.left_on)
            open_ones = Transfer.rows.filter(member=member, state__in=Transfer.OPEN)
            assert open_ones.count() <= 1
            assert all(t.holder and t.due_on and t.sender_id == row.branch_id for t in open_ones)
        assert lawful()
        transaction.set_rollback(True)
    today.move_to("2026-11-20T02:00:00Z", tick=False)
