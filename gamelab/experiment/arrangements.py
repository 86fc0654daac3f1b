"""Arrangements: which candidate is played, whether it supports the agreement, and whether it is workable."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gamelab.analysis import number
from gamelab.errors import GamelabWarning
from gamelab.experiment import selection
from gamelab.experiment.automatic import automatic_candidates
from gamelab.experiment.candidates import Candidate, candidates_of, profile_name
from gamelab.experiment.comparison import (
    Comparison,
    of_candidate,
    of_nobody,
)
from gamelab.experiment.exact_forms import as_fraction
from gamelab.experiment.table import Rows, Table
from gamelab.experiment.valuation import budgets, round_weights
from gamelab.model.exactness import fraction
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Floats, Game
from gamelab.scenario import same_profile
from gamelab.scenario.quantities import QUANTITIES
from gamelab.scenario.specification import Specification
from gamelab.solve.agreement import has_agreement, why_impossible
from gamelab.solve.workability import best_joint_stage_payoff


@frozen_result
@dataclass(frozen=True, eq=False)
class Arrangement:
    """One arrangement of a scenario under overrides, solved as far as somebody asks.

    Parameters
    ----------
    specification : Specification
    baseline : Arrangement or None
        The arrangement without institutions; None where this is it.
    exact : bool
        Whether to find everything in fractions too, which then decide.
    siblings : callable
        To the other arrangements of the scenario and this one, the baseline left out.
    """

    specification: Specification
    baseline: Arrangement | None = None
    exact: bool = False
    siblings: Callable[[], Sequence[Arrangement]] = tuple

    @property
    def name(self) -> str:
        """The name in the file."""
        return self.specification.arrangement

    @cached_property
    def _assembled(self) -> tuple[Game, list[str]]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", GamelabWarning)
            game = self.specification.game
        notes = [str(entry.message) for entry in caught if issubclass(entry.category, GamelabWarning)]
        return game, [f"{self.name}: {note}" for note in dict.fromkeys(notes)]

    @property
    def game(self) -> Game:
        """The game."""
        return self._assembled[0]

    @property
    def remarks(self) -> list[str]:
        """Warnings that came up, and what candidates may be missing."""
        return self._assembled[1] + self._listed[1]

    @cached_property
    def _listed(self) -> tuple[list[Candidate], list[str]]:
        exact = self.specification.in_fractions() if self.exact else None
        game, rule = self.game, self.specification.selection
        ((_, beside, notes),) = automatic_candidates(exact.game if exact else game, rule)
        candidates = candidates_of(self.specification, game, beside, exact)
        return candidates, [f"{self.name}: {note}" for note in notes]

    @property
    def candidates(self) -> list[Candidate]:
        """All profiles that might be played, those of the file first."""
        return self._listed[0]

    def named(self, label: Sequence[Any]) -> Candidate | None:
        """Return the candidate of this label; None where there is none."""
        return next((one for one in self.candidates if same_profile(one.label, label)), None)

    @cached_property
    def table(self) -> Table:
        """The candidates at this one point."""
        rows = Rows(1, len(self.specification.profiles), rule=self.specification.selection)
        rows.of(self.specification, self.game)
        for candidate in self.candidates:
            rows.write(candidate, np.zeros(1, dtype=int))
        rows.weigh(self.candidates, np.zeros(1, dtype=int))
        return rows.read(self.game.players)

    @cached_property
    def conduct(self) -> Candidate | None:
        """The certified candidate that the selection rule picks; None without any."""
        baseline = None
        if self.baseline is not None:
            beside = self.baseline.comparison
            baseline = beside.decisive.stated
        most = self.exact_best_joint_payoff if self.exact else self.best_joint_payoff
        place = int(self.table.selected(baseline, most)[0])
        return None if place < 0 else self.candidates[place]

    @property
    def step(self) -> str | None:
        """The step of the default rule by which the conduct is played; None under other rules."""
        step = int(self.table.steps[1][0])
        return None if step < 0 or self.conduct is None else selection.STEPS[step]

    @cached_property
    def comparison(self) -> Comparison:
        """The conduct beside the baseline's."""
        return self.compare(self.conduct)

    def compare(self, candidate: Candidate | None) -> Comparison:
        """Return a candidate beside the baseline's conduct."""
        key = None if candidate is None else id(candidate)
        if key not in self._comparisons:
            twin = candidate.exact if candidate else None
            exact = self._compared(twin, None) if self.exact else None
            self._comparisons[key] = self._compared(candidate, exact)
        return self._comparisons[key]

    @cached_property
    def _comparisons(self) -> dict[int | None, Comparison]:
        return {}

    def _compared(self, candidate: Candidate | None, exact: Comparison | None) -> Comparison:
        in_fractions = self.exact and exact is None
        before = None
        if self.baseline is not None:
            before = self.baseline.comparison
        elif candidate is not None and candidate not in (self.conduct, self.conduct and self.conduct.exact):
            before = self.comparison
        if before is not None and in_fractions:
            before = before.exact
        specification = self.specification.in_fractions() if in_fractions else self.specification
        game = specification.game if in_fractions else self.game
        nobody = of_nobody(self.specification, self.game, exact=in_fractions)
        return Comparison(
            **(of_candidate(candidate) if candidate else nobody),
            table=self.table,
            institution=self.specification.has_institution,
            agreed=np.array([has_agreement(self.game)]),
            impossible=lambda: np.array([self.impossible is not None]),
            best_joint_payoff=self.exact_best_joint_payoff if in_fractions else self.best_joint_payoff,
            weights=round_weights(specification, game),
            budgets=budgets(specification, game),
            before=before,
            of_baseline=self.baseline is None,
            others=lambda: self._others(in_fractions=in_fractions),
            exact=exact,
        )

    def _others(self, *, in_fractions: bool) -> list[Comparison]:
        """Return the conduct of all other arrangements but the baseline, each beside the baseline's."""
        compared = [each.comparison for each in self.siblings() if each is not self]
        return [each.decisive if in_fractions else each for each in compared]

    @cached_property
    def best_joint_payoff(self) -> Floats:
        """The most that the players can get together in one round, without trembles, (1,)."""
        if self.baseline is not None:
            return self.baseline.best_joint_payoff
        return np.reshape(best_joint_stage_payoff(self.specification.steady_game), 1)

    @cached_property
    def exact_best_joint_payoff(self) -> Any:
        """The same in fractions."""
        if self.baseline is not None:
            return self.baseline.exact_best_joint_payoff
        steady = self.specification.in_fractions().steady_game
        return np.array([fraction(best_joint_stage_payoff(steady).item())], dtype=object)

    @cached_property
    def impossible(self) -> str | None:
        """A proof that nothing supports the agreement, in words."""
        return why_impossible(self.game)

    def supported(self, candidate: Candidate | None) -> str | None:
        """Return whether a candidate is certified and supports the agreement, in the words of the results."""
        return self.compare(candidate).supported

    def workable(self, candidate: Candidate | None) -> bool | None:
        """Return whether a candidate supports the agreement and pays.

        None for the baseline, and where the baseline has no conduct to compare with.
        """
        return truth(self.compare(candidate).workable)

    @property
    def paths(self) -> dict[str, list[str]]:
        """The settings whose break-even and least values results tell."""
        return {"break_even": self.specification.costs, "least": self.specification.strengths}

    def quantity(
        self, candidate: Candidate | None, name: str, player: str | None = None, path: str | None = None
    ) -> Any:
        """Return one quantity of a candidate by the name that claims use; None where it has none."""
        answer = QUANTITIES[name].value(self.compare(candidate), player or path)
        if QUANTITIES[name].kind == "truth":
            return truth(answer)
        return number(answer) if isinstance(answer, np.ndarray) else answer

    def exact_quantity(
        self, candidate: Candidate | None, name: str, player: str | None = None, path: str | None = None
    ) -> Any:
        """Return one quantity of a candidate as a fraction; None where it has none.

        ``break_even`` and ``least`` may be ``unbounded``, an ``Irrational`` or ``Missing``;
        ``sustainable_discount_factors`` is a list of mappings.
        """
        exact = self.compare(candidate).exact
        if exact is None or QUANTITIES[name].kind in ("word", "truth"):
            return None
        return as_fraction(QUANTITIES[name].value(exact, player or path))


def truth(answer: Floats) -> bool | None:
    """Return whether something is true at a single point; None where that is not known."""
    return None if np.isnan(answer).all() else bool(answer.all())


def name_of(candidate: Candidate) -> str:
    """Return a candidate's name for a sentence."""
    return profile_name(candidate.label)
