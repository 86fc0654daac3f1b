"""The course of play: cooperation and payoffs round by round, as means over matches."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gamelab.model.freezing import frozen_result, read_only
from gamelab.model.game import Floats
from gamelab.simulate.matches.columns import amounts, on_agreement
from gamelab.simulate.matches.ending import Ending
from gamelab.simulate.matches.match_play import Play
from gamelab.simulate.matches.replay import moves_of

if TYPE_CHECKING:
    import pandas as pd

MOVES = 2**17
"""Moves that are held at once."""


@frozen_result
@dataclass(frozen=True, eq=False)
class Course:
    """Means over matches for each round ``t``; compare with ``gamelab.solve.path.path_of_play``.

    Parameters
    ----------
    matches : int
    cooperation, cooperation_error : array (t,)
        Share of the round's moves on the agreement, and its standard error; nan where none is agreed.
    payoffs, payoff_errors : array (t, n)
        All lines but regard, per player.
    """

    matches: int
    cooperation: Floats
    cooperation_error: Floats
    payoffs: Floats
    payoff_errors: Floats

    def to_frame(self) -> pd.DataFrame:
        """Return a table with one row for each round."""
        import pandas as pd

        columns = {
            "round": np.arange(1, len(self.cooperation) + 1),
            "cooperation": self.cooperation,
            "cooperation_error": self.cooperation_error,
        }
        for player in range(self.payoffs.shape[1]):
            columns[f"payoff_{player + 1}"] = self.payoffs[:, player]
            columns[f"payoff_error_{player + 1}"] = self.payoff_errors[:, player]
        return pd.DataFrame(columns)


def course_of(play: Play, rounds: int, matches: int) -> Course:
    """Return the means over matches of so many rounds each."""
    game, events = play.game, play.table.events
    where = events.state, events.profile, events.outcome
    kept, agreed = on_agreement(game, *where)
    pay = np.zeros((len(kept), game.n))
    for line, flow in game.flows.items():
        if flow.kind != "regard":
            pay += amounts(game, line, *where)[:, : game.n]
    ends = game.ends_round[events.state]
    base = pay[np.argmax(ends)]  # paid once a round, whatever happens: taken out so that squares stay small
    columns = np.column_stack([kept, agreed, pay - base * ends[:, None]])
    m = columns.shape[1]
    fixed = Ending("fixed", rounds, 1.0, np.ones(1), np.array([float(rounds)]))
    longer = dataclasses.replace(play, ending=fixed)
    sums, products = np.zeros((rounds, m)), np.zeros((rounds, m, 2))
    step = max(1, MOVES // rounds)
    for first in range(0, matches, step):
        last = min(first + step, matches)
        totals = np.zeros(((last - first) * rounds, m))
        for moves in moves_of(longer, first, last, MOVES):
            place = (moves[:, 0] - first) * rounds + moves[:, 1]
            for k in range(m):
                totals[:, k] += np.bincount(place, columns[moves[:, 3], k], len(totals))
        wide = totals.reshape(-1, rounds, m)
        sums += wide.sum(axis=0)
        products[..., 0] += (wide * wide).sum(axis=0)
        products[..., 1] += (wide * wide[..., [1]]).sum(axis=0)
    return _course(matches, sums, products, base)


def _course(matches: int, sums: Floats, products: Floats, base: Floats) -> Course:
    """Return means and standard errors from sums by round, (t, m), and sums of squares and products."""
    kept, agreed = sums[:, 0], sums[:, 1]
    share = np.divide(kept, agreed, out=np.full(len(kept), np.nan), where=agreed > 0)
    off = products[:, 0, 0] - 2 * share * products[:, 0, 1] + share**2 * products[:, 1, 0]
    pay = sums[:, 2:] / matches
    spread = products[:, 2:, 0] / matches - pay**2
    scale = matches / (matches - 1) if matches > 1 else np.nan
    share_error = np.sqrt(np.maximum(off, 0) * scale) / np.where(agreed > 0, agreed, 1)
    pay_error = np.sqrt(np.maximum(spread, 0) * scale / matches)
    columns = share, share_error, pay + base, pay_error
    return Course(matches, *(read_only(column) for column in columns))
