"""Drawn cases of a law, looked up when it is tried, and how far two of their numbers may be apart."""

from __future__ import annotations

from typing import Any

import numpy as np

NEAR = 1e-8
"""How far two numbers may be apart, by the size of the larger one."""


def apart(first: Any, second: Any) -> bool:
    """Tell whether two numbers or arrays differ by more than rounding; nan equals nan."""
    return not np.allclose(first, second, rtol=NEAR, atol=NEAR, equal_nan=True)


def tight(certificate: Any) -> bool:
    """Tell whether a verdict hangs on rounding."""
    bounds = [certificate.max_gain, certificate.best_response_gain, certificate.lower, certificate.upper]
    return any(np.isfinite(bound) and abs(bound) < 1e-7 for bound in map(float, bounds))


def drawn(name: str, *arguments: str) -> Any:
    """Return what draws the cases of this name; hypothesis is loaded when it is called."""

    def draws() -> Any:
        from gamelab.testing.laws import cases, comparison_cases

        return getattr(cases if hasattr(cases, name) else comparison_cases, name)(*arguments)

    return draws
