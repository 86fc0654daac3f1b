"""Alias tables draw each thing with its chance, and what has none never."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gamelab.simulate.matches.alias import alias_chances, alias_tables

WEIGHTS = st.sampled_from([0.0, 0.0, 1e-300, 1e-12, 0.1, 0.3, 0.5, 1.0, 1 / 3, 7.0, 1e6]) | st.floats(0, 1)


@given(st.integers(1, 5), st.data())
def test_chances_are_the_weights(bits, data):
    rows = st.lists(WEIGHTS, min_size=2**bits, max_size=2**bits).filter(any)
    weights = np.array(data.draw(st.lists(rows, min_size=1, max_size=4)))
    cut, alias = alias_tables(weights)
    chances = alias_chances(cut, alias)
    np.testing.assert_allclose(chances, weights / weights.sum(axis=1, keepdims=True), atol=1e-14)
    assert (chances[weights == 0] == 0).all()
    assert ((alias >= 0) & (alias < 2**bits)).all()


def test_one_thing_is_always_drawn():
    cut, alias = alias_tables(np.array([[0.0, 0.0, 1e-200, 0.0]]))
    assert alias.tolist() == [[2, 2, 2, 2]]
    assert cut[0, [0, 1, 3]].tolist() == [0, 0, 0]
