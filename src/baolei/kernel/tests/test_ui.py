"""Numbers, charts, components, the stylesheet, and the guard over all templates."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.template import Context, Template

import baolei
from baolei.kernel.templatetags.ui import ICONS, icon_names
from baolei.kernel.ui import charts, stylesheet, words

PACKAGE = Path(baolei.__file__).parent
TEMPLATES = sorted(PACKAGE.glob("**/templates/**/*.html"))
INLINE = {
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "event handler": re.compile(r"<[^>]*\s(on[a-z]+|hx-on[:\w-]*)\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "script without src": re.compile(r"<script(?![^>]*\ssrc\s*=)", re.IGNORECASE),
    "javascript address": re.compile(r"javascript:", re.IGNORECASE),
}


def draw(source: str, **context) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


# Numbers


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (1630204, "", "1,630,204"),
        (1630204, "人", "1,630,204"),
        (0, "", "0"),
        (None, "人", "—"),
        ("", "", "—"),
        (93.64, "%", "93.6%"),
        (Decimal("99.05"), "percent", "99.1%"),
        (100, "%", "100.0%"),
        (None, "%", "—"),
        (2.5, "", "2.5"),
        (Decimal("1234.567"), "", "1,234.57"),
        (Decimal("300.00"), "", "300"),
    ],
)
def test_number(value, unit, written):
    assert words.number(value, unit) == written


def test_amount_and_short():
    assert words.amount(1630204, "人") == "1,630,204 人"
    assert words.amount(None, "人") == "—"
    assert words.amount(50, "%") == "50.0%"
    assert words.short(999_999) == "999,999"
    assert words.short(1_630_204) == "163.0万"


# Bars


def test_bars_keep_the_order_given_and_show_no_value_as_dash():
    chart = charts.bars([("乙", 1, None), ("甲", 4, "/a"), ("丙", None, None), ("丁", 0, None)], "人")
    assert [(b.label, b.text, b.href, b.width) for b in chart.bars] == [
        ("乙", "1", None, "25"),
        ("甲", "4", "/a", "100"),
        ("丙", "—", None, None),
        ("丁", "0", None, "0"),
    ]


def test_percentages_are_measured_against_a_hundred():
    assert [b.width for b in charts.bars([("a", 50.0, None), ("b", 25, None)], "%").bars] == ["50", "25"]


def test_bars_of_nothing_and_of_zeros():
    assert charts.bars([]).bars == ()
    assert [b.width for b in charts.bars([("a", 0, None)]).bars] == ["0"]


def test_drawn_bars_escape_and_have_no_rank():
    page = draw('{% bars rows "人" "各地" %}', rows=[("<b>乙</b>", 3, "/?a=1&b=2"), ("甲", 9, None)])
    assert "<b>" not in page and "&lt;b&gt;乙&lt;/b&gt;" in page
    assert 'href="/?a=1&amp;b=2"' in page
    assert page.index("乙") < page.index("甲")
    assert "<ol" not in page and "排名" not in page


# Lines


def test_line_places_points_in_order_and_breaks_where_a_value_is_missing():
    chart = charts.line([("1月", 10), ("2月", 20), ("3月", None), ("4月", 0)], "件")
    assert [(p.label, p.text, p.x) for p in chart.points] == [
        ("1月", "10", "2%"),
        ("2月", "20", "34%"),
        ("3月", "—", "66%"),
        ("4月", "0", "98%"),
    ]
    assert [p.y for p in chart.points] == ["118", "28", None, "208"]
    assert chart.segments == ("2,90 34,0",)
    assert [t.text for t in chart.ticks] == ["0", "10", "20"]
    assert [p.last for p in chart.points] == [False, False, False, True]


def test_close_values_do_not_start_at_zero_and_axis_counts_in_ten_thousands():
    chart = charts.line([("2012", 1521300), ("2016", 1630204)])
    assert [t.text for t in chart.ticks] == ["150万", "155万", "160万", "165万"]


@pytest.mark.parametrize(
    "points", [[], [("a", None)], [("a", 5)], [("a", 0), ("b", 0)], [("a", 7), ("b", 7)]]
)
def test_line_of_little(points):
    chart = charts.line(points)
    assert len(chart.points) == len(points)
    assert len(chart.ticks) >= 2


def test_long_lines_write_few_values():
    chart = charts.line([(str(i), 50 + i % 9) for i in range(60)])
    assert sum(p.valued for p in chart.points) <= 4
    assert sum(p.dated for p in chart.points) <= 8
    assert chart.points[0].dated and chart.points[-1].dated


def test_drawn_line_has_title_description_and_table():
    page = draw('{% line points "人" title %}', title="年末<党员>", points=[("2015", 10), ("2016", None)])
    assert 'role="img"' in page
    assert "年末&lt;党员&gt;</title>" in page
    assert "2015 10，2016 —</desc>" in page
    assert page.count("<tr>") == 3


# Classes and the tile map


def test_classes_by_quantile_keep_equal_values_together():
    assert charts.classes([1, 2, 3, 4, 5]) == [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]
    assert charts.classes([7, 7, 7]) == [(7, 7)]
    assert charts.classes([1, 1, 1, 1, 9]) == [(1, 1), (9, 9)]
    assert charts.classes([]) == []


def test_classes_by_equal_steps_name_only_values_that_occur():
    assert charts.classes([0, 1, 2, 100], by="equal") == [(0, 2), (100, 100)]
    with pytest.raises(ValueError, match="by quantile or equal"):
        charts.classes([1], by="size")


MAP_VALUES = {
    "220102": ("南关区", 300, "/a"),
    "220103": ("宽城区", None, "/b"),
    "220201": ("前郭尔罗斯蒙古族自治县", 100, None),
    "220299": ("没有方格的<开发区>", 200, None),
}
MAP_TILES = {"220102": [5, 5], "220103": [6, 5], "220201": [5, 6]}


def test_tile_map_places_shades_and_groups():
    chart = charts.tile_map(MAP_VALUES, "人", tiles=MAP_TILES)
    assert [(t.code, t.x, t.y, t.shade, t.text, t.href) for t in chart.tiles] == [
        ("220102", "4", "4", "m5", "300", "/a"),
        ("220103", "68", "4", "m0", "—", "/b"),
        ("220201", "4", "68", "m1", "100", None),
    ]
    assert chart.tiles[2].lines[0][0] == "前郭"
    assert (chart.width, chart.height) == ("132", "132")
    assert chart.legend == (("m1", "100"), ("m3", "200"), ("m5", "300"), ("m0", "—"))
    assert chart.unplaced == (("没有方格的<开发区>", "200", None),)


def test_tile_map_draws_thick_sides_between_groups_once():
    edges = charts.tile_map(MAP_VALUES, tiles=MAP_TILES).edges
    sides = re.findall(r"M[^M]+", edges)
    assert len(sides) == len(set(sides))
    assert "M2 66h64" in sides, "between the two groups"
    assert "M66 2v64" not in sides, "inside one group"


def test_tile_map_without_places():
    chart = charts.tile_map({}, tiles=MAP_TILES)
    assert chart.tiles == () and chart.legend == () and chart.edges == ""


def test_drawn_tile_map_says_that_it_is_no_boundary_and_lists_every_place():
    page = draw('{% tile_map values tiles "人" "党员" %}', values=MAP_VALUES, tiles=MAP_TILES)
    assert "示意方格图，非行政区划界线" in page
    assert "另有 1 个地区未入图" in page
    assert 'aria-label="南关区 300"' in page
    assert "没有方格的&lt;开发区&gt;" in page
    assert page.count('<th scope="row">') == 4


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("延吉市", ("延吉市",)),
        ("梅河口市", ("梅河口市",)),
        ("长白朝鲜族自治县", ("长白",)),
        ("新城经济开发区", ("新城经济", "开发区")),
        ("高新技术产业开发区", ("高新技术", "产业开…")),
    ],
)
def test_tile_name(name, lines):
    assert charts.tile_name(name) == lines


# Components


def test_components_escape_what_they_are_given():
    page = draw(
        "{% badge evil 'ok' %}{% stat evil 1 %}{% notice 'warn' title=evil %}{{ evil }}{% endnotice %}"
        "{% link_button evil evil %}{% empty evil %}{% definitions pairs %}{% breadcrumbs crumbs %}"
        "{% tipped text=evil %}x{% endtipped %}{% card title=evil %}x{% endcard %}",
        evil='"><script>',
        pairs=[('"><script>', None)],
        crumbs=[('"><script>', None)],
    )
    assert "<script" not in page
    assert "<dd>—</dd>" in page


def test_each_tip_has_its_own_id():
    page = draw("{% tipped text='一' href='/a' %}x{% endtipped %}{% tipped text='二' %}y{% endtipped %}")
    assert re.findall(r' id="(tip-\d)"', page) == ["tip-1", "tip-2"]
    assert re.findall(r'aria-describedby="(tip-\d)"', page) == ["tip-1", "tip-2"]


def test_an_unlisted_icon_is_a_mistake():
    with pytest.raises(ValueError, match=r"ui_icons\.txt"):
        draw("{% icon 'no-such-icon' %}")


@pytest.mark.skipif(not ICONS.exists(), reason="the front-end build has not run")
def test_every_listed_icon_was_built():
    assert [name for name in sorted(icon_names()) if not (ICONS / f"{name}.svg").exists()] == []


@pytest.fixture
def demo(settings):
    settings.BAOLEI_DEMO = True


def test_gallery_renders_every_component(client, demo):
    response = client.get("/_ui/")
    page = response.content.decode()
    assert response.status_code == 200
    for mark in (
        "badge",
        "stat",
        "notice",
        "as-cards",
        "pager",
        "map",
        "bars",
        "line-plot",
        "facts",
        "tipped",
    ):
        assert f'class="{mark}' in page or f" {mark}" in page, mark
    assert "组织代码应为 12 位数字" in page
    assert 'aria-describedby="id_code_helptext id_code_error"' in page
    assert 'id="id_code_helptext"' in page and 'id="id_code_error"' in page
    assert "演示数据" in page


def test_public_gallery_renders(client, demo):
    assert "演示数据" in client.get("/_ui/public/").content.decode()


def test_gallery_is_closed_outside_the_demo(client, settings):
    settings.BAOLEI_DEMO = False
    settings.DEBUG = False
    assert client.get("/_ui/").status_code == 404


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_need_no_context(name):
    from django.template.loader import get_template

    assert "回到首页" in get_template(f"{name}.html").render()


# Style sheet and templates


def test_the_shipped_stylesheet_is_the_flattened_source_and_small():
    shipped = stylesheet.SHIPPED.read_text(encoding="utf-8")
    assert shipped == stylesheet.flatten(stylesheet.SOURCE.read_text(encoding="utf-8"))
    assert "@layer" not in shipped
    assert len(shipped.encode()) <= 20_000


def test_flatten_keeps_rules_nested_in_media():
    source = "/* a */ @layer x, y;\n@layer x { a, b { color: red; } }\n@layer y { @media print { a:hover { top: 0; } } }"
    assert stylesheet.flatten(source) == "a,b{color:red}@media print{a:hover{top:0}}\n"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_templates_have_nothing_inline(path):
    text = path.read_text(encoding="utf-8")
    assert [name for name, pattern in INLINE.items() if pattern.search(text)] == []
