"""Symmetric equilibria of several players: the volunteer's dilemma, thresholds, roots that are no fractions."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gamelab as gl
from gamelab.model.exactness import exactly
from gamelab.solve.stage_equilibria import equilibria_of, known_equilibria
from gamelab.solve.symmetric_equilibria import symmetric_equilibria

F = Fraction


def by_count(n, pay):
    """Return the table of a game in which only an own action and how many do the first one count."""
    table = np.zeros((2,) * n + (n,), dtype=object)
    for profile in np.ndindex((2,) * n):
        table[profile] = [pay(own, profile.count(0)) for own in profile]
    return table


def volunteers(n, gain, cost):
    """Return the volunteer's dilemma (Diekmann 1985): one who pays the cost is enough for all to gain."""
    return by_count(n, lambda own, count: gain * (count > 0) - cost * (own == 0))


def game_of(table):
    return gl.normal_form(payoffs=table.tolist())


@pytest.mark.parametrize("n", [3, 4, 7])
@pytest.mark.parametrize(("gain", "cost"), [(3, 1), (1, 0.25), (1000, 1)])
def test_volunteers(n, gain, cost):
    game = game_of(volunteers(n, gain, cost))
    pure, mixed = equilibria_of(game)[:-1], equilibria_of(game)[-1]
    assert len(pure) == n  # any one of them alone
    expected = 1 - (cost / gain) ** (1 / (n - 1))
    assert mixed == pytest.approx(np.tile([expected, 1 - expected], (n, 1)), abs=1e-12)
    plan = [{"stage_nash": {"equilibrium": n}}] * n
    assert gl.certify(game, plan).verdict == "holds"


def test_a_grid_of_volunteers():
    costs = np.array([0.5, 1.0, 2.0])
    table = [[[[3 * (0 in (a, b, c)) - costs * (own == 0) for own in (a, b, c)] for c in (0, 1)] for b in (0, 1)]
             for a in (0, 1)]  # fmt: skip
    game = gl.normal_form(payoffs=table)
    plan = [{"stage_nash": {"equilibrium": 3}}] * 3
    # who mixes gets what volunteering pays
    assert gl.value(game, plan).payoffs == pytest.approx(np.tile((3 - costs)[:, None], (1, 3)))


def test_two_of_three_are_needed():
    # 5 x 2 p (1 - p) = 1 has two roots
    table = by_count(3, lambda own, count: 5 * (count >= 2) - (own == 0))
    low, high = sorted(np.roots([10, -10, 1]))
    found = [mixture[0, 0] for mixture in equilibria_of(game_of(table)) if 0 < mixture[0, 0] < 1]
    assert found == pytest.approx([high, low])  # early actions first


def test_fractions():
    with exactly():
        rational, irrational = (game_of(volunteers(3, F(gain), F(1))) for gain in (4, 3))
    assert known_equilibria(rational).mixtures[-1].tolist() == [[F(1, 2), F(1, 2)]] * 3
    known = known_equilibria(irrational)
    assert len(known.mixtures) == 3
    assert "a symmetric stage equilibrium in mixtures whose chances are no fractions" in known.note


def test_three_actions():
    matching = np.zeros((3, 3, 3, 3))
    for profile in np.ndindex(3, 3, 3):
        matching[profile] = len(set(profile))
    found = [
        mixture[0] for mixture in equilibria_of(game_of(matching)) if (np.ptp(mixture, axis=0) < 1e-9).all()
    ]
    assert any(mixture == pytest.approx(np.full(3, 1 / 3)) for mixture in found)


def test_players_who_differ_have_none():
    table = volunteers(3, 3, 1).astype(float)
    table[0, :, :, 0] -= 0.1
    assert symmetric_equilibria(table[None], np.full(table[None].shape, 1e-12)) == [([], 0)]


@settings(max_examples=40)
@given(st.integers(3, 5), st.data())
def test_all_that_a_grid_of_chances_shows(n, data):
    gain = [data.draw(st.integers(-5, 5)) for _ in range(n)]  # of the first action, by how many others do it
    table = by_count(n, lambda own, count: gain[count - 1] if own == 0 else 0)
    ((found, _),) = symmetric_equilibria(table[None].astype(float), np.full((1, *table.shape), 1e-12))
    x = np.linspace(0, 1, 4001)
    weights = [np.prod([np.ones_like(x), *([x] * k), *([1 - x] * (n - 1 - k))], axis=0) for k in range(n)]
    curve = sum(math.comb(n - 1, k) * g * w for k, (g, w) in enumerate(zip(gain, weights)))
    crossings = x[:-1][(curve[:-1] < -1e-9) & (curve[1:] > 1e-9) | (curve[:-1] > 1e-9) & (curve[1:] < -1e-9)]
    chances = np.array([mixture[0] for mixture in found])
    assert all(np.abs(chances - at).min(initial=1) <= 1 / 4000 for at in crossings)
    assert all(np.abs(np.interp(chances, x, curve)) < 1e-4)


@pytest.mark.parametrize("n", [3, 4])
def test_plans_of_ones_own(n):
    # all gain if they agree on a plan, each most on the own one: 6 q^(n-1) = 4 p q^(n-2), p + (n-1) q = 1
    table = np.zeros((n,) * n + (n,), dtype=int)
    for k in range(n):
        table[(k,) * n] = np.where(np.arange(n) == k, 6, 4)
    p, q = F(3, 2 * (n - 1) + 3), F(2, 2 * (n - 1) + 3)
    expected = np.where(np.eye(n, dtype=bool), float(p), float(q))
    for exact in (False, True):
        with exactly(exact):
            known = known_equilibria(game_of(table)).mixtures
        assert any(mixture.astype(float) == pytest.approx(expected) for mixture in known)
        assert not exact or any((mixture == np.where(np.eye(n, dtype=bool), p, q)).all() for mixture in known)
