"""Chances: many distributions in one table, from which very many draws are made at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gamelab.model.freezing import read_only
from gamelab.model.game import Floats, Ints


@dataclass(frozen=True, eq=False)
class Chances:
    """Distributions, one a row, of which only what can happen is kept.

    Parameters
    ----------
    first, last : int array (rows,)
        The first and the last entry of each row.
    edges : array (entries,)
        The number of the row plus the chance of this entry or an earlier one of the row: rising throughout.
    values : int array (entries,)
        What each entry stands for.
    """

    first: Ints
    last: Ints
    edges: Floats
    values: Ints

    @property
    def certain(self) -> bool:
        """Whether no row leaves anything to chance."""
        return len(self.values) == len(self.first)

    def draw(self, rows: Ints, uniform: Floats | None) -> Ints:
        """Return a value for each of these rows, (k,), by a number from 0 to below 1 for each.

        Where everything is certain no numbers are needed.
        """
        if uniform is None:
            return np.asarray(self.values[rows])  # one entry a row
        place = np.searchsorted(self.edges, rows + uniform, side="right")
        return np.asarray(self.values[np.minimum(place, self.last[rows])])


def chances(table: Floats) -> Chances:
    """Return the rows of a table (rows, values) of probabilities.

    Examples
    --------
    >>> import numpy as np
    >>> coin = chances(np.array([[0.25, 0.75], [0.0, 1.0]]))
    >>> coin.draw(np.array([0, 0, 1]), np.array([0.2, 0.3, 0.2])).tolist()
    [0, 1, 1]
    """
    table = np.asarray(table, dtype=float)
    row, value = np.nonzero(table > 0)
    first = np.searchsorted(row, np.arange(len(table)))
    last = np.append(first[1:], len(row)) - 1
    within = np.cumsum(table, axis=1)
    within /= within[:, -1:]
    edges = row + within[row, value]
    edges[last] = np.arange(len(table)) + 1
    return Chances(*(read_only(array) for array in (first, last, edges, value)))
