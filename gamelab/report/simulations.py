"""Simulated results in words and rows: each estimate with its interval beside the exact value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gamelab.report.evolution_findings import lasting
from gamelab.report.findings import listed
from gamelab.report.numbers import NOISE, counted, number
from gamelab.report.words import Result

Estimate = Mapping[str, float | None]


def estimates(result: Result) -> Iterator[tuple[str, str, str, str, Estimate]]:
    """Yield arrangement, quantity, ledger line and account (where there are any), and the estimate."""
    for name, entry in ((result.get("simulated") or {}).get("arrangements") or {}).items():
        if not entry:
            continue
        for player, one in entry["payoffs"].items():
            yield name, "payoff", "", player, one
        for line, accounts in entry["ledger"].items():
            for account, one in accounts.items():
                yield name, "ledger", line, account, one
        yield name, "cooperation", "", "", entry["cooperation"]


def said(one: Estimate) -> str:
    """Return an estimate with half of its 95 % interval; a number alone where chance plays no part.

    >>> said({"mean": 2.5, "standard_error": 0.01, "from": 2.48, "to": 2.52})
    '2.500 ± 0.020'
    >>> said({"mean": 3.0, "standard_error": 0.0, "from": 3.0, "to": 3.0})
    '3.000'
    """
    mean, low, high = one["mean"], one["from"], one["to"]
    if mean is None or low is None or high is None:
        return number(mean)
    half = (high - low) / 2
    return number(mean) if half < NOISE * max(abs(mean), 1) else f"{number(mean)} ± {number(half)}"


def outside(one: Estimate) -> bool:
    """Tell whether the exact value lies outside the 95 % interval, as one in twenty should.

    >>> outside({"mean": 2.5, "from": 2.48, "to": 2.52, "exact": 2.55})
    True
    """
    low, high, exact = one["from"], one["to"], one["exact"]
    if low is None or high is None or exact is None:
        return False
    slack = NOISE * max(abs(exact), 1)
    return not low - slack <= exact <= high + slack


def played(result: Result) -> str:
    """Return how much was played, in a sentence.

    >>> played({"simulated": {"matches": 20000, "rounds": None, "seed": 1}})
    'Played by chance: 20,000 matches each, seed 1; ± is half of the 95 % interval'
    """
    simulated = result["simulated"]
    rounds = f" of {counted(simulated['rounds'], 'round')}" if simulated["rounds"] else ""
    matches = f"{counted(simulated['matches'], 'match', 'matches')}{rounds} each"
    return f"Played by chance: {matches}, seed {simulated['seed']}; ± is half of the 95 % interval"


def rivals(result: Result) -> Iterator[tuple[str, str]]:
    """Yield each arrangement with who wins its tournament, and who lasts where success is imitated."""
    simulated = result.get("simulated") or {}
    for name, played in (simulated.get("tournaments") or {}).items():
        first = [own["name"] for own in played["ranking"] if own["place"] == 1]
        payoff = number(float(played["ranking"][0]["payoff"]))
        wins = f"{listed(first)} win{'s' * (len(first) == 1)} the tournament ({payoff})"
        lasts = lasting(simulated["evolution"][name])
        yield name, f"{wins}; {lasts[:1].lower()}{lasts[1:]}"
