"""Admission: whether a game admits the terms, the set-up costs and the selection of its arrangement."""

from __future__ import annotations

import numpy as np

from gamelab.errors import InputError, Problem
from gamelab.expressions import dotted
from gamelab.model.game import Game
from gamelab.scenario.assembly import check_accounts, terms_of
from gamelab.scenario.catalogue import BASELINE
from gamelab.scenario.document import Scenario
from gamelab.scenario.values import Values
from gamelab.solve.potential import broken_cycle


def admit(values: Values, arrangement: str, game: Game) -> None:
    """Raise InputError, located in the file, for terms, set-up costs or a rule that a game does not admit."""
    check_accounts(values, arrangement, game)
    scenario, stated = values.scenario, terms_of(values).discount_factor
    if stated is not None and game.rounds is None and np.any(np.asarray(stated) >= 1):
        entry = scenario.entries["accounting.discount_factor"]
        at = None if values.overridden(entry) else entry.at
        message = "must be below 1 in an open-ended game, where undiscounted payoffs have no sum"
        raise InputError(scenario.problem(message, entry.path, at))
    why = _why_not(scenario.selection[arrangement], game)
    if why:
        own = ("arrangements", arrangement, "selection")
        keys = own if "selection" in scenario.arrangement_keys(arrangement) else ("selection",)
        raise InputError(scenario.problem(why, dotted(keys), scenario.at(*keys)))


def of_baseline(scenario: Scenario) -> list[Problem]:
    """Return what the baseline has and no baseline can have."""
    name = BASELINE
    reasons = {"institutions": "has no institution", "set_up": "costs nothing to establish"}
    written = {
        "institutions": scenario.institutions[name],
        "set_up": "set_up" in scenario.arrangement_keys(name),
    }
    return [
        scenario.problem(
            f"the baseline '{name}' {reason}; give this arrangement another name",
            f"arrangements.{name}.{key}",
            scenario.at("arrangements", name, key),
        )
        for key, reason in reasons.items()
        if written[key]
    ]


def _why_not(rule: str, game: Game) -> str | None:
    if rule == "risk_dominant" and game.n != 2:
        return f"risk_dominant compares candidates of two players, and here are {game.n}"
    if rule != "potential":
        return None
    if not game.ends_round.all():
        return "potential is for games in which everybody moves at once"
    cycle = broken_cycle(game)
    if cycle is None:
        return None
    around = " -> ".join(f"({profile})" for profile in [*cycle, cycle[0]])
    return f"the stage game has no exact potential: along {around} the gains do not add up to 0"
