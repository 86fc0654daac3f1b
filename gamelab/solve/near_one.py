"""Near one: gains where the discount factor is so close to 1 that values of the order 1/(1-d) hide them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gamelab.model.game import Floats, Ints
from gamelab.solve.brackets import narrowed
from gamelab.solve.continuation import alternatives
from gamelab.solve.joint import Chain
from gamelab.solve.long_run import closed_classes

NEAR = 1e-6
"""Closer to 1 than this, ordinary values leave too few digits to tell zeros of gains apart."""
PER_DECADE = 4
SMALLEST = 1e-30
"""The smallest 1 - d that is looked at: far below what a discount factor in floats can be."""
ALIKE = 1e-13
"""Roots that differ by less, relatively, are one: of two gains, or of two players."""
SAME = 1e-14
"""Chances of ending in a class, and what classes pay a round, count as equal up to this, relatively."""
MOST_AT_ONCE = 4_000_000
"""Entries of systems that are solved at once."""
ROUNDING = 256 * np.finfo(float).eps


@dataclass(frozen=True)
class NearGains:
    """Gains from one deviation at some 1 - d.

    Parameters
    ----------
    gain : array (k, m)
        In payoffs of its own round.
    size : array (k, m)
        The largest number that enters each: payoffs now, and what differs later.
    """

    gain: Floats
    size: Floats


class NearOne:
    """The gains of an open-ended game in which nothing but the discount factor varies, by e = 1 - d.

    Parameters
    ----------
    chain : Chain
        Of one point.

    Notes
    -----
    Once in a recurrent class C for good, a player gets g_C a round. With a_C(x) the chance of ending up in C,
    what is had from a joint state on is W(x) = sum_C a_C(x) g_C / e + h(x), where h is 0 at one state of each
    class. Put into W = u + d M W, with the weight 1 inside of a round, this leaves

        h(x) + [x ends a round] sum_C a_C(x) g_C = u(x) + d M h(x),

    a system that is as good at e = 0 as elsewhere. A deviation that moves the chances of the classes by b_C
    then gains sum_C b_C g_C / e and a rest without any division by e: nothing large cancels.
    """

    def __init__(self, chain: Chain):
        self.chain = chain
        self.matrix = chain.transition(chain.weights)[0]
        self.flow = (chain.weights[..., None] * chain.utility).sum(axis=2)[0]
        self.classes = closed_classes(self.matrix > 0)
        self.ends = chain.ends.astype(float)
        self.enters = self._absorbed()

    def _absorbed(self) -> Floats:
        """Return the chance of ending in each class, (X, C)."""
        X = self.chain.size
        enters = np.zeros((X, len(self.classes)))
        for c, members in enumerate(self.classes):
            enters[members, c] = 1.0
        passing = np.flatnonzero(enters.sum(axis=1) == 0)
        if len(self.classes) == 1:
            enters[:] = 1.0
        elif len(passing):
            system = np.eye(len(passing)) - self.matrix[np.ix_(passing, passing)]
            chances = np.linalg.solve(system, self.matrix[passing] @ enters)
            enters[passing] = chances / chances.sum(axis=1, keepdims=True)
        return enters

    def at(self, e: Floats) -> NearGains:
        """Return all gains at these 1 - d, (k,)."""
        chain = self.chain
        weight = 1 - np.outer(e, self.ends)
        rates, rest = self._solved(e, weight)
        gains, sizes = [], []
        for i in range(chain.game.n):
            for x, a in np.argwhere(alternatives(chain, i)):
                others = chain.others[i][0, min(x, chain.others[i].shape[1] - 1)]
                chosen = np.broadcast_to((chain.game.profiles[:, i] == a) * others, others.shape)
                now = float(chosen @ chain.utility[0, x, :, i])
                moves = chain.transition_from(x, chosen)
                after = moves @ self.enters
                shift = after - self.enters[x]
                shift = np.where(np.abs(shift) <= SAME, 0.0, shift)
                rate = rates[:, :, i] - rates[:, :1, i]  # the shifts sum to 0
                rate = np.where(
                    np.abs(rate) <= SAME * np.abs(rates[:, :, i]).max(axis=1, keepdims=True), 0.0, rate
                )
                far = rate @ shift / e
                later, here = weight[:, x] * (rest[:, :, i] @ moves), rest[:, x, i]
                paid = self.ends[x] * (rates[:, :, i] @ after)
                gains.append(now - paid + later - here + far)
                sizes.append(np.max(np.abs([np.full_like(e, now), paid, later, here, far]), axis=0))
        if not gains:
            return NearGains(np.empty((len(e), 0)), np.empty((len(e), 0)))
        return NearGains(np.stack(gains, axis=1), np.stack(sizes, axis=1))

    def _solved(self, e: Floats, weight: Floats) -> tuple[Floats, Floats]:
        """Return what each class pays a round, (k, C, n), and h, (k, X, n)."""
        X = self.chain.size
        if len(e) > 1 and len(e) * X * X > MOST_AT_ONCE:
            parts = [self._solved(e[[k]], weight[[k]]) for k in range(len(e))]
            return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
        first = [members[0] for members in self.classes]
        system = np.eye(X) - weight[:, :, None] * self.matrix
        # h is 0 at the first state of each class: its column is free for the class's g
        system[:, :, first] = self.ends[None, :, None] * self.enters[None]
        solution = np.linalg.solve(system, np.broadcast_to(self.flow, (len(e), *self.flow.shape)))
        rates = solution[:, first]
        solution[:, first] = 0.0
        return rates, solution

    def roots(self) -> Floats:
        """Return the 1 - d below ``NEAR`` at which some gain changes its sign, ascending."""
        decades = np.log10(NEAR / SMALLEST)
        grid = NEAR * 2 * 10.0 ** -np.linspace(0, decades, int(PER_DECADE * decades) + 1)[::-1]
        seen = self.at(grid)
        clear = np.abs(seen.gain) > ROUNDING * seen.size
        brackets = []
        for which in range(seen.gain.shape[1]):
            known = np.flatnonzero(clear[:, which])
            signs = seen.gain[known, which] > 0
            brackets += [(known[k], known[k + 1], which) for k in np.flatnonzero(signs[1:] != signs[:-1])]
        if not brackets:
            return np.empty(0)
        low, high, number = np.array(brackets).T

        def gain(at: Floats, bracket: Ints) -> Floats:
            return self.at(at).gain[np.arange(len(at)), number[bracket]]

        ends = (grid[low], seen.gain[low, number]), (grid[high], seen.gain[high, number])
        roots = np.sort(narrowed(gain, *ends))
        return roots[np.diff(roots, prepend=0.0) > ALIKE * roots]

    def excess(self, e: Floats, tolerance: float) -> Floats:
        """Return by how much the largest gain exceeds what is tolerated, (k,); holds where <= 0."""
        seen = self.at(e)
        allowed = max(tolerance, ROUNDING) * seen.size
        return np.asarray((seen.gain - allowed).max(axis=1, initial=-np.inf))
