"""Cases of laws about comparisons: a scenario, or one before and after a change that a law is about."""

from __future__ import annotations

import dataclasses
from typing import Any

from gamelab.testing.compared import HAIR, ChangedScenario, ScenarioDescription
from gamelab.testing.descriptions import GameDescription, StageDescription
from gamelab.testing.draws.compared_scenarios import PROFILES, compared_scenarios, with_stage
from gamelab.testing.draws.drawing import Draw, noted, st


def comparisons() -> Draw[ScenarioDescription]:
    """Draw a scenario in which several arrangements are compared."""
    return compared_scenarios()


@st.composite
def _relabelled(draw: Any) -> ChangedScenario:
    before = draw(compared_scenarios())
    settings = before.game.stage.settings
    table = settings["payoffs"]
    orders = [draw(st.permutations(range(size))) for size in (len(table), len(table[0]))]
    swapped = draw(st.booleans(), label="swapped")
    table = [[table[a][b] for b in orders[1]] for a in orders[0]]
    named = {
        key: [
            str(order.index(int(label) - 1) + 1) for order, label in zip(orders, settings[key], strict=True)
        ]
        for key in ("agreement", "fallback")
        if key in settings
    }
    arrangements = before.arrangements
    if swapped:
        table = [[row[b][::-1] for row in table] for b in range(len(table[0]))]
        named = {key: labels[::-1] for key, labels in named.items()}
        arrangements = {
            name: own
            | ({"profiles": [_reversed(one) for one in own["profiles"]]} if "profiles" in own else {})
            for name, own in arrangements.items()
        }
    after = dataclasses.replace(with_stage(before, payoffs=table, **named), arrangements=arrangements)
    return ChangedScenario(before, after, f"actions in the orders {orders}", swapped)


def _reversed(profile: Any) -> Any:
    return profile if isinstance(profile, str) else profile[::-1]


def relabelled() -> Draw[ChangedScenario]:
    """Draw a scenario, and the same with actions in another order and perhaps the players' seats swapped."""
    return noted(_relabelled())


def _changed(before: ScenarioDescription, name: str, change: str, **own: Any) -> ChangedScenario:
    arrangements = {**before.arrangements, name: {**before.arrangements[name], **own}}
    return ChangedScenario(before, dataclasses.replace(before, arrangements=arrangements), change)


@st.composite
def _one_listed_more(draw: Any, where: str | None, rule: str) -> ChangedScenario:
    before = dataclasses.replace(draw(compared_scenarios()), selection=rule)
    name = draw(st.sampled_from(list(before.arrangements))) if where is None else where
    listed = before.arrangements[name].get("profiles", [])
    agreed = "agreement" in before.game.stage.settings
    free = [one for one in (PROFILES if agreed else ("stage_nash",)) if one not in listed]
    if not free:
        return ChangedScenario(before, before, "nothing")
    more = draw(st.sampled_from(free))
    return _changed(before, name, f"{more} is listed for {name}", profiles=[*listed, more])


def one_listed_more() -> Draw[ChangedScenario]:
    """Draw a scenario, and the same with one more profile listed for some arrangement, as its last."""
    return noted(_one_listed_more(None, "default"))


def more_in_the_baseline() -> Draw[ChangedScenario]:
    """Draw a scenario under best-equilibrium selection, and the same with one more profile for ``none``."""
    return noted(_one_listed_more("none", "best"))


@st.composite
def _established(draw: Any) -> ChangedScenario:
    before = draw(compared_scenarios())
    name = draw(st.sampled_from(list(before.arrangements)[1:]))
    free = {key: part for key, part in before.arrangements[name].items() if key != "set_up"}
    before = dataclasses.replace(before, arrangements={**before.arrangements, name: free})
    cost = {"cost": draw(st.integers(1, 9)), "paid_by": draw(st.sampled_from(["participants", "authority"]))}
    return _changed(before, name, f"{name} costs {cost['cost']}", set_up=cost)


def established() -> Draw[ChangedScenario]:
    """Draw a scenario, and the same where establishing one of its arrangements costs something."""
    return noted(_established())


@st.composite
def _duplicated(draw: Any) -> ChangedScenario:
    """Copy the last action of a player, which nothing is agreed about, under another name."""
    before = draw(compared_scenarios())
    table = before.game.stage.settings["payoffs"]
    player = draw(st.integers(0, 1))
    table = [row if player == 0 else [*row, row[-1]] for row in table]
    table = [*table, table[-1]] if player == 0 else table
    return ChangedScenario(before, with_stage(before, payoffs=table), f"player {player + 1} has it twice")


def duplicated() -> Draw[ChangedScenario]:
    """Draw a scenario, and the same where one player has an action under two names."""
    return noted(_duplicated())


@st.composite
def _moved_by_a_hair(draw: Any) -> ChangedScenario:
    """Draw two ways to meet between which the first player hardly cares, and move one payoff of theirs."""
    same, amount = draw(st.integers(2, 4)), st.integers(2, 4)
    rows: Any = [[[same, draw(amount)], [0, 0]], [[0, 0], [same, draw(amount)]]]
    settings = {"payoffs": rows, "agreement": ["1", "1"], "fallback": ["2", "2"]}
    game = GameDescription(StageDescription("normal_form", settings), {"discount_factor": 0.5})
    institutions = {
        "monitoring": {"detection": 1, "cost": draw(st.sampled_from([0.25, 0.5]))},
        "graduated_sanctions": {"fines": [draw(st.integers(1, 6))]},
    }
    arrangements: dict[str, Any] = {
        "none": {},
        "fined": {"institutions": institutions, "profiles": ["comply"]},
        "understanding": {"profiles": ["grim"]},
    }
    before = ScenarioDescription(game, arrangements)
    place, sign = draw(st.integers(0, 1)), draw(st.sampled_from([1, -1]))
    moved = [[list(cell) for cell in row] for row in rows]
    moved[place][place][0] += sign * HAIR
    return ChangedScenario(before, with_stage(before, payoffs=moved), f"a payoff is moved by {sign * HAIR}")


def moved_by_a_hair() -> Draw[ChangedScenario]:
    """Draw a scenario in which only players pay and are paid, and the same with one payoff hardly moved."""
    return noted(_moved_by_a_hair())
