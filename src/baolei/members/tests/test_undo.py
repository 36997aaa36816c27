"""An import taken back: all of it, what was built upon, what lies elsewhere, twice, killed."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baolei.accounts.models import Grant
from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import GrantFactory
from baolei.kernel.access import Actor
from baolei.kernel.imports import import_path
from baolei.kernel.imports.sheets import SHEETS
from baolei.kernel.imports.undo import NothingToUndo, take_back, undoables
from baolei.kernel.laws import verify
from baolei.kernel.models import Batch, BatchRow, Event, StaleMark, Upload
from baolei.kernel.privacy import purge
from baolei.kernel.tests.packages import bring
from baolei.kernel.uploads import jobs, undo
from baolei.members.actions import move_member
from baolei.members.models import Member
from baolei.members.tests.packages import (
    ALICE,
    BOB,
    BRANCH,
    FAR,
    MOVED,
    TOWN,
    cell,
    number,
    rows,
    write,
)
from baolei.members.tests.workbooks import NEW, OTHER, brought, page, person, taken, town, workbook
from baolei.organizations.models import Organization
from baolei.posts.models import Post
from baolei.reviews.models import Debrief

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("测试")
TABLES = (
    *("members_member", "members_membership", "organizations_organization", "organizations_place"),
    *("organizations_unit", "organizations_unitoverseer"),
)
PASSING = {"members_member": " - 'branch_key'", "organizations_organization": " - 'key' - 'next_ordinal'"}


def everything() -> dict[str, list]:
    """All rows of the register, without what changes in passing."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT to_jsonb(t){PASSING.get(table, '')} FROM {table} t ORDER BY id")
            found[table] = [row for (row,) in cursor.fetchall()]
    return found


def recalled(client, upload) -> Upload:
    response = client.post(reverse("uploads:recall", args=[upload.uid]))
    assert response.status_code == 302
    jobs.undo_upload(uid=str(upload.uid))
    upload.refresh_from_db()
    return upload


def changed_alice(**given):
    return person(
        ALICE,
        "单小云",
        **{
            "性别": "女",
            "入党时间": "1995-07-01",
            "转正时间": "1996-07-01",
            "职业": "离退休人员",
            "手机号码": "13900000001",
            "转入日期": "2010-01-01",
        }
        | given,
    )


def test_new_rows_go_and_changed_rows_are_as_before(clerk):
    before = everything()
    upload = taken(clerk, brought(clerk, workbook(person(), person(OTHER), changed_alice())))
    assert (upload.state, upload.counts["new"], upload.counts["changed"]) == ("taken", 2, 1)
    assert everything() != before
    assert "撤销这次导入" in page(clerk, upload)
    StaleMark.objects.all().delete()
    recalled(clerk, upload)
    assert (upload.state, upload.undone) == ("undone", {"removed": 2, "restored": 1, "kept": 0}), upload.kept
    assert everything() == before
    assert upload.batch.state == "undone"
    assert set(StaleMark.objects.values_list("model", flat=True)) >= {"members.Member", "members.Membership"}
    shown = page(clerk, upload)
    assert "已撤销：删除新增的 2 行，恢复改动的 1 行。" in shown
    assert "撤销其余" not in shown
    event = Event.objects.get(action="uploads.batch.undo")
    assert NEW not in str(event.detail) and "田新" not in str(event.detail)
    assert not [law for law in verify() if law["violations"]]


def test_what_was_built_upon_since_stays_and_is_named(clerk):
    upload = taken(clerk, brought(clerk, workbook(person(), person(OTHER, "于留"), changed_alice())))
    edited, alice = Member.rows.get(name="于留"), Member.rows.get(name="单小云")
    move_member(edited, actor=officer_of(TOWN), branch=town(MOVED), on=date(2026, 1, 1))
    Member.rows.filter(pk=edited.pk).update(education="31")
    Member.rows.filter(pk=alice.pk).update(education="31")
    recalled(clerk, upload)
    assert upload.undone == {"removed": 1, "restored": 0, "kept": 2}
    assert sorted((row["name"], row["reason"]) for row in upload.kept) == [
        ("于留", "edited"),
        ("单小云", "edited"),
    ]
    assert Member.rows.filter(name="于留").exists() and not Member.rows.filter(name="田新").exists()
    shown = page(clerk, upload)
    assert "没有撤销的行（2 行）" in shown and "导入以后改动过" in shown and "于留" in shown
    assert "再撤销其余的行" in shown
    recalled(clerk, upload)
    assert upload.undone == {"removed": 0, "restored": 0, "kept": 2}


def officer_of(code):
    return actor_of(GrantFactory(role="township_officer", organization=town(code)).user)


def test_a_changed_phone_cannot_come_back_and_is_said(clerk):
    upload = taken(clerk, brought(clerk, workbook(changed_alice(手机号码="13900000077"))))
    assert upload.counts["changed"] == 1
    recalled(clerk, upload)
    assert upload.undone == {"removed": 0, "restored": 0, "kept": 1}
    assert [row["reason"] for row in upload.kept] == ["personal"]


def test_what_left_the_reach_stays(clerk):
    upload = taken(clerk, brought(clerk, workbook(person())))
    Member.rows.filter(name="田新").update(branch=town(FAR), branch_key=town(FAR).key)
    member = Member.rows.get(name="田新")
    BatchRow.objects.filter(row_id=member.pk, model="members.Member").update(after=image_of(member))
    recalled(clerk, upload)
    assert [row["reason"] for row in upload.kept] == ["elsewhere"]
    assert Member.rows.filter(name="田新").exists()


def image_of(member) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT md5((to_jsonb(t) - 'branch_key')::text) FROM members_member t WHERE id = %s", [member.pk]
        )
        return cursor.fetchone()[0]


def test_it_is_taken_back_once_and_by_its_owner_alone(clerk, client):
    upload = taken(clerk, brought(clerk, workbook(person())))
    stranger = GrantFactory(role="township_officer", organization=town(TOWN)).user
    owner = get_user_model().objects.get(pk=upload.actor_id)
    client.force_login(stranger)
    assert client.post(reverse("uploads:recall", args=[upload.uid])).status_code == 404
    client.force_login(owner)
    recalled(client, upload)
    assert upload.undone == {"removed": 1, "restored": 0, "kept": 0}
    client.post(reverse("uploads:recall", args=[upload.uid]))
    jobs.undo_upload(uid=str(upload.uid))
    upload.refresh_from_db()
    assert (upload.state, upload.undone["removed"]) == ("undone", 1)
    assert Event.objects.filter(action="uploads.batch.undo").count() == 1
    with pytest.raises(NothingToUndo):
        take_back(upload.batch, SYSTEM, [])


def test_a_right_that_was_withdrawn_takes_nothing_back(clerk):
    upload = taken(clerk, brought(clerk, workbook(person())))
    clerk.post(reverse("uploads:recall", args=[upload.uid]))
    Grant.rows.filter(user=upload.actor_id).delete()
    jobs.undo_upload(uid=str(upload.uid))
    upload.refresh_from_db()
    assert (upload.state, upload.why) == ("taken", "您现在没有导入这类资料的权限，不能撤销。")
    assert Member.rows.filter(name="田新").exists()


def test_a_fault_in_the_middle_leaves_the_import_whole(clerk, monkeypatch):
    upload = taken(clerk, brought(clerk, workbook(person())))
    before = everything()
    whole = undo.take_back

    def half(batch, actor, kept):
        whole(batch, actor, kept)
        raise RuntimeError("gone")

    monkeypatch.setattr(undo, "take_back", half)
    clerk.post(reverse("uploads:recall", args=[upload.uid]))
    with pytest.raises(RuntimeError):
        jobs.undo_upload(uid=str(upload.uid))
    upload.refresh_from_db()
    assert upload.state == "taken" and "什么都没有改动" in page(clerk, upload)
    assert everything() == before
    # A worker that was killed says nothing: the mending does.
    Upload.objects.filter(pk=upload.pk).update(
        state="undoing", changed_at=timezone.now() - timedelta(minutes=3)
    )
    jobs.mend_uploads(timestamp=0)
    upload.refresh_from_db()
    assert upload.state == "taken"
    monkeypatch.undo()


def test_after_ninety_days_nothing_is_taken_back(clerk):
    upload = taken(clerk, brought(clerk, workbook(person(), changed_alice())))
    assert BatchRow.objects.filter(batch=upload.batch).count() == 2
    Batch.objects.update(finished_at=timezone.now() - timedelta(days=91))
    purge("uploads")
    assert not BatchRow.objects.exists()
    assert "撤销这次导入" not in page(clerk, upload)
    clerk.post(reverse("uploads:recall", args=[upload.uid]))
    upload.refresh_from_db()
    assert upload.state == "taken"


def test_a_new_organization_goes_with_its_own_batch_or_stays_with_its_members(tmp_path):
    import_path(write(tmp_path / "1", rows()), actor=SYSTEM)
    before = everything()
    package = rows()
    package["organizations"] += [
        f"222404100050,中共虚构镇新设总支部委员会,新设总支,general_branch,{TOWN},2024-01-01,,,".split(","),
        "222404100051,中共虚构镇新设支部委员会,新设支部,branch,222404100050,2024-01-01,,,".split(","),
    ]
    stranger = number("19910203", 5)
    package["members"].append(
        f"{stranger},程一,1,1991-02-03,01,21,farmer,formal,2015-07-01,2016-07-01,,,222404100051,2024-01-01,".split(
            ","
        )
    )
    package["units"].append(f"U00000002,虚构新厂,private_enterprise,,{TOWN},2024-01-01".split(","))
    outcome = import_path(write(tmp_path / "2", package), actor=SYSTEM)
    assert outcome.problems == []
    later = number("19920304", 7)
    only = {
        "members": [
            f"{later},程二,1,1992-03-04,01,21,farmer,formal,2015-07-01,2016-07-01,,,222404100051,2024-01-01,".split(
                ","
            )
        ]
    }
    second = import_path(write(tmp_path / "3", only), actor=SYSTEM)
    assert second.problems == []
    kept: list[dict[str, str]] = []
    counts = take_back(outcome.batch, SYSTEM, kept)
    # The member and the unit go; the branch has the second batch's member, the general branch has the branch.
    assert counts == {"removed": 2, "restored": 0, "kept": 2}
    assert [(row["name"][:4], row["reason"]) for row in kept] == [("中共虚构", "referred")] * 2
    assert take_back(second.batch, SYSTEM, []) == {"removed": 1, "restored": 0, "kept": 0}
    assert take_back(outcome.batch, SYSTEM, []) == {"removed": 2, "restored": 0, "kept": 0}
    assert everything() == before
    assert not [law for law in verify() if law["violations"]]


def test_spells_that_a_batch_changed_of_others_come_back(tmp_path):
    import_path(write(tmp_path / "1", rows()), actor=SYSTEM)
    before = everything()
    package = rows()
    package["memberships"].append(f"{BOB},{BRANCH},2004-01-01,2004-05-04".split(","))
    outcome = import_path(write(tmp_path / "2", package), actor=SYSTEM)
    assert outcome.problems == [] and everything() != before
    assert take_back(outcome.batch, SYSTEM, [])["kept"] == 0
    assert everything() == before


def test_records_that_changed_places_change_back(tmp_path):
    import_path(write(tmp_path / "register", rows()), actor=SYSTEM)
    posts = [
        {"ref": "P1", "organization": BRANCH, "kind": "书记", "full_time": "否", "from": "2012-07-01"},
        {"ref": "P2", "organization": MOVED, "kind": "书记", "full_time": "否", "from": "2012-07-01"},
    ]
    assert bring(tmp_path / "1", posts=posts).problems == []
    before = sorted(Post.rows.values_list("ref", "organization__code", "uid"))
    swapped = [posts[0] | {"organization": MOVED}, posts[1] | {"organization": BRANCH}]
    outcome = bring(tmp_path / "2", posts=swapped)
    assert outcome.problems == [] and outcome.counts["posts"]["changed"] == 2
    assert take_back(outcome.batch, SYSTEM, []) == {"removed": 0, "restored": 2, "kept": 0}
    assert sorted(Post.rows.values_list("ref", "organization__code", "uid")) == before


def test_a_later_row_in_the_way_of_what_was_there_before(tmp_path):
    import_path(write(tmp_path / "register", rows()), actor=SYSTEM)
    first = {"ref": "D1", "organization": BRANCH, "superior": TOWN, "year": "2023", "state": "planned"}
    other = {"ref": "D2", "organization": MOVED, "superior": TOWN, "year": "2023", "state": "planned"}
    assert bring(tmp_path / "1", debriefs=[first, other]).problems == []
    outcome = bring(tmp_path / "2", debriefs=[first | {"year": "2024"}, other | {"year": "2024"}])
    assert outcome.counts["debriefs"]["changed"] == 2
    assert bring(tmp_path / "3", debriefs=[first | {"ref": "D9"}]).problems == []
    kept: list[dict[str, str]] = []
    assert take_back(outcome.batch, SYSTEM, kept) == {"removed": 0, "restored": 1, "kept": 1}
    assert [(row["name"], row["reason"]) for row in kept] == [("D1", "in_the_way")]
    assert sorted(Debrief.rows.values_list("ref", "year")) == [("D1", 2024), ("D2", 2023), ("D9", 2023)]


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["short_name", "occupation", "education", "standing", "person", "branch", "unit"]),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS)
def test_import_and_undo_leave_the_register_as_it_was(tmp_path_factory, edits):
    """The law: what nobody touched in between is, row for row, what it was."""
    folder = tmp_path_factory.mktemp("law")
    if not Organization.rows.exists():
        import_path(write(folder / "1", rows()), actor=SYSTEM)
    before = everything()
    package = rows()
    for what, which in edits:
        if what == "short_name":
            cell(package, "organizations", 6 + which % 2, "short_name", f"改名{which}")
        elif what in ("occupation", "education"):
            cell(package, "members", 2 + which, what, {"occupation": "worker", "education": "14"}[what])
        elif what == "standing":
            cell(package, "members", 4, "standing", "formal")
            cell(package, "members", 4, "converted_on", "2026-04-01")
        elif what == "person":
            new = number(f"199{which}0101", 31)
            package["members"].append(
                f"{new},新人,1,199{which}-01-01,01,21,farmer,formal,2015-07-01,2016-07-01,,,{BRANCH},2015-07-01,".split(
                    ","
                )
            )
        elif what == "branch":
            package["organizations"].append(
                f"22240410006{which},中共虚构镇新{which}支部委员会,新{which},branch,{TOWN},2024-01-01,,,".split(
                    ","
                )
            )
        else:
            package["units"].append(
                f"U0000001{which},新厂{which},private_enterprise,,{TOWN},2024-01-01".split(",")
            )
    for sheet, lines in package.items():
        package[sheet] = [list(line) for line in dict.fromkeys(map(tuple, lines))]
    outcome = import_path(write(folder / "2", package), actor=SYSTEM)
    assert outcome.problems == []
    changes = sum(counts["new"] + counts["changed"] for counts in outcome.counts.values())
    if changes:
        counts = take_back(outcome.batch, SYSTEM, [])
        assert (counts["removed"] + counts["restored"], counts["kept"]) == (changes, 0)
    assert everything() == before


def test_the_command_takes_a_batch_back(tmp_path, capsys):
    import_path(write(tmp_path / "1", rows()), actor=SYSTEM)
    before = everything()
    package = rows()
    cell(package, "members", 2, "occupation", "retired")
    outcome = import_path(write(tmp_path / "2", package), actor=SYSTEM)
    assert outcome.problems == []
    call_command("undo", str(outcome.batch.uid))
    assert "恢复 1 行" in capsys.readouterr().out
    assert everything() == before
    with pytest.raises(CommandError, match="没有可以撤销的行"):
        call_command("undo", str(outcome.batch.uid))
    with pytest.raises(CommandError, match="没有这一批"):
        call_command("undo", "00000000-0000-7000-8000-000000000000")


def test_every_sheet_says_how_it_is_undone():
    """Places come and go with their organization; every other sheet has a table of its own."""
    assert {sheet.name for sheet, _one in undoables().values()} == set(SHEETS) - {"places"}
