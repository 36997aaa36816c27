"""Any list can be exported under the headings of its sheet, and comes back unchanged (G-29, G-30)."""

import csv
import io

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import GrantFactory
from baolei.config.tests.walking import CONTENTS, PERSONS, make_border, text_of
from baolei.kernel.access import Actor
from baolei.kernel.api.declare import OFFERED
from baolei.kernel.imports import import_path
from baolei.kernel.imports.export import export_package
from baolei.kernel.imports.sheets import SHEETS
from baolei.kernel.models import Event, ExportRequest
from baolei.kernel.pages.records import RecordList
from baolei.organizations.models import Organization

pytestmark = pytest.mark.django_db
GIVEN = {"purpose": "check", "note": "", "form": "csv"}


def lists() -> list[type[RecordList]]:
    """Those whose records a file can bring."""
    found = [one.page for one in OFFERED.values() if one.page.export_url]
    return [page for page in found if page.queryset().model in sheets()]


def taken(client, page, **query) -> tuple[list[str], list[list[str]]]:
    """The headings and rows of the file, without the lines above."""
    address = reverse(page.export_url, query={"columns": "sheet", **query})
    response = client.post(address, GIVEN)
    assert response.status_code == 200, (page, response.content[-2000:])
    lines = list(csv.reader(io.StringIO(text_of(response).lstrip("\ufeff"))))
    top = next(number for number, line in enumerate(lines) if len(line) > 1)
    return lines[top], lines[top + 1 :]


def sheets() -> dict:
    return {sheet.model: sheet for sheet in SHEETS.values() if sheet.model}


@pytest.fixture
def world(db):
    return make_border()


def test_every_list_is_given_under_the_headings_of_its_sheet(client, world):
    """Of one's own side only, without numbers and dates of birth; the event says that it was the sheet."""
    client.force_login(world.officers["east"])
    asked = 0
    for page in lists():
        sheet = sheets()[page.queryset().model]
        form = client.get(reverse(page.export_url, query={"columns": "sheet"}))
        if form.status_code in (403, 404):
            continue
        asked += 1
        headings, rows = taken(client, page)
        titles = [str(column.title) for column in sheet.columns]
        given = [t for t in titles if "公民身份号码" not in t and t not in ("联系电话", "出生日期")]
        assert headings == given, page
        shown = actor_of(world.officers["east"])
        number = page.queryset().visible_to(shown, page.export_permission).count()
        listed = form.content.decode()
        assert 0 < len(rows) <= number, page
        assert "表头与导入模板一致" in listed
        text = repr(rows)
        assert not [name for name in (*PERSONS, *CONTENTS) if name in text], page
    assert asked > 25
    assert Event.objects.filter(detail__filters__contains="columns=sheet").count() == asked


def test_an_export_of_a_filtered_list_comes_back_unchanged(client, tmp_path, world):
    user = GrantFactory(role="province_officer", organization=Organization.rows.get(parent=None)).user
    client.force_login(user)
    page = next(p for p in lists() if p.queryset().model is Organization)
    headings, rows = taken(client, page, organization=str(world.east.uid))
    within = Organization.rows.filter(key__startswith=world.east.key)
    assert {row[headings.index("组织代码")] for row in rows} == set(within.values_list("code", flat=True))
    assert len(rows) < Organization.rows.count()
    kind = next(n for n, c in enumerate(SHEETS["organizations"].columns) if c.name == "kind")
    kinds = set(Organization._meta.get_field("kind").flatchoices)
    assert {row[kind] for row in rows} <= {str(label) for _code, label in kinds}
    with open(tmp_path / "organizations.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    outcome = import_path(tmp_path / "organizations.csv", actor=actor_of(user))
    assert outcome.problems == []
    counts = outcome.counts["organizations"]
    assert (counts["read"], counts["unchanged"]) == (len(rows), len(rows))


def test_every_cell_of_every_sheet_is_read_again(client, tmp_path, world):
    """Both ways out: under its headings as a list, and as a sheet of a package."""
    client.force_login(world.officers["east"])
    system = Actor.system("测试")
    export_package(tmp_path / "package", actor=system, purpose="测试")
    (tmp_path / "lists").mkdir()
    for page in lists():
        sheet = sheets()[page.queryset().model]
        if client.get(reverse(page.export_url)).status_code == 200:
            headings, rows = taken(client, page)
            with open(tmp_path / "lists" / sheet.file, "w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([headings, *rows])
    tried = 0
    for path in [*(tmp_path / "lists").glob("*.csv"), *(tmp_path / "package").glob("*.csv")]:
        if (path.parent.name == "lists" and SHEETS[path.stem].needs_numbers) or path.stem == "members":
            continue  # what it says without numbers cannot be brought back
        outcome = import_path(path, actor=system, dry_run=True)
        codes = {problem.code for problem in outcome.problems}
        assert not codes & {
            "code.unknown",
            "date.format",
            "number.format",
            "year.format",
            "header.missing",
        }, (
            path,
            outcome.problems[:3],
        )
        tried += 1
    assert tried > 40


def test_the_second_person_agrees_to_the_columns_that_were_asked_for(client, world, monkeypatch):
    monkeypatch.setattr("baolei.kernel.pages.export.NAMES_LIMIT", 0)
    owner = world.officers["east"]
    client.force_login(owner)
    response = client.post("/members/export/?columns=sheet", GIVEN)
    asked = ExportRequest.objects.get(uid=response.url.rstrip("/").rpartition("/")[2])
    assert "columns=sheet" in asked.query
    client.force_login(GrantFactory(role="department_officer", organization=world.east).user)
    assert client.post(reverse("exports:agree", args=[asked.uid])).status_code == 302
    client.force_login(get_user_model().objects.get(pk=owner.pk))
    text = text_of(client.post(reverse("exports:take", args=[asked.uid])))
    assert "姓名,性别,民族" in text and world.ours.name in text and world.theirs.name not in text


def test_a_list_without_a_sheet_has_its_own_columns_only(client, world, monkeypatch):
    monkeypatch.setattr("baolei.kernel.imports.export.SHEETS", {})
    client.force_login(world.officers["east"])
    text = client.get("/organizations/export/?columns=sheet").content.decode()
    assert "导入模板的列" not in text and "表头与导入模板一致" not in text
