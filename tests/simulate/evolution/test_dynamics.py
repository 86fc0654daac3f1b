"""Replicator and logit dynamics: what is conserved, where paths end, and closed forms along the way."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.simulate.evolution.dynamics import velocity

ROCK_PAPER_SCISSORS = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
TABLES = st.lists(st.lists(st.integers(-3, 3), min_size=3, max_size=3), min_size=3, max_size=3)
SHARES = st.lists(st.integers(1, 9), min_size=3, max_size=3).map(lambda w: np.array(w) / sum(w))
FEW = settings(max_examples=up_to(20))


@pytest.mark.parametrize(("value", "cost"), [(4, 6), (1, 2), (2, 10)])
@pytest.mark.parametrize("hawks", [0.001, 0.5, 0.999])
def test_hawks_and_doves_end_at_value_over_cost(value, cost, hawks):
    a = [[(value - cost) / 2, value], [0, value / 2]]
    found = gl.replicator(a, [hawks, 1 - hawks], 150.0)
    assert found.last[0, 0] == pytest.approx(value / cost, abs=1e-8)
    assert gl.replicator(a, [value / cost, 1 - value / cost], 50.0).last[0, 0] == pytest.approx(value / cost)


def test_coordination_goes_to_the_side_of_the_boundary_that_it_starts_on():
    a = [[2, 0], [0, 1]]
    third = np.array([1, 2]) / 3
    start = third + np.array([[1e-6, -1e-6], [-1e-6, 1e-6]])
    for dynamic in (gl.replicator, gl.best_response_dynamics):
        assert dynamic(a, start, 60.0).last == pytest.approx(np.array([[1, 0], [0, 1]]), abs=1e-6)


def test_rock_paper_scissors_conserves_the_product():
    found = gl.replicator(ROCK_PAPER_SCISSORS, [[0.5, 0.3, 0.2], [0.9, 0.09, 0.01]], 100.0)
    products = found.log_shares.sum(axis=2)
    assert np.ptp(products, axis=1) == pytest.approx([0, 0], abs=1e-6)
    assert np.ptp(found.shares[0, :, 0]) > 0.1


def test_in_generations_rock_paper_scissors_spirals_out():
    found = gl.discrete_replicator(ROCK_PAPER_SCISSORS + 2, [0.5, 0.3, 0.2], 300)
    products = found.log_shares.sum(axis=2)[0]
    assert (np.diff(products) < 0).all()
    assert products[-1] < products[0] - 10


def test_dominated_strategies_die_at_their_rate():
    """With constant fitness the odds grow exponentially, down to what no float could hold."""
    found = gl.replicator([[1, 1], [2, 2]], [0.5, 0.5], 2000.0, moments=5)
    assert found.log_shares[0, :, 0] == pytest.approx(-np.logaddexp(0, found.times), rel=1e-9)
    assert found.shares[0, -1, 0] == 0


@FEW
@given(TABLES, SHARES, st.lists(st.integers(-5, 5), min_size=3, max_size=3))
def test_constants_in_columns_change_no_replicator_path(a, start, constants):
    one, other = (gl.replicator(table, start, 3.0, moments=7) for table in (a, np.array(a) + constants))
    assert other.shares == pytest.approx(one.shares, abs=1e-7)


@FEW
@given(TABLES, SHARES, st.integers(2, 5))
def test_larger_payoffs_are_faster_time(a, start, factor):
    slow = gl.replicator(a, start, 2.0 * factor, moments=7)
    fast = gl.replicator(np.array(a) * factor, start, 2.0, moments=7)
    assert fast.shares == pytest.approx(slow.shares, abs=1e-7)


@FEW
@given(TABLES, SHARES)
def test_quotients_grow_by_the_difference_in_payoffs(a, start):
    """The time average of payoff differences is what the logarithm of odds grew by."""
    found = gl.replicator(a, start, 4.0, moments=4001)
    earned = found.shares[0] @ np.array(a).T
    odds = found.log_shares[0, :, 0] - found.log_shares[0, :, 1]
    ahead = earned[:, 0] - earned[:, 1]
    integral = ((ahead[1:] + ahead[:-1]) / 2 * np.diff(found.times)).sum()
    assert odds[-1] - odds[0] == pytest.approx(integral, abs=1e-4)


@FEW
@given(TABLES, SHARES)
def test_paths_stay_in_the_simplex_and_on_their_face(a, start):
    start = start * [1, 1, 0] / start[:2].sum()
    for found in (gl.replicator(a, start, 5.0), gl.discrete_replicator(a, start, 50, intensity=0.5)):
        assert found.shares.sum(axis=2) == pytest.approx(np.ones(found.shares.shape[:2]))
        assert (found.shares[:, :, 2] == 0).all()
        assert (found.shares[:, :, :2] > 0).all()
        assert found.shares[0, 0] == pytest.approx(start)


def test_paths_do_not_depend_on_their_company():
    starts = np.random.default_rng(2).dirichlet(np.ones(3), size=6)
    for dynamic in (gl.replicator, gl.logit_dynamics):
        together = dynamic(ROCK_PAPER_SCISSORS * 1.5, starts, 10.0).shares
        alone = np.concatenate([dynamic(ROCK_PAPER_SCISSORS * 1.5, s, 10.0).shares for s in starts])
        assert together == pytest.approx(alone, abs=1e-7)


def test_small_intensity_in_generations_is_continuous_time():
    a = [[0, 3, 1], [1, 0, 2], [2, 1, 0]]
    steps = gl.discrete_replicator(a, [0.6, 0.3, 0.1], 20_000, intensity=1e-3 / 2)
    assert steps.last[0] == pytest.approx(gl.replicator(a, [0.6, 0.3, 0.1], 10.0).last[0], abs=1e-3)


def test_generations_in_closed_form():
    found = gl.discrete_replicator([[1, 1], [3, 3]], [0.5, 0.5], 2000)
    assert found.log_shares[0, :, 0] == pytest.approx(
        -np.logaddexp(0, np.arange(2001) * math.log(3)), rel=1e-12
    )
    lone = gl.discrete_replicator([[0, 1], [1, 2]], [1.0, 0.0], 1, intensity=1.0)
    assert lone.last.tolist() == [[1, 0]]


def test_logit_ends_at_the_quantal_response_equilibrium():
    a, noise = np.array([[0, 3], [1, 0]]), 0.3
    found = gl.logit_dynamics(a, [[1, 0], [0.01, 0.99]], 60.0, noise=noise).last
    for shares in found:
        earned = a @ shares
        expected = 1 / (1 + math.exp((earned[1] - earned[0]) / noise))
        assert shares[0] == pytest.approx(expected, abs=1e-9)
    # a dominated strategy keeps its logit share at every moment: that of a constant difference
    dominated = gl.logit_dynamics([[1, 1], [2, 2]], [1, 0], 3.0, noise=0.5)
    share = 1 / (1 + math.exp(2))
    assert dominated.shares[0, :, 0] == pytest.approx(
        share + (1 - share) * np.exp(-dominated.times), abs=1e-8
    )


def test_little_noise_is_close_to_best_responses():
    a, start = [[0, 3, 1], [1, 0, 2], [2, 1, 0]], [0.6, 0.3, 0.1]
    quiet = gl.logit_dynamics(a, start, 4.0, noise=1e-4).shares
    assert quiet == pytest.approx(gl.best_response_dynamics(a, start, 4.0).shares, abs=2e-3)


def test_velocity_is_what_paths_do():
    a, start = np.array([[0, 3, 1], [1, 0, 2], [2, 1, 0]]), np.array([0.6, 0.3, 0.1])
    for name, dynamic in (
        ("replicator", gl.replicator),
        ("logit", gl.logit_dynamics),
        ("best_response", gl.best_response_dynamics),
    ):
        path = dynamic(a, start, 1e-4, moments=2).shares[0]
        assert velocity(a, start, dynamic=name) == pytest.approx((path[1] - path[0]) / 1e-4, abs=1e-3)


def test_tables():
    found = gl.replicator(np.eye(2), [[1, 0], [0.5, 0.5]], 1.0, moments=3)
    frame = found.to_frame()
    assert frame.columns.tolist() == ["path", "time", "strategy 1", "strategy 2"]
    assert frame["time"].tolist() == [0, 0.5, 1] * 2
    assert "strategy 1" in found._repr_html_()
    assert repr(found).startswith(
        "<SharePaths of replicator, 2 of them, ending at strategy 1 1, strategy 2 0; "
    )
    alone = gl.replicator([[5]])
    assert (alone.shares == 1).all()
    assert (gl.logit_dynamics([[5]]).shares == 1).all()


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: gl.replicator(np.eye(2), [0.5, 0.6]), "start: shares are at least 0 and sum to 1"),
        (lambda: gl.replicator(np.eye(2), duration=0), "duration: 0 given; write a number of at least 1e-100"),
        (lambda: gl.replicator(np.eye(2), duration=1e9), "duration: 1e.09 is too long with payoffs that far apart"),
        (lambda: gl.replicator(np.eye(2), moments=1), "moments: 1 is not a whole number"),
        (lambda: gl.discrete_replicator([[-1]]), "numbers of offspring here, and the lowest is -1; add a constant"),
        (lambda: gl.discrete_replicator([[0, 0], [0, 0]]), "nobody has offspring any more"),
        (lambda: gl.discrete_replicator([[1]], generations=0), "generations: 0 is not a whole number"),
        (lambda: gl.discrete_replicator([[1]], intensity=-1), "intensity: -1 given"),
        (lambda: gl.logit_dynamics(np.eye(2), noise=0), "noise: 0 given; write a number above 0"),
        (lambda: gl.logit_dynamics(np.eye(2), noise=1e-9), "noise: 1e-09 is next to no noise beside payoffs 1 apart"),
        (lambda: gl.best_response_dynamics(np.eye(2), duration=1e4), "duration: 10000.0 given; .* at most 700"),
        (lambda: gl.best_response_dynamics(np.ones((2, 3))), "payoffs: 2 x 3 given"),
    ],
)  # fmt: skip
def test_bad_input_is_told(ask, words):
    with pytest.raises(gl.GameError, match=words):
        ask()
