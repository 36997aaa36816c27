"""Numbers as the text writes them: rounded to 万, the exact value one tap away."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from baolei.kernel.ui.words import PERCENT, Number

WAN = 10_000
_YEARS = "零一二三四五六七八九十"


def written(value: Number, unit: str = "") -> str:
    """163万 from a million on, 9.4万 from ten thousand on, smaller counts as they are, shares with one decimal.

    A share is never rounded to 0 or to 100, so that "all" and "none" are said only where they hold.
    """
    exact = Decimal(str(value))
    if unit in PERCENT:
        return f"{_trim(_share(exact))}%"
    if exact >= 100 * WAN:
        return f"{(exact / WAN).quantize(Decimal(1), ROUND_HALF_UP)}万"
    if exact >= WAN:
        return f"{_trim((exact / WAN).quantize(Decimal('0.1'), ROUND_HALF_UP))}万"
    return _trim(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def years(count: int) -> str:
    """A number of years in the title: 五年, 12年."""
    return f"{_YEARS[count] if count <= 10 else count}年"


def _share(exact: Decimal) -> Decimal:
    step = Decimal("0.1")
    rounded = exact.quantize(step, ROUND_HALF_UP)
    if rounded == 100 and exact < 100:
        return exact.quantize(step, ROUND_DOWN)
    return step if rounded == 0 and exact > 0 else rounded


def _trim(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
