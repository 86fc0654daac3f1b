"""A simulation: what matches paid on average, how sure that is, and the records of what was played."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.arguments import checked, whole
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Floats, Game
from gamelab.model.record_files import record_file
from gamelab.model.records import Records, joined
from gamelab.simulate.matches.course import Course, course_of
from gamelab.simulate.matches.match_play import Play
from gamelab.simulate.matches.replay import moves_of, script_of

if TYPE_CHECKING:
    import pandas as pd

WITHOUT_REGARD = ("material", "transfer", "fine", "cost")
BLOCK_ROWS = 2**18
"""Rows that are held at once while a file is written."""
MOST_ROWS = 5_000_000
"""The most rows that records may have in memory."""


@frozen_result
@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
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
        ``random`` or ``fixed``, see ``gamelab.simulate.matches.ending.Ending``.
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

    def records(self, matches: int | None = None) -> Records:
        """Return who did, saw and earned what in the first matches, played again from the seed.

        Parameters
        ----------
        matches : int, optional
            How many; all of them by default.

        Raises
        ------
        GameError
            For more than five million rows, and for a grid.
        """
        parts, rows = [], 0
        for part in self._parts(matches):
            parts.append(part)
            rows += len(part)
            if rows > MOST_ROWS:
                raise GameError(
                    f"more than {MOST_ROWS:,} rows; ask for fewer matches, or use write_records(path)",
                    "matches",
                )
        return joined(parts)

    @checked
    def write_records(
        self,
        path: str | os.PathLike[str],
        matches: int | None = None,
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> int:
        """Write who did, saw and earned what to a file, in bounded memory; return the number of rows.

        An older file of that name stays until the new one is complete. After an interrupt or on a full disk
        the blocks that were finished can be read: in that file, or where an older one stands in one beside it
        (``play.unfinished.csv``). Words that a spreadsheet would run as formulas have an apostrophe in front
        in CSV files; ``gl.read_records`` takes it off.

        Parameters
        ----------
        path : path
            Its ending says the format: ``.parquet`` or ``.csv`` (UTF-8, with a header and without row names).
            Both are read by pandas (``read_parquet``, ``read_csv``) and by R (``arrow::read_parquet``,
            ``read.csv`` with ``na.strings = ""``).
        matches : int, optional
            How many; all of them by default.
        progress : callable, optional
            Called with the number of matches that are done, and that there are.

        Raises
        ------
        GameError
            For another ending, a place that cannot be written to, a full disk, and for a grid.
        """
        total = self._matches(matches)
        with record_file(path) as file:
            for part in self._parts(matches):
                file.append(part)
                if progress is not None:
                    progress(int(part.match[-1]), total)
        return file.rows

    def course(self, rounds: int = 50, matches: int = 1000) -> Course:
        """Return cooperation and payoffs round by round, as means over matches that all last so long.

        Whether a match ends does not depend on how it was played, so that these are also the means of the
        matches that reach a round.

        Parameters
        ----------
        rounds : int
            How many to follow; fewer where the game is shorter.
        matches : int
            How many are played for this.

        Raises
        ------
        GameError
            For a grid.
        """
        rounds, matches = whole(rounds, "rounds", 1), whole(matches, "matches", 1)
        return course_of(self._play, min(rounds, self.game.rounds or rounds), matches)

    @property
    def _play(self) -> Play:
        if self.game.shape:
            raise GameError("records are of one game, and this is a grid: simulate one point of it", "game")
        return self.plays[0]

    def _matches(self, matches: int | None) -> int:
        return self.matches if matches is None else whole(matches, "matches", 1, self.matches)

    def _parts(self, matches: int | None) -> Iterator[Records]:
        play = self._play
        script = script_of(play.game, play.table.events)
        for moves in moves_of(play, 0, self._matches(matches), max(1, BLOCK_ROWS // play.game.n)):
            yield script.records(moves)

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

    def __repr__(self) -> str:
        names = ", ".join(self.strategies)
        if self.payoffs.ndim > 1:
            points = self.payoffs[..., 0].size
            return f"<Simulation of {names}: {self.matches:,} matches at each of {points} points>"
        paid = ", ".join(f"{mean:.4g}" for mean in self.payoffs)
        errors = ", ".join(f"{error:.2g}" for error in self.payoff_errors)
        return f"<Simulation of {names}: {self.matches:,} matches, payoffs {paid} (standard errors {errors})>"

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(index=False))
