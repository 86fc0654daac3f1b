"""Vertices of best-reply polytopes, by trying every choice of tight constraints in fractions."""

import itertools
from fractions import Fraction


def solve(rows, right):
    """Solve a square system in fractions by elimination; None where it has no single solution."""
    work = [[Fraction(entry) for entry in row] + [Fraction(b)] for row, b in zip(rows, right, strict=True)]
    for k in range(len(work)):
        pivot = next((i for i in range(k, len(work)) if work[i][k] != 0), None)
        if pivot is None:
            return None
        work[k], work[pivot] = work[pivot], work[k]
        work[k] = [entry / work[k][k] for entry in work[k]]
        for i in range(len(work)):
            if i != k:
                work[i] = [a - work[i][k] * b for a, b in zip(work[i], work[k], strict=True)]
    return [row[-1] for row in work]


def best_reply_vertices(columns):
    """Vertices of {x >= 0, c . x <= 1} by trying every choice of tight constraints."""
    size = len(columns[0])
    planes = [([int(i == k) for i in range(size)], 0) for k in range(size)] + [(list(c), 1) for c in columns]
    found = set()
    for chosen in itertools.combinations(planes, size):
        x = solve([plane for plane, _ in chosen], [b for _, b in chosen])
        if x is None or min(x) < 0 or not any(x):
            continue
        if all(sum(c * v for c, v in zip(column, x, strict=True)) <= 1 for column in columns):
            found.add(tuple(x))
    return found
