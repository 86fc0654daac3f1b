"""The kernel: plays matches move after move, with one random number and one look at a table for each."""

from __future__ import annotations

from typing import Any

import numpy as np

from gamelab.model.game import Floats, Ints
from gamelab.simulate.compiled import compiled
from gamelab.simulate.matches.generator import drawn, seeded

ONE, TWO, THREE, BYTE, HALF, TOP = (np.uint64(k) for k in (1, 2, 3, 8, 32, 56))
LOW = np.uint64(0xFFFFFFFF)


@compiled
def opened(
    key: np.uint64, match: int, words: Ints, bits: int, start: int, digits: Ints, most: int
) -> tuple[Any, ...]:
    """Return the state of the generator, the place in the table and the rounds left when a match begins."""
    a, b, c, d = seeded(key, np.uint64(match))
    r, a, b, c, d = drawn(a, b, c, d)
    entry = (np.uint64(start) + (r >> np.uint64(64 - bits))) << TWO
    word = words[entry + (ONE if (r << np.uint64(bits)) < words[entry] else TWO)]
    left: Any = most
    if digits.shape[0] > 0:
        number: Any = 0
        for level in range(digits.shape[0] - 1, -1, -1):
            r, a, b, c, d = drawn(a, b, c, d)
            place = np.int64(r >> TOP)
            stays = (r << BYTE) < digits[level, place]
            number = (number << 8) + (place if stays else np.int64(digits[level, 256 + place]))
        left = min(most, number + 1)
    return a, b, c, d, word >> HALF, left


@compiled
def play(
    key: np.uint64,
    first: int,
    words: Ints,
    bits: int,
    start: int,
    digits: Ints,
    most: int,
    rows: Floats,
    ratios: Floats,
    counting: bool,
    totals: Floats,
) -> None:
    """Play matches and write what each adds up to.

    Parameters
    ----------
    key, first
        Of the random stream; the number of the first match.
    words : uint64 array
        The table, see ``gamelab.simulate.matches.table.Table``; ``bits`` wide, play starts at ``start``.
    digits : uint64 array (L, 512)
        How many rounds a match has, see ``gamelab.simulate.matches.ending.Ending``; ``most`` at most.
    rows : array (K, w)
        What the moves of each kind add to the columns; w is a multiple of 4.
    ratios : array (w,)
        How much less each column counts after a round.
    counting : bool
        Count the kinds of moves and add up at the end; only where all ratios are 1. Quicker for long matches.
    totals : array (matches, w)
        Written to.
    """
    shift, width = np.uint64(64 - bits), np.uint64(bits)
    kinds, columns = rows.shape
    counts = np.zeros(kinds, np.int64)
    weights = np.ones(columns)
    for match in range(totals.shape[0]):
        a, b, c, d, at, left = opened(key, first + match, words, bits, start, digits, most)
        for column in range(columns):
            totals[match, column] = 0.0
        if counting:
            while left > 0:
                r, a, b, c, d = drawn(a, b, c, d)
                entry = (at + (r >> shift)) << TWO
                word = words[entry + (ONE if (r << width) < words[entry] else TWO)]
                at = word >> HALF
                counts[(word & LOW) >> ONE] += 1
                left -= np.int64(word & ONE)
            for kind in range(kinds):
                count, counts[kind] = counts[kind], 0
                for column in range(columns):
                    totals[match, column] += count * rows[kind, column]
            continue
        s, t, u, v = 0.0, 0.0, 0.0, 0.0  # the first four columns stay in registers, and so do their weights
        e, f, g, h = 1.0, 1.0, 1.0, 1.0
        for column in range(4, columns):
            weights[column] = 1.0
        while left > 0:
            r, a, b, c, d = drawn(a, b, c, d)
            entry = (at + (r >> shift)) << TWO
            word = words[entry + (ONE if (r << width) < words[entry] else TWO)]
            at = word >> HALF
            row = rows[(word & LOW) >> ONE]
            s, t, u, v = s + e * row[0], t + f * row[1], u + g * row[2], v + h * row[3]
            for column in range(4, columns):
                totals[match, column] += weights[column] * row[column]
            if word & ONE:
                left -= 1
                e, f, g, h = e * ratios[0], f * ratios[1], g * ratios[2], h * ratios[3]
                for column in range(4, columns):
                    weights[column] *= ratios[column]
        totals[match, 0], totals[match, 1], totals[match, 2], totals[match, 3] = s, t, u, v


@compiled
def add_moments(totals: Floats, first: int, sums: Floats, products: Floats) -> None:
    """Add the totals of matches, and their products, to those of even matches and of odd ones.

    Parameters
    ----------
    totals : array (matches, w)
        Of which the first m columns count.
    first : int
        The number of the first match.
    sums : array (2, m)
    products : array (2, m, m)
        Only the upper triangle is written to.
    """
    columns = sums.shape[1]
    for match in range(totals.shape[0]):
        half = (first + match) & 1
        for one in range(columns):
            amount = totals[match, one]
            sums[half, one] += amount
            for other in range(one, columns):
                products[half, one, other] += amount * totals[match, other]


@compiled
def trace(
    key: np.uint64,
    last: int,
    words: Ints,
    bits: int,
    start: int,
    digits: Ints,
    most: int,
    cursor: Ints,
    generator: Ints,
    moves: Ints,
) -> int:
    """Play matches again and write where each move was, until there is no room or no match left.

    Parameters
    ----------
    last : int
        The number of the last match, and one.
    cursor : int array (5,)
        Read and written: the match, the place in the table, the rounds left (-1 before the match begins),
        the round and the move.
    generator : uint64 array (4,)
        Read and written: the generator's state within a match.
    moves : int array (most moves, 4)
        Written to: match, round and move, from 0, and the event's place in the table.

    Returns
    -------
    int
        How many moves were written.
    """
    shift, width = np.uint64(64 - bits), np.uint64(bits)
    match, at, left, number, move = cursor[0], np.uint64(cursor[1]), cursor[2], cursor[3], cursor[4]
    a, b, c, d = generator[0], generator[1], generator[2], generator[3]
    count = 0
    while match < last and count < len(moves):
        if left < 0:
            a, b, c, d, at, left = opened(key, match, words, bits, start, digits, most)
            number, move = 0, 0
        while left > 0 and count < len(moves):
            r, a, b, c, d = drawn(a, b, c, d)
            place = at + (r >> shift)
            entry = place << TWO
            word = words[entry + ONE]
            if (r << width) >= words[entry]:
                word, place = words[entry + TWO], words[entry + THREE]
            moves[count, 0], moves[count, 1], moves[count, 2], moves[count, 3] = match, number, move, place
            count += 1
            at = word >> HALF
            move += 1
            if word & ONE:
                left -= 1
                number += 1
                move = 0
        if left == 0:
            match += 1
            left = -1
    cursor[0], cursor[1], cursor[2], cursor[3], cursor[4] = match, at, left, number, move
    generator[0], generator[1], generator[2], generator[3] = a, b, c, d
    return count
