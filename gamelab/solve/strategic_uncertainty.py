"""Strategic uncertainty: what following a profile gains if some others do; basin of defection."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

import numpy as np

from gamelab.errors import GameError
from gamelab.model.answers import not_known
from gamelab.model.automaton import Automaton
from gamelab.model.game import Floats, Game
from gamelab.solve.bernstein import power_form, value_at, zeros_of
from gamelab.solve.exact import exact_value
from gamelab.solve.irrational import Irrational, around
from gamelab.solve.joint import chains
from gamelab.solve.polynomials import ONE, ZERO, Root
from gamelab.solve.sign_regions import regions
from gamelab.solve.values import occupancy, reach

MOST_PLAYERS = 10
"""Of more players there are too many ways in which some follow and some do not: two to their number."""

TOO_MANY_PLAYERS = not_known(f"who follows and who does not is asked of {MOST_PLAYERS} players at most")

Payoffs = TypeVar("Payoffs")


@dataclass(frozen=True, eq=False)
class Advantages:
    """What players gain by following a profile in place of the fallback.

    Parameters
    ----------
    gain : array (b, n, n)
        Of each player, by how many of the others follow it too: the mean over who these are, per round.
    error : array (b,)
        How far rounding may reach in any of them.
    """

    gain: Floats
    error: Floats


def advantages(
    game: Game,
    automata: Sequence[Automaton],
    fallback: Sequence[Automaton],
    *,
    limit_of_means: bool = False,
) -> Advantages:
    """Return what each player gains by following a profile, in what players care for.

    Parameters
    ----------
    automata : sequence of Automaton
        The profile.
    fallback : sequence of Automaton
        What those play who do not follow it.
    limit_of_means : bool
        The limit for a discount factor that goes to 1.

    Raises
    ------
    GameError
        Where there are too many players.
    """
    error = np.zeros(game.batch)

    def payoffs(mixed: Sequence[Automaton]) -> Floats:
        totals = np.empty((game.batch, game.n))
        for points, chain in chains(game, mixed):
            paid = (chain.weights[..., None] * chain.utility).sum(axis=2)
            for i in range(game.n):
                visits = occupancy(chain, i, limit_of_means=limit_of_means)
                totals[points, i] = (visits * paid[..., i]).sum(axis=1)  # less a base that all mixtures share
                rounding = reach(chain, i, visits, limit_of_means=limit_of_means)
                error[points] = np.maximum(error[points], rounding)
        return totals

    gain = np.zeros((game.batch, game.n, game.n))
    for i, k, with_, without in _pairs(payoffs, automata, fallback):
        gain[:, i, k] += (with_[:, i] - without[:, i]) / math.comb(game.n - 1, k)
    return Advantages(gain, 2 * error)


def exact_advantages(
    game: Game, automata: Sequence[Automaton], fallback: Sequence[Automaton]
) -> list[list[Fraction]]:
    """Return the same gains on an exact game in fractions, by player and by how many others follow."""
    gain = [[ZERO] * game.n for _ in range(game.n)]
    for i, k, with_, without in _pairs(lambda m: exact_value(game, m).utilities, automata, fallback):
        gain[i][k] += (with_[i] - without[i]) / math.comb(game.n - 1, k)
    return gain


def _pairs(
    payoffs: Callable[[Sequence[Automaton]], Payoffs],
    automata: Sequence[Automaton],
    fallback: Sequence[Automaton],
) -> Iterator[tuple[int, int, Payoffs, Payoffs]]:
    """Yield a player, how many others follow, and what is paid where the player follows and where not."""
    n = len(automata)
    if n > MOST_PLAYERS:
        raise GameError(f"{n} players; {TOO_MANY_PLAYERS.reason}", "game")

    @functools.cache
    def of(follow: frozenset[int]) -> Payoffs:
        return payoffs([(automata if i in follow else fallback)[i] for i in range(n)])

    for i in range(n):
        others = [j for j in range(n) if j != i]
        for k in range(n):
            for follow in map(frozenset, itertools.combinations(others, k)):
                yield i, k, of(follow | {i}), of(follow)


def basin_of_defection(game: Game, automata: Sequence[Automaton], fallback: Sequence[Automaton]) -> Floats:
    """Return the share of others who must follow a profile from which on it pays everybody to follow, (b,).

    Each of the others follows the profile with this chance, independently, and else plays the fallback. The
    share of a player is the least from which on following is at least as good as the fallback; 1 where it is
    not even if all follow. The largest share of all players comes back.

    Parameters
    ----------
    automata : sequence of Automaton
        The profile.
    fallback : sequence of Automaton
        What those play who do not follow it.

    References
    ----------
    Dal Bo and Frechette (2011), American Economic Review 101.
    """
    gains = advantages(game, automata, fallback)
    return np.max([_last_loss(gains.gain[:, i], gains.error) for i in range(game.n)], axis=0)


def _last_loss(controls: Floats, flat: Floats) -> Floats:
    """Return the supremum of the chances at which a polynomial is below zero, (b,); 0 where it nowhere is."""
    zeros = zeros_of(controls, flat)
    ends = np.column_stack([np.zeros(len(zeros)), np.where(np.isnan(zeros), 1, zeros), np.ones(len(zeros))])
    below = value_at(controls[:, None], (ends[:, :-1] + ends[:, 1:]) / 2) < -flat[:, None]
    return np.asarray(np.where(below, ends[:, 1:], 0).max(axis=1))


def exact_basin_of_defection(
    game: Game, automata: Sequence[Automaton], fallback: Sequence[Automaton]
) -> Fraction | Irrational:
    """Return the same on an exact game: a fraction, or between which two a number lies that is none."""
    ends = [_last_root(controls) for controls in exact_advantages(game, automata, fallback)]
    most: Root | Fraction = max((end for end in ends if isinstance(end, Fraction)), default=ZERO)
    for end in ends:
        if isinstance(end, Root) and _above(end, most):
            most = end
    value = most if isinstance(most, Fraction) else most.settle()
    return Irrational(*around(most)) if value is None else value


def _last_root(controls: Sequence[Fraction]) -> Root | Fraction:
    """Return where a polynomial is last below zero between 0 and 1; 0 where it nowhere is."""
    loss = power_form([-control for control in controls])
    if not loss:
        return ZERO
    signs = regions([tuple(-entry for entry in loss)], ZERO, ONE)  # inside: where following loses
    ends: list[Root | Fraction] = [ZERO, *signs.roots, ONE]
    return next((ends[k + 1] for k in reversed(range(len(signs.inside))) if signs.inside[k]), ZERO)


def _above(root: Root, other: Root | Fraction) -> bool:
    if isinstance(other, Fraction):
        other = Root((-other.numerator, other.denominator), other, other)
    return root.compared(other) > 0
