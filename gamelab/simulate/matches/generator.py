"""The generator of matches: xoshiro256++ with a state of its own for every match, found by splitmix64."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from gamelab.simulate.compiled import compiled

Word: TypeAlias = np.uint64

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
W17, W23, W27, W30, W31, W41, W45, W19 = (np.uint64(k) for k in (17, 23, 27, 30, 31, 41, 45, 19))


@compiled
def mixed(z: Word) -> Word:
    """Return a number with its bits mixed, as splitmix64 does (Steele, Lea and Flood 2014)."""
    z = (z ^ (z >> W30)) * FIRST
    z = (z ^ (z >> W27)) * SECOND
    return z ^ (z >> W31)


@compiled
def seeded(key: Word, match: Word) -> tuple[Word, Word, Word, Word]:
    """Return the first state of a match: four neighbours in the sequence of splitmix64 that no other has."""
    place = key + GOLDEN * (match << np.uint64(2))
    a = mixed(place + GOLDEN)
    b = mixed(place + GOLDEN * np.uint64(2))
    c = mixed(place + GOLDEN * np.uint64(3))
    return a, b, c, mixed(place + GOLDEN * np.uint64(4))


@compiled
def drawn(a: Word, b: Word, c: Word, d: Word) -> tuple[Word, Word, Word, Word, Word]:
    """Return 64 random bits and the state that follows (xoshiro256++, Blackman and Vigna 2021)."""
    total = a + d
    bits = ((total << W23) | (total >> W41)) + a
    shifted = b << W17
    c = c ^ a
    d = d ^ b
    b = b ^ c
    a = a ^ d
    c = c ^ shifted
    d = (d << W45) | (d >> W19)
    return bits, a, b, c, d
