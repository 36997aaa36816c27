"""Erasing who a person was: nothing opens or finds it any more, figures and the record stay (G-28)."""

import json
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import GrantFactory
from baolei.kernel.access import Actor
from baolei.kernel.audit_laws import audit_append_only
from baolei.kernel.figures.declare import FIGURES
from baolei.kernel.figures.values import values
from baolei.kernel.laws import verify
from baolei.kernel.models import Batch, BatchRow, Event
from baolei.kernel.secrets import Unreadable, hash_id, open_field
from baolei.kernel.tests.test_audit import seal_all, unsealed
from baolei.members.actions import erase_member
from baolei.members.disclosures import reveal_number
from baolei.members.models import Member, Membership
from baolei.members.tests.factories import make_id_number
from baolei.members.tests.world import make_person, make_world

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("测试")
NUMBER = make_id_number(birth_date=date(1984, 5, 6), serial=77)
PHONE = "13900007777"
PAPER = "组字2026年第9号"
DAYS = (date(2016, 12, 31), date(2019, 12, 31), date(2026, 1, 1))


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def gone(world) -> Member:
    """A member of the east who died in 2020."""
    return make_person(
        world.east_branch,
        "钱故人",
        id_number=NUMBER,
        phone=PHONE,
        birth_date=date(1984, 5, 6),
        standing="deceased",
        left_on=date(2020, 1, 1),
    )


@pytest.fixture
def officer(world) -> Actor:
    """The data protection officer of the east."""
    user = GrantFactory(organization=world.east, role="data_protection_officer", user__username="watch").user
    return actor_of(user)


def told(world) -> list[tuple]:
    """All figures of the province and of the branch on three days."""
    return [
        (v.figure.code, v.as_of, v.numerator, v.denominator)
        for node in (world.root, world.east_branch)
        for day in DAYS
        for v in values(list(FIGURES.values()), node, on=day, exact=True)
    ]


def everything() -> str:
    """All rows of the register and the record, as text."""
    with connection.cursor() as cursor:
        text = ""
        for table in ("members_member", "members_membership", "kernel_event", "kernel_batchrow"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            text += cursor.fetchone()[0] or ""
    return text


def test_nothing_opens_or_finds_the_person_any_more(client, world, gone, officer):
    old = SimpleNamespace(id_sealed=bytes(gone.id_sealed), phone_sealed=bytes(gone.phone_sealed))
    before = told(world)
    spells = list(Membership.rows.filter(member=gone).values())
    assert "钱故人" in everything() and hash_id(NUMBER).hex() in everything()

    erased = erase_member(gone, actor=officer, document=PAPER)

    left = everything()
    for secret in ("钱故人", "qianguren", NUMBER, PHONE, hash_id(NUMBER).hex(), old.id_sealed.hex()):
        assert secret not in left
    # Copies of the sealed fields, in old rows or logs, have no key any more.
    for field in ("id_number", "phone"):
        assert open_field(erased, field) == ""
        with pytest.raises(Unreadable):
            open_field(SimpleNamespace(key_wrapped=erased.key_wrapped, **vars(old)), field)
    assert told(world) == before and any(number for *_what, number, _of in before)
    assert list(Membership.rows.filter(member=gone).values()) == spells
    assert not Member.rows.filter(id_hash=hash_id(NUMBER)).exists()
    client.force_login(world.officers["east"])
    for q in ("钱故人", NUMBER, PHONE, "钱故人 7777"):
        assert str(gone.uid) not in client.post("/members/search/", {"q": q}).content.decode()


def test_the_record_keeps_who_and_what_kind_and_the_laws_hold(world, gone, officer):
    erase_member(gone, actor=officer, document=PAPER)
    event = Event.objects.get(action="members.member.erase")
    assert (event.actor_id, event.target_id, event.person_id) == (officer.user_id, gone.pk, gone.pk)
    assert (event.target_key, event.detail) == (gone.branch_key, {"document": PAPER})
    assert set(event.changes) == {
        "name", "name_py", "initials", "key_wrapped", "id_sealed", "id_hash", "id_tail_hash",
        "phone_sealed", "phone_hash", "phone_tail_hash",
    }  # fmt: skip
    assert all(change == ["…", "…"] for change in event.changes.values())
    assert "钱" not in json.dumps([event.detail, event.changes], ensure_ascii=False)
    for law in ("members.erased", "members.one-branch-a-day", "figures.equal-recompute"):
        assert [finding["violations"] for finding in verify(law)] == [0]
    assert verify("members.erased")[0]["checked"] == 1


@pytest.mark.django_db(transaction=True)
def test_seals_over_events_of_the_person_hold_after_the_erasure():
    """What was sealed before says nothing that the erasure has to take back."""
    person = make_person(make_world().east_branch, "钱故人", standing="deceased", left_on=date(2020, 1, 1))
    reveal_number(person, actor=SYSTEM, field="id_number", purpose="核对", role="")
    seal_all(unsealed())
    erase_member(person, actor=SYSTEM, document=PAPER)
    assert sum(seal.rows for seal in seal_all(1)) == 1
    assert audit_append_only().violations == 0


def test_the_file_and_the_full_view_say_so(client, world, gone, officer, caplog):
    erase_member(gone, actor=officer, document=PAPER)
    client.force_login(world.officers["east"])
    page = client.get(f"/members/{gone.uid}/")
    text = page.content.decode()
    assert page.status_code == 200 and "已按规定删除，不能恢复" in text and "删除个人信息" in text
    assert "<h1>已删除</h1>" in text and f"/members/{gone.uid}/reveal/" not in text and "**" not in text
    answer = client.post(f"/members/{gone.uid}/reveal/", {"field": "phone", "purpose": "check", "note": ""})
    assert answer.status_code == 422 and "此人的个人信息已删除" in answer.content.decode()
    assert not Event.objects.filter(action="members.member.reveal").exists()
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    assert "已删除" in client.get("/members/?standing=deceased").content.decode()


def test_an_export_with_numbers_leaves_the_cells_empty(tmp_path, world, gone):
    erase_member(gone, actor=SYSTEM, document=PAPER)
    call_command("export", str(tmp_path / "out"), purpose="核对", with_numbers=True, verbosity=0)
    lines = (tmp_path / "out" / "members.csv").read_text("utf-8").splitlines()
    [line] = [line for line in lines if "已删除" in line]
    assert line.startswith(",已删除,1,1984-05-06,")


@pytest.mark.parametrize("standing", ["formal", "probationary", "suspended"])
def test_somebody_who_counts_or_may_count_again_is_refused(world, standing):
    left = {"left_on": date(2020, 1, 1)} if standing == "suspended" else {}
    person = make_person(world.east_branch, "孙在册", standing=standing, **left)
    with pytest.raises(ValidationError, match="在册或停止党籍"):
        erase_member(person, actor=SYSTEM, document=PAPER)
    person.refresh_from_db()
    assert (person.name, person.is_erased, Event.objects.count()) == ("孙在册", False, 0)


@pytest.mark.parametrize("document", ["", "  ", "文" * 61])
def test_an_erasure_names_its_paper(gone, document):
    with pytest.raises(ValidationError, match="文号"):
        erase_member(gone, actor=SYSTEM, document=document)
    gone.refresh_from_db()
    assert gone.name == "钱故人"


def test_twice_is_refused(gone):
    erase_member(gone, actor=SYSTEM, document=PAPER)
    with pytest.raises(ValidationError, match="已经删除"):
        erase_member(gone, actor=SYSTEM, document=PAPER)
    assert Event.objects.count() == 1


@pytest.mark.parametrize("name", ["province", "east", "east_branch", "member"])
def test_nobody_but_the_data_protection_officer_may(world, gone, name):
    with pytest.raises(PermissionDenied):
        erase_member(gone, actor=actor_of(world.officers[name]), document=PAPER)
    gone.refresh_from_db()
    assert (gone.name, Event.objects.count()) == ("钱故人", 0)


class TestCommand:
    def erase(self, uid, *, paper=PAPER):
        call_command("privacy", "erase", str(uid), "--as", "watch", "--document", paper, "--no-input")

    def test_it_erases_within_reach(self, gone, officer, capsys):
        self.erase(gone.uid)
        gone.refresh_from_db()
        assert gone.is_erased
        assert Event.objects.get().actor_id == officer.user_id
        said = capsys.readouterr().out
        assert "东山村党支部，已去世，2020-01-01" in said and "更早的备份" in said and "钱故人" not in said

    def test_absent_and_out_of_reach_are_the_same_answer(self, world, officer):
        foreign = make_person(world.west_branch, "邹故人", standing="deceased", left_on=date(2020, 1, 1))
        answers = []
        for uid in (foreign.uid, "019b0000-0000-7000-8000-000000000000"):
            with pytest.raises(CommandError) as refused:
                self.erase(uid)
            answers.append(str(refused.value))
        assert answers == ["没有这名党员，或不在您的管理范围"] * 2
        foreign.refresh_from_db()
        assert not foreign.is_erased

    def test_it_says_why_not(self, world, gone, officer):
        for uid, paper, why in ((world.ours.uid, PAPER, "在册"), (gone.uid, "", "文号")):
            with pytest.raises(CommandError, match=why):
                self.erase(uid, paper=paper)
        assert not Event.objects.exists()

    def test_it_asks_first(self, gone, officer, monkeypatch):
        monkeypatch.setattr("builtins.input", lambda _question: "是")
        with pytest.raises(CommandError, match="没有删除"):
            call_command("privacy", "erase", str(gone.uid), "--as", "watch", "--document", PAPER)
        gone.refresh_from_db()
        assert not gone.is_erased


def test_what_imports_changed_of_the_person_goes_too(gone, officer):
    batch = Batch.objects.create(state="done", finished_at=timezone.now())
    for row_id in (gone.pk, gone.pk + 1):
        BatchRow.objects.create(
            batch=batch, model="members.Member", row_id=row_id, before={"education": "21"}
        )
    erase_member(gone, actor=officer, document=PAPER)
    assert [row.row_id for row in BatchRow.objects.all()] == [gone.pk + 1]
