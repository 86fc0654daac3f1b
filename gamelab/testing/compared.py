"""Compared: a scenario of several arrangements as names and settings, and what comes out of comparing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gamelab.experiment import check
from gamelab.experiment.arrangements import Arrangement
from gamelab.experiment.candidates import Candidate
from gamelab.scenario import loads
from gamelab.solve.judgement import HOLDS
from gamelab.testing.descriptions import GameDescription, Settings, yaml

TRUTHS = ("workable", "robust", "guaranteed", "accepted", "coverable")
NUMBERS = ("joint_payoff", "gross_benefit", "transaction_cost", "net_benefit", "compensation", "advantage")
HAIR = 1e-4
"""By how much a law moves a payoff."""


@dataclass(frozen=True)
class ScenarioDescription:
    """A game and the arrangements that are compared, as a scenario file has them.

    Parameters
    ----------
    game : GameDescription
        Without institutions and without a profile.
    arrangements : mapping of str to mapping
        ``institutions``, ``profiles``, ``set_up`` by arrangement.
    accounting : mapping
    selection : str
        The rule by which a candidate is played.
    """

    game: GameDescription
    arrangements: Mapping[str, Settings]
    accounting: Settings = field(default_factory=dict)
    selection: str = "default"

    def scenario(self) -> str:
        """Return the scenario file."""
        parts = {
            "selection": self.selection,
            "accounting": self.accounting,
            "arrangements": self.arrangements,
        }
        lines = [f"{name}: {yaml(part)}" for name, part in parts.items() if part]
        return self.game.scenario() + "\n".join(lines) + "\n"

    def snippet(self) -> str:
        """Return Python that solves it."""
        return (
            "import gamelab as gl\nfrom gamelab.scenario import loads\n\n"
            f'print(gl.run(loads("""\\\n{self.scenario()}""")).to_frame())\n'
        )


@dataclass(frozen=True)
class ChangedScenario:
    """A scenario before and after a change, which is told in words.

    Parameters
    ----------
    before, after : ScenarioDescription
    change : str
    swapped : bool
        Whether the two players have changed seats.
    """

    before: ScenarioDescription
    after: ScenarioDescription
    change: str
    swapped: bool = False

    def snippet(self) -> str:
        """Return Python that solves both."""
        return f"{self.before.snippet()}\n# {self.change}\n{self.after.snippet()}"

    def scenario(self) -> str:
        """Return the scenario file before the change."""
        return f"# before this change: {self.change}\n{self.before.scenario()}"


def compared(text: str, *, exact: bool = False) -> dict[str, Any]:
    """Return what comes out of comparing the arrangements of a scenario file's text, as plain values.

    By arrangement: the conduct's place among the candidates (None without any), the step of the selection,
    truths, numbers, gains by account, and the candidates with their certificates. Thresholds and break-even
    values, which take longer, are left out.
    """
    result = check(loads(text), exact=exact)
    return {
        "best_arrangement": result.best_arrangement,
        "arrangements": {name: _arrangement(one) for name, one in result.arrangements.items()},
    }


def _arrangement(arrangement: Arrangement) -> dict[str, Any]:
    conduct = arrangement.conduct
    numbers = {name: arrangement.quantity(conduct, name) for name in (*TRUTHS, *NUMBERS)}
    gains = None
    if conduct is not None and arrangement.baseline is not None and arrangement.baseline.conduct is not None:
        consent = arrangement.comparison.consent
        gains = dict(zip(consent.value.accounts, consent.gains[0].tolist(), strict=True))
    return {
        "conduct": None if conduct is None else arrangement.candidates.index(conduct),
        "step": arrangement.step,
        **numbers,
        "gains": gains,
        "candidates": [_candidate(arrangement, one) for one in arrangement.candidates],
    }


def _candidate(arrangement: Arrangement, one: Candidate) -> dict[str, Any]:
    certified = one.verdict == HOLDS
    report: dict[str, Any] = {
        "profile": one.label,
        "verdict": one.verdict,
        "max_gain": float(one.certificate.max_gain),
        "payoffs": None,
    }
    names = ("joint_payoff", "net_benefit", "workable")
    report |= {name: arrangement.quantity(one, name) if certified else None for name in names}
    return report | ({"payoffs": one.value.payoffs.tolist()} if certified else {})
