"""Alias tables: with one random number and one comparison, one of many things is drawn by its chance."""

from __future__ import annotations

import numpy as np

from gamelab.model.game import Floats, Ints

ALWAYS = np.uint64(2**64 - 1)


def alias_tables(weights: Floats) -> tuple[Ints, Ints]:
    """Return for each row of weights a table to draw a column from (Walker 1977).

    The highest bits of a random number choose a column, each equally likely; the bits below them, moved up to
    the top, say whether it is that column or its alias. Only sums, differences, products and ratios are
    formed, one after the other: the same tables on every machine.

    Parameters
    ----------
    weights : array (X, N)
        Not negative, not all zero in any row; N is a power of two, at least 2.

    Returns
    -------
    cut : uint64 array (X, N)
        The lower bits must be below it for the column itself.
    alias : int array (X, N)
        Otherwise it is this one. A column without weight is never drawn.

    Examples
    --------
    >>> cut, alias = alias_tables(np.array([[3.0, 1.0]]))
    >>> alias.tolist(), (cut / 2.0**64).tolist()
    ([[0, 0]], [[1.0, 0.5]])
    """
    X, N = weights.shape
    order = np.argsort(-weights, axis=1, kind="stable")
    heights = np.take_along_axis(weights, order, axis=1)
    heights = heights / heights.cumsum(axis=1)[:, -1:] * N
    kept, alias = np.ones((X, N)), np.zeros((X, N), dtype=np.int64)
    rows = np.arange(X)
    heavy, light = np.zeros(X, dtype=np.int64), np.full(X, N - 1)
    rest = heights[:, 0]  # of the heavy column's height, what no light one has taken yet
    for _ in range(N - 1):
        gives = rest >= 1
        done = np.where(gives, light, heavy)
        height = np.where(gives, heights[rows, light], rest)
        giver = np.where(gives, heavy, heavy + 1)
        kept[rows, done], alias[rows, done] = height, giver
        rest = np.where(gives, rest, heights[rows, giver]) - (1 - height)
        heavy, light = giver, light - gives
    alias[rows, heavy] = heavy
    full = kept >= 1
    cut = np.where(full, ALWAYS, (np.where(full, 0, kept) * 2.0**64).astype(np.uint64))
    alias = np.where(full, np.arange(N), alias)
    cuts, aliases = np.empty_like(cut), np.empty_like(alias)
    np.put_along_axis(cuts, order, cut, axis=1)
    np.put_along_axis(aliases, order, np.take_along_axis(order, alias, axis=1), axis=1)
    return cuts, aliases


def alias_chances(cut: Ints, alias: Ints) -> Floats:
    """Return the chances with which tables draw their columns, (X, N)."""
    X, N = cut.shape
    own = cut / 2.0**64 / N
    chances = own.copy()
    np.add.at(chances, (np.arange(X)[:, None], alias), 1 / N - own)
    return chances
