"""Backward induction: what is done in a game of finitely many rounds where every move has one best answer."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from gamelab.errors import GameError
from gamelab.model.extreme_equilibria import extreme_equilibria
from gamelab.model.game import Bools, Floats, Game, Ints
from gamelab.model.memory import once
from gamelab.model.typed_numbers import as_typed
from gamelab.solve.exact_payoffs import without_near_ties
from gamelab.solve.moves import patterns
from gamelab.solve.stage_equilibria import stage_utilities

TIE = 1e-9
"""Payoffs are a tie where they differ by no larger part of the larger one; in fractions only equals are."""
MOST_NODES = 5_000
"""The most states of the game times rounds that are gone through."""
MOST_PHASES = 50
"""The most rounds of a plan that is not the same in all of them: each is a state of an automaton."""
MOST_MIXED = 50
"""The most nodes of one game at which all equilibria are listed."""


@dataclass(frozen=True, eq=False)
class Plan:
    """What backward induction says of b games of one form.

    Parameters
    ----------
    unique : bool array (b,)
        Where at every node that some history reaches one thing alone is best.
    phases : list of array (b, S, n, A)
        What is done in each state: one array for all rounds, or one for each round. It means something only
        where ``unique``; at states that no history reaches it is the fallback, or any action where none is.
    why : str
        Where there is none for the first game, the reason as a sentence; else empty.
    note : str
        Where it was not sought, since that would take too long, that as a sentence; else empty.
    """

    unique: Bools
    phases: list[Floats]
    why: str = ""
    note: str = ""


@once
def backward_induction(game: Game) -> Plan:
    """Return the plan that backward induction leaves of a game of finitely many rounds.

    The last round is decided first, its last moves first of all, and every earlier one with what follows it
    counted in. A node is a state in a round. Where one player chooses there, the best action must be better
    than every other one; where several do, iterated strict dominance must leave one action each, or, with
    two players, what it leaves must have a single equilibrium, which may mix. Otherwise nothing is proposed.

    Parameters
    ----------
    game : Game
        Of any batch; its ``rounds`` must be a number.

    Returns
    -------
    Plan

    Raises
    ------
    GameError
        For an open-ended game.

    References
    ----------
    Kuhn (1953), Extensive games and the problem of information.

    Examples
    --------
    >>> import gamelab as gl
    >>> game = gl.repeated(gl.time_inconsistency(value=10, cost=2, payment=4), rounds=1)
    >>> backward_induction(game).phases[0][0, :, 0].tolist()  # the partner declines
    [[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]]
    """
    if game.rounds is None:
        message = "is for games of finitely many rounds, and this one has no last round"
        raise GameError(message, "backward_induction")
    shape = (game.batch, len(game.states), game.n, game.allowed.shape[2])
    unique, why, note = np.zeros(game.batch, dtype=bool), "", ""
    plans: list[tuple[Ints, list[Floats]]] = []
    for points in patterns(game, ()):
        part = game if len(points) == game.batch else game.take(points)
        walk = _Walk(part)
        unique[points] = walk.unique
        why, note = walk.why if 0 in points else why, walk.note or note
        plans.append((points, walk.phases))
    count = max(len(phases) for _, phases in plans)
    merged = [np.zeros(shape, dtype=plans[0][1][0].dtype) for _ in range(count)]
    for points, phases in plans:
        for k, whole in enumerate(merged):
            whole[points] = phases[min(k, len(phases) - 1)]
    return Plan(unique, merged, why, note)


class _Walk:
    """The way from the last move of games with one pattern of zeros to their first."""

    def __init__(self, game: Game):
        self.game = game
        self.unique = np.ones(game.batch, dtype=bool)
        self.why = self.note = ""
        self.utilities = [stage_utilities(game, s) for s in range(len(game.states))]
        self.listed = np.zeros(game.batch, dtype=int)
        visited = visits(game)
        self.needed = np.logical_or.reduce(visited)
        rounds = int(game.rounds or 0)
        begins = {(there & _begins(game)).tobytes() for there in visited}
        if len(begins) == 1 and (visited[0] & _begins(game)).sum() == 1:
            rounds = 1  # every round begins in one state: what follows a round is a constant
        fallback = np.broadcast_to(game.fallback, (game.batch, *game.fallback.shape[1:]))
        first = np.arange(game.allowed.shape[2]) == game.allowed.argmax(axis=-1)[..., None]
        there = (fallback != 0).any(axis=-1, keepdims=True)
        self.phases = [np.where(there, fallback, first.astype(int))]  # what is done where nothing is decided
        nodes = rounds * int(self.needed.sum())
        if nodes > MOST_NODES:
            self.refuse(
                np.ones(game.batch, dtype=bool),
                f"{rounds:,} rounds have {nodes:,} nodes, and {MOST_NODES:,} is the limit",
            )
            self.note = f"backward induction is not tried: {self.why}"
            return
        phases: list[Floats] = []
        after = np.zeros((game.batch, len(game.states), game.n), dtype=game.probabilities.dtype)
        for k in reversed(range(rounds)):
            mixtures, after = self.round(k, visited[min(k, len(visited) - 1)], after)
            phases.insert(0, mixtures)
            if not self.unique.any():
                return
        self.phases = self.merged(phases, visited)

    def refuse(self, points: Bools, why: str) -> None:
        """Note that nothing is proposed at these points."""
        if points[0] and self.unique[0]:
            self.why = why
        self.unique &= ~points

    def round(self, k: int, visited: Bools, after: Floats) -> tuple[Floats, Floats]:
        """Decide one round; return what is done in it, (b, S, n, A), and what it is worth, (b, S, n).

        Parameters
        ----------
        k : int
            Of the round, from 0.
        visited : bool array (S,)
            The states that some history visits in it.
        after : array (b, S, n)
            What the next round is worth from the state in which it begins.
        """
        game = self.game
        mixtures, values = np.array(self.phases[0]), np.zeros_like(after)
        for s in moves_backwards(game):
            if not self.needed[s]:
                continue
            total, size = self.total(s, after if game.ends_round[s] else values)
            left = undominated(game, s, total, size)
            known = left.sum(axis=-1).max(axis=-1) == 1
            mixtures[known, s] = left[known].astype(int)
            if visited[s] and (many := self.unique & ~known).any():
                known = known | self.mixed(s, total, left, many, mixtures)
                where = f" at {game.states[s]}" if game.states[s] else ""
                self.refuse(~known, f"in round {k + 1}{where} more than one thing may be best")
            chances = np.prod([mixtures[:, s, i, game.profiles[:, i]] for i in range(game.n)], axis=0)
            values[:, s] = (chances[:, :, None] * total).sum(axis=1)
        return mixtures, values

    def total(self, s: int, after: Floats) -> tuple[Floats, Floats]:
        """Return what each profile is worth in a state, (b, P, n), and the size of the numbers in it."""
        game = self.game
        occurs = np.flatnonzero(game.happens[s].any(axis=0))
        chances = game.probabilities[:, min(s, game.probabilities.shape[1] - 1)][..., occurs]
        # sum over y of the chance of outcome y times what its next state is worth
        later = chances @ after[:, game.next_state[s, occurs]]
        later = game.discount_factor[:, s][:, None] * later
        return self.utilities[s] + later, np.maximum(np.abs(self.utilities[s]), np.abs(later))

    def mixed(self, s: int, total: Floats, left: Bools, points: Bools, mixtures: Floats) -> Bools:
        """Write the only equilibrium of what dominance leaves of two players; return where there is one."""
        game = self.game
        there = np.zeros(game.batch, dtype=bool)
        pair = np.flatnonzero(game.has_choice[s])
        if len(pair) != 2:
            return there
        for at in np.flatnonzero(points & (self.listed < MOST_MIXED)):
            self.listed[at] += 1
            own = [np.flatnonzero(left[at, i]) for i in range(game.n)]
            place = np.ravel_multi_index(np.ix_(*own), game.sizes).reshape(len(own[pair[0]]), -1)
            first, second = (self.table(total[at, place, i]) for i in pair)
            try:
                equilibria, _ = extreme_equilibria(first, second)
            except GameError:  # too large to list
                continue
            if len(equilibria) == 1:
                for i, mixture in zip(pair, equilibria[0], strict=True):
                    mixtures[at, s, i] = 0
                    mixtures[at, s, i, own[i]] = mixture if game.exact else [float(part) for part in mixture]
                there[at] = True
        return there

    def table(self, payoffs: Floats) -> tuple[tuple[Fraction, ...], ...]:
        """Return one player's payoffs as fractions, near-ties as ties."""
        if self.game.exact:
            return tuple(map(tuple, payoffs.tolist()))
        largest = float(np.abs(payoffs).max())
        typed = [as_typed(entry, largest) for entry in payoffs.ravel()]
        meant = without_near_ties(typed, [Fraction(TIE) * abs(entry) for entry in typed])
        columns = payoffs.shape[1]
        return tuple(tuple(meant[k : k + columns]) for k in range(0, len(meant), columns))

    def merged(self, phases: list[Floats], visited: list[Bools]) -> list[Floats]:
        """Return one phase where all rounds are alike at the states that they visit, else one a round."""
        whole, seen = np.array(phases[-1]), np.zeros(len(self.game.states), dtype=bool)
        alike = np.ones(self.game.batch, dtype=bool)
        for k, phase in enumerate(phases):
            there = visited[min(k, len(visited) - 1)]
            whole[:, there & ~seen] = phase[:, there & ~seen]
            seen |= there
            alike &= (whole == phase)[:, there].all(axis=(1, 2, 3))
        if (alike | ~self.unique).all():
            return [whole]
        if len(phases) > MOST_PHASES:
            self.refuse(
                ~alike, f"what is best changes from round to round, in more than {MOST_PHASES} rounds"
            )
            return [whole]
        return phases


def undominated(game: Game, s: int, total: Floats, size: Floats) -> Bools:
    """Return the actions that survive iterated strict dominance by pure actions, (b, n, A).

    Parameters
    ----------
    total, size : array (b, P, n)
        What each profile is worth, and how large the numbers in it are.
    """
    b, A = len(total), game.allowed.shape[2]
    table, sizes = (array.reshape((b, *game.sizes, game.n)) for array in (total, size))
    left = np.array(np.broadcast_to(game.allowed[s], (b, game.n, A)))
    shrinking = True
    while shrinking:
        before = left.sum()
        for i in np.flatnonzero(game.has_choice[s]):
            own, large = (
                np.moveaxis(array[..., i], 1 + i, 1).reshape(b, game.sizes[i], -1) for array in (table, sizes)
            )
            others = np.ones((b, 1), dtype=bool)  # which profiles of the others are left, (b, rest)
            for j in (j for j in range(game.n) if j != i):
                others = (others[:, :, None] & left[:, None, j, : game.sizes[j]]).reshape(b, -1)
            for k in np.flatnonzero(game.allowed[s, i]):
                for beaten in (a for a in np.flatnonzero(game.allowed[s, i]) if a != k):
                    tie = 0 if game.exact else TIE * np.maximum(large[:, k], large[:, beaten])
                    better = np.asarray(own[:, k] - own[:, beaten] > tie, dtype=bool)
                    left[:, i, beaten] &= ~(left[:, i, k] & (better | ~others).all(axis=1))
        shrinking = left.sum() < before
    return left


def moves_backwards(game: Game) -> list[int]:
    """Return the states in an order in which those that follow within a round come first."""
    order: list[int] = []
    while len(order) < len(game.states):  # a round cannot go on for ever, so there always is another one
        for s in range(len(game.states)):
            later = () if game.ends_round[s] else np.flatnonzero(game.leads_to[s]).tolist()
            if s not in order and all(after in order for after in later):
                order.append(s)
    return order


def _begins(game: Game) -> Bools:
    """Return the states in which a round can begin, (S,)."""
    return np.asarray((game.start > 0).any(axis=0) | game.leads_to[game.ends_round].any(axis=0))


def visits(game: Game) -> list[Bools]:
    """Return for each round the states that some history visits in it, (S,); the last for all after it."""
    there = np.asarray((game.start > 0).any(axis=0))
    rounds: list[Bools] = []
    before, after = game.links
    inside = ~game.ends_round[before]
    for _ in range(game.rounds or 0):
        while not there[further := after[inside & there[before]]].all():  # one more move of the round
            there[further] = True
        if rounds and (rounds[-1] == there).all():
            break
        rounds.append(there)
        follows = after[~inside & there[before]]
        there = np.zeros_like(there)
        there[follows] = True
    return rounds
