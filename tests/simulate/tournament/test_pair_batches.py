"""Pair batches: every match once, in parts of any size, with the moves of its own chain."""

import draws
import numpy as np
import pytest

from gamelab.simulate.tournament.entrants import entrants_of
from gamelab.simulate.tournament.pair_batches import batches
from gamelab.simulate.tournament.pair_chains import pair_chains

GAME = draws.dilemma(discount_factor=0.9, tremble=0.1)
PLANS = ["grim", "tit_for_tat", "penance", *({"GTFT": {"generosity": g}} for g in (0.1, 0.3, 0.6))]


@pytest.mark.parametrize("entries", [1, 40, 200, 10**6])
def test_every_match_is_there_once_with_chances_that_add_up(entries):
    found = list(batches(GAME, pair_chains(GAME, entrants_of(GAME, PLANS).families), entries))
    places = np.concatenate([batch.places.reshape(2, -1) for batch in found], axis=1)
    assert sorted(zip(*places.tolist(), strict=True)) == list(np.ndindex(6, 6))
    for batch in found:
        n, t, X, _ = batch.weights.shape
        assert (n, t) == (1, 1) or batch.matrix.size <= entries
        assert batch.matrix.shape == (n * t, X, X)
        np.testing.assert_allclose(batch.matrix.sum(axis=2), 1)
        np.testing.assert_allclose(batch.weights.sum(axis=3), 1)
        np.testing.assert_array_equal(batch.start.sum(axis=1), 1)


def test_matches_with_as_many_joint_states_are_one_batch():
    """Grim twice: all kept or not. Tit-for-tat twice: both last deeds. Both: grim goes on punishing, after all."""
    families = entrants_of(GAME, ["grim", "tit_for_tat"]).families
    found = list(batches(GAME, pair_chains(GAME, families), 10**6))
    assert [(batch.weights.shape[2], batch.places[:, :, 0].T.tolist()) for batch in found] == [
        (2, [[0, 0]]),
        (3, [[0, 1], [1, 0]]),
        (4, [[1, 1]]),
    ]
