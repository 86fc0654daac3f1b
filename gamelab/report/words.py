"""Results in words: a profile, a verdict, a number and a claim as a reader sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gamelab.report.numbers import NOISE, counted, number
from gamelab.scenario.catalogue import BASELINE

Result = Mapping[str, Any]
"""One entry of ``scenarios`` in the results, as ``ScenarioResult.to_dict()`` gives it."""

SHORT = 12
"""Fractions of up to so many characters are shown; files hold all of them."""
SUPPORTED = {"yes": "supported", "no candidate": "agreement not kept", None: "no agreement"}
COMPARISONS = {"above": "above", "below": "below", "at_least": "at least", "at_most": "at most"}


def conduct(profile: Sequence[Any] | None) -> str:
    """Return a profile on one line: one name where everybody does the same.

    >>> conduct(["grim", "grim"]), conduct([{"limited_punishment": {"rounds": 2}}, "grim"])
    ('grim', 'limited_punishment(rounds=2) / grim')
    """
    names = [_strategy(strategy) for strategy in profile or ()]
    return " / ".join(names if len(set(names)) > 1 else names[:1]) or "-"


def _strategy(strategy: Any) -> str:
    if not isinstance(strategy, Mapping):
        return str(strategy)
    parts = []
    for name, settings in strategy.items():
        written = ", ".join(f"{key}={plain(value)}" for key, value in (settings or {}).items())
        parts.append(f"{name}({written})" if written else str(name))
    return ", ".join(parts)


def verdict(name: str, arrangement: Mapping[str, Any]) -> str:
    """Return whether an arrangement is workable and, where it is not, why.

    >>> verdict("watch", {"workable": False, "supported": "no candidate"})
    'not workable: agreement not kept'
    >>> verdict("watch", {"workable": False, "supported": "yes", "net_benefit": -1.0})
    'not workable: no net gain'
    >>> verdict("watch", {"workable": None, "supported": "yes", "net_benefit": None})
    'not known: nothing is certified without it, to compare with'
    >>> verdict("hope", {"workable": False, "supported": None, "net_benefit": 1.0})
    'not workable: neither institution nor listed profile'
    """
    supported = arrangement.get("supported")
    if arrangement.get("workable"):
        return "workable"
    if name == BASELINE:
        return f"baseline: {SUPPORTED.get(supported, supported)}"
    reason = SUPPORTED.get(supported, supported)
    if supported in ("yes", None):
        if arrangement.get("workable", False) is None:
            return "not known: nothing is certified without it, to compare with"
        net = arrangement.get("net_benefit", 0.0)
        reason = "neither institution nor listed profile" if (net or 0.0) > 0 else "no net gain"
        reason = "no candidate is certified" if net is None else reason
    return f"not workable: {reason}"


def consent(arrangement: Mapping[str, Any]) -> str:
    """Return who loses or spends too much, and whether lump sums could make up for it; empty for nobody.

    >>> consent({"losers": {"b": 0.3}, "coverable": True, "overdrawn": {}})
    'b loses 0.300 a round; lump sums agreed once could make up for it'
    >>> consent({"losers": {}, "overdrawn": {"authority": 0.1}})
    'authority spends 0.100 more than it has'
    """
    losers, overdrawn = (arrangement.get(key) or {} for key in ("losers", "overdrawn"))
    parts = [", ".join(f"{name} loses {number(amount)}" for name, amount in losers.items()) + " a round"]
    could = "could" if arrangement.get("coverable") else "could not"
    parts = [*parts, f"lump sums agreed once {could} make up for it"] if losers else []
    parts += [f"{name} spends {number(amount)} more than it has" for name, amount in overdrawn.items()]
    return "; ".join(parts)


def fines(arrangement: Mapping[str, Any]) -> str:
    """Return cost and verdict where fines go elsewhere, if they are paid at all; empty where they are not.

    >>> other = {"paid_to": "nobody", "other": "authority", "transaction_cost": 0.1, "workable": True}
    >>> fines({"transaction_cost": 0.4, "workable": True, "fines": other})
    'they are received by nobody; received by the authority, the cost is 0.100 and the verdict the same'
    """
    other = arrangement.get("fines")
    cost = arrangement.get("transaction_cost")
    if not other or cost is None or other["transaction_cost"] is None:
        return ""
    same = other["workable"] == arrangement.get("workable")
    if same and abs(other["transaction_cost"] - cost) <= 1e-9 * max(1.0, abs(cost)):
        return ""
    who = {"nobody": "nobody", "authority": "the authority", "others": "the others"}
    says = "the verdict the same" if same else "it is workable" if other["workable"] else "it is not workable"
    beside = f"received by {who[other['other']]}, the cost is {number(other['transaction_cost'])}"
    return f"they are received by {who[other['paid_to']]}; {beside} and {says}"


def just_as_good(result: Result) -> list[str]:
    """Return the workable arrangements, beside the best one, whose net benefit is the same up to rounding.

    >>> watch = {"workable": True, "net_benefit": 4.0}
    >>> just_as_good({"best_arrangement": "watch", "arrangements": {"watch": watch, "grim": watch}})
    ['grim']
    """
    arrangements, best = result.get("arrangements") or {}, result.get("best_arrangement")
    most = (arrangements.get(best) or {}).get("net_benefit")
    if best in (None, BASELINE) or most is None:
        return []
    return [
        name
        for name, entry in arrangements.items()
        if name not in (best, BASELINE)
        and entry.get("workable")
        and abs((entry.get("net_benefit") or 0.0) - most) <= 1e-9 * abs(most)
    ]


def plain(value: Any, digits: int = 6) -> str:
    """Return any value of a claim or a setting as text.

    >>> plain(True), plain(None), plain(0.5810710312), plain(["a", "b"]), plain([])
    ('yes', 'null', '0.581071', 'a, b', 'none')
    >>> plain([{"from": 0.5, "to": 1.0, "includes": "left", "exact": None}])
    '[0.5, 1)'
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{0.0 if abs(value) < NOISE and digits < 17 else value:.{digits}g}"
    if isinstance(value, Mapping) and {"from", "to"} <= value.keys():
        return _interval(plain(value["from"], digits), plain(value["to"], digits), value.get("includes"))
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {plain(item, digits)}" for key, item in value.items()) or "none"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(plain(item, digits) for item in value) or "none"
    return str(value)


def _interval(low: str, high: str, includes: str | None) -> str:
    """Return an interval; a claim does not say which of its ends belong to it."""
    if low == high:
        return f"{{{low}}}"
    if includes is None:
        return f"{low} to {high}"
    left, right = includes in ("both", "left"), includes in ("both", "right")
    return f"{'[' if left else '('}{low}, {high}{']' if right else ')'}"


def setting(value: Any) -> str:
    """Return a setting's value as a scenario file would hold it.

    >>> setting([2.5, [1, "C"]]), setting(None), setting(0.1)
    ('[2.5, [1, C]]', 'null', '0.1')
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {setting(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(setting(item) for item in value)}]"
    return plain(value)


def finding(claim: Mapping[str, Any]) -> str:
    """Return what a claim's quantity came out as, and what was claimed.

    >>> finding({"quantity": "net_benefit", "arrangement": "watch", "value": 1.5, "expected": 0.0,
    ...          "comparison": "above"})
    'net_benefit of watch = 1.5 (claimed: above 0)'
    """
    value, expected = claim.get("value"), claim.get("expected")
    digits = 6
    if not claim.get("holds", True) and plain(value) == plain(expected):
        digits = 17
    subject = " of ".join(filter(None, (claim.get("quantity"), claim.get("arrangement"))))
    if claim.get("profile"):
        subject += f" under {conduct(claim['profile'])}"
    comparison = COMPARISONS.get(claim.get("comparison") or "", "")
    claimed = f"{comparison} {plain(expected, digits)}".strip()
    return f"{subject} = {plain(value, digits)} (claimed: {claimed})" + _in_fractions(claim) + _rounded(claim)


def _rounded(claim: Mapping[str, Any]) -> str:
    """Return what to write where a claim fails only because its number is rounded.

    >>> _rounded({"value": 3.69632, "expected": 3.7, "comparison": "equals", "holds": False})
    "; a rounded number needs 'within: 0.05'"
    """
    value, expected = claim.get("value"), claim.get("expected")
    if claim.get("holds", True) or claim.get("comparison") not in ("is", "equals"):
        return ""
    if not isinstance(value, int | float) or not isinstance(expected, float) or isinstance(value, bool):
        return ""
    digits = len(f"{expected:.6f}".rstrip("0").partition(".")[2])
    half, off = 0.5 * 10**-digits, abs(value - expected)
    near = digits > 0 and abs(expected - round(expected, digits)) < 1e-12 and 1e-9 < off <= half
    return f"; a rounded number needs 'within: {half:g}'" if near else ""


def _in_fractions(claim: Mapping[str, Any]) -> str:
    """Return what fractions add to a claim, where they are short enough to be read."""
    exact, difference = claim.get("exact_value"), claim.get("exact_difference")
    parts = [exact] if isinstance(exact, str) and "/" in exact and len(exact) <= SHORT else []
    if difference is not None and claim.get("comparison") in ("is", "equals"):
        parts.append("no difference" if difference == "0" else f"difference {fraction(difference)}")
    return f"; in fractions {', '.join(parts)}" if parts else ""


def fraction(value: str | None) -> str:
    """Return a fraction as a table shows it: whole where it is short, else rounded.

    >>> fraction("3125/1004"), fraction("-22182703/761357500"), fraction(None)
    ('3125/1004', '~ -0.029', '-')
    """
    if value is None or len(value) <= SHORT:
        return value or "-"
    top, _, bottom = value.partition("/")
    return f"~ {number(int(top) / int(bottom or 1))}"


def place(file: str | None, line: int | None = None) -> str:
    """Return ``file:line``, the file as seen from the current folder where it lies below it."""
    path = Path(file or "")
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return f"{path}:{line}" if line else str(path)


def failed(claims: Sequence[Mapping[str, Any]]) -> int:
    """Return how many claims fail."""
    return sum(not claim["holds"] for claim in claims)


def holding(claims: Sequence[Mapping[str, Any]]) -> str:
    """Return how many claims hold and how many fail.

    >>> holding([{"holds": True}, {"holds": False}])
    '1 claim holds, 1 fails'
    """
    fails = failed(claims)
    holds = len(claims) - fails
    return f"{counted(holds, 'claim holds', 'claims hold')}, {counted(fails, 'fails', 'fail')}"
