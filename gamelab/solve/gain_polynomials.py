"""Gains as polynomials in the discount factor, in fractions: the numerators, whose signs are the gains'."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from gamelab.solve.continuation import alternatives
from gamelab.solve.exact_certificate import inside_first
from gamelab.solve.exact_chain import ONE, ZERO, ExactChain, Numbers
from gamelab.solve.exact_linear import Row, solve
from gamelab.solve.polynomials import PRIME, Polynomial, divided, polynomial, product

MOST_DEGREE = 100
"""Polynomials of a higher degree are not looked for: their roots take more than some seconds."""
MOST_COEFFICIENTS = 400_000
"""The most coefficients that the values of finitely many rounds may take."""


def gain_polynomials(chain: ExactChain) -> set[Polynomial] | None:
    """Return polynomials with the signs that the gains from one deviation have between 0 and 1.

    Parameters
    ----------
    chain : ExactChain
        At any discount factor. Nothing else in the game, and nothing in the profile, may depend on it.

    Returns
    -------
    set of Polynomial, or None
        Without those gains that are zero at every discount factor. None where this would be too much work.
    """
    numerators = _open_ended(chain) if chain.game.rounds is None else _of_rounds(chain)
    return None if numerators is None else {p for each in numerators if (p := without_ends(polynomial(each)))}


def without_ends(p: Polynomial) -> Polynomial:
    """Return the polynomial without its roots at 0 and 1, and with the same sign between."""
    while p and p[0] == 0:
        p = p[1:]
    while p and sum(p) == 0:
        p = divided(p, (1, -1))
    return p


def _open_ended(chain: ExactChain) -> list[Numbers] | None:
    """Return what each gain is times a polynomial that is positive between 0 and 1."""
    gains: list[Numbers] = []
    for i in range(chain.game.n):
        values = _values(chain, i)
        if values is None:
            return None
        below, above = values
        counted = alternatives(chain.chain, i)
        for x in range(chain.size):
            for a in counted[x].nonzero()[0]:
                now, follows = _after(chain, x, i, int(a))
                later = _mixed(follows, above)
                gain = _plus([now * entry for entry in below], [ZERO, *later] if chain.ends[x] else later)
                gains.append(_plus(gain, [-entry for entry in above[x]]))
    return gains


def _after(chain: ExactChain, x: int, player: int, action: int) -> tuple[Fraction, Row]:
    """Return what an own action pays now, and the chances of the joint states that follow."""
    weights = {p: c for p, c in chain.others[player][x].items() if chain.profiles[p][player] == action}
    now = sum((chance * chain.utility[x][p][player] for p, chance in weights.items()), ZERO)
    return now, chain.mixed(x, weights)


def _values(chain: ExactChain, player: int) -> tuple[Numbers, list[Numbers]] | None:
    """Return q and, for each joint state, p: the player gets p(d)/q(d) from there on, not normalised.

    What is paid until the round ends is v_0, and v_{k+1} = T v_k is what is paid k rounds later, as expected
    now: the value is the sum of d^k v_k. From some r on they are dependent, v_r = sum c_j v_j, so that with
    q = 1 - sum c_j d^{r-j} the product q W is a polynomial of a degree below r. With the smallest r the roots
    of q are inverse eigenvalues of T, which are never inside of the unit circle; and q(0) = 1.
    """
    paid = [_expected(chain.weights[x], [row[player] for row in chain.utility[x]]) for x in range(chain.size)]
    order = inside_first(chain)
    series = [_through(chain, order, paid, None)]
    basis = Basis()
    while basis.grows(series[-1]):
        if len(series) > MOST_DEGREE:
            return None
        series.append(_through(chain, order, None, series[-1]))
    r = len(series) - 1
    rows: list[Row] = [{k: series[k][x] for k in range(r) if series[k][x]} for x in basis.places]
    back = [c for (c,) in solve(rows, [[series[r][x]] for x in basis.places])] if r else []
    if any(sum((c * series[k][x] for k, c in enumerate(back)), ZERO) != series[r][x] for x in order):
        return None  # the prime hid a direction
    below = [ONE, *(-c for c in reversed(back))]
    above = [
        [sum((below[j] * series[k - j][x] for j in range(k + 1)), ZERO) for k in range(r)]
        for x in range(chain.size)
    ]
    return below, above


def _through(chain: ExactChain, order: list[int], paid: Numbers | None, then: Numbers | None) -> Numbers:
    """Return what is paid until the round ends, and what ``then`` says of the joint state that follows it."""
    total = list(paid) if paid else [ZERO] * chain.size
    for x in order:
        if not chain.ends[x]:
            total[x] += _expected(chain.matrix[x], total)
        elif then:
            total[x] += _expected(chain.matrix[x], then)
    return total


def _expected(chances: Row, amounts: Sequence[Fraction]) -> Fraction:
    return sum((chance * amounts[k] for k, chance in chances.items()), ZERO)


class Basis:
    """Vectors that are independent modulo a prime, and as many places where that shows."""

    def __init__(self) -> None:
        self.places: list[int] = []
        self._rows: list[list[int]] = []

    def grows(self, vector: Numbers) -> bool:
        """Tell whether a vector is independent of those before, and keep it then."""
        row = [entry.numerator * pow(entry.denominator, -1, PRIME) % PRIME for entry in vector]
        for place, known in zip(self.places, self._rows):
            if factor := row[place]:
                row = [(entry - factor * other) % PRIME for entry, other in zip(row, known)]
        new = next((x for x, entry in enumerate(row) if entry), None)
        if new is None:
            return False
        inverse = pow(row[new], -1, PRIME)
        self.places.append(new)
        self._rows.append([entry * inverse % PRIME for entry in row])
        return True


def _of_rounds(chain: ExactChain) -> list[Numbers] | None:
    rounds = chain.game.rounds or 0
    if rounds * rounds * chain.size * chain.game.n > MOST_COEFFICIENTS or rounds > MOST_DEGREE:
        return None
    return [gain for i in range(chain.game.n) for gain in _backwards(chain, i, rounds)]


def _backwards(chain: ExactChain, player: int, rounds: int) -> Iterator[Numbers]:
    """Walk finitely many rounds from their end: yield every gain, in payoffs of its own round."""
    counted, order = alternatives(chain.chain, player), inside_first(chain)
    later: list[Numbers] = [[] for _ in range(chain.size)]
    for t in reversed(range(rounds)):
        now: list[Numbers] = [[] for _ in range(chain.size)]
        actions: list[dict[int, Numbers]] = [{} for _ in range(chain.size)]
        for x in order:
            for a in range(len(chain.play[player][x])):
                paid, follows = _after(chain, x, player, a)
                if follows:
                    ends = chain.ends[x]
                    future = [ZERO, *_mixed(follows, later)] if ends else _mixed(follows, now)
                    actions[x][a] = _plus([paid], future)
            for a, amount in actions[x].items():
                now[x] = _plus(now[x], product([chain.play[player][x][a]], amount))
        for x in range(chain.size):
            if chain.chain.layers[t][x]:
                yield from (
                    _plus(amount, [-entry for entry in now[x]])
                    for a, amount in actions[x].items()
                    if counted[x, a]
                )
        later = now


def _mixed(chances: Row, polynomials: Sequence[Numbers]) -> Numbers:
    total: Numbers = []
    for k, chance in chances.items():
        total = _plus(total, [chance * entry for entry in polynomials[k]])
    return total


def _plus(p: Numbers, q: Numbers) -> Numbers:
    short, long = sorted((p, q), key=len)
    return [a + b for a, b in zip(short, long)] + list(long[len(short) :])
