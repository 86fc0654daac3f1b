"""Claims: what a scenario says about its results, read from the file and compared with what came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from gamelab.errors import InputError, Problem
from gamelab.expressions import Expression
from gamelab.scenario.document import Scenario
from gamelab.scenario.requests import Claim
from gamelab.scenario.values import Scope, Values


def expected_value(scenario: Scenario, claim: Claim) -> Any:
    """Return what a claim expects, with its overrides applied.

    Returns
    -------
    Fraction, float, str, bool, None or list
        For intervals a list of ``{"from": ..., "to": ...}``.

    Raises
    ------
    InputError
        Located at the claim: an unknown or ambiguous name, a division by zero.
    """
    try:
        scope = Values(scenario, claim.overrides).scope(claim.arrangement)
        return evaluated(claim.expected, scope)
    except InputError as refusal:
        raise InputError(
            p if p.key else Problem(p.message, claim.key, scenario.file, claim.line, claim.column)
            for p in refusal.problems
        ) from None


def evaluated(expected: Any, scope: Scope) -> Any:
    """Return what stands for a value: expressions evaluated, also inside lists and mappings."""
    if isinstance(expected, Expression):
        return expected.evaluate(scope)
    if isinstance(expected, Mapping):
        return {key: evaluated(part, scope) for key, part in expected.items()}
    return [evaluated(part, scope) for part in expected] if isinstance(expected, list) else expected


def holds(claim: Claim, value: Any, expected: Any) -> bool:
    """Tell whether a result is what a claim expects.

    ``above`` and ``below`` are strict; ``at_least``, ``at_most``, ``equals`` and a number after ``is``
    allow ``within``. Null satisfies nothing but ``is: null``.
    """
    if claim.comparison == "is":
        return _is(value, expected, claim.within)
    if not _numeric(value) or not _numeric(expected):
        return False
    number, bound = float(value), float(expected)
    if claim.comparison == "equals":
        return number == bound or abs(number - bound) <= claim.within
    if claim.comparison == "above":
        return number > bound
    if claim.comparison == "below":
        return number < bound
    if claim.comparison == "at_least":
        return number >= bound - claim.within
    return number <= bound + claim.within


def exactly_holds(claim: Claim, value: Any, expected: Any) -> bool | None:
    """Tell whether an exact result is what a claim expects, without rounding; None where one is no fraction.

    Parameters
    ----------
    value : Fraction, list of mappings with ``from`` and ``to``, or anything else
    """
    within = Fraction(str(claim.within))
    if isinstance(expected, list) and isinstance(value, list):
        numbers = [_exact_end(part[end]) for part in value for end in ("from", "to")]
        bounds = [part[end] for part in expected for end in ("from", "to") if isinstance(part, Mapping)]
        if len(bounds) != 2 * len(expected) or not all(isinstance(end, Fraction) for end in numbers + bounds):
            return None
        return len(numbers) == len(bounds) and all(abs(a - b) <= within for a, b in zip(numbers, bounds))
    if not isinstance(value, Fraction) or not isinstance(expected, Fraction):
        return None
    tests = {
        "is": abs(value - expected) <= within,
        "equals": abs(value - expected) <= within,
        "above": value > expected,
        "below": value < expected,
        "at_least": value >= expected - within,
        "at_most": value <= expected + within,
    }
    return tests[claim.comparison]


def _exact_end(end: Any) -> Any:
    return Fraction(end) if isinstance(end, str) else end


def _is(value: Any, expected: Any, within: float) -> bool:
    if expected is None or value is None:
        return expected is None and value is None
    if isinstance(expected, bool):
        return isinstance(value, bool | np.bool_) and bool(value) == expected
    if isinstance(expected, list):
        return _same_list(value, expected, within)
    if isinstance(expected, str):
        return isinstance(value, str) and value == expected
    return _numeric(value) and abs(float(value) - float(expected)) <= within


def _same_list(value: Any, expected: list[Any], within: float) -> bool:
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != len(expected):
        return False
    if all(isinstance(part, str) for part in expected):
        return list(value) == expected
    if any(isinstance(part, str) for part in value):
        return False
    pairs = zip(map(ends, value), map(ends, expected), strict=True)
    return all(abs(a - b) <= within for own, other in pairs for a, b in zip(own, other, strict=True))


def ends(interval: Any) -> tuple[float, float]:
    """Return both ends of an interval: a mapping with from and to, a pair, or an object with low and high."""
    if isinstance(interval, Mapping):
        return float(interval["from"]), float(interval["to"])
    for low, high in (("low", "high"), ("left", "right"), ("start", "end")):
        if hasattr(interval, low):
            return float(getattr(interval, low)), float(getattr(interval, high))
    return float(interval[0]), float(interval[1])


def _numeric(value: Any) -> bool:
    if isinstance(value, bool | np.bool_):
        return False
    return isinstance(value, int | float | Fraction | np.number) and not np.isnan(float(value))
