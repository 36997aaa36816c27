"""What is kept about persons: declared, told to the person, taken away in time (G-27, G-28)."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from baolei.accounts.tests.factories import GrantFactory
from baolei.kernel.access import Actor
from baolei.kernel.imports import import_path
from baolei.kernel.laws import verify
from baolei.kernel.models import Event, ExportRequest, Upload
from baolei.kernel.privacy import RULES, purge
from baolei.kernel.privacy.inventory import inventory
from baolei.members.models import Member
from baolei.members.tests.packages import ALICE, COUNTY, OTHER_TOWN, TOWN, rows, write
from baolei.members.tests.workbooks import town

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(tmp_path):
    import_path(write(tmp_path / "register", rows()), actor=Actor.system("测试"))


def told(*words, stdin="", monkeypatch=None) -> str:
    out = io.StringIO()
    if monkeypatch:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    call_command("privacy", *words, stdout=out)
    return out.getvalue()


def officer(role="data_protection_officer", code=COUNTY):
    return GrantFactory(role=role, organization=town(code)).user


def test_everything_about_a_person_with_an_event_he_sees(register, monkeypatch):
    user = officer()
    text = told(
        *("person", "--stdin", "--purpose", "本人书面申请第12号", "--as", user.username),
        stdin=f"{ALICE}\n",
        monkeypatch=monkeypatch,
    )
    about = json.loads(text)
    [row] = about["members_member"]["rows"]
    assert (row["name"], row["birth_date"], row["id_number"]) == ("单小云", "1970", "已加密保存")
    assert ALICE not in text and "13900000001" not in text and "1970-03-15" not in text
    assert not [column for column in row if column.endswith(("_sealed", "_hash", "_wrapped"))]
    assert len(about["members_membership"]["rows"]) == 3
    alice = Member.rows.get(name="单小云")
    event = Event.objects.get(action="privacy.person.give")
    assert (event.person_id or event.target_id, event.actor_id) == (alice.pk, user.pk)
    assert ALICE not in str(event.detail) and event.detail["purpose"] == "本人书面申请第12号"
    # The next answer tells of this one.
    again = json.loads(told("person", "--uid", str(alice.uid), "--purpose", "再次"))
    [seen] = again["kernel_event"]["rows"]
    assert seen["action"] == "privacy.person.give" and user.name not in str(seen)
    bob = Member.rows.get(name="曾大海")
    assert not json.loads(told("person", "--uid", str(bob.uid), "--purpose", "x"))["kernel_event"]["rows"]


@pytest.mark.parametrize(
    ("role", "code"),
    [("township_officer", TOWN), ("province_officer", COUNTY), ("data_protection_officer", OTHER_TOWN)],
)
def test_nobody_else_is_told(register, role, code):
    alice = Member.rows.get(name="单小云")
    with pytest.raises(CommandError, match="没有"):
        told("person", "--uid", str(alice.uid), "--purpose", "x", "--as", officer(role, code).username)
    assert not Event.objects.filter(action="privacy.person.give").exists()


def test_an_unknown_person(register, monkeypatch):
    with pytest.raises(CommandError, match="没有这个人"):
        told("person", "--uid", "00000000-0000-7000-8000-000000000000", "--purpose", "x")
    with pytest.raises(CommandError, match="没有这个人"):
        told("person", "--stdin", "--purpose", "x", stdin="110101190001010000\n", monkeypatch=monkeypatch)


def test_the_inventory_names_every_column_of_a_table():
    found = {one["table"]: one for one in inventory()}
    member = found["members_member"]
    assert {"name", "id_sealed", "phone_hash", "ethnicity"} <= set(member["columns"])
    assert "党支部书记" in member["seen_by"] and "个人信息保护负责人" not in member["seen_by"]
    for one in found.values():
        assert all(one[part] for part in ("columns", "whose", "purpose", "ground", "kept")), one["table"]
    assert json.loads(told("inventory", "--format", "json")) == inventory()
    text = told("inventory")
    assert "members_member（党员）" in text and "上传的文件和其中的问题：7 天" in text


def test_what_is_due_goes_and_the_law_finds_what_stayed(register):
    made = Upload.objects.create(name="n.xlsx", sheet="members", actor_id=1, actor_name="甲", problems=[{}])
    asked = ExportRequest.objects.create(
        page="members:export",
        title="名单",
        purpose="x",
        form="csv",
        rows=1,
        key="001",
        actor_id=1,
        actor_name="甲",
    )
    assert set(purge().values()) == {0}
    day = timedelta(days=1)
    for days, violations in ((7, 0), (9, 1)):
        Upload.objects.filter(pk=made.pk).update(made_at=timezone.now() - days * day - timedelta(minutes=1))
        [found] = verify("privacy.kept-too-long")
        assert (found["checked"], found["violations"]) == (len(RULES), violations)
    assert found["examples"] == [["uploads.files", str(made.pk)]]
    ExportRequest.objects.filter(pk=asked.pk).update(asked_at=timezone.now() - 366 * day)
    assert "上传的文件和其中的问题：应清除 1" in told("purge", "--dry-run")
    assert Upload.objects.get(pk=made.pk).problems == [{}]
    text = told("purge")
    assert "上传的文件和其中的问题：已清除 1" in text and "导出复核的申请：已清除 1" in text
    made.refresh_from_db()
    assert (made.removed, made.problems) == (True, [])
    assert not ExportRequest.objects.exists()
    assert verify("privacy.kept-too-long")[0]["violations"] == 0
    assert set(purge().values()) == {0}
