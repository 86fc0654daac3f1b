"""Draws of repeated games: time, information, institutions in admissible stacks, and profiles by name."""

from __future__ import annotations

import dataclasses
from typing import Any

from gamelab.errors import GameError
from gamelab.institutions import INSTITUTIONS
from gamelab.model.game import Game
from gamelab.model.settings import settings_of
from gamelab.strategies import STRATEGIES
from gamelab.testing.descriptions import GameDescription, StageDescription
from gamelab.testing.draws import stage_games
from gamelab.testing.draws.drawing import Draw, noted, st

NAMED: list[Any] = [
    "always_defect",
    "always_cooperate",
    "comply",
    "grim",
    "stage_nash",
    "tit_for_tat",
    "win_stay_lose_shift",
    "penance",
    "tit_for_two_tats",
    "two_tits_for_tat",
    "turn_taking",
    "insist",
    "honour",
    "renege",
    {"limited_punishment": {"rounds": 2}},
    {"generous_tit_for_tat": {"generosity": 0.25}},
    {"memory_one": {"cc": 1, "cd": 0.25, "dc": 0, "dd": 0.5}},
    {"comply_until": {"level": 1}},
]
"""Strategies that are drawn by name, the plainest first."""
STRIDE = 7
"""How far the next one to try stands where a game refuses one; neighbours it would refuse, too."""


def chances(low: float = 0, high: float = 1) -> Draw[float]:
    """Draw probabilities in steps of 1/20, the ends often."""
    steps = st.integers(0, round((high - low) * 20)).map(lambda k: round(low + k / 20, 2))
    return st.sampled_from([low, high]) | steps


def amounts(high: float = 3) -> Draw[float]:
    """Draw costs and fines in quarters, shrinking to 0."""
    return st.integers(0, int(high * 4)).map(lambda k: k / 4)


def discount_factors() -> Draw[float]:
    """Draw discount factors from 0 to 0.95."""
    return st.sampled_from([0.5, 0.9, 0.0]) | chances(0, 0.95)


def times(open_ended: bool | None = None) -> Draw[dict[str, Any]]:
    """Draw the settings of the section ``time``; open-ended, finite, or either."""
    endless = st.fixed_dictionaries({"discount_factor": discount_factors()})
    finite = st.fixed_dictionaries({"rounds": st.integers(1, 3)}, optional={"discount_factor": chances()})
    return {True: endless, False: finite, None: endless | finite}[open_ended]


def informations(observe: tuple[str, ...] = ("public", "none", "private")) -> Draw[dict[str, Any]]:
    """Draw the settings of the section ``information``."""
    noise = st.sampled_from([0.05, 0.1, 0.25])
    return st.fixed_dictionaries(
        {"observe": st.sampled_from(observe)}, optional={"misreading": noise, "tremble": noise}
    )


def conventions() -> Draw[dict[str, Any]]:
    """Draw settings of a convention; rotating and drawing lots need no player's name."""
    return st.fixed_dictionaries(
        {},
        optional={"rule": st.sampled_from(["rotate", "lottery"]), "cost": amounts(1), "paid_by": _payers()},
    )


def monitorings() -> Draw[dict[str, Any]]:
    """Draw settings of monitoring, detection at least as likely as false alarm."""

    def ordered(drawn: dict[str, Any]) -> dict[str, Any]:
        alarm = drawn.get("false_alarm", 0)
        return drawn | {"detection": max(drawn["detection"], alarm)}

    optional = {"false_alarm": chances(0, 0.5), "paid_by": _payers()}
    required = {"detection": chances(), "cost": amounts(1)}
    return st.fixed_dictionaries(required, optional=optional).map(ordered)


def public_signals() -> Draw[dict[str, Any]]:
    """Draw settings of a public signal: the good one never more likely after more deviations."""
    falling = st.lists(chances(), min_size=2, max_size=3).map(lambda drawn: sorted(drawn, reverse=True))
    return st.fixed_dictionaries({"good": falling, "cost": amounts(1)}, optional={"paid_by": _payers()})


def ladders(repeating: bool | None = None) -> Draw[dict[str, Any]]:
    """Draw settings of graduated sanctions: fines that never fall.

    Parameters
    ----------
    repeating : bool, optional
        Whether the ladder repeats its last step, or ends all; either where it is not said.
    """
    optional: dict[str, Draw[Any]] = {
        "forgiveness": chances(),
        "enforcement": chances(),
        "paid_to": st.sampled_from(["nobody", "others", "authority"]),
        "cost_per_act": amounts(1),
        "paid_by": _payers(),
    }
    if repeating is None:
        optional["after_last"] = st.sampled_from(["repeat", "end"])
    elif not repeating:
        optional["after_last"] = st.just("end")
    fines = st.lists(amounts(), min_size=1, max_size=2).map(sorted)
    return st.fixed_dictionaries({"fines": fines}, optional=optional)


def transparencies() -> Draw[dict[str, Any]]:
    """Draw settings of transparency."""
    optional = {"reach": chances(), "misreading": chances(0, 0.5), "paid_by": _payers()}
    return st.fixed_dictionaries({"cost": amounts(1)}, optional=optional)


def _payers() -> Draw[str]:
    return st.sampled_from(["participants", "authority"])


@st.composite
def stacks(draw: Any, agreement: bool = True, sanctions: bool = True) -> dict[str, dict[str, Any]]:
    """Draw institutions with settings, in an order that is allowed.

    A convention comes first and only where nothing is agreed; sanctions come after monitoring or a signal;
    transparency stands anywhere.

    Parameters
    ----------
    agreement : bool
        Whether the stage game has an agreement of its own.
    sanctions : bool
        Whether a ladder may be there: it multiplies states and outcomes.
    """
    chosen: list[tuple[str, dict[str, Any]]] = []
    agreed = agreement
    if not agreed and draw(st.booleans(), label="convention"):
        chosen.append(("convention", draw(conventions())))
        agreed = True
    if agreed and draw(st.booleans(), label="findings"):
        joint = draw(st.sampled_from([False, False, True]), label="joint signal")
        chosen.append(
            ("public_signal", draw(public_signals())) if joint else ("monitoring", draw(monitorings()))
        )
        if sanctions and draw(st.booleans(), label="sanctions"):
            chosen.append(("graduated_sanctions", draw(ladders())))
    if draw(st.booleans(), label="transparency"):
        place = draw(st.integers(0, len(chosen)), label="place")
        chosen.insert(place, ("transparency", draw(transparencies())))
    return {name: in_order(INSTITUTIONS[name], settings) for name, settings in chosen}


def in_order(plugin: Any, settings: dict[str, Any]) -> dict[str, Any]:
    """Return settings in the order in which a plug-in declares them."""
    names = [setting.name for setting in settings_of(plugin)]
    return dict(sorted(settings.items(), key=lambda item: names.index(item[0])))


@st.composite
def _described(
    draw: Any, stage: StageDescription | None, open_ended: bool | None, profile: bool
) -> GameDescription:
    stage = draw(stage_games.any_kind()) if stage is None else stage
    table = stage.kind == "normal_form"
    small = not (table and len(stage.settings["agreement"]) > 2)
    information = draw(informations() if small else informations(("public", "none")))
    if not small:
        information.pop("tremble", None)
    institutions = draw(stacks(agreement=stage.kind != "battle", sanctions=small))
    weight = draw(st.sampled_from([0, 0, 0.25, 1]), label="altruism")
    described = GameDescription(stage, draw(times(open_ended)), information, institutions, weight)
    try:
        game = described.build()
    except GameError:  # too large, or nothing that a convention could recommend
        described = dataclasses.replace(described, institutions={})
        game = described.build()
    if not profile:
        return described
    return dataclasses.replace(described, profile=draw(profiles(game)))


def games(
    stage: StageDescription | None = None, *, open_ended: bool | None = None, profile: bool = True
) -> Draw[GameDescription]:
    """Draw a repeated game as a description, with a profile by name that it allows.

    Parameters
    ----------
    stage : StageDescription, optional
        The stage game; without it any.
    open_ended : bool, optional
        Open-ended or finite; either where it is not said.
    profile : bool
        Whether a profile is drawn.
    """
    return noted(_described(stage, open_ended, profile))


@st.composite
def profiles(draw: Any, game: Game) -> list[Any]:
    """Draw a strategy for each player by name, of those that the game allows; all alike half of the time."""
    first = draw(st.sampled_from(NAMED), label="strategy")
    own = [_allowed(game, 0, first)]
    alike = draw(st.booleans(), label="all alike")
    for player in range(1, game.n):
        wanted = own[0] if alike else draw(st.sampled_from(NAMED), label="strategy")
        own.append(_allowed(game, player, wanted))
    return own


def _allowed(game: Game, player: int, wanted: Any) -> Any:
    """Return the wanted strategy, or another one that the game allows."""
    start = NAMED.index(wanted)
    for step in range(len(NAMED)):
        strategy = NAMED[(start + STRIDE * step) % len(NAMED)]
        ((name, settings),) = strategy.items() if isinstance(strategy, dict) else ((strategy, {}),)
        try:
            STRATEGIES[name](game, player, **settings)
        except GameError:
            continue
        return strategy
    raise GameError("no strategy can be played here", "profile")
