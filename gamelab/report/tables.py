"""Tables: results as tidy CSV, one row per arrangement, ledger entry, candidate or claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gamelab.frames import csv_text
from gamelab.report.simulations import estimates
from gamelab.report.words import Result, conduct, plain

NUMBERS = (
    "cooperation",
    "joint_payoff",
    "efficiency",
    "share_of_gains",
    "gross_benefit",
    "transaction_cost",
    "net_benefit",
    "advantage",
    "compensation",
    "critical_discount_factor",
)
VERDICTS = ("supported", "workable", "robust", "guaranteed", "accepted")
CERTIFICATE = ("max_gain", "best_response_gain")
ESTIMATE = ("exact", "mean", "standard_error", "from", "to")

Row = dict[str, Any]


def arrangements_csv(results: Iterable[Result]) -> str:
    """Return one row per scenario and arrangement: conduct, verdict, main numbers, each player's payoff.

    Parameters
    ----------
    results : iterable of dict
        Entries of ``scenarios``. Numbers are payoffs per round, shares or probabilities, as there.

    Examples
    --------
    >>> from gamelab.report.tables import arrangements_csv
    >>> result = {"title": "Watching", "arrangements": {"watch": {"profile": ["grim", "grim"],
    ...           "supported": "yes", "workable": True, "net_benefit": 1.5}}, "best_arrangement": "watch"}
    >>> print(arrangements_csv([result])[:57])
    scenario,file,arrangement,profile,supported,workable,robu
    """
    results = list(results)
    players = list(
        dict.fromkeys(
            player for _, _, entry in _arrangements(results) for player in entry.get("payoffs") or ()
        )
    )
    rows = []
    for result, name, entry in _arrangements(results):
        rows.append(
            {
                **_scenario(result),
                "arrangement": name,
                "profile": conduct(entry.get("profile")),
                **{key: entry.get(key) for key in VERDICTS},
                "best": result.get("best_arrangement") == name,
                **_certified(entry),
                **{key: entry.get(key) for key in NUMBERS},
                "sustainable_discount_factors": _intervals(entry),
                **{f"payoff.{player}": (entry.get("payoffs") or {}).get(player) for player in players},
                "advice": entry.get("advice"),
            }
        )
    numbers = (*NUMBERS, *CERTIFICATE, *(f"payoff.{player}" for player in players))
    columns = ("scenario", "file", "arrangement", "profile", *VERDICTS, "best")
    return csv_text(rows, columns, numbers)


def ledger_csv(results: Iterable[Result]) -> str:
    """Return one row per scenario, arrangement, ledger line and account; amounts are payoffs per round."""
    rows = [
        {**_scenario(result), "arrangement": name, "line": line, "account": account, "amount": amount}
        for result, name, entry in _arrangements(results)
        for line, amounts in (entry.get("ledger") or {}).items()
        for account, amount in amounts.items()
    ]
    return csv_text(rows, ("scenario", "file", "arrangement", "line", "account"), ("amount",))


def candidates_csv(results: Iterable[Result]) -> str:
    """Return one row per scenario, arrangement and candidate profile, whether it was certified or not."""
    rows = [
        {
            **_scenario(result),
            "arrangement": name,
            "profile": conduct(candidate.get("profile")),
            "selected": candidate.get("profile") == entry.get("profile"),
            **_certified(candidate),
            **{key: candidate.get(key) for key in ("cooperation", "critical_discount_factor")},
            "sustainable_discount_factors": _intervals(candidate),
        }
        for result, name, entry in _arrangements(results)
        for candidate in entry.get("candidates") or ()
    ]
    numbers = ("cooperation", "critical_discount_factor", *CERTIFICATE)
    return csv_text(rows, ("scenario", "file", "arrangement", "profile", "selected"), numbers)


def claims_csv(results: Iterable[Result]) -> str:
    """Return one row per claim: what it says, what came out, what was expected, whether it holds."""
    keys = ("says", "quantity", "arrangement", "value", "comparison", "expected", "holds", "line")
    rows = [
        {
            **_scenario(result),
            **{key: _cell(claim.get(key)) for key in keys},
            "profile": conduct(claim["profile"]) if claim.get("profile") else None,
        }
        for result in results
        for claim in result.get("claims") or ()
    ]
    return csv_text(rows, ("scenario", "file", *keys, "profile"))


def simulated_csv(results: Iterable[Result]) -> str:
    """Return one row per scenario, arrangement and quantity that was simulated, beside its exact value."""
    rows = [
        {
            **_scenario(result),
            **{"arrangement": name, "quantity": quantity, "line": line, "account": account},
            **{key: one[key] for key in ESTIMATE},
        }
        for result in results
        for name, quantity, line, account, one in estimates(result)
    ]
    return csv_text(rows, ("scenario", "file", "arrangement", "quantity", "line", "account"), ESTIMATE)


def _arrangements(results: Iterable[Result]) -> Iterator[tuple[Result, str, Mapping[str, Any]]]:
    for result in results:
        for name, entry in (result.get("arrangements") or {}).items():
            yield result, name, entry


def _scenario(result: Result) -> Row:
    return {"scenario": result.get("title"), "file": result.get("file")}


def _certified(entry: Mapping[str, Any]) -> Row:
    certificate = entry.get("certificate") or {}
    return {
        "certificate": certificate.get("verdict"),
        "concept": certificate.get("concept"),
        **{key: certificate.get(key) for key in CERTIFICATE},
    }


def _cell(value: Any) -> Any:
    return plain(value) if isinstance(value, list | tuple | Mapping) else value


def _intervals(entry: Mapping[str, Any]) -> str | None:
    intervals = entry.get("sustainable_discount_factors")
    if intervals is None or isinstance(intervals, str):
        return intervals
    return " and ".join(_interval(interval) for interval in intervals) or "none"


def _interval(interval: Mapping[str, Any]) -> str:
    includes = interval.get("includes")
    opening = "[" if includes in ("left", "both") else "("
    closing = "]" if includes in ("right", "both") else ")"
    return f"{opening}{interval['from']!r}, {interval['to']!r}{closing}"
