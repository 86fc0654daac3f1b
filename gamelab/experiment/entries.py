"""Entries: an arrangement as results hold it, its numbers, its reasons and its candidates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gamelab.analysis import number
from gamelab.experiment.advice import advice
from gamelab.experiment.arrangements import Arrangement
from gamelab.experiment.candidates import Candidate, by_name
from gamelab.experiment.comparison import IS_BASELINE, NO_COMPARISON, NOTHING_HOLDS
from gamelab.experiment.exact_forms import named, stored
from gamelab.experiment.fines import elsewhere
from gamelab.experiment.without import without
from gamelab.model.answers import Missing, not_asked
from gamelab.scenario.quantities import LISTED, QUANTITIES

TRUTHS = tuple(name for name, quantity in QUANTITIES.items() if quantity.kind == "truth")
UNKNOWN = ("payoffs", "ledger", "utilities", "gains", "stated_gains", "losers", "overdrawn", "fines")
"""What is null where nothing is certified."""
THRESHOLDS = ("critical_discount_factor", "sustainable_discount_factors")


def entry_of(arrangement: Arrangement) -> dict[str, Any]:
    """Return the arrangement as results hold it; all numbers are null where nothing is certified."""
    conduct = arrangement.conduct
    report: dict[str, Any] = {
        "profile": conduct.label if conduct else None,
        "supported": arrangement.quantity(conduct, "supported"),
        **{name: arrangement.quantity(conduct, name) for name in TRUTHS},
        "selection": {"rule": arrangement.specification.selection, "step": arrangement.step},
        "advice": advice(arrangement),
        "certificate": conduct.certificate_dict() if conduct else None,
        **dict.fromkeys(UNKNOWN),
        **{name: arrangement.quantity(conduct, name) for name in LISTED},
        **{
            name: {path: arrangement.quantity(conduct, name, path=path) for path in paths}
            for name, paths in arrangement.paths.items()
        },
        **dict.fromkeys(THRESHOLDS, not_asked(NOTHING_HOLDS)),
    }
    if conduct is not None:
        report |= {
            key: entry
            for key, entry in conduct.to_dict().items()
            if key not in ("profile", "certificate", *LISTED)
        }
        report["utilities"] = by_name(arrangement.game.players, conduct.value.utilities)
        report |= _gains(arrangement) if arrangement.baseline and arrangement.baseline.conduct else {}
        report["fines"] = elsewhere(arrangement)
        if conduct.exact:
            report["exact"] = _in_fractions(arrangement, conduct, conduct.exact)
    report["without"] = without(arrangement)
    report["reasons"] = _reasons(arrangement, conduct, report)
    report["candidates"] = [candidate.to_dict() for candidate in arrangement.candidates]
    return report


def _gains(arrangement: Arrangement) -> dict[str, Any]:
    """Return who gains and who loses what beside the baseline, at own factors, and at the stated one."""
    consent, value = arrangement.comparison.consent, arrangement.comparison.value
    losses = by_name(value.players, consent.losses[0])
    overdrawn = by_name(value.accounts, consent.overdrawn[0])
    stated = None if consent.alike.all() else by_name(value.accounts, arrangement.comparison.stated_gains[0])
    return {
        "gains": by_name(value.accounts, consent.gains[0]),
        "stated_gains": stated,
        "losers": {name: amount for name, amount in losses.items() if amount},
        "overdrawn": {name: amount for name, amount in overdrawn.items() if amount},
    }


def _in_fractions(arrangement: Arrangement, conduct: Candidate, exact: Candidate) -> dict[str, Any]:
    """Return the same in fractions, as texts."""
    return {
        **{name: stored(arrangement.exact_quantity(conduct, name)) for name in LISTED},
        **exact.texts(),
        "utilities": named(arrangement.game.players, exact.value.utilities),
        **{
            name: {path: stored(arrangement.exact_quantity(conduct, name, path=path)) for path in paths}
            for name, paths in arrangement.paths.items()
        },
    }


def _reasons(
    arrangement: Arrangement, conduct: Candidate | None, report: Mapping[str, Any]
) -> dict[str, str]:
    """Return why there is no number, by the names of quantities; margins with their paths."""
    margins = {
        f"{name}.{path}": answer for name in arrangement.paths for path, answer in report[name].items()
    }
    reasons = {name: answer.reason for name, answer in margins.items() if isinstance(answer, Missing)}
    if conduct is None:
        return dict.fromkeys((*THRESHOLDS, *LISTED), NOTHING_HOLDS) | reasons
    if arrangement.baseline is None:
        names = (name for name, each in QUANTITIES.items() if each.compares)
        reasons |= {name: IS_BASELINE for name in names if report.get(name, 0) is None}
    before = arrangement.baseline.conduct if arrangement.baseline else conduct
    if before is None:
        compares = [
            name for name, each in QUANTITIES.items() if each.compares and report.get(name, 0) is None
        ]
        reasons |= dict.fromkeys(compares, NO_COMPARISON)
    return conduct.reasons | reasons


def plain(expected: Any) -> Any:
    """Return what a claim expects as JSON holds it."""
    if isinstance(expected, dict):
        return {key: plain(part) for key, part in expected.items()}
    if isinstance(expected, list):
        return [plain(part) for part in expected]
    if expected is None or isinstance(expected, str | bool):
        return expected
    return number(float(expected))
