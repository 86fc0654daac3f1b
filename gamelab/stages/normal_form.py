"""Normal form: any payoff table, for any number of players and actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np

from gamelab.errors import GameError, InputError
from gamelab.model.exactness import InexactError, numbers
from gamelab.model.game import Floats, Game, common_shape, flat
from gamelab.model.settings import FilePath, settled, shown
from gamelab.model.stage import action_index, labelled, pure_equilibria, stage_game
from gamelab.stages.nfg import Table, table_in


@settled
def normal_form(
    *,
    payoffs: Any = None,
    file: FilePath | None = None,
    actions: Any = None,
    agreement: Sequence[str] | None = None,
    fallback: Any = None,
    players: Sequence[str] | None = None,
) -> Game:
    """Any stage game given by its payoff table.

    Parameters
    ----------
    payoffs : nested lists
        ``payoffs[a][b]`` is the list of both players' payoffs when the first does a and the second b; one
        more level of lists for each further player.
    file : str
        In place of payoffs: a .nfg file of Gambit.
    actions : list of str, or one such list per player
        Labels (default those of the file, or 1, 2, ...).
    agreement : list of str
        The action agreed for each player (default none).
    fallback : list
        What each player does when cooperation is over: a label, or a mapping of labels to probabilities
        (default the first equilibrium in pure actions).
    players : list of str
        Names (default those of the file, or player_1, player_2, ...).

    Raises
    ------
    GameError
        For both payoffs and file or neither, a file with a mistake, a ragged table, unknown labels, or no
        fallback where no equilibrium in pure actions exists.

    References
    ----------
    Nash (1951), Non-cooperative games.

    Examples
    --------
    >>> import gamelab as gl
    >>> gl.normal_form(payoffs=[[[4, 4], [1, 3]], [[3, 1], [2, 2]]], agreement=["1", "1"])
    <Game of player_1, player_2: 1 round, 1 states, 1 outcomes, lines material>
    """
    if (payoffs is None) == (file is None):
        both = "both 'payoffs' and 'file' given; write one of them"
        raise GameError(both if file is not None else "needs 'payoffs', or a .nfg 'file'", "payoffs")
    if file is not None:
        read = _read(file)
        payoffs = read.payoffs.tolist()
        players = read.players if players is None else players
        actions = read.actions if actions is None else actions
    table, sizes, shape = _table(payoffs)
    labels = labelled(actions, sizes, ())
    agreed = [-1] * len(sizes)
    if agreement is not None:
        _check_length(agreement, len(sizes), "agreement")
        agreed = [action_index(label, own, "agreement") for label, own in zip(agreement, labels)]
    if any(size == 1 for size in sizes):
        agreed = [-1 if size == 1 else action for action, size in zip(agreed, sizes)]
    mixture = _first_equilibrium(table, sizes) if fallback is None else _mixtures(fallback, labels)
    return stage_game(
        table,
        players=players,
        actions=labels,
        sizes=sizes,
        agreement=agreed,
        fallback=mixture,
        shape=shape,
    )


def _read(file: str) -> Table:
    try:
        return table_in(Path(file))
    except InputError as refusal:
        raise GameError(str(refusal), "file") from None


def _table(payoffs: Any) -> tuple[Floats, tuple[int, ...], tuple[int, ...]]:
    """Return the payoffs as (b, P, n), the numbers of actions, and the shape of the grid."""
    nested = payoffs.tolist() if isinstance(payoffs, np.ndarray) else payoffs
    depth, inner = 0, nested
    while isinstance(inner, Sequence) and not isinstance(inner, str):
        depth, inner = depth + 1, inner[0] if len(inner) else None
    if depth < 2:
        raise GameError(
            f"{shown(payoffs)} given; write one level of lists per player, payoffs innermost", "payoffs"
        )
    leaves: list[Any] = []
    sizes = _walk(nested, depth, leaves)
    if sizes[-1] != depth - 1:
        raise GameError(
            f"{depth} levels of lists make {depth - 1} players, but {sizes[-1]} payoffs stand innermost",
            "payoffs",
        )
    shape = common_shape(*(leaf.shape for leaf in leaves))
    columns = np.broadcast_arrays(*(flat(leaf, shape) for leaf in leaves))
    return np.stack(columns, axis=-1).reshape(len(columns[0]), -1, depth - 1), sizes[:-1], shape


def _walk(nested: Any, depth: int, leaves: list[Any]) -> tuple[int, ...]:
    if depth == 0:
        try:
            leaf = numbers(nested, "payoffs")
        except InexactError:
            raise
        except (TypeError, ValueError, OverflowError):
            raise GameError(f"{shown(nested)} is not a number", "payoffs") from None
        if isinstance(nested, bool | str | list | tuple) or not np.isfinite(leaf.astype(float)).all():
            raise GameError(f"{shown(nested)} is not a finite number", "payoffs")
        leaves.append(leaf)
        return ()
    if not isinstance(nested, Sequence) or isinstance(nested, str):
        raise GameError(f"{shown(nested)} stands where a list is needed", "payoffs")
    if len(nested) == 0:
        raise GameError("has an empty list", "payoffs")
    inner = [_walk(part, depth - 1, leaves) for part in nested]
    for part, sizes in zip(nested, inner):
        if sizes != inner[0]:
            sides = f"{shown(nested[0])} and {shown(part)}"
            raise GameError(f"lists of unequal length stand side by side: {sides}", "payoffs")
    return (len(nested), *inner[0])


def _check_length(given: Any, n: int, key: str) -> None:
    if isinstance(given, str | Mapping) or not isinstance(given, Sequence) or len(given) != n:
        raise GameError(f"{shown(given)} given; write a list with one entry for each of {n} players", key)


def _mixtures(fallback: Any, labels: tuple[tuple[str, ...], ...]) -> Floats:
    _check_length(fallback, len(labels), "fallback")
    mixture = np.zeros((1, len(labels), max(len(own) for own in labels)), dtype=numbers(0).dtype)
    for i, (part, own) in enumerate(zip(fallback, labels)):
        weights = part if isinstance(part, Mapping) else {str(part): 1}
        for label, weight in weights.items():
            if isinstance(weight, bool) or not isinstance(weight, Real):
                raise GameError(f"{shown(weight)} is no probability of '{label}'", "fallback")
            mixture[0, i, action_index(label, own, "fallback")] = numbers(weight, "fallback")[()]
        if not ((mixture[0, i] >= 0).all() and abs(mixture[0, i].sum() - 1) <= 1e-9):
            raise GameError(f"{shown(part)} is no mixture: probabilities must sum to 1", "fallback")
    return mixture


def _first_equilibrium(table: Floats, sizes: tuple[int, ...]) -> Floats:
    stable = pure_equilibria(table, sizes)
    if not stable.any(axis=1).all():
        raise GameError("no equilibrium in pure actions: write a fallback for each player", "fallback")
    first = np.stack(np.unravel_index(stable.argmax(axis=1), sizes), axis=-1)
    return (first[..., None] == np.arange(max(sizes))).astype(int)
