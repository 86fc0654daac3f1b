"""Freezing: results whose arrays can be read and not written to."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Result = TypeVar("Result", bound=type)
PLAIN = frozenset({int, float, str, bool, type(None)})
"""Kinds of values that are no arrays and hold none."""


def frozen_result(result: Result) -> Result:
    """Close all arrays that instances of a dataclass show to writing: fields, properties, their containers.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> gl.value(gl.repeated(stage, discount_factor=0.9), "grim").payoffs.flags.writeable
    False
    """
    make: Callable[..., None] = vars(result)["__init__"]

    @functools.wraps(make)
    def made(self: Any, *arguments: Any, **settings: Any) -> None:
        make(self, *arguments, **settings)
        for field in dataclasses.fields(self):
            closed(getattr(self, field.name))

    for name, part in list(vars(result).items()):
        if isinstance(part, property) and part.fget is not None:
            setattr(result, name, property(_closing(part.fget)))
        elif isinstance(part, functools.cached_property):
            part.func = _closing(part.func)
    setattr(result, "__init__", made)  # noqa: B010 - mypy lets no method be assigned
    return result


def _closing(question: Callable[[Any], Any]) -> Callable[[Any], Any]:
    @functools.wraps(question)
    def answer(self: Any) -> Any:
        return closed(question(self))

    return answer


def closed(value: Any) -> Any:
    """Return a value after closing it to writing, where it is an array or a container of arrays."""
    if type(value) in PLAIN:  # the most frequent answers by far: numbers of players, names
        return value
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
    elif isinstance(value, Mapping):
        for part in value.values():
            closed(part)
    elif isinstance(value, list | tuple):
        for part in value:
            closed(part)
    return value


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return the array after closing it to writing."""
    array.setflags(write=False)
    return array
