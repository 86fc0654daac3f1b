"""Sign regions: where some polynomials are all at most zero, between roots that are told apart exactly."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from gamelab.solve.polynomials import Polynomial, Root, roots_between, sign


@dataclass(frozen=True)
class Regions:
    """A range cut at the roots of polynomials.

    Parameters
    ----------
    low, high : Fraction
        The range; its ends are not judged.
    roots : list of Root
        In order, all different, strictly inside.
    at_root : list of bool
        Whether all polynomials are at most zero there.
    points : list of Fraction
        One inside of each part: before the first root, between two, after the last.
    inside : list of bool
        Whether all are at most zero in the part.
    """

    low: Fraction
    high: Fraction
    roots: list[Root]
    at_root: list[bool]
    points: list[Fraction]
    inside: list[bool]


def regions(polynomials: Iterable[Polynomial], low: Fraction, high: Fraction) -> Regions:
    """Return where polynomials, none of them zero, are all at most zero between two fractions."""
    middle = (low + high) / 2
    cut: list[tuple[Polynomial, list[Root]]] = []
    for p in sorted(set(polynomials), key=lambda p: (len(p), p)):
        roots = roots_between(p, low, high)
        if roots:
            cut.append((p, roots))
        elif sign(p, middle) > 0:
            return Regions(low, high, [], [], [middle], [False])
    groups = _together([(root, k) for k, (_, roots) in enumerate(cut) for root in roots])
    different = [root for root, _ in groups]
    points = _between(different, low, high)
    signs = [[sign(p, point) for p, _ in cut] for point in points]
    at_root = [
        all(k in own or before < 0 for k, before in enumerate(signs[place]))
        for place, (_, own) in enumerate(groups)
    ]
    return Regions(low, high, different, at_root, points, [max(row, default=-1) < 0 for row in signs])


def _together(roots: list[tuple[Root, int]]) -> list[tuple[Root, set[int]]]:
    """Return the roots in order, each once, with the numbers of the polynomials that have it."""
    groups: list[tuple[Root, set[int]]] = []
    for root, k in sorted(roots, key=functools.cmp_to_key(_order)):
        if groups and groups[-1][0].compared(root) == 0:
            groups[-1][1].add(k)
        else:
            groups.append((root, {k}))
    return groups


def _order(one: tuple[Root, int], other: tuple[Root, int]) -> int:
    return one[0].compared(other[0])


def _between(roots: list[Root], low: Fraction, high: Fraction) -> list[Fraction]:
    """Return one fraction in each part of a range that is cut at roots."""
    edges = [Root((0, 1), low, low), *roots, Root((0, 1), high, high)]
    points = []
    for left, right in itertools.pairwise(edges):
        while left.high >= right.low:
            for root in (left, right):
                root.narrow((root.high - root.low) / 4)
        points.append((left.high + right.low) / 2)
    return points
