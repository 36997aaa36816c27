"""A clerk's own workbook through the browser: how it is read, what is said of it, what becomes of it."""

import errno
import io
from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import GrantFactory
from baolei.kernel.imports import ImportBusy, run
from baolei.kernel.models import Event, NodeMeaning, Upload
from baolei.kernel.privacy import purge
from baolei.kernel.uploads import actions, grids, jobs, pages, sealed, work
from baolei.members.models import Member
from baolei.members.tests.packages import BRANCH, FAR, OTHER_TOWN, TOWN, number
from baolei.members.tests.workbooks import (
    HEADINGS,
    NEW,
    OTHER,
    ROUNDED,
    WIDE,
    WRONG,
    brought,
    page,
    person,
    taken,
    told,
    town,
    workbook,
)
from baolei.organizations.models import Organization
from baolei.organizations.tests.factories import make_branch

pytestmark = pytest.mark.django_db


def test_a_workbook_is_checked_shown_and_taken(clerk):
    upload = brought(
        clerk,
        workbook(
            person(), person(OTHER, "田二"), above=["某镇党员名册", ""], below=["合计：2 人", "填表人：某某"]
        ),
    )
    assert (upload.state, upload.problems) == ("checked", [])
    assert upload.counts == {"read": 2, "new": 2, "changed": 0, "unchanged": 0, "refused": 0}
    assert upload.found["heading"] == 3 and upload.found["below"] == 2
    assert upload.found["unknown"] == ["序号", "备注"] and upload.found["never_taken"] == ["宗教信仰"]
    text = page(clerk, upload)
    assert "导入 2 行" in text and "身份证号（必填） → 公民身份号码" in text and NEW not in text
    assert not Member.rows.filter(name__startswith="田").exists()
    upload = taken(clerk, upload)
    assert (upload.state, upload.batch.state) == ("taken", "done")
    assert "已导入：新增 2 行" in page(clerk, upload)
    found = Member.rows.get(name="田新")
    assert (found.branch.code, found.joined_on, found.education) == (BRANCH, date(2010, 7, 1), "21")
    again = brought(clerk, workbook(person(), person(OTHER, "田二")))
    assert again.counts["unchanged"] == 2 and "不用导入" in page(clerk, again)


def test_taking_twice_takes_once_and_a_killed_worker_leaves_nothing(clerk, monkeypatch):
    upload = brought(clerk, workbook(person()))
    clerk.post(reverse("uploads:take", args=[upload.uid]))
    clerk.post(reverse("uploads:take", args=[upload.uid]))
    jobs.take_upload(uid=str(upload.uid))
    jobs.take_upload(uid=str(upload.uid))
    assert Member.rows.filter(name="田新").count() == 1
    assert Event.objects.filter(action="uploads.upload.take").count() == 1
    broken = brought(clerk, workbook(person(OTHER, "田二")))
    Upload.objects.filter(pk=broken.pk).update(state="taking", changed_at=timezone.now() - timedelta(hours=1))
    jobs.mend_uploads(0)
    broken.refresh_from_db()
    assert broken.state == "broken" and "重新核对" in page(clerk, broken)
    clerk.post(reverse("uploads:recheck", args=[broken.uid]))
    jobs.check_upload(uid=str(broken.uid))
    assert taken(clerk, broken).state == "taken"


def test_bad_rows_are_named_as_the_spreadsheet_counts_and_left_out(clerk):
    rounded = float(ROUNDED[:15] + "000")
    lines = [
        person(),
        [""] * len(HEADINGS),
        person(OTHER, "田二", 入党时间="2010年7月"),
        person(OTHER, "田三", 出生年月日=31570, 入党时间=date(2010, 7, 1)),
        person(ROUNDED, "田四", **{"身份证号（必填）": rounded, "性别": "女"}),
        person(
            number("19870707", 1),
            "田五",
            所在党支部="不存在",
            性别="1".translate(WIDE),
            转入日期="2010-07-01".translate(WIDE),
        ),
    ]
    upload = brought(clerk, workbook(*lines, above=["名册"]))
    assert told(upload) == [
        (5, "joined_on", "date.month"),
        (6, "birth_date", "birth_date.id"),
        (7, "id_number", "id.rounded"),
        (8, "branch", "branch.unknown"),
    ]
    assert upload.counts["new"] == 1 and upload.counts["refused"] == 4
    text = page(clerk, upload)
    assert "末三位变成了 000" in text and "只写到月" in text
    assert ROUNDED[:15] not in text and OTHER not in text
    only = clerk.get(reverse("uploads:upload", args=[upload.uid]), {"column": "branch"}).content.decode()
    assert "找不到这个党支部" in only and "只写到月" not in only
    response = clerk.get(reverse("uploads:marked", args=[upload.uid]))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    back = sheet.get_sheet_by_name("党员名册").to_python(skip_empty_area=False)
    assert back[1][: len(HEADINGS)] == HEADINGS and back[1][-1] == "需要改正"
    assert back[4][1] == "田二" and back[4][-1].startswith("入党日期：只写到月。请写明哪一日")
    assert back[2][-1] == ""
    assert taken(clerk, upload).state == "taken"
    assert [m.name for m in Member.rows.filter(name__startswith="田")] == ["田新"]


def test_rows_out_of_reach_get_the_one_answer_and_do_not_stop_the_others(clerk):
    """G-12: counted once, when it is tried; the good rows are taken without those."""
    lines = [person(), person(OTHER, "田二", 所在党支部=FAR)]
    upload = brought(clerk, workbook(*lines))
    assert told(upload) == [(3, "", "row.refused")]
    assert taken(clerk, upload).counts["new"] == 1
    assert sum(e.detail["rows"] for e in Event.objects.filter(action="kernel.import.refuse")) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_in_any_encoding(clerk, encoding, delimiter):
    text = "\r\n".join(delimiter.join(line) for line in (HEADINGS, person()))
    upload = brought(clerk, text.encode(encoding), "名册.csv")
    assert (upload.state, upload.counts["new"]) == ("checked", 1)


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("名册.csv", b"  \n ", "文件是空的"),
        ("名册.xlsx", b"PK\x03\x04broken", "工作簿已损坏"),
        ("名册.xls", b"\xd0\xcf\x11\xe0broken", "工作簿已损坏"),
        ("名册.xlsx", "姓名,性别\n".encode(), "内容却不是"),
        ("名册.csv", "甲,乙\n1,2\n".encode(), "找不到“党员”的表头"),
        ("名册.csv", b"\x00\x01\x02\x03", "这不是表格文件"),
        ("名册.csv", b"\xff\xfe\x00", "文字编码不对"),
        ("名册.csv", "姓名,姓名,性别\n".encode(), "“姓名”一列出现了两次"),
        ("名册.csv", "姓名,性别,民族\n甲,男,汉族\n".encode(), "缺少这些列：公民身份号码"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(clerk, name, data, why):
    upload = brought(clerk, data, name)
    assert upload.state == "unreadable" and why in upload.why
    assert why in page(clerk, upload)


def test_a_workbook_that_unpacks_to_too_much_and_one_with_too_many_rows(clerk, monkeypatch):
    monkeypatch.setattr(grids, "UNPACKED", 1000)
    assert "展开后过大" in brought(clerk, workbook(person())).why
    monkeypatch.setattr(grids, "UNPACKED", 1_000_000)
    monkeypatch.setattr(grids, "ROWS", 1)
    assert "超过 1 行" in brought(clerk, workbook(person(), person(OTHER))).why


def test_a_hidden_sheet_is_not_read(clerk):
    upload = brought(clerk, workbook(person(), hidden=True))
    assert upload.found["table"] == "党员名册" and upload.counts["new"] == 1


def test_an_empty_file_and_an_unknown_kind_are_refused_at_the_form(clerk):
    for given in ({"sheet": "members", "file": SimpleUploadedFile("a.csv", b"")}, {"sheet": "x"}):
        response = clerk.post(reverse("uploads:list"), given)
        assert response.status_code == 422 and response.context["form"].errors
    assert not Upload.objects.exists()


def test_the_file_lies_sealed_and_goes_after_seven_days(clerk, folder):
    upload = brought(clerk, workbook(person(**{"身份证号（必填）": NEW[:17] + WRONG})))
    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert kept and all(path.stat().st_mode & 0o77 == 0 for path in kept)
    for path in kept:
        data = path.read_bytes()
        assert NEW[:17].encode() not in data and not data.startswith(b"PK")
    assert sealed.read(upload.uid, "given").startswith(b"PK")
    purge("uploads")
    assert folder.joinpath(str(upload.uid)).exists()
    Upload.objects.update(made_at=timezone.now() - timedelta(days=8))
    purge("uploads")
    upload.refresh_from_db()
    assert not folder.joinpath(str(upload.uid)).exists() and (upload.removed, upload.problems) == (True, [])
    assert clerk.get(reverse("uploads:marked", args=[upload.uid])).status_code == 404
    assert "重新上传" in clerk.post(reverse("uploads:take", args=[upload.uid]), follow=True).content.decode()


def test_a_file_is_its_owners_alone_and_a_kind_needs_its_right(clerk, client):
    upload = brought(clerk, workbook(person()))
    assert upload.total_problems == 0
    client.force_login(GrantFactory(role="township_officer", organization=town(OTHER_TOWN)).user)
    for name in ("upload", "marked"):
        assert client.get(reverse(f"uploads:{name}", args=[upload.uid])).status_code == 404
    for name in ("take", "recheck", "discard"):
        assert client.post(reverse(f"uploads:{name}", args=[upload.uid])).status_code == 404
    assert client.get(reverse("uploads:template", args=["weak_organizations"])).status_code == 404
    response = client.post(
        reverse("uploads:list"), {"sheet": "weak_organizations", "file": SimpleUploadedFile("a.csv", b"x")}
    )
    assert response.status_code == 422
    client.force_login(GrantFactory(role="branch_secretary", organization=town(BRANCH)).user)
    assert client.get(reverse("uploads:list")).status_code == 404


def test_a_discarded_file_is_gone(clerk, folder):
    upload = brought(clerk, workbook(person()))
    clerk.post(reverse("uploads:discard", args=[upload.uid]))
    assert not folder.joinpath(str(upload.uid)).exists()
    assert "已放弃" in page(clerk, upload)


def test_the_template_is_read_back(clerk):
    response = clerk.get(reverse("uploads:template", args=["members"]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    assert book.sheet_names == ["党员", "代码", "填写说明"]
    headings = book.get_sheet_by_name("党员").to_python()[0]
    assert headings[:3] == ["公民身份号码", "姓名", "性别"]
    texts = {"公民身份号码": NEW, "姓名": "田新", "性别": "女", "出生日期": "1985-05-05", "民族": "汉族"}
    texts |= {"学历": "大学本科", "职业": "农牧渔民", "党籍状态": "正式党员", "入党日期": "2010-07-01"}
    texts |= {"转正日期": "2011-07-01", "所在党支部": BRANCH, "转入日期": "2010-07-01"}
    filled = workbook([texts.get(h, "") for h in headings], headings=headings)
    assert brought(clerk, filled).counts["new"] == 1


def test_beside_another_import_a_file_waits(clerk, monkeypatch):
    def busy(*args, **more):
        raise ImportBusy("另一个导入正在进行")

    upload = brought(clerk, workbook(person()))
    clerk.post(reverse("uploads:take", args=[upload.uid]))
    with monkeypatch.context() as patched:
        patched.setattr(work, "import_package", busy)
        with pytest.raises(ImportBusy):
            jobs.take_upload(uid=str(upload.uid))
    upload.refresh_from_db()
    assert upload.state == "ordered" and "等待导入" in page(clerk, upload)
    jobs.take_upload(uid=str(upload.uid))
    assert Member.rows.filter(name="田新").exists()


def test_what_goes_wrong_in_the_middle_leaves_nothing(clerk, monkeypatch):
    """The state is written in the import's transaction: what fails there takes the rows back, too."""

    def failing(*args):
        raise RuntimeError("in the middle")

    upload = brought(clerk, workbook(person()))
    clerk.post(reverse("uploads:take", args=[upload.uid]))
    with monkeypatch.context() as patched:
        patched.setattr(work, "_keep", failing)
        with pytest.raises(RuntimeError):
            jobs.take_upload(uid=str(upload.uid))
    upload.refresh_from_db()
    assert upload.state == "broken" and not Member.rows.filter(name="田新").exists()
    assert "什么都没有写入" in page(clerk, upload)


def answered(client, upload, **said: str):
    """What the page says after `said` (name -> answer) was sent; checked again where it was taken."""
    asked = [*upload.found["said"], *(name for name, _of in upload.found["unclear"])]
    given = {f"n{at}": (upload.found["said"] | said).get(name, "") for at, name in enumerate(asked)}
    shown = client.post(reverse("uploads:answer", args=[upload.uid]), given, follow=True).content.decode()
    upload.refresh_from_db()
    if upload.state == "waiting":
        jobs.check_upload(uid=str(upload.uid))
        upload.refresh_from_db()
    return shown


def test_names_that_several_or_none_have_are_said_once_and_remembered(clerk):
    same = [make_branch(town(TOWN), name="同名党支部", opened_on=date(1990, 1, 1)) for _ in range(2)]
    lines = [
        person(所在党支部="同名党支部"),
        person(OTHER, "田二", 所在党支部="东边那个支部"),
        person(number("19870707", 1), "田三", 所在党支部="没有这个党支部"),
    ]
    upload = brought(clerk, workbook(*lines))
    codes = sorted(branch.code for branch in same)
    assert upload.found["unclear"] == [
        ["同名党支部", [[code, "同名党支部"] for code in codes]],
        ["东边那个支部", []],
        ["没有这个党支部", []],
    ]
    shown = page(clerk, upload)
    assert f'<option value="{codes[1]}">同名党支部（{codes[1]}）</option>' in shown
    answered(clerk, upload, 同名党支部=codes[1], 东边那个支部="东村党支部")
    assert told(upload) == [(4, "branch", "branch.unknown")]
    assert upload.found["said"] == {"同名党支部": codes[1], "东边那个支部": BRANCH}
    taken(clerk, upload)
    placed = (
        Member.rows.filter(name__in=["田新", "田二"]).order_by("name").values_list("branch__code", flat=True)
    )
    assert list(placed) == [BRANCH, codes[1]]
    # The next file is not asked about again; who is not he, is.
    again = brought(clerk, workbook(*lines))
    assert (again.counts["unchanged"], told(again)) == (2, [(4, "branch", "branch.unknown")])
    assert set(NodeMeaning.objects.values_list("name", "code")) == {
        ("同名党支部", codes[1]),
        ("东边那个支部", BRANCH),
    }
    # Taken back, it is asked anew; closed meanwhile, too.
    answered(clerk, again, 东边那个支部="")
    assert [name for name, _of in again.found["unclear"]] == ["东边那个支部", "没有这个党支部"]
    Organization.rows.filter(code=codes[1]).update(closed_on=date(2016, 1, 1))
    assert "同名党支部" not in brought(clerk, workbook(*lines)).found["said"]


def test_names_alike_are_offered_within_reach(clerk):
    upload = brought(clerk, workbook(person(所在党支部="东村支部")))
    code, name = upload.found["similar"]["东村支部"][0]
    assert (code, name) == (BRANCH, Organization.rows.get(code=BRANCH).name)
    assert f'<option value="{BRANCH}">{name}</option>' in page(clerk, upload)
    assert brought(clerk, workbook(person(所在党支部="北村支部"))).found["similar"] == {}


def test_what_was_typed_stays_after_a_refusal(clerk):
    upload = brought(
        clerk, workbook(person(所在党支部="某某支部"), person(OTHER, "田二", 所在党支部="又一个支部"))
    )
    given = {"n0": BRANCH, "n1": "没有的"}
    response = clerk.post(reverse("uploads:answer", args=[upload.uid]), given)
    shown = response.content.decode()
    assert response.status_code == 422 and "没有党组织“没有的”" in shown
    assert f'value="{BRANCH}"' in shown and 'value="没有的"' in shown
    assert clerk.get(reverse("uploads:answer", args=[upload.uid])).status_code == 405


@pytest.mark.parametrize("text", ["没有", "北村党支部", "同名党支部", "'; DROP TABLE"])
def test_absent_elsewhere_and_several_are_one_answer_to_what_was_said(clerk, text):
    for _ in range(2):
        make_branch(town(TOWN), name="同名党支部")
    upload = brought(clerk, workbook(person(所在党支部="某某支部")))
    shown = answered(clerk, upload, 某某支部=text)
    assert "或不在您的管理范围；同名的请填组织代码。" in shown
    assert not NodeMeaning.objects.exists()


def test_only_names_that_were_asked_about_can_be_said(clerk):
    upload = brought(clerk, workbook(person()))
    actor = actor_of(get_user_model().objects.get(pk=upload.actor_id))
    with pytest.raises(ValidationError, match="对不上"):
        actions.answer(upload, actor=actor, columns={}, nodes={"别的": BRANCH})


def test_organizations_are_found_by_their_only_name_within_reach(clerk):
    make_branch(town(TOWN), name="同名党支部")
    make_branch(town(TOWN), name="同名党支部")
    lines = [
        person(所在党支部="东村党支部"),
        person(OTHER, "田二", 所在党支部="中共虚构镇东村支部委员会"),
        person(number("19870707", 1), "田三", 所在党支部="同名党支部"),
        person(number("19880808", 1), "田四", 所在党支部="北村党支部"),
        person(number("19890809", 1), "田五", 所在党支部="没有这个党支部"),
    ]
    upload = brought(clerk, workbook(*lines))
    assert told(upload) == [(row, "branch", "branch.unknown") for row in (4, 5, 6)]
    assert upload.found["matched"] == [["东村党支部", BRANCH], ["中共虚构镇东村支部委员会", BRANCH]]
    text = page(clerk, upload)
    assert f"东村党支部 → {BRANCH}" in text and "（3 个）" in text
    taken(clerk, upload)
    assert set(Member.rows.filter(name__startswith="田").values_list("branch__code", flat=True)) == {BRANCH}


def test_a_full_disk_is_said_and_leaves_nothing(clerk, folder, monkeypatch):
    def full(*words, **more):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sealed, "write", full)
    file = SimpleUploadedFile("名册.xlsx", workbook(person()))
    response = clerk.post(reverse("uploads:list"), {"sheet": "members", "file": file})
    assert response.status_code == 507 and "磁盘空间不足" in response.content.decode()
    assert not Upload.objects.exists()


@pytest.mark.parametrize("where", ["file", "database"])
def test_a_disk_that_is_full_while_rows_are_staged(clerk, monkeypatch, where):
    upload = brought(clerk, workbook(person()))

    def full(*words, **more):
        if where == "file":
            raise OSError(errno.ENOSPC, "No space left on device")
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = '53100'; END $$")

    before = Member.rows.count()
    monkeypatch.setattr(run, "_stage", full)
    clerk.post(reverse("uploads:take", args=[upload.uid]))
    with pytest.raises((OSError, OperationalError)):
        jobs.take_upload(uid=str(upload.uid))
    monkeypatch.undo()
    upload.refresh_from_db()
    assert (upload.state, Member.rows.count()) == ("broken", before)
    assert "磁盘空间不足" in upload.why


def test_the_history_goes_back_page_by_page(clerk, monkeypatch):
    monkeypatch.setattr(pages, "LISTED", 2)
    uploads = [brought(clerk, workbook(person()), name=f"名册{number}.xlsx") for number in range(3)]
    first = clerk.get(reverse("uploads:list"))
    assert [row.pk for row, _title, _tone in first.context["uploads"]] == [uploads[2].pk, uploads[1].pk]
    second = clerk.get(reverse("uploads:list") + first.context["older"])
    assert [row.pk for row, _title, _tone in second.context["uploads"]] == [uploads[0].pk]
    assert second.context["newer"] == "?page=1" and "?page=2" in first.content.decode()
    assert clerk.get(reverse("uploads:list") + "?page=x").status_code == 200
