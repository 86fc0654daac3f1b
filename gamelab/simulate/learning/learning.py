"""Learning: many independent groups play a game round after round, each player by a rule of learning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.arguments import Seed, checked, whole
from gamelab.model.exactness import exactly
from gamelab.model.freezing import frozen_result, read_only
from gamelab.model.game import Floats, Ints
from gamelab.model.settings import shown
from gamelab.randomness import INTERVAL, stream
from gamelab.simulate.learning.arena import Arena, Strategies, arena_of
from gamelab.simulate.learning.learner import Learner, Seen
from gamelab.simulate.learning.rules import Rule, learners_of

if TYPE_CHECKING:
    import pandas as pd

UNIT = 1024
"""Groups that share a stream of random numbers: each always has the same place in it."""
DRAWN = 1_000_000
"""Random numbers drawn at once."""
MOST_ENTRIES, MOST_ROUNDS = 50_000_000, 1_000_000


@frozen_result
@dataclass(frozen=True, eq=False)
class Learning:
    """How play went while people learned: means over the groups, in stretches of rounds.

    Parameters
    ----------
    players : tuple of str
    actions : tuple of tuple of str
    rules : tuple of str
        Each player's rule.
    rounds : int array (m,)
        Number of rounds played at the end of each stretch.
    shares : array (m, n, A)
        How often each action was chosen; 0 beyond a player's own actions.
    payoffs : array (m, n)
        Per round.
    cooperation : array (m,) or None
        Share of moves on the agreement; None where nothing is agreed.
    trust : array (m, n) or None
        Believed probability that the others reciprocate, at the end of each stretch; None where nobody has
        such a belief, nan for a player who has none.
    needed_trust : array (n,) or None
        From which trust on keeping the agreement is worth it; nan where none is enough.
    standard_errors : dict of str to array
        Of ``shares``, ``payoffs``, ``cooperation`` and ``trust``, over groups; nan for a single group.
    final : array (g, n, A)
        Each group's mixtures after the last round.
    averages : array (g, n, A)
        Each group's shares of actions over all rounds.
    """

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    rules: tuple[str, ...]
    rounds: Ints
    shares: Floats
    payoffs: Floats
    cooperation: Floats | None
    trust: Floats | None
    needed_trust: Floats | None
    standard_errors: dict[str, Floats]
    final: Floats
    averages: Floats

    @property
    def mixtures(self) -> Floats:
        """Mean mixture of each player after the last round, (n, A)."""
        return np.asarray(self.final.mean(axis=0))

    def interval(self, name: str = "shares") -> tuple[Floats, Floats]:
        """Return the ends of a path's 95 % interval (normal; shares stay from 0 to 1)."""
        known = [path for path in self.standard_errors if getattr(self, path) is not None]
        if name not in known:
            raise GameError(f"there is no path {shown(name)}; there are {', '.join(known)}", "name")
        mean, reach = getattr(self, name), INTERVAL * self.standard_errors[name]
        if name == "payoffs":
            return mean - reach, mean + reach
        return np.clip(mean - reach, 0, 1), np.clip(mean + reach, 0, 1)

    def to_frame(self) -> pd.DataFrame:
        """Return the paths of choices as a table: one row for each stretch, player and action."""
        import pandas as pd

        low, high = self.interval()
        rows = [
            {
                "rounds": int(played),
                "player": player,
                "action": label,
                "share": float(self.shares[k, i, a]),
                "low": float(low[k, i, a]),
                "high": float(high[k, i, a]),
                "payoff": float(self.payoffs[k, i]),
            }
            for k, played in enumerate(self.rounds)
            for i, player in enumerate(self.players)
            for a, label in enumerate(self.actions[i])
        ]
        return pd.DataFrame(rows)

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(index=False))

    def __repr__(self) -> str:
        names = list(dict.fromkeys(self.rules))
        return f"<Learning by {', '.join(names)}: {len(self.final)} groups, {int(self.rounds[-1])} rounds>"


@checked
def learn(
    game: Any,
    rule: Rule | Sequence[Rule],
    *,
    strategies: Strategies | None = None,
    rounds: int = 1000,
    groups: int = 1000,
    seed: Seed = 1,
    points: int = 100,
) -> Learning:
    """Return how play goes among people who learn: independent groups of the same players, side by side.

    Parameters
    ----------
    game : Game, payoff tables or a tournament
        See ``gamelab.simulate.learning.arena.arena_of``. Payoffs are expected ones: chance in outcomes is
        averaged out of them. In a repeated game all rules but trust look at one round only.
    rule : one rule for everybody, or one for each player
        ``reinforcement``, ``experience_weighted_attraction``, ``fictitious_play``,
        ``stochastic_fictitious_play``, ``trust`` or ``fixed``; with settings as
        ``{"trust": {"prior": 0.3}}``.
    strategies : list, optional
        Of a repeated game: what is chosen among; then a round of learning is a whole repeated game.
    rounds, groups : int
    seed : int
        The same seed gives each group the same play, however many groups there are.
    points : int
        Into how many stretches of rounds the paths are thinned.

    Raises
    ------
    GameError
        For an unknown rule, settings out of range, a game that a rule cannot learn, or no rounds or groups.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> learned = gl.learn(stage, "fictitious_play", rounds=50, groups=20)
    >>> learned.mixtures.tolist(), learned.cooperation[-1].item()
    ([[0.0, 1.0], [0.0, 1.0]], 0.0)
    """
    rounds, groups, points = (
        whole(rounds, "rounds", 1, MOST_ROUNDS),
        whole(groups, "groups", 1),
        whole(points, "points", 1),
    )
    with exactly(False):  # play is by chance, and numbers are floats
        arena = arena_of(game, strategies)
        learners, names = learners_of(arena, rule)
    stretches = min(points, rounds)
    edges = np.arange(1, stretches + 1) * rounds // stretches
    A = max(arena.sizes)
    entries = groups * arena.n * A
    if entries > MOST_ENTRIES:
        raise GameError(
            f"{groups:,} groups need {entries:,} numbers, the limit is {MOST_ENTRIES:,}", "groups"
        )
    stream(seed, "learning", 0)  # a bad seed is told before play begins
    units = [
        _play(arena, learners, edges, min(UNIT, groups - first), stream(seed, "learning", first // UNIT))
        for first in range(0, groups, UNIT)
    ]
    return _result(arena, learners, names, edges, units)


@dataclass(frozen=True, eq=False)
class _Played:
    """What a unit of groups did: sums over groups of each stretch's numbers and of their squares."""

    sums: dict[str, Floats]
    squares: dict[str, Floats]
    final: Floats
    averages: Floats


def _play(arena: Arena, learners: list[Learner], edges: Ints, groups: int, random: Any) -> _Played:
    """Play all rounds of up to ``UNIT`` groups."""
    A, n, each = max(arena.sizes), arena.n, np.arange(groups)
    chance = _Chance(arena)
    memories = [learner.start(groups) for learner in learners]
    shape: dict[str, tuple[int, ...]] = {"shares": (n, A), "payoffs": (n,), "cooperation": (), "trust": (n,)}
    sums = {name: np.zeros((len(edges), *size)) for name, size in shape.items()}
    squares = {name: np.zeros_like(array) for name, array in sums.items()}
    middle = arena.payoffs.mean(axis=(0, 1))  # squares of large payoffs would drown what differs
    averages = np.zeros((groups, n, A))
    draws = _draws(random, int(edges[-1]), n + chance.needed)
    state = chance.first(next(draws)[:groups, -1]) if chance.needed else np.zeros(groups, dtype=np.int64)
    played = 0
    for k, edge in enumerate(edges):
        counts = {name: np.zeros((groups, *size)) for name, size in shape.items()}
        for _ in range(int(edge) - played):
            drawn = next(draws)[:groups]
            actions = np.stack(
                [
                    _drawn(learner.weights(memory, state), drawn[:, i])
                    for i, (learner, memory) in enumerate(zip(learners, memories, strict=True))
                ],
                axis=1,
            )
            profile = actions @ arena.strides
            outcome = chance.outcome(state, profile, drawn[:, -1]) if chance.needed else each * 0
            for i, learner in enumerate(learners):
                foregone = profile[:, None] + (np.arange(arena.sizes[i]) - actions[:, [i]]) * arena.strides[i]
                payoffs = arena.utilities[state[:, None], foregone, i]
                seen = Seen(actions[:, i], payoffs[each, actions[:, i]], payoffs, state, outcome)
                memories[i] = learner.learn(memories[i], seen)
                counts["shares"][each, i, actions[:, i]] += 1
            counts["payoffs"] += arena.payoffs[state, profile] - middle
            if arena.cooperation is not None:
                counts["cooperation"] += arena.cooperation[state, profile]
            state = chance.after(state, outcome) if chance.needed else state
        averages += counts["shares"]
        length, played = int(edge) - played, int(edge)
        beliefs = [learner.trust(memory) for learner, memory in zip(learners, memories, strict=True)]
        nothing = np.full(groups, np.nan)
        counts = {name: array / length for name, array in counts.items()}
        counts["trust"] = np.stack([nothing if belief is None else belief for belief in beliefs], axis=1)
        for name, array in counts.items():
            sums[name][k], squares[name][k] = array.sum(axis=0), (array**2).sum(axis=0)
    final = np.zeros((groups, n, A))
    for i, (learner, memory) in enumerate(zip(learners, memories, strict=True)):
        weights = learner.weights(memory, state)
        final[:, i, : arena.sizes[i]] = weights / weights.sum(axis=1, keepdims=True)
    return _Played(sums, squares, final, averages / played)


def _draws(random: Any, rounds: int, width: int) -> Any:
    """Yield the random numbers of one round after the other, (UNIT, width): first those of the start."""
    left, most = rounds + 1, max(1, DRAWN // (UNIT * width))
    while left:
        count = min(left, most)
        yield from random.random((count, UNIT, width))
        left -= count


def _drawn(weights: Floats, drawn: Floats) -> Ints:
    """Return an action for each group, (g,), with chances in proportion to the weights, (g, A)."""
    upto = np.cumsum(weights, axis=1)
    return np.asarray((drawn[:, None] * upto[:, -1:] >= upto[:, :-1]).sum(axis=1))


class _Chance:
    """What chance does in a game: the first state, and the outcome of every move."""

    def __init__(self, arena: Arena):
        game = arena.game
        self.needed = game is not None and (len(game.outcomes) > 1 or len(game.states) > 1)
        if game is None or not self.needed:
            return
        S, P, Y = len(game.states), len(game.profiles), len(game.outcomes)
        chances = np.broadcast_to(game.probabilities[0], (S, P, Y))
        self.upto = np.cumsum(chances, axis=2)
        self.start_upto = np.cumsum(game.start[0])
        self.next_state = game.next_state
        self.last = Y - 1 - np.argmax(chances[:, :, ::-1] > 0, axis=2)
        self.last_start = int(np.flatnonzero(game.start[0])[-1])

    def first(self, drawn: Floats) -> Ints:
        """Return the first state of each group."""
        places = (drawn[:, None] >= self.start_upto[None, :-1]).sum(axis=1)
        return np.asarray(np.minimum(places, self.last_start))

    def outcome(self, state: Ints, profile: Ints, drawn: Floats) -> Ints:
        """Return an outcome for each group; the last one that can happen where rounding leaves a gap."""
        places = (drawn[:, None] >= self.upto[state, profile, :-1]).sum(axis=1)
        return np.asarray(np.minimum(places, self.last[state, profile]))

    def after(self, state: Ints, outcome: Ints) -> Ints:
        """Return the state that follows."""
        return np.asarray(self.next_state[state, outcome])


def _result(
    arena: Arena, learners: list[Learner], names: list[str], edges: Ints, units: list[_Played]
) -> Learning:
    """Return means and standard errors over all groups, units added in their order."""
    final = np.concatenate([unit.final for unit in units])
    groups = len(final)
    means, errors = {}, {}
    for name in units[0].sums:
        total = sum(unit.sums[name] for unit in units)
        squares = sum(unit.squares[name] for unit in units)
        mean = np.asarray(total / groups)
        spread = np.maximum(squares - groups * mean**2, 0.0)
        spread[spread < 1e-13 * np.abs(squares)] = 0.0  # rounding, where all groups did the same
        errors[name] = np.sqrt(spread / (groups - 1) / groups) if groups > 1 else np.full_like(mean, np.nan)
        means[name] = mean
    means["payoffs"] = means["payoffs"] + arena.payoffs.mean(axis=(0, 1))
    trusting = not np.isnan(means["trust"]).all()
    needed = np.array([getattr(learner, "needed", np.nan) for learner in learners])
    for array in (*means.values(), *errors.values(), needed, edges, final):
        read_only(array)
    return Learning(
        arena.players,
        arena.actions,
        tuple(names),
        edges,
        means["shares"],
        means["payoffs"],
        means["cooperation"] if arena.cooperation is not None else None,
        means["trust"] if trusting else None,
        needed if trusting else None,
        errors,
        final,
        read_only(np.concatenate([unit.averages for unit in units])),
    )
