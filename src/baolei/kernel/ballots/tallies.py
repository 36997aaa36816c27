"""What may be kept of a count (G-07): of few ballots half or more, of nearly all alike that they are nearly all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from baolei.kernel.ballots.box import Marks

FEW = 5
"""Fewer valid ballots than these: only whether half or more are in favour."""


@dataclass(frozen=True)
class Tally:
    """Of one line: `half` for few ballots, `nearly_all` the mark of more than nine in ten, else how many `counts`."""

    half: bool | None = None
    nearly_all: int | None = None
    counts: tuple[int, ...] | None = None


def tally(counts: Sequence[int], *, valid: int, favour: Collection[int]) -> Tally:
    """What may be kept of one line's counts by mark; `favour` are the marks in favour. Pure, and forgets the rest."""
    if valid < FEW:
        return Tally(half=2 * sum(counts[mark] for mark in favour) >= valid)
    most = max(range(len(counts)), key=lambda mark: counts[mark])
    if 10 * counts[most] > 9 * valid:
        return Tally(nearly_all=most)
    return Tally(counts=tuple(counts))


def is_valid(ballot: Marks) -> bool:
    """A ballot without any mark is returned and not valid."""
    return any(mark is not None for mark in ballot)


def counts_of(ballots: Sequence[Marks], *, lines: int, marks: int) -> list[tuple[int, ...]]:
    """Of each line how many valid ballots bear each mark."""
    valid = [ballot for ballot in ballots if is_valid(ballot)]
    return [tuple(sum(b[line] == mark for b in valid) for mark in range(marks)) for line in range(lines)]
