"""Payoff tables as people write them: cell by cell or one table a player; lists, arrays, data frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.exactness import numbers
from gamelab.model.game import Floats
from gamelab.model.grids import common_shape, flat
from gamelab.model.settings import shown

Sizes = tuple[int, ...]

DEEPEST = 64
"""How many levels of lists payoffs may have: as many as an array has dimensions."""


def cell_by_cell(payoffs: Any) -> tuple[Floats, Sizes, tuple[int, ...]]:
    """Return payoffs as (b, P, n), the numbers of actions, and the shape of the grid.

    Parameters
    ----------
    payoffs : nested lists, or an array
        One level per player, and innermost the list of all players' payoffs; each may be an array, one
        number for each game of a grid.

    Raises
    ------
    GameError
        For anything else; for a sequence of tables, which one would read as one table a player.
    """
    nested = opened(payoffs)
    if _is_list(nested) and any(getattr(part, "ndim", 0) >= 2 for part in nested):
        raise GameError(
            "a list of arrays or data frames given, which are one table a player: write them as 'tables'; "
            "payoffs are read cell by cell, all players' payoffs innermost",
            "payoffs",
        )
    depth, inner = 0, nested
    while _is_list(inner):
        depth, inner = depth + 1, inner[0] if len(inner) else None
    if not 2 <= depth <= DEEPEST:
        raise GameError(
            f"{shown(payoffs)} given; write one level of lists per player, payoffs innermost", "payoffs"
        )
    leaves: list[Any] = []
    sizes = _walk(nested, depth, leaves, "payoffs")
    if sizes[-1] != depth - 1:
        raise GameError(
            f"{depth} levels of lists make {depth - 1} players, but {sizes[-1]} payoffs stand innermost",
            "payoffs",
        )
    table, shape = _stacked(leaves)
    return table.reshape(len(table), -1, depth - 1), sizes[:-1], shape


def one_a_player(tables: Any) -> tuple[Floats, Sizes, tuple[int, ...]]:
    """Return tables, one for each player, as ``cell_by_cell`` returns payoffs.

    Parameters
    ----------
    tables : sequence of n tables of n dimensions
        ``tables[i][a][b]`` is what player i gets where the first does a and the second b: nested lists,
        arrays or data frames. Entries of nested lists may be arrays, one number for each game of a grid.

    Raises
    ------
    GameError
        For a table that has not one dimension a player, or tables of unequal shape.
    """
    given = opened(tables) if isinstance(tables, np.ndarray) else tables
    if not _is_list(given) or not len(given):
        raise GameError(f"{shown(tables)} given; write a list of tables, one for each player", "tables")
    n = len(given)
    leaves: list[list[Any]] = []
    shapes: list[Sizes] = []
    for k, table in enumerate(given):
        dimensions = _dimensions(table, n)
        if dimensions != n:
            raise GameError(
                f"table {k + 1} has {dimensions} dimensions, and {n} tables make {n} players: each table "
                "needs one dimension a player",
                "tables",
            )
        leaves.append([])
        shapes.append(_walk(table, n, leaves[-1], "tables"))
        if shapes[k] != shapes[0]:
            sides = f"table 1 has shape {shapes[0]} and table {k + 1} has {shapes[k]}"
            raise GameError(f"{sides}; they must be the same", "tables")
    table, shape = _stacked([leaf for own in leaves for leaf in own])
    return np.swapaxes(table.reshape(len(table), n, -1), 1, 2), shapes[0], shape


def labels_on(tables: Sequence[Any]) -> list[list[str]] | None:
    """Return the labels of rows and columns that data frames bring along; None where no table is one.

    Rows or columns that are only counted, from 0, are 1, 2, ... as everywhere.

    Raises
    ------
    GameError
        Where two data frames label them differently: they are read by place.
    """
    frames = [table for table in tables if hasattr(table, "columns") and hasattr(table, "index")]
    labels = []
    for axis in ("index", "columns"):
        marked = [[str(label) for label in getattr(frame, axis)] for frame in frames]
        for other in marked[1:]:
            if other != marked[0]:
                sides = f"{shown(', '.join(marked[0]))} and {shown(', '.join(other))}"
                noun = "rows" if axis == "index" else "columns"
                raise GameError(f"the {noun} of two data frames are labelled {sides}", "tables")
        labels += marked[:1]
    counted = [own == [str(k) for k in range(len(own))] for own in labels]
    ours = [[str(k + 1) for k in range(len(own))] if plain else own for own, plain in zip(labels, counted)]
    return ours or None


def opened(given: Any) -> Any:
    """Return arrays and data frames as nested lists, and anything else as it is."""
    array = given.to_numpy() if hasattr(given, "to_numpy") else given
    return array.tolist() if isinstance(array, np.ndarray) and array.ndim else given


def _is_list(given: Any) -> bool:
    return isinstance(given, Sequence) and not isinstance(given, str | bytes)


def _dimensions(table: Any, most: int) -> int:
    """Return how many levels of lists a table has; an array below as many as are needed is a grid."""
    if hasattr(table, "ndim"):
        return int(table.ndim)
    levels = 0
    while _is_list(table) or (levels < most and bool(getattr(table, "ndim", 0))):
        table, levels = opened(table), levels + 1
        table = table[0] if len(table) else None
    return levels


def _stacked(leaves: list[Any]) -> tuple[Floats, tuple[int, ...]]:
    """Return numbers and arrays of them side by side, (b, leaves), and the shape of the grid."""
    shape = common_shape(*(leaf.shape for leaf in leaves))
    return np.stack(np.broadcast_arrays(*(flat(leaf, shape) for leaf in leaves)), axis=-1), shape


def _walk(nested: Any, depth: int, leaves: list[Any], key: str) -> Sizes:
    """Collect the entries of nested lists, and return how long the lists of each level are."""
    if depth == 0:
        leaves.append(_number(nested, key))
        return ()
    nested = opened(nested) if key == "tables" else nested
    if not _is_list(nested):
        raise GameError(f"{shown(nested)} stands where a list is needed", key)
    if len(nested) == 0:
        raise GameError("has an empty list", key)
    inner = [_walk(part, depth - 1, leaves, key) for part in nested]
    for part, sizes in zip(nested, inner):
        if sizes != inner[0]:
            sides = f"{shown(nested[0])} and {shown(part)}"
            raise GameError(f"lists of unequal length stand side by side: {sides}", key)
    return (len(nested), *inner[0])


def _number(given: Any, key: str) -> Any:
    try:
        leaf = numbers(given, key)
    except GameError:
        raise
    except (TypeError, ValueError, OverflowError):
        raise GameError(f"{shown(given)} is not a finite number", key) from None
    if (
        isinstance(given, bool | str | list | tuple)
        or not leaf.size
        or not np.isfinite(leaf.astype(float)).all()
    ):
        raise GameError(f"{shown(given)} is not a finite number", key)
    return leaf
