"""Who sees a disposal and what is offered to whom; what waits; the forms from end to end (G-02, G-08)."""

import pytest
from django.test import Client
from django.urls import reverse

from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.disposals.models import Disposal, Entry
from baolei.disposals.tests.way import Way, day
from baolei.kernel.scope import ScopedModel
from baolei.members.tests.factories import MemberFactory
from baolei.members.tests.world import NO_PASSWORD
from baolei.organizations.tests.factories import make_branch, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def way(db, time_machine):
    time_machine.move_to("2026-11-30T02:00:00Z", tick=False)
    return Way()


@pytest.fixture
def client_of(way):
    """A client by who it is: a role at a place of the way, the member, or a colleague."""

    def made(who: str) -> Client:
        user = UserFactory(password=NO_PASSWORD, member_id=None)
        places = {
            "secretary": ("branch_secretary", way.branch),
            "general": ("committee_officer", way.general),
            "township": ("township_officer", way.town),
            "county": ("department_officer", way.county),
            "watcher": ("data_protection_officer", way.county),
        }
        if who in places:
            role, place = places[who]
            GrantFactory(user=user, role=role, organization=place)
        elif who == "member":
            user = way.user
        elif who == "colleague":
            user = UserFactory(password=NO_PASSWORD, member_id=MemberFactory(branch=way.branch).pk)
        client = Client()
        client.force_login(user)
        return client

    return made


def page(disposal) -> str:
    return reverse("disposals:disposal", args=[disposal.uid])


def step(disposal, name: str) -> str:
    return reverse("disposals:step", args=[disposal.uid, name])


SEEN = ("secretary", "general", "township", "member")
UNSEEN = ("county", "watcher", "colleague")


def test_the_member_and_the_deciding_bodies_see_it_and_nobody_above(way, client_of):
    disposal = way.advanced("meet")
    member = way.member.uid
    for who in SEEN:
        client = client_of(who)
        assert "处试行" in client.get(page(disposal)).content.decode(), who
        assert "处试行" in client.get("/disposals/").content.decode(), who
        assert "除名" in client.get(f"/disposals/members/{member}/").content.decode(), who
    for who in UNSEEN:
        client = client_of(who)
        assert client.get(page(disposal)).status_code == 404, who
        listed = client.get("/disposals/")
        assert listed.status_code == 404 or "处试行" not in listed.content.decode(), who
        assert client.get(f"/disposals/members/{member}/").status_code == 404, who
    # The file of a member, which a county may see, says nothing of it.
    assert (
        "组织处置" not in client_of("county").get(f"/members/{member}/").content.decode().split("</nav>")[-1]
    )


def test_the_county_sees_it_once_it_decides_the_appeal(way, client_of):
    disposal = way.until("appeal")
    county = client_of("county")
    shown = county.get(page(disposal)).content.decode()
    assert "处理申诉" in shown and "更正最近一步" not in shown
    sent = {"result": "changed", "kind": "rectify", "on": "2026-04-20", "document": "县组〔2026〕9号"}
    assert county.post(step(disposal, "decide"), sent).status_code == 422  # no last day
    assert county.post(step(disposal, "decide"), sent | {"until": "2026-12-20"}).status_code == 302
    disposal.refresh_from_db()
    assert (disposal.kind, disposal.state, disposal.until) == ("rectify", "told", day("2026-12-20"))


def test_steps_are_offered_to_whom_they_belong(way, client_of):
    disposal = way.advanced("report")
    offered = {
        who: {name for name in ("approve", "correct", "cancel") if step(disposal, name) in shown}
        for who in SEEN
        for shown in [client_of(who).get(page(disposal)).content.decode()]
    }
    assert offered == {
        "secretary": {"correct", "cancel"},
        "general": {"correct", "cancel"},
        "township": {"approve", "correct", "cancel"},
        "member": set(),
    }
    secretary = client_of("secretary")
    assert secretary.get(step(disposal, "approve")).status_code == 302  # told on its page what waits
    assert secretary.post(step(disposal, "approve"), {}).status_code == 404
    assert client_of("member").post(step(disposal, "cancel"), {}).status_code == 404
    assert secretary.get(step(disposal, "nothing")).status_code == 404
    disposal.refresh_from_db()
    assert disposal.state == "reported"


def test_a_branch_carries_it_by_its_forms(way, client_of):
    secretary = client_of("secretary")
    opened = reverse("disposals:open", args=[way.member.uid])
    shown = secretary.get(f"{opened}?ground=appraisal").content.decode()
    assert "限期改正（第三十条）" in shown and "劝而不退除名" not in shown
    refused = secretary.post(opened, {"what": "remove:30:", "on": "2026-01-05"})
    assert refused.status_code == 422 and not Disposal.rows.exists()
    sent = secretary.post(opened, {"what": "self_lapsed:31.6:dues", "on": "2026-01-05"})
    disposal = Disposal.rows.get()
    assert sent.url == page(disposal) and (disposal.kind, disposal.lapse) == ("self_lapsed", "dues")
    secretary.post(step(disposal, "talk"), {"on": "2026-01-10"})
    people = [*way.branch_members()]
    meeting = {"there": people[:4], "before": people[4:], "excluded": "0", "yes": "3", "no": "1"}
    meeting |= {"abstain": "1", "on": "2026-01-20"}
    assert secretary.post(step(disposal, "meet"), meeting | {"yes": "9"}).status_code == 422
    assert secretary.post(step(disposal, "meet"), meeting).status_code == 302
    entry = Entry.rows.get(step="meet")
    assert (entry.expected, entry.present, entry.written, entry.yes) == (5, 4, 1, 3)
    shown = secretary.get(page(disposal)).content.decode()
    assert "应到 5，实到 4，书面意见 1；赞成 3，不赞成 1，弃权 1" in shown and "等党支部报上级党委" in shown


def test_nobody_from_above_opens_one_and_nobody_about_who_left(way, client_of):
    opened = reverse("disposals:open", args=[way.member.uid])
    for who in ("county", "watcher", "member", "colleague"):
        assert client_of(who).get(opened).status_code == 404, who
        assert client_of(who).post(opened, {"what": "remind:28:", "on": "2026-01-05"}).status_code == 404, who
    assert client_of("township").get(opened).status_code == 200
    way.until("execute")
    assert client_of("secretary").get(opened).status_code == 404
    assert not Disposal.rows.exclude(state="executed").exists()


def test_the_member_appeals_on_his_own_page(way, client_of, time_machine):
    disposal = way.advanced("approve")
    way.take(disposal, "tell", on=day("2026-11-20"))
    member = client_of("member")
    assert "可以申诉" in member.get("/desk/").content.decode()
    shown = member.get(page(disposal)).content.decode()
    assert "提出申诉" in shown and "2026-12-20" in shown
    # Nothing in words is taken (G-02).
    form = member.get(step(disposal, "appeal")).content.decode()
    assert "<textarea" not in form and 'type="file"' not in form
    assert member.post(step(disposal, "appeal"), {}).status_code == 302
    disposal.refresh_from_db()
    assert (disposal.state, disposal.appeal_to) == ("appealed", way.county)
    assert "可以申诉" not in member.get("/desk/").content.decode()
    time_machine.move_to("2026-12-22T02:00:00Z", tick=False)
    other = way.until(member=MemberFactory(branch=way.branch))
    assert "提出申诉" not in client_of("secretary").get(page(other)).content.decode()


def waits(client, *words: str) -> list[bool]:
    shown = client.get("/desk/").content.decode()
    return [word in shown for word in words]


def test_what_waits_stands_on_the_desk_of_whose_it_is(way, client_of, time_machine):
    words = ("组织处置：待党支部办理", "组织处置：待审批", "组织处置：待处理的申诉", "组织处置：已超期")
    time_machine.move_to("2026-01-25T02:00:00Z", tick=False)
    disposal = way.advanced("report")
    found = {who: waits(client_of(who), *words) for who in ("secretary", "township", "county", "member")}
    assert found == {
        "secretary": [False, False, False, False],
        "township": [False, True, False, False],
        "county": [False, False, False, False],
        "member": [False, False, False, False],
    }
    time_machine.move_to("2026-03-12T02:00:00Z", tick=False)
    township = client_of("township")
    assert waits(township, *words) == [False, True, False, True]  # thirty days are over
    assert "处试行" in township.get("/disposals/?at=late").content.decode()
    for name in ("approve", "tell", "appeal"):
        way.take(disposal, name)
    assert waits(client_of("county"), *words) == [False, False, True, False]
    assert waits(township, *words) == [False, False, False, False]


def test_a_rectification_soon_over_stands_on_the_desk_of_the_branch(way, client_of, time_machine):
    word = "限期改正：一个月内到期"
    way.until(kind="rectify", ground="30")
    for today, shown in (
        ("2026-07-20", False),
        ("2026-07-21", True),
        ("2026-08-20", True),
        ("2026-08-21", False),
    ):
        time_machine.move_to(f"{today}T02:00:00Z", tick=False)
        assert waits(client_of("secretary"), word) == [shown], today
    assert waits(client_of("secretary"), "组织处置：待党支部办理") == [True]


def test_another_branch_and_another_county_see_nothing(way):
    disposal = way.advanced("meet")
    other = make_organization(name="西岭县")
    for role, place in (
        ("branch_secretary", make_branch(way.town)),
        ("township_officer", make_organization(other, kind="township_committee")),
        ("department_officer", other),
    ):
        user = UserFactory(password=NO_PASSWORD)
        GrantFactory(user=user, role=role, organization=place)
        client = Client()
        client.force_login(user)
        assert client.get(page(disposal)).status_code == 404, role
        assert client.post(step(disposal, "report"), {"on": "2026-01-22"}).status_code == 404, role


def test_no_table_of_the_area_takes_words_or_files(way):
    """G-02: days, codes, numbers, and the number of a document."""
    for model in (Disposal, Entry):
        assert issubclass(model, ScopedModel)
        texts = {
            f.name for f in model._meta.concrete_fields if f.get_internal_type() in ("TextField", "FileField")
        }
        free = {name for name in texts if not model._meta.get_field(name).choices}
        assert free <= {"ref", "document"}
