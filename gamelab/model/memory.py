"""Memory: what a function finds of a game is found once, and kept only as long as the game is."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from gamelab.model.game import Game

Answer = TypeVar("Answer")
Rest = ParamSpec("Rest")


def once(function: Callable[Concatenate[Game, Rest], Answer]) -> Callable[Concatenate[Game, Rest], Answer]:
    """Let a function of a game, and of numbers and words, answer from memory when it is asked again.

    Games never change. The answer must not hold the game, or neither would ever be freed; and whoever gets it
    must not write to it.
    """
    known: WeakKeyDictionary[Game, dict[Any, Answer]] = WeakKeyDictionary()

    @functools.wraps(function)
    def answer(game: Game, /, *rest: Rest.args, **named: Rest.kwargs) -> Answer:
        own, key = known.setdefault(game, {}), (rest, *named.items())
        if key not in own:
            own[key] = function(game, *rest, **named)
        return own[key]

    return answer
