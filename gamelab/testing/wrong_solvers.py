"""Wrong solvers: one for each law, with a fault that real ones have had; each must be rejected."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from gamelab.solve.bimatrix import stage_equilibria

Pairs = list[Any]


def _right(A: Any, B: Any) -> Pairs:
    return list(stage_equilibria(A, B).extreme)


def _kept(A: Any, B: Any, keep: Callable[[Any, Any], bool]) -> Pairs:
    return [(x, y) for x, y in _right(A, B) if keep(x, y)]


def _support(mixture: Any) -> int:
    return sum(p > 0 for p in mixture)


def _pure(i: int, size: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(int(k == i)) for k in range(size))


def square_games_only(A: Any, B: Any) -> Pairs:
    """Fail where the players have different numbers of actions."""
    if len(A) != len(A[0]):
        raise ValueError("matrix must be square")
    return _right(A, B)


def never_returns(A: Any, B: Any) -> Pairs:
    """Cycle for ever where the game has a tie, as pivoting without a rule against it does."""
    rows = [*(list(row) for row in B), *(list(column) for column in zip(*A, strict=True))]
    while any(len(set(row)) < len(row) for row in rows):
        time.sleep(0.001)
    return _right(A, B)


def forgets_to_normalise(A: Any, B: Any) -> Pairs:
    """Report the vertices of the polytopes as they are."""
    return [(tuple(p * _support(x) for p in x), y) for x, y in _right(A, B)]


def asks_the_first_player_only(A: Any, B: Any) -> Pairs:
    """Report every pure profile from which the first player does not want to deviate."""
    m, n = len(A), len(A[0])
    pairs = itertools.product(range(m), range(n))
    return [(_pure(i, m), _pure(j, n)) for i, j in pairs if A[i][j] == max(row[j] for row in A)]


def worst_for_both(A: Any, B: Any) -> Pairs:
    """Take payoffs for losses."""
    m, n = len(A), len(A[0])
    i, j = min(itertools.product(range(m), range(n)), key=lambda at: A[at[0]][at[1]] + B[at[0]][at[1]])
    return [(_pure(i, m), _pure(j, n))]


def pure_only(A: Any, B: Any) -> Pairs:
    """Look for equilibria in pure actions and no others."""
    return _kept(A, B, lambda x, y: _support(x) == _support(y) == 1)


def first_found(A: Any, B: Any) -> Pairs:
    """Stop at the first equilibrium."""
    return _right(A, B)[:1]


def equal_supports_only(A: Any, B: Any) -> Pairs:
    """Try supports of equal size only, which is not enough in degenerate games."""
    return _kept(A, B, lambda x, y: _support(x) == _support(y))


def one_for_each_action(A: Any, B: Any) -> Pairs:
    """Report the same equilibrium again for each action that is dropped first."""
    pairs = _right(A, B)
    return pairs + pairs[: len(A) - 1]


def never_mixes_fully(A: Any, B: Any) -> Pairs:
    """Leave out equilibria in which everything is played, unless there is no other."""
    return _kept(A, B, lambda x, y: min(*x, *y) == 0) or _right(A, B)


def positive_payoffs_only(A: Any, B: Any) -> Pairs:
    """Forget to make payoffs positive first: equilibria that pay nothing, or less, are lost."""
    equilibria = stage_equilibria(A, B)
    proofs = zip(equilibria.extreme, equilibria.certificates, strict=True)
    return [pair for pair, proof in proofs if min(proof.payoffs) > 0]


def rounds_payoffs(A: Any, B: Any) -> Pairs:
    """Round payoffs to whole numbers."""
    return _right(*([[round(float(entry)) for entry in row] for row in table] for table in (A, B)))


def first_two_actions_only(A: Any, B: Any) -> Pairs:
    """Report only equilibria in which each plays one of the first two actions, or mixes them."""
    return _kept(A, B, lambda x, y: not any(x[2:]) and not any(y[2:]))


def first_player_never_mixes(A: Any, B: Any) -> Pairs:
    """Report only equilibria in which the first player does not mix."""
    return _kept(A, B, lambda x, y: _support(x) == 1)


def forgets_the_last_row(A: Any, B: Any) -> Pairs:
    """Count rows from 0 to one too few."""
    return _kept(A, B, lambda x, y: not x[-1])
