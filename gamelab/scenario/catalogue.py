"""What a scenario can name: stage games, institutions, strategies, and the settings of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from gamelab.institutions import INSTITUTIONS as OUR_INSTITUTIONS
from gamelab.model.information import repeated
from gamelab.model.plug_ins import WithOthers
from gamelab.model.settings import Setting, settings_of
from gamelab.scenario.accounting import accounting, set_up
from gamelab.scenario.simulation import simulation
from gamelab.stages import STAGES as OUR_STAGES
from gamelab.strategies import ALIASES
from gamelab.strategies.profile import ALL as STRATEGIES

__all__ = ["ALIASES", "INSTITUTIONS", "STAGES", "STRATEGIES"]

Plugin = Callable[..., Any]
Plugins = tuple[tuple[str, Plugin], ...]
"""The plug-ins of one group by name."""

STAGES = WithOthers("stages", OUR_STAGES)
INSTITUTIONS = WithOthers("institutions", OUR_INSTITUTIONS)

FORMAT = 1
BASELINE = "none"
TIME = ("discount_factor", "continuation_probability", "rounds")
PREFERENCES = ("altruism",)
DEFAULT = "default"
SELECTIONS = (DEFAULT, "best", "symmetric", "worst", "risk_dominant", "potential")
SYNONYMS = {
    "delta": "discount_factor", "beta": "discount_factor", "discount": "discount_factor",
    "patience": "discount_factor", "horizon": "rounds", "periods": "rounds", "repetitions": "rounds",
    "cooperate": "always_cooperate", "defect": "always_defect", "trigger": "grim", "tat": "tit_for_tat",
    ">": "above", "<": "below", ">=": "at_least", "<=": "at_most", "=": "equals", "==": "equals",
    "PD": "prisoners_dilemma", "bimatrix": "normal_form", "matrix": "normal_form",
    "strategies": "profiles", "strategy": "profile", "description": "about", "name": "title",
    "reference": "source", "tests": "claims", "monitor": "monitoring", "sanctions": "graduated_sanctions",
}  # fmt: skip
"""What others call the things that a scenario can name."""


def plugins(mentioned: Mapping[str, Iterable[str]] | None = None) -> list[Plugins]:
    """Return stage games, institutions and strategies.

    With ``mentioned``, names and aliases by group, only those of these names.
    """
    groups = []
    for group, room in {"stages": STAGES, "institutions": INSTITUTIONS, "strategies": STRATEGIES}.items():
        names = room if mentioned is None else mentioned[group]
        if group == "strategies":
            names = map(strategy_name, names)
        groups.append(tuple((name, room[name]) for name in dict.fromkeys(names) if name in room))
    return groups


def time_settings() -> dict[str, Setting]:
    """Return the settings of the section ``time``."""
    return {setting.name: setting for setting in settings_of(repeated) if setting.name in TIME}


def information_settings() -> dict[str, Setting]:
    """Return the settings of the section ``information``."""
    return {setting.name: setting for setting in settings_of(repeated) if setting.name not in TIME}


def preference_settings() -> dict[str, Setting]:
    """Return the settings of the section ``preferences``: the weight of each, 0 where it is not written."""
    settings = {}
    for name in PREFERENCES:
        settings[name] = replace(settings_of(OUR_INSTITUTIONS[name])[0], name=name, default=0)
    return settings


def simulate_settings() -> dict[str, Setting]:
    """Return the settings of the section ``simulate``."""
    return {setting.name: setting for setting in settings_of(simulation)}


def accounting_settings() -> dict[str, Setting]:
    """Return the settings of the section ``accounting``."""
    return {setting.name: setting for setting in settings_of(accounting)}


def set_up_settings() -> dict[str, Setting]:
    """Return the settings of what it costs to establish an arrangement."""
    return {setting.name: setting for setting in settings_of(set_up)}


def sections() -> dict[str, dict[str, Setting]]:
    """Return the settings of every section of a file that has nothing but settings of its own."""
    return {
        "time": time_settings(),
        "information": information_settings(),
        "preferences": preference_settings(),
        "accounting": accounting_settings(),
    }


def settings_below(group: str, plugin: Plugin) -> dict[str, Setting]:
    """Return the settings that are written below a plug-in's name; a stage game's players stand elsewhere."""
    elsewhere = "players" if group == "stages" else ""
    return {setting.name: setting for setting in settings_of(plugin) if setting.name != elsewhere}


def stage_settings(kind: str) -> dict[str, Setting]:
    """Return the settings of a stage game; the players stand at the scenario's top level."""
    return settings_below("stages", STAGES[kind])


def is_institution(name: str) -> bool:
    """Tell whether an arrangement can have an institution of this name."""
    return name not in PREFERENCES and name in INSTITUTIONS


def institution_names() -> list[str]:
    """Return every name of an institution; none of other packages is loaded for that."""
    return [name for name in INSTITUTIONS.names if name not in PREFERENCES]


def institution_settings(name: str) -> dict[str, Setting]:
    """Return the settings of an institution."""
    return settings_below("institutions", INSTITUTIONS[name])


def strategy_name(name: str) -> str:
    """Return the strategy that a name or an alias of the field stands for."""
    return ALIASES.get(name, name)


def is_strategy(name: str) -> bool:
    """Tell whether a name or an alias stands for a strategy."""
    return name in STRATEGIES or name in ALIASES


def strategy_names() -> list[str]:
    """Return every name and alias of a strategy; none of other packages is loaded for that."""
    return [*STRATEGIES.names, *ALIASES]


def strategy_settings(name: str) -> dict[str, Setting]:
    """Return the settings of a strategy."""
    return settings_below("strategies", STRATEGIES[strategy_name(name)])
