"""Fits in fractions: gains as quotients of polynomials in a setting, from their values at a few points."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from fractions import Fraction

from gamelab.solve.polynomials import ONE, ZERO, Polynomial, polynomial, product

POINTS = (4, 6, 9, 14, 22)
"""How many points are tried; more where the quotients turn out to be of a higher degree."""
SPARE = 2
"""A quotient is taken where at least so many points were not needed to find it."""
STEPS = 101

Gains = Mapping[Hashable, Fraction]


Quotient = tuple[list[Fraction], list[Fraction]]
"""Numerator and denominator by powers."""


def fitted(gains_at: Callable[[Fraction], Gains], low: Fraction, high: Fraction) -> set[Polynomial] | None:
    """Return polynomials with the signs that gains have between two values of a setting.

    Without gains that are zero; None where ``quotients`` has none.
    """
    fits = quotients(gains_at, low, high)
    return None if fits is None else {p for fit in fits.values() if (p := polynomial(product(*fit)))}


def quotients(
    gains_at: Callable[[Fraction], Gains], low: Fraction, high: Fraction
) -> dict[Hashable, Quotient] | None:
    """Return gains as quotients of polynomials in a setting, by their names.

    Parameters
    ----------
    gains_at : callable
        From a value of the setting to each gain, by whatever names it.
    low, high : Fraction
        Values strictly between are asked about.

    Returns
    -------
    dict, or None
        None where the same gains are not there at all points, or where no quotient of a low degree fits.
    """
    values: list[Fraction] = []
    rows: list[Gains] = []
    for count in POINTS:
        while len(values) < count:  # in an order that spreads them over the range
            values.append(low + (high - low) * Fraction((38 * len(values) + 13) % STEPS, STEPS))
            rows.append(gains_at(values[-1]))
            if rows[-1].keys() != rows[0].keys():
                return None
        named = {key: tuple(row[key] for row in rows) for key in rows[0]}
        fits = {own: quotient(values, own) for own in set(named.values())}
        if all(fit is not None for fit in fits.values()):
            return {key: fit for key, own in named.items() if (fit := fits[own]) is not None}
    return None


def quotient(points: Sequence[Fraction], amounts: Sequence[Fraction]) -> Quotient | None:
    """Return numerator and denominator of the simplest quotient through all points; None without spare ones.

    Notes
    -----
    Cauchy's interpolation: with N through all points and M zero at all of them, the remainders of Euclid's
    algorithm are r = sM + tN, so that r/t goes through them where t is not zero.

    >>> quotient([Fraction(k) for k in range(6)], [1 / Fraction(k + 1) for k in range(6)])
    ([Fraction(1, 1)], [Fraction(1, 1), Fraction(1, 1)])
    """
    modulus: list[Fraction] = [ONE]
    through: list[Fraction] = []
    for at, amount in zip(points, amounts):  # Newton's form, one point more at a time
        step = (amount - _at(through, at)) / _at(modulus, at)
        through = _sum(through, modulus, step)
        modulus = product(modulus, [-at, ONE])
    before, rest = modulus, _trimmed(through)
    old, new = [ZERO], [ONE]
    while len(rest) + len(new) + SPARE > len(points) + 1:
        if not rest:
            return None
        shift, (before, rest) = _divided(before, rest)
        old, new = new, _trimmed(_sum(old, product(shift, new), -ONE))
    if any(_at(new, at) == 0 for at in points):
        return None
    scale = next(entry for entry in new if entry)
    return [entry / scale for entry in rest], [entry / scale for entry in new]


def _divided(
    p: list[Fraction], q: list[Fraction]
) -> tuple[list[Fraction], tuple[list[Fraction], list[Fraction]]]:
    """Return p // q, and the next pair of Euclid's algorithm: q and the remainder."""
    rest, whole = list(p), [ZERO] * max(len(p) - len(q) + 1, 0)
    while len(rest) >= len(q):
        shift = len(rest) - len(q)
        whole[shift] = rest.pop() / q[-1]
        for k, entry in enumerate(q[:-1]):
            rest[shift + k] -= whole[shift] * entry
    return whole, (q, _trimmed(rest))


def _at(p: Sequence[Fraction], value: Fraction) -> Fraction:
    total = ZERO
    for coefficient in reversed(p):
        total = total * value + coefficient
    return total


def _sum(p: Sequence[Fraction], q: Sequence[Fraction], factor: Fraction) -> list[Fraction]:
    length = max(len(p), len(q))
    wide = [list(each) + [ZERO] * (length - len(each)) for each in (p, q)]
    return [a + factor * b for a, b in zip(*wide)]


def _trimmed(p: Sequence[Fraction]) -> list[Fraction]:
    last = len(p)
    while last and not p[last - 1]:
        last -= 1
    return list(p[:last])
