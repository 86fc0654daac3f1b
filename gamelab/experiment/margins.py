"""Margins: the numbers whose signs decide what a map shows, for the search of its boundaries."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gamelab.experiment.choice import rounding
from gamelab.model.game import Bools, Floats


def leads(amounts: Floats, eligible: Bools, sizes: Floats, *, of_later: bool = False) -> Floats:
    """Return by how much each of several amounts is chosen before all others, (k, b); nan where alone.

    Of two that are equal, up to rounding, the first is chosen (see ``choice.highest`` and ``choice.best``).

    Parameters
    ----------
    amounts : array (k, b)
    eligible : bool array (k, b)
    sizes : array (k, b)
        Of the payments that each amount is added up from.
    of_later : bool
        Whether only the sizes of the later of two limit what is rounding.
    """
    known = eligible & np.isfinite(amounts)
    lead = np.full(amounts.shape, np.inf)
    for later in range(1, len(amounts)):
        for earlier in range(later):
            both = known[earlier] & known[later]
            compared = sizes[later] if of_later else np.fmax(sizes[earlier], sizes[later])
            allowed = rounding(compared, amounts[later])
            more = np.where(both, amounts[later] - amounts[earlier] - allowed, np.nan)
            lead[later] = np.fmin(lead[later], more)
            lead[earlier] = np.fmin(lead[earlier], -more)
    return np.where(known & np.isfinite(lead), lead, np.nan)


def side_by_side(rows: Sequence[Floats], count: int) -> Floats:
    """Return margins (b, m) from arrays (b,) or (k, b); nan wherever there is no finite number."""
    margins = np.concatenate([np.empty((0, count)), *(np.atleast_2d(row) for row in rows)]).T
    return np.where(np.isfinite(margins), margins, np.nan)
