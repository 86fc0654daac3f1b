"""The kernel: plays populations from change to change in compiled loops."""

from __future__ import annotations

import math

import numpy as np

from gamelab.model.game import Floats, Ints
from gamelab.simulate.compiled import compiled
from gamelab.simulate.evolution import imitation

adopted = compiled(imitation.adopted)


@compiled
def waiting(change: float, uniform: float, most: int) -> int:
    """Return how many steps pass without a change before the one with it; at most ``most``.

    The number is geometric: by inversion floor(log(1 - u) / log(1 - change)).
    """
    if change >= 1:
        return 0
    if change <= 0:
        return most
    return int(min(math.floor(math.log1p(-uniform) / math.log1p(-change)), most))


@compiled
def stretch(
    payoffs: Floats,
    counts: Ints,
    intensity: float,
    process: int,
    mutation: float,
    chance: np.random.Generator,
    steps: int,
    occupied: Floats,
) -> None:
    """Play a number of steps in every population.

    The number of steps up to the next change has no memory: so it may be cut at the end of a stretch and be
    drawn anew. Populations take turns, change by change, and all draw from one stream: in each turn first
    how long each waits, then what changes in each.

    Parameters
    ----------
    payoffs : array (k, k)
    counts : int array (r, k)
        Read and written to.
    process : int
        Its place among ``PROCESSES``.
    steps : int
    occupied : array (r, k)
        Written to: the sum of the counts after every step.
    """
    many, k = counts.shape
    left, going, alive = np.full(many, steps), np.arange(many), many
    uniform, sums = np.empty((2, many)), np.empty(k * k)
    occupied[:] = 0.0
    while alive:
        for part in range(2):
            for place in range(alive):
                uniform[part, place] = chance.random()
        stay = 0
        for place in range(alive):
            who = going[place]
            chances = adopted(payoffs, counts[who], intensity, process, mutation)
            total, last = 0.0, 0
            for change in range(k * k):
                here = chances[change // k, change % k]
                total += here
                sums[change] = total
                if here > 0:
                    last = change
            wait = min(waiting(min(total, 1.0), uniform[0, place], steps), left[who])
            for i in range(k):
                occupied[who, i] += counts[who, i] * wait
            if wait == left[who]:
                continue
            # the last entry that is not 0 ends the search, so that rounding never picks an empty one
            drawn, pick = uniform[1, place] * total, 0
            while pick < last and sums[pick] <= drawn:
                pick += 1
            counts[who, pick // k] -= 1
            counts[who, pick % k] += 1
            for i in range(k):
                occupied[who, i] += counts[who, i]
            left[who] -= wait + 1
            if left[who] > 0:
                going[stay] = who
                stay += 1
        alive = stay
