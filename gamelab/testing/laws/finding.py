"""A law, and a finding: which law broke, on which game, and what came out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from gamelab.testing.adapters import KNOWN
from gamelab.testing.bimatrix import Bimatrix, code
from gamelab.testing.oracles import LARGEST, exact_equilibria
from gamelab.testing.solvers import Demand, Solver, SolverError


class Described(Protocol):
    """Anything that was drawn and can be printed as a snippet and as a scenario file."""

    def snippet(self) -> str:
        """Return Python that builds it."""

    def scenario(self) -> str:
        """Return a scenario file that holds it."""


@dataclass(frozen=True)
class Finding:
    """A law that broke.

    Parameters
    ----------
    law, statement : str
        Its name and what it says.
    game : Bimatrix or GameDescription
        The game that broke it.
    words : str
        What came out.
    kind : str
        ``wrong``, or how the solver misbehaved: ``raises``, ``hangs``, ``malformed``.
    solver, demand : str
        Its name and what was asked of it, for findings about a solver.
    """

    law: str
    statement: str
    game: Described
    words: str
    kind: str = "wrong"
    solver: str = ""
    demand: str = ""

    def snippet(self) -> str:
        """Return Python that builds the game, and breaks the law again where the solver has a name."""
        if not isinstance(self.game, Bimatrix) or not (self.solver in KNOWN or ":" in self.solver):
            return self.game.snippet()
        extra = "from fractions import Fraction\n\n" if "Fraction" in repr(self.game) else ""
        return (
            f"{extra}from gamelab.testing import laws, solver_named\n\n"
            f"A = {code(self.game.A)}\nB = {code(self.game.B)}\n"
            f'print(laws.named("{self.law}").check(solver_named("{self.solver}", "{self.demand}"), (A, B)))\n'
        )

    def scenario(self) -> str:
        """Return the game as a scenario file."""
        return self.game.scenario()

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as plain words and numbers."""
        report: dict[str, Any] = {"kind": self.kind, "words": self.words}
        if isinstance(self.game, Bimatrix):
            report |= {
                name: [[entry if isinstance(entry, int) else str(entry) for entry in row] for row in table]
                for name, table in (("A", self.game.A), ("B", self.game.B))
            }
        return report | {"snippet": self.snippet(), "scenario": self.scenario()}

    def __str__(self) -> str:
        shown = self.game.tables() if isinstance(self.game, Bimatrix) else self.scenario()
        return f"{self.law} broke ({self.statement})\n{self.words}\n\n{shown}\n\n{self.snippet()}"


@dataclass(frozen=True)
class SolverLaw:
    """A law about solvers of games of two players.

    Parameters
    ----------
    name, statement, source : str
    demands : tuple of str
        For solvers of which one of these is asked.
    broken : callable
        From a Solver and a Bimatrix to what is wrong, in words, or None.
    wrong : callable
        A solver that the law must reject.
    about_the_list : bool
        Whether it is about the list as a whole: then a solver for games that are not degenerate is asked
        in those only.
    """

    name: str
    statement: str
    source: str
    demands: tuple[Demand, ...]
    broken: Callable[[Solver, Bimatrix], str | None]
    wrong: Callable[[Any, Any], Any]
    about_the_list: bool = False

    def check(self, solver: Solver | Callable[[Any, Any], Any], game: Any) -> Finding | None:
        """Return what breaks the law on this game, or None.

        Parameters
        ----------
        solver : Solver or callable ``(A, B) -> pairs``
        game : Bimatrix, or a pair of tables (A, B)
        """
        asked = solver if isinstance(solver, Solver) else Solver(solver, getattr(solver, "__name__", ""))
        drawn = game if isinstance(game, Bimatrix) else Bimatrix(*game)
        if asked.demand == "generic" and self.about_the_list and not is_generic(drawn):
            return None
        try:
            words, kind = self.broken(asked, drawn), "wrong"
        except SolverError as wrong:
            words, kind = f"the solver {wrong.kind}: {wrong}", wrong.kind
        return (
            None
            if words is None
            else Finding(self.name, self.statement, drawn, words, kind, asked.name, asked.demand)
        )


def is_generic(game: Bimatrix) -> bool:
    """Tell whether a game is known not to be degenerate; larger ones than the oracle's are not known."""
    return max(game.shape) <= LARGEST and not exact_equilibria(game).degenerate
