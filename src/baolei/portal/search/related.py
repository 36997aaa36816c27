"""What a reader of a look back may look for next, from the text itself."""

from collections import Counter
from collections.abc import Sequence

from baolei.portal.lookback.compose import Told, mentioned, plain_text
from baolei.portal.search.entries import chapter_of
from baolei.portal.search.glossary import GLOSSARY

MOST, LEAST, OF_A_KIND = 6, 3, 3


def related(told: Sequence[Told]) -> list[str]:
    """Three to six searches that find something: the chapters with most figures told, the words used most.

    Fewer where the text tells of fewer figures.
    """
    facts = mentioned(told)
    if not facts:
        return []
    text = _text(told)
    chapters = Counter(title for fact in facts if (title := chapter_of().get(fact.code)))
    words = Counter({str(t.word): text.count(str(t.word)) for t in GLOSSARY if str(t.word) in text})
    labels = [fact.label for fact in facts]
    found = dict.fromkeys(
        [title for title, _n in chapters.most_common(OF_A_KIND)]
        + [word for word, _n in words.most_common(OF_A_KIND)]
    )
    found |= dict.fromkeys(labels[: max(LEAST - len(found), 0)])
    return list(found)[:MOST]


def _text(told: Sequence[Told]) -> str:
    return "".join("".join(map(plain_text, one.sentences)) + _text(one.parts) for one in told)
