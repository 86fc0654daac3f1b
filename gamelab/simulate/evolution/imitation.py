"""Imitation: how one player of a finite population takes over a strategy, under each process."""

from __future__ import annotations

import numpy as np

from gamelab.errors import GameError
from gamelab.model.arguments import one_of, real
from gamelab.model.game import Floats
from gamelab.simulate.evolution.payoff_matrix import PayoffMatrix

PROCESSES = ("moran", "moran_linear", "pairwise")
"""Moran with fitness ``exp(w payoff)``, Moran with fitness ``1 - w + w payoff``, pairwise comparison (Fermi).

Moran (1958): one player reproduces, chosen in proportion to fitness, and the child takes the place of one
who is chosen from all alike. Nowak, Sasaki, Taylor and Fudenberg (2004) have linear fitness, Traulsen,
Shoresh and Nowak (2008) exponential. Pairwise comparison (Traulsen, Nowak and Pacheco 2006): one player
compares himself with another, both chosen from all alike, and takes over his strategy with probability
``1 / (1 + exp(-w (his payoff - mine)))``.
"""

LARGEST_EXPONENT = 1e150
"""Of intensity times payoff: sums of as many as a population has players stay numbers."""


def selection(matrix: PayoffMatrix, intensity: float, process: str) -> tuple[float, str]:
    """Return intensity and process, checked against the payoffs.

    Raises
    ------
    GameError
        For a negative intensity, an unknown process, one above 1 with linear fitness, and where a fitness is
        not above 0.
    """
    process = one_of(process, "process", PROCESSES)
    strength = real(intensity, "intensity", 0.0, 1.0 if process == "moran_linear" else np.inf)
    if strength * float(abs(matrix.payoffs).max()) > LARGEST_EXPONENT:
        raise GameError(f"intensity {strength:g} times payoffs is beyond what numbers hold", "intensity")
    if process == "moran_linear":
        least = 1 - strength + strength * matrix.payoffs.min()
        if least <= 0:
            raise GameError(
                f"with linear fitness 1 - w + w * payoff the lowest payoff {matrix.payoffs.min():g} leaves a "
                f"fitness of {least:g}, and it must be above 0; lower the intensity w or take 'moran'",
                "intensity",
            )
    return strength, process


def log_fitness(matrix: PayoffMatrix, counts: Floats, intensity: float, process: str) -> Floats:
    """Return the logarithm of fitness, (..., k); under pairwise comparison, what players compare."""
    expected = matrix.expected(counts)
    if process == "moran_linear":
        present = np.where(np.asarray(counts) > 0, expected, 1.0)  # of who is not there nothing follows
        return np.asarray(np.log1p(intensity * (present - 1)))
    return np.asarray(intensity * expected)


def adopted(matrix: PayoffMatrix, counts: Floats, intensity: float, process: str, mutation: float) -> Floats:
    """Return the probability that in one step an i is replaced by, or becomes, a j, (..., k, k).

    In one step one player of N may change. The diagonal is 0; what is missing to 1 is that nothing changes.
    With probability ``mutation`` the change is to one of the other strategies, each alike: of the child under
    the Moran process, of the player who would have compared under the other.

    Parameters
    ----------
    counts : array (..., k)
    """
    counts = np.asarray(counts, dtype=float)
    total = counts.sum(axis=-1, keepdims=True)
    k = matrix.k
    score = log_fitness(matrix, counts, intensity, process)
    elsewhere = mutation / (k - 1) if k > 1 else 0.0
    if process == "pairwise":
        from scipy.special import expit

        ahead = score[..., None, :] - score[..., :, None]
        copied = expit(ahead) * (counts / (total - 1))[..., None, :]
        found = (counts / total)[..., :, None] * ((1 - mutation) * copied + elsewhere)
    else:
        top = np.where(counts > 0, score, -np.inf).max(axis=-1, keepdims=True)
        weight = np.where(counts > 0, counts * np.exp(np.minimum(score - top, 0.0)), 0.0)
        parent = weight / weight.sum(axis=-1, keepdims=True)
        child = (1 - mutation) * parent + elsewhere * (1 - parent)
        found = (counts / total)[..., :, None] * child[..., None, :]
    found[..., range(k), range(k)] = 0.0
    return np.asarray(found)
