"""Inference: whether a player can tell from what was seen what the others will do next."""

from __future__ import annotations

import numpy as np

from gamelab.model.answers import not_known
from gamelab.model.game import Bools, Ints
from gamelab.model.merging import column_classes, row_codes
from gamelab.solve.joint import Chain, reached

CANNOT_TELL = not_known(
    "players cannot tell the others' automaton states, so that the one-shot test does not apply"
)


def infers_others(chain: Chain, *, after_deviations: bool = True) -> bool:
    """Tell whether everybody always knows the others' automaton states.

    For each game state, states of the others and own action, the own symbol and the next state must fix
    their next automaton states, over all outcomes of positive probability: whatever the others do, or only
    what they are prescribed (``after_deviations=False``).
    """
    return all(_infers(chain, i, after_deviations) for i in range(chain.game.n))


def _infers(chain: Chain, player: int, after_deviations: bool) -> bool:
    game = chain.game
    others = [j for j in range(game.n) if j != player and len(chain.automata[j].states) > 1]
    if not others:
        return True
    outcomes, member = _outcome_classes(chain, player, others)
    possible = np.stack([game.happens[..., member == k].any(axis=-1) for k in range(len(outcomes))], axis=-1)
    possible = possible[chain.state] & _matters(chain)[:, None, None]
    if not after_deviations:
        prescribed = np.broadcast_to((chain.others[player] > 0).any(axis=0), possible.shape[:2])
        possible = possible & prescribed[:, :, None] & _visited(chain, prescribed)[:, None, None]
    x, p, k = np.nonzero(possible)
    y = outcomes[k]
    known = row_codes([chain.state[x], *(chain.inner[x, j] for j in others), game.profiles[p, player],
                    game.views[player, y], game.next_state[chain.state[x], y]])  # fmt: skip
    then = [_next(chain, j, x, p, y) for j in others]
    return len(np.unique(row_codes([known, *then]))) == len(np.unique(known))


def _matters(chain: Chain) -> Bools:
    """Return the joint states after whose move somebody still moves, (X,): not those of the last move."""
    if chain.game.rounds is None:
        return np.ones(chain.size, dtype=bool)
    *earlier, last = chain.layers
    return np.logical_or.reduce([*earlier, last & ~chain.ends])


def _next(chain: Chain, j: int, x: Ints, p: Ints, y: Ints) -> Ints:
    table = chain.automata[j].next
    s = np.minimum(chain.state[x], table.shape[0] - 1)
    following: Ints = table[s, chain.inner[x, j], chain.game.profiles[p, j], chain.game.views[j, y]]
    return following


def _outcome_classes(chain: Chain, player: int, others: list[int]) -> tuple[Ints, Ints]:
    """Return one outcome of each class that differs to the player or moves the others, and every class."""
    game = chain.game
    rows = [game.views[player], column_classes(game.next_state)]
    for j in others:
        table = chain.automata[j].next
        rows.append(column_classes(table.reshape(-1, table.shape[-1]))[game.views[j]])
    _, first, member = np.unique(row_codes(rows), return_index=True, return_inverse=True)
    return first, member


def _visited(chain: Chain, prescribed: Bools) -> Bools:
    """Return the joint states that one player can bring about while the others do as prescribed, (X,)."""
    happens = chain.possible & prescribed[:, :, None]
    x, _, _ = np.nonzero(happens)
    linked = np.zeros((chain.size, chain.size), dtype=bool)
    linked[x, chain.target[happens]] = True
    return reached(linked, chain.begins)


def monitors_perfectly(chain: Chain) -> bool:
    """Tell whether everybody always learns the whole action profile (so that public means subgame)."""
    game = chain.game
    if game.rounds == 1 and chain.ends[chain.layers[0]].all():
        return True
    s, p, y = np.nonzero(game.happens)
    for i in range(game.n):
        known = row_codes([s, game.profiles[p, i], game.views[i, y], game.next_state[s, y]])
        if len(np.unique(row_codes([known, p]))) > len(np.unique(known)):
            return False
    return True
