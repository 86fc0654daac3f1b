"""The joint chain of a profile: what follows what when everybody's automaton plays, deviations included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gamelab.errors import GameError
from gamelab.model.automaton import Automaton
from gamelab.model.budget import check_joint_states, check_rounds
from gamelab.model.game import Bools, Floats, Game, Ints
from gamelab.solve.moves import Moves, moves_of, patterns

CHUNK = 64 * 2**20
"""Bytes that the arrays of one chunk of grid points may take."""


@dataclass(frozen=True, eq=False)
class Chain:
    """A profile of automata on a batch of games with one pattern of zeros.

    Joint states ``x`` are those that some history reaches: any actions by anyone, any outcomes of positive
    probability.

    Parameters
    ----------
    game, automata, moves
        What it was made of.
    state : int array (X,)
        The game's state in each joint state.
    inner : int array (X, n)
        The automaton states.
    first : int array
        The joint states where play may start.
    target : int array (X, P, K)
        The joint state that follows; where a profile is not allowed or a lump impossible it is 0.
    possible : bool array (X, P, K)
        Whether it can follow at all.
    """

    game: Game
    automata: tuple[Automaton, ...]
    moves: Moves
    state: Ints
    inner: Ints
    target: Ints
    possible: Bools

    @property
    def size(self) -> int:
        """Number of joint states, X."""
        return len(self.state)

    @cached_property
    def start(self) -> Floats:
        """Probabilities of the first joint state, (b, X)."""
        at_start = (self.inner == [automaton.start for automaton in self.automata]).all(axis=1)
        return self.game.start[:, self.state] * at_start

    @cached_property
    def begins(self) -> Bools:
        """Where play may begin, (X,)."""
        return np.asarray((self.start > 0).any(axis=0))

    @cached_property
    def ends(self) -> Bools:
        """Where a round ends, (X,)."""
        return self.game.ends_round[self.state]

    @cached_property
    def moves_a_round(self) -> int:
        """The most moves that a round has: as many as states, unless each ends one."""
        return 1 if self.ends.all() else len(self.game.states)

    @cached_property
    def layers(self) -> list[Bools]:
        """For each of finitely many rounds the joint states that some history visits in it, (X,)."""
        x, p, k = np.nonzero(self.possible)
        linked = np.zeros((self.size, self.size), dtype=bool)
        linked[x, self.target[x, p, k]] = True
        opening, layers, rounds = self.begins, list[Bools](), self.game.rounds or 0
        while len(layers) < rounds:
            layer = more = opening
            while more.any():
                more = linked[more & ~self.ends].any(axis=0) & ~layer
                layer = layer | more
            layers.append(layer)
            following = np.asarray(linked[layer & self.ends].any(axis=0))
            if (following == opening).all():  # as this round, so all that follow
                layers += [layer] * (rounds - len(layers))
            opening = following
        return layers

    @cached_property
    def play(self) -> list[Floats]:
        """What each automaton does, (b, X, A) for each player."""
        return [
            automaton.action[:, np.minimum(self.state, automaton.action.shape[1] - 1), self.inner[:, i]]
            for i, automaton in enumerate(self.automata)
        ]

    @cached_property
    def others(self) -> list[Floats]:
        """For each player the chance of the others' part of each profile, (b, X, P)."""
        return [self._weights(leave_out=i) for i in range(self.game.n)]

    @cached_property
    def weights(self) -> Floats:
        """Chance of each profile, (b, X, P)."""
        return self._weights(leave_out=None)

    @cached_property
    def utility(self) -> Floats:
        """What players care for by joint state and profile, less the base, (b, X, P, n)."""
        return self.at_states(self.moves.utility(self.game))

    def _weights(self, leave_out: int | None) -> Floats:
        total: Floats = np.ones((1, 1, 1))
        for j, play in enumerate(self.play):
            if j != leave_out:
                total = total * play[:, :, self.game.profiles[:, j]]
        return total

    def at_states(self, array: Floats) -> Floats:
        """Return an array (b, S, ...) by joint state, (b, X, ...)."""
        return array[:, np.zeros_like(self.state) if array.shape[1] == 1 else self.state]

    @cached_property
    def discounts(self) -> Floats:
        """Each player's weight of the next move, (b, X, n)."""
        weight = self.game.discount_factor[:, self.state]
        return np.broadcast_to(weight, (*weight.shape[:2], self.game.n))

    def discount(self, player: int) -> Floats:
        """Return a player's weight of the next move, (b, X)."""
        return self.discounts[..., player]

    def transition(self, weights: Floats) -> Floats:
        """Return the chances (b, X, X) of the next joint state when profiles have these weights (b, X, P)."""
        support = np.broadcast_to((weights > 0).any(axis=0), (self.size, len(self.game.profiles)))
        x, p, k = np.nonzero(self.possible & support[:, :, None])
        order = np.argsort(x * self.size + self.target[x, p, k], kind="stable")
        x, p, k = x[order], p[order], k[order]
        cell = x * self.size + self.target[x, p, k]
        heads = np.flatnonzero(np.diff(cell, prepend=-1))
        chances = self.moves.chances
        S, P = chances.shape[1:3]
        mass = chances[:, self.state[x] if S > 1 else 0, p if P > 1 else 0, k]
        if not ((weights == 1) | ~support).all():
            columns = weights.shape[2] > 1
            mass = mass * weights[:, x if weights.shape[1] > 1 else 0, p if columns else 0]
        matrix = np.zeros((len(mass), self.size * self.size))
        matrix[:, cell[heads]] = np.add.reduceat(mass, heads, axis=1)
        return matrix.reshape(-1, self.size, self.size)

    def transition_from(self, x: int, weights: Floats) -> Floats:
        """Return the chances (X,) of what follows joint state x at the first point, for weights (P,)."""
        chances = self.at_states(self.moves.chances)[0, x] * self.possible[x]
        row = np.zeros(self.size)
        np.add.at(row, self.target[x], weights[:, None] * chances)
        return row

    def expect(self, values: Floats) -> Floats:
        """Return the expected ``values`` (b, X) of the next joint state after each profile, (b, X, P)."""
        chances = self.moves.chances
        if chances.shape[1] > 1:
            chances = chances[:, self.state]
        return np.asarray(np.einsum("bspk,bspk->bsp", chances, np.take(values, self.target, axis=1)))

    def by_action(self, values: Floats, player: int) -> Floats:
        """Average ``values`` (b, X, P) over what the others do: by own action, (b, X, A)."""
        mean = self.others[player] * values
        mean = mean.reshape(*mean.shape[:2], *self.game.sizes)
        mean = mean.sum(axis=tuple(2 + j for j in range(self.game.n) if j != player))
        missing = self.game.allowed.shape[2] - mean.shape[2]
        return np.pad(mean, ((0, 0), (0, 0), (0, missing))) if missing else mean

    def at_point(self, k: int) -> Chain:
        """Return the chain of one grid point."""
        game = self.game.take(slice(k, k + 1))
        automata = tuple(automaton.take(slice(k, k + 1)) for automaton in self.automata)
        moves = moves_of(game, automata)
        return Chain(game, automata, moves, self.state, self.inner, self.target, self.possible)


def chain_of(game: Game, automata: Sequence[Automaton]) -> Chain:
    """Return the joint chain of a batch with one pattern of zeros.

    Raises
    ------
    GameError
        Where there are too many joint states, or with the rounds too many steps, before anything is solved.
    """
    moves = moves_of(game, automata)
    dims = (len(game.states), *(len(automaton.states) for automaton in automata))
    if np.prod(dims, dtype=object) >= 2**62:
        raise GameError(
            f"these automata have too many joint states ({' x '.join(map(str, dims))})", "profile"
        )
    possible = np.broadcast_to(
        (moves.chances > 0).any(axis=0), (len(game.states), len(game.profiles), len(moves.outcome))
    )
    possible = possible & game.allowed_profiles[:, :, None]
    starts = np.flatnonzero((game.start > 0).any(axis=0))
    code = np.ravel_multi_index((starts, *(np.full(len(starts), a.start) for a in automata)), dims)
    known, frontier = code, code

    while len(frontier):
        after = _following(game, automata, moves, frontier, dims)
        reached = np.unique(after[possible[np.unravel_index(frontier, dims)[0]]])
        frontier = np.setdiff1d(reached, known, assume_unique=True)
        known = np.union1d(known, frontier)
        check_joint_states(len(known), dims)
    check_rounds(game.rounds or 0, len(known), len(game.profiles), len(moves.outcome))
    after = _following(game, automata, moves, known, dims)
    where = np.unravel_index(known, dims)
    there = possible[where[0]]
    target = np.where(there, np.searchsorted(known, after), 0)
    target = np.minimum(target, len(known) - 1)
    return Chain(game, tuple(automata), moves, where[0], np.stack(where[1:], axis=1), target, there)


def _following(
    game: Game, automata: Sequence[Automaton], moves: Moves, codes: Ints, dims: tuple[int, ...]
) -> Ints:
    """Return the code of the joint state after each code, profile and lump, (F, P, K)."""
    state, *inner = np.unravel_index(codes, dims)
    nexts = [np.broadcast_to(game.next_state[state][:, None, :][..., moves.outcome],
                             (len(codes), len(game.profiles), len(moves.outcome)))]  # fmt: skip
    for i, automaton in enumerate(automata):
        own_state = np.minimum(state, automaton.next.shape[0] - 1)[:, None, None]
        own_action = game.profiles[None, :, i][:, :, None]
        symbol = game.views[i, moves.outcome][None, None]
        nexts.append(automaton.next[own_state, inner[i][:, None, None], own_action, symbol])
    return np.ravel_multi_index(tuple(nexts), dims)


KEPT: dict[tuple[Game, tuple[Automaton, ...]], list[tuple[Ints, Chain]]] = {}
"""The chains of the last batch that fits into one chunk: certificate, value and support ask in turn."""


def chains(game: Game, automata: Sequence[Automaton]) -> Iterator[tuple[Ints, Chain]]:
    """Yield the batch in parts with one pattern of zeros and bounded memory: points and their chain."""
    automata = tuple(automata)
    known = KEPT.get((game, automata))
    if known is not None:
        yield from known
        return
    KEPT.clear()  # before more is built, so that the peak of memory stays
    fits, parts = True, list[tuple[Ints, Chain]]()
    for points, chain in _built(game, automata):
        fits = fits and game.batch * bytes_per_point(chain) <= CHUNK
        parts = [*parts, (points, chain)] if fits else []
        yield points, chain
    if fits:
        KEPT[game, automata] = parts


def _built(game: Game, automata: tuple[Automaton, ...]) -> Iterator[tuple[Ints, Chain]]:
    for player, automaton in enumerate(automata):
        automaton.fits(game, player)
    for points in patterns(game, automata):
        whole = _at_once(game, automata, points)
        if whole is not None:
            yield points, whole
            continue
        first = chain_of(*part_of(game, automata, points[:1]))
        step = max(1, CHUNK // bytes_per_point(first))
        for k in range(0, len(points), step):
            part = points[k : k + step]
            if len(part) == 1 and k == 0:
                yield part, first
                continue
            here, playing = part_of(game, automata, part)
            moves = moves_of(here, playing)
            yield part, Chain(here, playing, moves, first.state, first.inner, first.target, first.possible)


def _at_once(game: Game, automata: tuple[Automaton, ...], points: Ints) -> Chain | None:
    """Return the chain of all these points where it fits into one chunk."""
    flows = len(game.flows) * len(game.states) * len(game.profiles) * len(game.accounts)
    if 8 * len(points) * (game.probabilities[0].size + flows) > CHUNK:
        return None
    chain = chain_of(*part_of(game, automata, points))
    return chain if len(points) * bytes_per_point(chain) <= CHUNK else None


def reached(linked: Bools, start: Bools) -> Bools:
    """Return the states that some path leads to, (X,), where ``linked`` (X, X) says what can follow what."""
    seen = np.array(start)
    frontier = seen
    while frontier.any():
        frontier = linked[frontier].any(axis=0) & ~seen
        seen = seen | frontier
    return seen


def part_of(game: Game, automata: tuple[Automaton, ...], points: Ints) -> tuple[Game, tuple[Automaton, ...]]:
    """Return a game and its automata at some points of the batch; the whole batch as it is."""
    if len(points) == game.batch:
        return game, automata
    return game.take(points), tuple(automaton.take(points) for automaton in automata)


def bytes_per_point(chain: Chain) -> int:
    """Return roughly how much memory one grid point takes while it is solved."""
    X, P, K = chain.target.shape
    n, c = chain.game.n, len(chain.game.accounts)
    doubles = 4 * X * X + 3 * n * X * P + X * P * c * len(chain.game.flows) + chain.game.probabilities[0].size
    return 8 * (doubles + 2 * X * P * K)
