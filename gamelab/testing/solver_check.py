"""Check a solver: draw games, try every law on each, and shrink what breaks one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from gamelab.testing.adapters import solver_named
from gamelab.testing.bimatrix import Bimatrix
from gamelab.testing.laws.finding import Finding, SolverLaw
from gamelab.testing.laws.solver_laws import laws_for
from gamelab.testing.shrinking import smallest
from gamelab.testing.solver_report import LawOutcome, SolverReport
from gamelab.testing.solvers import Solver, SolverError

MOST_HANGS = 3
"""After so many games without an answer in time no more are drawn: waiting would take the rest of the day."""
WARMING_UP, BATTLE = 10, Bimatrix(((3, 0), (0, 2)), ((2, 0), (0, 3)))
"""How many times the limit a solver has for a first game that does not count: some compile themselves."""
ANSWERS = "answers"


def check_solver(
    solver: Solver | Callable[[Any, Any], Any] | str,
    laws: Sequence[SolverLaw] | None = None,
    games: Any = None,
    *,
    examples: int = 200,
    seed: int = 0,
    seconds_per_game: float = 5,
) -> SolverReport:
    """Return which laws a solver breaks, each on the smallest game that was found.

    Parameters
    ----------
    solver : callable ``(A, B) -> pairs (x, y)``, name of an adapter, or Solver
        A callable is handed arrays of floats and asked for every extreme equilibrium; a Solver says what
        else to ask for.
    laws : sequence of SolverLaw, optional
        Without it all those that what is asked of the solver makes it obey.
    games : draws of Bimatrix, or iterable of Bimatrix or (A, B), optional
        Without it games of every class whose payoffs floats hold exactly, up to 4 by 4.
    examples : int
        How many games to draw.
    seed : int
        The same seed draws the same games.
    seconds_per_game : float
        Time limit of one call of the solver; 0 for none. See ``gamelab.testing.solvers.limited`` for what
        it cannot stop.

    Raises
    ------
    InputError
        For the name of a solver that is unknown or not installed.

    Examples
    --------
    >>> def first_row_and_column(A, B):
    ...     return [([1] + [0] * (len(A) - 1), [1] + [0] * (len(A[0]) - 1))]
    >>> report = check_solver(first_row_and_column, games=[([[2, 0], [5, 1]], [[1, 4], [0, 2]])])
    >>> report.findings[0].law, report.findings[0].game
    ('nobody gains', Bimatrix(A=[[0, 0]], B=[[0, 1]]))
    """
    asked = _solver(solver, seconds_per_game)
    _failure(dataclasses.replace(asked, seconds=WARMING_UP * seconds_per_game), BATTLE)
    tried = laws_for(asked) if laws is None else tuple(laws)
    drawn = _drawn(games, examples, seed)
    counts = dict.fromkeys((law.name for law in tried), 0)
    first: dict[str, tuple[SolverLaw, Finding]] = {}
    hangs = used = 0
    for game in drawn:
        if hangs >= MOST_HANGS or len(first) == len(tried):
            break
        used += 1
        fresh = dataclasses.replace(asked, answers={})
        failure = _failure(fresh, game)
        hangs += failure is not None and failure.kind == "hangs"
        for law in tried:
            if failure is not None and law.name != ANSWERS:
                continue
            counts[law.name] += 1
            if law.name not in first:
                finding = law.check(fresh, game)
                if finding is not None:
                    first[law.name] = (law, finding)
    hung = hangs >= MOST_HANGS and used < len(drawn)
    note = f"stopped after {hangs} games without an answer in time" if hung else ""
    outcomes = tuple(
        LawOutcome(
            law.name,
            law.statement,
            law.source,
            counts[law.name],
            _shrunk(asked, *first[law.name]) if law.name in first else None,
        )
        for law in tried
    )
    return SolverReport(asked.name, asked.demand, seed, used, outcomes, note)


def _solver(solver: Any, seconds: float) -> Solver:
    if isinstance(solver, str):
        solver = solver_named(solver)
    elif not isinstance(solver, Solver):
        solver = Solver(solver, getattr(solver, "__name__", repr(solver)))
    return dataclasses.replace(solver, seconds=seconds, answers={})


def _failure(solver: Solver, game: Bimatrix) -> SolverError | None:
    try:
        solver.equilibria(game)
    except SolverError as wrong:
        return wrong
    return None


def _shrunk(solver: Solver, law: SolverLaw, failure: Finding) -> Finding:
    """Return the finding on the smallest game that breaks the law in the same way."""
    quick = dataclasses.replace(
        solver, seconds=min(solver.seconds, 1.0) if failure.kind == "hangs" else solver.seconds
    )

    def again(game: Bimatrix) -> Finding | None:
        return law.check(dataclasses.replace(quick, answers={}), game)

    def breaks(game: Bimatrix) -> bool:
        finding = again(game)
        return finding is not None and finding.kind == failure.kind

    assert isinstance(failure.game, Bimatrix)
    best = smallest(failure.game, breaks)
    return failure if best == failure.game else again(best) or failure


def _drawn(games: Any, examples: int, seed: int) -> list[Bimatrix]:
    if games is not None and not hasattr(games, "example") and isinstance(games, Iterable):
        return [game if isinstance(game, Bimatrix) else Bimatrix(*game) for game in games]
    from gamelab.testing.draws.bimatrices import assorted_games
    from gamelab.testing.draws.drawing import sample

    return sample(assorted_games() if games is None else games, examples, seed)
