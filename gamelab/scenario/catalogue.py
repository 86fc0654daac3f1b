"""What a scenario can name: stage games, institutions, strategies, and the settings of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gamelab.institutions import INSTITUTIONS as OUR_INSTITUTIONS
from gamelab.model.information import repeated
from gamelab.model.plug_ins import WithOthers
from gamelab.model.settings import Setting, settings_of
from gamelab.scenario.simulation import simulation
from gamelab.stages import STAGES as OUR_STAGES
from gamelab.strategies import ALIASES
from gamelab.strategies.profile import ALL as STRATEGIES

__all__ = ["ALIASES", "INSTITUTIONS", "STAGES", "STRATEGIES"]

Plugin = Callable[..., Any]

STAGES = WithOthers("stages", OUR_STAGES)
INSTITUTIONS = WithOthers("institutions", OUR_INSTITUTIONS)

FORMAT = 1
BASELINE = "none"
TIME = ("discount_factor", "continuation_probability", "rounds")
PREFERENCES = ("altruism",)
SELECTIONS = ("best", "symmetric")
SYNONYMS = {
    "delta": "discount_factor", "beta": "discount_factor", "discount": "discount_factor",
    "patience": "discount_factor", "horizon": "rounds", "periods": "rounds", "repetitions": "rounds",
    ">": "above", "<": "below", ">=": "at_least", "<=": "at_most", "=": "equals", "==": "equals",
    "PD": "prisoners_dilemma", "bimatrix": "normal_form", "matrix": "normal_form",
    "strategies": "profiles", "strategy": "profile", "description": "about", "name": "title",
    "reference": "source", "tests": "claims", "monitor": "monitoring", "sanctions": "graduated_sanctions",
}  # fmt: skip
"""What others call the things that a scenario can name."""


def time_settings() -> dict[str, Setting]:
    """Return the settings of the section ``time``."""
    return {setting.name: setting for setting in settings_of(repeated) if setting.name in TIME}


def information_settings() -> dict[str, Setting]:
    """Return the settings of the section ``information``."""
    return {setting.name: setting for setting in settings_of(repeated) if setting.name not in TIME}


def preference_settings() -> dict[str, Setting]:
    """Return the settings of the section ``preferences``: the weight of each, 0 where it is not written."""
    found = {}
    for name in PREFERENCES:
        weight = settings_of(INSTITUTIONS[name])[0]
        found[name] = Setting(name, "number", 0, weight.range, about=weight.about)
    return found


def simulate_settings() -> dict[str, Setting]:
    """Return the settings of the section ``simulate``."""
    return {setting.name: setting for setting in settings_of(simulation)}


def stage_settings(kind: str) -> dict[str, Setting]:
    """Return the settings of a stage game; the players stand at the scenario's top level."""
    return {setting.name: setting for setting in settings_of(STAGES[kind]) if setting.name != "players"}


def institutions() -> dict[str, Plugin]:
    """Return the institutions that an arrangement can have."""
    return {name: plugin for name, plugin in INSTITUTIONS.items() if name not in PREFERENCES}


def institution_settings(name: str) -> dict[str, Setting]:
    """Return the settings of an institution."""
    return {setting.name: setting for setting in settings_of(INSTITUTIONS[name])}


def strategy_name(name: str) -> str:
    """Return the strategy that a name or an alias of the field stands for."""
    return ALIASES.get(name, name)


def strategy_names() -> list[str]:
    """Return every name that is accepted for a strategy."""
    return [*STRATEGIES, *ALIASES]


def strategy_settings(name: str) -> dict[str, Setting]:
    """Return the settings of a strategy."""
    return {setting.name: setting for setting in settings_of(STRATEGIES[strategy_name(name)])}
