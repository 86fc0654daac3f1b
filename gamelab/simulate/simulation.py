"""A simulation: what matches paid on average, how sure that is, and the records of what was played."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from gamelab.model.game import Floats, Game
from gamelab.simulate.match_play import Play

if TYPE_CHECKING:
    import pandas as pd

WITHOUT_REGARD = ("material", "transfer", "fine", "cost")


@dataclass(frozen=True, eq=False, kw_only=True)
class Simulation:
    """What matches paid; every array has the shape of the game's grid first.

    All numbers are averages per round as ``gl.value(simulation.game, profile)`` gives them, estimated without
    bias; each has its standard error. A single match has none (nan).

    Parameters
    ----------
    game : Game
        What was played, with its number of rounds.
    strategies : tuple of str
    matches, seed : int
    ending : str
        ``random`` or ``fixed``, see ``gamelab.simulate.ending.Ending``.
    means, standard_errors : mapping of str to array (..., c)
        Each ledger line's payoff per round to every account.
    payoffs, payoff_errors : array (..., n)
        All lines but regard, per player.
    utilities, utility_errors : array (..., n)
        All lines, per player: what incentives use.
    cooperation, cooperation_error : array (...)
        Discounted share of player-moves on the agreement; nan where there is none.
    rounds_played : int
        In all matches together.
    """

    game: Game
    strategies: tuple[str, ...]
    matches: int
    seed: int
    ending: str
    means: dict[str, Floats]
    standard_errors: dict[str, Floats]
    payoffs: Floats
    payoff_errors: Floats
    utilities: Floats
    utility_errors: Floats
    cooperation: Floats
    cooperation_error: Floats
    rounds_played: int
    plays: tuple[Play, ...] = field(repr=False)

    @property
    def kinds(self) -> dict[str, str]:
        """The kind of each ledger line."""
        return {line: flow.kind for line, flow in self.game.flows.items()}

    def to_frame(self) -> pd.DataFrame:
        """Return the ledger as a table: one row per grid point, line and account, with standard errors."""
        import pandas as pd

        rows: list[dict[str, Any]] = []
        for line, mean in self.means.items():
            error = self.standard_errors[line]
            for place in np.ndindex(mean.shape):
                grid = {f"axis_{k}": index for k, index in enumerate(place[:-1])}
                names = {"line": line, "kind": self.kinds[line], "account": self.game.accounts[place[-1]]}
                numbers = {"payoff": float(mean[place]), "standard_error": float(error[place])}
                rows.append({**grid, **names, **numbers})
        return pd.DataFrame(rows)

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(index=False))
