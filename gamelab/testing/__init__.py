"""For tests of one's own: draws of games, laws that they obey, oracles, and checks of solvers."""

from __future__ import annotations

from typing import Any

from gamelab.testing import laws
from gamelab.testing.adapters import solver_named
from gamelab.testing.bimatrix import Bimatrix
from gamelab.testing.check_solver import check_solver
from gamelab.testing.oracles import exact_equilibria
from gamelab.testing.solvers import Solver

__all__ = [
    "Bimatrix",
    "Solver",
    "check_solver",
    "draws",
    "exact_equilibria",
    "laws",
    "solver_named",
]


def __getattr__(name: str) -> Any:
    if name != "draws":
        raise AttributeError(f"module 'gamelab.testing' has no attribute '{name}'")
    import gamelab.testing.draws as found

    return found
