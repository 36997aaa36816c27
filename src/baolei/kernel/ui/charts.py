"""Charts as plain values: what to draw and where, made on the server, drawn by templates as SVG.

All lengths are strings, so that no locale can put a comma into a coordinate. Nothing here sorts by value.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from baolei.kernel.ui.words import PERCENT, Number, number, short

TILE = 64
PLOT_TOP, PLOT_HEIGHT, PLOT_BOTTOM = 28, 180, 48


def length(value: float) -> str:
    """A coordinate with at most two decimals and a point."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


# Bars -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    label: str
    text: str
    href: str | None
    width: str | None
    """Per cent of the longest bar; None where there is no value."""


@dataclass(frozen=True)
class Bars:
    bars: tuple[Bar, ...]
    unit: str


def bars(rows: Sequence[tuple[str, Number | None, str | None]], unit: str = "") -> Bars:
    """Horizontal bars of (label, value, href or None) in the order given; percentages are measured against 100."""
    known = [float(value) for _, value, _ in rows if value is not None]
    longest = 100.0 if unit in PERCENT else max(known, default=0.0)
    return Bars(
        tuple(
            Bar(label, number(value, unit), href, None if value is None else _share(float(value), longest))
            for label, value, href in rows
        ),
        unit,
    )


def _share(value: float, longest: float) -> str:
    return length(min(max(100 * value / longest, 0), 100)) if longest > 0 else "0"


# Lines ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tick:
    text: str
    y: str
    label_y: str


@dataclass(frozen=True)
class Point:
    label: str
    text: str
    x: str
    """Per cent of the width."""
    y: str | None
    text_y: str | None
    text_anchor: str
    anchor: str
    valued: bool
    """The value is written beside the point."""
    dated: bool
    """The label stands below the axis."""
    minor: bool
    """Left out on narrow screens."""
    last: bool


@dataclass(frozen=True)
class Line:
    points: tuple[Point, ...]
    segments: tuple[str, ...]
    """`points` of polylines in a box of 100 x `plot_height`; a missing value ends a segment."""
    ticks: tuple[Tick, ...]
    unit: str
    height: str
    label_y: str
    plot_top: str
    plot_height: str


def line(points: Sequence[tuple[str, Number | None]], unit: str = "") -> Line:
    """A trend of (label, value) in the order given, labels evenly spaced, with values written at the points."""
    values = [None if value is None else float(value) for _, value in points]
    known = [value for value in values if value is not None]
    scale = _ticks(min(known, default=0), max(known, default=1), unit)
    low, high = scale[0], scale[-1]

    def y(value: float) -> float:
        return PLOT_HEIGHT * (high - value) / (high - low)

    xs = [50.0] if len(points) == 1 else [2 + 96 * i / (len(points) - 1) for i in range(len(points))]
    ends = [i for i, value in enumerate(values) if value is not None]
    dated = _dated(len(points))
    valued = _valued(values)
    ys = [None if value is None else y(value) for value in values]
    drawn = []
    for i, (label, value) in enumerate(points):
        below, text_anchor = _text_place(ys, i)
        drawn.append(
            Point(
                label=label,
                text=number(value, unit),
                x=f"{length(xs[i])}%",
                y=None if ys[i] is None else length(ys[i] + PLOT_TOP),
                text_y=None if ys[i] is None else length(ys[i] + PLOT_TOP + (20 if below else -10)),
                text_anchor=text_anchor,
                anchor=_anchor(i, len(points)),
                valued=i in valued,
                dated=i in dated,
                minor=i not in (0, len(points) - 1) and i not in (ends[:1] + ends[-1:]),
                last=bool(ends) and i == ends[-1],
            )
        )
    return Line(
        points=tuple(drawn),
        segments=_segments(xs, ys),
        ticks=tuple(
            Tick(_axis(value, scale, unit), length(y(value) + PLOT_TOP), length(y(value) + PLOT_TOP + 5))
            for value in scale
        ),
        unit=unit,
        height=length(PLOT_TOP + PLOT_HEIGHT + PLOT_BOTTOM),
        label_y=length(PLOT_TOP + PLOT_HEIGHT + 42),
        plot_top=length(PLOT_TOP),
        plot_height=length(PLOT_HEIGHT),
    )


def _ticks(low: float, high: float, unit: str) -> list[float]:
    """Four or so round values that hold all points; from 0 unless the values lie close together."""
    if low >= 0 and (high - low) > 0.4 * high:
        low = 0
    if low == high:
        low, high = (0, high) if high > 0 else (low, low + 1)
    step = _round_step((high - low) / 3)
    if unit not in PERCENT and all(v == int(v) for v in (low, high)):
        step = max(step, 1)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if unit in PERCENT and high <= 100:
        last = min(last, math.ceil(100 / step - 1e-9))
    return [round(i * step, 9) for i in range(first, last + 1)]


def _round_step(rough: float) -> float:
    power = 10 ** math.floor(math.log10(rough))
    return next(f * power for f in (1, 2, 2.5, 5, 10) if f * power >= rough - 1e-12)


def _axis(value: float, scale: Sequence[float], unit: str) -> str:
    if unit in PERCENT:
        return f"{length(value)}%"
    if scale[-1] >= 100_000:
        return f"{length(value / 10_000)}万" if value else "0"
    return number(value)


def _anchor(i: int, count: int) -> str:
    if count == 1:
        return "middle"
    return "start" if i == 0 else "end" if i == count - 1 else "middle"


def _text_place(ys: Sequence[float | None], i: int) -> tuple[bool, str]:
    """(below the point?, text-anchor) for a value, on the side that the line leaves free. y grows downwards."""
    here = ys[i]
    before = ys[i - 1] if i else None
    after = ys[i + 1] if i + 1 < len(ys) else None
    if here is None:
        return False, "middle"
    rises_to = before is not None and before > here
    rises_from = after is not None and after < here
    if before is None or after is None:
        below = rises_from if before is None else not rises_to and before < here
        return below, _anchor(i, len(ys))
    if not rises_to and rises_from:
        return True, "middle"
    if rises_to and rises_from:
        return False, "end"
    return False, "middle" if rises_to else "start"


def _dated(count: int) -> set[int]:
    """Positions with a label below: the first, and every n-th counted from the last where there is room."""
    stride = max(1, math.ceil(count / 7))
    spaced = range(count - 1, 0, -stride)
    return {0, *(i for i in spaced if 3 * i >= 2 * stride)} if count else set()


def _valued(values: Sequence[float | None]) -> set[int]:
    """Positions whose value is written: all of a short line, else both ends, the highest and the lowest."""
    known = [i for i, value in enumerate(values) if value is not None]
    if len(known) <= 6:
        return set(known)
    highest = max(known, key=lambda i: values[i] or 0)
    lowest = min(known, key=lambda i: values[i] or 0)
    clear = {i for i in (highest, lowest) if 2 <= i <= len(values) - 3 and abs(highest - lowest) > 1}
    return {known[0], known[-1]} | clear


def _segments(xs: Sequence[float], ys: Sequence[float | None]) -> tuple[str, ...]:
    runs: list[list[str]] = [[]]
    for x, y in zip(xs, ys, strict=True):
        if y is None:
            runs.append([])
        else:
            runs[-1].append(f"{length(x)},{length(y)}")
    return tuple(" ".join(run) for run in runs if len(run) > 1)


# Classes and the tile map ---------------------------------------------------------------------------------


def classes(values: Sequence[Number], *, count: int = 5, by: str = "quantile") -> list[tuple[Number, Number]]:
    """At most `count` classes as (lowest, highest) value that occurs in each, rising; equal values share one.

    `by` is "quantile" (about as many members each) or "equal" (equal steps between least and greatest).
    """
    ordered = sorted(values)
    if not ordered:
        return []
    if by == "quantile":
        tops = [ordered[math.ceil(len(ordered) * k / count) - 1] for k in range(1, count + 1)]
    elif by == "equal":
        low, high = float(ordered[0]), float(ordered[-1])
        tops = [low + (high - low) * k / count for k in range(1, count)] + [ordered[-1]]
    else:
        raise ValueError(f"classes by quantile or equal, not {by}")
    found: list[tuple[Number, Number]] = []
    for top in sorted(set(tops)):
        inside = [value for value in ordered if value <= top and (not found or value > found[-1][1])]
        if inside:
            found.append((inside[0], inside[-1]))
    return found


@dataclass(frozen=True)
class Tile:
    code: str
    name: str
    lines: tuple[tuple[str, str], ...]
    """(text, y) of the one or two lines of the name."""
    text: str
    full: str
    href: str | None
    shade: str
    x: str
    y: str
    middle: str
    value_y: str


@dataclass(frozen=True)
class TileMap:
    tiles: tuple[Tile, ...]
    edges: str
    legend: tuple[tuple[str, str], ...]
    """(shade, range in words)."""
    unplaced: tuple[tuple[str, str, str | None], ...]
    """(name, value, href) of places that have no square."""
    width: str
    height: str
    unit: str
    linked: bool
    wide: bool
    """So many columns that the drawing is scrolled rather than shrunk on narrow screens."""


def tile_map(
    values: Mapping[str, tuple[str, Number | None, str | None]],
    unit: str = "",
    *,
    tiles: Mapping[str, Sequence[int]],
    by: str = "quantile",
) -> TileMap:
    """One square for each code of `values` (code -> name, value or None, href or None).

    `tiles` says where the squares lie (code -> column, row). Codes with the same first four digits are one
    group; a thick line runs around each. Places without a square are kept in `unplaced`.
    """
    placed = {code: (tiles[code][0], tiles[code][1]) for code in values if code in tiles}
    left = min((column for column, _ in placed.values()), default=0)
    top = min((row for _, row in placed.values()), default=0)
    spots = {code: (column - left, row - top) for code, (column, row) in placed.items()}
    steps = classes([value for _, value, _ in values.values() if value is not None], by=by)
    columns = max((column for column, _ in spots.values()), default=0) + 1
    rows = max((row for _, row in spots.values()), default=0) + 1
    return TileMap(
        tiles=tuple(_tile(code, spots[code], values[code], steps, unit) for code in spots),
        edges=_edges(spots),
        legend=_legend(steps, [v for _, v, _ in values.values()], unit),
        unplaced=tuple(
            (name, number(value, unit), href)
            for code, (name, value, href) in values.items()
            if code not in tiles
        ),
        width=str(columns * TILE + 4),
        height=str(rows * TILE + 4),
        unit=unit,
        linked=any(values[code][2] for code in spots),
        wide=columns > 10,
    )


def _tile(code, spot, entry, steps, unit) -> Tile:
    name, value, href = entry
    x, y = spot[0] * TILE + 4, spot[1] * TILE + 4
    lines = tile_name(name)
    first = y + (23 if len(lines) == 1 else 17)
    return Tile(
        code=code,
        name=name,
        lines=tuple((text, str(first + 16 * i)) for i, text in enumerate(lines)),
        text=short(value, unit),
        full=number(value, unit),
        href=href,
        shade=_shade(value, steps),
        x=str(x),
        y=str(y),
        middle=str(x + 30),
        value_y=str(y + (44 if len(lines) == 1 else 52)),
    )


def tile_name(name: str) -> tuple[str, ...]:
    """The name in one or two lines of at most four characters, autonomous counties by their short name."""
    if (autonomous := re.fullmatch(r"(..).*族自治[县旗]", name)) is not None:
        return (autonomous[1],)
    if len(name) <= 4:
        return (name,)
    return (name[:4], name[4:8] if len(name) <= 8 else f"{name[4:7]}…")


def _shade(value: Number | None, steps: Sequence[tuple[Number, Number]]) -> str:
    if value is None:
        return "m0"
    return _shades(len(steps))[next(i for i, (_, high) in enumerate(steps) if value <= high)]


def _shades(count: int) -> list[str]:
    """Shades m1 (light) to m5 (deep) spread over `count` classes."""
    return ["m3"] if count == 1 else [f"m{round(1 + 4 * i / (count - 1))}" for i in range(count)]


def _legend(steps, values, unit) -> tuple[tuple[str, str], ...]:
    ranges = [
        (shade, number(low, unit) if low == high else f"{number(low, unit)}–{number(high, unit)}")
        for shade, (low, high) in zip(_shades(len(steps)) if steps else [], steps, strict=True)
    ]
    return (*ranges, ("m0", "—")) if any(value is None for value in values) else tuple(ranges)


def _edges(spots: Mapping[str, tuple[int, int]]) -> str:
    """SVG path of the sides between squares of different groups and of the outer sides, each once."""
    at = {spot: code[:4] for code, spot in spots.items()}
    sides = set()
    for (column, row), group in at.items():
        x, y = column * TILE + 2, row * TILE + 2
        for neighbour, side in (
            ((column, row - 1), f"M{x} {y}h{TILE}"),
            ((column, row + 1), f"M{x} {y + TILE}h{TILE}"),
            ((column - 1, row), f"M{x} {y}v{TILE}"),
            ((column + 1, row), f"M{x + TILE} {y}v{TILE}"),
        ):
            if at.get(neighbour) != group:
                sides.add(side)
    return "".join(sorted(sides))
