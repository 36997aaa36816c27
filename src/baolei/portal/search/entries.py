"""What can be found in a released edition: its figures and its sentences, made once, since an edition never changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from baolei.kernel.figures.declare import chapters
from baolei.portal import queries
from baolei.portal.lookback.compose import Told, compose, plain_text
from baolei.portal.lookback.facts import Facts, edition_facts
from baolei.portal.models import Edition
from baolei.portal.search.glossary import GLOSSARY

EDITIONS = 100
"""Newest editions that are searched, of the highest organizations first."""
KEPT = 2 * EDITIONS


@dataclass(frozen=True)
class Entry:
    """Something that can be found: `title` and `text` are shown, `more` is only searched.

    A sentence is found `by_title` of its article in no case: the article has an entry of its own.
    """

    title: str
    text: str
    href: str
    note: str = ""
    more: str = ""
    by_title: bool = True


@dataclass(frozen=True)
class Entries:
    """What one edition tells."""

    figures: tuple[Entry, ...]
    sentences: tuple[Entry, ...]


def searched() -> list[Entries]:
    """The entries of all headlines that are searched; withdrawn and older editions are none."""
    found = queries.headlines().order_by("organization__key", "-last_year", "-released_at", "-pk")[:EDITIONS]
    return [_entries(edition.uid) for edition in found]


@cache
def chapter_of() -> dict[str, str]:
    """Code of a figure -> the heading under which it stands."""
    return {figure.code: title for title, figures in chapters() for figure in figures}


def terms() -> list[Entry]:
    """The glossary as entries."""
    page = reverse("portal:glossary")
    return [Entry(str(t.word), str(t.meaning), f"{page}#term-{n}") for n, t in enumerate(GLOSSARY, 1)]


@lru_cache(maxsize=KEPT)
def _entries(uid: UUID) -> Entries:
    edition = queries.published().get(uid=uid)
    facts = edition_facts(edition)
    told = compose(facts)
    lead = next((plain_text(pieces) for section in told for pieces in section.sentences), "")
    article = Entry(edition.title, lead, reverse("portal:article", args=[edition.uid]), note=edition.source)
    return Entries(tuple(_figures(edition, facts)), (article, *list(_sentences(edition, told))[1:]))


def _figures(edition: Edition, facts: Facts) -> Iterator[Entry]:
    for fact in facts.on_last_day():
        yield Entry(
            title=edition.area + fact.label,
            text=fact.definition,
            href=reverse("portal:figure", args=[edition.uid, fact.code]),
            note=_("%(value)s，%(day)s") % {"value": fact.exact, "day": fact.as_of.isoformat()},
            more=chapter_of().get(fact.code, ""),
        )


def _sentences(edition: Edition, told: list[Told] | tuple[Told, ...]) -> Iterator[Entry]:
    article = reverse("portal:article", args=[edition.uid])
    for section in told:
        href = f"{article}#part-{section.key}" if section.title else article
        for pieces in section.sentences:
            yield Entry(
                edition.title,
                plain_text(pieces),
                href,
                note=section.title,
                more=section.title,
                by_title=False,
            )
        yield from _sentences(edition, section.parts)
