"""Many distributions in one table."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gamelab.simulate.population.chances import chances

numbers = st.floats(0, 1, exclude_max=True)


@given(st.data())
def test_a_draw_is_the_first_value_that_is_reached(data):
    width = data.draw(st.integers(1, 6))
    entry = st.sampled_from([0, 1, 2, 5])
    weights = data.draw(st.lists(st.lists(entry, min_size=width, max_size=width).filter(any), min_size=1))
    table = np.array(weights) / np.sum(weights, axis=1, keepdims=True)
    made = chances(table)
    row = data.draw(st.integers(0, len(table) - 1))
    u = data.draw(numbers)
    (value,) = made.draw(np.array([row]), np.array([u]))
    assert table[row, value] > 0
    below = table[row, :value].sum()
    assert below - 1e-9 <= u <= below + table[row, value] + 1e-9


@given(st.lists(st.integers(0, 4), min_size=1))
def test_what_is_certain_needs_no_number(values):
    made = chances(np.eye(5)[values])
    assert made.certain
    assert made.draw(np.arange(len(values)), None).tolist() == values
    assert made.draw(np.arange(len(values)), np.full(len(values), 1 - 2**-53)).tolist() == values


def test_late_rows_keep_to_themselves():
    """The largest number below 1 never leads into the next row, however many rows there are."""
    made = chances(np.tile([0.5, 0.0, 0.5, 0.0], (100_000, 1)))
    rows = np.array([0, 99_998, 99_999])
    assert made.draw(rows, np.full(3, 1 - 2**-53)).tolist() == [2, 2, 2]
    assert made.draw(rows, np.zeros(3)).tolist() == [0, 0, 0]


def test_frequencies():
    table = np.array([[0.1, 0.2, 0.7], [0.5, 0, 0.5]])
    u = np.random.default_rng(3).random(60_000)
    drawn = chances(table).draw(np.tile([0, 1], 30_000), u).reshape(-1, 2)
    for row in (0, 1):
        share = np.bincount(drawn[:, row], minlength=3) / 30_000
        assert np.abs(share - table[row]).max() < 4 * np.sqrt(0.25 / 30_000)
