"""Populations that play by chance, against the exact chain, many games in one test."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to
from scipy.stats import chi2

import gamelab as gl
from gamelab.randomness import stream
from gamelab.simulate.evolution.finite_population import side_by_side, waiting
from gamelab.simulate.evolution.imitation import PROCESSES
from gamelab.simulate.evolution.payoff_matrix import payoff_matrix
from gamelab.simulate.evolution.population_chain import places, population_states, transitions


def after(a, players, intensity, process, mutation, steps, begin):
    """The exact distribution over states after some steps from one state."""
    matrix, states = payoff_matrix(a), population_states(players, len(a))
    sources, targets, chances = transitions(matrix, states, intensity, process, mutation)
    step = np.zeros((len(states), len(states)))
    step[sources, targets] = chances
    step += np.diag(1 - step.sum(axis=1))
    return np.eye(len(states))[places(np.array(begin))] @ np.linalg.matrix_power(step, steps)


def test_where_populations_are_after_some_steps():
    """Chi-square over the states that are frequent enough, summed over games and processes."""
    draw, statistic, freedom = np.random.default_rng(11), 0.0, 0
    for game in range(12):
        k, players = 2 + game % 2, 5 + game % 3
        a, process, mutation = draw.uniform(0, 2, (k, k)), PROCESSES[game % 3], [0.0, 0.1][game % 2]
        start = np.eye(k)[0] * 0.4 + np.eye(k)[1] * 0.6
        found = gl.evolve(
            a, players, 0.9, mutation, process=process, generations=3, populations=4000,
            start=start, seed=game, moments=1 + game % 4,
        )  # fmt: skip
        expected = 4000 * after(a, players, 0.9, process, mutation, 3 * players, found.counts[0, 0])
        counted = np.bincount(places(found.counts[-1]), minlength=len(expected))
        assert (counted[expected == 0] == 0).all()
        usual = expected >= 5
        rare = expected[~usual].sum()
        parts = ((counted - expected)[usual] ** 2 / expected[usual]).tolist()
        if rare >= 1:
            parts.append((counted[~usual].sum() - rare) ** 2 / rare)
        statistic, freedom = statistic + sum(parts), freedom + len(parts) - 1
    assert freedom > 60
    assert 1e-4 < chi2.sf(statistic, freedom) < 1 - 1e-4


def test_long_averages_agree_with_the_exact_chain():
    draw, statistic, games = np.random.default_rng(12), 0.0, 9
    for game in range(games):
        k, process = 2 + game % 2, PROCESSES[game % 3]
        a = draw.uniform(0, 2, (k, k))
        found = gl.evolve(
            a, 10, 0.9, 0.08, process=process, generations=240, populations=200, seed=game, moments=20
        )
        exact = gl.population_chain(a, 10, 0.9, 0.08, process=process)
        statistic += float((found.means[0] - exact.shares[0]) ** 2 / found.standard_errors[0] ** 2)
    assert 1e-4 < chi2.sf(statistic, games) < 1 - 1e-4


def test_fixation_without_mutation():
    """Of many populations with one mutant, the share in which he took over."""
    for seed, (process, a) in enumerate([("moran", np.ones((2, 2))), ("pairwise", [[1, 1], [2, 0.5]])]):
        found = gl.evolve(
            a, 10, 1.0, 0.0, process=process, generations=400, populations=4000, start=[0.9, 0.1], seed=seed
        )
        taken = (found.counts[-1, :, 1] == 10).mean()
        assert (found.counts[-1].max(axis=1) == 10).all()
        chance = gl.fixation(a, 10, 1.0, process=process).probabilities[0, 1]
        assert abs(taken - chance) < 4 * np.sqrt(chance * (1 - chance) / 4000)


def test_how_long_nothing_changes():
    chance = np.random.default_rng(5).random(200_000)
    waits = waiting(np.full(200_000, 0.25), chance, 10**9)
    expected = 200_000 * 0.25 * 0.75 ** np.arange(12)
    counted = np.bincount(waits, minlength=12)[:12]
    assert 1e-4 < chi2.sf(((counted - expected) ** 2 / expected).sum(), 12) < 1 - 1e-4
    ends = waiting(np.array([0.0, 1.0, 1e-300]), np.full(3, 0.5), 50)
    assert ends.tolist() == [50, 0, 50]


@pytest.mark.slow
@settings(max_examples=up_to(30), deadline=None)
@given(
    st.sampled_from(PROCESSES),
    st.integers(2, 4),
    st.integers(2, 40),
    st.sampled_from([0.0, 0.02, 1.0]),
    st.integers(0, 2**32),
)
def test_compiled_or_not_the_numbers_are_the_same(process, k, players, mutation, seed):
    pytest.importorskip("numba")
    from gamelab.simulate.evolution.kernel import stretch

    draw = np.random.default_rng(seed)
    a, begin = draw.uniform(0, 3, (k, k)), draw.multinomial(players, np.ones(k) / k, size=5)
    found = []
    for play in (stretch, side_by_side):
        counts, occupied = begin.copy(), np.empty(begin.shape)
        play(a, counts, 0.8, PROCESSES.index(process), mutation, stream(seed, "x"), 3 * players, occupied)
        found.append((counts, occupied))
    np.testing.assert_array_equal(found[0], found[1])
    assert (found[0][0].sum(axis=1) == players).all()
    assert found[0][1].sum(axis=1) == pytest.approx(3 * players * players)


def test_evolution_needs_no_compiler(monkeypatch):
    asked = {"population": 20, "generations": 10, "populations": 5}
    found = gl.evolve(np.eye(3), **asked)
    monkeypatch.setitem(sys.modules, "numba", None)
    np.testing.assert_array_equal(gl.evolve(np.eye(3), **asked).averages, found.averages)


def test_the_same_seed_gives_the_same_populations():
    asked = {"population": 20, "generations": 10, "populations": 5}
    one, two, other = (gl.evolve(np.eye(3), seed=seed, **asked) for seed in (3, 3, 4))
    assert (one.counts == two.counts).all()
    assert (one.averages == two.averages).all()
    assert (one.counts != other.counts).any()


def test_counts_and_averages_fit_each_other():
    told = []
    found = gl.evolve(
        np.eye(3), 30, 1.0, 0.05, generations=8, populations=6, moments=240,
        progress=lambda done, of: told.append((done, of)),
    )  # fmt: skip
    assert (found.counts.sum(axis=2) == 30).all()
    assert found.averages.sum(axis=2) == pytest.approx(np.ones((240, 6)))
    assert found.averages == pytest.approx(found.counts[1:] / 30)  # stretches of one step each
    assert found.generations[[0, -1]].tolist() == [0, 8]
    assert told[-1] == (240, 240)
    assert found.to_frame().shape == (241, 4)
    assert "standard error" in found._repr_html_()
    assert repr(found).startswith("<Evolution of 6 populations of 30: ")


def test_starts():
    found = gl.evolve(np.eye(3), 10, generations=1, populations=2, start=[[1, 0, 0], [0.26, 0.37, 0.37]])
    assert found.counts[0].tolist() == [[10, 0, 0], [2, 4, 4]]
    assert gl.evolve(np.eye(3), 10, generations=1, populations=1).counts[0].tolist() == [[4, 3, 3]]
    alone = gl.evolve([[1]], 10, generations=3, populations=1)
    assert alone.means.tolist() == [1]
    assert np.isnan(alone.standard_errors).all()
    last = gl.evolve(np.eye(2), 10, generations=5, populations=3, moments=5, discard=1.0)
    assert last.by_population == pytest.approx(last.averages[-1])


def test_a_large_population_follows_the_replicator():
    """Pairwise comparison at weak selection: w/2 units of the replicator's time a generation."""
    a, start = [[0, 3], [1, 0]], [0.2, 0.8]
    found = gl.evolve(
        a, 1000, 0.1, 0.0, process="pairwise", generations=10, populations=200, start=start, moments=2
    )
    limit = gl.replicator(a, start, 0.1 / 2 * 10, moments=2).last[0]
    assert abs(limit[0] - 0.2) > 0.1
    assert found.shares[-1] == pytest.approx(limit, abs=0.012)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"population": 1}, "population: 1 is not a whole number"),
        ({"intensity": -2}, "intensity: -2 given"),
        ({"mutation": 2}, "mutation: 2 given"),
        ({"generations": 0}, "generations: 0 is not a whole number"),
        ({"populations": 0}, "populations: 0 is not a whole number"),
        ({"moments": 0}, "moments: 0 is not a whole number"),
        ({"discard": 1.5}, "discard: 1.5 given"),
        ({"seed": -1}, "seed: -1 is not a whole number from 0"),
        ({"start": [[1, 0], [1, 0], [1, 0]], "populations": 2}, "start: 3 given for 2 populations"),
        ({"moments": 10**6, "populations": 1000}, "more than memory should hold"),
        ({"process": "fermi"}, "process: 'fermi' is not allowed"),
    ],
)
def test_bad_input_is_told(arguments, words):
    with pytest.raises(gl.GameError, match=words):
        gl.evolve(np.eye(2), **arguments)


def test_one_step_changes_one_player():
    found = gl.evolve(np.eye(3), 7, 1.0, 0.5, generations=2, populations=50, moments=14)
    moved = np.abs(np.diff(found.counts, axis=0)).sum(axis=2)
    assert set(np.unique(moved)) == {0, 2}
