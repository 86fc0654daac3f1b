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
from gamelab.scenario.values import Values
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
                _varies(values.of(path))
                for path, entry in self.scenario.entries.items()
                if entry.arrangement in (None, self.name) and segments(path)[0] != "parameters"
                if values.given(entry)
            )
        except GamelabError:
            return True

    @cached_property
    def points_at_once(self) -> int:
        """How many points fit into the memory of one chunk."""
        game = None
        for point in itertools.product(*([low, (low + high) / 2, high] for low, high in self.limits)):
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

    def overrides_at(self, at: Floats) -> dict[str, Any]:
        """Return the overrides at points (b, m): arrays, or plain numbers at a single one."""
        columns = [float(column[0]) if len(at) == 1 else column for column in at.T]
        return {**self.overrides, **dict(zip(self.paths, columns, strict=True))}

    def solve(self, at: Floats) -> Solved:
        """Return the candidates at points (b, m); points that do not differ here are solved once."""
        moved = self.moved_by
        if len(moved) == at.shape[1]:
            return self._solve(at)
        _, first, member = distinct(len(at), [at[:, moved]])
        return self._solve(at[first]).take(member)

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


def _varies(entry: Any) -> bool:
    if isinstance(entry, Mapping):
        return any(map(_varies, entry.values()))
    return any(map(_varies, entry)) if isinstance(entry, list | tuple) else isinstance(entry, np.ndarray)
