"""Profiles for hypothesis: quick, ci and deep, under these names where nobody else has taken them."""

from __future__ import annotations

import os
from typing import Any

EXAMPLES = {"quick": 25, "ci": 100, "deep": 2000}
"""How many examples each profile tries."""
CHOICE = "HYPOTHESIS_PROFILE"
"""The environment variable that names a profile."""


def register() -> None:
    """Register the profiles; a profile of the same name that is there already stays as it is.

    None of them has a deadline, since the first game of a run is slower than the others, and all print how
    to reproduce a failure. ``ci`` draws the same examples each time; newer versions of hypothesis bring one
    of that name, which does the same.

    Where gamelab is installed, hypothesis calls this by itself as soon as somebody imports it.
    """
    from hypothesis import HealthCheck, settings

    plain: dict[str, Any] = {
        "deadline": None,
        "print_blob": True,
        "suppress_health_check": [HealthCheck.too_slow],
    }
    for name, examples in EXAMPLES.items():
        if not _known(name):
            fixed: dict[str, Any] = {"derandomize": True, "database": None} if name == "ci" else {}
            settings.register_profile(name, max_examples=examples, **plain, **fixed)


def chosen(option: str | None) -> str | None:
    """Return which of these profiles a run asks for: by pytest's option, else by the environment."""
    name = option or os.environ.get(CHOICE)
    return name if name in EXAMPLES else None


def _known(name: str) -> bool:
    from hypothesis import settings
    from hypothesis.errors import InvalidArgument

    try:
        settings.get_profile(name)
    except InvalidArgument:
        return False
    return True
