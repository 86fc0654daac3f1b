"""Points: one arrangement where some settings vary, solved in parts and once where points do not differ."""

from __future__ import annotations

import itertools
import warnings
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from gamelab.errors import GamelabError, GamelabWarning
from gamelab.experiment.automatic import automatic_candidates
from gamelab.experiment.candidates import candidates_of
from gamelab.experiment.table import Rows, Table, distinct
from gamelab.experiment.valuation import budgets, round_weights
from gamelab.expressions import segments
from gamelab.model.game import Bools, Floats, Game, Ints
from gamelab.scenario.catalogue import BASELINE
from gamelab.scenario.specification import Specification
from gamelab.scenario.values import Values, varies
from gamelab.solve.agreement import has_agreement, why_impossible
from gamelab.solve.joint import CHUNK
from gamelab.solve.workability import best_joint_stage_payoff

MOST_POINTS = 10_000
"""The most points that are solved at once."""
FEW_POINTS = 100
COPIES = 4
"""Roughly how often a game's tables are copied while it is assembled and solved."""


@dataclass(frozen=True, eq=False)
class Solved:
    """An arrangement at b points.

    Parameters
    ----------
    table : Table
        Its candidates.
    best_joint_payoff : array (b,)
        For the baseline only.
    weights, budgets : array (b, c)
        See ``Consent``.
    agreed, impossible : bool array (b,)
        Whether there is an agreement; whether none supports it, with a proof, where that was asked for.
    refused : bool array (b,)
    """

    table: Table
    best_joint_payoff: Floats
    weights: Floats
    budgets: Floats
    agreed: Bools
    impossible: Bools
    refused: Bools

    def take(self, points: Ints) -> Solved:
        """Return the same at these of its points, which may be repeated."""
        names = ("best_joint_payoff", "weights", "budgets", "agreed", "impossible", "refused")
        return Solved(self.table.take(points), *(getattr(self, name)[points] for name in names))


@dataclass(frozen=True, eq=False)
class Points:
    """One arrangement of a scenario, to be solved where some settings vary.

    Parameters
    ----------
    specification : Specification
        With the settings that are the same everywhere.
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

    specification: Specification
    paths: tuple[str, ...]
    limits: Floats
    every: bool = False
    best_response: bool = False
    proofs: bool = False
    apart: tuple[bool, ...] = ()
    notes: dict[str, Floats | None] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The arrangement's name."""
        return self.specification.arrangement

    @cached_property
    def moved_by(self) -> list[int]:
        """Which of the varying settings make a difference to this arrangement, by their places."""
        return [k for k in range(len(self.paths)) if self._moves(k)]

    def _moves(self, k: int) -> bool:
        """Tell whether any setting that this arrangement is made from becomes an array with this one."""
        fixed = dict(zip(self.paths, self.limits[:, 0].tolist(), strict=True))
        scenario = self.specification.scenario
        values = Values(scenario, {**self.specification.overrides, **fixed, self.paths[k]: self.limits[k]})
        try:
            return any(
                varies(values.of(path))
                for path, entry in scenario.entries.items()
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
                game = self.specified(np.array([point])).game
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

    def specified(self, at: Floats) -> Specification:
        """Return the arrangement at points (b, m) of one form: arrays, or plain numbers at a single one."""
        columns = [
            plain_number(column[0]) if apart else float(column[0]) if len(at) == 1 else column
            for column, apart in zip(at.T, self.stands_apart)
        ]
        return self.specification.at(dict(zip(self.paths, columns, strict=True)))

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
        specification = self.specification
        rows = Rows(
            len(at),
            len(specification.scenario.candidates[self.name]),
            rule=specification.selection,
            every=self.every,
        )
        best = np.full(len(at), np.nan)
        weights, budgets_ = np.full((2, len(at), len(specification.scenario.players) + 1), np.nan)
        agreed, impossible, refused = np.zeros((3, len(at)), dtype=bool)
        waiting = [np.arange(len(at))]
        while waiting:
            points = waiting.pop()
            try:
                with warnings.catch_warnings(record=True) as caught:
                    warnings.simplefilter("always", GamelabWarning)
                    there = self.specified(at[points])
                    game = there.game
                    if len(points) > 1:  # also where only terms vary that no game depends on
                        game, _ = game.spread(np.zeros(len(points)))
                    if weights.shape[1] != len(game.accounts):
                        weights, budgets_ = np.full((2, len(at), len(game.accounts)), np.nan)
                    weights[points] = round_weights(there, game)
                    budgets_[points] = budgets(there, game)
                    agreed[points] = has_agreement(there.game)
                    if self.proofs:
                        impossible[points] = self._proved(there.game, at[points])
                    if self.name == BASELINE:
                        best[points] = best_joint_stage_payoff(there.steady_game)
                    self.write(rows, there, game, at[points], points)
            except GamelabError as refusal:
                if len(points) > 1:  # somewhere in here: look for it
                    waiting += [points[len(points) // 2 :], points[: len(points) // 2]]
                    continue
                refused[points] = True
                self.notes.setdefault(f"{self.name}: {refusal}", at[points[0]])
            for entry in caught:
                if issubclass(entry.category, GamelabWarning):
                    self.notes.setdefault(f"{self.name}: {entry.message}", None)
        table = rows.read(specification.scenario.players)
        return Solved(table, best, weights, budgets_, agreed, impossible, refused)

    def write(self, rows: Rows, whole: Specification, game: Game, at: Floats, points: Ints) -> None:
        """Solve all candidates at points (b, m) of one form, and write them into these rows' places."""
        rows.of(self.specification, game)
        for group, beside, _ in automatic_candidates(game, self.specification.selection):
            part, there, here = game, whole, points[group]
            if len(group) < len(points):
                part, there = game.take(group), self.specified(at[group])
            if len(here) == 1 and part.shape:
                part = part.replace(shape=())
            candidates = candidates_of(there, part, beside, best_response=self.best_response)
            for candidate in candidates:
                rows.write(candidate, here)
            rows.weigh(candidates, here)

    def _proved(self, game: Game, at: Floats) -> Bools:
        """Return where nothing can support the agreement; a proof does not depend on the discount factor."""
        if len(at) > 1:
            game, _ = game.spread(np.zeros(len(at)))
        paid = [flow for flow, _ in game.expected.values()]
        _, first, member = distinct(game.batch, [*paid, game.probabilities, game.start])
        if not (game.deeds >= 0).any():
            games = [game.take(np.array([k])) for k in first]
        else:  # where no hand trembles the game must not look as if one could
            games = [self.specified(at[[k]]).game for k in first]
        return np.array([why_impossible(single) is not None for single in games])[member]


def plain_number(value: float) -> int | float:
    """Return a number as a file would hold it: a whole one as such."""
    return int(value) if float(value).is_integer() else float(value)
