"""Matches: means beside exact values, threads, endings, and what is refused."""

import subprocess
import sys

import numpy as np
import pytest

import gamelab as gl

STAGE = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
NOISY = gl.repeated(STAGE, discount_factor=0.9, misreading=0.05, tremble=0.1)


def test_threads_change_nothing():
    one, two = (gl.simulate(NOISY, "grim", 150_001, threads=threads) for threads in (1, 2))
    np.testing.assert_array_equal(one.payoffs, two.payoffs)
    np.testing.assert_array_equal(one.payoff_errors, two.payoff_errors)
    assert one.cooperation == two.cooperation


def test_means_lie_beside_exact_values():
    found, exact = gl.simulate(NOISY, "grim", 50_000), gl.value(NOISY, "grim")
    assert (np.abs(found.payoffs - exact.payoffs) < 4 * found.payoff_errors).all()
    assert abs(found.cooperation - exact.cooperation) < 4 * found.cooperation_error


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"matches": 0}, "matches: 0 given; write a whole number from 1"),
        ({"rounds": -3}, "rounds: -3 given; write a whole number from 1"),
        ({"threads": 0}, "threads: 0 given; write a whole number from 1"),
        ({"ending": "late"}, "ending: 'late' given; write random or fixed"),
        ({"ending": "fixed"}, "rounds: this game is open-ended: a fixed ending needs rounds"),
        ({"seed": -1}, "seed: -1 is no seed"),
    ],
)
def test_refusals_say_what_is_allowed(settings, sentence):
    with pytest.raises(gl.GameError) as caught:
        gl.simulate(NOISY, "grim", **settings)
    assert str(caught.value).startswith(sentence)


def test_a_room_does_not_hide_the_function_of_its_name():
    program = (
        "import gamelab.simulate.table, gamelab; print(gamelab.simulate.__name__, callable(gamelab.simulate))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["simulate", "True"]
