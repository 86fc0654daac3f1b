"""The three-step ladder: assembly, value and one-shot certificate, over all its settings at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

import gamelab as gl

STAGE = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
WEIGHTS = (1, 2, 4)


def settings(points: int) -> dict[str, np.ndarray]:
    """Return random settings: every one of them varies."""
    draw = np.random.default_rng(1)
    ranges = {
        "factor": (0.3, 0.95),
        "detection": (0.5, 1),
        "false_alarm": (0, 0.2),
        "forgiveness": (0.1, 0.9),
        "fine": (1, 3),
        "cost": (0, 0.3),
    }
    return {name: draw.uniform(low, high, points) for name, (low, high) in ranges.items()}


def ladder(factor: Any, detection: Any, false_alarm: Any, forgiveness: Any, fine: Any, cost: Any) -> gl.Game:
    """Return the games of these settings."""
    game = gl.repeated(STAGE, discount_factor=factor, observe="none")
    game = gl.monitoring(game, detection=detection, false_alarm=false_alarm, cost=cost)
    fines = [weight * fine for weight in WEIGHTS]
    return gl.graduated_sanctions(game, fines=fines, forgiveness=forgiveness, cost_per_act=cost)


def solved(**chosen: Any) -> dict[str, np.ndarray]:
    """Return what everybody earns and the largest gain from deviating."""
    game = ladder(**chosen)
    worth = gl.value(game, "comply")
    certificate = gl.certify(game, "comply", best_response_gain=False)
    return {"payoffs": worth.payoffs, "max_gain": certificate.max_gain}


def by_plain_loop(points: int) -> dict[str, np.ndarray]:
    """Return the same from dictionaries and loops, one point after another (tests/reference)."""
    import reference

    from gamelab.strategies.profile import profile_of

    payoffs, gains = [], []
    for k in range(points):
        game = ladder(**{name: float(array[k]) for name, array in settings(points).items()})
        plain = reference.both(game, profile_of(game, "comply"), 0)
        payoffs.append(reference.payoffs(*plain))
        gains.append(reference.max_gain(*plain, normalised=True)[0])
    return {"payoffs": np.array(payoffs), "max_gain": np.array(gains)}


def timed(work: Callable[[], Any], repeats: int = 5) -> float:
    """Return the median of some runs, in seconds, after one that is not counted."""
    work()
    seconds = []
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return float(np.median(seconds))
