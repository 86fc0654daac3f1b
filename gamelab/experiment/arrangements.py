"""Arrangements: which candidate is played, whether it supports the agreement, and whether it is workable."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gamelab.analysis import number
from gamelab.errors import GamelabWarning
from gamelab.experiment.automatic import automatic_candidates
from gamelab.experiment.candidates import Candidate, by_name, candidates_of, profile_name
from gamelab.experiment.comparison import (
    IS_BASELINE,
    NO_COMPARISON,
    NOTHING_HOLDS,
    Comparison,
    of_candidate,
    of_nobody,
)
from gamelab.experiment.exact_forms import as_fraction, named, told
from gamelab.experiment.table import Rows, Table
from gamelab.model.answers import Missing, not_asked
from gamelab.model.exactness import fraction
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Floats, Game
from gamelab.scenario import same_profile
from gamelab.scenario.quantities import LISTED, QUANTITIES
from gamelab.scenario.specification import Specification
from gamelab.solve.agreement import has_agreement, why_impossible
from gamelab.solve.judgement import HOLDS, UNDECIDED
from gamelab.solve.workability import best_joint_stage_payoff

THRESHOLDS = ("critical_discount_factor", "sustainable_discount_factors")


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
    """

    specification: Specification
    baseline: Arrangement | None = None
    exact: bool = False

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
    def notes(self) -> list[str]:
        """Warnings that came up, what candidates may be missing, and where fractions decided otherwise."""
        exact = [note for candidate in self.candidates for note in candidate.notes] if self.exact else []
        return self._assembled[1] + self._listed[1] + [f"{self.name}: {note}" for note in exact]

    @cached_property
    def _listed(self) -> tuple[list[Candidate], list[str]]:
        exact = self.specification.in_fractions() if self.exact else None
        game, symmetric = self.game, self.specification.selection == "symmetric"
        ((_, beside, notes),) = automatic_candidates(exact.game if exact else game, symmetric)
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
        rows = Rows(
            1, len(self.specification.profiles), symmetric=self.specification.selection == "symmetric"
        )
        rows.of(self.game)
        for candidate in self.candidates:
            rows.write(candidate, np.zeros(1, dtype=int))
        return rows.read(self.game.players)

    @cached_property
    def conduct(self) -> Candidate | None:
        """The certified candidate with the highest joint payoff, ties by net benefit; None without any."""
        baseline = None
        if self.baseline is not None:
            beside = self.baseline.comparison
            baseline = beside.exact.value if beside.exact else beside.value
        most = self.exact_best_joint_payoff if self.exact else self.best_joint_payoff
        place = int(self.table.selected(baseline, most)[0])
        return None if place < 0 else self.candidates[place]

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
        return Comparison(
            **(of_candidate(candidate) if candidate else of_nobody(self.game, exact=in_fractions)),
            agreed=np.array([has_agreement(self.game)]),
            undecided=lambda: self.table.undecided,
            impossible=lambda: np.array([self.impossible is not None]),
            best_joint_payoff=self.exact_best_joint_payoff if in_fractions else self.best_joint_payoff,
            before=before,
            of_baseline=self.baseline is None,
            exact=exact,
        )

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
        return self.compare(candidate).workable

    @property
    def advice(self) -> str | None:
        """What a reader should know about the verdict, or what would help."""
        if not self.candidates:
            return "there is no candidate: write a fallback of the game, or strategies under profiles"
        if self.conduct is None:
            nearest = min(self.candidates, key=lambda candidate: candidate.gain)
            gain = f"gains {nearest.gain:.4g} a round by departing"
            return f"no candidate is certified; the nearest, {name_of(nearest)}, {gain}"
        if self.conduct.supports.all() or not has_agreement(self.game):
            return None
        if self.impossible:
            return self.impossible
        others = [c for c in self.candidates if c.verdict == HOLDS and c.supports.all()]
        if others:
            return f"{name_of(others[0])} is certified too, and supports the agreement"
        willing = [candidate for candidate in self.candidates if candidate.supports.all()]
        if not willing:
            return "no candidate keeps the agreement; list one under profiles, such as grim or comply"
        undecided = [candidate for candidate in willing if candidate.verdict == UNDECIDED]
        nearest = min(undecided or willing, key=lambda candidate: candidate.gain)
        if undecided:
            report = nearest.certificate
            gains = f"departing gains between {float(report.lower):.4g} and {float(report.upper):.4g} a round"
            return f"whether {name_of(nearest)} holds is undecided: {gains}"
        return f"{name_of(nearest)} is not certified: {departure(nearest)}"

    def to_dict(self) -> dict[str, Any]:
        """Return the arrangement as results hold it; all numbers are null where nothing is certified."""
        conduct = self.conduct
        report: dict[str, Any] = {
            "profile": conduct.label if conduct else None,
            "supported": self.quantity(conduct, "supported"),
            "workable": self.quantity(conduct, "workable"),
            "advice": self.advice,
            "certificate": conduct.certificate_dict() if conduct else None,
            "payoffs": None,
            "ledger": None,
            "utilities": None,
            **{name: self.quantity(conduct, name) for name in LISTED},
            **{
                name: {path: self.quantity(conduct, name, path=path) for path in paths}
                for name, paths in self.paths.items()
            },
            **dict.fromkeys(THRESHOLDS, not_asked(NOTHING_HOLDS)),
        }
        if conduct is not None:
            report |= {
                key: entry
                for key, entry in conduct.to_dict().items()
                if key not in ("profile", "certificate", *LISTED)
            }
            report["utilities"] = by_name(self.game.players, conduct.value.utilities)
            if conduct.exact:
                report["exact"] = self._exact_dict(conduct, conduct.exact)
        report["reasons"] = self._reasons(conduct, report)
        report["candidates"] = [candidate.to_dict() for candidate in self.candidates]
        return report

    def _exact_dict(self, conduct: Candidate, exact: Candidate) -> dict[str, Any]:
        """Return the same in fractions, as texts."""
        return {
            **{name: told(self.exact_quantity(conduct, name)) for name in LISTED},
            **exact.texts(),
            "utilities": named(self.game.players, exact.value.utilities),
            **{
                name: {path: told(self.exact_quantity(conduct, name, path=path)) for path in paths}
                for name, paths in self.paths.items()
            },
        }

    def _reasons(self, conduct: Candidate | None, report: Mapping[str, Any]) -> dict[str, str]:
        """Return why there is no number, by the names of quantities; margins with their paths."""
        margins = {f"{name}.{path}": answer for name in self.paths for path, answer in report[name].items()}
        reasons = {name: answer.reason for name, answer in margins.items() if isinstance(answer, Missing)}
        if conduct is None:
            return dict.fromkeys((*THRESHOLDS, *LISTED), NOTHING_HOLDS) | reasons
        if self.baseline is None:
            reasons["workable"] = IS_BASELINE
        before = self.baseline.conduct if self.baseline else conduct
        if before is None:
            compares = [name for name, each in QUANTITIES.items() if each.compares and report[name] is None]
            reasons |= dict.fromkeys(compares, NO_COMPARISON)
        return conduct.reasons | reasons

    @property
    def paths(self) -> dict[str, list[str]]:
        """The settings whose break-even and least values results tell."""
        return {"break_even": self.specification.costs, "least": self.specification.strengths}

    def quantity(
        self, candidate: Candidate | None, name: str, player: str | None = None, path: str | None = None
    ) -> Any:
        """Return one quantity of a candidate by the name that claims use; None where it has none."""
        answer = QUANTITIES[name].value(self.compare(candidate), player or path)
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


def name_of(candidate: Candidate) -> str:
    """Return a candidate's name for a sentence."""
    return profile_name(candidate.label)


def departure(candidate: Candidate) -> str:
    """Return the most profitable departure from a candidate as a sentence."""
    where = candidate.certificate.where
    if where is None:
        return f"departing gains at least {float(candidate.certificate.lower):.4g} a round"
    state = f" at {where['state']}" if where["state"] else ""
    return f"{where['player']} gains {candidate.gain:.4g} a round by doing {where['action']}{state}"
