"""Selection rules: which of them a game does not admit, and why."""

from __future__ import annotations

from gamelab.errors import InputError
from gamelab.expressions import dotted
from gamelab.model.game import Game
from gamelab.scenario.document import Scenario
from gamelab.solve.potential import broken_cycle


def admit(scenario: Scenario, arrangement: str, game: Game) -> None:
    """Raise InputError, located at the rule, where a game does not admit its arrangement's selection rule."""
    why = _why_not(scenario.selection[arrangement], game)
    if why:
        own = ("arrangements", arrangement, "selection")
        written = "selection" in scenario.arrangement_keys(arrangement)
        keys = own if written else ("selection",)
        raise InputError(scenario.problem(why, dotted(keys), scenario.at(*keys)))


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
