"""Time inconsistency: once the value exists, who holds it would rather not pay for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.game import Floats, Game
from gamelab.model.grids import common_shape, flat
from gamelab.model.ledger import Flow
from gamelab.model.settings import NonNegative, Payoff, settled
from gamelab.model.stage import labelled, named

STATES = ("partner moves", "gainer moves", "gainer waits")
KEEPS, DEVIATES = 0, 1


@settled
def time_inconsistency(
    *,
    value: Payoff,
    cost: NonNegative,
    payment: Payoff,
    players: Sequence[str] | None = None,
    actions: Any = None,
) -> Game:
    """Time inconsistency: a partner invests first, and the gainer pays only afterwards, or does not.

    Two moves in a round. The partner participates at a cost c, so that a value V exists, or declines: (0, 0).
    Then the gainer honours the promised payment t: (t-c, V-t), or reneges: (-c, V). Needed is
    0 < c <= t <= V. One round, or any known number of them, unravels: decline, renege. Open-ended, grim holds
    from t/V on (Levy 2025, Box 1, second point).

    Parameters
    ----------
    value : array
        What the gainer gets once the partner participates, V.
    cost : array
        What participating costs the partner, c.
    payment : array
        What the gainer promises to pay afterwards, t.
    players : list of str
        Two names, the partner first.
    actions : list of lists of str
        The partner's two labels and the gainer's (default participate, decline; honour, renege).

    Raises
    ------
    GameError
        Where the payment does not lie between cost and value at every grid point.

    Examples
    --------
    >>> import gamelab as gl
    >>> gl.time_inconsistency(value=10, cost=2, payment=4)
    <Game of player_1, player_2: 1 round, 3 states, 2 outcomes, lines material>
    """
    given = [np.asarray(amount) for amount in (value, cost, payment)]
    shape = common_shape(*(amount.shape for amount in given))
    V, c, t = np.broadcast_arrays(*(flat(amount, shape) for amount in given))
    _check(V, c, t)
    names = named(players, 2)
    defaults = [("participate", "decline"), ("honour", "renege")]
    labels = labelled(defaults if actions is None else actions, (2, 2), ())
    choice = np.array([[True, False], [False, True], [False, False]])  # who moves in which state
    return Game(
        players=names,
        actions=labels,
        states=STATES,
        outcomes=("joined", "not joined"),
        start=np.array([[1, 0, 0]]),
        allowed=np.stack([np.ones_like(choice), choice], axis=-1),
        ends_round=np.array([False, True, True]),
        probabilities=np.array([[[[1, 0], [1, 0], [0, 1], [0, 1]]]]),
        next_state=np.array([[1, 2], [0, 0], [0, 0]]),
        accounts=(*names, "authority"),
        flows={"material": Flow("material", by_profile=_payoffs(V, c, t))},
        views=np.zeros((2, 2), dtype=int),
        conduct=-np.ones((2, 2, 2), dtype=int),
        deeds=-np.ones((2, 2), dtype=int),
        finding=np.zeros((2, 2), dtype=int),
        levels=-np.ones((3, 2), dtype=int),
        agreement=np.where(choice, KEEPS, -1),
        keeps=np.stack([np.ones_like(choice), np.zeros_like(choice)], axis=-1),
        fallback=np.stack([~choice, choice], axis=-1)[None],
        discount_factor=np.ones((1, 3, 1), dtype=int),
        rounds=1,
        shape=shape,
    )


def _check(V: Floats, c: Floats, t: Floats) -> None:
    if (c <= 0).any():
        raise GameError(f"{float(c[c <= 0][0]):g} is not above 0: participating must cost something", "cost")
    for wrong, key, words in (
        (t > V, "payment", "is more than the value that exists ({value})"),
        (t < c, "payment", "does not cover the partner's cost ({cost})"),
    ):
        if wrong.any():
            k = int(np.argmax(wrong))
            raise GameError(
                f"{float(t[k]):g} " + words.format(value=f"{float(V[k]):g}", cost=f"{float(c[k]):g}"), key
            )


def _payoffs(V: Floats, c: Floats, t: Floats) -> Floats:
    """Return the material payoffs, (b, S, P, account): all of a round is paid where the gainer moves."""
    nothing = np.zeros_like(V)
    honoured = np.stack([t - c, V - t, nothing], axis=-1)
    reneged = np.stack([-c, V, nothing], axis=-1)
    zero = np.zeros_like(honoured)
    elsewhere = np.stack([zero] * 4, axis=1)
    return np.stack([elsewhere, np.stack([honoured, reneged, zero, zero], axis=1), elsewhere], axis=1)
