"""Finding: every word must stand in the entry; those whose title says it come first. Nothing asked is kept (G-27)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from baolei.portal.search.entries import Entry, searched, terms

LONGEST = 40
SHOWN = 10


@dataclass(frozen=True)
class Found:
    """The best entries of one kind, and how many more there are."""

    entries: list[Entry]
    more: int


def words_of(text: str) -> list[str]:
    """The words asked for, at most four, each once; PostgreSQL's text holds no NUL, nor does anything here."""
    return list(dict.fromkeys(text.replace("\0", " ").casefold()[:LONGEST].split()))[:4]


def search(words: Sequence[str]) -> dict[str, Found]:
    """Kind -> what was found: figures, sentences, terms; kinds without any are left out."""
    editions = searched()
    kinds = {
        "terms": terms(),
        "figures": [entry for one in editions for entry in one.figures],
        "sentences": [entry for one in editions for entry in one.sentences],
    }
    return {kind: found for kind, entries in kinds.items() if (found := _best(entries, words)).entries}


def _best(entries: Iterable[Entry], words: Sequence[str]) -> Found:
    ranked = [(rank, entry) for entry in entries if (rank := _rank(entry, words)) is not None]
    ranked.sort(key=lambda pair: pair[0])  # stable: within a rank the order of the editions stays
    return Found([entry for _rank, entry in ranked[:SHOWN]], max(len(ranked) - SHOWN, 0))


def _rank(entry: Entry, words: Sequence[str]) -> int | None:
    """0 when the title is the word, 1 when it ends so, 2 when it holds all, 3 when the text is needed; None without."""
    title = entry.title.casefold() if entry.by_title else ""
    text = f"{entry.text}\n{entry.more}".casefold()
    if not words or not all(word in title or word in text for word in words):
        return None
    if not all(word in title for word in words):
        return 3
    return 0 if title in words else 1 if title.endswith(words[-1]) else 2


def marked(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the words."""
    folded, pieces, at = text.casefold(), [], 0
    if len(folded) != len(text):
        return [(text, False)]
    while at < len(text):
        hits = [(place, -len(word)) for word in words if (place := folded.find(word, at)) >= 0]
        if not hits:
            break
        place, length = min(hits)
        pieces += [(text[at:place], False)] if place > at else []
        pieces.append((text[place : place - length], True))
        at = place - length
    return [*pieces, (text[at:], False)] if at < len(text) else pieces
