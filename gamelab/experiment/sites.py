"""Sites: one arrangement where some settings vary, solved in parts and once where points do not differ."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from gamelab.errors import GamelabError, GamelabWarning
from gamelab.experiment.points import Board, Solved, distinct
from gamelab.expressions import segments
from gamelab.model.game import Floats
from gamelab.scenario import Scenario, assemble
from gamelab.scenario.values import Values, varies
from gamelab.solve.joint import CHUNK

MOST_POINTS = 10_000
"""The most points that are solved at once."""
FEW_POINTS = 100
COPIES = 4
"""Roughly how often a game's tables are copied while it is assembled and solved."""


@dataclass(frozen=True, eq=False)
class Site:
    """One arrangement of a scenario, to be solved where some settings vary.

    Parameters
    ----------
    scenario : Scenario
    name : str
    overrides : mapping
        Settings that are the same everywhere.
    paths : tuple of str
        Settings that vary.
    limits : array (m, 2)
        From where to where each of them goes.
    every : bool
        Whether candidates that fail are to be valued, too.
    best_response : bool
        Whether the best response's gain is asked for.
    proofs : bool
        Whether proofs are asked for that nothing supports the agreement.
    apart : tuple of bool
        Along which of the paths the games of different values have different forms: rounds, players, levels.
        Points that are solved together have one value there.
    notes : dict
        Collects what was warned of, and each refusal with one of its points.
    """

    scenario: Scenario
    name: str
    overrides: Mapping[str, Any]
    paths: tuple[str, ...]
    limits: Floats
    every: bool = False
    best_response: bool = False
    proofs: bool = False
    apart: tuple[bool, ...] = ()
    notes: dict[str, Floats | None] = field(default_factory=dict)

    @cached_property
    def moved_by(self) -> list[int]:
        """Which of the varying settings make a difference to this arrangement, by their places."""
        return [k for k in range(len(self.paths)) if self._moves(k)]

    def _moves(self, k: int) -> bool:
        """Tell whether any setting that this arrangement is made from becomes an array with this one."""
        fixed = dict(zip(self.paths, self.limits[:, 0].tolist(), strict=True))
        values = Values(self.scenario, {**self.overrides, **fixed, self.paths[k]: self.limits[k]})
        try:
            return any(
                varies(values.of(path))
                for path, entry in self.scenario.entries.items()
                if entry.arrangement in (None, self.name) and segments(path)[0] != "parameters"
                if values.given(entry)
            )
        except GamelabError:
            return True

    @cached_property
    def _sizes(self) -> dict[tuple[float, ...], int]:
        return {}

    @cached_property
    def _known(self) -> dict[bytes, Solved]:
        return {}

    def points_at_once(self, at: Floats) -> int:
        """Return how many points of the form of this one (m,) fit into the memory of one chunk."""
        form = tuple(float(value) for value, apart in zip(at, self.stands_apart) if apart)
        if form not in self._sizes:
            self._sizes[form] = self._fitting(at)
        return self._sizes[form]

    def _fitting(self, at: Floats) -> int:
        game = None
        tried = [
            [value] if apart else [low, (low + high) / 2, high]
            for value, apart, (low, high) in zip(at.tolist(), self.stands_apart, self.limits.tolist())
        ]
        for point in itertools.product(*tried):
            try:
                game = assemble(self.scenario, self.name, self.overrides_at(np.array([point])))
                break
            except GamelabError:
                continue
        if game is None:
            return FEW_POINTS  # refused wherever it was tried: nothing is known of its size
        table = game.probabilities[0].size
        lines = sum(part[0].size for flow in game.flows.values() for part in flow.parts())
        expected = len(game.flows) * len(game.states) * len(game.profiles) * len(game.accounts)
        return max(1, min(MOST_POINTS, CHUNK // (8 * COPIES * (table + lines + expected))))

    @property
    def stands_apart(self) -> tuple[bool, ...]:
        """For each path whether games of different values have different forms."""
        return self.apart or (False,) * len(self.paths)

    def overrides_at(self, at: Floats) -> dict[str, Any]:
        """Return the overrides at points (b, m) of one form: arrays, or plain numbers at a single one."""
        columns = [
            plain_number(column[0]) if apart else float(column[0]) if len(at) == 1 else column
            for column, apart in zip(at.T, self.stands_apart)
        ]
        return {**self.overrides, **dict(zip(self.paths, columns, strict=True))}

    def solve(self, at: Floats) -> Solved:
        """Return the candidates at points (b, m) of one form; points that do not differ here are solved once.

        Where forms differ some points are kept: the next form may make no difference here.
        """
        moved = self.moved_by
        if len(moved) == at.shape[1]:
            return self._solve(at)
        _, first, member = distinct(len(at), [at[:, moved]])
        if not any(self.apart):
            return self._solve(at[first]).take(member)
        key = at[first][:, moved].tobytes()
        if key not in self._known:
            if sum(len(kept.refused) for kept in self._known.values()) > MOST_POINTS:
                self._known.clear()
            self._known[key] = self._solve(at[first])
        return self._known[key].take(member)

    def _solve(self, at: Floats) -> Solved:
        board = Board(self, at)
        waiting = [np.arange(len(at))]
        while waiting:
            points = waiting.pop()
            try:
                with warnings.catch_warnings(record=True) as caught:
                    warnings.simplefilter("always", GamelabWarning)
                    board.write(points)
            except GamelabError as refusal:
                if len(points) > 1:  # somewhere in here: look for it
                    waiting += [points[len(points) // 2 :], points[: len(points) // 2]]
                    continue
                board.refused[points] = True
                self.notes.setdefault(f"{self.name}: {refusal}", at[points[0]])
            for entry in caught:
                if issubclass(entry.category, GamelabWarning):
                    self.notes.setdefault(f"{self.name}: {entry.message}", None)
        return board.read()


def plain_number(value: float) -> int | float:
    """Return a number as a file would hold it: a whole one as such."""
    return int(value) if float(value).is_integer() else float(value)
