"""The pages of a transfer: queue, detail with its steps, forms, refusals in words."""

from datetime import date

import pytest
from django.urls import reverse

from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.kernel.access import Actor
from baolei.kernel.imports import import_path
from baolei.kernel.secrets import open_field
from baolei.members.models import Member
from baolei.members.tests.factories import MemberFactory
from baolei.members.tests.world import make_person
from baolei.organizations.tests.factories import make_branch
from baolei.transfers import actions
from baolei.transfers.models import Transfer
from baolei.transfers.tests.test_custody import Two

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(db, time_machine):
    time_machine.move_to("2026-11-20T02:00:00Z", tick=False)
    two = Two()
    Member.rows.filter(pk=two.member.pk).update(name="何转接")
    return two


@pytest.fixture
def signed(client):
    def sign(role, organization):
        client.force_login(GrantFactory(role=role, organization=organization).user)
        return client

    return sign


def step(transfer, name) -> str:
    return reverse("transfers:step", args=[transfer.uid, name])


def queue(client, at="todo") -> bool:
    return "何转接" in client.get(reverse("transfers:queue", query={"at": at})).content.decode()


def test_through_the_pages_from_one_committee_to_the_other(two, signed):
    client = signed("branch_secretary", two.here)
    assert "转接组织关系" in client.get(reverse("members:detail", args=[two.member.uid])).content.decode()
    ask = reverse("transfers:ask", args=[two.member.uid])
    response = client.post(ask, {"receiver": two.there.code})
    transfer = Transfer.rows.get()
    assert response.url == reverse("transfers:transfer", args=[transfer.uid])
    text = client.get(response.url).content.decode()
    assert "下一步：同意转出，期限 2026-12-05" in text
    assert step(transfer, "withdraw") in text and step(transfer, "release") not in text
    assert client.post(step(transfer, "release"), {"days": 10}).status_code == 404

    client = signed("township_officer", two.west)
    assert not queue(client) and queue(client, "waiting")

    client = signed("township_officer", two.east)
    assert queue(client) and not queue(client, "waiting")
    assert client.post(step(transfer, "release"), {"days": 91}).status_code == 422
    assert client.post(step(transfer, "release"), {"days": 10}).status_code == 302
    assert not queue(client) and queue(client, "waiting") and not queue(client, "soon")

    client = signed("township_officer", two.west)
    assert queue(client)
    wrong = client.post(step(transfer, "accept"), {"branch": "没有这个"})
    assert wrong.status_code == 422 and "没有党支部“没有这个”" in wrong.content.decode()
    assert 'value="没有这个"' in wrong.content.decode()
    assert client.post(step(transfer, "accept"), {"branch": two.beside.code}).status_code == 302
    assert Member.rows.get(pk=two.member.pk).branch_id == two.beside.pk
    again = client.post(step(transfer, "accept"), {})
    assert again.status_code == 422 and "已接收" in again.content.decode()
    assert not queue(client) and not queue(client, "waiting")
    history = client.get(reverse("transfers:transfer", args=[transfer.uid])).content.decode()
    assert "提出转接" in history and "同意转出" in history
    assert "办理状态：已转出待接收 改为 已接收" in history
    assert f"转入党支部：{two.there.short_name} 改为 {two.beside.short_name}" in history


def test_what_is_late_stands_in_the_queue_of_both_and_of_who_is_above(two, signed, time_machine):
    two.asked()
    time_machine.move_to("2026-12-06T02:00:00Z", tick=False)
    for role, organization in (("township_officer", two.east), ("township_officer", two.west)):
        assert queue(signed(role, organization), "late")
    client = signed("department_officer", two.east.parent)
    assert queue(client, "late") and queue(client, "todo")
    text = client.get(reverse("transfers:transfer", args=[Transfer.rows.get().uid])).content.decode()
    assert "已经超期" in text


def test_two_of_one_name_are_asked_for_by_code(two, signed):
    client = signed("branch_secretary", two.here)
    two.there.__class__.rows.filter(pk__in=[two.there.pk, two.beside.pk]).update(name="同名党支部")
    ask = reverse("transfers:ask", args=[two.member.uid])
    text = client.post(ask, {"receiver": "同名党支部"}).content.decode()
    assert "不止一个，请填组织代码" in text
    both = client.post(ask, {"receiver": two.there.code, "outside": "310000"})
    assert both.status_code == 422 and "只选一样" in both.content.decode()
    assert not Transfer.rows.exists()


def test_inside_one_committee_its_officer_adjusts_at_once_and_a_branch_cannot(two, signed):
    near = make_branch(two.east)
    ask = reverse("transfers:ask", args=[two.member.uid])
    client = signed("branch_secretary", two.here)
    response = client.post(ask, {"receiver": near.code})
    assert response.status_code == 422 and "内部调整（TRF-02）" in response.content.decode()
    client = signed("township_officer", two.east)
    response = client.post(ask, {"receiver": near.code}, follow=True)
    assert "不办转接（TRF-02）" in response.content.decode()
    assert Member.rows.get(pk=two.member.pk).branch_id == near.pk and not Transfer.rows.exists()


def test_a_member_starts_from_his_own_file_and_follows_it(two, client):
    client.force_login(UserFactory(member_id=two.member.pk))
    ask = reverse("transfers:ask", args=[two.member.uid])
    assert ask in client.get(reverse("members:my_file")).content.decode()
    response = client.post(ask, {"outside": "310000"}, follow=True)
    text = response.content.decode()
    assert "下一步：开具介绍信" in text and "撤回" in text and step(Transfer.rows.get(), "letter") not in text
    assert client.post(reverse("transfers:ask", args=[MemberFactory().uid]), {}).status_code == 404


def test_the_letter_is_printed_by_the_committee_that_issued_it(two, signed):
    transfer = actions.ask(two.member, actor=two.secretary, outside="310000")
    page = reverse("transfers:letter", args=[transfer.uid])
    client = signed("township_officer", two.east)
    assert client.get(page).status_code == 404
    actions.release(transfer, actor=two.sender, letter="组介〔2026〕7号")
    assert page in client.get(reverse("transfers:transfer", args=[transfer.uid])).content.decode()
    text = client.get(page).content.decode()
    assert text.count("组介〔2026〕7号") >= 3
    for words in ("存根", "中国共产党党员组织关系介绍信", "回执", "上海市", two.east.name, "2026-12-20"):
        assert words in text
    assert signed("branch_secretary", two.here).get(page).status_code == 404
    Transfer.rows.update(due_on=date(2026, 11, 19))
    assert signed("township_officer", two.east).get(page).status_code == 404
    assert signed("township_officer", two.west).get(page).status_code == 404


def test_unknown_steps_and_steps_of_strangers_are_absent(two, signed):
    transfer = two.asked()
    client = signed("township_officer", two.east)
    assert client.get(step(transfer, "nothing")).status_code == 404
    assert client.get(step(transfer, "accept")).status_code == 302
    assert client.get(step(transfer, "release")).status_code == 200
    client.logout()
    assert client.get(step(transfer, "release")).status_code in (302, 404)


def test_a_file_can_repeat_what_ran_here_and_cannot_change_it(two, tmp_path):
    member = make_person(two.here, "何转接")
    transfer = actions.ask(member, actor=two.secretary, receiver=two.there)
    transfer = actions.release(transfer, actor=two.sender)
    headings = "ref,member,kind,sender,receiver,outside,asked_on,state,accepted_on,via_platform"
    known = f"{transfer.ref},{open_field(member, 'id_number')},inside,{two.here.code},{two.there.code},"
    for state, codes in (("released", []), ("withdrawn", ["transfer.run"])):
        file = tmp_path / "transfers.csv"
        file.write_text(f"{headings}\n{known},2026-11-20,{state},,1\n", "utf-8")
        outcome = import_path(file, actor=Actor.system("测试"))
        assert [problem.code for problem in outcome.problems] == codes
        assert outcome.counts["transfers"]["unchanged"] == (not codes)
    row = Transfer.rows.get()
    assert (row.state, row.run_here, row.due_on) == ("released", True, transfer.due_on)


def test_what_a_sheet_does_not_know_of_a_row_stays(two, tmp_path):
    """`via_platform` is changed by the file, the clock and the letter are not."""
    member = make_person(two.here, "何转接")
    transfer = actions.ask(member, actor=two.secretary, outside="310000")
    actions.release(transfer, actor=two.sender, letter="组介〔2026〕7号")
    headings = "ref,member,kind,sender,receiver,outside,asked_on,state,accepted_on,via_platform"
    file = tmp_path / "transfers.csv"
    number = open_field(member, "id_number")
    line = f"{transfer.ref},{number},leaving,{two.here.code},,310000,2026-11-20,released,,0"
    file.write_text(f"{headings}\n{line}\n", "utf-8")
    outcome = import_path(file, actor=Actor.system("测试"))
    assert (outcome.problems, outcome.counts["transfers"]["changed"]) == ([], 1)
    row = Transfer.rows.get()
    assert (row.via_platform, row.letter, row.due_on) == (False, "组介〔2026〕7号", date(2026, 12, 20))


def test_a_clock_reminds_after_a_third_and_after_two_thirds(two, signed, time_machine):
    """Asked on 20 November with fifteen days: from the fifth day after a third is over, from the tenth two."""
    two.asked()
    for day, found in (
        ("2026-11-24", set()),
        ("2026-11-25", {"reminded"}),
        ("2026-11-29", {"reminded"}),
        ("2026-11-30", {"warned"}),
        ("2026-12-06", {"late"}),
    ):
        time_machine.move_to(f"{day}T02:00:00Z", tick=False)
        client = signed("township_officer", two.east)
        assert {at for at in ("reminded", "warned", "late") if queue(client, at)} == found, day
    time_machine.move_to("2026-11-25T02:00:00Z", tick=False)
    client = signed("township_officer", two.east)
    assert "组织关系转接：期限已过三分之一" in client.get(reverse("desk")).content.decode()
