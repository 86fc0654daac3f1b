"""What a check of a solver found: law by law, with the smallest game that broke it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from gamelab.testing.laws.finding import Finding
from gamelab.testing.solvers import DEMANDS, Demand


@dataclass(frozen=True)
class LawOutcome:
    """What became of one law.

    Parameters
    ----------
    law, statement, source : str
    games : int
        On how many games it was tried.
    finding : Finding or None
        What broke it, on the smallest game that was found.
    """

    law: str
    statement: str
    source: str
    games: int
    finding: Finding | None

    @property
    def verdict(self) -> str:
        """``broken``, ``passed``, or ``not tried``."""
        return "broken" if self.finding else "passed" if self.games else "not tried"


@dataclass(frozen=True)
class SolverReport:
    """What a check of a solver found.

    Parameters
    ----------
    solver : str
        Its name.
    demand : str
        What was asked of it.
    seed, games : int
        With these the same games are drawn again; ``games`` is how many there were.
    outcomes : tuple of LawOutcome
    note : str
        Why fewer games were tried than asked for, or nothing.
    """

    solver: str
    demand: Demand
    seed: int
    games: int
    outcomes: tuple[LawOutcome, ...]
    note: str = ""

    @property
    def passed(self) -> bool:
        """Whether no law broke."""
        return not self.findings

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What broke, in the order of the laws."""
        return tuple(outcome.finding for outcome in self.outcomes if outcome.finding)

    @property
    def broken(self) -> tuple[str, ...]:
        """The names of the laws that broke."""
        return tuple(finding.law for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain words and numbers."""
        return {
            "solver": self.solver,
            "demand": self.demand,
            "seed": self.seed,
            "games": self.games,
            "passed": self.passed,
            "note": self.note,
            "laws": [
                {
                    "law": outcome.law,
                    "statement": outcome.statement,
                    "source": outcome.source,
                    "verdict": outcome.verdict,
                    "games": outcome.games,
                    "finding": outcome.finding.to_dict() if outcome.finding else None,
                }
                for outcome in self.outcomes
            ],
        }

    def to_json(self) -> str:
        """Return the report as JSON."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False)

    def __str__(self) -> str:
        """Return the report as text: a line a law, then what broke."""
        wide = max((len(outcome.law) for outcome in self.outcomes), default=0)
        lines = [f"{self.solver}: asked for {DEMANDS[self.demand]}; {self.games} games, seed {self.seed}"]
        lines += [f"  {outcome.law:<{wide}}  {outcome.verdict}" for outcome in self.outcomes]
        lines += [self.note] if self.note else []
        return "\n".join([*lines, *(f"\n{finding}" for finding in self.findings)])
