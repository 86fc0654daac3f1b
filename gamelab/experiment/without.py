"""Without: what is left of an arrangement where each of its institutions is left out in turn."""

from __future__ import annotations

import dataclasses
from typing import Any

from gamelab.errors import GamelabError
from gamelab.experiment.arrangements import Arrangement

NUMBERS = ("supported", "workable", "net_benefit")


def without(arrangement: Arrangement) -> dict[str, dict[str, Any]]:
    """Return by institution the conduct, the verdict and the net benefit where that one is not there.

    ``refused`` says why nothing is left where the others cannot do without it, as sanctions without findings.
    Empty for arrangements of fewer than two institutions.
    """
    specification, baseline = arrangement.specification, arrangement.baseline
    scenario, name = specification.scenario, arrangement.name
    institutions = scenario.institutions[name]
    left: dict[str, dict[str, Any]] = {}
    for institution in institutions if len(institutions) > 1 else ():
        rest = tuple(other for other in institutions if other != institution)
        fewer = dataclasses.replace(scenario, institutions={**scenario.institutions, name: rest})
        there = dataclasses.replace(specification, scenario=fewer)
        try:
            left[institution] = _told(Arrangement(there, baseline, arrangement.exact))
        except GamelabError as refusal:
            left[institution] = {
                "profile": None,
                "workable": None,
                "net_benefit": None,
                "refused": _first(refusal),
            }
    return left


def _told(there: Arrangement) -> dict[str, Any]:
    conduct = there.conduct
    numbers = {name: there.quantity(conduct, name) for name in NUMBERS}
    return {**numbers, "profile": conduct.label if conduct else None, "refused": None}


def _first(refusal: GamelabError) -> str:
    problems = getattr(refusal, "problems", ())
    return str(problems[0].message if problems else refusal)
