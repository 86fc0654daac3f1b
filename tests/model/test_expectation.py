"""Expected payoffs against plain loops, also where everything is shifted by a billion."""

import itertools

import example_games as examples
import numpy as np
import pytest
import reference as ref
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

from gamelab.model.expectation import expected_flow, material_payoffs
from gamelab.model.ledger import Flow


def read(array, *place):
    return array[tuple(0 if size == 1 else k for size, k in zip(array.shape, place, strict=True))]


def averages(game, line):
    """Return {(b, s, p, c): expected payment} by loops over outcomes."""
    flow = game.flows[line]
    sizes = (game.batch, len(game.states), len(game.profiles), len(game.accounts))
    paid = {}
    for b, s, p, c in itertools.product(*map(range, sizes)):
        paid[b, s, p, c] = 0.0 if flow.by_profile is None else read(flow.by_profile, b, s, p, c)
        if flow.by_outcome is not None:
            for y in range(len(game.outcomes)):
                paid[b, s, p, c] += read(game.probabilities, b, s, p, y) * read(flow.by_outcome, b, s, y, c)
    return paid


@settings(max_examples=up_to(30))
@given(seed=st.integers(0, 2**32 - 1), states=st.sampled_from([1, 2, 3]), points=st.sampled_from([1, 2]))
def test_expected_flow(seed, states, points):
    game = ref.random_game(np.random.default_rng(seed), states=states, points=points)
    for line in game.flows:
        rest, base = expected_flow(game, line)
        for (b, s, p, c), paid in averages(game, line).items():
            ours = read(rest, b, s, p, c) + read(base, b, c) * game.ends_round[s]
            assert ours == pytest.approx(paid, abs=1e-9)


def test_material_payoffs_are_the_table():
    stage = examples.dilemma()
    assert material_payoffs(stage)[0, 0].tolist() == [[3, 3], [0, 5], [5, 0], [1, 1]]
    assert material_payoffs(examples.team()).shape == (1, 1, 8, 3)


def test_material_payoffs_follow_the_deed():
    game = examples.ground("dilemma", "tremble")
    chances = [0.95 * 0.95, 0.95 * 0.05, 0.05 * 0.95, 0.05 * 0.05]
    assert material_payoffs(game)[0, 0, 0, 0] == pytest.approx(sum(np.multiply(chances, [3, 0, 5, 1])))


def test_a_shift_goes_into_the_base():
    """Differences between profiles survive a shift of all payoffs by 1e9, trembles included."""
    plain = examples.ground("dilemma", "tremble")
    flow = plain.flows["material"]
    high = plain.replace(flows={"material": Flow("material", None, flow.by_outcome + 1e9)})
    (ours, base), (theirs, high_base) = expected_flow(plain, "material"), expected_flow(high, "material")
    np.testing.assert_allclose(theirs, ours, atol=1e-9)
    np.testing.assert_allclose(high_base - base, 1e9)
