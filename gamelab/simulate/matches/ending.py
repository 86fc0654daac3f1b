"""The ending of matches: after a number of rounds, by chance, or by whichever comes first."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gamelab.errors import GameError
from gamelab.model.game import Floats, Game, Ints
from gamelab.simulate.matches.alias import alias_tables

MOST_ROUNDS = 100_000_000
"""The most rounds that a match may have."""
MOST_EXPECTED = 10_000_000
"""The most rounds that a match with a random ending may have on average."""
ENDLESS = 2**62
NEGLIGIBLE = 2.0**-70

Kind = Literal["random", "fixed"]


@dataclass(frozen=True, eq=False)
class Ending:
    """When matches end, and what later rounds count.

    Parameters
    ----------
    kind : str
        ``random``: after each round the match goes on with the largest of the players' discount factors as
        probability; a less patient player's payoffs count less in later rounds. ``fixed``: every match has
        the same number of rounds, and all later payoffs are discounted.
    rounds : int or None
        The most rounds of a match.
    continuation : float
        The probability that another round follows; 1 where the ending is fixed.
    ratio : array (n,) or (1,)
        How much less a player's payoffs count after every round.
    weight : array (n,) or (1,)
        The expected sum of what the rounds count: totals over it are averages per round.
    """

    kind: Kind
    rounds: int | None
    continuation: float
    ratio: Floats
    weight: Floats

    @property
    def most(self) -> int:
        """The most rounds of a match, as a number."""
        return ENDLESS if self.rounds is None else self.rounds

    @property
    def digits(self) -> Ints:
        """Alias tables to draw the number of rounds from, (L, 512); none where the ending is fixed."""
        return digit_tables(self.continuation)


def ending_of(game: Game, kind: Kind | None, fixed: bool) -> Ending:
    """Return how matches of a single game end.

    Parameters
    ----------
    game : Game
        With the number of rounds that matches have at most.
    kind : str or None
        ``None``: ``fixed`` where a number of rounds was asked for, else ``random``.
    fixed : bool
        Whether a number of rounds was asked for.

    Raises
    ------
    GameError
        Where matches would never end, or hardly ever.
    """
    if kind not in (None, "random", "fixed"):
        raise GameError(f"{kind!r} given; write random or fixed", "ending")
    kind = kind or ("fixed" if fixed else "random")
    factors = np.asarray(game.one_discount[0], dtype=float)
    if game.rounds is None and kind == "fixed":
        raise GameError("this game is open-ended: a fixed ending needs rounds", "rounds")
    patience = float(factors.max())
    if game.rounds is None and patience >= 1:
        raise GameError("with a discount factor of 1 an open-ended match has no end: give rounds", "rounds")
    if game.rounds is None and (1 - patience) * MOST_EXPECTED < 1:
        long = f"a match would have more than {MOST_EXPECTED:,} rounds on average"
        raise GameError(f"{long}: give rounds", "rounds")
    if game.rounds is not None and game.rounds > MOST_ROUNDS:
        raise GameError(f"{game.rounds} given; a match has at most {MOST_ROUNDS:,} rounds", "rounds")
    weight = np.array([discounted_rounds(float(d), game.rounds) for d in factors])
    if kind == "fixed" or patience >= 1:
        return Ending("fixed", game.rounds, 1.0, factors, weight)
    ratio = factors / patience if patience > 0 else np.ones_like(factors)
    return Ending("random", game.rounds, patience, ratio, weight)


@functools.lru_cache(maxsize=64)
def digit_tables(continuation: float) -> Ints:
    """Return alias tables of the number of rounds less one, to the base 256, (L, 512): each digit by itself.

    A geometric number's digits are independent: digit l is drawn with chances in proportion to
    ``q^0, q^1, ...`` where q is the continuation probability to the power 256^l. A row holds the cuts, then
    the aliases. No logarithm is taken: the same tables on every machine.
    """
    if continuation >= 1:
        return np.zeros((0, 512), dtype=np.uint64)
    powers: list[Floats] = []
    q = continuation
    while q > NEGLIGIBLE or not powers:
        powers.append(np.multiply.accumulate(np.concatenate([[1.0], np.full(255, q)])))
        for _ in range(8):
            q = q * q
    cut, alias = alias_tables(np.stack(powers))
    return np.concatenate([cut, alias.astype(np.uint64)], axis=1)


def discounted_rounds(factor: float, rounds: int | None) -> float:
    """Return the sum of the discount factor's powers over the rounds.

    >>> discounted_rounds(0.5, None), discounted_rounds(0.5, 2), discounted_rounds(1, 3)
    (2.0, 1.5, 3.0)
    """
    if factor >= 1:
        return float(rounds or 0)
    if rounds is None or factor == 0:
        return 1 / (1 - factor)
    return -math.expm1(rounds * math.log(factor)) / (1 - factor)
