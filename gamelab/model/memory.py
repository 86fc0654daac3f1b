"""Memory: what a function finds of a game is found once, and kept only as long as the game is."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

from gamelab.model.game import Game

Answer = TypeVar("Answer")


def once(function: Callable[[Game], Answer]) -> Callable[[Game], Answer]:
    """Let a function of a game answer from memory when it is asked again.

    Games never change. The answer must not hold the game, or neither would ever be freed; and whoever gets it
    must not write to it.
    """
    known: WeakKeyDictionary[Game, Answer] = WeakKeyDictionary()

    @functools.wraps(function)
    def found(game: Game) -> Answer:
        if game not in known:
            known[game] = function(game)
        return known[game]

    return found
