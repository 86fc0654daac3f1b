"""What engines read of a game: expected payoffs and lumped chances of every state and profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gamelab.model.automaton import Automaton
from gamelab.model.expectation import magnitude, total, written
from gamelab.model.game import Bools, Floats, Game, Ints
from gamelab.model.memory import once
from gamelab.model.merging import column_classes, row_codes
from gamelab.ties import TOLERANCE


@dataclass(frozen=True, eq=False)
class Moves:
    """The rows of a game that an engine works with.

    Parameters
    ----------
    chances : array (b, S, P, K)
        Probabilities of the lumps: outcomes with the same consequences are one lump. S of size 1 is kept.
    outcome : int array (K,)
        One outcome of each lump.
    flows : mapping of str to array (b, S, P, c)
        Each ledger line's expected payoffs, less its base. Size 1 is kept on b, S and P.
    base : mapping of str to array (b, c)
        A constant per line and account, paid in every move that ends a round: taken out before solving and
        added after, so that a large shift of all payoffs costs no accuracy.
    """

    chances: Floats
    outcome: Ints
    flows: dict[str, Floats]
    base: dict[str, Floats]

    def utility(self, game: Game) -> Floats:
        """Return what players care for, less the base: all lines, (b, S, P, n)."""
        return total([flow[..., : game.n] for flow in self.flows.values()])


def moves_of(game: Game, automata: Sequence[Automaton]) -> Moves:
    """Return the rows of a game for these automata; the batch must have one pattern of zeros."""
    lump, outcome = lumps(game, automata)
    flows = {line: flow for line, (flow, _) in game.expected.items()}
    base = {line: constant for line, (_, constant) in game.expected.items()}
    return Moves(lump_chances(game, lump, len(outcome)), outcome, flows, base)


def lumps(game: Game, automata: Sequence[Automaton]) -> tuple[Ints, Ints]:
    """Return each outcome's lump, (Y,), -1 where it never occurs, and one outcome of each lump, (K,)."""
    return lumps_by([automaton.next.reshape(-1, automaton.next.shape[-1]) for automaton in automata], game)


def lumps_by(follows: Sequence[Ints], game: Game) -> tuple[Ints, Ints]:
    """Return lumps of outcomes; ``follows`` (rows, V) has for each player all that a symbol may lead to."""
    signature = [column_classes(game.next_state)]
    for player, own in enumerate(follows):
        signature.append(column_classes(own)[game.views[player]])
    there = game.occurs
    codes = row_codes([row[there] for row in signature])
    _, first, member = np.unique(codes, return_index=True, return_inverse=True)
    lump = -np.ones(len(game.outcomes), dtype=int)
    lump[there] = member
    return lump, there[first]


def lump_chances(game: Game, lump: Ints, count: int) -> Floats:
    """Return the probabilities of lumps of outcomes, (b, S, P, K); S and P of size 1 are kept."""
    b, S, P, _ = game.probabilities.shape
    member = lump[game.occurs, None] == np.arange(count)
    probabilities = game.probabilities if len(member) == len(lump) else game.probabilities[..., game.occurs]
    if game.exact:
        return np.stack([probabilities[..., own].sum(axis=-1) for own in member.T], axis=-1)
    return np.asarray((probabilities.reshape(-1, len(member)) @ member.astype(float)).reshape(b, S, P, -1))


def patterns(game: Game, automata: Sequence[Automaton]) -> list[Ints]:
    """Return the batch points grouped by what has probability zero: outcomes, first states, actions."""
    arrays = [game.probabilities, game.start, *(automaton.action for automaton in automata)]
    varying = []
    for array in arrays:
        if array.shape[0] > 1:
            positive = (array > 0).reshape(len(array), -1)
            if (positive != positive[0]).any():
                varying.append(np.packbits(positive, axis=1))
    if not varying:
        return [np.arange(game.batch)]
    group = np.unique(np.concatenate(varying, axis=1), axis=0, return_inverse=True)[1].ravel()
    return [np.flatnonzero(group == k) for k in range(int(group.max()) + 1)]


@once
def slack(game: Game) -> Floats:
    """Return how far rounding may move what players care for in one move, (b, S, P, n).

    Two such payoffs that differ by no more than the sum of theirs are equal. Size 1 is kept on S and P.
    """
    return np.asarray(TOLERANCE * magnitude(game) + written(game)[:, None, None])


@once
def usual_size(game: Game) -> float:
    """Return the middle one of the sizes of all payments that are not 0, their bases left out; 1 if all are.

    A unit for settings that are payments. Few far-away payoffs do not move it.
    """
    sizes = magnitude(game)
    return float(np.median(sizes[sizes > 0])) if (sizes > 0).any() else 1.0


@once
def material_spread(game: Game) -> Floats:
    """Return the spread of the material payoffs of one move, (b,).

    Where the material payoffs are all the same, the spread of everything that players are paid.
    """
    material = [line for line, flow in game.flows.items() if flow.kind == "material"]
    spread = _spread(game, material)
    if (spread == 0).any():
        spread = np.where(spread == 0, _spread(game, list(game.flows)), spread)
    return np.broadcast_to(spread, (game.batch,))


def _spread(game: Game, lines: list[str]) -> Floats:
    joint = total([game.expected[line][0][..., : game.n] for line in lines])
    wide = np.broadcast_to(joint, np.broadcast_shapes(joint.shape, (1, *game.happens.shape[:2], 1)))
    there: Bools = game.allowed_profiles[None, :, :, None]
    high = np.where(there, wide, -np.inf).max(axis=(1, 2, 3))
    low = np.where(there, wide, np.inf).min(axis=(1, 2, 3))
    return high - low
