"""Fixation: how likely one mutant takes over a population, and where rare mutants lead in the long run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from gamelab.model.arguments import whole
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Floats
from gamelab.simulate.evolution.imitation import selection
from gamelab.simulate.evolution.log_chain import log_stationary
from gamelab.simulate.evolution.payoff_matrix import PayoffMatrix, payoff_matrix

if TYPE_CHECKING:
    import pandas as pd

LARGEST_POPULATION = 100_000_000
BLOCK = 2_000_000
"""So many entries of tables are held at once."""


@frozen_result
@dataclass(frozen=True, eq=False)
class Fixation:
    """What comes of single mutants, and of many that come rarely.

    Parameters
    ----------
    names : tuple of str
    population : int
    intensity : float
    process : str
    probabilities, log_probabilities : array (k, k)
        ``[i, j]``: that one player of j takes over a population of i; 1 / population on the diagonal.
    stationary, log_stationary : array (k,)
        Shares of time in which all play the same strategy, in the limit of mutation that goes to 0.
    """

    names: tuple[str, ...]
    population: int
    intensity: float
    process: str
    probabilities: Floats
    log_probabilities: Floats
    log_stationary: Floats
    stationary: Floats = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "stationary", np.exp(self.log_stationary))
        for array in (self.probabilities, self.log_probabilities, self.log_stationary, self.stationary):
            array.setflags(write=False)

    @property
    def relative(self) -> Floats:
        """Fixation probabilities as multiples of the neutral one, 1 / population, (k, k)."""
        return np.asarray(self.probabilities * self.population)

    def to_frame(self) -> pd.DataFrame:
        """Return a table with a row for each pair of different strategies."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "resident": resident,
                    "mutant": mutant,
                    "fixation_probability": self.probabilities[i, j],
                    "log_fixation_probability": self.log_probabilities[i, j],
                    "relative_to_neutral": self.relative[i, j],
                }
                for i, resident in enumerate(self.names)
                for j, mutant in enumerate(self.names)
                if i != j
            ]
        )

    def _repr_html_(self) -> str:
        import pandas as pd

        table = pd.DataFrame(self.probabilities, index=self.names, columns=self.names)
        table.insert(0, "stationary", self.stationary)
        return str(table.to_html(float_format="{:.4g}".format))

    def __repr__(self) -> str:
        shares = ", ".join(f"{name} {share:.3g}" for name, share in zip(self.names, self.stationary))
        return f"<Fixation in a population of {self.population}: {shares}>"


def fixation(
    payoffs: Any, population: int = 100, intensity: float = 1.0, *, process: str = "moran"
) -> Fixation:
    """Return fixation probabilities between all strategies, and the stationary distribution they lead to.

    Parameters
    ----------
    payoffs : array (k, k), or anything with ``payoffs`` and ``names``
        What the row strategy earns against the column strategy. Nobody meets himself.
    population : int
        Number of players, N.
    intensity : float
        Of selection, w: 0 is neutral drift.
    process : str
        ``moran`` (fitness ``exp(w payoff)``), ``moran_linear`` (fitness ``1 - w + w payoff``, w at most 1)
        or ``pairwise`` (imitation with probability ``1 / (1 + exp(-w difference))``). The first and the last
        have the same fixation probabilities.

    Raises
    ------
    GameError
        For payoffs that are not square or not finite, fewer than two players, a negative intensity.

    Notes
    -----
    With j mutants, g(j) is the probability of losing one over that of gaining one; one mutant takes over with
    probability ``1 / (1 + sum over i of g(1) ... g(i))`` (Traulsen, Nowak and Pacheco 2006). Sums are of
    logarithms. With rare mutation, each of the other strategies alike, the population moves between states in
    which all play the same at rates in proportion to these probabilities (Fudenberg and Imhof 2006).

    Examples
    --------
    >>> found = fixation([[1, 1], [2, 2]], population=2000, process="moran_linear")  # twice the fitness
    >>> print(f"{found.probabilities[0, 1]:.6f} {found.log_probabilities[1, 0]:.6f}")  # 1 - 1/2, 2^-2000
    0.500000 -1386.294361
    """
    matrix = payoff_matrix(payoffs)
    players = whole(population, "population", 2, LARGEST_POPULATION)
    strength, process = selection(matrix, intensity, process)
    exact, logs = _takeover(matrix, players, strength, process)
    shares = np.zeros(1) if matrix.k == 1 else log_stationary(logs)
    return Fixation(matrix.names, players, strength, process, exact, logs, shares)


def _takeover(matrix: PayoffMatrix, players: int, intensity: float, process: str) -> tuple[Floats, Floats]:
    """Return fixation probabilities and their logarithms, both (k, k), by blocks of mutant numbers."""
    k = matrix.k
    top, total, carried = np.zeros((k, k)), np.ones((k, k)), np.zeros((k, k))
    width = max(1, BLOCK // k**2)
    for first in range(1, players, width):
        mutants = np.arange(first, min(first + width, players), dtype=float)
        if process == "moran_linear":
            exponents = carried[..., None] + _linear(matrix, players, intensity, mutants)
            carried = exponents[..., -1]
        else:
            exponents = _exponential(matrix, players, intensity, mutants)
        higher = np.maximum(top, exponents.max(axis=-1))
        total = total * np.exp(top - higher) + np.exp(exponents - higher[..., None]).sum(axis=-1)
        top = higher
    return np.exp(-top) / total, -(top + np.log(total))


def _exponential(matrix: PayoffMatrix, players: int, intensity: float, mutants: Floats) -> Floats:
    """Return log of g(1) ... g(j) at each number of mutants, (k, k, m): sums of a line, in closed form.

    With j mutants M among residents R, mutants earn more by
    ``((j - 1) (MM - RM) + (N - j - 1) (MR - RR) + MR - RM) / (N - 1)``.
    """
    a = matrix.payoffs
    own = np.diagonal(a)
    among = own[None, :] - a  # [R, M]: MM - RM
    against = a.T - own[:, None]  # MR - RR
    between = a.T - a  # MR - RM
    pairs = np.stack([among, against, between], axis=-1)
    sums = np.stack(
        [mutants * (mutants - 1) / 2, mutants * (players - 1) - mutants * (mutants + 1) / 2, mutants]
    )
    return np.asarray(pairs @ (sums * (-intensity / (players - 1))))


def _linear(matrix: PayoffMatrix, players: int, intensity: float, mutants: Floats) -> Floats:
    """Return the same, sums over this block alone, where fitness is 1 - w + w payoff."""
    a = matrix.payoffs
    own = np.diagonal(a)
    residents = players - mutants
    mutant = own[None, :, None] * (mutants - 1) + a.T[..., None] * residents
    resident = a[..., None] * mutants + own[:, None, None] * (residents - 1)
    fitness = (1 - intensity) * (players - 1) + intensity * np.stack([resident, mutant])
    return np.asarray(np.cumsum(np.log(fitness[0] / fitness[1]), axis=-1))
