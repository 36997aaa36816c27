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
    found = [title for title, _number in chapters.most_common(OF_A_KIND)]
    # What a search offered already contains would lead to nearly the same.
    words = (str(term.word) for term in GLOSSARY)
    used = Counter({w: text.count(w) for w in words if w in text and not any(w in one for one in found)})
    found += [word for word, _number in used.most_common(OF_A_KIND)]
    labels = [label for fact in facts if (label := fact.label) not in found]
    return list(dict.fromkeys([*found, *labels[: max(LEAST - len(found), 0)]]))[:MOST]


def _text(told: Sequence[Told]) -> str:
    return "".join("".join(map(plain_text, one.sentences)) + _text(one.parts) for one in told)
