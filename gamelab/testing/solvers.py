"""Solvers under test: a callable, what it promises, and a guard that turns what goes wrong into words."""

from __future__ import annotations

import contextlib
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from numbers import Real
from typing import Any, Literal

import numpy as np

from gamelab.testing.bimatrix import Bimatrix

Vector = tuple[Fraction, ...]
Demand = Literal["all", "generic", "component", "one"]

DEMANDS: dict[Demand, str] = {
    "all": "every extreme equilibrium of every game",
    "generic": "every equilibrium of games that are not degenerate",
    "component": "at least one equilibrium in each connected component",
    "one": "at least one equilibrium",
}
"""What a solver can be asked for, the most first."""


class SolverError(Exception):
    """A solver raised, did not answer in time, or answered with something that is no list of pairs."""

    def __init__(self, kind: Literal["raises", "hangs", "malformed"], words: str):
        self.kind = kind
        super().__init__(words)


@dataclass(frozen=True)
class Solver:
    """A solver under test.

    Parameters
    ----------
    solve : callable
        From two payoff tables ``(A, B)`` to pairs ``(x, y)`` of mixtures: a list, a generator, or an object
        with a list ``extreme``.
    name : str
    demand : str
        What it is asked for: one of ``DEMANDS``.
    exact : bool
        Whether it is handed nested lists of whole numbers and Fractions in place of arrays of floats.
    seconds : float
        The time limit of one call; 0 for none.
    """

    solve: Callable[[Any, Any], Any]
    name: str = ""
    demand: Demand = "all"
    exact: bool = False
    seconds: float = 5.0
    answers: dict[Bimatrix, Any] = field(default_factory=dict, compare=False, repr=False)

    def equilibria(self, game: Bimatrix) -> list[tuple[Vector, Vector]]:
        """Return what the solver reports for a game, in fractions; each game is solved once.

        Raises
        ------
        SolverError
            Where it raised, took longer than the limit, or returned anything but pairs of vectors.
        """
        if game not in self.answers:
            try:
                self.answers[game] = self._asked(game)
            except SolverError as wrong:
                self.answers[game] = wrong
        answer = self.answers[game]
        if isinstance(answer, SolverError):
            raise answer
        return list(answer)

    def _asked(self, game: Bimatrix) -> list[tuple[Vector, Vector]]:
        handed: tuple[Any, Any] = game.arrays()
        if self.exact:
            handed = [list(row) for row in game.A], [list(row) for row in game.B]
        try:
            with warnings.catch_warnings(), limited(self.seconds):
                warnings.simplefilter("ignore")
                answer = self.solve(*handed)
                pairs = list(getattr(answer, "extreme", answer))
        except OutOfTime:
            raise SolverError("hangs", f"no answer within {self.seconds:g} s") from None
        except Exception as error:
            words = " ".join(str(error).split())
            raise SolverError("raises", f"{type(error).__name__}: {words[:200]}") from error
        return [_pair(pair, game.shape) for pair in pairs]


def _pair(pair: Any, shape: tuple[int, int]) -> tuple[Vector, Vector]:
    try:
        x, y = pair
    except (TypeError, ValueError):
        raise SolverError("malformed", f"{_shown(pair)} is not a pair of mixtures") from None
    return _vector(x, shape[0], "first"), _vector(y, shape[1], "second")


def _vector(mixture: Any, size: int, whose: str) -> Vector:
    try:
        entries = list(mixture)
        good = len(entries) == size and all(_number(entry) for entry in entries)
    except TypeError:
        good = False
    if not good:
        words = f"{_shown(mixture)} stands where {size} finite numbers of the {whose} player are needed"
        raise SolverError("malformed", words)
    return tuple(Fraction(entry.item() if isinstance(entry, np.generic) else entry) for entry in entries)


def _number(entry: Any) -> bool:
    plain = entry.item() if isinstance(entry, np.generic) else entry
    real = isinstance(plain, Real) and not isinstance(plain, bool)
    return real and (not isinstance(plain, float) or bool(np.isfinite(plain)))


def _shown(thing: Any) -> str:
    text = " ".join(repr(thing).split())
    return text if len(text) <= 80 else text[:77] + "..."


# ------------------------------------------------------------------------------------------------- time limit


class OutOfTime(BaseException):
    """The time is up; not an Exception, so that a solver that catches those does not swallow it."""


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Stop what runs inside after so many seconds.

    By an alarm signal where there is one (Linux, macOS) and this is the main thread; elsewhere a timer
    raises in this thread. Either is noticed between two steps of Python: a call that never comes back from
    compiled code is not stopped. A worker process would be, but could be handed only solvers that can be
    pickled, and would cost more than most solvers take.
    """
    if seconds <= 0:
        yield
    elif hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        before = signal.signal(signal.SIGALRM, _ring)
        left, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, left)
            signal.signal(signal.SIGALRM, before)
    else:
        with _timer(seconds):
            yield


def _ring(*_: Any) -> None:
    raise OutOfTime


@contextlib.contextmanager
def _timer(seconds: float) -> Iterator[None]:
    import ctypes

    thread, lock = threading.get_ident(), threading.Lock()
    over = False

    def ring() -> None:
        with lock:
            if not over:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(thread), ctypes.py_object(OutOfTime)
                )

    timer = threading.Timer(seconds, ring)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:
            over = True
        timer.cancel()
