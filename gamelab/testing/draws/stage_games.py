"""Draws of stage games by kind, as descriptions: names and settings that print short."""

from __future__ import annotations

from typing import Any

from gamelab.testing.bimatrix import Bimatrix
from gamelab.testing.descriptions import StageDescription
from gamelab.testing.draws import bimatrices
from gamelab.testing.draws.drawing import Draw, noted, st
from gamelab.testing.draws.payoffs import integers


def _dilemma(game: Bimatrix) -> StageDescription:
    (reward, sucker), (temptation, punishment) = game.A
    settings = dict(temptation=temptation, reward=reward, punishment=punishment, sucker=sucker)
    return StageDescription("prisoners_dilemma", settings)


def prisoners_dilemmas() -> Draw[StageDescription]:
    """Draw prisoner's dilemmas."""
    return noted(bimatrices.prisoners_dilemmas().map(_dilemma))


def _battle(game: Bimatrix) -> StageDescription:
    (high, disagreement), (_, low) = game.A
    return StageDescription("battle", dict(high=high, low=low, disagreement=disagreement))


def battles() -> Draw[StageDescription]:
    """Draw battles."""
    return noted(bimatrices.battles().map(_battle))


def _inconsistency(game: Bimatrix) -> StageDescription:
    (_, cost), value = game.A[0], game.B[0][1]
    payment = value - game.B[0][0]
    return StageDescription("time_inconsistency", dict(value=value, cost=-cost, payment=payment))


def time_inconsistencies() -> Draw[StageDescription]:
    """Draw time inconsistencies: two moves in a round."""
    return noted(bimatrices.time_inconsistencies().map(_inconsistency))


@st.composite
def _tables(draw: Any, players: int, largest: int) -> StageDescription:
    sizes = [draw(st.integers(1 if players == 2 else 2, largest)) for _ in range(players)]
    sizes[0] = max(sizes[0], 2)

    def level(left: list[int]) -> Any:
        if not left:
            return [draw(integers(-4, 6)) for _ in range(players)]
        return [level(left[1:]) for _ in range(left[0])]

    first, second = ["1"] * players, [{"2": 1} if size > 1 else {"1": 1} for size in sizes]
    return StageDescription("normal_form", dict(payoffs=level(sizes), agreement=first, fallback=second))


def tables(players: int = 2, largest: int = 2) -> Draw[StageDescription]:
    """Draw any payoff table; the first action of each is agreed, the second one is the fallback.

    The fallback need not be an equilibrium: what punishes by it may fail.

    Parameters
    ----------
    players : int
    largest : int
        The most actions of each.
    """
    return noted(_tables(players, largest))


def with_agreement() -> Draw[StageDescription]:
    """Draw a stage game that has an agreement."""
    return st.one_of(prisoners_dilemmas(), time_inconsistencies(), tables(), tables(3))


def any_kind() -> Draw[StageDescription]:
    """Draw a stage game of any kind, a prisoner's dilemma first."""
    return st.one_of(with_agreement(), battles())
