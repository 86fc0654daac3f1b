"""Compiled functions: numba makes machine code of them at their first call and keeps it on disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from gamelab.errors import GameError

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Return the function as one that numba compiles; it gives up Python's lock while it runs.

    Raises
    ------
    GameError
        Where numba is not installed.
    """
    if not has_numba():
        raise GameError("simulating matches needs numba; pip install 'gamelab[simulate]'")
    import numba

    make: Callable[..., Any] = numba.njit
    try:
        return cast(Function, make(nogil=True, cache=True)(function))
    except RuntimeError:  # no folder to keep the machine code in
        return cast(Function, make(nogil=True)(function))


def has_numba() -> bool:
    """Tell whether functions can be compiled here."""
    try:
        import numba  # noqa: F401
    except ImportError:
        return False
    return True
