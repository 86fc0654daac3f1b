"""Continuation values, one-shot gains and best responses against the plain reference."""

import dataclasses
from fractions import Fraction

import draws
import numpy as np
import pytest
import reference as ref
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.model.automaton import Automaton
from gamelab.solve.best_response import best_response
from gamelab.solve.continuation import (
    alternatives,
    continuation,
    rounds_of,
    without_cancelling,
)
from gamelab.solve.joint import chain_of
from gamelab.strategies.profile import profile_of


def joint_states(chain):
    return [tuple(row) for row in np.column_stack([chain.state, chain.inner]).tolist()]


def found_gains(chain):
    """Return every gain by its place, as the reference names it."""
    states, finite = joint_states(chain), chain.game.rounds is not None
    return {
        (around.round if finite else None, states[x], int(i), int(a)): around.gains[0, x, i, a]
        for around in rounds_of(chain)
        for x, i, a in np.argwhere(np.isfinite(around.gains[0]) & around.visited[:, None, None])
    }


def same(found, wanted):
    assert found.keys() == wanted.keys()
    for place, number in wanted.items():
        np.testing.assert_allclose(found[place], number, rtol=1e-9, atol=1e-9)


@settings(max_examples=up_to(50))
@given(draws.matches())
def test_every_one_shot_gain_equals_the_reference(match):
    same(found_gains(chain_of(*match)), ref.one_shot_gains(*match))


@settings(max_examples=up_to(30))
@given(draws.matches(rounds=st.sampled_from([1, 2, 3]), states=st.just(2)))
def test_gains_over_finitely_many_rounds_of_several_moves(match):
    same(found_gains(chain_of(*match)), ref.one_shot_gains(*match))


@settings(max_examples=up_to(50))
@given(draws.matches())
def test_what_follows_is_worth_what_the_reference_says(match):
    chain = chain_of(*match)
    game, base = match[0], sum(chain.moves.base.values())[0]
    states = joint_states(chain)
    wanted = ref.continuation(*match)
    if game.rounds is None:
        per_round = base[: game.n] / (1 - np.broadcast_to(game.one_discount[0], game.n))
        found = dict(zip(states, continuation(chain).total(chain)[0] + per_round, strict=True))
        if chain.ends.all():
            same(found, {joint: np.array(worth) for joint, worth in wanted.items()})
        return
    for around in rounds_of(chain):
        left = np.array([sum(d**k for k in range(game.rounds - around.round)) for d in game.one_discount[0]])
        for x, joint in enumerate(states):
            if chain.layers[around.round][x] and chain.ends[x]:
                total = (around.average[0, x] + base[: game.n]) * left
                np.testing.assert_allclose(total, wanted[around.round, joint], rtol=1e-9, atol=1e-9)


@settings(max_examples=up_to(50))
@given(draws.matches())
def test_best_responses_equal_the_reference(match):
    chain = chain_of(*match)
    game = match[0]
    plain_game, _ = ref.both(*match)
    for i in range(game.n):
        gain = best_response(chain, i).gain[0]
        wanted = ref.best_response_gain(*match, i)
        np.testing.assert_allclose(gain * ref.normaliser(plain_game, i), wanted, rtol=1e-9, atol=1e-9)


@settings(max_examples=up_to(25))
@given(draws.matches(points=3))
def test_gains_of_a_batch_are_those_of_its_points(match):
    game, automata = match
    for k in range(3):
        alone = game.take(slice(k, k + 1)), [a.take(slice(k, k + 1)) for a in automata]
        same(found_gains(chain_of(*alone)), ref.one_shot_gains(game=alone[0], automata=alone[1]))


def test_prescribed_actions_are_no_alternatives_but_all_of_a_mixture_are():
    game = draws.dilemma(discount_factor=0.5)
    mixed = Automaton(
        name="half, then C",
        states=("half", "C"),
        start=0,
        action=np.array([[[[0.5, 0.5], [1, 0]]]]),
        next=np.ones((1, 2, 2, 4), dtype=int),
    )
    chain = chain_of(game, [mixed, mixed])
    assert alternatives(chain, 0).tolist() == [[True, True], [False, True]]
    assert found_gains(chain)[None, (0, 0, 0), 0, 1] == pytest.approx((5 + 1) / 2 - (5 + 3 + 1 + 0) / 4)
    assert found_gains(chain)[None, (0, 1, 1), 1, 1] == pytest.approx(2)


@pytest.mark.parametrize("d", [0, 0.5, 0.999999])
def test_the_best_response_to_always_cooperate_is_to_defect_for_ever(d):
    game = draws.dilemma(discount_factor=d)
    chain = chain_of(game, profile_of(game, "always_cooperate"))
    assert best_response(chain, 0).gain * (1 - d) == pytest.approx(2, abs=1e-9)


# ------------------------------------------------------------------------------ close to a discount factor of 1

CLOSE = [1 - 10.0**-k for k in range(3, 10)]


def as_fractions(discount, matrix, flow):
    """Solve (I - dM) W = u exactly, with each row of M made to sum to exactly 1 by what stays."""
    size = len(matrix)
    rows = [[Fraction(x) for x in row] for row in matrix.tolist()]
    for k in range(size):
        rows[k][k] = 1 - sum(x for j, x in enumerate(rows[k]) if j != k)
    system = [
        [(j == k) - Fraction(d) * rows[k][j] for j in range(size)] for k, d in enumerate(discount.tolist())
    ]
    found = ref.gaussian_elimination(system, [[Fraction(x) for x in row] for row in flow.tolist()])
    return np.array([[float(x) for x in row] for row in found])


@settings(max_examples=up_to(60))
@given(draws.SEEDS, st.integers(1, 6), st.sampled_from([0.0, 0.5, *CLOSE]))
def test_no_digit_is_lost_close_to_one(seed, size, d):
    """Positive payoffs are worth what fractions say to the last digits, whatever the condition is."""
    generator = np.random.default_rng(seed)
    matrix = generator.random((size, size)) * (generator.random((size, size)) < 0.5) + 1e-12
    matrix *= 10.0 ** -generator.integers(0, 8, size=(size, size))
    matrix /= matrix.sum(axis=1, keepdims=True)
    flow, discount = generator.random((size, 2)), np.full(size, d)
    found = without_cancelling(discount[None], matrix[None], flow[None])[0]
    np.testing.assert_allclose(found, as_fractions(discount, matrix, flow), rtol=1e-12)


@pytest.mark.parametrize("d", CLOSE)
def test_a_mixture_is_not_certified_by_rounding(d):
    """Mixing C and D for ever gains (T-P)/2 + ... from D in every round: no digit of it is noise."""
    for chance in (0.5, 0.999):
        half = {"memory_one": dict.fromkeys(("cc", "cd", "dc", "dd", "first"), chance)}
        certificate = gl.certify(draws.dilemma(discount_factor=d), half)
        assert (certificate.verdict, certificate.nash) == ("fails", "fails")
        # D gains 2 against C and 1 against D over C, which is played with this chance
        gain = chance * (2 * chance + 1 - chance)
        assert certificate.max_gain / (1 - d) == pytest.approx(gain, rel=1e-5)
        assert certificate.best_response_gain == pytest.approx(gain, rel=1e-6)


@pytest.mark.parametrize("d", CLOSE)
@pytest.mark.parametrize("name", ["insist", "mix_then_alternate", "stage_nash"])
@pytest.mark.parametrize("payoffs", [(3, 1), (10, 1), (2, 1.9)], ids=str)
def test_indifference_survives_close_to_one(d, name, payoffs):
    game = gl.repeated(gl.battle(high=payoffs[0], low=payoffs[1]), discount_factor=d)
    certificate = gl.certify(game, name)
    assert (certificate.verdict, certificate.nash) == ("holds", "holds")


@pytest.mark.parametrize("d", CLOSE[:5])
@pytest.mark.parametrize("wrong", [0.99, 1.01])
def test_indifference_that_is_missed_by_a_hundredth_is_seen(d, wrong):
    """A player yields a little too seldom or too often: what the other gains is far above rounding."""
    game = gl.repeated(gl.battle(high=3, low=1), discount_factor=d)
    first, second = profile_of(game, "insist")
    action = first.action.copy()
    action[0, 0, 0, 1] *= wrong
    action[0, 0, 0, 0] = 1 - action[0, 0, 0, 1]
    assert gl.certify(game, [dataclasses.replace(first, action=action), second]).verdict == "fails"
