"""Numbers as they are written on the screen."""

from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias

Number: TypeAlias = int | float | Decimal

NOTHING = "—"
PERCENT = ("%", "percent")


def number(value: Number | None, unit: str = "") -> str:
    """`value` with thousands separators; percentages (0 to 100) with one decimal and their sign.

    None (hidden, empty or not applicable) is a dash, never 0. Other units are not appended: see `amount`.
    """
    if value is None or value == "":
        return NOTHING
    exact = Decimal(str(value))
    if unit in PERCENT:
        return f"{exact.quantize(Decimal('0.1'), ROUND_HALF_UP):,}%"
    if exact == exact.to_integral_value():
        return f"{int(exact):,}"
    return f"{exact.quantize(Decimal('0.01'), ROUND_HALF_UP).normalize():,f}"


def amount(value: Number | None, unit: str = "") -> str:
    """`number` with its unit behind, for one line of text: `1,630,204 人`."""
    written = number(value, unit)
    return written if not unit or unit in PERCENT or value is None else f"{written} {unit}"


def short(value: Number | None, unit: str = "") -> str:
    """A number for a narrow place: from a million on in ten thousands (万) with one decimal."""
    if value is None or unit in PERCENT or abs(value) < 1_000_000:
        return number(value, unit)
    return f"{(Decimal(str(value)) / 10_000).quantize(Decimal('0.1'), ROUND_HALF_UP):,}万"
