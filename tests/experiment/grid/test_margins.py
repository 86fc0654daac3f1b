"""Margins: their signs say what choice, certificates and accounts decide."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import gamelab as gl
from gamelab.experiment import selection
from gamelab.experiment.grid.margins import gaps, leads, side_by_side
from gamelab.experiment.grid.regions import Regions
from gamelab.scenario import grid_of

AMOUNTS = arrays(float, (4, 5), elements=st.integers(-2, 2).map(float))
ELIGIBLE = arrays(bool, (4, 5))


@given(AMOUNTS, ELIGIBLE)
def test_of_two_arrangements_the_later_is_better_where_the_gap_is_above_zero(nets, workable):
    sizes = np.ones(nets.shape)
    gap = gaps(nets, workable, sizes)
    for (a, b), between in zip(itertools.combinations(range(4), 2), gap, strict=True):
        both = workable[a] & workable[b]
        assert (np.isfinite(between) == both).all()
        place = selection.best(nets[[a, b]], workable[[a, b]], sizes[[a, b]])
        assert ((between > 0) == (place == 1))[both].all()


@given(AMOUNTS, ELIGIBLE, arrays(float, (4, 5), elements=st.sampled_from([1.0, 3.0])))
def test_who_leads_is_the_first_of_the_highest(amounts, eligible, sizes):
    ahead = leads(amounts, eligible, sizes) > 0
    several = eligible.sum(axis=0) > 1
    place = selection.first(selection.highest(amounts, eligible, sizes))
    assert (ahead.argmax(axis=0) == place)[several].all()


def test_a_gap_is_zero_where_two_stop_being_equal_up_to_rounding():
    """The later of two is better from a difference of 1e-9 of its own size, which is 2."""
    nets, sizes = np.array([[5.0, 5.0], [5 + 1.9e-9, 5 + 2.1e-9]]), np.array([[7.0, 7.0], [2.0, 2.0]])
    assert gaps(nets, np.ones((2, 2), dtype=bool), sizes) == pytest.approx(
        np.array([[-1e-10, 1e-10]]), rel=1e-2
    )
    assert gaps(nets[:1], np.ones((1, 2), dtype=bool), sizes[:1]).shape == (0, 2)


def test_what_stands_side_by_side_is_finite_or_not_known():
    rows = [np.array([1.0, np.inf]), np.empty((0, 2)), np.array([[np.nan, 2.0], [3.0, -np.inf]])]
    assert side_by_side(rows, 2) == pytest.approx(
        np.array([[1, np.nan, 3], [np.nan, 2, np.nan]]), nan_ok=True
    )


@pytest.mark.parametrize("name", ["prisoners_dilemma", "context", "workable", "formal_and_relational"])
def test_where_the_region_changes_a_margin_changes_its_sign(name):
    scenario = gl.load(f"box1/{name}")
    for drawn in scenario.maps:
        x, y = (axis[::3] for axis in grid_of(scenario, drawn, {}))
        shown = Regions(scenario, {}, drawn, np.array([x[[0, -1]], y[[0, -1]]]))
        rows, columns = 5, len(x)
        points = np.column_stack([np.tile(x, rows), np.repeat(y[:: len(y) // rows][:rows], columns)])
        codes, _, _, margins = shown.at(points)
        known = np.isfinite(margins)
        changes = (known[1:] & known[:-1] & ((margins[1:] > 0) != (margins[:-1] > 0))).any(axis=1)
        beside = np.arange(1, len(points)) % columns > 0
        assert changes[beside & (codes[1:] != codes[:-1])].all()


def test_excess_and_surplus_are_above_zero_where_a_profile_fails_and_where_it_pays():
    scenario = gl.load("box1/context")
    drawn = scenario.maps[1]
    x, y = (axis[::8] for axis in grid_of(scenario, drawn, {}))
    shown = Regions(scenario, {}, drawn, np.array([x[[0, -1]], y[[0, -1]]]))
    points = np.column_stack([np.tile(x, len(y)), np.repeat(y, len(x))])
    solved = {name: site.solve(points) for name, site in shown.arrangements.items()}
    for name, one in shown.compared(solved).items():
        table = solved[name].table
        for verdict, fails in (("holds", False), ("fails", True)):
            assert ((table.excess > 0) == fails)[table.verdict == verdict].all()
        assert ((one.surplus > 0) == one.works)[
            one.there & one.certified & one.qualifies
        ].all() or name == "none"
