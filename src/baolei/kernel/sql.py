"""Pieces of SQL text."""

from collections.abc import Iterable


def quoted(codes: Iterable[str]) -> str:
    """Codes that the program itself names, as a list for `IN (...)`; never what somebody entered."""
    return ", ".join(f"'{code}'" for code in codes)
