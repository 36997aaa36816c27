"""Components of the screen, for `{% load ui %}`. Each is described in docs/howto/ui.md and shown at /_ui/."""

import re
from functools import cache, lru_cache
from pathlib import Path

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from baolei.kernel.ui import charts, words

register = template.Library()

KERNEL = Path(__file__).resolve().parents[1]
ICONS = KERNEL.parent / "static" / "vendor" / "lucide"
NOTICE_ICONS = {
    "info": "info",
    "ok": "circle-check",
    "warn": "triangle-alert",
    "error": "circle-x",
    "old": "history",
}
TONES = {"": "", "neutral": "", "ok": "ok", "warn": "warn", "bad": "bad", "error": "bad", "info": "info"}

register.filter("number", words.number)
register.filter("amount", words.amount)


def _next_number(context, what: str) -> int:
    """1, 2, 3 ... within one page, counted below all included templates, so that ids stay unique."""
    ground = context.render_context.dicts[0]
    ground[what] = ground.get(what, 0) + 1
    return ground[what]


# Small parts ----------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def icon_names() -> frozenset[str]:
    """Names that pages may use: the lines of kernel/ui_icons.txt."""
    return frozenset((KERNEL / "ui_icons.txt").read_text(encoding="utf-8").split())


@cache
def _icon(name: str) -> SafeString:
    if name not in icon_names():
        raise ValueError(f"icon {name!r} is not listed in kernel/ui_icons.txt")
    path = ICONS / f"{name}.svg"
    if not path.exists():  # the front-end build has not run: words alone must do
        return SafeString("")
    drawing = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(encoding="utf-8"), re.DOTALL)
    shapes = re.sub(r"\s*\n\s*", "", drawing[1]) if drawing else ""
    return mark_safe(
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{shapes}</svg>'
    )


@register.simple_tag
def icon(name: str) -> SafeString:
    """An inline drawing beside words; hidden from screen readers. An empty name draws nothing."""
    return _icon(name) if name else SafeString("")


@register.simple_tag
def badge(text: str, tone: str = "") -> SafeString:
    """A short state in words; tone is ok, warn, bad, info or empty."""
    return format_html('<span class="badge {}">{}</span>', TONES[tone], text)


@register.simple_tag
def link_button(url: str, label: str, icon: str = "", kind: str = "") -> SafeString:
    """A link that looks like a button; kind is primary, danger, quiet, small or several of them."""
    names = " ".join(["btn", *(f"btn-{word}" for word in kind.split())])
    return format_html('<a class="{}" href="{}">{}{}</a>', names, url, _icon(icon) if icon else "", label)


@register.inclusion_tag("kernel/ui/stat.html")
def stat(label, value, unit="", *, href="", icon="", note=""):
    """A card with one number. The number links to the page behind it when `href` is given."""
    percent = unit in words.PERCENT
    return {
        "label": label,
        "text": words.number(value, unit),
        "unit": "" if percent or value is None else unit,
        "href": href,
        "icon": icon,
        "note": note,
    }


@register.inclusion_tag("kernel/ui/progress.html")
def progress(value, maximum=100, label="", text=""):
    """How much of something is done, with the share in words."""
    share = None if value is None or not maximum else 100 * value / maximum
    return {"value": value, "maximum": maximum, "label": label, "text": text or words.number(share, "%")}


@register.inclusion_tag("kernel/ui/empty.html")
def empty(title, hint="", icon="inbox", url="", action=""):
    """What stands where a list would, and what to do next."""
    return {"title": title, "hint": hint, "icon": icon, "url": url, "action": action}


@register.inclusion_tag("kernel/ui/definitions.html")
def definitions(items):
    """A list of (name, value) pairs; empty values are dashes."""
    return {"items": [(name, words.NOTHING if value in (None, "") else value) for name, value in items]}


# Finding one's way ----------------------------------------------------------------------------------------


@register.inclusion_tag("kernel/ui/breadcrumbs.html")
def breadcrumbs(crumbs):
    """The way from the top to here: (label, url) pairs, the last one without url."""
    return {"crumbs": crumbs}


@register.inclusion_tag("kernel/ui/tabs.html")
def tabs(items, label=""):
    """Links between parts of one object: (label, url, current) triples."""
    return {"items": items, "label": label or _("分页")}


@register.inclusion_tag("kernel/ui/pager.html")
def pager(previous="", next="", summary="", target="", count_all=""):
    """Previous and next page of a keyset list; `target` is the CSS selector that htmx replaces.

    `count_all` leads to the same page with all rows counted.
    """
    return {"previous": previous, "next": next, "summary": summary, "target": target, "count_all": count_all}


# Forms ----------------------------------------------------------------------------------------------------


@register.simple_tag
def field(bound) -> SafeString:
    """One form field with label, help, errors and the links between them."""
    if bound.is_hidden:
        return bound.as_widget()
    single_box = getattr(bound.field.widget, "input_type", "") == "checkbox" and not bound.use_fieldset
    return SafeString(render_to_string("kernel/ui/field.html", {"field": bound, "single_box": single_box}))


@register.inclusion_tag("kernel/ui/form_errors.html")
def form_errors(form):
    """What is wrong with a form as a whole, above its fields."""
    return {"form": form}


@register.simple_block_tag(end_name="endfilters")
def filters(content, label="", button=""):
    """A GET form over a list: fields side by side and one button."""
    return format_html(
        '<form class="filters" method="get" role="search" aria-label="{}">{}<button class="btn">{}{}</button></form>',
        label or _("筛选"),
        content,
        _icon("search"),
        button or _("查询"),
    )


# Boxes ----------------------------------------------------------------------------------------------------


@register.simple_block_tag(end_name="endnotice")
def notice(content, kind="info", title=""):
    """A box with news of kind info, ok, warn, error or old (values that are not of today)."""
    tone = {"error": "bad", "old": "notice-old"}.get(kind, kind)
    heading = format_html("<strong>{}</strong> ", title) if title else ""
    role = "alert" if kind == "error" else "status"
    return format_html(
        '<div class="notice {}" role="{}">{}<div class="notice-body">{}{}</div></div>',
        tone,
        role,
        _icon(NOTICE_ICONS[kind]),
        heading,
        content,
    )


@register.simple_block_tag(end_name="enddisclosure")
def disclosure(content, summary="", in_print=False):
    """Something that opens on demand, without script; `in_print` opens it on paper."""
    mark = SafeString(" data-open-in-print") if in_print else ""
    return format_html('<details class="more"{}><summary>{}</summary>{}</details>', mark, summary, content)


@register.simple_block_tag(end_name="endcard")
def card(content, title="", url="", more="", flush=False):
    """A white box with a heading and, at its right, a link. `flush` lets tables reach the edges."""
    link = format_html('<a href="{}">{}</a>', url, more) if url else ""
    head = format_html('<div class="card-head"><h2>{}</h2>{}</div>', title, link) if title else ""
    return format_html(
        '<section class="card{}">{}{}</section>', " card-flush" if flush else "", head, content
    )


@register.simple_block_tag(end_name="endtable")
def table(content, caption="", id="", hidden_caption=True):
    """A table that turns into cards where there is little room; cells say their column in `data-label`."""
    mark = format_html(' id="{}"', id) if id else ""
    hide = SafeString(' class="hide"') if hidden_caption else ""
    return format_html(
        '<div class="table-wrap"{}><table class="table as-cards"><caption{}>{}</caption>{}</table></div>',
        mark,
        hide,
        caption,
        content,
    )


@register.simple_block_tag(takes_context=True, end_name="endtipped")
def tipped(context, content, text="", href=""):
    """Words with an explanation on hover, focus or first tap; a link when `href` is given.

    Text may have several lines. Works from the keyboard; Escape puts the explanation away.
    """
    number = _next_number(context, "ui_tips")
    if href:
        body = format_html('<a href="{}" aria-describedby="tip-{}">{}</a>', href, number, content)
    else:
        body = format_html('<span tabindex="0" aria-describedby="tip-{}">{}</span>', number, content)
    return format_html(
        '<span class="tipped">{}<span class="tip" role="tooltip" id="tip-{}">{}</span></span>',
        body,
        number,
        text,
    )


# Charts ---------------------------------------------------------------------------------------------------


def _chart_context(context, chart, title, note):
    return {
        "chart": chart,
        "title": title,
        "note": note,
        "chart_id": f"chart-{_next_number(context, 'ui_charts')}",
    }


@register.inclusion_tag("kernel/ui/bars.html", takes_context=True)
def bars(context, rows, unit="", title="", note=""):
    """Horizontal bars of (label, value, href or None), in the order given."""
    return _chart_context(context, charts.bars(rows, unit), title, note)


@register.inclusion_tag("kernel/ui/line.html", takes_context=True)
def line(context, points, unit="", title="", note=""):
    """A trend of (label, value), in the order given."""
    return _chart_context(context, charts.line(points, unit), title, note)


@register.inclusion_tag("kernel/ui/tile_map.html", takes_context=True)
def tile_map(context, values, tiles, unit="", title="", note="", by="quantile"):
    """One square for each place: values code -> (name, value, href), tiles code -> (column, row)."""
    drawn = _chart_context(context, charts.tile_map(values, unit, tiles=tiles, by=by), title, note)
    drawn["rows"] = [(name, words.number(v, unit), href) for name, v, href in values.values()]
    return drawn
