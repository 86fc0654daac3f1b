"""Random numbers: one seed, and named streams that do not depend on each other or on who draws first."""

from __future__ import annotations

import operator

import numpy as np

from gamelab.errors import GameError

LARGEST_SEED = 2**53 - 1
"""So large that every format keeps it exactly, JSON and floats too."""
INTERVAL = 1.959963984540054
"""Standard errors on either side of a mean that make a 95 % interval."""


def seeds(seed: int, *names: str | int) -> np.random.SeedSequence:
    """Return the source of a named stream, such as ``seeds(1, "matches", "grim")``.

    The same seed and names give the same numbers on every machine and with any number of workers; other
    names give independent ones.

    Raises
    ------
    GameError
        Where the seed is no whole number from 0 to 2^53 - 1.
    """
    try:
        whole = -1 if isinstance(seed, bool) else operator.index(seed)
    except TypeError:
        whole = -1
    if not 0 <= whole <= LARGEST_SEED:
        raise GameError(f"{seed!r} is no seed; write a whole number from 0 to {LARGEST_SEED}", "seed")
    key = b"".join(_encoded(name) for name in names)
    return np.random.SeedSequence([whole & 0xFFFFFFFF, whole >> 32, len(key), *key])


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """Return a generator of the named stream; see :func:`seeds`."""
    return np.random.Generator(np.random.SFC64(seeds(seed, *names)))


def _encoded(name: str | int) -> bytes:
    """Return a name as bytes that no other name begins with."""
    kind, text = ("s", name) if isinstance(name, str) else ("i", str(name))
    body = text.encode()
    return f"{kind}{len(body)}:".encode() + body
