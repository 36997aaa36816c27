"""A round on its pages: from the branch's page to the printed ballots, by whom what is seen (G-08)."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from baolei.accounts.models import User
from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.kernel.ballots import keys
from baolei.kernel.desk import tasks
from baolei.members.models import Member
from baolei.reviews import actions
from baolei.reviews.flow import STEPS
from baolei.reviews.models import Appraisal, Finding, Round
from baolei.reviews.queries import graded_of
from baolei.reviews.tests.test_rounds import TODAY, Branch

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r"<p class=\"num\">([A-Z2-9-]{19})</p>")


@pytest.fixture(autouse=True)
def keys_and_today(time_machine, tmp_path, monkeypatch):
    time_machine.move_to("2026-11-20T02:00:00Z", tick=False)
    monkeypatch.setattr(keys, "folder", lambda: tmp_path / "ballots")


@pytest.fixture
def branch():
    made = Branch()
    for number, member in enumerate(made.formal):
        Member.rows.filter(pk=member.pk).update(
            name=f"佟试{'甲乙丙丁戊己'[number]}", name_py=f"tongshi{number}"
        )
        member.refresh_from_db()
    return made


def client_of(actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def step(round, name: str) -> str:
    return reverse("reviews:step", args=[round.uid, name])


def page(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def done(client, round, name: str, **body) -> None:
    response = client.post(step(round, name), body)
    assert response.status_code == 302, response.content.decode()


def test_from_the_branch_to_the_closed_round(branch):
    secretary, committee = client_of(branch.secretary), client_of(branch.committee)
    opening = reverse("reviews:open", args=[branch.branch.uid])
    assert opening in page(secretary, reverse("organizations:detail", args=[branch.branch.uid]))
    assert opening not in page(committee, reverse("organizations:detail", args=[branch.town.uid]))
    assert "APR-04" in page(secretary, opening)
    answer = secretary.post(opening, {"year": "2026"})
    round = Round.rows.get()
    assert answer.headers["Location"] == reverse("reviews:round", args=[round.uid])
    assert secretary.post(opening, {"year": "2026"}).status_code == 422
    excused = Finding.rows.get(round=round, member=branch.formal[5])
    assert "佟试己" in page(secretary, step(round, "excuse"))
    done(secretary, round, "excuse", excused=[excused.pk])
    short = secretary.post(step(round, "hold"), {"held_on": "2026-11-20", "present": "1"})
    assert short.status_code == 422 and "LIFE-01" in short.content.decode()
    done(secretary, round, "hold", held_on="2026-11-20", present="5")
    assert secretary.get(step(round, "count")).status_code == 302  # not yet

    sheet = secretary.post(step(round, "poll"), {"issued": "5"})
    text = sheet.content.decode()
    numbers = NUMBER.findall(text)
    assert len({*numbers}) == 5 and text.count("<svg") >= 5 and sheet.headers["Cache-Control"] == "no-store"
    assert f"http://testserver/ballot/#{numbers[0]}" in text
    assert secretary.post(step(round, "poll"), {"issued": "5"}).status_code == 422
    assert "正在测评" in page(secretary, reverse("reviews:round", args=[round.uid]))
    voter = Client()
    assert "佟试己" not in voter.post("/ballot/", {"number": numbers[0]}).content.decode()
    for at, number in enumerate(numbers):
        body = {f"line{line}": str((at + line) % 2) for line in range(5)}
        assert "已经投入" in voter.post("/ballot/", {"number": number, "cast": "1", **body}).content.decode()
    done(secretary, round, "count")

    graded = [*graded_of(round)]
    grading = page(secretary, step(round, "grade"))
    assert "优秀 3，合格 2，基本合格 0，不合格 0" in grading and "selected" in grading
    assert not re.search(r'<option value="(excellent|qualified)" selected', grading)
    missing = secretary.post(step(round, "grade"), {f"{graded[0].pk}_grade": "excellent"})
    assert missing.status_code == 422
    grades = {f"{f.pk}_grade": "excellent" if at < 2 else "qualified" for at, f in enumerate(graded)}
    done(secretary, round, "grade", **grades)
    assert "优秀超过三分之一" in page(secretary, reverse("reviews:round", args=[round.uid]))
    assert secretary.post(step(round, "tell")).status_code == 422
    assert secretary.post(step(round, "waive"), {"waiver": "理由"}).status_code == 404
    done(committee, round, "waive", waiver="抗洪一线")
    done(secretary, round, "tell")
    done(secretary, round, "report")
    assert secretary.post(step(round, "close")).status_code == 404
    done(committee, round, "close")
    assert Appraisal.rows.get().found == 5
    final = page(secretary, reverse("reviews:round", args=[round.uid]))
    assert "data-print" in final  # the sheet of results, for the deciding bodies
    assert "已办结" in final and not re.findall(rf"/rounds/[^/]+/({'|'.join(STEPS)})/", final)


def test_thirty_on_paper_are_entered_on_one_page():
    branch = Branch(30)
    round, secretary = branch.held(), client_of(branch.secretary)
    text = page(secretary, step(round, "paper"))
    assert text.count("<tr>") == 32 and text.count('type="number"') == 3 + 120 + 4
    body = {"issued": "30", "returned": "30", "valid": "29"}
    for finding in graded_of(round):
        body |= dict(zip((f"{finding.pk}_{c}" for c in Finding.COUNTS), ("20", "7", "1", "1"), strict=True))
    wrong = secretary.post(step(round, "paper"), body | {f"{finding.pk}_excellent": "29"})
    assert wrong.status_code == 422 and "之和" in wrong.content.decode()
    done(secretary, round, "paper", **body)
    assert "优秀 20，合格 7，基本合格 1，不合格 1" in page(
        secretary, reverse("reviews:round", args=[round.uid])
    )


def test_from_above_and_from_next_door_nobody_reads_a_name_or_a_tally(branch):
    round = branch.graded()
    finding = Finding.rows.get(round=round, member=branch.formal[0])
    province = GrantFactory(role="province_officer", organization=branch.county)
    for actor in (branch.above, branch.next_door, client_of(branch.above) and branch.above):
        client = client_of(actor)
        seen = [client.get(reverse("reviews:round", args=[round.uid]))]
        seen += [client.get(reverse("reviews:finding", args=[finding.uid]))]
        seen += [client.get(step(round, name)) for name in STEPS]
        seen += [client.post(step(round, name), {"x": "1"}) for name in STEPS]
        for response in seen:
            text = response.content.decode()
            assert response.status_code in (200, 302, 404)
            assert "佟试" not in text and "超过九成" not in text and "data-print" not in text
    client = Client()
    client.force_login(province.user)
    assert client.get(reverse("reviews:finding", args=[finding.uid])).status_code == 404
    assert "已评定" in page(client, reverse("reviews:round_list"))
    assert client.get(reverse("reviews:round_export")).status_code == 200
    assert "佟试" not in page(client, reverse("reviews:round_export"))


def test_a_member_writes_about_himself_and_sees_his_own_when_told(branch):
    round = branch.opened()
    mine, other = (Finding.rows.get(round=round, member=member) for member in branch.formal[:2])
    client = Client()
    client.force_login(UserFactory(member_id=branch.formal[0].pk))
    file = page(client, reverse("members:my_file"))
    listed = reverse("reviews:findings", args=[branch.formal[0].uid])
    address = reverse("reviews:finding", args=[mine.uid])
    assert listed in file and address in page(client, listed)
    assert client.get(reverse("reviews:finding", args=[other.uid])).status_code == 404
    assert client.get(reverse("reviews:findings", args=[branch.formal[1].uid])).status_code == 404
    assert client.get(reverse("reviews:round", args=[round.uid])).status_code == 404
    assert client.get(reverse("reviews:round_list")).status_code == 404
    warned = client.post(address, {"words": "电话 13900001111"})
    assert "请再看一遍" in warned.content.decode() and Finding.rows.get(pk=mine.pk).words == ""
    assert client.post(address, {"words": "电话 13900001111", "warned": "1"}).status_code == 302
    assert client.post(address, {"words": "一年来的情况"}).status_code == 302
    assert client.post(reverse("reviews:finding", args=[other.uid]), {"words": "代写"}).status_code == 404
    assert "一年来的情况" in page(client_of(branch.secretary), address)
    assert client_of(branch.secretary).post(address, {"words": "代写"}).status_code == 404

    round = actions.hold_meeting(round, actor=branch.secretary, held_on=TODAY, present=6)
    counts = {f.pk: (5, 1, 0, 0) for f in graded_of(round)}
    round = actions.enter_paper_poll(
        round, actor=branch.secretary, issued=6, returned=6, valid=6, counts=counts
    )
    round = actions.decide_grades(round, actor=branch.secretary, grades=branch.grades())
    untold = page(client, address)
    assert "优秀 5" not in untold and "评定等次" not in untold
    assert client.post(address, {"words": "再写"}).status_code == 422
    actions.tell(round, actor=branch.secretary)
    told = page(client, address)
    assert "优秀 5，合格 1，基本合格 0，不合格 0" in told and "有效票 6 张" in told


def test_strangers_are_asked_to_sign_in(branch):
    round = branch.opened()
    finding = Finding.rows.filter(round=round).first()
    for address in (
        reverse("reviews:round", args=[round.uid]),
        reverse("reviews:finding", args=[finding.uid]),
        step(round, "hold"),
        reverse("reviews:open", args=[branch.branch.uid]),
    ):
        assert Client().get(address).status_code == 302
        assert Client().post(address).status_code == 302


def test_no_list_and_no_interface_holds_findings():
    """G-08, G-25: they stand on the page of their round and on the member's own, nowhere else."""
    from baolei.config.tests.any_row import record_lists
    from baolei.kernel.pages.lists import ListPage

    def below(kind):
        for sub in kind.__subclasses__():
            yield sub
            yield from below(sub)

    assert all(listed.queryset().model is not Finding for listed in record_lists().values())
    assert not [
        p for p in below(ListPage) if p.__module__.startswith("baolei.reviews") and "Finding" in p.__name__
    ]


def test_the_desk_says_what_waits_for_whom(branch):
    me = branch.self_of(branch.formal[0])
    rounds = reverse("reviews:round_list")  # pages declare what waits; this reads them

    def waits(actor) -> dict[str, int]:
        return {str(task.words): task.number for task in tasks(actor) if "民主评议" in str(task.words)}

    round = branch.opened()
    assert waits(branch.secretary) == waits(branch.committee) == {"民主评议：正在办理": 1}
    assert waits(branch.above) == waits(branch.next_door) == {}
    assert waits(me) == {"请写民主评议的个人自评": 1}
    actions.assess(Finding.rows.get(round=round, member=branch.formal[0]), actor=me, words="自评")
    assert waits(me) == {}
    Round.rows.all().delete()
    branch.reported()
    assert waits(branch.committee) == {"民主评议：待审核办结": 1}
    assert waits(branch.secretary) == waits(branch.above) == {}
    listed = page(client_of(branch.committee), f"{rounds}?state=reported")
    assert branch.branch.short_name in listed
