"""The section ``simulate`` of a scenario: its keys are the settings of one function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from gamelab.model.settings import Range, Rounds, settled
from gamelab.randomness import LARGEST_SEED

MOST_MATCHES, MOST_PERSONS = 1_000_000_000, 1_000_000
Matches = Annotated[int, Range(1, MOST_MATCHES, "matches", whole=True)]
Seed = Annotated[int, Range(0, LARGEST_SEED, whole=True)]
Histories = Annotated[int, Range(0, 50, "matches", whole=True)]
Persons = Annotated[int, Range(2, MOST_PERSONS, "persons", whole=True)]


@dataclass(frozen=True)
class SimulationSettings:
    """What a scenario asks to be played by chance; its fields are explained at :func:`simulation`."""

    matches: int
    rounds: int | None
    seed: int
    histories: int
    population: int


@settled
def simulation(
    *,
    matches: Matches = 10_000,
    rounds: Rounds | None = None,
    seed: Seed = 1,
    histories: Histories = 6,
    population: Persons = 100,
) -> SimulationSettings:
    """Return what the section asks for; its keys are these settings.

    Parameters
    ----------
    matches : int
        How many matches of each arrangement's conduct are played.
    rounds : int
        How many rounds a match has, later ones discounted; without it as many as the game's time says.
    seed : int
        Where chance begins: the same seed gives the same matches.
    histories : int
        How many of the matches are drawn move by move.
    population : int
        Size of the population in which strategies evolve.
    """
    return SimulationSettings(matches, rounds, seed, histories, population)
