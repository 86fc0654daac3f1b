"""Exactness: games whose every number is a fraction, and the door that lets no rounded number in."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from fractions import Fraction
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gamelab.errors import GameError

_ASKED: ContextVar[bool] = ContextVar("exact", default=False)


class InexactError(GameError):
    """A rounded number where exact results were asked for."""


@contextmanager
def exactly(exact: bool = True) -> Iterator[None]:
    """Make stage games in fractions; what is built on such a game stays exact, also outside.

    Settings are then whole numbers, fractions or decimals (``Fraction("0.9")``, ``Decimal("0.9")``), one game
    at a time. A float is refused: it may have been rounded already.

    Examples
    --------
    >>> from fractions import Fraction
    >>> import gamelab as gl
    >>> with gl.exactly():
    ...     stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> game = gl.repeated(stage, discount_factor=Fraction("0.9"), misreading=Fraction(1, 10))
    >>> print(*gl.value(game, "grim").payoffs)
    471/271 471/271
    """
    if not isinstance(exact, bool | np.bool_):
        raise GameError(f"{type(exact).__name__} given; write True or False", "exact")
    token = _ASKED.set(bool(exact))
    try:
        yield
    finally:
        _ASKED.reset(token)


def exact_asked() -> bool:
    """Tell whether numbers are meant to be fractions here."""
    return _ASKED.get()


FLOATS_END = 1e308
LARGEST = 1e150
"""The largest number that a game may be given: products and sums of several are still numbers."""


def numbers(value: Any, key: str = "") -> NDArray[Any]:
    """Return a number or an array of them as floats, or as fractions where results are to be exact.

    Raises
    ------
    TypeError
        Where something else stands among them, which numpy would convert: a truth value, a text, a date, a
        complex number, an entry that is masked.
    GameError
        For a number that is too large to compute with.
    """
    given = only_numbers(value)
    if given.dtype.kind == "O":
        sizes = [abs(float(item) if isinstance(item, np.floating) else item) for item in given.flat]
        large = [size for size in sizes if LARGEST < size < math.inf]
    else:
        large = np.abs(given[(np.abs(given) > LARGEST) & np.isfinite(given)]).tolist()
    if large:
        size = f"{float(large[0]):g}" if large[0] <= FLOATS_END else f"a number beyond {FLOATS_END:g}"
        raise GameError(f"{size} is too large: up to {LARGEST:g} is allowed", key)
    return fractions(given, key) if exact_asked() else given.astype(np.float64)


def only_numbers(value: Any) -> NDArray[Any]:
    """Return an array of what is nothing but real numbers, not converted yet; raise TypeError otherwise."""
    given = value if isinstance(value, np.ndarray) else np.asarray(value, dtype=object)
    if masked(value) or given.dtype.kind not in "iufO":
        raise TypeError("not only numbers")
    if given.dtype.kind == "O" and not all(map(is_number, given.flat)):
        raise TypeError("not only numbers")
    return np.asarray(given)


def masked(value: Any) -> bool:
    """Tell whether an entry is masked: its number is hidden, and numpy would bring it back."""
    if isinstance(value, list | tuple):
        return any(map(masked, value))
    return isinstance(value, np.ma.MaskedArray) and bool(np.ma.is_masked(value))


def is_number(item: Any) -> bool:
    """Tell whether something is one real number: no truth value, text, date, or complex number."""
    if type(item) is Fraction:  # the most frequent by far, and slow to be recognised as a Real
        return True
    if isinstance(item, Decimal):
        return item.is_finite()
    return isinstance(item, Real) and not isinstance(item, bool | np.bool_ | np.timedelta64)


def floats(values: Any) -> NDArray[Any]:
    """Return numbers as an array of floats; one of one entry stays an array, also where numpy is old."""
    return np.asarray(values, dtype=np.float64)


def fractions(values: Any, key: str = "") -> NDArray[Any]:
    """Return an array of fractions, of the shape given.

    Raises
    ------
    InexactError
        For a float: what it was rounded from is not known any more.
    """
    given = values if isinstance(values, np.ndarray) else np.asarray(values, dtype=object)
    if given.dtype.kind == "f" and given.size:
        raise _inexact(given.flat[0], key)
    result = np.empty(given.shape, dtype=object)
    result[...] = _each(given, key) if given.ndim else fraction(given.item(), key)
    return result


def _each(given: NDArray[Any], key: str) -> NDArray[Any]:
    items = given.ravel().tolist()
    known = {place: fraction(item, key) for place, item in {id(item): item for item in items}.items()}
    flat = np.empty(given.size, dtype=object)
    flat[:] = [known[id(item)] for item in items]
    return flat.reshape(given.shape)


def different(array: NDArray[Any]) -> list[Any]:
    """Return the objects of an array, each once by its identity: fractions are slow, and many are one."""
    return list({id(item): item for item in array.ravel().tolist()}.values())


def different_rows(array: NDArray[Any]) -> NDArray[Any]:
    """Return rows along the last axis, (k, m), of fractions each once by the identity of its entries."""
    rows = array.reshape(-1, array.shape[-1])
    if array.dtype != object:
        return rows
    return rows[list({tuple(map(id, row)): k for k, row in enumerate(rows.tolist())}.values())]


def fraction(item: Any, key: str = "") -> Fraction:
    """Return one number as a fraction; a float is refused, where ``Fraction`` itself would take it."""
    if isinstance(item, Fraction):
        return item
    if isinstance(item, int | np.integer | np.bool_):
        return Fraction(int(item))
    if isinstance(item, Decimal) and item.is_finite():
        return Fraction(item)
    if isinstance(item, float | np.floating):
        raise _inexact(item, key)
    raise TypeError(f"{item!r} is not a number")


def _inexact(item: Any, key: str) -> InexactError:
    return InexactError(
        f"{float(item):.15g} is a rounded number; exact results need whole numbers or fractions",
        key,
    )


def in_kind(whole: Any, like: NDArray[Any]) -> NDArray[Any]:
    """Return whole numbers or truth values as fractions where ``like`` holds fractions, else as floats."""
    array = np.asarray(whole)
    return fractions(array.astype(np.int64)) if like.dtype == object else array.astype(np.float64)


def product(left: NDArray[Any], right: NDArray[Any]) -> NDArray[Any]:
    """Return a matrix product; of fractions by way of whole numbers, which is much quicker.

    >>> product(fractions([[Fraction(1, 2), 1]]), fractions([[3], [Fraction(1, 3)]])).item()
    Fraction(11, 6)
    """
    if left.dtype != object or right.dtype != object:
        return np.asarray(left @ right)
    (first, one), (second, other) = _whole(left), _whole(right)
    result: NDArray[Any] = np.frompyfunc(lambda entry: Fraction(entry, one * other), 1, 1)(first @ second)
    return result


def _whole(array: NDArray[Any]) -> tuple[NDArray[Any], int]:
    """Return an array of fractions times a number that makes them whole, and that number."""
    shared = math.lcm(*{entry.denominator for entry in array.flat})
    times = np.frompyfunc(lambda entry: entry.numerator * (shared // entry.denominator), 1, 1)
    return np.asarray(times(array), dtype=object), shared


def root(numbers: NDArray[Any]) -> NDArray[Any]:
    """Return square roots; of fractions only those that are fractions.

    Raises
    ------
    InexactError
        Where one is irrational.
    """
    if numbers.dtype != object:
        return np.asarray(np.sqrt(numbers))
    result = np.empty(numbers.shape, dtype=object)
    for place, number in np.ndenumerate(numbers):
        result[place] = Fraction(math.isqrt(number.numerator), math.isqrt(number.denominator))
        if result[place] ** 2 != number:
            raise InexactError(f"the square root of {number} is no fraction")
    return result


def in_fractions(plugin: Callable[..., Any], *arguments: Any, **settings: Any) -> Any:
    """Call a plug-in; one that cannot keep to fractions is named.

    Raises
    ------
    InexactError
        Where the plug-in computes in rounded numbers.
    """
    name = plugin.__name__
    try:
        return plugin(*arguments, **settings)
    except InexactError as refusal:
        if name in refusal.message:
            raise
        place = f" for '{refusal.key}'" if refusal.key else ""
        raise InexactError(f"{name} cannot keep to fractions{place}: {refusal.message}") from None
    except (TypeError, AttributeError) as failure:
        if not exact_asked():
            raise
        raise InexactError(f"{name} cannot keep to fractions: {failure}") from None
