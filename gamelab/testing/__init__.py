"""For tests of one's own: draws of games, laws that they obey, oracles, and checks of solvers.

Nothing is imported before it is used: pytest opens this room at every start, to load the plugin in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gamelab.testing import draws, laws
    from gamelab.testing.adapters import solver_named
    from gamelab.testing.bimatrix import Bimatrix
    from gamelab.testing.oracles import exact_equilibria
    from gamelab.testing.solver_check import check_solver
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
    if name not in __all__:
        raise AttributeError(f"module 'gamelab.testing' has no attribute '{name}'")
    if name == "draws":  # needs hypothesis
        import gamelab.testing.draws as found

        return found
    import gamelab.testing.laws as laws
    from gamelab.testing.adapters import solver_named
    from gamelab.testing.bimatrix import Bimatrix
    from gamelab.testing.oracles import exact_equilibria
    from gamelab.testing.solver_check import check_solver
    from gamelab.testing.solvers import Solver

    opened = (laws, solver_named, Bimatrix, exact_equilibria, check_solver, Solver)
    names = ("laws", "solver_named", "Bimatrix", "exact_equilibria", "check_solver", "Solver")
    globals().update(zip(names, opened, strict=True))
    return globals()[name]


def __dir__() -> list[str]:
    return __all__
