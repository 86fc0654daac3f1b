import numpy as np
import pytest

from gamelab.errors import GameError
from gamelab.simulate.options import one_of, real, whole


@pytest.mark.parametrize("value", [1, 11, 2.5, True, "3", None, float("nan")])
def test_whole_numbers_in_their_range(value):
    with pytest.raises(GameError, match=r"population: .* is not a whole number from 2 to 10"):
        whole(value, "population", 2, 10)
    assert whole(np.int64(2), "population", 2, 10) == 2


@pytest.mark.parametrize("value", [-0.1, 1.5, float("nan"), "0.5", True, None, 10**400])
def test_numbers_in_their_range(value):
    with pytest.raises(GameError, match=r"mutation: .* given; write a number of at least 0, at most 1"):
        real(value, "mutation", 0, 1)
    with pytest.raises(GameError, match="noise: 0 given; write a number above 0"):
        real(0, "noise", 0, above=True)


def test_words_get_the_nearest_one():
    with pytest.raises(
        GameError, match=r"process: 'morna' is not allowed; write moran or pairwise; did you mean 'moran'"
    ):
        one_of("morna", "process", ("moran", "pairwise"))
