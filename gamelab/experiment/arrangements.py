"""Arrangements: which candidate is played, whether it supports the agreement, and whether it is workable."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from gamelab.errors import GamelabWarning
from gamelab.experiment import choice
from gamelab.experiment.candidates import (
    Candidate,
    by_name,
    candidates_beside_fallback,
    candidates_of,
    intervals,
    profile_name,
)
from gamelab.experiment.exact_forms import as_float, best_joint_payoff, exact_game, exact_quantity
from gamelab.experiment.questions import number
from gamelab.model.answers import Missing, not_asked, not_known
from gamelab.model.game import Floats, Game
from gamelab.scenario import Scenario, assemble, cost_paths, same_profile, strength_paths
from gamelab.solve import thresholds
from gamelab.solve.agreement import has_agreement, why_impossible
from gamelab.solve.judgement import HOLDS, UNDECIDED
from gamelab.solve.symmetry import is_symmetric
from gamelab.solve.workability import Accounts, accounts, best_joint_stage_payoff, sizes

BASELINE = "none"
NUMBERS = (
    "cooperation",
    "joint_payoff",
    "efficiency",
    "share_of_gains",
    "gross_benefit",
    "transaction_cost",
    "net_benefit",
)
COMPARED = ("workable", "share_of_gains", "gross_benefit", "transaction_cost", "net_benefit")
"""What compares with the baseline's conduct."""
MARGINS = ("break_even", "least")
THRESHOLDS = ("critical_discount_factor", "sustainable_discount_factors")
IS_BASELINE = "the baseline is what others are compared with"
NO_COMPARISON = "nothing is certified without institutions, to compare with"
NOTHING_HOLDS = "no candidate is certified"


@dataclass(frozen=True, eq=False)
class Arrangement:
    """One arrangement of a scenario under overrides, solved as far as somebody asks.

    Parameters
    ----------
    scenario : Scenario
    name : str
    overrides : mapping
    baseline : Arrangement or None
        The arrangement without institutions; None where this is it.
    exact : bool
        Whether to find everything in fractions too, which then decide.
    """

    scenario: Scenario
    name: str
    overrides: Mapping[str, Any]
    baseline: Arrangement | None = None
    exact: bool = False

    @cached_property
    def _assembled(self) -> tuple[Game, list[str]]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", GamelabWarning)
            game = assemble(self.scenario, self.name, self.overrides)
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
        return self._assembled[1] + self._found[1] + [f"{self.name}: {note}" for note in exact]

    @cached_property
    def _found(self) -> tuple[list[Candidate], list[str]]:
        symmetric = self.scenario.selection.get(self.name) == "symmetric"
        exact = exact_game(self.scenario, self.name, self.overrides) if self.exact else None
        ((_, beside, notes),) = candidates_beside_fallback(exact or self.game, symmetric)
        candidates = candidates_of(self.scenario, self.name, self.overrides, self.game, beside, exact)
        return candidates, [f"{self.name}: {note}" for note in notes]

    @property
    def candidates(self) -> list[Candidate]:
        """All profiles that might be played, those of the file first."""
        return self._found[0]

    def named(self, label: Sequence[Any]) -> Candidate | None:
        """Return the candidate of this label; None where there is none."""
        return next((one for one in self.candidates if same_profile(one.label, label)), None)

    @cached_property
    def conduct(self) -> Candidate | None:
        """The certified candidate with the highest joint payoff, ties by net benefit; None without any."""
        certified = [candidate for candidate in self.candidates if candidate.verdict == HOLDS]
        if self.scenario.selection.get(self.name, "best") == "symmetric":
            certified = [candidate for candidate in certified if is_symmetric(self.game, candidate.automata)]
        if not certified:
            return None
        if all(candidate.exact for candidate in certified):
            return self._best_exactly(certified)
        joint = np.array([float(candidate.value.joint_payoff) for candidate in certified])
        near = [certified[k] for k in self._highest(joint, certified)]
        if len(near) == 1 or self.baseline is None:
            return near[0]
        nets = np.array([float(self.accounts_of(candidate).net_benefit) for candidate in near])
        return near[self._highest(nets, near)[0]]

    def _best_exactly(self, certified: list[Candidate]) -> Candidate:
        """Return the first candidate with the highest joint payoff and net benefit in fractions."""
        joint = [exact_quantity(self, candidate, "joint_payoff") for candidate in certified]
        best = [candidate for candidate, payoff in zip(certified, joint) if payoff == max(joint)]
        if self.baseline is None or self.baseline.conduct is None:
            return best[0]
        return max(best, key=lambda candidate: exact_quantity(self, candidate, "net_benefit") or 0)

    def _highest(self, amounts: Floats, candidates: list[Candidate]) -> list[int]:
        every = np.ones((len(amounts), 1), dtype=bool)
        payments = np.array([float(sizes(self.game, candidate.value)) for candidate in candidates])
        return np.flatnonzero(choice.highest(amounts[:, None], every, payments[:, None])).tolist()

    def compared(self, candidate: Candidate) -> Floats:
        """Return the sizes of the payments that a candidate's net benefit is added up from."""
        own = sizes(self.game, candidate.value)
        if self.baseline is None or self.baseline.conduct is None:
            return own
        return own + sizes(self.baseline.game, self.baseline.conduct.value)

    @cached_property
    def best_joint_payoff(self) -> float:
        """The most that the players can get together in one round, without trembles."""
        if self.baseline is not None:
            return self.baseline.best_joint_payoff
        steady = assemble(self.scenario, self.name, {**self.overrides, "information.tremble": 0})
        return float(best_joint_stage_payoff(steady))

    @cached_property
    def exact_best_joint_payoff(self) -> Fraction:
        """The same in fractions."""
        return best_joint_payoff(self) if self.baseline is None else self.baseline.exact_best_joint_payoff

    def accounts_of(self, candidate: Candidate) -> Accounts:
        """Return gross benefit, cost and what follows, beside the baseline's conduct."""
        before = self.baseline.conduct if self.baseline else self.conduct
        if before is None:
            nothing = np.asarray(np.nan)
            return Accounts(nothing, nothing, nothing, nothing, nothing)
        return accounts(candidate.value, before.value, np.asarray(self.best_joint_payoff))

    @cached_property
    def impossible(self) -> str | None:
        """A proof that nothing supports the agreement, in words."""
        return why_impossible(self.game)

    def supported(self, candidate: Candidate | None) -> str | None:
        """Return whether a candidate is certified and supports the agreement, in the words of the results."""
        if not has_agreement(self.game):
            return None
        if candidate is not None and candidate.verdict == HOLDS and candidate.supports:
            return "yes"
        if self.impossible:
            return "impossible"
        open_ones = [c for c in self.candidates if c.verdict == UNDECIDED and c.supports]
        return "undecided" if open_ones else "no candidate"

    def workable(self, candidate: Candidate | None) -> bool | None:
        """Return whether a candidate supports the agreement and pays.

        None for the baseline, and where the baseline has no conduct to compare with.
        """
        if self.baseline is None:
            return None
        if candidate is None or self.supported(candidate) != "yes":
            return False
        if self.baseline.conduct is None:
            return None
        if candidate.exact and (exact := exact_quantity(self, candidate, "net_benefit")) is not None:
            return bool(exact > 0)
        net = self.accounts_of(candidate).net_benefit
        return bool(choice.pays(net, self.compared(candidate), np.asarray(self.best_joint_payoff)).all())

    def break_even(self, candidate: Candidate | None, path: str) -> float | str | None:
        """Return up to which cost a candidate stays workable: None at none, ``unbounded`` at all."""
        if self.baseline is None:
            return not_asked(IS_BASELINE)
        if candidate is None:
            return not_asked(NOTHING_HOLDS)
        before = self.baseline.conduct
        if before is None:
            return not_known(NO_COMPARISON)
        if not candidate.supports:
            return None
        exact = exact_quantity(self, candidate, "break_even", path=path)
        if candidate.exact and before.exact and not isinstance(exact, Missing):
            return as_float(exact)
        found = candidate.break_even(path, before.value, self.best_joint_payoff)
        return "unbounded" if found == float("inf") else found

    def least(self, candidate: Candidate | None, path: str) -> float | str | None:
        """Return the value of a setting down to which a candidate holds; ``unbounded`` for however low."""
        if candidate is None:
            return not_asked(NOTHING_HOLDS)
        exact = exact_quantity(self, candidate, "least", path=path)
        if candidate.exact and not isinstance(exact, Missing):
            return as_float(exact)
        found = candidate.least(path)
        return "unbounded" if found == float("-inf") else found

    @property
    def advice(self) -> str | None:
        """What a reader should know about the verdict, or what would help."""
        if not self.candidates:
            return "there is no candidate: write a fallback of the game, or strategies under profiles"
        if self.conduct is None:
            nearest = min(self.candidates, key=lambda candidate: candidate.gain)
            gain = f"gains {nearest.gain:.4g} a round by departing"
            return f"no candidate is certified; the nearest, {told(nearest)}, {gain}"
        if self.conduct.supports or not has_agreement(self.game):
            return None
        if self.impossible:
            return self.impossible
        others = [c for c in self.candidates if c.verdict == HOLDS and c.supports]
        if others:
            return f"{told(others[0])} is certified too, and supports the agreement"
        willing = [candidate for candidate in self.candidates if candidate.supports]
        if not willing:
            return "no candidate keeps the agreement; list one under profiles, such as grim or comply"
        undecided = [candidate for candidate in willing if candidate.verdict == UNDECIDED]
        nearest = min(undecided or willing, key=lambda candidate: candidate.gain)
        if undecided:
            report = nearest.certificate
            gains = f"departing gains between {float(report.lower):.4g} and {float(report.upper):.4g} a round"
            return f"whether {told(nearest)} holds is undecided: {gains}"
        return f"{told(nearest)} is not certified: {departure(nearest)}"

    def to_dict(self) -> dict[str, Any]:
        """Return the arrangement as results hold it; all numbers are null where nothing is certified."""
        conduct = self.conduct
        report: dict[str, Any] = {
            "profile": conduct.label if conduct else None,
            "supported": self.supported(conduct),
            "workable": self.workable(conduct),
            "advice": self.advice,
            "certificate": conduct.certificate_dict() if conduct else None,
            "payoffs": None,
            "ledger": None,
            "utilities": None,
            **dict.fromkeys(NUMBERS),
            "break_even": {path: self.break_even(conduct, path) for path in self.costs},
            "least": {path: self.least(conduct, path) for path in self.strengths},
            **dict.fromkeys(THRESHOLDS, not_asked(NOTHING_HOLDS)),
        }
        if conduct is not None:
            report |= {
                key: entry
                for key, entry in conduct.to_dict().items()
                if key not in ("profile", "certificate")
            }
            report["utilities"] = by_name(self.game.players, conduct.value.utilities)
            report |= {name: self.quantity(conduct, name) for name in NUMBERS}
            if conduct.exact:
                report["exact"] = {**conduct.exact.to_dict(), **conduct.exact.arrangement_dict(self)}
        report["reasons"] = self._reasons(conduct, report)
        report["candidates"] = [candidate.to_dict() for candidate in self.candidates]
        return report

    def _reasons(self, conduct: Candidate | None, report: Mapping[str, Any]) -> dict[str, str]:
        """Return why there is no number, by the names of quantities; margins with their paths."""
        margins = {f"{name}.{path}": answer for name in MARGINS for path, answer in report[name].items()}
        reasons = {name: answer.reason for name, answer in margins.items() if isinstance(answer, Missing)}
        if conduct is None:
            return dict.fromkeys((*THRESHOLDS, *NUMBERS), NOTHING_HOLDS) | reasons
        if self.baseline is None:
            reasons["workable"] = IS_BASELINE
        before = self.baseline.conduct if self.baseline else conduct
        if before is None:
            missing = [name for name in COMPARED if report[name] is None]
            reasons |= dict.fromkeys(missing, NO_COMPARISON)
        return conduct.reasons | reasons

    @property
    def costs(self) -> list[str]:
        """The paths of the cost settings."""
        return cost_paths(self.scenario, self.name)

    @property
    def strengths(self) -> list[str]:
        """The paths of what gives the institutions their strength."""
        return strength_paths(self.scenario, self.name, self.overrides)

    def quantity(
        self, candidate: Candidate | None, name: str, player: str | None = None, path: str | None = None
    ) -> Any:
        """Return one quantity of a candidate by the name that claims use; None where it has none."""
        if name == "supported":
            return self.supported(candidate)
        if name == "workable":
            return self.workable(candidate)
        if candidate is None:
            return not_asked(NOTHING_HOLDS) if name in (*THRESHOLDS, *MARGINS) else None
        if name == "payoff":
            return by_name(self.game.players, candidate.value.payoffs).get(str(player))
        if name == "break_even":
            return self.break_even(candidate, str(path))
        if name == "least":
            return self.least(candidate, str(path))
        if name in ("max_gain", "best_response_gain"):
            return number(getattr(candidate.certificate, name))
        if name == "critical_discount_factor":
            return thresholds.critical_discount_factor(candidate.sustainable)
        if name == "sustainable_discount_factors":
            return intervals(candidate.sustainable)
        if name in ("cooperation", "joint_payoff"):
            return number(getattr(candidate.value, name))
        return number(getattr(self.accounts_of(candidate), name))


def told(candidate: Candidate) -> str:
    """Return a candidate's name for a sentence."""
    return profile_name(candidate.label)


def departure(candidate: Candidate) -> str:
    """Return the most profitable departure from a candidate as a sentence."""
    where = candidate.certificate.where
    if where is None:
        return f"departing gains at least {float(candidate.certificate.lower):.4g} a round"
    state = f" at {where['state']}" if where["state"] else ""
    return f"{where['player']} gains {candidate.gain:.4g} a round by doing {where['action']}{state}"
