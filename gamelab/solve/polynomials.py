"""Polynomials with whole coefficients: their real roots isolated between fractions, compared and named."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

Polynomial = tuple[int, ...]
"""Coefficients, the constant first; the last one is not zero, and they share no factor. ``()`` is zero."""

PRIME = 2**61 - 1
"""Polynomials without a common factor modulo this prime have none."""
ZERO, ONE = Fraction(0), Fraction(1)


def polynomial(coefficients: Iterable[Fraction | int]) -> Polynomial:
    """Return the polynomial whose coefficients are these times a positive number.

    >>> polynomial([Fraction(1, 2), Fraction(-3, 4), 0])
    (2, -3)
    """
    given = [Fraction(coefficient) for coefficient in coefficients]
    while given and not given[-1]:
        given.pop()
    shared = math.lcm(*(entry.denominator for entry in given))
    return _primitive([int(entry * shared) for entry in given])


def _primitive(whole: Sequence[int]) -> Polynomial:
    last = len(whole)
    while last and not whole[last - 1]:
        last -= 1
    content = math.gcd(*whole[:last])
    return tuple(entry // content for entry in whole[:last])


def sign(p: Polynomial, at: Fraction) -> int:
    """Return the sign of a polynomial at a fraction: -1, 0 or 1."""
    total, power = 0, 1
    for coefficient in reversed(p):  # times the denominator to the degree, so that all stays whole
        total = total * at.numerator + coefficient * power
        power *= at.denominator
    return (total > 0) - (total < 0)


def product(p: Sequence[Fraction], q: Sequence[Fraction]) -> list[Fraction]:
    """Return the coefficients of a product."""
    total = [ZERO] * max(len(p) + len(q) - 1, 0)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            total[i + j] += a * b
    return total


def common_factor(p: Polynomial, q: Polynomial) -> Polynomial:
    """Return the greatest common divisor, up to its sign.

    >>> common_factor((-1, 0, 1), (1, 2, 1))
    (1, 1)
    """
    if p and q and _coprime(p, q):
        return (1,)
    while q:
        p, q = q, _primitive(_remainder(p, q))
    return p if not p or p[-1] > 0 else tuple(-entry for entry in p)


def _remainder(p: Polynomial, q: Polynomial) -> list[int]:
    """Return a multiple of p by a whole number, less a multiple of q, of a lower degree than q."""
    rest = list(p)
    while len(rest) >= len(q):
        top, shift = rest.pop(), len(rest) + 1 - len(q)
        if top:
            shared = math.gcd(top, q[-1])
            own, other = q[-1] // shared, top // shared
            rest = [own * entry for entry in rest]
            for k, entry in enumerate(q[:-1]):
                rest[shift + k] -= other * entry
    return rest


def _coprime(p: Polynomial, q: Polynomial) -> bool:
    """Tell whether arithmetic modulo a prime shows that there is no common factor."""
    if not (p[-1] % PRIME and q[-1] % PRIME):
        return False
    a, b = [entry % PRIME for entry in p], [entry % PRIME for entry in q]
    while b:
        inverse = pow(b[-1], -1, PRIME)
        while len(a) >= len(b):
            factor, shift = a.pop() * inverse % PRIME, len(a) + 1 - len(b)
            for k, entry in enumerate(b[:-1]):
                a[shift + k] = (a[shift + k] - factor * entry) % PRIME
            while a and not a[-1]:
                a.pop()
        a, b = b, a
    return len(a) == 1


def without_repeats(p: Polynomial) -> Polynomial:
    """Return the polynomial with the same roots, each of them once."""
    slope = _primitive([k * entry for k, entry in enumerate(p)][1:])
    shared = common_factor(p, slope) if slope else (1,)
    return p if len(shared) == 1 else divided(p, shared)


def divided(p: Polynomial, q: Polynomial) -> Polynomial:
    """Return p/q, up to a positive factor, where q divides p."""
    rest, quotient = [Fraction(entry) for entry in p], []
    while len(rest) >= len(q):
        factor, shift = rest.pop() / q[-1], len(rest) + 1 - len(q)
        quotient.append(factor)
        for k, entry in enumerate(q[:-1]):
            rest[shift + k] -= factor * entry
    return polynomial(reversed(quotient))


class Root:
    """A real root of a polynomial without repeated roots: a fraction, or alone between two of them.

    Parameters
    ----------
    p : Polynomial
    low, high : Fraction
        The same where that is the root; else the polynomial has opposite signs there.
    """

    def __init__(self, p: Polynomial, low: Fraction, high: Fraction):
        self.p, self.low, self.high = p, low, high
        self._left = sign(p, low)

    def __repr__(self) -> str:
        return f"<Root {float((self.low + self.high) / 2)!r}>"

    @property
    def value(self) -> Fraction | None:
        """The root where it is known to be a fraction."""
        return self.low if self.low == self.high else None

    def narrow(self, width: Fraction) -> None:
        """Bring the two fractions at least as close together as ``width``."""
        while self.high - self.low > width:
            if not self._stepped():
                self._split((self.low + self.high) / 2)

    def _split(self, at: Fraction) -> None:
        there = sign(self.p, at)
        if there == 0:
            self.low = self.high = at
        elif there == self._left:
            self.low = at
        else:
            self.high = at

    def _stepped(self) -> bool:
        """Tell whether a step of Newton's method could be used: it doubles the digits, where it works."""
        wide = self.high - self.low
        middle = (self.low + self.high) / 2
        value, slope = ZERO, ZERO
        for coefficient in reversed(self.p):
            value, slope = value * middle + coefficient, slope * middle + value
        if not slope:
            return False
        exponent = max(-_log2(wide), 0) * 3 // 2 + 8
        near = Fraction(round((middle - value / slope) * 2**exponent), 2**exponent)
        step = Fraction(4, 2**exponent)
        for at in (near - step, near + step):
            if self.low < at < self.high:
                self._split(at)
        return self.high - self.low <= wide / 2

    def settle(self) -> Fraction | None:
        """Return the root if it is a fraction, else None.

        A root that is a fraction has a denominator that divides the last coefficient: once the two fractions
        are closer than one part of that, there is one candidate.
        """
        last = abs(self.p[-1])
        while self.value is None:
            simple = simplest(self.low, self.high)
            if sign(self.p, simple) == 0:
                self.low = self.high = simple
            elif (self.high - self.low) * last < 1:
                candidate = Fraction(math.floor(self.high * last), last)
                if not (self.low <= candidate and sign(self.p, candidate) == 0):
                    return None
                self.low = self.high = candidate
            else:
                wide = self.high - self.low
                self.narrow(max(min(wide * wide, wide / 16), Fraction(1, 2 * last)))
        return self.value

    def compared(self, other: Root) -> int:
        """Return -1, 0 or 1 as this root is less than, the same as, or greater than the other."""
        apart = self._apart(other)
        if apart is None:
            shared = common_factor(self.p, other.p)
            while apart is None:
                low, high = max(self.low, other.low), min(self.high, other.high)
                ends = sign(shared, low), sign(shared, high)
                if (low == high and ends[0] == 0) or ends[0] * ends[1] < 0:
                    return 0
                for root in (self, other):
                    root.narrow((root.high - root.low) / 16)
                apart = self._apart(other)
        return apart

    def _apart(self, other: Root) -> int | None:
        if self.value is not None and self.value == other.value:
            return 0
        if self.high <= other.low:
            return -1
        return 1 if other.high <= self.low else None


def _log2(value: Fraction) -> int:
    """Return the logarithm to base 2, rounded somehow."""
    return value.numerator.bit_length() - value.denominator.bit_length()


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """Return the fraction with the smallest denominator between two fractions, both of them included.

    >>> simplest(Fraction(31, 100), Fraction(32, 100))
    Fraction(5, 16)
    """
    whole: list[int] = []
    while True:
        floor = math.floor(low)
        if floor == low or floor + 1 <= high:
            simple = Fraction(floor if floor == low else floor + 1)
            break
        whole.append(floor)
        low, high = 1 / (high - floor), 1 / (low - floor)
    for part in reversed(whole):
        simple = part + 1 / simple
    return simple


def roots_between(p: Polynomial, low: Fraction, high: Fraction) -> list[Root]:
    """Return the roots strictly between two fractions, in order, each once.

    Notes
    -----
    Descartes' rule of signs counts the roots of a polynomial between 0 and 1, up to an even number: after
    x -> 1/(1+x) no change of sign means none, and one means one. Where it says more the range is halved; that
    ends, since no root is repeated (Vincent 1836; Collins and Akritas 1976).
    """
    if len(p) < 2:
        return []
    p = without_repeats(p)
    roots: list[Root] = []
    waiting = [(_onto(p, low, high), low, high)]
    while waiting:
        q, a, b = waiting.pop()
        changes = _changes(_shifted(q[::-1]))
        if changes == 0:
            continue
        if changes == 1 and q[0] and sum(q):
            roots.append(Root(p, a, b))
            continue
        n, middle = len(q) - 1, (a + b) / 2
        left = _primitive([entry << (n - k) for k, entry in enumerate(q)])
        right = tuple(_shifted(left))
        if right and right[0] == 0:
            roots.append(Root(p, middle, middle))
        waiting += [(left, a, middle), (right, middle, b)]
    return sorted(roots, key=lambda root: (root.low, root.high))


def _onto(p: Polynomial, low: Fraction, high: Fraction) -> Polynomial:
    """Return p(low + (high - low) x): the range becomes that from 0 to 1."""
    total: list[Fraction] = []
    for coefficient in reversed(p):
        total = product(total, [low, high - low]) or [ZERO]
        total[0] += coefficient
    return polynomial(total)


def _shifted(q: Sequence[int]) -> list[int]:
    """Return q(x + 1)."""
    total = list(q)
    for k in range(len(total)):
        for j in range(len(total) - 2, k - 1, -1):
            total[j] += total[j + 1]
    return total


def _changes(q: Sequence[int]) -> int:
    signs = [entry > 0 for entry in q if entry]
    return sum(a != b for a, b in itertools.pairwise(signs))
