"""An automaton from its actions and transitions, laid out on the axes of the game."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gamelab.model.automaton import Automaton, squeezed
from gamelab.model.game import Floats, Game, Ints


def machine(
    game: Game,
    player: int,
    name: str,
    states: tuple[str, ...],
    actions: Sequence[Floats],
    follows: Ints,
    start: int = 0,
) -> Automaton:
    """Return the automaton that does ``actions[q]`` in state q and moves by ``follows``.

    Actions have axes (b, S, A), of which b and S may be 1; ``follows`` has (S, Q, A, V), of which S, A and V
    may be 1.
    """
    V = int(game.views[player].max()) + 1
    A = game.allowed.shape[2]
    shape = np.broadcast_shapes(*(action.shape for action in actions))
    action = np.stack([np.broadcast_to(action, shape) for action in actions], axis=2)
    follows = np.broadcast_to(np.asarray(follows, dtype=int), (*follows.shape[:2], A, V))
    return Automaton(
        name=name,
        states=states,
        start=start,
        action=squeezed(action, 1),
        next=squeezed(follows, 0),
    )
