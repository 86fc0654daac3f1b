"""Chains in logarithms: the long run of Markov chains whose probabilities are far too small for floats."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided

from gamelab.model.game import Floats, Ints


def log_sum(logs: Floats, axis: int | None = None) -> Floats:
    """Return the logarithm of a sum of numbers that are given by their logarithms."""
    top = np.max(logs, axis=axis, keepdims=True)
    shift = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        total = np.log(np.exp(logs - shift).sum(axis=axis, keepdims=True)) + shift
    return np.asarray(total.reshape(()) if axis is None else np.squeeze(total, axis=axis))


def log_stationary(log_rates: Floats) -> Floats:
    """Return the logarithms of the stationary probabilities of a chain, (k,).

    States are eliminated one after another and only sums, products and quotients of positive numbers are
    taken (Grassmann, Taksar and Heyman 1985), here of their logarithms: every probability comes out with its
    own relative accuracy, however small it is.

    Parameters
    ----------
    log_rates : array (k, k)
        Logarithms of the rates from the row's state to the column's; the diagonal is not read. Every state
        must lead to every other.

    Examples
    --------
    >>> log_stationary(np.array([[0, -2000], [-3000, 0]])).tolist()  # the second is left e^1000 times slower
    [-1000.0, 0.0]
    """
    rates = np.array(log_rates, dtype=float)
    k = len(rates)
    np.fill_diagonal(rates, -np.inf)
    for n in range(k - 1, 0, -1):
        rates[:n, n] -= log_sum(rates[n, :n])
        rates[:n, :n] = np.logaddexp(rates[:n, :n], rates[:n, n, None] + rates[n, :n])
    weights = np.zeros(k)
    for n in range(1, k):
        weights[n] = log_sum(weights[:n] + rates[:n, n])
    return np.asarray(weights - log_sum(weights))


def banded_log_stationary(
    size: int, band: int, sources: Ints, targets: Ints, probabilities: Floats
) -> Floats:
    """Return the same for a large chain that only leads to states nearby, (size,).

    The elimination is done in floats and within the band; only the last sums are of logarithms. So transition
    probabilities must not be too small for floats, while stationary ones may be.

    Parameters
    ----------
    size, band : int
        Number of states, and how far apart in their order two states are at most that lead to each other.
        Every state but the first must lead to an earlier one.
    sources, targets : int arrays (m,)
        Each pair at most once.
    probabilities : array (m,)
    """
    step = 2 * band
    flat = np.zeros(size * (step + 1) + 1)
    flat[sources * step + targets + band] = probabilities  # entry (i, j) of the band stands there
    for n in range(size - 1, 0, -1):
        low = max(0, n - band)
        many = n - low
        row = flat[n * step + band + low : n * step + band + n]
        column = flat[low * step + band + n :: step][:many]
        column /= row.sum()
        block = as_strided(flat[low * step + band + low :], (many, many), (step * 8, 8))
        block += column[:, None] * row
    with np.errstate(divide="ignore"):
        logs = np.log(flat)
    weights = np.zeros(size)
    for n in range(1, size):
        low = max(0, n - band)
        weights[n] = log_sum(weights[low:n] + logs[low * step + band + n :: step][: n - low])
    return np.asarray(weights - log_sum(weights))
