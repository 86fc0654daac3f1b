"""Searches: the places that codes prove, beside plain bisection; fewer rounds where margins help."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamelab.experiment.grid.searches import CHEAP, crossings, in_step

WITHIN = 1e-9


def searched(code, margins, count=1):
    """Return the places on edges from (0, k) to (1, k), and how many points each round asked for."""
    rounds = []

    def ask(points):
        rounds.append(len(points))
        return code(points), margins(points)

    low = np.column_stack([np.zeros(count), np.arange(count)])
    high = np.column_stack([np.ones(count), np.arange(count)])
    (places,) = in_step(ask, crossings(low, high, code(high), WITHIN))
    assert (places[:, 1] == np.arange(count)).all()
    return places[:, 0], rounds


def bisected(code, k):
    low, high, after = 0.0, 1.0, code(np.array([[1.0, k]]))[0]
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if code(np.array([[middle, k]]))[0] == after else (middle, high)
    return high


def none(points):
    return np.empty((len(points), 0))


def rounds_without_margins(count):
    return len(searched(lambda points: (points[:, 0] > 0.3).astype(int), none, count)[1])


SMOOTH = {
    "line": lambda x, c: x - c,
    "curve": lambda x, c: np.exp(3 * x) - np.exp(3 * c),
    "pole": lambda x, c: 1 / (1.1 - x) - 1 / (1.1 - c),
    "wave": lambda x, c: np.sin(2 * (x - c)),
}


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("count", [1, 100, 2000])
def test_smooth_margins_take_few_rounds(name, count):
    def margin(points):
        return SMOOTH[name](points[:, 0], (1 + points[:, 1]) / (count + 2))

    places, rounds = searched(
        lambda points: (margin(points) > 0).astype(int), lambda p: margin(p)[:, None], count
    )
    assert np.abs(places - (1 + np.arange(count)) / (count + 2)).max() < WITHIN
    assert len(rounds) <= (4 if count < 2000 else 5)
    assert sum(rounds) <= 30 * count


def test_without_margins_edges_are_cut_into_as_many_parts_as_are_cheap():
    places, rounds = searched(lambda points: (points[:, 0] >= 1 / 3).astype(int), none, 10)
    assert np.abs(places - 1 / 3).max() < WITHIN
    assert max(rounds) <= CHEAP
    assert len(rounds) <= 7
    assert rounds_without_margins(1) <= 7
    assert rounds_without_margins(2000) <= 30


MISLEADING = {
    "a jump": lambda x, c: np.where(x < c, -1.0, 5.0)[:, None],
    "a jump beside a line": lambda x, c: np.column_stack([np.where(x < c, -1.0, 5.0), x - 0.5]),
    "zero on one side": lambda x, c: np.maximum(x - c, 0)[:, None],
    "zero on the other": lambda x, c: np.minimum(x - c, 0)[:, None],
    "a kink": lambda x, c: np.where(x < c, x - c, 1e3 * (x - c))[:, None],
    "a kink beside": lambda x, c: np.maximum(x - c, 20 * (x - c - 0.01))[:, None],
    "known on one side": lambda x, c: np.where(x < c, np.nan, x - c)[:, None],
    "another place": lambda x, c: np.column_stack([x - 0.7, x - 0.2, np.tanh(9 * (x - 0.4))]),
    "of a high order": lambda x, c: ((x - c) ** 9)[:, None],
    "a root": lambda x, c: np.cbrt(x - c)[:, None],
    "the same everywhere": lambda x, c: np.zeros((len(x), 2)),
    "noise": lambda x, c: np.sin(1e9 * x)[:, None] + (x - c)[:, None],
    "infinitely far": lambda x, c: np.where(x < c, -1e300, 1e-300)[:, None],
}


@pytest.mark.parametrize("name", MISLEADING)
def test_margins_that_mislead_end_where_the_code_changes(name):
    count = 7
    at = (np.arange(count) + 0.5) / count

    def margins(points):
        return MISLEADING[name](points[:, 0], (points[:, 1] + 0.5) / count)

    places, rounds = searched(lambda p: (p[:, 0] >= (p[:, 1] + 0.5) / count).astype(int), margins, count)
    assert np.abs(places - at).max() < WITHIN
    assert len(rounds) <= rounds_without_margins(count) + 4


def test_answers_with_other_numbers_of_margins_are_not_compared():
    widths = itertools.cycle([2, 1, 3])

    def margins(points):
        return np.tile(points[:, :1] - 0.123, next(widths))

    places, rounds = searched(lambda points: (points[:, 0] > 0.123).astype(int), margins, 3)
    assert np.abs(places - 0.123).max() < WITHIN
    assert len(rounds) <= 8


def test_an_edge_that_no_point_leaves_ends_at_its_upper_end():
    """A region of the upper end that no point but this end is of, as a bend's ray may meet it."""
    asked = []

    def ask(points):
        asked.append(points)
        return np.zeros(len(points), dtype=int), none(points)

    (places,) = in_step(ask, crossings(np.array([[0.0, 0.0]]), np.array([[0.1, 0.3]]), np.array([1]), WITHIN))
    assert places[0] == pytest.approx([0.1, 0.3], abs=1e-9)
    points = np.concatenate(asked)
    assert (points >= 0).all()
    assert (points <= [0.1, 0.3]).all()


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=4),
    st.lists(st.integers(0, 2), min_size=5, max_size=5),
    st.lists(st.tuples(st.floats(-2, 2), st.floats(-2, 2), st.floats(-1, 2)), max_size=3),
)
def test_whatever_the_margins_say_codes_change_at_the_place(cuts, regions, curves):
    """Several crossings on one edge, and margins that have or have not to do with them."""
    cuts = np.sort(cuts)
    regions = np.array(regions)
    regions[0], regions[len(cuts)] = 0, 1

    def code(points):
        return regions[np.digitize(points[:, 0], cuts)]

    def margins(points):
        x = points[:, 0]
        known = [np.where(x < c, a * (x - cuts[0]), b * (x - cuts[-1])) for a, b, c in curves]
        return np.array(known).reshape(len(known), len(x)).T

    low, high = np.array([[-1e-3, 0.0]]), np.array([[1 + 1e-3, 0.0]])
    (((place, _),),) = in_step(lambda p: (code(p), margins(p)), crossings(low, high, np.array([1]), WITHIN))
    below, above = code(np.array([[place - 1e-9, 0], [place + 1e-9, 0]]))
    assert below != 1
    assert above == 1
    assert np.abs(cuts - place).min() < 1e-9
    if len(cuts) == 1:
        assert place == pytest.approx(cuts[0], abs=1e-9)


@given(st.floats(0.01, 0.99), st.floats(-3, 3), st.floats(0.01, 50), st.floats(0.01, 50))
def test_a_kink_at_the_place_is_found_as_plain_bisection_finds_it(place, bend, left, right):
    def margin(points):
        off = points[:, 0] - place
        return np.where(off < 0, left, right) * off * np.exp(bend * off)

    def code(points):
        return (margin(points) > 0).astype(int)

    (found,), rounds = searched(code, lambda p: margin(p)[:, None])
    assert found == pytest.approx(bisected(code, 0), abs=1e-9)
    assert len(rounds) <= 8


def test_searches_in_step_ask_at_once_and_get_their_own_answers():
    asked = []

    def ask(points):
        asked.append(points.tolist())
        return points.sum(axis=1), -points

    def search(first, rounds):
        answers = []
        for k in range(rounds):
            codes, margins = yield np.full((k + 1, 2), first)
            assert (margins == -first).all()
            answers += codes.tolist()
        return answers

    assert in_step(ask, search(1, 2), search(5, 0), search(3, 1)) == [[2, 2, 2], [], [6]]
    assert asked == [[[1, 1], [3, 3]], [[1, 1], [1, 1]]]
