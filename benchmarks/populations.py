"""Populations: persons matched anew each round, beside the plain loop of the tests, and their memory."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np

import gamelab as gl
from gamelab.randomness import stream

GAME = gl.repeated(
    gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0), discount_factor=0.9, tremble=0.01
)
WHO = {"discriminate": 0.9, "always_defect": 0.1}
PERSONS, ROUNDS = 100_000, 200
LOOP_PERSONS, LOOP_ROUNDS = 300, 20


def played(population: int = PERSONS, rounds: int = ROUNDS, replications: int = 1) -> Any:
    """Play one population in which records are seen with probability 0.7."""
    return gl.rematch(
        GAME, WHO, population=population, rounds=rounds, replications=replications, reach=0.7, punishment=5
    )


def by_plain_loop() -> None:
    """Play a small one person by person (tests/simulate/population/plain_population.py)."""
    import plain_population

    from gamelab.simulate.population.persons import Shown, groups_of, memberships

    known = Shown("standing", 5, 0.7, 0)
    groups = groups_of(GAME, WHO, LOOP_PERSONS, known)
    member, seated = memberships(groups, False)
    way = {"when_bad": "keep", "when_unseen": "keep"}
    ways = [[way, way], list(groups[1].seats)]
    settings = vars(known) | {"turnover": 0}
    village = plain_population.Village(GAME, ways, member, seated, settings, stream(1, "loop"))
    for _ in range(LOOP_ROUNDS):
        village.round()


def population_rows() -> list[tuple[str, str, str]]:
    """Rates, memory, and the exact chain of contagion."""
    seconds = _fastest(played)
    per_person = seconds / (PERSONS * ROUNDS)
    loop = _fastest(by_plain_loop) / (LOOP_PERSONS * LOOP_ROUNDS)
    small = _fastest(lambda: played(20, 100, 2000)) / (20 * 100 * 2000)
    chain = _fastest(lambda: gl.contagion(gl.repeated(_stage(), discount_factor=0.9), population=100))
    return [
        (f"{PERSONS:,} persons over {ROUNDS} rounds, seconds", f"{seconds:.1f}", "10"),
        ("... person-rounds per second", f"{1 / per_person:,.0f}", ""),
        ("... times faster than the plain loop", f"{loop / per_person:,.0f}", ""),
        ("... 2000 populations of 20, person-rounds per second", f"{1 / small:,.0f}", ""),
        ("... peak memory, MB", f"{_peak_memory() / 1e6:.0f}", "40"),
        ("contagion among 100 persons, exact, seconds", f"{chain:.3f}", ""),
    ]


def _stage() -> gl.Game:
    return gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)


def _fastest(work: Callable[[], Any], repeats: int = 3) -> float:
    """Return the least processor time of some runs, in seconds."""
    seconds = []
    for _ in range(repeats):
        begin = time.process_time()
        work()
        seconds.append(time.process_time() - begin)
    return float(np.min(seconds))


def _peak_memory() -> float:
    tracemalloc.start()
    played(rounds=3)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return float(peak)
