"""Vertices of best-reply polytopes against all choices of tight constraints, in fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

from gamelab.errors import GameError
from gamelab.model import polytope
from gamelab.model.polytope import TiedDirectionError, UndecidedError, corner, solved, vertices
from tests.reference.polytopes import best_reply_vertices

ENTRIES = st.one_of(st.integers(0, 3), st.sampled_from([1, 10**8, 10**8 + 1, 10**20, 10**20 + 1]))


def tables(entries=ENTRIES, most=4):
    """Draw tables that have an entry above 0 in each column."""
    sizes = st.tuples(st.integers(1, most), st.integers(1, most))
    rows = sizes.flatmap(lambda size: st.lists(st.lists(entries, min_size=size[1], max_size=size[1]),
                                               min_size=size[0], max_size=size[0]))  # fmt: skip
    return rows.filter(lambda table: all(any(column) for column in zip(*table, strict=True)))


def wanted(table):
    """Return the constraints that are tight at each vertex, from their coordinates."""
    rows = [[Fraction(entry) for entry in row] for row in table]
    return {
        (
            *(x == 0 for x in point),
            *(sum(a * x for a, x in zip(row, point, strict=True)) == 1 for row in rows),
        )
        for point in best_reply_vertices(rows)
    }


def listed(corners):
    found = [tuple(map(bool, tight)) for tight in corners]
    assert len(found) == len(set(found))
    return set(found)


@settings(max_examples=up_to(100))
@given(tables())
def test_vertices_by_brute_force(table):
    assert listed(vertices(table, 1_000)) == wanted(table)


@settings(max_examples=up_to(30))
@given(tables(most=3))
def test_whole_numbers_walk_the_same_way(table):
    def undecided(*_):
        raise UndecidedError

    floats = listed(vertices(table, 1_000))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(polytope._FloatWalk, "level", undecided)
        assert listed(vertices(table, 1_000)) == floats == wanted(table)


@settings(max_examples=up_to(30))
@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(1, 5))
def test_bounds_reach_as_far_as_rounding_does(seed, r, d):
    """Slacks in floats, beside the same in whole numbers: never further apart than is stated."""
    draw = np.random.default_rng(seed)
    whole = draw.integers(1, 10 ** draw.integers(1, 16), (r, d)).tolist()
    walk = polytope._FloatWalk(whole, draw.integers(2**20, 2**21, r))
    stated = []
    bounds = walk.bounds
    walk.bounds = lambda slack, *parts: stated.append((slack, bounds(slack, *parts))) or stated[-1][1]
    for tight in vertices(whole, 10_000):
        try:
            walk.visited(tight[None])
        except polytope.UndecidedError:  # then whole numbers are asked
            stated.clear()
            continue
        (slack, bound), names = stated.pop(), None
        exact = walk.slacks(tight, list(range(d + r)))
        active = tight[d:]
        names = [*np.flatnonzero(~tight[:d]), *(d + np.flatnonzero(~active))]
        if len(names) == r:
            assert (abs(slack[0, :, 0] - np.array(exact)[names]) <= bound[0, :, 0]).all()
            assert (bound[0, :, 0] < 1e-3).all()


def test_floats_alone_find_the_way_where_ties_are(monkeypatch):
    def called(*_):
        raise AssertionError("whole numbers were needed")

    monkeypatch.setattr(polytope._WholeWalk, "level", called)
    draw = np.random.default_rng(1)
    for _ in range(10):
        table = draw.integers(0, 3, (4, 4)).tolist()
        table[0] = [1, 1, 1, 1]
        assert listed(vertices(table, 1_000)) == wanted(table)


def test_rows_that_come_twice():
    """Their face has as many tight constraints as an edge; then it is cut."""
    table = [[2, 2, 2], [2, 2, 2], [1, 4, 1], [4, 1, 1]]
    assert listed(vertices(table, 1_000)) == wanted(table)


def test_a_direction_that_leaves_a_tie_is_seen_and_another_one_drawn(monkeypatch):
    table = [[1], [1]]
    with pytest.raises(TiedDirectionError):
        polytope._walked(table, np.array([2**20, 2**20]), 10)
    draw, seeds = np.random.default_rng, []

    class Even:
        def integers(self, low, _, size):
            return np.full(size, low)

    monkeypatch.setattr(
        np.random, "default_rng", lambda seed: seeds.append(seed) or (draw(seed) if seed else Even())
    )
    assert listed(vertices(table, 10)) == {(False, True, True)}
    assert seeds == [0, 1]


def test_a_guess_that_leads_nowhere_is_made_good(monkeypatch):
    """Floats that always take the last edge's end: whole numbers say where the walk goes."""
    table = np.random.default_rng(0).integers(1, 9, (3, 4)).tolist()
    monkeypatch.setattr(
        polytope._FloatWalk, "first", lambda self, slack, _: np.full((len(slack), self.d), self.r - 1)
    )
    assert listed(vertices(table, 1_000)) == wanted(table)


def test_the_work_is_bounded():
    table = (1 + np.eye(4, dtype=int)).tolist()
    assert len(vertices(table, 100)) > 5
    with pytest.raises(GameError, match="more than 5 vertices"):
        vertices(table, 5)


@settings(max_examples=up_to(50))
@given(st.integers(1, 4), st.integers(0, 2), st.data())
def test_solutions_solve(size, more, data):
    row = st.lists(st.integers(-3, 3), min_size=size, max_size=size)
    matrix = data.draw(st.lists(row, min_size=size, max_size=size))
    chosen = data.draw(row)
    matrix += [[sum(entries) for entries in zip(*matrix, strict=True)]] * more
    right = [[sum(a * x for a, x in zip(line, chosen, strict=True))] for line in matrix]
    solution = solved(matrix, right)
    if solution is None:
        assert abs(np.linalg.det(np.array(matrix[:size], dtype=float))) < 1e-9
    else:
        assert [Fraction(x, solution[1]) for (x,) in solution[0]] == chosen


def test_a_corner_with_more_equations_than_unknowns():
    assert corner([[2, 1], [2, 1], [1, 2], [3, 3]], np.array([False, False, True, True, True, True])) == (
        [1, 1],
        3,
    )
