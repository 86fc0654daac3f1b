"""Strategic uncertainty: the basin of defection by its closed form, published values and a plain loop."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.model.exactness import exactly
from gamelab.solve.irrational import Irrational

F = Fraction


def dilemma(payoffs, discount_factor, **settings):
    names = ("temptation", "reward", "punishment", "sucker")
    with exactly(isinstance(discount_factor, Fraction)):
        stage = gl.prisoners_dilemma(**dict(zip(names, payoffs)))
        return gl.repeated(stage, discount_factor=discount_factor, **settings)


def closed_form(payoffs, d):
    T, R, P, S = payoffs
    return (1 - d) * (P - S) / ((1 - d) * (R + P - S - T) + d * (R - P)) if d >= F(T - R, T - P) else F(1)


@st.composite
def dilemmas(draw):
    S, *steps = (draw(st.integers(1, 9)) for _ in range(4))
    return (S + sum(steps), S + sum(steps[:2]), S + steps[0], S)


@pytest.mark.parametrize(("reward", "basin"), [(32, F(13, 16)), (40, F(13, 48))])
def test_published(reward, basin):
    # Dal Bo and Frechette (2011), table 1: the size of the basin of always defecting against grim at .75
    payoffs = (50, reward, 25, 12)
    assert gl.basin_of_defection(dilemma(payoffs, F(3, 4)), "grim") == basin
    assert gl.basin_of_defection(dilemma(payoffs, 0.75), "grim") == pytest.approx(float(basin), abs=1e-14)


@settings(max_examples=up_to(25))
@given(dilemmas(), st.integers(1, 39))
def test_grim_has_its_closed_form(payoffs, fortieths):
    d = F(fortieths, 40)
    expected = closed_form(payoffs, d)
    assert gl.basin_of_defection(dilemma(payoffs, d), "grim") == expected
    assert gl.basin_of_defection(dilemma(payoffs, float(d)), "grim") == pytest.approx(float(expected))


def test_a_grid_and_a_shift():
    factors = np.linspace(0.3, 0.95, 14)
    for payoffs, shift in (((5, 3, 1, 0), 0), ((5, 3, 1, 0), 1e9)):
        moved = [amount + shift for amount in payoffs]
        found = gl.basin_of_defection(dilemma(moved, factors), "grim")
        assert found == pytest.approx([float(closed_form(payoffs, F(d))) for d in factors])
    both = gl.basin_of_defection(dilemma((5, 3, 1, 0), factors.reshape(2, 7)), "grim")
    assert both.shape == (2, 7)


def test_no_risk_and_no_hope():
    game = dilemma((5, 3, 1, 0), 0.9)
    assert gl.basin_of_defection(game, "always_defect") == 0  # nothing else is compared
    assert gl.basin_of_defection(game, "always_cooperate") == 1  # it does not even pay if all follow
    snowdrift = gl.normal_form(
        payoffs=[[[3, 3], [1, 5]], [[5, 1], [0, 0]]], agreement=["1", "1"], fallback=["2", "2"]
    )
    assert gl.basin_of_defection(gl.repeated(snowdrift, discount_factor=0.9), "grim") == 0


def stage_basin(table):
    """Return the basin of the first action against the second by steps of a grid: a plain loop."""
    n, x = table.ndim - 1, np.linspace(0, 1, 20_001)
    most = 0.0
    for i in range(n):
        gain = np.zeros(len(x))
        for others in itertools.product((0, 1), repeat=n - 1):
            chance = np.prod([x if action == 0 else 1 - x for action in others], axis=0)
            first, second = ((*others[:i], own, *others[i:]) for own in (0, 1))
            gain += chance * (table[first][i] - table[second][i])
        most = max(most, x[gain < -1e-12].max(initial=0))
    return most


@settings(max_examples=up_to(25))
@given(st.integers(0, 2**32 - 1), st.integers(3, 4))
def test_several_players(seed, n):
    generator = np.random.default_rng(seed)
    table = generator.integers(-6, 7, (2,) * n + (n,))
    table[(0,) * n] = np.maximum(table[(0,) * n], 5)  # following is mostly best where all follow
    kept = {"agreement": ["1"] * n, "fallback": ["2"] * n}
    with exactly():
        exact = gl.repeated(gl.normal_form(payoffs=table.tolist(), **kept), discount_factor=F(1, 2))
    floats = gl.repeated(gl.normal_form(payoffs=table.tolist(), **kept), discount_factor=0.5)
    found = gl.basin_of_defection(floats, "always_cooperate")
    assert found == pytest.approx(stage_basin(table), abs=1e-4)
    assert float(gl.basin_of_defection(exact, "always_cooperate")) == pytest.approx(found, abs=1e-9)


def test_a_share_that_is_no_fraction():
    # the gain of three players is 2 x^2 - 1: both others must follow to make up for the cost of 1
    table = [
        [[[1, 1, 1], [-1, -1, 0]], [[-1, 0, -1], [-1, 0, 0]]],
        [[[0, -1, -1], [0, -1, 0]], [[0, 0, -1], [0, 0, 0]]],
    ]
    with exactly():
        stage = gl.normal_form(payoffs=table, agreement=["1"] * 3, fallback=["2"] * 3)
    share = gl.basin_of_defection(gl.repeated(stage, discount_factor=F(1, 2)), "always_cooperate")
    assert isinstance(share, Irrational)
    assert share.low**2 < F(1, 2) < share.high**2
    assert share.high - share.low < F(1, 10**15)


def test_finitely_many_rounds():
    # three rounds, undiscounted: nobody's last round is ruled by what others may still do; T 3 R 2 P 1 S 0
    game = gl.repeated(gl.prisoners_dilemma(temptation=3, reward=2, punishment=1, sucker=0), rounds=3)
    # following gains 6 - (3 + 1 + 1) where the other follows, loses 1 where not: x - (1 - x)
    assert gl.basin_of_defection(game, "grim") == pytest.approx(0.5)


def test_what_is_refused():
    many = np.zeros((2,) * 11 + (11,)).tolist()
    stage = gl.normal_form(payoffs=many, agreement=["1"] * 11, fallback=["2"] * 11)
    with pytest.raises(GameError, match="10 players at most"):
        gl.basin_of_defection(gl.repeated(stage, discount_factor=0.5), "always_cooperate")
