"""Seating: a game and the strategies of persons as flat tables, looked up for very many matches at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gamelab.errors import GameError
from gamelab.model.automaton import Automaton
from gamelab.model.game import Floats, Game, Ints
from gamelab.simulate.population.chances import Chances, chances
from gamelab.simulate.population.persons import ByRecord, Group


@dataclass(frozen=True, eq=False)
class Minds:
    """What persons do and remember, by group and seat.

    The row of ``actions`` is ``first + seen * by_seen + state * by_state + q``, where ``seen`` is 3 for own
    bad standing plus what is seen of the partner; a person goes on in ``follows`` at
    ``onward + state * onward_by_state + (q * A + action) * V + symbol``.

    Parameters
    ----------
    first, by_seen, by_state, onward, onward_by_state : int array (groups, 2)
    start : int array (groups, 2)
        The automaton state of a newcomer.
    """

    actions: Chances
    first: Ints
    by_seen: Ints
    by_state: Ints
    follows: Ints
    onward: Ints
    onward_by_state: Ints
    start: Ints


@dataclass(frozen=True, eq=False)
class Line:
    """A ledger line as tables (accounts, rows), by state and profile and by state and outcome, or None."""

    by_profile: Floats | None
    by_outcome: Floats | None

    def amount(self, account: int, by_profile: Ints, by_outcome: Ints) -> Floats | None:
        """Return what an account gets in these rows; None where it never gets anything."""
        parts = [
            table[account][row]
            for table, row in ((self.by_profile, by_profile), (self.by_outcome, by_outcome))
            if table is not None and table[account].any()
        ]
        return sum(parts[1:], start=parts[0]) if parts else None


@dataclass(frozen=True, eq=False)
class Board:
    """A game of two seats as flat tables; a round is all moves until one ends it.

    Parameters
    ----------
    outcomes : Chances
        Row ``state * by_state + profile * by_profile``.
    begin : Chances
        One row: the kind of state in which a match begins.
    at_levels : int array (kinds, levels, levels)
        The state of a kind in which the two persons have these levels.
    moves : int
        The most moves of a round.
    verdict : int array (2, S * A)
        By seat, state and action: 0 nothing is agreed, 1 deviates, 2 keeps the agreement.
    trembles : bool
        Whether what is done can differ from what is chosen.
    """

    game: Game
    outcomes: Chances
    by_state: int
    by_profile: int
    begin: Chances
    at_levels: Ints
    moves: int
    lines: dict[str, Line]
    levels: Ints
    verdict: Ints
    trembles: bool

    @property
    def has_levels(self) -> bool:
        """Whether a person has a level that others see."""
        return self.at_levels.shape[1] > 1


def minds_of(game: Game, groups: Sequence[Group], fixed: bool) -> Minds:
    """Return the tables of all groups.

    Raises
    ------
    GameError
        Where persons change seats and a strategy remembers other things in one than in the other.
    """
    S, A = len(game.states), game.allowed.shape[2]
    table, follows = [], []
    shape = (len(groups), 2)
    first, by_seen, by_state, onward, onward_by_state = (np.zeros(shape, dtype=int) for _ in range(5))
    rows = entries = 0
    for g, group in enumerate(groups):
        if not fixed and len(group.seats[0].states) != len(group.seats[1].states):
            raise GameError(
                f"'{group.name}' does not remember the same in both seats, and persons change seats; "
                "write seats: fixed",
                "seats",
            )
        for i, own in enumerate(group.seats):
            first[g, i], onward[g, i] = rows, entries
            if isinstance(own, ByRecord):
                part, by_seen[g, i], by_state[g, i] = own.action.reshape(-1, A), S, 1
                after = np.zeros(A * (int(game.views[i].max()) + 1), dtype=int)
            else:
                part, by_state[g, i] = own.action[0].reshape(-1, A), _stride(own, own.action.shape[1])
                after = own.next.reshape(-1)
                onward_by_state[g, i] = own.next[0].size * (len(own.next) > 1)
            table.append(part)
            follows.append(after)
            rows, entries = rows + len(part), entries + len(after)
    start = [_start(group) for group in groups]
    return Minds(
        chances(np.concatenate(table)), first, by_seen, by_state,
        np.concatenate(follows), onward, onward_by_state, np.array(start),
    )  # fmt: skip


def _stride(own: Automaton, states: int) -> int:
    return len(own.states) if states > 1 else 0


def _start(group: Group) -> tuple[int, int]:
    return (_first(group.seats[0]), _first(group.seats[1]))


def _first(own: Automaton | ByRecord) -> int:
    return own.start if isinstance(own, Automaton) else 0


def board_of(game: Game) -> Board:
    """Return the tables of a game.

    Raises
    ------
    GameError
        Where levels do not belong to persons, as after a ladder that ends the relationship.
    """
    states, profiles, outcomes = game.probabilities.shape[1:]
    begin, at_levels = _begins(game)
    lines = {line: _line(game, line) for line in game.flows}
    counted = game.has_choice & (game.agreement >= 0)
    return Board(
        game,
        chances(game.probabilities[0].reshape(-1, outcomes)),
        profiles if states > 1 else 0,
        1 if profiles > 1 else 0,
        begin,
        at_levels,
        _moves(game),
        lines,
        np.maximum(game.levels, 0),
        np.where(counted[..., None], 1 + game.keeps, 0).swapaxes(0, 1).reshape(2, -1),
        bool((game.deeds >= 0).any()),
    )


def _line(game: Game, line: str) -> Line:
    S, P, Y, c = len(game.states), len(game.profiles), len(game.outcomes), len(game.accounts)
    flow = game.flows[line]

    def flat(part: Floats | None, columns: int) -> Floats | None:
        if part is None or not part.any():
            return None
        wide = np.broadcast_to(part[0], (S, columns, c))
        return np.ascontiguousarray(np.moveaxis(wide, 2, 0).reshape(c, S * columns))

    return Line(flat(flow.by_profile, P), flat(flow.by_outcome, Y))


def _moves(game: Game) -> int:
    """Return the most moves that a round can have."""
    reached, moves = np.ones(len(game.states), dtype=bool), 1
    while (reached & ~game.ends_round).any():
        reached = np.asarray(game.leads_to[reached & ~game.ends_round].any(axis=0))
        moves += 1
    return moves


def _begins(game: Game) -> tuple[Chances, Ints]:
    """Return how a match begins, as kinds of states, and the state of each kind and pair of levels.

    States are of one kind where they differ in the persons' levels only.
    """
    rows, S = game.levels.tolist(), len(game.states)
    if not (game.levels >= 0).any():
        return chances(np.asarray(game.start[0], dtype=float)[None]), np.arange(S)[:, None, None]
    if (game.levels < 0).any():
        raise GameError(
            "a ladder that ends the relationship has no meaning where partners change every round; write "
            "after_last: repeat",
            "graduated_sanctions",
        )
    steps = int(game.levels.max()) + 1
    of_levels = [[s for s in range(S) if rows[s] == [k, m]] for k in range(steps) for m in range(steps)]
    kinds = len(of_levels[0])
    if any(len(states) != kinds for states in of_levels):
        raise GameError("the levels of this game do not belong to persons: states differ in more than them")
    at_levels = np.moveaxis(np.array(of_levels).reshape(steps, steps, kinds), 2, 0)
    kind_of = np.empty(S, dtype=int)
    kind_of[at_levels] = np.arange(kinds)[:, None, None]
    begin = np.zeros((1, kinds))
    np.add.at(begin[0], kind_of, np.asarray(game.start[0], dtype=float))
    return chances(begin), at_levels
