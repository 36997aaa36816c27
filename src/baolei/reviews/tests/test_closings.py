"""Many reported rounds closed or sent back in one go: what is offered, what is refused, who may, once and no more."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from baolei.accounts.models import Grant, User
from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import GrantFactory
from baolei.kernel.actions import AFTER
from baolei.kernel.laws import verify
from baolei.kernel.models import Event, StaleMark
from baolei.kernel.privacy import purge
from baolei.organizations.kinds import Kind
from baolei.organizations.tests.factories import make_branch, make_organization
from baolei.reviews import actions, closing, closing_actions, jobs
from baolei.reviews.models import Appraisal, Closing, ClosingLine, Round
from baolei.reviews.queries import not_begun, reported_to
from baolei.reviews.tests.factories import make_appraisal, make_reported

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-11-20T02:00:00Z", tick=False)
    return time_machine


class Town:
    """A township with branches, its officer, and those beside and above."""

    def __init__(self):
        self.county = make_organization(kind=Kind.LOCAL_COMMITTEE)
        self.town = make_organization(self.county, kind=Kind.TOWNSHIP_COMMITTEE)
        self.other = make_organization(self.county, kind=Kind.TOWNSHIP_COMMITTEE)
        self.officer = self._officer("township_officer", self.town)
        self.above = self._officer("department_officer", self.county)
        self.beside = self._officer("township_officer", self.other)

    @staticmethod
    def _officer(role, organization):
        return actor_of(GrantFactory(role=role, organization=organization).user)

    def reported(self, **given) -> Round:
        return make_reported(make_branch(self.town), **given)


@pytest.fixture
def town():
    return Town()


def ordered(actor, *rounds, act="close") -> Closing:
    return closing_actions.order(None, actor=actor, act=act, rounds=[one.uid for one in rounds])


def outcomes(order) -> list[tuple[str, str]]:
    return [*closing.lines_of(order).values_list("outcome", "why")]


def state(round) -> str:
    return Round.rows.get(pk=round.pk).state


def client_of(actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def test_what_asks_for_no_look(town):
    clear, many = town.reported(), town.reported(excellent=2, waiver="抗洪一线")
    missing, brought = town.reported(graded=2, ungraded=1), town.reported()
    make_appraisal(brought.organization, 3, 3, year=2026, held_on=TODAY)
    make_reported(make_branch(town.other))
    found = {
        row.pk: (row.due, row.found, row.best, row.brought, row.clear) for row in reported_to(town.officer)
    }
    assert found == {
        clear.pk: (3, 3, 1, False, True),
        many.pk: (3, 3, 2, False, False),
        missing.pk: (3, 2, 1, False, False),
        brought.pk: (3, 3, 1, True, False),
    }
    # From the county nobody closes, and next door is next door (G-08).
    assert not reported_to(town.above).exists() and reported_to(town.beside).count() == 1


def test_each_is_closed_by_its_own_and_one_that_is_refused_stops_none(town):
    first, brought, last = (town.reported() for _ in range(3))
    make_appraisal(brought.organization, 3, 3, year=2026, held_on=TODAY)
    order = ordered(town.officer, first, brought, last)
    closing.carry_out(order.pk)
    why = "这一年度的民主评议已经由文件导入，请先核对，再取消这一次或者撤销导入。"
    assert outcomes(order) == [("done", ""), ("refused", why), ("done", "")]
    assert [state(one) for one in (first, brought, last)] == ["closed", "reported", "closed"]
    assert closing.progress_of(order) == {"waiting": 0, "done": 2, "refused": 1}
    events = Event.objects.filter(action="reviews.round.close")
    assert {(e.target_id, e.actor_id, e.actor_name) for e in events} == {
        (one.pk, town.officer.user_id, town.officer.name) for one in (first, last)
    }
    assert Event.objects.filter(action="reviews.closing.order").count() == 1
    assert Appraisal.rows.filter(ref__startswith="baolei-", found=3).count() == 2
    assert not verify("appraisal.complete")[0]["violations"]


def test_closed_together_all_is_as_if_closed_alone(town):
    alone = [town.reported(excellent=at) for at in (0, 2)]
    StaleMark.objects.all().delete()
    for round in alone:
        actions.close_round(round, actor=town.officer)
    expected = left_by(alone)
    together = [town.reported(excellent=at) for at in (0, 2)]
    StaleMark.objects.all().delete()
    assert actions.close_rounds(together[::-1], actor=town.officer) == together
    assert left_by(together) == expected
    assert actions.close_rounds([], actor=town.officer) == []
    for wrong in (together[0], make_reported(make_branch(town.other))):
        one = town.reported()
        with pytest.raises((ValidationError, PermissionDenied)):
            actions.close_rounds([one, wrong], actor=town.officer)
        assert state(one) == "reported"


def left_by(rounds) -> list:
    """What closing left, without what tells one round from another."""
    about = ("state", "closed_on", "excellent", "unqualified")
    return [
        [
            Round.rows.values_list(*about).get(pk=one.pk),
            Appraisal.rows.values_list("year", "held_on", "due", "found").get(organization=one.organization),
            sorted(StaleMark.objects.filter(key=one.organization.key).values_list("model", flat=True)),
            Event.objects.filter(target_id=one.pk, target_key=one.organization.key).values_list(
                *("action", "actor_id", "office", "reach", "person_id", "target_model", "detail", "changes")
            )[0],
        ]
        for one in rounds
    ]


def test_twice_is_as_once_and_a_second_order_is_told(town):
    one = town.reported()
    order, second = ordered(town.officer, one), ordered(town.officer, one)
    for _ in range(2):
        closing.carry_out(order.pk)
    closing.carry_out(second.pk)
    closing.carry_out(0)  # purged meanwhile
    assert outcomes(order) == [("done", "")]
    assert outcomes(second)[0][0] == "refused" and "已办结" in outcomes(second)[0][1]
    assert Event.objects.filter(action="reviews.round.close").count() == Appraisal.rows.count() == 1


def test_sent_back_the_branch_grades_anew(town):
    one = town.reported(excellent=2, waiver="抗洪一线")
    order = ordered(town.officer, one, act="send_back")
    closing.carry_out(order.pk)
    one.refresh_from_db()
    assert outcomes(order) == [("done", "")]
    assert (one.state, one.waiver, one.told_on, one.reported_on) == ("graded", "", None, None)


@pytest.mark.parametrize("lost", ["grant", "account"])
def test_the_right_is_that_of_the_moment_in_which_it_is_done(town, lost):
    one = town.reported()
    order = ordered(town.officer, one)
    if lost == "grant":
        Grant.rows.filter(user_id=town.officer.user_id).delete()
    else:
        User.objects.filter(pk=town.officer.user_id).update(is_active=False)
    closing.carry_out(order.pk)
    assert outcomes(order) == [("refused", "您现在没有办理这次民主评议的权限。")]
    assert state(one) == "reported" and not Appraisal.rows.exists()


def test_what_is_not_reported_to_the_actor_is_left_out(town):
    here, beside = town.reported(), make_reported(make_branch(town.other))
    told = town.reported()
    Round.rows.filter(pk=told.pk).update(state="told")
    order = ordered(town.officer, here, beside, told)
    assert [*closing.lines_of(order).values_list("round", flat=True)] == [here.pk]
    for actor, act in ((town.above, "close"), (town.beside, "send_back"), (town.officer, "cancel")):
        with pytest.raises(ValidationError):
            ordered(actor, here, act=act)
    secretary = actor_of(GrantFactory(role="branch_secretary", organization=here.organization).user)
    with pytest.raises(PermissionDenied):
        ordered(secretary, here)
    assert Closing.objects.count() == 1


def test_what_goes_wrong_is_said_and_the_rest_goes_on(town, monkeypatch):
    bad, good = town.reported(), town.reported()

    def reaction(round, *, actor):
        if round.pk == bad.pk:
            raise RuntimeError("when it was almost done")

    monkeypatch.setitem(AFTER, "reviews.round.close", [reaction])
    order = ordered(town.officer, bad, good)
    closing.carry_out(order.pk)
    assert [outcome for outcome, _why in outcomes(order)] == ["refused", "done"]
    assert (state(bad), state(good), Appraisal.rows.count()) == ("reported", "closed", 1)


def test_a_database_that_gives_up_leaves_the_rest_to_the_next_try(town, monkeypatch, today):
    monkeypatch.setattr(closing, "TOGETHER", 1)
    first, second = town.reported(), town.reported()

    def reaction(round, *, actor):
        if round.pk == second.pk:
            raise OperationalError

    order = ordered(town.officer, first, second)
    with monkeypatch.context() as patched, pytest.raises(OperationalError):
        patched.setitem(AFTER, "reviews.round.close", [reaction])
        jobs.carry_out(number=order.pk)
    assert outcomes(order) == [("done", ""), ("waiting", "")]
    assert closing.forsaken() == []
    today.move_to(timezone.now() + timedelta(minutes=3), tick=False)
    assert closing.forsaken() == [order.pk]
    jobs.mend_closings(timestamp=0)
    assert outcomes(order) == [("done", ""), ("done", "")] and closing.forsaken() == []


def test_the_officer_ticks_some_and_sees_what_became_of_them(town):
    clear, look = town.reported(), town.reported(excellent=2, waiver="抗洪一线")
    client, address = client_of(town.officer), reverse("reviews:to_close")
    text = client.get(address).content.decode()
    assert f'value="{clear.uid}" aria-label="选择{clear.organization.short_name}" checked' in text
    assert f'value="{look.uid}" aria-label="选择{look.organization.short_name}">' in text
    assert "2（67%）" in text and "优秀超过三分之一" in text and "抗洪一线" in text
    assert "办结所有不必细看的（1 次）" in text and "办结全部（2 次）" in text
    nothing = client.post(address, {"which": "ticked", "act": "close", "round": ["x"]})
    assert nothing.status_code == 422 and "请至少勾选" in nothing.content.decode()
    answer = client.post(address, {"which": "clear", "act": "close"})
    order = Closing.objects.get()
    assert answer.headers["Location"] == reverse("reviews:closing", args=[order.uid])
    assert (state(clear), state(look)) == ("closed", "reported")
    assert "1 次都已办好" in client.get(answer.headers["Location"]).content.decode()
    client.post(address, {"which": "ticked", "act": "send_back", "round": [str(look.uid)]})
    assert state(look) == "graded"
    text = client.get(address).content.decode()
    assert "没有待审核办结的民主评议" in text and "退回重新评定" in text
    # An order is its officer's own.
    other = client_of(town.beside)
    assert other.get(answer.headers["Location"]).status_code == 404
    assert "还没有" not in other.get(address).content.decode()
    secretary = GrantFactory(role="branch_secretary", organization=clear.organization).user
    assert client_of(actor_of(secretary)).get(address).status_code == 404


def test_more_than_a_few_are_left_to_a_job(town, monkeypatch):
    monkeypatch.setattr(closing_actions, "FEW", 1)
    deferred = []
    monkeypatch.setattr(jobs.carry_out, "defer", lambda **given: deferred.append(given))
    rounds = [town.reported(graded=1, excellent=0) for _ in range(2)]
    client = client_of(town.officer)
    answer = client.post(reverse("reviews:to_close"), {"which": "all", "act": "close"})
    order = Closing.objects.get()
    assert deferred == [{"number": order.pk}] and {state(one) for one in rounds} == {"reported"}
    waiting = client.get(answer.headers["Location"]).content.decode()
    assert "已办 0 / 2" in waiting and "hx-trigger" in waiting
    jobs.carry_out(number=order.pk)
    part = client.get(answer.headers["Location"], headers={"HX-Request": "true", "HX-Target": "state"})
    assert "2 次都已办好" in part.content.decode() and "<html" not in part.content.decode()


def test_orders_go_after_half_a_year(town, today):
    order = ordered(town.officer, town.reported())
    today.move_to(timezone.now() + timedelta(days=189), tick=False)
    assert purge("reviews.closings") == {"reviews.closings": 0}
    today.move_to(timezone.now() + timedelta(days=2), tick=False)
    purge("reviews.closings")
    assert not Closing.objects.exists() and not ClosingLine.objects.filter(closing=order).exists()


def test_the_board_counts_within_reach_and_leads_to_lists(town):
    town.reported()
    closed = town.reported(year=2025)
    idle, empty = make_branch(town.town), make_branch(town.town)
    make_reported(make_branch(town.other))
    make_appraisal(make_reported(idle, year=2025).organization, 1, 1, year=2024)
    make_branch(town.town, closed_on=date(2020, 1, 1))
    client, address = client_of(town.officer), reverse("reviews:board")
    text = client.get(address).content.decode()
    row = r'<a href="{}">{}</a></th><td data-label="该谁办理">{}</td><td class="num" data-label="党支部">{}</td>'
    lists = reverse("reviews:round_list") + "?year=2026&amp;state=reported"
    assert row.format(lists, "已报送", "上级党委", 1) in text
    left = reverse("reviews:not_begun") + "?year=2026"
    assert row.format(left, "还没有开展", "党支部", 2) in text
    assert {*not_begun(2026).visible_to(town.officer, closing_actions.Can.VIEW)} == {
        closed.organization,
        idle,
    }
    listed = client.get(left).content.decode()
    assert idle.short_name in listed and f">{empty.short_name}<" not in listed
    assert "没有这个党组织" in client.get(f"{address}?organization={town.other.uid}").content.decode()
    above = client_of(town.above)
    assert row.format(lists, "已报送", "上级党委", 2) in above.get(address).content.decode()
    turn = client.get(reverse("reviews:round_list") + "?turn=branch&year=2026").content.decode()
    assert "没有正在办理的民主评议" in turn
