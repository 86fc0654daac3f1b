"""Exact potentials of stage games: against the definition, and the cycle that breaks one."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import gamelab as gl
from gamelab.solve.potential import broken_cycle, potential_of, stage_potential
from gamelab.strategies.profile import profile_of

sizes = st.lists(st.integers(1, 3), min_size=2, max_size=3).map(tuple)


def game_of(payoffs):
    """Return a stage game from payoffs (*sizes, n), its actions numbered."""
    n = payoffs.ndim - 1
    return gl.normal_form(tables=[payoffs[..., i].tolist() for i in range(n)], fallback=[f"a{i}_0" for i in range(n)],
                          actions=[[f"a{i}_{k}" for k in range(payoffs.shape[i])] for i in range(n)])  # fmt: skip


@given(data=st.data(), shape=sizes)
def test_the_potential_of_a_potential_game(data, shape):
    """A common function plus, for each player, anything that the own action does not change."""
    common = data.draw(hnp.arrays(int, shape, elements=st.integers(-9, 9)))
    payoffs = np.stack(
        [
            common + data.draw(hnp.arrays(int, shape, elements=st.integers(-9, 9))).take([0], axis=i)
            for i in range(len(shape))
        ],
        axis=-1,
    )
    if min(shape) < 2:
        return
    game = game_of(payoffs.astype(float))
    assert broken_cycle(game) is None
    assert stage_potential(game)[0] == pytest.approx((common - common.flat[0]).ravel())


@given(data=st.data(), shape=st.tuples(st.integers(2, 3), st.integers(2, 3)))
def test_a_cycle_is_broken_exactly_where_there_is_no_potential(data, shape):
    payoffs = data.draw(hnp.arrays(int, (*shape, 2), elements=st.integers(0, 2)))
    broken = any(
        (payoffs[b, c, 0] - payoffs[a, c, 0]) + (payoffs[b, d, 1] - payoffs[b, c, 1])
        + (payoffs[a, d, 0] - payoffs[b, d, 0]) + (payoffs[a, c, 1] - payoffs[a, d, 1])
        for a, b in itertools.combinations(range(shape[0]), 2)
        for c, d in itertools.combinations(range(shape[1]), 2)
    )  # fmt: skip
    assert (broken_cycle(game_of(payoffs.astype(float))) is not None) == broken


def test_what_breaks_matching_pennies():
    pennies = np.array([[[1.0, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    assert broken_cycle(game_of(pennies)) == ["a0_0, a1_0", "a0_1, a1_0", "a0_1, a1_1", "a0_0, a1_1"]


def test_the_average_along_the_play():
    """By hand: turns between the two equilibria of a battle, both with the same potential, more than missing."""
    stage = gl.normal_form(tables=[[[6, 1], [1, 4]], [[4, 1], [1, 6]]])
    game = gl.repeated(stage, discount_factor=0.5)
    first, mixed = (profile_of(game, {"stage_nash": {"equilibrium": k}}) for k in (0, 1))
    assert potential_of(game, first) == pytest.approx([0])
    # each plays the own favourite with 5/8: (0, -3, -5, 0) with 15/64, 25/64, 9/64, 15/64
    assert potential_of(game, mixed) == pytest.approx([-(3 * 25 + 5 * 9) / 64])
