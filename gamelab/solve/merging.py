"""Merging: joint states from which play goes on alike become one, so that there is less to solve."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from gamelab.model.game import Ints
from gamelab.solve.joint import Chain


def merged(chain: Chain) -> Chain:
    """Return a chain that pays the same, in which no two joint states go on alike.

    Parameters
    ----------
    chain : Chain
        Made with ``on_path``; its automata may differ in their number of points.

    Notes
    -----
    Moore's partition refinement: joint states are apart where the game's state or what somebody does differs
    at some point of the batch, or where the same profile and outcome lead to joint states that are apart. The
    classes that remain play and pay alike for ever. Departures are no part of this: certificates need the
    joint states one by one.
    """
    label = _by_conduct(chain)
    count = int(label.max()) + 1
    while count < chain.size:
        after = np.where(chain.possible, label[chain.target], -1).reshape(chain.size, -1)
        finer = np.unique(np.column_stack([label, after]), axis=0, return_inverse=True)[1].ravel()
        if int(finer.max()) + 1 == count:
            return _quotient(chain, finer)
        label, count = finer, int(finer.max()) + 1
    return chain


def _by_conduct(chain: Chain) -> Ints:
    """Return a class for each joint state: the same for one state of the game and one conduct."""
    known: dict[tuple[Any, ...], int] = {}
    rows = [np.ascontiguousarray(play.swapaxes(0, 1)) for play in chain.play]
    keys = [(int(s), *(row[x].tobytes() for row in rows)) for x, s in enumerate(chain.state)]
    return np.array([known.setdefault(key, len(known)) for key in keys])


def _quotient(chain: Chain, label: Ints) -> Chain:
    """Return the chain of the classes; where play begins stands for its class, else the first member."""
    order = np.lexsort((~chain.begins, label))
    first = order[np.flatnonzero(np.diff(label[order], prepend=-1))]
    return replace(
        chain,
        state=chain.state[first],
        inner=chain.inner[first],
        target=label[chain.target[first]],
        possible=chain.possible[first],
    )
