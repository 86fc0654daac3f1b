"""Symmetric equilibria of stage games that treat all players alike, in mixtures: of two actions all."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from gamelab.model.game import Bools, Floats, Ints
from gamelab.model.mixed_equilibria import LARGEST_DENOMINATOR
from gamelab.solve.bernstein import power_form, zeros_of
from gamelab.solve.polynomials import ONE, ZERO, roots_between

MOST_ACTIONS = 6
"""With more actions there are too many supports."""
STARTS, STEPS = 12, 60
MOST_GAIN = 1e-12
"""What a deviation may gain, in spreads of the payoffs."""
APART = 1e-7
"""Closer mixtures are one."""


Mixtures = tuple[list[Floats], int]
"""Of one game the mixtures (A,), and how many of a game in fractions are left out: their chances are none."""


def symmetric_equilibria(payoffs: Floats, slack: Floats) -> list[Mixtures]:
    """Return for each game the mixtures that are an equilibrium if everybody plays them, early actions first.

    Those in pure actions are left out, and so are all of games in which players are not alike.

    Parameters
    ----------
    payoffs : array (b, A1, ..., An, n)
        Of stage games by the actions of all players.
    slack : array of the same shape
        Up to the sum of which two payoffs are equal.

    Notes
    -----
    1. Nobody is better off with one of two actions than with the other one at the roots of a polynomial of
       their chance, in Bernstein's form: all of them are found. In the volunteer's dilemma a cost c for a
       gain b gives 1 - (c/b)^(1/(n-1)).
    2. On a support of more actions all must pay the same: Newton's method from a few starts, so that there
       may be others.
    3. A mixture stays where no action pays more than those that are mixed.
    """
    mixtures, left_out = [list[Floats]() for _ in payoffs], [0] * len(payoffs)
    actions = payoffs.shape[1]
    alike = _alike(payoffs, slack) if actions <= MOST_ACTIONS else np.zeros(len(payoffs), dtype=bool)
    places = np.flatnonzero(alike)
    for count in range(2, actions + 1 if len(places) else 2):
        for support in itertools.combinations(range(actions), count):
            inside = np.ix_(places, *[np.array(support)] * (payoffs.ndim - 2))
            solve = _of_two if count == 2 else _of_more
            for k, chances in solve(payoffs[..., 0][inside], slack[..., 0][inside]):
                place = places[k]
                mixture = np.zeros(actions, dtype=object if isinstance(chances[0], Fraction) else float)
                mixture[list(support)] = chances
                if _gains(payoffs[place, ..., 0], mixture):
                    continue
                if payoffs.dtype == object and mixture.dtype != object:
                    left_out[place] += 1
                else:
                    mixtures[place].append(mixture)
    return [(sorted(own, key=lambda mixture: tuple(-mixture)), out) for own, out in zip(mixtures, left_out)]


def _alike(payoffs: Floats, slack: Floats) -> Bools:
    """Return in which games any two players can be exchanged, actions named as they are, (b,)."""
    n = payoffs.shape[-1]
    alike = np.full(len(payoffs), len(set(payoffs.shape[1:-1])) == 1)
    for i in range(1, n) if alike.all() else ():
        order = [i if k == 0 else 0 if k == i else k for k in range(n)]
        one, other = (part.swapaxes(1, 1 + i)[..., order] for part in (payoffs, slack))
        alike &= (abs(one - payoffs) <= other + slack).reshape(len(payoffs), -1).all(axis=1)
    return alike


Chances = Iterator[tuple[int, Sequence[Fraction | float]]]
"""The place of a game, and the chances of the actions of a support."""


def _of_two(own: Floats, slack: Floats) -> Chances:
    """Yield the chances of two actions at which both pay the same."""
    n = own.ndim - 1
    # profiles row by row: k of the others do the first action where the last n - 1 - k digits are 1
    others = np.array([2 ** (n - 1 - k) - 1 for k in range(n)])
    rows, ties = (part.reshape(len(own), 2, -1)[:, :, others] for part in (own, slack))
    controls = rows[:, 0] - rows[:, 1]
    if own.dtype == object:
        zeros: Iterable[Iterable[Fraction | float]] = map(_roots, controls)
    else:
        zeros = zeros_of(controls, ties.sum(axis=1).max(axis=1))
    for k, row in enumerate(zeros):
        yield from ((k, (chance, 1 - chance)) for chance in row if 0 < chance < 1)


def _roots(controls: Floats) -> Iterator[Fraction | float]:
    """Yield the chances at which a polynomial in fractions is zero, rounded where they are none."""
    for root in roots_between(power_form(list(controls)), ZERO, ONE):
        value = root.settle()
        root.narrow(Fraction(1, 10**20))
        yield float((root.low + root.high) / 2) if value is None else value


def equilibria_of_kinds(payoffs: Floats, slack: Floats, kinds: Ints) -> Mixtures:
    """Return mixtures (n, A) of one game in which actions of one kind are done alike by all.

    Those of one kind that is more than one action, and those of two kinds, which are all found.

    Parameters
    ----------
    payoffs, slack : array (A, ..., A, n)
    kinds : int array (n, A)
        Of each player's actions: those that symmetries of the game carry to each other, by all of which
        any player is carried to any other.
    """
    n, own, exact = payoffs.shape[-1], payoffs[..., 0], payoffs.dtype == object
    one: Any = ONE if exact else 1.0
    alike = {
        kind: [(row == kind) * (one / int((row == kind).sum())) for row in kinds]
        for kind in dict.fromkeys(kinds[0].tolist())
    }
    mixed = [np.stack(each) for kind, each in alike.items() if (kinds[0] == kind).sum() > 1]
    left_out = 0
    for a, b in itertools.combinations(alike, 2):
        controls = [ZERO if exact else 0.0] * n
        for follow in itertools.product((0, 1), repeat=n - 1):
            table = own
            for j in reversed(range(1, n)):
                table = table @ alike[(b, a)[follow[j - 1]]][j]
            gain = table @ (alike[a][0] - alike[b][0])
            controls[sum(follow)] += gain / math.comb(n - 1, sum(follow))
        flat = np.array([2 * slack[..., 0].max()])
        row = np.array(controls)
        for chance in _roots(row) if exact else zeros_of(row[None], flat)[0]:
            if not 0 < chance < 1:
                continue
            if exact and not isinstance(chance, Fraction):
                left_out += 1
            else:
                mixed.append(np.stack([chance * x + (1 - chance) * y for x, y in zip(alike[a], alike[b])]))
    return [mixture for mixture in mixed if not _deviates(own, mixture)], left_out


def _deviates(own: Floats, mixture: Floats) -> bool:
    """Tell whether the first player gains by deviating from what all do."""
    payoffs = own
    for row in mixture[:0:-1]:
        payoffs = payoffs @ row
    gain = payoffs.max() - payoffs @ mixture[0]
    return bool(gain > (0 if own.dtype == object else MOST_GAIN * np.ptp(own)))


def _of_more(own: Floats, _: Floats) -> Chances:
    """Yield chances of more actions at which all pay the same."""
    for k, table in enumerate(own):
        yield from ((k, chances) for chances in _by_newton(table))


def _by_newton(own: Floats) -> Iterator[Sequence[Fraction | float]]:
    """Yield the same of one game, in fractions where they are simple ones."""
    table, known = own.astype(float), list[Floats]()
    size, n = len(table), table.ndim
    table = table - table.min()
    table = table / (table.max() or 1.0)
    generator = np.random.default_rng(0)  # the same starts for every game: the first in the middle
    starts = [np.full(size, 1 / size), *generator.dirichlet(np.ones(size), STARTS - 1)]
    for x in starts:
        for _step in range(STEPS):
            pairs = _contracted(table, x, 2)
            payoffs = pairs @ x
            slope = np.block([[(n - 1) * pairs, -np.ones((size, 1))], [np.ones((1, size)), np.zeros((1, 1))]])
            miss = np.append(payoffs - payoffs.mean(), x.sum() - 1)
            step = np.linalg.lstsq(slope, miss, rcond=None)[0][:size]
            step /= max(1.0, 2 * np.abs(step).max())
            x = x - step
            if np.abs(step).max() < 1e-15:
                break
        solved = np.ptp(_contracted(table, x, 1)) <= MOST_GAIN and (x > APART).all()
        if solved and all(np.abs(x - other).max() > APART for other in known):
            known.append(x)
            simple = [Fraction(float(chance)).limit_denominator(LARGEST_DENOMINATOR) for chance in x]
            exact = (
                own.dtype == object and sum(simple) == 1 and not _gains(own, np.array(simple, dtype=object))
            )
            yield simple if exact else list(x / x.sum())


def _gains(own: Floats, mixture: Floats) -> bool:
    """Tell whether an action pays more than a mixture that all others play."""
    table = own if mixture.dtype == object else own.astype(float)
    payoffs = _contracted(table, mixture, 1)
    gain = payoffs.max() - payoffs @ mixture
    return bool(gain > (0 if mixture.dtype == object else MOST_GAIN * np.ptp(table)))


def _contracted(table: Floats, mixture: Floats, axes: int) -> Floats:
    """Return a table averaged over what all but the first players do, each of whom mixes."""
    while table.ndim > axes:
        table = table @ mixture
    return table
