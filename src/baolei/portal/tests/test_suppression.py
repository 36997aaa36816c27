"""No hidden cell can be worked out of what is shown: an attacker's bounds, over random trees of sums."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from baolei.portal.suppression import SMALL, Cell, Telling, admits, judge

AMOUNT = st.one_of(st.integers(0, 12), st.integers(0, 400))
TOP = "a"


def hidden(cells, *earlier):
    """What one edition hides, after others."""
    return judge([*map(Telling, earlier), Telling(cells)])[-1]


def hidden_in_both(before, after):
    return judge([Telling(before), Telling(after)])


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
    assert hidden(after) == frozenset()
    # The small cell and its company are still there, hardly changed: shown now, they would tell what was hidden.
    assert hidden_in_both(before, after) == [{"a0", "a2"}] * 2
    assert hidden(before) == {"a0", "a2"}


def test_an_older_edition_hides_what_a_newer_one_has_to():
    before, after = line(7, 60, 40, 90), line(4, 60, 40, 90)
    assert hidden(before) == frozenset()
    assert hidden_in_both(before, after) == [{"a0", "a2"}] * 2


def test_a_cell_that_has_grown_is_the_company_rather_than_one_that_was_shown():
    before, after = line(3, 60, 40, 90), line(95, 60, 40, 90)
    # a1 stood in the first edition: beside it, a2 and then a0 could be worked out.
    assert hidden_in_both(before, after) == [{"a0", "a2"}] * 2


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(AMOUNT, st.integers(0, 6)), min_size=3, max_size=6))
def test_differences_of_two_editions_never_name_a_small_cell(pairs):
    before, after = line(*[n for n, _ in pairs]), line(*[n + more for n, more in pairs])
    gone_before, gone_after = hidden_in_both(before, after)
    for cells, gone in ((before, gone_before), (after, gone_after)):
        for key, (low, high) in bounds(cells, gone, lambda c: c.numerator).items():
            assert low < high or not cells[key].numerator, key
    # An attacker who takes what is shown once for what it is in the other edition too, where it hardly changed.
    for key in gone_before - gone_after:
        assert abs(before[key].numerator - after[key].numerator) > 4


# Editions of different organizations, over the same records -------------------------------------------------


def edition_of(cells, place):
    """The part of the tree at and below a place, as that place's own edition tells it."""
    return Telling(
        {
            key: Cell(cell.numerator, cell.denominator, None if key == place else cell.parent)
            for key, cell in cells.items()
            if key.startswith(place)
        }
    )


def released(cells, places):
    """The editions that may be told, of those places in that order."""
    told = []
    for place in places:
        new = edition_of(cells, place)
        if new.cells[place].total not in SMALL and admits(told, new):
            told.append(new)
    return told


def ever_shown(told):
    """The keys that stood on a public page at some time, wholes always: an attacker keeps every page."""
    return {
        key
        for n in range(1, len(told) + 1)
        for telling, gone in zip(told[:n], judge(told[:n]), strict=True)
        for key in telling.cells
        if key not in gone or key == telling.top
    }


@st.composite
def orders(draw, shares=False):
    """A tree, and some of its places in the order in which they release; the last child is the rest, no place."""
    cells = draw(trees(shares=shares))
    last = {cell.parent: key for key, cell in sorted(cells.items())}
    places = [key for key, cell in cells.items() if last.get(cell.parent) != key or cell.parent is None]
    return cells, draw(st.lists(st.sampled_from(places), max_size=12))


@settings(max_examples=600, deadline=None)
@given(orders())
def test_editions_of_different_organizations_do_not_give_away_what_one_of_them_hides(order):
    cells, places = order
    told = released(cells, places)
    gone = cells.keys() - ever_shown(told)
    for key, cell in cells.items():
        if cell.numerator in SMALL and key != TOP:
            assert key in gone, key
    for key, (low, high) in bounds(cells, gone, lambda c: c.numerator).items():
        if cells[key].numerator in SMALL:
            assert low < high, (key, places, [telling.top for telling in told])


@settings(max_examples=300, deadline=None)
@given(orders(shares=True))
def test_nor_do_shares_give_away_cases(order):
    cells, places = order
    told = released(cells, places)
    gone = cells.keys() - ever_shown(told)
    for key, (low, high) in bounds(cells, gone, lambda c: c.denominator).items():
        if cells[key].denominator in SMALL:
            assert low < high, (key, places)


PROVINCE = line(3, 60, 40, 90)
"""a0 is what lies at the province itself."""


def test_an_organization_does_not_tell_its_whole_where_the_one_above_hides_it():
    above = edition_of(PROVINCE, TOP)
    assert judge([above]) == [{"a0", "a2"}]
    assert not admits([above], edition_of(PROVINCE, "a2"))
    assert admits([above], edition_of(PROVINCE, "a1"))
    # The attack: 193 - 60 - 90 - 40.
    assert PROVINCE[TOP].numerator - 60 - 90 - 40 == 3


def test_what_an_organization_has_told_of_itself_is_no_company_above():
    told = [edition_of(PROVINCE, "a2")]
    above = edition_of(PROVINCE, TOP)
    assert admits(told, above)
    assert judge([*told, above])[-1] == {"a0", "a1"}


def test_the_whole_above_is_not_told_where_every_part_but_a_small_one_is():
    told = [edition_of(PROVINCE, key) for key in ("a1", "a2", "a3")]
    assert not admits(told, edition_of(PROVINCE, TOP))


def test_another_figure_over_the_same_rows_tells_the_cases_too():
    told = [Telling(edition_of(PROVINCE, "a2").cells, same=False)]
    share = with_sums({f"{TOP}{i}": Cell(n // 2, n, TOP) for i, n in enumerate((3, 60, 40, 90))})
    assert judge([Telling(share)])[-1] == {"a0", "a2"}
    assert judge([*told, Telling(share)])[-1] == {"a0", "a1"}
