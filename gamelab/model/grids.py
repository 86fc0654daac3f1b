"""Grids: settings laid out along the batch axis, and along the players where these may differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gamelab.errors import GameError, listed, nearest

Array = NDArray[Any]


@dataclass(frozen=True)
class ByPlayer:
    """A setting in which players may differ: one value for all of them, or one for each by name.

    Parameters
    ----------
    name : str
        What the setting is called.
    given : array, list of arrays, or mapping of str to these
        A list where the setting is one, such as the fines of a ladder.
    """

    name: str
    given: Any

    @property
    def values(self) -> list[Any]:
        """Every value that is given."""
        return list(self.given.values()) if isinstance(self.given, Mapping) else [self.given]

    def of(self, players: Sequence[str]) -> list[Any]:
        """Return the values in the players' order, or a single one that is for all.

        Raises
        ------
        GameError
            Where a name is no player's, or a player is left out.
        """
        if not isinstance(self.given, Mapping):
            return [self.given]
        for key, message in strangers(self.given, players):
            raise GameError(message, ".".join((self.name, *key)))
        return [self.given[player] for player in players]


def strangers(names: Iterable[str], players: Sequence[str]) -> list[tuple[tuple[str, ...], str]]:
    """Return what is wrong with the names of a mapping by player: the name below which it is, and why."""
    given = list(names)
    wrong: list[tuple[tuple[str, ...], str]] = []
    for name in given:
        if name not in players:
            hint = nearest(str(name), players)
            wrong.append(((str(name),), f"no player is called '{name}'; write {listed(players)}{hint}"))
    missing = [player for player in players if player not in given]
    if missing and not wrong:
        message = f"has nothing for {listed(missing)}; write one for each player, or a single one for all"
        wrong.append(((), message))
    return wrong


def step_by_step(setting: Any, players: Sequence[str]) -> tuple[list[ByPlayer], list[int]]:
    """Return a list by player as one setting for each step, and how many steps each player has.

    A shorter list goes on with its last item, so that every step has a value for everybody.
    """
    lists = setting.of(players)
    counts = [len(own) for own in lists]
    rows = [[own[min(k, len(own) - 1)] for own in lists] for k in range(max(counts))]
    steps = [dict(zip(players, row)) if len(row) > 1 else row[0] for row in rows]
    return [ByPlayer(setting.name, step) for step in steps], counts * (len(players) // len(counts))


def of_player(array: Array, player: int) -> Array:
    """Return one player's column of an array (b, n), or the only one of (b, 1)."""
    return array[:, min(player, array.shape[1] - 1)]


def laid_out(
    settings: Sequence[Any],
    players: Sequence[str],
    shape: tuple[int, ...] = (),
    kind: Callable[[Any], Any] = np.asarray,
) -> tuple[tuple[int, ...], list[Array]]:
    """Broadcast settings against a grid; return the common grid and each setting along it.

    Parameters
    ----------
    settings : sequence of arrays or ByPlayer
    players : sequence of str
    shape : tuple of int
        Of a grid that is there already.
    kind : callable
        What makes an array of a setting: of floats, or of fractions.

    Returns
    -------
    tuple of int
        The common grid.
    list of array
        ``(b,)`` or ``(1,)``; of settings by player ``(b, n)``, with size 1 on n where they are the same for
        all players everywhere.
    """
    columns = [each.of(players) if isinstance(each, ByPlayer) else [each] for each in settings]
    arrays = [[np.asarray(kind(value)) for value in column] for column in columns]
    grid = common_shape(shape, *(array.shape for column in arrays for array in column))
    wide = []
    for setting, column in zip(settings, arrays, strict=True):
        flats = [flat(array, grid) for array in column]
        if isinstance(setting, ByPlayer):
            same = all(np.array_equal(one, flats[0]) for one in flats[1:])
            flats = [np.stack(np.broadcast_arrays(*(flats[:1] if same else flats)), axis=-1)]
        wide.append(flats[0])
    return grid, wide


def common_shape(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape that all of these broadcast to.

    Raises
    ------
    GameError
        Where they do not.
    """
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        raise GameError(f"arrays of shapes {listed_shapes(shapes)} do not broadcast to one grid") from None


def listed_shapes(shapes: tuple[tuple[int, ...], ...]) -> str:
    """Return the distinct shapes of real arrays as text."""
    return " and ".join(str(shape) for shape in dict.fromkeys(shapes) if shape)


def flat(array: Array, shape: tuple[int, ...]) -> Array:
    """Lay an array out along the batch axis: ``(b,)``, or ``(1,)`` where it is one number."""
    return array.reshape(1) if array.size == 1 else np.broadcast_to(array, shape).reshape(-1)
