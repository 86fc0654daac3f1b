"""Population chain: the exact Markov chain of a small population with mutation, and its long run."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.arguments import real, whole
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Floats, Ints
from gamelab.simulate.evolution.imitation import PROCESSES, adopted, selection
from gamelab.simulate.evolution.log_chain import banded_log_stationary, log_sum
from gamelab.simulate.evolution.payoff_matrix import PayoffMatrix, payoff_matrix

if TYPE_CHECKING:
    import pandas as pd

MOST_STATES = 20_000
"""So many states of a population are solved exactly; with two strategies a million."""
MOST_STATES_OF_TWO = 1_000_001
MOST_WORK = 4e9
"""States times the square of how far their order stretches: solving stays within some seconds."""
LEAST_MUTATION = 1e-200


@frozen_result
@dataclass(frozen=True, eq=False)
class PopulationChain:
    """The long run of a population.

    Parameters
    ----------
    names : tuple of str
    population : int
    intensity, mutation : float
    process : str
    states : int array (S, k)
        Players of each strategy.
    stationary, log_stationary : array (S,)
        Shares of time in each state.
    shares : array (k,)
        Of each strategy, on average over time.
    """

    names: tuple[str, ...]
    population: int
    intensity: float
    mutation: float
    process: str
    states: Ints
    log_stationary: Floats
    stationary: Floats = field(init=False)
    shares: Floats = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "stationary", np.exp(self.log_stationary))
        object.__setattr__(self, "shares", self.stationary @ self.states / self.population)
        for array in (self.states, self.log_stationary, self.stationary, self.shares):
            array.setflags(write=False)

    def to_frame(self) -> pd.DataFrame:
        """Return a table with a row for each state."""
        import pandas as pd

        frame = pd.DataFrame(self.states, columns=list(self.names))
        return frame.assign(probability=self.stationary, log_probability=self.log_stationary)

    def _repr_html_(self) -> str:
        import pandas as pd

        return str(pd.DataFrame({"strategy": self.names, "share": self.shares}).to_html(index=False))

    def __repr__(self) -> str:
        shares = ", ".join(f"{name} {share:.3g}" for name, share in zip(self.names, self.shares))
        return f"<PopulationChain of {self.population} players, {len(self.states)} states: {shares}>"


def population_chain(
    payoffs: Any,
    population: int = 30,
    intensity: float = 1.0,
    mutation: float = 0.01,
    *,
    process: str = "moran",
) -> PopulationChain:
    """Return the exact stationary distribution of a population with mutation.

    Parameters
    ----------
    payoffs : array (k, k), or anything with ``payoffs`` and ``names``
    population : int
        Number of players, N. There are C(N + k - 1, k - 1) states; 20,000 at most, a million if k = 2.
    intensity : float
    mutation : float
        Probability that a child, or a player who would compare, gets one of the other strategies, each
        alike. Not 0: then the population stays where all are the same; see :func:`fixation`.
    process : str
        As in :func:`fixation`.

    Raises
    ------
    GameError
        For what :func:`fixation` refuses, no mutation, and more states than are solved exactly.

    Examples
    --------
    >>> result = population_chain([[3, 0, 0], [0, 3, 0], [0, 0, 3]], population=20)  # three alike
    >>> result.shares.round(6).tolist()
    [0.333333, 0.333333, 0.333333]
    """
    matrix = payoff_matrix(payoffs)
    players = whole(population, "population", 2)
    strength, process = selection(matrix, intensity, process)
    rate = real(mutation, "mutation", 0.0, 1.0)
    if rate < LEAST_MUTATION and matrix.k > 1:
        raise GameError(
            f"{mutation!r} given; without mutation a population ends where all play the same: ask 'fixation'",
            "mutation",
        )
    size, band = _size(players, matrix.k)
    refusal = _too_large(players, matrix.k, size, band)
    if refusal:
        raise GameError(refusal, "population")
    counts = population_states(players, matrix.k)
    if matrix.k == 1:
        logs = np.zeros(1)
    elif matrix.k == 2:
        logs = _of_two(matrix, counts, strength, process, rate)
    else:
        sources, targets, probabilities = transitions(matrix, counts, strength, process, rate)
        logs = banded_log_stationary(size, band, sources, targets, probabilities)
    return PopulationChain(matrix.names, players, strength, rate, process, counts, logs)


def is_solvable(population: int, k: int) -> bool:
    """Return whether a population of k strategies has few enough states to be solved exactly."""
    return not _too_large(population, k, *_size(population, k))


def population_states(players: int, k: int) -> Ints:
    """Return all states, players by strategy, in the order of words: the last strategy alone comes first.

    >>> population_states(2, 2).tolist()
    [[0, 2], [1, 1], [2, 0]]
    """
    counts = np.zeros((1, 0), dtype=np.int64)
    left = np.array([players])
    for _ in range(k - 1):
        many = left + 1
        first = np.repeat(np.cumsum(many) - many, many)
        here = np.arange(many.sum()) - first
        counts = np.column_stack([np.repeat(counts, many, axis=0), here])
        left = np.repeat(left, many) - here
    return np.column_stack([counts, left])


def places(counts: Ints) -> Ints:
    """Return where states stand in their order, (...,).

    >>> places(population_states(3, 3)).tolist()
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    """
    k = counts.shape[-1]
    players = int(counts[(0,) * (counts.ndim - 1)].sum()) if counts.size else 0
    ways = np.array([[math.comb(r + m, m) for m in range(k)] for r in range(players + 1)])
    left = np.full(counts.shape[:-1], players)
    ranks = np.zeros(counts.shape[:-1], dtype=np.int64)
    for i in range(k - 1):
        ranks += ways[left, k - i - 1] - ways[left - counts[..., i], k - i - 1]
        left = left - counts[..., i]
    return ranks


def transitions(
    matrix: PayoffMatrix, counts: Ints, intensity: float, process: str, mutation: float
) -> tuple[Ints, Ints, Floats]:
    """Return sources, targets and probabilities of the steps that change a population."""
    chances = adopted(matrix.payoffs, counts.T, intensity, PROCESSES.index(process), mutation)
    sources, targets, rates = [], [], []
    for i in range(matrix.k):
        (there,) = np.nonzero(counts[:, i])
        for j in range(matrix.k):
            if i != j:
                after = counts[there]
                after[:, i] -= 1
                after[:, j] += 1
                sources.append(there)
                targets.append(places(after))
                rates.append(chances[i, j, there])
    return np.concatenate(sources), np.concatenate(targets), np.concatenate(rates)


def _of_two(matrix: PayoffMatrix, counts: Ints, intensity: float, process: str, mutation: float) -> Floats:
    """Return the same for two strategies: what flows up from a state flows down from the next."""
    chances = adopted(matrix.payoffs, counts.T, intensity, PROCESSES.index(process), mutation)
    logs = np.zeros(len(counts))
    logs[1:] = np.cumsum(np.log(chances[1, 0, :-1]) - np.log(chances[0, 1, 1:]))
    return np.asarray(logs - log_sum(logs))


def _size(players: int, k: int) -> tuple[int, int]:
    """Return the number of states, and how far apart states are at most that lead to each other."""
    size = math.comb(players + k - 1, k - 1)
    return size, math.comb(players + k - 2, k - 2) if k > 1 else 1


def _too_large(players: int, k: int, size: int, band: int) -> str:
    """Return why a population is not solved exactly; empty where it is."""
    if k <= 2:
        fits = size <= MOST_STATES_OF_TWO
    else:
        fits = size <= MOST_STATES and float(size) * band**2 <= MOST_WORK
    if fits:
        return ""
    amount = f"{size:,}" if size < 10**15 else f"{size:.1e}"
    return (
        f"{players} players of {k} strategies have {amount} states, more than are solved exactly; "
        "take fewer, or let it play by chance with 'evolve'"
    )
