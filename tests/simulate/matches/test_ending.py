"""Endings: the number of rounds is geometric, and what later rounds count makes both kinds one expectation."""

import numpy as np
import pytest

import gamelab as gl
from gamelab.simulate.matches.alias import alias_chances
from gamelab.simulate.matches.ending import discounted_rounds, ending_of

STAGE = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)


@pytest.mark.parametrize("factor", [0.01, 0.5, 0.9, 0.99, 0.9999])
def test_digits_make_geometric_numbers(factor):
    """The chances of all numbers below 256 and of all multiples of 256 are those of the geometric law."""
    ending = ending_of(gl.repeated(STAGE, discount_factor=factor), None, fixed=False)
    cuts, aliases = ending.digits[:, :256], ending.digits[:, 256:].astype(int)
    chances = alias_chances(cuts, aliases)
    low = chances[0] * np.prod(chances[1:, 0])
    np.testing.assert_allclose(low, (1 - factor) * factor ** np.arange(256.0), rtol=1e-9, atol=1e-14)
    if len(chances) > 1:
        high = chances[1] * chances[0, 0] * np.prod(chances[2:, 0])
        np.testing.assert_allclose(
            high, (1 - factor) * factor ** (256.0 * np.arange(256)), rtol=1e-9, atol=1e-14
        )


def test_lengths_have_the_mean_and_spread_of_the_geometric_law():
    game = gl.repeated(STAGE, discount_factor=0.999)
    play = gl.simulate(game, "grim", 2).plays[0]
    rounds = play.totals(0, 40_000)[:, play.columns.length[0]]
    assert abs(rounds.mean() - 1000) < 4 * 1000 / np.sqrt(40_000)
    assert abs(rounds.std() / 999.5 - 1) < 0.03


@pytest.mark.parametrize("rounds", [1, 2, 7, 100_000])
@pytest.mark.parametrize("factor", [0.0, 0.3, 0.999999, 1.0])
def test_discounted_rounds(factor, rounds):
    plain = sum(factor**t for t in range(rounds))
    assert discounted_rounds(factor, rounds) == pytest.approx(plain, rel=1e-9)


def test_zero_discount_factor_is_one_round():
    found = gl.simulate(gl.repeated(STAGE, discount_factor=0), "grim", 100)
    assert found.rounds_played == 100


def test_too_patient_players_need_rounds():
    game = gl.repeated(STAGE, discount_factor=1 - 1e-9)
    with pytest.raises(gl.GameError, match=r"rounds: a match would have .* rounds on average.*give rounds"):
        gl.simulate(game, "grim", 1)
    gl.simulate(game, "grim", 1, rounds=10)
    with pytest.raises(gl.GameError, match="at most 100,000,000 rounds"):
        gl.simulate(game, "grim", 1, rounds=10**9)
