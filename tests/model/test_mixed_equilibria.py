"""One mixed equilibrium of any number of players: certified by plain loops, whatever else is in the batch."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamelab.model import mixed_equilibria as module
from gamelab.model.mixed_equilibria import _supports, largest_gains, mixed_equilibria
from gamelab.model.stage import pure_equilibria


def gain(payoffs, sizes, mixture):
    """Return the largest gain of a deviation, by a loop over all profiles."""
    best = -np.inf
    for i, size in enumerate(sizes):
        worth = np.zeros(size)
        for p, profile in enumerate(itertools.product(*map(range, sizes))):
            worth[profile[i]] += payoffs[p][i] * np.prod(
                [mixture[j][profile[j]] for j in range(len(sizes)) if j != i]
            )
        best = max(best, worth.max() - worth @ mixture[i][:size])
    return best


SIZES = st.sampled_from([(2, 2), (3, 3), (2, 2, 2), (3, 2, 2), (2, 2, 2, 2)])


@settings(max_examples=6)
@given(SIZES, st.integers(0, 2**32 - 1), st.booleans())
def test_whatever_comes_out_is_an_equilibrium(sizes, seed, whole):
    generator = np.random.default_rng(seed)
    shape = (3, int(np.prod(sizes)), len(sizes))
    payoffs = generator.integers(0, 4, shape).astype(float) if whole else generator.normal(size=shape)
    together = mixed_equilibria(payoffs, sizes)
    for k, mixture in enumerate(together):
        assert mixed_equilibria(payoffs[k : k + 1], sizes)[0] == pytest.approx(mixture, abs=1e-15)
        if mixture.any():
            assert (mixture >= 0).all()
            assert mixture.sum(axis=1) == pytest.approx(np.ones(len(sizes)), abs=1e-15)
            assert gain(payoffs[k], sizes, mixture) < 1e-13 * np.ptp(payoffs[k])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sizes", "seed"), [((2, 2, 2), 0), ((3, 2, 2), 1), ((3, 3, 3), 2), ((2, 2, 2, 2), 3)]
)
def test_every_one_of_these_games_without_a_pure_one_is_solved(sizes, seed):
    payoffs = np.random.default_rng(seed).normal(size=(80, int(np.prod(sizes)), len(sizes)))
    without = payoffs[~pure_equilibria(payoffs, sizes).any(axis=1)]
    assert len(without) > 10
    assert mixed_equilibria(without, sizes).any(axis=(1, 2)).all()


def test_a_continuum_of_equilibria_yields_one():
    """The third player's choice changes nothing for anybody: every mixture of hers goes with even pennies."""
    pennies = np.array([[1, -1], [-1, 1], [-1, 1], [1, -1]])
    table = np.array([[*pennies[p // 2], 0] for p in range(8)], dtype=float)
    (mixture,) = mixed_equilibria(table[None], (2, 2, 2))
    assert mixture[:2] == pytest.approx(np.full((2, 2), 0.5), abs=1e-15)
    assert mixture[2].sum() == pytest.approx(1)


@pytest.mark.parametrize("sizes", [(2, 2, 2), (3, 2, 2), (2, 2, 2, 2), (4, 2)])
def test_supports_come_small_ones_first_and_each_once(sizes):
    supports = list(_supports(sizes))
    assert len(set(supports)) == len(supports)
    assert supports == sorted(supports, key=lambda support: sum(map(len, support)))
    free = [[len(own) - 1 for own in support] for support in supports]
    every = itertools.product(*(range(size) for size in sizes))
    wanted = {counts for counts in every if any(counts) and all(own <= sum(counts) - own for own in counts)}
    assert {tuple(counts) for counts in free} == wanted


def test_gains_are_those_of_a_loop():
    sizes = (2, 3, 2)
    generator = np.random.default_rng(5)
    payoffs = generator.normal(size=(12, 3))
    mixture = [generator.dirichlet(np.ones(size)) for size in sizes]
    own = [part[None, None] for part in mixture]
    assert largest_gains(payoffs.reshape(1, *sizes, 3), own).item() == pytest.approx(
        gain(payoffs, sizes, mixture)
    )


def test_where_none_is_computed_there_is_none(monkeypatch):
    monkeypatch.setattr(module, "MOST_SUPPORTS", 0)
    assert not mixed_equilibria(np.ones((2, 8, 3)), (2, 2, 2)).any()
