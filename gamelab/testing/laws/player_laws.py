"""Laws about players who differ: one number stands for all, and a player is a name with its settings."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from gamelab.institutions import INSTITUTIONS
from gamelab.model.game import Game
from gamelab.model.information import repeated
from gamelab.model.settings import settings_of
from gamelab.stages import STAGES
from gamelab.testing.descriptions import GameDescription
from gamelab.testing.laws.drawn import apart, drawn, tight
from gamelab.testing.laws.engines import Engines, GameLaw, on_another_game


def _one_number(engines: Engines, case: GameDescription) -> str | None:
    game, spelled = case.build(), spelled_out(case).build()
    apiece = np.broadcast_to(game.discount_factor, (*game.discount_factor.shape[:2], game.n))
    for words, other in (
        ("with every number written for each player", spelled),
        ("with a discount factor for each player", game.replace(discount_factor=np.array(apiece))),
    ):
        differs = _differs(engines, (game, other), (case.automata(game), case.automata(other)), case.players)
        if differs:
            return f"{differs[0]}, {words} {differs[1]}"
    return None


def _swapped(engines: Engines, case: GameDescription) -> str | None:
    other = swapped(case)
    games = case.build(), other.build()
    automata = case.automata(games[0]), other.automata(games[1])
    differs = _differs(engines, games, automata, case.players)
    return f"{differs[0]}, with the players' seats swapped {differs[1]}" if differs else None


def _differs(engines: Engines, games: Any, automata: Any, players: Any) -> tuple[str, str] | None:
    """Return in which number two games differ, by players' names, and what it is in the other one."""
    values = [engines.value(*pair) for pair in zip(games, automata, strict=True)]
    for line in values[0].ledger:
        by_name = [dict(zip(each.accounts, each.ledger[line].tolist(), strict=True)) for each in values]
        for account in by_name[0]:
            if apart(by_name[0][account], by_name[1][account]):
                pair = f"{by_name[0][account]:.9g}", f"{by_name[1][account]:.9g}"
                return f"{line} of {account} is {pair[0]}", pair[1]
    certificates = [engines.certify(*pair) for pair in zip(games, automata, strict=True)]
    for name in ("max_gain", "best_response_gain", "lower", "upper"):
        numbers = [float(getattr(each, name)) for each in certificates]
        if apart(*numbers):
            return f"{name} is {numbers[0]:.9g}", f"{numbers[1]:.9g}"
    verdicts = [str(each.verdict) for each in certificates]
    if verdicts[0] != verdicts[1] and not tight(certificates[0]):
        return f"the verdict is {verdicts[0]}", verdicts[1]
    return None


def spelled_out(case: GameDescription) -> GameDescription:
    """Return a description in which every number that players may differ in is written for each of them."""

    def each(plugin: Any, settings: Mapping[str, Any]) -> dict[str, Any]:
        apiece = {setting.name for setting in settings_of(plugin) if setting.by_player}
        return {
            name: dict.fromkeys(case.players, given)
            if name in apiece and not isinstance(given, Mapping)
            else given
            for name, given in settings.items()
        }

    stage = dataclasses.replace(case.stage, settings=each(STAGES[case.stage.kind], case.stage.settings))
    weight = case.altruism
    return dataclasses.replace(
        case,
        stage=stage,
        time=each(repeated, case.time),
        information=each(repeated, case.information),
        institutions={name: each(INSTITUTIONS[name], own) for name, own in case.institutions.items()},
        altruism=weight if not weight or isinstance(weight, Mapping) else dict.fromkeys(case.players, weight),
    )


def swapped(case: GameDescription) -> GameDescription:
    """Return a game of two players who change seats, each with the own settings and strategy."""
    stage = dataclasses.replace(
        case.stage, settings={**case.stage.settings, "players": list(case.players[::-1])}
    )
    return dataclasses.replace(case, stage=stage, profile=list(case.profile)[::-1])


# -------------------------------------------------------------------------------------------- wrong engines


def _as_the_first(game: Game) -> Game:
    """Discount what everybody gets as the first player does."""
    return game.replace(discount_factor=game.discount_factor[..., :1])


def _all_together(game: Game) -> Game:
    """Discount by all players' factors at once where there is one for each."""
    together = game.discount_factor.prod(axis=2, keepdims=True)
    return game.replace(discount_factor=together) if game.discount_factor.shape[2] > 1 else game


PLAYER_LAWS: tuple[GameLaw, ...] = (
    GameLaw(
        "one number for all", "one number is the same number for every player: with either, games have the "
        "same values and certificates",
        "definition of a setting by player", _one_number, drawn("any_games"), on_another_game(_all_together),
    ),
    GameLaw(
        "swapped seats", "players who change seats in a symmetric dilemma, each with the own settings and "
        "strategy, get what they got",
        "seats have no meaning of their own", _swapped, drawn("who_differ"), on_another_game(_as_the_first),
    ),
)  # fmt: skip
"""Laws about numbers by player."""
