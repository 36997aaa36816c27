"""The text as a template needs it: pieces with their explanation and the page behind each number."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from baolei.portal.lookback.compose import Told, day_words, mentioned
from baolei.portal.lookback.facts import Fact, Facts
from baolei.portal.models import Edition

Link = Callable[[Fact], str]


def sections(told: Sequence[Told], *, link: Link, note: str) -> list[dict[str, Any]]:
    """Sections of {key, title, pieces, parts}; `note` ends the explanation of every number."""
    return [
        {
            "key": section.key,
            "title": section.title,
            "pieces": [
                {
                    "text": piece.text,
                    "tip": piece.fact and explanation(piece.fact, note=note),
                    "href": piece.fact and link(piece.fact),
                }
                for sentence in section.sentences
                for piece in sentence
            ],
            "parts": sections(section.parts, link=link, note=note),
        }
        for section in told
    ]


def explanation(fact: Fact, *, note: str) -> str:
    """What one sees of a number before opening its page: the exact value, the day, what is counted, the edition."""
    lines = [
        f"{fact.label}：{fact.exact}",
        _("时点：%(day)s") % {"day": day_words(fact.as_of)},
        _("口径：%(definition)s") % {"definition": fact.definition},
        note,
    ]
    return "\n".join(lines)


def edition_note(edition: Edition) -> str:
    """The edition in the explanation of a number."""
    return _("版次：%(day)s发布") % {"day": day_words(timezone.localtime(edition.released_at))}


def numbers(
    told: Sequence[Told], facts: Facts, *, link: Link, wrong: Callable[[str], str] | None = None
) -> list[dict[str, Any]]:
    """The figures that the text names, in its order, each of its day: the table under the text.

    `wrong` gives the address at which a reader says that the number is wrong.
    """
    named = [fact for fact in mentioned(told) if fact.as_of == facts.day_of(fact.code)]
    return [{"fact": fact, "href": link(fact), "wrong": wrong(fact.code) if wrong else ""} for fact in named]
