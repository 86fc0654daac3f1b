"""A stage game of n players whose number is a setting, as a plug-in of tests: the public good."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from gamelab import stages
from gamelab.model.game import Game
from gamelab.model.settings import Count, Payoff, settled
from gamelab.model.stage import stage_game

GROUP = """
gamelab: 1
parameters: {number: 4}
game: {kind: public_good, size: number, benefit: 1.5}
time: {discount_factor: 0.9}
arrangements:
  talk: {profiles: [grim, [always_defect, always_defect, always_defect, always_defect]]}
  open: {institutions: {transparency: {cost: 0.1}}, profiles: [comply, grim]}
"""


@settled
def public_good(*, size: Count, benefit: Payoff, players: Sequence[str] | None = None) -> Game:
    """Public good: who contributes pays 1, and ``benefit`` is shared equally by all for each who does.

    Parameters
    ----------
    size : int
        Number of players.
    benefit : array
        What one contribution brings all together.
    players : list of str
        Names.
    """
    shape = np.asarray(benefit).shape
    profiles = np.array(list(itertools.product((0, 1), repeat=size)))
    gives = (profiles == 0).astype(int)
    shared = np.reshape(benefit, (-1, 1, 1)) * gives.sum(axis=1, keepdims=True) / size
    return stage_game(
        shared - gives,
        players=players,
        actions=None,
        sizes=(2,) * size,
        agreement=(0,) * size,
        fallback=np.broadcast_to([0, 1], (1, size, 2)),
        shape=shape,
        labels=("give", "keep"),
    )


def threshold(size: float, benefit: float) -> float:
    """Return from which discount factor on grim holds.

    Whoever keeps the 1 saves 1 - b/n at once, and loses b - 1 in every later round: d >= (1 - b/n)/(b - b/n).
    """
    return (1 - benefit / size) / (benefit - benefit / size)


@pytest.fixture
def public_goods(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the stage game known to scenario files."""
    monkeypatch.setitem(stages.STAGES, "public_good", public_good)
