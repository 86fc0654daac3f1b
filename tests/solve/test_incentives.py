"""Incentives by state against plain loops, the certificate and closed forms."""

import doctest

import draws
import numpy as np
import pytest
import reference as ref
from hypothesis import given, settings
from profiles import up_to

import gamelab as gl
from gamelab.solve import incentives
from gamelab.solve.incentives import gains_by_state
from gamelab.strategies.profile import profile_of

STAGE = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)


def test_examples_in_docstrings():
    assert doctest.testmod(incentives).failed == 0


@settings(max_examples=up_to(60))
@given(draws.matches())
def test_every_state_equals_plain_loops(match):
    game, automata = match
    found = gains_by_state(game, automata)
    assert (found is None) == (not ref.inferable(*ref.both(game, automata), last_round=False))
    if found is None:
        return
    most = np.full((len(game.states), game.n), -np.inf)
    for (_, joint, i, _), gain in ref.one_shot_gains(*ref.both(game, automata)).items():
        most[joint[0], i] = max(most[joint[0], i], gain)
    norm = [ref.normaliser(ref.both(game, automata)[0], i) for i in range(game.n)]
    np.testing.assert_allclose(found[0][0], most * norm, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("q", "f", "fine"), [(0.9, 0.1, 3.0), (0.5, 0.0, 4.0), (0.6, 0.2, 1.0)])
def test_a_flat_fine_gains_the_same_everywhere(q, f, fine):
    game = gl.monitoring(gl.repeated(STAGE, discount_factor=0.7), detection=q, false_alarm=f)
    game = gl.graduated_sanctions(game, fines=[fine, fine, fine], forgiveness=0.4)
    gains, limit = gains_by_state(game, profile_of(game, "comply"))
    np.testing.assert_allclose(gains[0], 0.3 * (5 - 3 - (q - f) * fine), atol=1e-12)
    assert (limit > 0).all()


def test_a_free_first_warning_deters_nobody():
    game = gl.monitoring(gl.repeated(STAGE, discount_factor=0.9), detection=0.9)
    game = gl.graduated_sanctions(game, fines=[0, 5])
    gains, _ = gains_by_state(game, profile_of(game, "comply"))
    by_name = dict(zip(game.states, gains[0].tolist()))
    assert by_name["levels 0, 0"][0] == pytest.approx(0.1 * 2)
    assert by_name["levels 1, 0"][0] == pytest.approx(0.1 * (2 - 0.9 * 5))
    assert by_name["levels 1, 0"][1] == pytest.approx(0.1 * 2)


def test_the_largest_is_the_certificates():
    game = gl.monitoring(gl.repeated(STAGE, discount_factor=0.9), detection=0.9, false_alarm=0.1)
    game = gl.graduated_sanctions(game, fines=[1.8, 6, 20], forgiveness=0.5)
    gains, _ = gains_by_state(game, profile_of(game, "comply"))
    assert gains.max() == pytest.approx(float(gl.certify(game, "comply").max_gain))


def test_private_readings_have_none():
    game = gl.repeated(STAGE, discount_factor=0.9, observe="private", misreading=0.1)
    assert gains_by_state(game, profile_of(game, "grim")) is None
