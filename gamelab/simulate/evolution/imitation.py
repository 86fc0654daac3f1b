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

LINEAR, PAIRWISE = PROCESSES.index("moran_linear"), PROCESSES.index("pairwise")

LARGEST_EXPONENT = 1e150
"""Of intensity times payoff: sums of as many as a population has players stay numbers."""
ABSENT = 1e200
"""Taken from the score of a strategy that nobody plays, so that it is the highest of none."""


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


def adopted(payoffs: Floats, counts: Floats, intensity: float, process: int, mutation: float) -> Floats:
    """Return the probability that in one step an i is replaced by, or becomes, a j, (k, k, ...).

    In one step one player of N may change. The diagonal is 0; what is missing to 1 is that nothing changes.
    With probability ``mutation`` the change is to one of the other strategies, each alike: of the child under
    the Moran process, of the player who would have compared under the other. Written strategy by strategy,
    so that the same lines serve one population in the compiled kernel and all states of an exact chain.

    Parameters
    ----------
    payoffs : array (k, k)
    counts : array (k, ...)
        Players of each strategy.
    process : int
        Its place among ``PROCESSES``.
    """
    k = payoffs.shape[0]
    total = 0.0 * counts[0]
    for i in range(k):
        total = total + counts[i]
    elsewhere = mutation / (k - 1) if k > 1 else 0.0
    score = np.empty(counts.shape)  # the logarithm of fitness; what is compared, in pairwise comparison
    for i in range(k):  # nobody meets himself: ((n_i - 1) a_ii + sum over other j of n_j a_ij) / (N - 1)
        earned = 0.0 * total - payoffs[i, i]
        for j in range(k):
            earned = earned + counts[j] * payoffs[i, j]
        score[i] = earned / (total - 1)
        if process == LINEAR:  # of who is not there nothing follows
            score[i] = np.log1p(intensity * (score[i] - 1) * (counts[i] > 0))
        else:
            score[i] = intensity * score[i]
    chances = np.zeros((k,) + counts.shape)  # noqa: RUF005 - numba reads no star
    if process == PAIRWISE:
        for i in range(k):
            for j in range(k):
                if i != j:
                    ahead = score[j] - score[i]
                    # 1 / (1 + exp(-ahead)), written so that no exponential overflows
                    copied = np.exp(np.minimum(ahead, 0.0)) / (1 + np.exp(-np.abs(ahead)))
                    copied = copied * (counts[j] / (total - 1))
                    chances[i, j] = counts[i] / total * ((1 - mutation) * copied + elsewhere)
        return chances
    top = 0.0 * total - np.inf
    for i in range(k):
        top = np.maximum(top, score[i] - ABSENT * (counts[i] <= 0))
    weight, weights = np.empty(counts.shape), 0.0 * total
    for i in range(k):
        weight[i] = counts[i] * np.exp(np.minimum(score[i] - top, 0.0))
        weights = weights + weight[i]
    for j in range(k):
        parent = weight[j] / weights
        child = (1 - mutation) * parent + elsewhere * (1 - parent)
        for i in range(k):
            if i != j:
                chances[i, j] = counts[i] / total * child
    return chances
