"""Tables: pages by keyset, orders, files, and a query count that does not depend on the rows."""

import csv
import io
import json
import zipfile
from datetime import date

import pytest
from django.db.models import Q
from django.urls import reverse

from baolei.kernel.access import Actor
from baolei.kernel.tables import (
    CodeColumn,
    DateColumn,
    LinkColumn,
    NumberColumn,
    Order,
    Table,
    TextColumn,
    files,
)
from baolei.kernel.tables.table import count_up_to
from baolei.organizations.models import Organization
from baolei.organizations.tests.factories import make_branch, make_organization


class Rows(Table):
    name = LinkColumn("全称", to="organizations:detail", below="code")
    kind = CodeColumn("类别", labels={"branch": "党支部"}, tones={"branch": "ok"})
    number = NumberColumn("序号", field="next_ordinal")
    opened_on = DateColumn("成立日期")
    code = TextColumn("组织代码", export=False)

    orders = (
        Order("tree", "按隶属关系", ("key",)),
        Order("name", "按名称", ("name", "-opened_on", "pk")),
        Order("late", "新的在前", ("-opened_on", "name", "key")),
    )
    size = 3


@pytest.fixture
def eight(db):
    top = make_organization(name="河东")
    for number in range(7):
        make_branch(top, name=f"第{number % 3}支部", opened_on=date(2013 + number % 2, 1, 1))
    return Organization.objects.unscoped("test")


def _names(table):
    return [(row[0], row[2]) for row in table.rows]


@pytest.mark.parametrize("order", ["tree", "name", "late"])
def test_forward_and_back_give_every_row_once(eight, order):
    wanted = list(eight.order_by(*Rows.order(order).fields).values_list("code", flat=True))
    seen, pages, after = [], [], ""
    while True:
        page = Rows.page(eight, order=order, after=after)
        pages.append(_names(page))
        seen += [code for _name, code in _names(page)]
        if not page.after:
            break
        after = page.after
    assert seen == wanted
    back = [pages[-1]]
    while page.before:
        page = Rows.page(eight, order=order, before=page.before)
        back.append(_names(page))
    assert back == pages[::-1]


def test_an_order_from_the_address_is_a_declared_one(eight):
    assert Rows.page(eight, order="-next_ordinal").order.name == "tree"


@pytest.mark.parametrize("position", ["x", "019b0000-0000-7000-8000-000000000000"])
def test_a_position_that_is_not_among_the_rows_leads_to_the_first_page(eight, position):
    assert _names(Rows.page(eight, after=position)) == _names(Rows.page(eight))


def test_a_position_outside_the_rows_visible_is_not_used(eight):
    last = eight.order_by("key").last()
    visible = eight.filter(~Q(pk=last.pk))
    assert _names(Rows.page(visible, before=str(last.uid))) == _names(Rows.page(visible))


def test_the_same_queries_for_one_row_and_for_three(eight, django_assert_num_queries):
    for number in (1, 3):
        rows = eight.filter(pk__in=list(eight.values_list("pk", flat=True)[:number]))
        with django_assert_num_queries(1):
            assert Rows.page(rows).html.count("<tr>") == 1 + number


def test_counting_stops_one_above_the_limit(eight):
    assert count_up_to(eight, limit=5) == 6
    assert count_up_to(eight, limit=50) == 8


def test_cells_are_escaped_and_say_their_column(eight):
    make_organization(name="<b>&", code="9&")
    html = Rows.page(eight.filter(short_name__startswith="<")).html
    assert "<b>" not in html and "&lt;b&gt;&amp;" in html and "9&amp;" in html
    assert '<td data-label="类别">' in html
    assert '<th scope="row"><a href="' in html


def test_a_link_leads_to_its_row(eight):
    one = eight.first()
    assert f'href="{reverse("organizations:detail", args=[one.uid])}"' in Rows.page(eight).html


def test_badges_and_missing_values(eight):
    html = Rows.of([("名", None, "", "branch", 1234, None)]).html
    assert '<span class="badge ok">党支部</span>' in html
    assert '<td class="num" data-label="序号">1,234</td>' in html
    assert '<td class="nowrap" data-label="成立日期">—</td>' in html


def test_json_rows_are_the_columns_that_go_into_files(eight):
    row = Rows.page(eight.filter(kind="branch")).dictionaries()[0]
    assert row == {"name": "第0支部", "kind": "党支部", "number": 1, "opened_on": date(2013, 1, 1)}


READER = Actor(name="李试", office="试验员")


def _sheet(rows):
    return files.Sheet(
        title="试验",
        headings=Rows.headings(),
        rows=Rows.lines(rows, order="tree"),
        widths=(20, 10, 8, 12),
        names=("name", "kind", "number", "opened_on"),
        above=files.watermark(READER, "资料核对"),
    )


def _body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_csv_has_the_watermark_the_headings_and_every_row(eight):
    text = _body(files.response(_sheet(eight), "csv")).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert "李试" in lines[0][0] and "试验员" in lines[0][0] and "资料核对" in lines[1][0]
    assert lines[2] == ["全称", "类别", "序号", "成立日期"]
    assert len(lines) == 3 + 8


def test_csv_gives_no_formula_to_a_spreadsheet(eight):
    make_organization(name="=1+1", kind="branch")
    text = _body(files.response(_sheet(eight), "csv")).decode("utf-8-sig")
    assert "'=1+1" in text


def test_json_file_names_its_columns(eight):
    made = json.loads(_body(files.response(_sheet(eight), "json")))
    assert made["columns"] == ["全称", "类别", "序号", "成立日期"]
    assert len(made["rows"]) == 8 and made["rows"][1]["kind"] == "党支部"


def test_excel_file_holds_text_as_text_and_days_as_days(eight):
    make_organization(name="=1+1", kind="branch", opened_on=date(2015, 5, 4))
    response = files.response(_sheet(eight), "xlsx")
    sheet = zipfile.ZipFile(io.BytesIO(_body(response))).read("xl/worksheets/sheet1.xml").decode()
    response.close()
    assert "<f>" not in sheet and "=1+1" in sheet
    assert "<v>42128</v>" in sheet  # 2015-05-04 as a day of Excel
    assert "filename*=UTF-8''%E8%AF%95%E9%AA%8C" in response["Content-Disposition"]


def test_a_demo_export_says_so(eight, settings):
    settings.BAOLEI_DEMO = True
    assert "演示数据" in files.watermark(READER)[-1]


@pytest.mark.parametrize("name", ["size", "empty", "caption", "orders", "page", "columns"])
def test_a_column_called_like_an_attribute_of_the_table_is_refused(name):
    with pytest.raises(TypeError, match=name):
        type("Wrong", (Table,), {name: TextColumn("规模")})
    assert type("Right", (Rows,), {"scale": TextColumn("规模")}).size == 3
