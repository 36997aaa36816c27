"""No hidden cell can be worked out of what is shown: an attacker's bounds, over random trees of sums."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from baolei.portal.suppression import Cell, hidden

AMOUNT = st.one_of(st.integers(0, 12), st.integers(0, 400))
TOP = "a"


@st.composite
def trees(draw, shares: bool = False):
    """The whole, two to six prefectures (the last one is the rest), zero or two to five counties in each."""
    leaves, cells = {}, {}
    for i in range(draw(st.integers(2, 6))):
        place = f"{TOP}{i}"
        for j in range(draw(st.sampled_from([0, 2, 3, 5]))):
            leaves[f"{place}{j}"] = place
        if not any(parent == place for parent in leaves.values()):
            leaves[place] = TOP
    for key, parent in leaves.items():
        met = draw(AMOUNT)
        cells[key] = Cell(met, met + draw(AMOUNT) if shares else None, parent)
    return with_sums(cells)


def with_sums(leaves):
    """The leaves with the sums above them."""
    cells = dict(leaves)
    for parent in sorted({c.parent for c in leaves.values()} - {TOP}):
        cells[parent] = total([c for c in leaves.values() if c.parent == parent], TOP)
    cells[TOP] = total([c for c in cells.values() if c.parent == TOP], None)
    return cells


def total(cells, parent):
    share = cells[0].denominator is not None
    return Cell(sum(c.numerator for c in cells), sum(c.denominator for c in cells) if share else None, parent)


def bounds(cells, gone, amount, at_most=lambda key: math.inf):
    """Least and greatest value of each hidden cell that agrees with all the sums shown: exact for a tree."""
    children = {}
    for key, cell in cells.items():
        if cell.parent is not None:
            children.setdefault(cell.parent, []).append(key)
    own = {}

    def up(key):
        inside = [up(child) for child in children.get(key, ())]
        found = (
            (sum(low for low, _ in inside), sum(high for _, high in inside)) if inside else (0, at_most(key))
        )
        own[key] = (amount(cells[key]),) * 2 if key not in gone else found
        return own[key]

    up(TOP)
    found = {TOP: own[TOP]}

    def down(key):
        low, high = found[key]
        for child in children.get(key, ()):
            others = [own[o] for o in children[key] if o != child]
            found[child] = (
                max(own[child][0], low - sum(h for _, h in others)),
                min(own[child][1], high - sum(low for low, _ in others)),
            )
            down(child)

    down(TOP)
    return {key: found[key] for key in gone}


@settings(max_examples=400, deadline=None)
@given(trees())
def test_no_hidden_number_can_be_worked_out(cells):
    gone = hidden(cells)
    assert all(key in gone for key, c in cells.items() if c.parent and 1 <= c.numerator <= 4)
    assert TOP not in gone
    for key, (low, high) in bounds(cells, gone, lambda c: c.numerator).items():
        assert low < high, key


@settings(max_examples=400, deadline=None)
@given(trees(shares=True))
def test_no_hidden_share_can_be_worked_out_even_when_its_cases_are_known_elsewhere(cells):
    totals = {key: Cell(c.denominator, None, c.parent) for key, c in cells.items()}
    without_cases = hidden(totals)
    gone = hidden(cells)
    assert without_cases <= gone
    for key, (low, high) in bounds(totals, without_cases, lambda c: c.numerator).items():
        assert low < high, key
    if any(1 <= part <= 4 for part in cells[TOP].parts):
        return  # the whole itself is that small; it is told because it was released

    def cases(key):
        return math.inf if key in without_cases else cells[key].denominator

    met = bounds(cells, gone, lambda c: c.numerator, cases)
    unmet = bounds(cells, gone, lambda c: c.denominator - c.numerator, cases)
    for key in gone:
        c = cells[key]
        if 1 <= c.numerator <= 4:
            assert met[key][0] < met[key][1], key
        if 1 <= c.denominator - c.numerator <= 4:
            assert unmet[key][0] < unmet[key][1], key


def line(*numbers):
    return with_sums({f"{TOP}{i}": Cell(n, None, TOP) for i, n in enumerate(numbers)})


def test_the_next_smallest_keeps_a_small_cell_company():
    assert hidden(line(3, 60, 40, 90)) == {"a0", "a2"}


def test_several_small_cells_get_a_large_one_so_that_their_sum_tells_nothing():
    assert hidden(line(1, 1, 40, 90)) == {"a0", "a1", "a2"}


def test_nothing_is_shown_where_no_large_cell_is_left():
    assert hidden(line(3, 0, 0)) == {"a0", "a1", "a2"}


def test_large_cells_are_shown():
    assert hidden(line(5, 60, 0)) == frozenset()


def test_two_editions_do_not_give_away_what_each_of_them_hides():
    before, after = line(3, 60, 40, 90), line(5, 60, 40, 90)
    alone = hidden(after)
    together = hidden(after, [before])
    assert alone == frozenset()
    # The small cell and its company are still there, hardly changed: shown now, they would tell what was hidden.
    assert {"a0", "a2"} <= together
    assert hidden(before, [after]) == hidden(before)


def test_an_older_edition_hides_what_a_newer_one_has_to():
    before, after = line(7, 60, 40, 90), line(4, 60, 40, 90)
    assert hidden(before) == frozenset()
    assert {"a0", "a2"} <= hidden(before, [after])


def test_a_cell_that_has_grown_is_shown_and_its_company_finds_another():
    before, after = line(3, 60, 40, 90), line(95, 60, 40, 90)
    assert hidden(after, [before]) == {"a1", "a2"}
    # The new company was shown in the first edition; there it would give the small cell away.
    assert hidden(before, [after]) == {"a0", "a1", "a2"}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(AMOUNT, st.integers(0, 6)), min_size=3, max_size=6))
def test_differences_of_two_editions_never_name_a_small_cell(pairs):
    before, after = line(*[n for n, _ in pairs]), line(*[n + more for n, more in pairs])
    gone_before, gone_after = hidden(before, [after]), hidden(after, [before])
    for cells, gone in ((before, gone_before), (after, gone_after)):
        for key, (low, high) in bounds(cells, gone, lambda c: c.numerator).items():
            assert low < high or not cells[key].numerator, key
    # An attacker who takes what is shown once for what it is in the other edition too, where it hardly changed.
    for key in gone_before - gone_after:
        assert abs(before[key].numerator - after[key].numerator) > 4
