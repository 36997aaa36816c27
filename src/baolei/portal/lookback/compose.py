"""Facts put into the sentences; what has no records is left out, sentence by sentence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from baolei.portal.lookback.article import SECTIONS, Section, Sentence
from baolei.portal.lookback.facts import Fact, Facts, Run
from baolei.portal.lookback.words import years

_MARK = re.compile(r"\{([a-z0-9_.]+)(@first)?(\|exact)?\}")


@dataclass(frozen=True)
class Piece:
    """A stretch of the text; with `fact` it is a number."""

    text: str
    fact: Fact | None = None


@dataclass(frozen=True)
class Told:
    """A section with its sentences, each a tuple of pieces, and the parts below it."""

    key: str
    title: str
    sentences: tuple[tuple[Piece, ...], ...]
    parts: tuple["Told", ...] = ()


def compose(facts: Facts, sections: Sequence[Section] = SECTIONS) -> list[Told]:
    """The sections that have something to tell, in their order."""
    told = {}
    for section in sections:
        said = tuple(pieces for s in section.sentences if (pieces := _say(s, facts)))
        told[section.key] = Told(section.key, str(section.title), said)
    for section in sections:
        if section.parent and told[section.key].sentences:
            above = told[section.parent]
            told[section.parent] = replace(above, parts=(*above.parts, told[section.key]))
    tops = [told[section.key] for section in sections if not section.parent]
    return [one for one in tops if one.sentences or one.parts]


def figures_named(sentence: Sentence) -> set[str]:
    """The codes of the figures that a sentence names in any of its wordings."""
    texts = map(str, (sentence.text, sentence.fall, sentence.same, sentence.none))
    found = {match[1] for text in texts for match in _MARK.finditer(text) if "." in match[1]}
    return found | {code for code in (sentence.change, sentence.each_year) if code}


def mentioned(told: Sequence[Told]) -> list[Fact]:
    """The figures that the text names, each once a day, in the order of its first mention."""
    found = {}
    for section in told:
        for fact in [piece.fact for pieces in section.sentences for piece in pieces if piece.fact]:
            found.setdefault((fact.code, fact.as_of), fact)
        for fact in mentioned(section.parts):
            found.setdefault((fact.code, fact.as_of), fact)
    return list(found.values())


def plain_text(pieces: Sequence[Piece]) -> str:
    """The sentence without marks."""
    return "".join(piece.text for piece in pieces)


def day_words(day) -> str:
    """A day as the text writes it."""
    return _("%(year)d年%(month)d月%(day)d日") % {"year": day.year, "month": day.month, "day": day.day}


def _say(sentence: Sentence, facts: Facts) -> tuple[Piece, ...]:
    """The pieces of a sentence; empty when one of its figures has no records."""
    text = _wording(sentence, facts)
    if text is None:
        return ()
    run = facts.run_of(sentence.each_year) if sentence.each_year else None
    pieces = list(_pieces(text, facts, run=run))
    return tuple(pieces) if None not in pieces else ()


def _wording(sentence: Sentence, facts: Facts) -> str | None:
    if sentence.each_year and facts.run_of(sentence.each_year) is None:
        return None
    if not sentence.change:
        return str(sentence.text)
    before, after = facts.get(sentence.change, first=True), facts.get(sentence.change)
    if before is None or facts.first_year == facts.last_year:
        return None
    if after is None:
        return str(sentence.none) if sentence.none and facts.is_none(sentence.change) else None
    if before.written == after.written:
        return str(sentence.same)
    return str(sentence.text if after.value > before.value else sentence.fall)


def _pieces(text: str, facts: Facts, *, run: Run | None = None) -> Iterator[Piece | None]:
    words = {
        "since": str(run.first_year) if run else "",
        "run": years(run.number) if run else "",
        "later": day_words(facts.later),
        "scope": facts.scope,
        "area": facts.area,
        "as_of": day_words(facts.as_of),
        "first_year": str(facts.first_year),
        "last_year": str(facts.last_year),
        "years": years(facts.last_year - facts.first_year + 1),
    }
    end = 0
    for match in _MARK.finditer(text):
        name, first, exact = match[1], bool(match[2]), bool(match[3])
        if match.start() > end:
            yield Piece(text[end : match.start()])
        if name in words:
            yield Piece(words[name])
        else:
            fact = run.fact if run and run.fact.code == name else facts.get(name, first=first)
            yield None if fact is None else Piece(_number(fact, exact=exact), fact)
        end = match.end()
    if end < len(text):
        yield Piece(text[end:])


def _number(fact: Fact, *, exact: bool) -> str:
    """The number without its unit; a share carries its sign."""
    return fact.exact.split(" ")[0] if exact else fact.written
