"""Goals: the member's own words, few, agreed with the branch, read by himself and the deciding bodies only (S04)."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.kernel.models import Event
from baolei.kernel.privacy import purge
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.kinds import Kind
from baolei.organizations.tests.factories import make_branch, make_organization
from baolei.reviews import goal_actions
from baolei.reviews.models import Goal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-11-30T02:00:00Z", tick=False)
    return time_machine


class House:
    def __init__(self):
        self.county = make_organization()
        self.town = make_organization(self.county, kind=Kind.TOWNSHIP_COMMITTEE)
        self.branch = make_branch(self.town)
        self.member, self.other = (MemberFactory(branch=self.branch) for _ in range(2))
        self.user = UserFactory(member_id=self.member.pk)
        self.neighbour = UserFactory(member_id=self.other.pk)
        self.me, self.another = actor_of(self.user), actor_of(self.neighbour)
        self.secretary = actor_of(GrantFactory(role="branch_secretary", organization=self.branch).user)

    def proposed(self, words="学会办理转接", year=2027) -> Goal:
        return goal_actions.propose_goal(self.member, actor=self.me, year=year, words=words)


@pytest.fixture
def house(db):
    return House()


def test_a_goal_is_ones_own_agreed_and_told(house):
    goal = house.proposed()
    assert (goal.state, goal.organization) == ("proposed", house.branch)
    with pytest.raises(ValidationError, match="商定以后"):
        goal_actions.tell_progress(goal, actor=house.me, progress="办了", state="reached")
    goal = goal_actions.agree_goal(goal, actor=house.secretary)
    assert (goal.state, goal.agreed_on) == ("agreed", date(2026, 11, 30))
    goal = goal_actions.tell_progress(goal, actor=house.me, progress="办了两件", state="")
    goal = goal_actions.tell_progress(goal, actor=house.me, progress="都办了", state="reached")
    assert (goal.state, goal.progress) == ("reached", "都办了")
    with pytest.raises(ValidationError, match="已经办结"):
        goal_actions.tell_progress(goal, actor=house.me, progress="再改")
    # The record of events says that and not what (G-28).
    events = str([*Event.objects.filter(action__startswith="reviews.goal").values_list("detail", "changes")])
    assert "办了" not in events and "学会" not in events


def test_nobody_writes_for_another(house):
    goal = house.proposed()
    for actor in (house.secretary, house.another):
        with pytest.raises(PermissionDenied):
            goal_actions.tell_progress(goal, actor=actor, progress="代写")
        with pytest.raises(PermissionDenied):
            goal_actions.propose_goal(house.member, actor=actor, year=2026, words="代写")
    for actor in (house.me, house.another, actor_of(GrantFactory(organization=house.county).user)):
        with pytest.raises(PermissionDenied):
            goal_actions.agree_goal(goal, actor=actor)


@pytest.mark.parametrize(
    ("given", "words"),
    [({"year": 2025}, "今年或者下一年度"), ({"words": " "}, "写下目标"), ({"words": "长" * 201}, "200 字")],
)
def test_a_goal_is_refused(house, given, words):
    with pytest.raises(ValidationError, match=words):
        house.proposed(**given)


def test_five_a_year_and_one_taken_back_makes_room(house):
    goals = [house.proposed() for _ in range(5)]
    with pytest.raises(ValidationError, match="不超过 5 项"):
        house.proposed()
    house.proposed(year=2026)
    goal_actions.tell_progress(goals[0], actor=house.me, progress="", state="withdrawn")
    house.proposed()


def test_the_pages_are_for_himself_and_the_deciding_bodies(house, client):
    goal = house.proposed("学会办理转接")
    mine, one = reverse("reviews:goals", args=[house.member.uid]), reverse("reviews:goal", args=[goal.uid])
    expected = {
        house.user: 200,
        GrantFactory(role="branch_secretary", organization=house.branch).user: 200,
        GrantFactory(role="township_officer", organization=house.town).user: 200,
        GrantFactory(role="department_officer", organization=house.county).user: 404,
        house.neighbour: 404,
    }
    for user, status in expected.items():
        client.force_login(user)
        assert [client.get(path).status_code for path in (mine, one)] == [status] * 2, user
        assert ("学会办理转接" in client.get(mine).content.decode()) is (status == 200)
    client.force_login(house.user)
    assert client.post(mine, {"year": 2027, "words": "电话 13900001111"}).status_code == 200
    assert Goal.rows.count() == 1
    assert client.post(mine, {"year": 2027, "words": "电话 13900001111", "warned": "1"}).status_code == 302
    assert client.post(mine, {"year": 1999, "words": "旧"}).status_code == 422
    client.force_login(GrantFactory(role="branch_secretary", organization=house.branch).user)
    assert "年度目标：待党支部商定" in client.get("/desk/").content.decode()
    assert client.post(reverse("reviews:goal_agree", args=[goal.uid])).status_code == 302
    assert client.post(reverse("reviews:goal_agree", args=[goal.uid])).status_code == 422
    assert Goal.rows.get(pk=goal.pk).state == "agreed"


def test_three_years_after_the_year_they_are_gone(house, today):
    house.proposed(year=2026)
    today.move_to("2029-12-29T02:00:00Z", tick=False)
    assert purge("reviews.goals")["reviews.goals"] == 0
    today.move_to("2030-01-02T02:00:00Z", tick=False)
    assert purge("reviews.goals")["reviews.goals"] == 1
