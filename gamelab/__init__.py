"""gamelab: experiments with institutions in repeated games.

The public names are here; each is imported when it is first used, so that ``import gamelab`` stays fast.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from gamelab.errors import GameError, GamelabError, GamelabWarning, InputError
    from gamelab.experiment import (
        certify,
        check,
        critical_discount_factor,
        on_grid,
        run,
        sustainable_discount_factors,
        value,
    )
    from gamelab.experiment import load_scenario as load
    from gamelab.institutions import (
        altruism,
        convention,
        graduated_sanctions,
        monitoring,
        public_signal,
        transparency,
    )
    from gamelab.model.automaton import Automaton
    from gamelab.model.exactness import exactly
    from gamelab.model.game import Game
    from gamelab.model.information import repeated
    from gamelab.model.record_files import read_records
    from gamelab.simulate.evolution.best_response import best_response_dynamics
    from gamelab.simulate.evolution.dynamics import discrete_replicator, logit_dynamics, replicator
    from gamelab.simulate.evolution.finite_population import evolve
    from gamelab.simulate.evolution.fixation import fixation
    from gamelab.simulate.evolution.population_chain import population_chain
    from gamelab.simulate.evolution.rest_points import rest_points
    from gamelab.simulate.learning.learning import learn
    from gamelab.simulate.learning.quantal_response import quantal_response
    from gamelab.simulate.matches.matches import simulate
    from gamelab.simulate.population.contagion import contagion
    from gamelab.simulate.population.population import rematch
    from gamelab.simulate.population.standing import standing
    from gamelab.simulate.tournament.tournament import tournament
    from gamelab.solve.bimatrix import stage_equilibria
    from gamelab.stages import battle, normal_form, prisoners_dilemma, time_inconsistency
    from gamelab.stages.nfg import read_nfg
    from gamelab.stages.nfg_writing import write_nfg

_HOME = {
    "GameError": "gamelab.errors",
    "GamelabError": "gamelab.errors",
    "GamelabWarning": "gamelab.errors",
    "InputError": "gamelab.errors",
    "Automaton": "gamelab.model.automaton",
    "exactly": "gamelab.model.exactness",
    "Game": "gamelab.model.game",
    "repeated": "gamelab.model.information",
    "battle": "gamelab.stages",
    "normal_form": "gamelab.stages",
    "prisoners_dilemma": "gamelab.stages",
    "read_nfg": "gamelab.stages.nfg",
    "read_records": "gamelab.model.record_files",
    "write_nfg": "gamelab.stages.nfg_writing",
    "time_inconsistency": "gamelab.stages",
    "altruism": "gamelab.institutions",
    "contagion": "gamelab.simulate.population.contagion",
    "convention": "gamelab.institutions",
    "graduated_sanctions": "gamelab.institutions",
    "monitoring": "gamelab.institutions",
    "public_signal": "gamelab.institutions",
    "transparency": "gamelab.institutions",
    "certify": "gamelab.experiment",
    "check": "gamelab.experiment",
    "critical_discount_factor": "gamelab.experiment",
    "learn": "gamelab.simulate.learning.learning",
    "load": "gamelab.experiment",
    "on_grid": "gamelab.experiment",
    "quantal_response": "gamelab.simulate.learning.quantal_response",
    "rematch": "gamelab.simulate.population.population",
    "run": "gamelab.experiment",
    "simulate": "gamelab.simulate.matches.matches",
    "best_response_dynamics": "gamelab.simulate.evolution.best_response",
    "discrete_replicator": "gamelab.simulate.evolution.dynamics",
    "logit_dynamics": "gamelab.simulate.evolution.dynamics",
    "replicator": "gamelab.simulate.evolution.dynamics",
    "evolve": "gamelab.simulate.evolution.finite_population",
    "fixation": "gamelab.simulate.evolution.fixation",
    "population_chain": "gamelab.simulate.evolution.population_chain",
    "rest_points": "gamelab.simulate.evolution.rest_points",
    "stage_equilibria": "gamelab.solve.bimatrix",
    "standing": "gamelab.simulate.population.standing",
    "sustainable_discount_factors": "gamelab.experiment",
    "tournament": "gamelab.simulate.tournament.tournament",
    "value": "gamelab.experiment",
}
_OTHER_NAMES = {"load": "load_scenario"}

__all__ = [
    "Automaton",
    "Game",
    "GameError",
    "GamelabError",
    "GamelabWarning",
    "InputError",
    "__version__",
    "altruism",
    "battle",
    "best_response_dynamics",
    "certify",
    "check",
    "contagion",
    "convention",
    "critical_discount_factor",
    "discrete_replicator",
    "evolve",
    "exactly",
    "fixation",
    "graduated_sanctions",
    "learn",
    "load",
    "logit_dynamics",
    "monitoring",
    "normal_form",
    "on_grid",
    "population_chain",
    "prisoners_dilemma",
    "public_signal",
    "quantal_response",
    "read_nfg",
    "read_records",
    "rematch",
    "repeated",
    "replicator",
    "rest_points",
    "run",
    "simulate",
    "stage_equilibria",
    "standing",
    "sustainable_discount_factors",
    "time_inconsistency",
    "tournament",
    "transparency",
    "value",
    "write_nfg",
]


class _FrontDoor(ModuleType):
    """Keeps a room from hiding the public name that is spelt like it: ``gl.simulate`` is the function."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (isinstance(value, ModuleType) and name in _HOME):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _FrontDoor


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'gamelab' has no attribute '{name}'")
    found = getattr(importlib.import_module(_HOME[name]), _OTHER_NAMES.get(name, name))
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
