"""What everybody may read: headlines, the look back, the page of each of its numbers. Released editions only."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from baolei.kernel.tree import tiles
from baolei.portal import queries
from baolei.portal.breakdown import Line, breakdown
from baolei.portal.complaints.queries import corrections_of
from baolei.portal.complaints.subjects import about
from baolei.portal.lookback.compose import compose, mentioned
from baolei.portal.lookback.facts import Fact, edition_facts, frozen_fact
from baolei.portal.models import Edition, EditionFigure
from baolei.portal.pages.text import edition_note, numbers, sections
from baolei.portal.publishing import copy_of
from baolei.portal.search.related import related

HEADLINES = 6
TOP = 4
LISTED = 50


def public(view):
    """A reading page for everybody; it shows released editions only (G-05)."""
    view = login_not_required(require_safe(view))
    view.open_because = "shows released editions to everybody"
    return view


@public
def home(request: HttpRequest) -> HttpResponse:
    """What the platform is, and the newest headlines."""
    # The numbers at the top are those of the highest organization that has released any.
    first = queries.headlines().order_by("organization__key", "-released_at").first()
    context = {
        "headlines": queries.headlines()[:HEADLINES],
        "first": first,
        "figures": first and _top_figures(first),
        "about": about(page="home"),
    }
    return render(request, "portal/home.html", context)


@public
def lookback(request: HttpRequest) -> HttpResponse:
    """All headlines, or those whose title holds the words asked for."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:40]  # PostgreSQL's text holds no NUL
    found = queries.headlines().filter(title__contains=words) if words else queries.headlines()
    context = {
        "headlines": found[:LISTED],
        "words": words,
        "about": about(page="lookback"),
        "crumbs": [home_crumb(), (_("头条"), "")],
    }
    return render(request, "portal/headlines.html", context)


@public
def article(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The look back itself."""
    edition = _edition(uid)
    if not edition.is_released:
        return _withdrawn(request, edition)
    facts = edition_facts(edition)

    def link(fact: Fact) -> str:
        if facts.on_page(fact.code) is None:
            return ""
        page = reverse("portal:figure", args=[edition.uid, fact.code])
        return page if fact.as_of == facts.day_of(fact.code) else f"{page}#years"

    told = compose(facts)
    context = {
        "edition": edition,
        "facts": facts,
        "number": queries.number_of(edition),
        "sections": sections(told, link=link, note=edition_note(edition)),
        "numbers": numbers(told, facts, link=link, wrong=_wrong(request, edition)),
        "later": queries.later(edition),
        "related": related(told),
        "about": about(edition=edition.uid),
        "crumbs": [home_crumb(), _headlines(), (_("正文"), "")],
    }
    return render(request, "portal/article.html", context)


@public
def figure(request: HttpRequest, uid: UUID, code: str) -> HttpResponse:
    """One number of an edition: value, definition, day, day of entry, and the parts that may be shown."""
    edition = _edition(uid)
    if not edition.is_released:
        return _withdrawn(request, edition)
    facts = edition_facts(edition)
    fact = facts.on_page(code)
    if fact is None:
        raise Http404
    figures = list(queries.figures_of(edition).filter(code=code))
    # What has come down to none is 0 in years before, too.
    zeros = set() if fact.is_told else {f.as_of for f in figures if f.status == fact.status and not f.value}
    found = [f for f in figures if frozen_fact(f).is_told or f.as_of in zeros]
    last = next(f for f in found if f.as_of == fact.as_of)
    lines = breakdown(last) if fact.is_told else []
    wrong = _wrong(request, edition)
    context = {
        "edition": edition,
        "figure": last,
        "number": queries.number_of(edition),
        "fact": fact,
        "years": [(str(f.as_of.year), f.value) for f in found] if len(found) > 1 else [],
        "lines": [(line, wrong(code, line.region_code)) for line in lines],
        "wrong": wrong(code),
        "corrections": corrections_of(edition, code),
        "about": about(edition=edition.uid, figure=code),
        "bars": [(_name(line), line.value, None) for line in lines if line.depth == 0],
        "tiles": {} if last.process else _counties(lines),
        "tile_places": tiles(),
        "numerator_label": _("符合数") if last.is_percent else _("合计"),
        "denominator_label": _("总数") if last.is_percent else _("个数"),
        "hides": any(line.is_hidden for line in lines),
        "revisions": _revisions(last),
        "crumbs": [
            home_crumb(),
            _headlines(),
            (_("正文"), reverse("portal:article", args=[edition.uid])),
            (last.label, ""),
        ],
    }
    return render(request, "portal/figure.html", context)


def _edition(uid: UUID) -> Edition:
    return get_object_or_404(queries.published(), uid=uid)


def _wrong(request: HttpRequest, edition: Edition) -> Callable[..., str]:
    """The address of the form about a figure of the edition, and about one of its places; empty where none answers."""
    copy = copy_of(request.META)
    if copy and not copy["live"]:
        return lambda code, place="": ""
    return lambda code, place="": (
        reverse("portal:complain") + about(edition=edition.uid, figure=code, place=place)
    )


def _withdrawn(request: HttpRequest, edition: Edition) -> HttpResponse:
    """The page that a withdrawn edition leaves behind, status 410."""
    context = {
        "edition": edition,
        "later": queries.later(edition),
        "about": about(page="lookback"),
        "crumbs": [home_crumb(), _headlines(), (_("已撤回"), "")],
    }
    return render(request, "portal/withdrawn.html", context, status=410)


def _top_figures(edition: Edition) -> list[tuple[Fact, str]]:
    """The first numbers of the newest edition, as they were released."""
    facts = edition_facts(edition)
    told = [fact for fact in mentioned(compose(facts)) if fact.as_of == facts.day_of(fact.code)]
    return [(fact, reverse("portal:figure", args=[edition.uid, fact.code])) for fact in told[:TOP]]


def _revisions(figure: EditionFigure) -> list[EditionFigure]:
    """Other released editions of the same span in which this number is another one, oldest first."""
    same = queries.of_same_span(figure.edition).filter(state=Edition.State.RELEASED)
    others = queries.told_twins(figure).filter(edition__in=same).exclude(pk=figure.pk)
    return [f for f in others if f.value != figure.value and frozen_fact(f).is_told]


def _name(line: Line) -> str:
    return line.name or _("本级及直属单位")


def _counties(lines: list[Line]) -> dict[str, tuple]:
    """Region code -> (name, value, no link) for the tile map; hidden ones have no value."""
    codes = tiles()
    return {line.region_code: (line.name, line.value, None) for line in lines if line.region_code in codes}


def home_crumb() -> tuple[str, str]:
    """The beginning of every public page's way."""
    return _("首页"), reverse("portal:home")


def _headlines() -> tuple[str, str]:
    return _("头条"), reverse("portal:lookback")
