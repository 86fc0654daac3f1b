"""Draws of scenarios in which several arrangements of a small payoff table are compared."""

from __future__ import annotations

import dataclasses
from typing import Any

from gamelab.testing.compared import ScenarioDescription
from gamelab.testing.descriptions import GameDescription, StageDescription
from gamelab.testing.draws import repeated_games
from gamelab.testing.draws.drawing import Draw, noted, st

PROFILES = ("grim", "always_cooperate", "stage_nash", ["grim", "always_cooperate"])
"""What a file may list: names whose meaning does not hang on the labels of actions."""


@st.composite
def _stage(draw: Any) -> StageDescription:
    """Draw a table in whole numbers: any, or one that pays where both do the same."""
    sizes = draw(st.sampled_from([(2, 2), (2, 3), (3, 3)]))
    meeting = draw(st.booleans(), label="pays where both do the same")
    payoffs: Any = [
        [
            [
                draw(st.integers(2, 6) if meeting and a == b else st.integers(0, 1 if meeting else 5))
                for _ in "12"
            ]
            for b in range(sizes[1])
        ]
        for a in range(sizes[0])
    ]
    agreed = {"agreement": ["1", "1"]} if draw(st.integers(0, 3)) < 3 else {}
    return StageDescription("normal_form", {"payoffs": payoffs, **agreed, "fallback": ["2", "2"]})


@st.composite
def _compared(draw: Any, payers: tuple[str, ...], apart: bool) -> ScenarioDescription:
    stage = draw(_stage())
    agreed = "agreement" in stage.settings
    game = GameDescription(stage, draw(repeated_games.times()))

    def profiles(*more: Any) -> dict[str, Any]:
        names = st.sampled_from([*PROFILES, *more] if agreed else ["stage_nash"])
        listed = draw(st.lists(names, max_size=2, unique_by=str))
        return {"profiles": listed} if listed else {}

    arrangements: dict[str, Any] = {"none": profiles() if draw(st.integers(0, 2)) == 2 else {}}
    if agreed:
        watch = {"detection": draw(st.sampled_from([1, 0.5])), "false_alarm": draw(st.sampled_from([0, 0.1]))}
        watch |= {"cost": draw(st.sampled_from([0, 0.25, 1])), "paid_by": draw(st.sampled_from(payers))}
        ladder = {"fines": [draw(st.integers(1, 6))], "cost_per_act": draw(st.sampled_from([0, 0.25]))}
        ladder |= {"paid_by": draw(st.sampled_from(payers))}
        institutions = {"monitoring": watch, "graduated_sanctions": ladder}
        arrangements["fined"] = {"institutions": institutions, **profiles("comply")}
    arrangements["understanding"] = profiles()
    set_up = {"cost": draw(st.integers(0, 3)), "paid_by": draw(st.sampled_from(payers))}
    arrangements[draw(st.sampled_from(list(arrangements)[1:]))]["set_up"] = set_up
    accounting = draw(st.sampled_from([{}, {"public_funds": 0.25}])) if apart else {}
    return ScenarioDescription(game, arrangements, accounting)


def compared_scenarios(*, accounts: bool = True) -> Draw[ScenarioDescription]:
    """Draw a scenario with a baseline, with fines where something is agreed, and with an understanding.

    Parameters
    ----------
    accounts : bool
        Whether others than the players may pay and be paid.
    """
    payers = ("participants", "authority") if accounts else ("participants",)
    return noted(_compared(payers, accounts))


def with_stage(described: ScenarioDescription, **settings: Any) -> ScenarioDescription:
    """Return a scenario whose stage game has other settings."""
    stage = dataclasses.replace(described.game.stage, settings={**described.game.stage.settings, **settings})
    return dataclasses.replace(described, game=dataclasses.replace(described.game, stage=stage))
