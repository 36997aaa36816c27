"""A whole data package through the browser: several sheets at once, and archives that are none."""

import csv
import errno
import io
import json
import zipfile

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from baolei.accounts.models import Grant
from baolei.accounts.tests.factories import GrantFactory
from baolei.kernel.models import Event
from baolei.kernel.uploads import jobs, packages
from baolei.members.models import Member
from baolei.members.tests.packages import BRANCH, COLUMNS, TOWN, number
from baolei.members.tests.workbooks import brought, page, taken, town
from baolei.organizations.models import Organization

pytestmark = pytest.mark.django_db

NEW = number("19910203", 5)
BRANCH_NEW = "222404100051"


def tables(**changes) -> dict[str, list[list[str]]]:
    made = {
        "organizations": [
            f"{BRANCH_NEW},中共虚构镇新设支部委员会,新设支部,branch,{TOWN},2024-01-01,,,".split(",")
        ],
        "members": [
            f"{NEW},程一,1,1991-02-03,01,21,farmer,formal,2015-07-01,2016-07-01,,,{BRANCH_NEW},2024-01-01,".split(
                ","
            )
        ],
    }
    return made | changes


def archive(given=None, *, top="", about=None, **files) -> bytes:
    """A .zip of the sheets' CSV files and datapackage.json; `files` are put in besides."""
    file, given = io.BytesIO(), tables() if given is None else given
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for sheet, lines in given.items():
            text = io.StringIO()
            out = csv.writer(text, lineterminator="\n")
            out.writerow(COLUMNS[sheet].split(","))
            out.writerows(lines)
            made.writestr(f"{top}{sheet}.csv", text.getvalue())
        described = {"resources": [{"name": sheet, "path": f"{sheet}.csv"} for sheet in given]}
        made.writestr(f"{top}datapackage.json", json.dumps(described) if about is None else about)
        for name, text in files.items():
            made.writestr(name, text)
    return file.getvalue()


def put(client, data):
    return brought(client, data, name="资料.zip", sheet=packages.PACKAGE)


@pytest.mark.parametrize("top", ["", "资料/"])
def test_a_package_is_checked_shown_and_taken(clerk, top):
    upload = put(clerk, archive(top=top))
    assert (upload.state, upload.counts["new"], upload.total_problems) == ("checked", 2, 0)
    assert not Organization.rows.filter(code=BRANCH_NEW).exists()
    shown = page(clerk, upload)
    assert "各张表" in shown and "导入 2 行" in shown
    taken(clerk, upload)
    assert (upload.state, upload.counts["new"]) == ("taken", 2)
    assert Member.rows.get(name="程一").branch.code == BRANCH_NEW
    clerk.post(reverse("uploads:recall", args=[upload.uid]))
    jobs.undo_upload(uid=str(upload.uid))
    upload.refresh_from_db()
    assert upload.undone == {"removed": 2, "restored": 0, "kept": 0}
    assert not Organization.rows.filter(code=BRANCH_NEW).exists()


def test_bad_rows_are_told_by_sheet_and_the_good_ones_taken(clerk):
    bad = tables()
    bad["members"].append([*bad["members"][0]])
    bad["members"][1][0] = number("19910203", 7)
    bad["members"][1][4] = "99"
    upload = put(clerk, archive(bad))
    assert [(p["sheet"], p["row"], p["column"]) for p in upload.problems] == [("members", 3, "ethnicity")]
    assert "党员 第 3 行" in page(clerk, upload)
    response = clerk.get(reverse("uploads:marked", args=[upload.uid]))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert rows[1][:3] == ["党员", 3, "党员：民族"]
    taken(clerk, upload)
    assert (upload.state, upload.counts["new"], upload.counts["refused"]) == ("taken", 2, 1)


def test_rows_out_of_reach_are_refused_in_a_package_too(clerk):
    far = tables(
        organizations=[
            "222404200051,中共假想镇新支部委员会,新支部,branch,222404200001,2024-01-01,,,".split(",")
        ],
        members=[],
    )
    upload = put(clerk, archive(far))
    assert upload.counts["new"] == 0 and upload.total_problems == 1
    assert "导入 0" not in page(clerk, upload)


def test_a_sheet_that_one_may_not_import(clerk, client):
    weak = {"weak_organizations": [[]]}
    COLUMNS_OF = "ref,organization,listed_on"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("weak_organizations.csv", COLUMNS_OF + "\n1,2,3\n")
        made.writestr(
            "datapackage.json",
            json.dumps({"resources": [{"name": name, "path": f"{name}.csv"} for name in weak]}),
        )
    upload = put(clerk, file.getvalue())
    assert upload.state in ("refused", "unreadable")
    assert not Event.objects.filter(action__endswith=".import").filter(actor_id=upload.actor_id).exists()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"PK\x03\x04 nothing", "不是能读的"),
        (b"no archive", "不是能读的"),
        (archive()[:60] + bytes(40) + archive()[100:], "不是能读的"),
        (archive(about="{"), "读不懂"),
        (archive(about="[]"), "读不懂"),
        (archive(about='{"resources": []}'), "读不懂"),
        (archive(about='{"resources": [{"name": "members"}]}'), "读不懂"),
        (archive(about='{"resources": [{"name": "members", "path": "../../../etc/passwd"}]}'), "放在一起"),
        (archive(about='{"resources": [{"name": "members", "path": "/etc/passwd"}]}'), "放在一起"),
        (archive(about='{"resources": [{"name": "members", "path": "a\\\\b.csv"}]}'), "放在一起"),
        (archive(about='{"resources": [{"name": "members", "path": 7}]}'), "放在一起"),
        (archive(**{"other/datapackage.json": "{}"}), "一个 datapackage.json"),
    ],
)
def test_archives_that_are_no_package(clerk, data, why):
    upload = put(clerk, data)
    assert upload.state == "unreadable" and why in upload.why
    assert why in page(clerk, upload)


def test_a_package_that_unpacks_to_too_much(clerk, monkeypatch):
    monkeypatch.setattr(packages, "LARGEST", 300)
    assert "太大" in put(clerk, archive()).why
    monkeypatch.setattr(packages, "LARGEST", 10_000_000)
    monkeypatch.setattr(packages, "FILES", 2)
    assert "太大" in put(clerk, archive()).why


def test_a_name_cannot_lead_out_of_the_folder(clerk, tmp_path):
    data = archive(**{"../../escaped.csv": "x", "deep/er.csv": "x", "run.sh": "x"})
    place = tmp_path / "place"
    place.mkdir()
    packages.unpacked(data, place)
    assert sorted(path.name for path in place.rglob("*")) == [
        "datapackage.json",
        "members.csv",
        "organizations.csv",
    ]
    assert not (tmp_path / "escaped.csv").exists()


def test_who_may_import_nothing_is_offered_no_package(client, clerk):
    client.force_login(GrantFactory(role="branch_secretary", organization=town(BRANCH)).user)
    assert packages.PACKAGE not in client.get(reverse("uploads:list")).content.decode()


def test_a_right_withdrawn_in_between_is_said_and_takes_nothing(clerk):
    upload = put(clerk, archive())
    clerk.post(reverse("uploads:take", args=[upload.uid]))
    Grant.rows.filter(user=upload.actor_id).delete()
    jobs.take_upload(uid=str(upload.uid))
    upload.refresh_from_db()
    assert upload.state == "refused" and "没有导入这类资料的权限" in upload.why
    assert not Organization.rows.filter(code=BRANCH_NEW).exists()


def test_a_full_disk_is_no_bad_archive(clerk, monkeypatch):
    def full(*words):
        raise OSError(errno.ENOSPC, "No space left on device")

    upload = put(clerk, archive())
    monkeypatch.setattr(packages.Path, "write_bytes", full)
    clerk.post(reverse("uploads:recheck", args=[upload.uid]))
    with pytest.raises(OSError, match="No space"):
        jobs.check_upload(uid=str(upload.uid))
    upload.refresh_from_db()
    assert upload.state == "broken" and "磁盘空间不足" in upload.why
