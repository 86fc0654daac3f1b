"""Normal form: any payoff table, for any number of players and actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np

from gamelab.errors import GameError, InputError
from gamelab.model.arguments import checked
from gamelab.model.exactness import numbers
from gamelab.model.game import Floats, Game
from gamelab.model.settings import FilePath, settled, shown
from gamelab.model.stage import action_index, labelled, stage_game
from gamelab.stages.default_fallback import default_fallback
from gamelab.stages.nfg import Table, table_in
from gamelab.stages.payoff_tables import cell_by_cell, labels_on, one_a_player


@settled
def normal_form(
    *,
    payoffs: Any = None,
    tables: Any = None,
    file: FilePath | None = None,
    actions: Any = None,
    agreement: Sequence[str] | None = None,
    fallback: Any = None,
    players: Sequence[str] | None = None,
) -> Game:
    """Any stage game given by its payoff table.

    Parameters
    ----------
    payoffs : nested lists, or an array
        Cell by cell: ``payoffs[a][b]`` is the list of both players' payoffs when the first does a and the
        second b; one more level of lists for each further player.
    tables : list of tables
        In place of payoffs: one table a player, as in most papers; ``tables[0][a][b]`` is what the first
        player gets. Nested lists, arrays or data frames with one dimension a player.
    file : str
        In place of payoffs: a .nfg file of Gambit.
    actions : list of str, or one such list per player
        Labels (default those of the file or of data frames, or 1, 2, ...).
    agreement : list of str
        The action agreed for each player (default none).
    fallback : list
        What each player does when cooperation is over: a label, or a mapping of labels to probabilities
        (default the first equilibrium in pure actions; where there is none, of two players the first
        extreme one, of more one that is computed and certified). A game may be left without: then what
        needs a fallback asks for it.
    players : list of str
        Names (default those of the file, or player_1, player_2, ...).

    Raises
    ------
    GameError
        For not exactly one of payoffs, tables and file, a file with a mistake, a ragged table, or unknown
        labels.

    Notes
    -----
    Of a grid of games each number in nested lists may be an array, one number for each game; the arrays are
    broadcast. An array or a data frame that is given as a whole table has no axis for a grid.

    References
    ----------
    Nash (1951), Non-cooperative games; for the default fallback see ``gamelab.stages.default_fallback``.

    Examples
    --------
    >>> import gamelab as gl
    >>> gl.normal_form(payoffs=[[[4, 4], [1, 3]], [[3, 1], [2, 2]]], agreement=["1", "1"])
    <Game of player_1, player_2: 1 round, 1 states, 1 outcomes, lines material>
    >>> pennies = gl.normal_form(tables=[[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    >>> pennies.fallback[0, 0].tolist()
    [[0.5, 0.5], [0.5, 0.5]]
    """
    given = {"payoffs": payoffs, "tables": tables, "file": file}
    written = [f"'{name}'" for name, part in given.items() if part is not None]
    if len(written) != 1:
        several = f"{' and '.join(written)} given; write one of them"
        raise GameError(several if written else "needs 'payoffs', 'tables', or a .nfg 'file'", "payoffs")
    if file is not None:
        read = _read(file)
        payoffs = read.payoffs.tolist()
        players = read.players if players is None else players
        actions = read.actions if actions is None else actions
    table, sizes, shape = cell_by_cell(payoffs) if tables is None else one_a_player(tables)
    if tables is not None and actions is None:
        actions = labels_on(tables)
    labels = labelled(actions, sizes, ())
    agreed = [-1] * len(sizes)
    if agreement is not None:
        _check_length(agreement, len(sizes), "agreement")
        agreed = [action_index(label, own, "agreement") for label, own in zip(agreement, labels)]
    if any(size == 1 for size in sizes):
        agreed = [-1 if size == 1 else action for action, size in zip(agreed, sizes)]
    mixture = default_fallback(table, sizes) if fallback is None else _mixtures(fallback, labels)
    return stage_game(
        table,
        players=players,
        actions=labels,
        sizes=sizes,
        agreement=agreed,
        fallback=mixture,
        shape=shape,
    )


@checked
def read_nfg(path: str | Path, *, agreement: Any = None, fallback: Any = None) -> Game:
    """Return the stage game in a .nfg file of Gambit, version 1 R or D, with payoffs or with outcomes.

    Parameters
    ----------
    path : str or Path
    agreement, fallback
        As ``normal_form`` takes them.

    Raises
    ------
    InputError
        With file, line and column, for a file that cannot be read or says something else.
    GameError
        For an agreement or a fallback that does not fit, or where no equilibrium in pure actions can be the
        fallback.
    """
    table = table_in(Path(path))
    return normal_form(
        payoffs=table.payoffs.tolist(),
        actions=table.actions,
        players=table.players,
        agreement=agreement,
        fallback=fallback,
    )


def _read(file: str) -> Table:
    try:
        return table_in(Path(file))
    except InputError as refusal:
        raise GameError(str(refusal), "file") from None


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
