"""Headings that no column is known by, and money that is not in yuan: asked once, said, remembered."""

from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.urls import reverse

from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import GrantFactory
from baolei.kernel.imports.sheets import SHEETS
from baolei.kernel.models import HeadingMeaning
from baolei.kernel.uploads import actions, jobs
from baolei.kernel.uploads.conversion import _yuan
from baolei.kernel.uploads.grids import Grid
from baolei.kernel.uploads.headings import laid_out
from baolei.members.models import Member
from baolei.members.tests.packages import ALICE, TOWN
from baolei.members.tests.workbooks import HEADINGS, OTHER, brought, page, person, taken, town, workbook

pytestmark = pytest.mark.django_db

OWN = ["组员姓名" if heading == "姓名" else heading for heading in HEADINGS]


def answered(client, upload, **given):
    response = client.post(reverse("uploads:answer", args=[upload.uid]), given)
    assert response.status_code == 302
    jobs.check_upload(uid=str(upload.uid))
    upload.refresh_from_db()
    return upload


def field(upload, heading) -> str:
    return f"h{upload.found['asks'].index(heading)}"


def test_a_heading_of_ones_own_is_asked_said_and_remembered(clerk):
    upload = brought(clerk, workbook(person(), headings=OWN))
    assert (upload.state, upload.found["missing"]) == ("asked", ["姓名"])
    shown = page(clerk, upload)
    assert "没有找到这些必填的列：姓名" in shown and "组员姓名" in shown
    # Columns that are read are no choice, and none of the guarded ones is asked about.
    assert "宗教信仰" not in upload.found["asks"]
    answered(clerk, upload, **{field(upload, "组员姓名"): "name"})
    assert (upload.state, upload.counts["new"]) == ("checked", 1)
    assert ["姓名", "组员姓名"] in upload.found["read"]
    taken(clerk, upload)
    assert Member.rows.filter(name="田新").exists()
    again = brought(clerk, workbook(person(OTHER, "于二"), headings=OWN))
    assert (again.state, again.counts["new"]) == ("checked", 1)
    assert HeadingMeaning.objects.get(heading="组员姓名").column == "name"


def test_what_another_said_is_not_ones_own(clerk, client):
    upload = brought(clerk, workbook(person(), headings=OWN))
    answered(clerk, upload, **{field(upload, "组员姓名"): "name"})
    client.force_login(GrantFactory(role="township_officer", organization=town(TOWN)).user)
    assert brought(client, workbook(person(), headings=OWN)).state == "asked"
    assert client.post(reverse("uploads:answer", args=[upload.uid]), {}).status_code == 404


def test_a_choice_can_be_taken_back(clerk):
    headings = [*HEADINGS, "单位"]
    upload = brought(clerk, workbook([*person(), "东村合作社"], headings=headings))
    assert upload.state == "checked" and "您的说明" in page(clerk, upload)
    free = {name for name, _title in actions.free_columns(upload)}
    assert "work_unit" in free and "name" not in free
    answered(clerk, upload, **{field(upload, "单位"): "work_unit"})
    assert upload.found["by_hand"] == {"序号": "", "备注": "", "单位": "work_unit"}
    answered(clerk, upload, **{field(upload, "单位"): ""})
    assert (upload.found["by_hand"], upload.state) == ({"序号": "", "备注": "", "单位": ""}, "checked")
    assert HeadingMeaning.objects.get(heading="单位").column == ""


def test_wrong_answers_are_refused(clerk):
    headings = [*OWN, "单位甲", "单位乙"]
    upload = brought(clerk, workbook([*person(), "", ""], headings=headings))
    actor = actor_of_owner(upload)
    for columns, said in (
        ({"单位甲": "work_unit", "单位乙": "work_unit"}, "同一列选了两次"),
        ({"没有的": "name"}, "对不上"),
        ({"单位甲": "sex"}, "对不上"),
        ({"单位甲": "no_such"}, "对不上"),
    ):
        with pytest.raises(ValidationError, match=said):
            actions.answer(upload, actor=actor, columns=columns)
    with pytest.raises(ValidationError, match="单位"):
        actions.answer(upload, actor=actor, columns={}, unit=7)
    assert not HeadingMeaning.objects.exists()
    clerk.post(reverse("uploads:answer", args=[upload.uid]), {"h0": "sex"})
    upload.refresh_from_db()
    assert upload.state == "asked"


def actor_of_owner(upload):
    return actor_of(get_user_model().objects.get(pk=upload.actor_id))


def test_a_heading_with_a_persons_number_is_not_asked_about(clerk):
    upload = brought(clerk, workbook([*person(), ""], headings=[*HEADINGS, ALICE]))
    assert upload.state == "checked" and ALICE not in str(upload.found)
    assert upload.found["asks"] == ["序号", "备注"]


def money(sheet, heading, *above, unit=None):
    """The layout of a table with one row whose money column has this heading."""
    columns = [str(column.title) for column in sheet.columns]
    columns[[column.name for column in sheet.columns].index("amount")] = heading
    rows = [*([text] for text in above), columns, ["1"] * len(columns)]
    return laid_out([Grid("表", rows)], sheet, unit=unit)


@pytest.mark.parametrize(
    ("heading", "above", "unit", "factor"),
    [
        ("金额（元）", (), None, 1),
        ("金额（万元）", (), None, 10_000),
        ("金额(千元)", (), None, 1_000),
        ("金额（亿元）", (), None, 100_000_000),
        ("金额", ("单位：万元",), None, 10_000),
        ("金额", ("表一", "单 位 : 元"), None, 1),
        ("金额（元）", ("单位：万元",), None, 1),
        ("金额", (), 10_000, 10_000),
        ("amount", (), None, 1),
        ("金额", (), None, None),
    ],
)
def test_what_money_is_counted_in(heading, above, unit, factor):
    sheet = next(s for s in SHEETS.values() if any(c.name == "amount" for c in s.columns))
    layout = money(sheet, heading, *above, unit=unit)
    assert layout.factors.get("amount") == factor
    assert ("amount" in layout.unsure) == (factor is None)


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("12.3", "123000"),
        ("1,234.5", "12345000"),
        ("0", "0"),
        ("-3", "-30000"),
        ("12万", "12万"),
        ("NaN", "NaN"),
    ],
)
def test_ten_thousands_become_yuan_exactly(text, yuan):
    assert _yuan(text, 10_000) == yuan
    if yuan[-1].isdigit():
        assert Decimal(yuan) == Decimal(text.replace(",", "")) * 10_000


def test_headings_in_two_rows_whose_cells_are_merged(clerk):
    """姓名 and the numbers reach over both rows; the others stand below a common heading."""
    below = {"性别", "出生年月日", "民族", "学历"}
    upper = ["基本情况" if heading == "性别" else "" if heading in below else heading for heading in HEADINGS]
    lower = [heading if heading in below else "" for heading in HEADINGS]
    upload = brought(clerk, workbook(lower, person(), headings=upper))
    assert (upload.state, upload.counts["new"], upload.counts["read"]) == ("checked", 1, 1)
    assert upload.found["heading"] == 2
    assert ["姓名", "姓名"] in upload.found["read"] and ["性别", "性别"] in upload.found["read"]
    empty = brought(clerk, workbook([""] * len(HEADINGS), person(OTHER, "于二")))
    assert (empty.found["heading"], empty.counts["new"]) == (1, 1)
