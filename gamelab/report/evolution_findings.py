"""Findings about evolution: what lasts, where paths lead, and who takes over from whom, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from gamelab.report.findings import listed
from gamelab.report.numbers import percent

Entry = Mapping[str, Any]
SAME = 1e-6
"""So close to the neutral fixation probability, relative to it, counts as neutral."""
MOST_NAMED = 3
WHOLE = 0.9995


def lasting(entry: Entry) -> str:
    """Return which strategies a finite population plays most.

    >>> given = {"strategies": ["C", "D"], "shares": [0.25, 0.75], "method": "rare mutation"}
    >>> " ".join(lasting(given).split())
    'All play D 75 % of the time'
    >>> " ".join(lasting({**given, "shares": [0.5, 0.5], "method": "exact"}).split())
    'C and D have the largest shares: 50 % each'
    """
    most = max(entry["shares"])
    first = [n for n, share in zip(entry["strategies"], entry["shares"]) if share >= most - 1e-3]
    each = f"{percent(most)} each" if len(first) > 1 else percent(most)
    who = named(first)
    if most > WHOLE and entry["method"] == "rare mutation":
        return f"{who} takes over and stays: all play it {percent(most)} of the time"
    if entry["method"] == "rare mutation":
        return f"All play {who} {each.removesuffix(' each')} of the time" + " each" * (len(first) > 1)
    return f"{who} {'have' if len(first) > 1 else 'has'} the largest share{'s' * (len(first) > 1)}: {each}"


def named(strategies: list[str]) -> str:
    """Return some strategies as a list; of many only the first.

    >>> named(["a", "b"]), named(["a", "b", "c", "d", "e"])
    ('a and b', 'a, b and 3 more')
    """
    if len(strategies) <= MOST_NAMED + 1:
        return listed(strategies)
    return listed([*strategies[: MOST_NAMED - 1], f"{len(strategies) - MOST_NAMED + 1} more"])


def over_time(entry: Entry) -> str:
    """Return where shares go over time.

    >>> path = {"method": "paths", "start": "even", "settled": True}
    >>> over_time({"strategies": ["C", "D"], "shares": [0.0, 1.0], **path})
    'From even shares D takes over'
    """
    if entry["method"] != "paths":
        return lasting(entry)
    shares = dict(zip(entry["strategies"], entry["shares"]))
    left = sorted((name for name, share in shares.items() if share > 1 - WHOLE), key=lambda n: -shares[n])
    begin = f"From {entry['start']} shares"
    if len(left) == 1:
        return f"{begin} {left[0]} takes over"
    ends = "" if entry["settled"] else " for now: shares have not settled"
    return f"{begin} {named(left)} stay{ends}"


def leading(entry: Entry) -> str:
    """Return where paths of three strategies lead, from random starts.

    >>> leading({"ends": [{"strategies": ["D"], "frequency": 1.0}]})
    'Every random start leads to D'
    >>> leading({"ends": []})
    'Paths from random starts do not settle'
    """
    ends = entry["ends"]
    if not ends:
        return "Paths from random starts do not settle"
    if ends[0]["frequency"] == 1:
        return f"Every random start leads to {_mixture(ends[0])}"
    listed_ends = ends if len(ends) <= MOST_NAMED else ends[: MOST_NAMED - 1]
    parts = [f"to {_mixture(end)} ({percent(end['frequency'])})" for end in listed_ends]
    rest = len(listed_ends) < len(ends) or sum(end["frequency"] for end in ends) < 1 - 1e-9
    return "Random starts lead " + listed(parts + ["elsewhere"] * rest)


def _mixture(end: Mapping[str, Any]) -> str:
    names = list(end["strategies"])
    return names[0] if len(names) == 1 else f"a mixture of {named(names)}"


def times_neutral(relative: float, log: float | None = None) -> str:
    """Return a fixation probability as a multiple of the neutral one; by its logarithm where that is tiny.

    >>> [times_neutral(x) for x in (1.0, 3.21, 0.25, 1e-9, 0.0, 87.6)]
    ['neutral', 'x 3.2', 'x 0.25', 'x 1e-09', 'x 0', 'x 88']
    >>> times_neutral(0.0, -2000.0)
    'x 1e-869'
    """
    if log is not None and log < -690:
        return f"x 1e{math.floor(log / math.log(10))}"
    if abs(relative - 1) <= SAME:
        return "neutral"
    if relative >= 9.95:
        return f"x {relative:.0f}"
    if relative >= 0.995:
        return f"x {relative:.1f}" if relative >= 1.05 else f"x {relative:.2f}"
    return f"x {relative:.2g}"
