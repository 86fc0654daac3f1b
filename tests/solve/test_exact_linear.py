"""Linear systems in fractions, both ways, against a plain elimination."""

from fractions import Fraction

import numpy as np
import pytest
import reference as ref
from draws import SEEDS
from hypothesis import given
from hypothesis import strategies as st

from gamelab.solve.exact_linear import by_elimination, by_flint, solve


def drawn(seed, size, sides=2):
    generator = np.random.default_rng(seed)
    rows = []
    for x in range(size):
        row = {x: Fraction(1)}
        for column in generator.choice(size, size=min(size, 3), replace=False):
            chance = Fraction(int(generator.integers(0, 9)), 40)
            row[int(column)] = row.get(int(column), Fraction(0)) - chance
        rows.append(row)
    right = [[Fraction(int(k), 7) for k in generator.integers(-9, 9, sides)] for _ in rows]
    return rows, right


def dense(rows):
    return [[row.get(x, Fraction(0)) for x in range(len(rows))] for row in rows]


@given(SEEDS, st.integers(1, 9))
def test_elimination_is_the_plain_one(seed, size):
    rows, right = drawn(seed, size)
    assert by_elimination(rows, right) == ref.gaussian_elimination(dense(rows), right)
    assert solve(rows, right) == by_elimination(rows, right)


@given(SEEDS, st.integers(2, 9))
def test_flint_finds_the_same(seed, size):
    pytest.importorskip("flint")
    rows, right = drawn(seed, size)
    assert by_flint(rows, right) == by_elimination(rows, right)


def test_any_matrix_not_only_chains():
    rows = [{1: Fraction(2)}, {0: Fraction(3), 1: Fraction(1, 7)}]
    assert by_elimination(rows, [[Fraction(1)], [Fraction(1)]]) == [[Fraction(13, 42)], [Fraction(1, 2)]]


def test_a_system_without_a_single_solution():
    singular = [{0: Fraction(1), 1: Fraction(1)}, {0: Fraction(2), 1: Fraction(2)}]
    with pytest.raises(ZeroDivisionError):
        by_elimination(singular, [[Fraction(1)], [Fraction(2)]])


def test_a_large_sparse_system_is_quick_and_right():
    rows, right = drawn(3, 120, sides=1)
    solution = solve(rows, right)
    for row, (constant,) in zip(rows, right, strict=True):
        assert sum(entry * solution[x][0] for x, entry in row.items()) == constant
