"""Changes of the tree on screen: what will happen is shown, then confirmed; both sides tell it afterwards."""

from datetime import date

import pytest

from baolei.accounts.tests.factories import GrantFactory
from baolei.kernel.models import Event
from baolei.members.models import Member
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.models import Change, Organization, Place
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit

PAPER = {"day": "2020-05-01", "cause": "division", "document": "东组〔2020〕5号"}
NOUNS = ("found", "rename", "move", "merge", "split", "close")


@pytest.fixture
def world(db):
    root = make_organization(name="松江省")
    east = make_organization(root, name="东山县")
    towns = [make_organization(east, name=name, kind="township_committee") for name in ("河口镇", "石门镇")]
    west = make_organization(root, name="西岭县")
    return east, *towns, make_organization(west, name="西岭镇", kind="township_committee")


@pytest.fixture
def officer(client, world):
    client.force_login(GrantFactory(organization=world[0], user__password="!").user)
    return client


def _address(organization, noun: str) -> str:
    return f"/organizations/{organization.uid}/{noun}/"


def _text(response) -> str:
    return response.content.decode()


def _confirm(client, organization, noun: str, body: dict):
    """The preview, and the answer to its confirmation."""
    preview = client.post(_address(organization, noun), body)
    assert preview.status_code == 200, _text(preview)
    assert "确认办理" in _text(preview)
    return _text(preview), client.post(
        _address(organization, noun), body | {"seen": preview.context["digest"]}
    )


def test_a_merge_is_shown_first_and_changes_nothing_yet(officer, world):
    _east, town, other, _west = world
    branch = make_branch(town, name="河口支部")
    make_unit(town)
    events = Event.objects.count()
    text, done = _confirm(officer, town, "merge", PAPER | {"into": "石门镇"})
    for part in ("石门镇", "直属下级党组织", "主管的单位", "自当日起转到承接党组织", "合并后不能恢复"):
        assert part in text
    assert done.status_code == 302 and done.url == _address(town, "changes")
    assert Event.objects.count() > events
    branch.refresh_from_db()
    town.refresh_from_db()
    assert (branch.parent, town.closed_on, town.successor) == (other, date(2020, 5, 1), other)
    for side, words in ((town, "并入石门镇"), (other, "河口镇并入")):
        page = _text(officer.get(_address(side, "changes")))
        assert words in page and "东组〔2020〕5号" in page and "行政区划调整" in page


def test_a_preview_writes_nothing(officer, world):
    branch, before = make_branch(world[1]), Place.objects.count()
    events, steps = Event.objects.count(), world[2].next_ordinal
    assert officer.post(_address(branch, "move"), PAPER | {"parent": "石门镇"}).status_code == 200
    assert (Event.objects.count(), Place.objects.count(), Change.rows.count()) == (events, before, 0)
    assert Organization.rows.get(pk=world[2].pk).next_ordinal == steps


def test_other_numbers_ask_for_another_look(officer, world):
    branch = make_branch(world[1])
    MemberFactory(branch=branch)
    body = PAPER | {"into": make_branch(world[2]).code}
    preview = officer.post(_address(branch, "merge"), body)
    MemberFactory(branch=branch)
    again = officer.post(_address(branch, "merge"), body | {"seen": preview.context["digest"]})
    assert again.status_code == 200 and "情况有变化" in _text(again)
    assert again.context["digest"] != preview.context["digest"] and not Change.rows.exists()


def test_going_back_keeps_what_was_filled_in(officer, world):
    response = officer.post(_address(world[1], "move"), PAPER | {"parent": "东山县", "edit": "1"})
    assert 'value="东组〔2020〕5号"' in _text(response) and "确认办理" not in _text(response)


def test_set_up_rename_move_split_close(officer, world):
    _east, town, other, _west = world
    names = {"name": "河口新村党支部", "short_name": "河口新村"}
    _, done = _confirm(officer, town, "found", PAPER | names | {"code": "n1", "kind": "branch"})
    branch = Organization.rows.get(code="N1")
    assert done.url == _address(branch, "changes") and branch.parent == town
    later = PAPER | {"day": "2020-06-01"}
    _confirm(officer, branch, "rename", later | {"name": "河口中心村党支部", "short_name": "中心村"})
    text, _ = _confirm(officer, branch, "move", later | {"parent": other.code})
    assert "移回原上级" in text
    branch.refresh_from_db()
    people = [
        MemberFactory(branch=branch, name=name, joined_on=date(2020, 5, 2)) for name in ("甲试", "乙试")
    ]
    form = _text(officer.get(_address(branch, "split")))
    assert "甲试（2020-05-02 入党）" in form
    chosen = {"code": "N2", "kind": "branch", "people": [str(people[0].uid)]}
    text, _ = _confirm(officer, branch, "split", later | names | chosen)
    assert "划入的党员" in text
    made = Organization.rows.get(code="N2")
    assert [*Member.rows.filter(branch=made)] == [people[0]]
    refused = officer.post(_address(made, "close"), PAPER | {"day": "2020-07-01"})
    assert refused.status_code == 422 and "还有 1 项“党员组织关系”" in _text(refused)
    empty = make_branch(town)
    assert _confirm(officer, empty, "close", later)[1].status_code == 302
    page = _text(officer.get(_address(branch, "changes")))
    for side, words in ((town, "设立下级"), (town, "划出，到石门镇之下"), (other, "由河口镇划入")):
        assert words in _text(officer.get(_address(side, "changes")))
    for part in ("更名，原名河口新村党支部", "由河口镇划到石门镇之下", "拆分出河口新村"):
        assert part in page


@pytest.mark.parametrize(
    ("noun", "given", "words"),
    [
        ("move", {"parent": "西岭镇"}, "没有这个党组织，或不在您的管理范围"),
        ("move", {"parent": "没有的镇"}, "没有这个党组织，或不在您的管理范围"),
        ("move", {"parent": "东山县"}, "已经在这个上级之下"),
        ("merge", {"into": "石门镇", "day": "2999-01-01"}, "不能晚于今天"),
        ("merge", {"into": "石门镇", "document": ""}, "必填"),
        ("merge", {"into": "石门镇", "cause": "x"}, ""),
        ("close", {"successor": "西岭镇"}, "不在您的管理范围"),
        ("split", {"code": "n", "name": "n", "short_name": "n", "kind": "branch"}, "请至少选择一项"),
        (
            "found",
            {"code": "n", "name": "n", "short_name": "n", "kind": "local_committee", "region_code": "1"},
            "6 位",
        ),
    ],
)
def test_what_is_wrong_is_said_on_the_form(officer, world, noun, given, words):
    response = officer.post(_address(world[1], noun), PAPER | given)
    assert response.status_code == 422 and words in _text(response)
    assert not Change.rows.exists()


def test_out_of_reach_there_is_no_page(officer, world):
    for noun in (*NOUNS, "changes"):
        assert officer.get(_address(world[3], noun)).status_code == 404
        assert officer.post(_address(world[3], noun), PAPER).status_code in (404, 405)


def test_ones_own_top_is_changed_from_above(officer, world):
    """Of it only its name is changed and what is below it set up."""
    assert [officer.get(_address(world[0], noun)).status_code for noun in NOUNS] == [
        200,
        200,
        404,
        404,
        404,
        404,
    ]


def test_closed_organizations_have_no_forms(officer, world):
    gone = make_branch(world[1], closed_on=date(2014, 1, 1))
    assert [officer.get(_address(gone, noun)).status_code for noun in NOUNS] == [404] * 6
    assert officer.get(_address(gone, "changes")).status_code == 200


def test_who_may_not_change_the_tree_reads_only(client, world):
    secretary = GrantFactory(organization=world[1], role="branch_secretary", user__password="!").user
    client.force_login(secretary)
    page = client.get(_address(world[1], "changes"))
    assert page.status_code == 200
    assert page.context["offers"] == []
    assert [client.get(_address(world[1], noun)).status_code for noun in NOUNS] == [404] * 6
