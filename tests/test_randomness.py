import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamelab.errors import GameError
from gamelab.randomness import LARGEST_SEED, seeds, stream

NAMES = st.lists(st.one_of(st.text(max_size=8), st.integers()), max_size=3).map(tuple)
SEEDS = st.integers(min_value=0, max_value=LARGEST_SEED)


@given(SEEDS, NAMES)
def test_the_same_seed_and_names_give_the_same_numbers(seed, names):
    assert np.array_equal(stream(seed, *names).random(4), stream(seed, *names).random(4))


@given(SEEDS, NAMES, SEEDS, NAMES)
def test_other_seeds_or_names_give_other_numbers(seed, names, other_seed, other_names):
    same = (seed, names) == (other_seed, other_names)
    state, other = seeds(seed, *names).generate_state(4), seeds(other_seed, *other_names).generate_state(4)
    assert np.array_equal(state, other) == same


def test_names_that_run_together_or_look_like_numbers_are_told_apart():
    streams = [("ab", "c"), ("a", "bc"), ("abc",), ("1",), (1,), (), ("s1:a",)]
    states = {tuple(seeds(1, *names).generate_state(4)) for names in streams}
    assert len(states) == len(streams)


def test_a_stream_is_uniform_and_unlike_its_neighbour():
    first, second = stream(1, "matches", 0).random(100_000), stream(1, "matches", 1).random(100_000)
    assert abs(first.mean() - 0.5) < 5 / np.sqrt(12 * 100_000)
    assert abs(np.corrcoef(first, second)[0, 1]) < 5 / np.sqrt(100_000)


@pytest.mark.parametrize("seed", [-1, 2**53, 1.5, "1", None, True])
def test_what_is_no_seed_is_refused_in_words(seed):
    with pytest.raises(GameError, match="is no seed; write a whole number from 0 to"):
        stream(seed, "matches")


def test_whole_numbers_of_numpy_are_seeds():
    assert np.array_equal(stream(np.int64(3)).random(2), stream(3).random(2))
