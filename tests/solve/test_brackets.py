"""Brackets: roots to the last bits, of smooth functions, kinks and steps; minimisers of one dip."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

from gamelab.solve.brackets import bisected, lowest, narrowed


def roots(functions, low, high):
    """Return the roots of several functions at once, and how often they were asked."""
    asked = []

    def function(at, number):
        asked.append(len(at))
        return np.array([functions[k](v) for v, k in zip(at, number, strict=True)])

    low, high = np.broadcast_to(float(low), len(functions)), np.broadcast_to(float(high), len(functions))
    ends = [(v, function(v, range(len(functions)))) for v in (low, high)]
    asked.clear()
    return narrowed(function, *ends), len(asked)


FUNCTIONS = {
    "line": (lambda x: 3 * x - 1, 1 / 3),
    "falling": (lambda x: 0.7 - x, 0.7),
    "square": (lambda x: x * x - 0.5, 0.5**0.5),
    "rational": (lambda x: 1 / (1 - 0.9 * x) - 2, 5 / 9),
    "kink": (lambda x: max(x - 0.3, 9 * (x - 0.4)), 0.3),
    "step": (lambda x: 1.0 if x > 0.123456789 else -1.0, 0.123456789),
    "flat at its root": (lambda x: (x - 0.25) ** 3, 0.25),
    "huge": (lambda x: 1e300 * (x - 0.5), 0.5),
}


def test_roots_of_several_functions_to_the_last_bits():
    found, rounds = roots([function for function, _ in FUNCTIONS.values()], 0, 1)
    for x, (function, root) in zip(found, FUNCTIONS.values(), strict=True):
        assert x == pytest.approx(root, abs=1e-15 if function(root) == 0 or root != 0.25 else 1e-5)
        assert function(x) <= 0
    assert rounds <= 40


def test_smooth_functions_take_few_rounds():
    for name in ("line", "square", "rational"):
        assert roots([FUNCTIONS[name][0]], 0.2, 0.9)[1] <= 6


@settings(max_examples=up_to(100))
@given(st.floats(0.001, 0.999), st.floats(-6, 6), st.sampled_from([1, -1]))
def test_any_root_is_bracketed(root, log_slope, sign):
    found, _ = roots([lambda x: sign * np.arctan(10**log_slope * (x - root))], 0, 1)
    assert found[0] == pytest.approx(root, abs=1e-15)


def test_nothing_to_look_for():
    nothing = np.empty(0)
    assert len(narrowed(lambda at, number: at, (nothing, nothing), (nothing, nothing))) == 0
    assert (
        len(bisected(lambda at: at < 1, nothing, nothing))
        == len(lowest(lambda at: at, nothing, nothing))
        == 0
    )


def test_conditions_are_bisected_to_the_side_where_they_hold():
    assert bisected(lambda x: x < 0.3, np.array([0.0]), np.array([1.0]))[0] == pytest.approx(0.3, abs=1e-15)
    found = bisected(lambda x: x**2 >= 2, np.array([1.0]), np.array([2.0]))[0]
    assert found**2 >= 2
    assert found == pytest.approx(2**0.5)


def test_dips():
    centre = np.array([0.3, 0.654321, 0.5])
    found = lowest(lambda x: np.abs(x.reshape(3, -1) - centre[:, None]).ravel(), np.zeros(3), np.ones(3))
    assert found == pytest.approx(centre, abs=1e-14)
    smooth = lowest(lambda x: (x - 0.3) ** 2 - 5, np.zeros(1), np.ones(1))
    assert smooth == pytest.approx(0.3, abs=1e-7)
