"""The columns that matches add up: payoffs by ledger line and account, moves on the agreement, rounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gamelab.model.game import Floats, Game, Ints
from gamelab.simulate.matches.ending import Ending
from gamelab.simulate.matches.table import Events


@dataclass(frozen=True, eq=False)
class Columns:
    """What the moves of each kind add to a match's totals; columns that are multiples of another are one.

    Parameters
    ----------
    size : int
        The number of columns, m.
    rows : array (K, w)
        By kind of move; w is m, filled up with zeros to a multiple of 4.
    ratio : array (w,)
        How much less a column counts after every round.
    length : int array (m,)
        The column that adds up the rounds with the same ratio.
    weight : array (m,)
        What that one is expected to be.
    lines : mapping of str to array (c, m)
        What each account is paid, as multiples of the columns.
    base : mapping of str to array (c,)
        Paid in every move that ends a round, besides the columns.
    kept, agreed : array (m,)
        Moves that keep the agreement, and moves that have one, as multiples of the columns.
    """

    size: int
    rows: Floats
    ratio: Floats
    length: Ints
    weight: Floats
    lines: dict[str, Floats]
    base: dict[str, Floats]
    kept: Floats
    agreed: Floats


class _Columns:
    """The columns that were chosen so far."""

    def __init__(self) -> None:
        self.places: dict[tuple[float, bytes], int] = {}
        self.columns: list[Floats] = []
        self.facts: list[tuple[float, int, float]] = []

    def add(self, column: Floats, ratio: float, length: int, weight: float) -> tuple[int, float]:
        """Return the place of a column, and how many times it is the one that stands there."""
        if not column.any():
            return 0, 0.0
        factor = float(column[np.argmax(column != 0)])
        unit = column / factor + 0.0
        key = (ratio, unit.tobytes())
        if key not in self.places:
            self.places[key] = len(self.columns)
            self.columns.append(unit)
            self.facts.append((ratio, length, weight))
        return self.places[key], factor


def columns_of(game: Game, events: Events, ending: Ending) -> tuple[Columns, Ints]:
    """Return the columns for the events of one game, and the kind of each event, (E,)."""
    P, Y = len(game.profiles), len(game.outcomes)
    code, member = np.unique((events.state * P + events.profile) * Y + events.outcome, return_inverse=True)
    where = np.unravel_index(code, (len(game.states), P, Y))
    ends = game.ends_round[where[0]].astype(float)
    ratios = np.broadcast_to(ending.ratio, (game.n,)).tolist()
    weights = np.broadcast_to(ending.weight, (game.n,)).tolist()
    chosen = _Columns()
    lengths = [chosen.add(ends, ratio, len(chosen.columns), w)[0] for ratio, w in zip(ratios, weights)]

    def added(column: Floats, player: int) -> tuple[int, float]:
        return chosen.add(column, ratios[player], lengths[player], weights[player])

    base, places = {}, {}
    patient = int(game.most_patient[0])
    owners = [account if account < game.n else patient for account in range(len(game.accounts))]
    for line in game.flows:
        every = amounts(game, line, *where)
        base[line] = np.asarray(every[np.argmax(ends)], dtype=float)
        paid = every - ends[:, None] * base[line]
        places[line] = [added(paid[:, c], owner) for c, owner in enumerate(owners)]
    kept, agreed = ([added(column, patient)] for column in on_agreement(game, *where))
    m = len(chosen.columns)
    wide = np.zeros((len(code), -(-m // 4) * 4))
    wide[:, :m] = np.stack(chosen.columns, axis=1)
    rows, kind = np.unique(wide, axis=0, return_inverse=True)
    ratio, length, weight = (np.array(column) for column in zip(*chosen.facts, strict=True))
    made = Columns(
        size=m,
        rows=rows,
        ratio=np.concatenate([ratio, np.ones(wide.shape[1] - m)]),
        length=length,
        weight=weight,
        lines={line: _multiples(own, m) for line, own in places.items()},
        base=base,
        kept=_multiples(kept, m)[0],
        agreed=_multiples(agreed, m)[0],
    )
    return made, kind.reshape(-1)[member.reshape(-1)]


def _multiples(places: list[tuple[int, float]], m: int) -> Floats:
    multiples = np.zeros((len(places), m))
    for row, (column, factor) in enumerate(places):
        multiples[row, column] = factor
    return multiples


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
