"""Shrinking: the smallest input that still does what was found, by leaving out lines, words and characters."""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from .doors import Finding, attempt
from .generators import FILE, Input

PATIENCE = 10.0


def shrunk(found: Finding, patience: float = PATIENCE) -> Finding:
    """Return the finding with the smallest input that shows it, as far as the seconds allow."""
    given, end = found.input, time.monotonic() + patience
    with tempfile.TemporaryDirectory() as name:

        def shows(other: Input) -> bool:
            return any(there.signature == found.signature for there in attempt(other, Path(name)).findings)

        better = True
        while better and time.monotonic() < end:
            better = False
            for other in _smaller(given):
                if time.monotonic() > end:
                    break
                if shows(other):
                    given, better = other, True
                    break
    return replace(found, input=given)


def _smaller(given: Input) -> Iterator[Input]:
    for k, word in enumerate(given.arguments):
        rest = given.arguments[:k] + given.arguments[k + 1 :]
        if word != FILE and rest:
            yield replace(given, arguments=rest)
    for data in _cut(given.data, b"\n" if isinstance(given.data, bytes) else "\n"):
        yield replace(given, data=data)
    for k, word in enumerate(given.arguments):
        for shorter in _cut_anywhere(word) if word != FILE else ():
            yield replace(given, arguments=(*given.arguments[:k], shorter, *given.arguments[k + 1 :]))


def _cut(data, newline) -> Iterator:
    """Leave out half of the lines, a quarter, ..., single lines; then characters."""
    lines = data.split(newline)
    size = len(lines) // 2
    while size:
        for start in range(0, len(lines), size):
            yield newline.join(lines[:start] + lines[start + size :])
        size //= 2
    yield from _cut_anywhere(data)


def _cut_anywhere(data) -> Iterator:
    size = len(data) // 2
    while size and len(data) < 2000:
        for start in range(0, len(data), size):
            yield data[:start] + data[start + size :]
        size //= 2


Shrinker = Callable[[Finding], Finding]
