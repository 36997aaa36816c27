"""What a complaint is about: a public page, of an edition perhaps, one of its figures there, one place of it.

The address of the form names it; whatever no stranger can see does not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.portal import queries
from baolei.portal.lookback.facts import edition_facts, frozen_fact
from baolei.portal.models import Edition, EditionFigure, EditionPlace
from baolei.portal.places import is_public

PAGES = {
    "home": gettext_lazy("首页"),
    "lookback": gettext_lazy("头条"),
    "search": gettext_lazy("搜索"),
    "glossary": gettext_lazy("词语解释"),
    "corrections": gettext_lazy("更正公告"),
    "complaints": gettext_lazy("投诉与纠错"),
}
"""Public pages that belong to no edition, by the name of their address."""


@dataclass(frozen=True)
class Subject:
    """A public page, as far as a complaint names it."""

    page: str = ""
    edition: Edition | None = None
    figure: EditionFigure | None = None
    place: EditionPlace | None = None

    @property
    def words(self) -> str:
        """The same in words: 《吉林省基层党建五年回眸》“党员总数”（延边州）."""
        if self.edition is None:
            return str(PAGES[self.page])
        figure = _("“%(label)s”") % {"label": self.figure.label} if self.figure else ""
        place = _("（%(place)s）") % {"place": self.place.name} if self.place else ""
        return _("《%(title)s》") % {"title": self.edition.title} + figure + place

    @property
    def query(self) -> str:
        """The query part of the form's address that names it."""
        if self.edition is None:
            return about(page=self.page)
        return about(
            edition=self.edition.uid,
            figure=self.figure.code if self.figure else "",
            place=self.place.region_code if self.place else "",
        )

    def columns(self) -> dict[str, object]:
        """The values of the columns of `AboutPage`."""
        return {
            "edition": self.edition,
            "figure": self.figure.code if self.figure else "",
            "place": self.place.region_code if self.place else "",
            "page": self.page,
            "subject": self.words,
        }


def about(*, page: str = "", edition: UUID | None = None, figure: str = "", place: str = "") -> str:
    """The query part of an address of the form, without what is not given."""
    named = {"page": page, "edition": edition or "", "figure": figure, "place": place}
    return "?" + urlencode({name: value for name, value in named.items() if value})


def subject_of(given: Mapping[str, str]) -> Subject:
    """What the address names; the home page when it names nothing. Raises Http404 for what no stranger sees."""
    if not given.get("edition"):
        page = given.get("page") or "home"
        if page not in PAGES:
            raise Http404
        return Subject(page=page)
    edition = _released(given["edition"])
    code, region = given.get("figure", ""), given.get("place", "")
    figure = _told(edition, code) if code else None
    return Subject(edition=edition, figure=figure, place=_place(edition, figure, region) if region else None)


def _released(uid: str) -> Edition:
    try:
        found = queries.published().filter(uid=UUID(uid), state=Edition.State.RELEASED).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def _told(edition: Edition, code: str) -> EditionFigure:
    """The figure on the day of which the edition tells it."""
    day = edition_facts(edition).day_of(code)
    found = queries.figures_of(edition).filter(code=code, as_of=day).first()
    if found is None or not frozen_fact(found).is_told:
        raise Http404
    return found


def _place(edition: Edition, figure: EditionFigure | None, region: str) -> EditionPlace:
    found = edition.places.filter(region_code=region).order_by("key").first()
    if figure is None or found is None or not is_public(figure.public, found.level):
        raise Http404
    return found
