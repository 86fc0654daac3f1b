"""Contagion: who saw a deviation defects on everybody from then on; how it spreads and whom it deters."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from gamelab.errors import GameError
from gamelab.model.arguments import checked, whole
from gamelab.model.freezing import frozen_result, read_only
from gamelab.model.game import Floats, Game
from gamelab.simulate.population.pair_payoffs import Number, PairPayoffs, least_factor, pair_payoffs, plain

LARGEST, LARGEST_EXACT, MOST_ROUNDS = 2000, 100, 1_000_000


@frozen_result
@dataclass(frozen=True, eq=False)
class Contagion:
    """Whether the fear of contagion keeps the agreement among persons who know nobody's record.

    Everybody keeps the agreement until the own or a partner's deviation, and then plays the fallback for
    ever: ``grim`` carried from partner to partner. Gains are normalised averages per round.

    Parameters
    ----------
    population : int
    discount_factor : float or Fraction
    verdict : str
        ``holds`` (a sequential equilibrium, whatever persons believe about how far contagion went),
        ``fails`` (deviating from the agreement pays) or ``undecided`` (the agreement is kept, but for some
        number of infected persons it would pay to stop deviating: it depends on beliefs).
    departing_gain : number
        What the first deviation gains.
    departing_action : str
        The action that gains most.
    spreading_gain : number
        What an infected person gains at most by another action than the fallback for one round.
    spreading_place : tuple of int and str
        The number of infected persons, oneself included, and the action where that is.
    largest_sucker : number
        The most that keeping the agreement may pay against the fallback if infected persons are always to
        deviate, at this discount factor: payoffs of the agreement against itself and all else unchanged.
    least_discount_factor : float or None
        From which on the first deviation gains nothing; None where there is none.
    transition : array (N + 1, N + 1)
        Chance of each number of infected persons in the next round, by the number now.
    """

    population: int
    discount_factor: Number
    verdict: Literal["holds", "fails", "undecided"]
    departing_gain: Number
    departing_action: str
    spreading_gain: Number
    spreading_place: tuple[int, str]
    largest_sucker: Number
    least_discount_factor: float | None
    transition: Floats = field(repr=False)

    def infected(self, rounds: int, start: int = 1) -> Floats:
        """Return the expected number of infected persons in each round, (rounds,), from ``start`` of them."""
        length, first = whole(rounds, "rounds", 1, MOST_ROUNDS), whole(start, "start", 0, self.population)
        chance: Floats = np.zeros(self.population + 1, dtype=self.transition.dtype)
        chance[first] = 1
        counts = np.arange(self.population + 1)
        expected = []
        for _ in range(length):
            expected.append(chance @ counts)
            chance = chance @ self.transition
        return np.array(expected)


@checked
def contagion(game: Game, *, population: int) -> Contagion:
    """Return whether contagion sustains the agreement among persons matched anew in each round.

    The number of infected persons is a Markov chain: pairs of an infected and a healthy person infect the
    latter. In the prisoner's dilemma the agreement is kept iff
    ``(1-d) sum_t d^t (P + (T-P) r_t) <= R``, where r_t is the chance that the first to deviate meets a
    healthy person t rounds later (Kandori 1992, section 3; Ellison 1994, lemma 1). A person who is infected
    already spreads it on if the sucker's payoff is low enough.

    Parameters
    ----------
    game : Game
        Open-ended, of one state, with seats that are alike and partners' actions seen without noise.
    population : int
        Number of persons N: even, at most 2000, or 100 in an exact game.

    Raises
    ------
    GameError
        For an odd or too large population, or a game of another kind.

    References
    ----------
    Kandori (1992), Social norms and community enforcement, Review of Economic Studies 59: 63-80.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> two = gl.contagion(gl.repeated(stage, discount_factor=0.9), population=2)
    >>> round(two.least_discount_factor, 9)
    0.5
    >>> gl.contagion(gl.repeated(stage, discount_factor=0.9), population=4).infected(3)
    array([1.        , 2.        , 3.33333333])
    """
    table = pair_payoffs(game)
    _need_clear_sight(game)
    most = LARGEST_EXACT if table.exact else LARGEST
    N = whole(population, "population", 2, most)
    if N % 2:
        raise GameError(f"{N} is odd, and everybody needs a partner: write an even number", "population")
    chain = Chain(table, N)
    d = table.discount_factor
    gain, action = chain.deviating(d)
    spreading, place = chain.spreading(d)
    kept, spread = table.small(gain / (1 - d)), table.small(spreading / (1 - d))
    floats = Chain(table, N, exact=False) if table.exact else chain
    spreads = np.ptp(floats.table.pay) * 1e-15

    def holds(factor: float) -> bool:
        return bool(floats.deviating(factor)[0] <= spreads)

    return Contagion(
        population=N,
        discount_factor=d,
        verdict="fails" if not kept else "holds" if spread else "undecided",
        departing_gain=plain(gain),
        departing_action=action,
        spreading_gain=plain(spreading),
        spreading_place=place,
        largest_sucker=plain(chain.largest_sucker(d)),
        least_discount_factor=least_factor(holds),
        transition=read_only(chain.onward),
    )


def mixed_pairs(infected: int, healthy: int, exact: bool = False) -> tuple[list[int], list[Any]]:
    """Return how many pairs of an infected and a healthy person a random matching can have, with chances.

    Of all ``(N-1)(N-3)...`` matchings, C(i,m) C(h,m) m! (i-m-1)!! (h-m-1)!! have m such pairs.

    Examples
    --------
    >>> mixed_pairs(2, 2, exact=True)
    ([0, 2], [Fraction(1, 3), Fraction(2, 3)])
    """
    counts = list(range(infected % 2, min(infected, healthy) + 1, 2))
    # each is a known multiple of the one before
    steps = [
        Fraction((infected - m) * (healthy - m), (m + 1) * (m + 2)) for m in counts[:-1]
    ]  # at the end of the list nothing follows
    if exact:
        weights = [Fraction(1)]
        for step in steps:
            weights.append(weights[-1] * step)
        total = sum(weights)
        return counts, [weight / total for weight in weights]
    logs = np.cumsum([0.0, *(math.log(step) for step in steps)])
    parts = np.exp(logs - logs.max())
    return counts, list(parts / parts.sum())


class Chain:
    """The number of infected persons, from the side of one of them.

    Parameters
    ----------
    onward : array (N + 1, N + 1)
        Chances of the next number, by the number now, where all infected persons deviate.
    spared : array (N + 1, N + 1)
        The same where one of them keeps the agreement this once.
    healthy : array (N + 1,)
        Chance that one of so many infected persons meets a healthy one.
    """

    def __init__(self, table: PairPayoffs, N: int, exact: bool | None = None):
        self.exact = table.exact if exact is None else exact
        kind: Any = object if self.exact else float
        self.table, self.N = table, N
        one: Any = Fraction(1) if self.exact else 1.0
        self.onward = np.full((N + 1, N + 1), 0 * one, dtype=kind)
        self.spared = self.onward.copy()
        self.healthy = np.array([one * (N - i) / (N - 1) for i in range(N + 1)], dtype=kind)
        self.pay = table.pay if self.exact else table.pay.astype(float)
        for i in range(N + 1):
            self._add(self.onward, i, i, N - i, one)
            if 0 < i < N:
                self._add(self.spared, i, i - 1, N - i - 1, self.healthy[i])
            if i > 1:
                self._add(self.spared, i, i - 2, N - i, 1 - self.healthy[i])

    def _add(self, matrix: Floats, now: int, infected: int, healthy: int, weight: Any) -> None:
        for more, chance in zip(*mixed_pairs(infected, healthy, self.exact)):
            matrix[now, now + more] += weight * chance

    def _against(self, action: int) -> Floats:
        """Return what an action pays on average, by the number of infected persons, (N + 1,)."""
        pay, table = self.pay[action], self.table
        return self.healthy * pay[table.agreed] + (1 - self.healthy) * pay[table.fallback]

    def deviating_payoffs(self, d: Number) -> Floats:
        """Return what an infected person earns who deviates for ever, by the number of infected, (N + 1,)."""
        now: Any = (1 - d) * self._against(self.table.fallback)
        defecting = now.copy()
        for i in range(self.N, -1, -1):
            later = self.onward[i, i + 1 :] @ defecting[i + 1 :] if i < self.N else 0
            defecting[i] = (now[i] + d * later) / (1 - d * self.onward[i, i])
        return defecting

    def deviating(self, d: Number) -> tuple[Any, str]:
        """Return what the first deviation gains, and by which action."""
        table, pay = self.table, self.pay
        kept = pay[table.agreed, table.agreed]
        after = self.onward[1] @ self.deviating_payoffs(d)
        gains = {
            a: (1 - d) * (pay[a, table.agreed] - kept) + (0 if table.keeps[a] else d * (after - kept))
            for a in range(len(pay))
            if a != table.agreed
        }
        best = max(gains, key=lambda a: gains[a])
        return gains[best], table.labels[best]

    def spreading(self, d: Number) -> tuple[Any, tuple[int, str]]:
        """Return what another action than the fallback gains an infected person at most, and where."""
        defecting, table = self.deviating_payoffs(d), self.table
        gains: dict[tuple[int, int], Any] = {}
        for a in range(len(self.pay)):
            if a == table.fallback:
                continue
            moved = self.spared if table.keeps[a] else self.onward
            gain = (1 - d) * self._against(a) + d * (moved @ defecting) - defecting
            gains |= {(i, a): gain[i] for i in range(2, self.N + 1)}
        i, a = max(gains, key=lambda place: gains[place])
        return gains[i, a], (i, table.labels[a])

    def largest_sucker(self, d: Number) -> Any:
        """Return the highest payoff of keeping against the fallback at which the infected still deviate."""
        defecting, kept = self.deviating_payoffs(d), self.pay[self.table.agreed, self.table.agreed]
        room = (defecting - d * (self.spared @ defecting)) / (1 - d) - self.healthy * kept
        return min(room[i] / (1 - self.healthy[i]) for i in range(2, self.N + 1))


def _need_clear_sight(game: Game) -> None:
    """Refuse in words a game in which a partner's deviation can be missed or imagined."""
    for i, j in ((0, 1), (1, 0)):
        done = np.broadcast_to(game.profiles[:, j, None], game.happens[0].shape)
        read = np.broadcast_to(game.conduct[i, j], done.shape)
        if (game.happens[0] & (read != done)).any():
            raise GameError(
                "contagion is computed where each sees what the partner does: observe public or private "
                "without misreading",
                "observe",
            )
