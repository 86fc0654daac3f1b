"""Adapters: solvers by name - ours, those of other packages where installed, and a function of one's own."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gamelab.errors import InputError, listed, nearest
from gamelab.testing.solvers import DEMANDS, Demand, Solver


def _ours(A: Any, B: Any) -> Any:
    from gamelab.solve.bimatrix import stage_equilibria

    return stage_equilibria(A, B)


def _nashpy(algorithm: str) -> Callable[[Any, Any], Any]:
    def solve(A: Any, B: Any) -> Any:
        import nashpy

        return getattr(nashpy.Game(A, B), algorithm)()

    return solve


def _quantecon(algorithm: str) -> Callable[[Any, Any], Any]:
    def solve(A: Any, B: Any) -> Any:
        from quantecon import game_theory as theory

        game = theory.NormalFormGame([theory.Player(A), theory.Player(B.T.copy())])
        equilibria = getattr(theory, algorithm)(game)
        return [equilibria] if algorithm == "lemke_howson" else equilibria

    return solve


def _gambit(algorithm: str) -> Callable[[Any, Any], Any]:
    def solve(A: Any, B: Any) -> Any:
        import pygambit

        game = pygambit.Game.from_arrays(A, B)
        result = getattr(pygambit.nash, algorithm)(game)
        return [
            tuple([float(profile[action]) for action in player.strategies] for player in game.players)
            for profile in getattr(result, "equilibria", result)
        ]

    return solve


KNOWN: dict[str, tuple[str, Callable[[Any, Any], Any], Demand]] = {
    "gamelab": ("gamelab", _ours, "all"),
    "nashpy.vertex_enumeration": ("nashpy", _nashpy("vertex_enumeration"), "all"),
    "nashpy.support_enumeration": ("nashpy", _nashpy("support_enumeration"), "generic"),
    "nashpy.lemke_howson_enumeration": ("nashpy", _nashpy("lemke_howson_enumeration"), "one"),
    "quantecon.vertex_enumeration": ("quantecon", _quantecon("vertex_enumeration"), "generic"),
    "quantecon.support_enumeration": ("quantecon", _quantecon("support_enumeration"), "generic"),
    "quantecon.lemke_howson": ("quantecon", _quantecon("lemke_howson"), "one"),
    "pygambit.enummixed_solve": ("pygambit", _gambit("enummixed_solve"), "all"),
    "pygambit.lcp_solve": ("pygambit", _gambit("lcp_solve"), "one"),
}
"""Package, function and what is asked of each solver that has a name.

Vertex enumeration lists all extreme equilibria, degenerate games included (Mangasarian 1964), so that is
asked of it; quantecon's says that it is for games that are not degenerate. Supports of equal size are enough
in those only. Lemke-Howson finds one, or a few.
"""


def solver_named(name: str, demand: str | None = None) -> Solver:
    """Return a solver by name, or ``module:function`` from an importable module or one in this folder.

    Parameters
    ----------
    name : str
    demand : str, optional
        What to ask of it, in place of what it is known for (``all`` for a function of one's own).

    Raises
    ------
    InputError
        For an unknown name, a module or function that is not there, or a package that is not installed.

    Examples
    --------
    >>> solver_named("nashpy.support_enumeration").demand
    'generic'
    """
    chosen = next((known for known in DEMANDS if known == demand), None)
    if demand is not None and chosen is None:
        raise InputError(f"'{demand}' cannot be asked for; write {listed(DEMANDS)}{nearest(demand, DEMANDS)}")
    if ":" in name:
        return Solver(_function(name), name, chosen or "all")
    if name not in KNOWN:
        hint = nearest(name, KNOWN) or f"; write {listed([*KNOWN, 'module:function'])}"
        raise InputError(f"no solver is called '{name}'{hint}")
    package, solve, asked = KNOWN[name]
    if importlib.util.find_spec(package) is None:
        raise InputError(f"'{name}' needs the package {package}: pip install {package}")
    return Solver(solve, name, chosen or asked, exact=package == "gamelab")


def _function(name: str) -> Callable[[Any, Any], Any]:
    module_name, _, attribute = name.partition(":")
    here = str(Path.cwd())
    added = here not in sys.path
    if added:
        sys.path.insert(0, here)
    try:
        __import__(module_name)
        value = sys.modules[module_name]
    except (ImportError, ValueError) as error:
        raise InputError(f"module '{module_name}' cannot be imported: {error}") from None
    except Exception as error:
        raise InputError(f"module '{module_name}' fails: {type(error).__name__}: {error}") from None
    finally:
        if added:
            sys.path.remove(here)
    for part in attribute.split("."):
        if not hasattr(value, part):
            hint = nearest(part, [known for known in vars(value) if not known.startswith("_")])
            raise InputError(f"module '{module_name}' has no function '{attribute}'{hint}")
        value = getattr(value, part)
    if not callable(value):
        raise InputError(f"'{attribute}' of module '{module_name}' is not a function")
    return value
