"""The columns that matches add up: payoffs by ledger line and account, moves on the agreement, rounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gamelab.model.game import Floats, Game, Ints
from gamelab.simulate.ending import Ending
from gamelab.simulate.table import Events


@dataclass(frozen=True, eq=False)
class Columns:
    """What the moves of each kind add to a match's totals; equal columns are one.

    Parameters
    ----------
    rows : array (K, m)
        By kind of move.
    ratio : array (m,)
        How much less a column counts after every round.
    length : int array (m,)
        The column that adds up the rounds with the same ratio.
    weight : array (m,)
        What that one is expected to be.
    lines : mapping of str to int array (c,)
        The column of each account's payoffs, -1 where they are only the base.
    base : mapping of str to array (c,)
        Paid in every move that ends a round, and not in the columns.
    kept, agreed : int
        The columns of moves that keep the agreement, and of moves that have one; -1 where there are none.
    """

    rows: Floats
    ratio: Floats
    length: Ints
    weight: Floats
    lines: dict[str, Ints]
    base: dict[str, Floats]
    kept: int
    agreed: int


def columns_of(game: Game, events: Events, ending: Ending) -> tuple[Columns, Ints]:
    """Return the columns for the events of one game, and the kind of each event, (E,)."""
    P, Y = len(game.profiles), len(game.outcomes)
    code, member = np.unique((events.state * P + events.profile) * Y + events.outcome, return_inverse=True)
    state, profile, outcome = np.unravel_index(code, (len(game.states), P, Y))
    kept, agreed = on_agreement(game, state, profile, outcome)
    ends = game.ends_round[state].astype(float)
    ratios = np.broadcast_to(ending.ratio, (game.n,))
    weights = np.broadcast_to(ending.weight, (game.n,))
    found: dict[tuple[float, bytes], int] = {}
    columns: list[Floats] = []
    facts: list[tuple[float, int, float]] = []  # ratio, length, weight

    def place(column: Floats, player: int) -> int:
        if not column.any():
            return -1
        key = (float(ratios[player]), column.tobytes())
        if key not in found:
            found[key] = len(columns)
            columns.append(column)
            facts.append(
                (key[0], found.get((key[0], ends.tobytes()), len(found) - 1), float(weights[player]))
            )
        return found[key]

    for player in range(game.n):
        place(ends, player)
    lines, base = {}, {}
    for line in game.flows:
        base[line] = np.asarray(game.expected[line][1][0], dtype=float)
        paid = amounts(game, line, state, profile, outcome) - ends[:, None] * base[line]
        owners = [account if account < game.n else 0 for account in range(len(game.accounts))]
        lines[line] = np.array([place(paid[:, c].copy(), owner) for c, owner in enumerate(owners)])
    kept_place, agreed_place = place(kept, 0), place(agreed, 0)
    wide = np.ascontiguousarray(np.stack(columns, axis=1))
    rows, kind = np.unique(wide, axis=0, return_inverse=True)
    ratio, length, weight = zip(*facts, strict=True)
    made = Columns(
        rows, np.array(ratio), np.array(length), np.array(weight), lines, base, kept_place, agreed_place
    )
    return made, kind.reshape(-1)[member.reshape(-1)]


def amounts(game: Game, line: str, state: Ints, profile: Ints, outcome: Ints) -> Floats:
    """Return what a line of a single game pays in some moves, (E, c)."""
    flow = game.flows[line]
    paid = np.zeros((len(state), len(game.accounts)))
    if flow.by_profile is not None:
        part = flow.by_profile[0]
        paid += part[state if len(part) > 1 else 0, profile if part.shape[1] > 1 else 0]
    if flow.by_outcome is not None:
        part = flow.by_outcome[0]
        paid += part[state if len(part) > 1 else 0, outcome]
    return paid


def on_agreement(game: Game, state: Ints, profile: Ints, outcome: Ints) -> tuple[Floats, Floats]:
    """Return how many players keep their agreement in some moves, and how many have one, each (E,)."""
    deeds = game.profiles[game.deed_profile[profile, outcome]]
    players = np.arange(game.n)
    agreed = game.agreement[state] >= 0
    keeps = game.keeps[state[:, None], players, deeds] & agreed
    return keeps.sum(axis=1).astype(float), agreed.sum(axis=1).astype(float)
