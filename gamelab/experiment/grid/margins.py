"""Margins: the numbers whose signs decide what a map shows, for the search of its boundaries."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from gamelab.experiment.selection import rounding
from gamelab.model.game import Bools, Floats


def leads(amounts: Floats, eligible: Bools, sizes: Floats) -> Floats:
    """Return by how much each of several amounts is chosen before all others, (k, b); nan where alone.

    Of two that are equal, up to rounding, the first is chosen (see ``selection.highest``).

    Parameters
    ----------
    amounts : array (k, b)
    eligible : bool array (k, b)
    sizes : array (k, b)
        Of the payments that each amount is added up from.
    """
    known = eligible & np.isfinite(amounts)
    lead = np.full(amounts.shape, np.inf)
    for earlier, later in itertools.combinations(range(len(amounts)), 2):
        allowed = rounding(np.fmax(sizes[earlier], sizes[later]), amounts[later])
        more = np.where(known[earlier] & known[later], amounts[later] - amounts[earlier] - allowed, np.nan)
        lead[later] = np.fmin(lead[later], more)
        lead[earlier] = np.fmin(lead[earlier], -more)
    return np.where(known & np.isfinite(lead), lead, np.nan)


def gaps(net_benefits: Floats, workable: Bools, sizes: Floats) -> Floats:
    """Return by how much the later of two arrangements is better, pair by pair, (pairs, b).

    It is where that exceeds rounding: see ``selection.best``. Unlike leads these have no kink where three are
    equal. nan where one of them is not workable.

    Parameters
    ----------
    net_benefits : array (k, b)
    workable : bool array (k, b)
    sizes : array (k, b)
        Of the payments that each net benefit is added up from.
    """
    pairs = np.array(list(itertools.combinations(range(len(sizes)), 2)), dtype=int).reshape(-1, 2)
    earlier, later = pairs.T
    gap = net_benefits[later] - net_benefits[earlier] - rounding(sizes[later], net_benefits[later])
    return np.where(workable[earlier] & workable[later], gap, np.nan)


def side_by_side(rows: Sequence[Floats], count: int) -> Floats:
    """Return margins (b, m) from arrays (b,) or (k, b); nan wherever there is no finite number."""
    margins = np.concatenate([np.empty((0, count)), *(np.atleast_2d(row) for row in rows)]).T
    return np.where(np.isfinite(margins), margins, np.nan)
