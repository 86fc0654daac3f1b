"""Claimed: what a claim is about, and what came out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from gamelab.errors import InputError, Problem
from gamelab.experiment.arrangements import Arrangement
from gamelab.experiment.candidates import Candidate
from gamelab.scenario import Claim


def answer(arrangements: Mapping[str, Arrangement], claim: Claim, question: Callable[..., Any]) -> Any:
    """Return a quantity of what a claim is about, or its weighted sum; None where one of them has no number.

    Parameters
    ----------
    arrangements : mapping of str to Arrangement
    claim : Claim
    question : callable
        ``Arrangement.quantity``, or its form in fractions.
    """
    more = (claim.quantity, claim.player, claim.path or claim.of)
    if not claim.weights:
        return question(*_meant(arrangements, claim), *more)
    there = {name: arrangements[name] for name in claim.weights}
    parts = [(question(each, each.conduct, *more), claim.weights[name]) for name, each in there.items()]
    if not all(isinstance(part, int | float | Fraction) for part, _ in parts):
        return None
    return sum(part * weight for part, weight in parts)


def _meant(arrangements: Mapping[str, Arrangement], claim: Claim) -> tuple[Arrangement, Candidate | None]:
    arrangement = arrangements[str(claim.arrangement)]
    return arrangement, arrangement.conduct if claim.profile is None else _named(arrangement, claim)


def _named(arrangement: Arrangement, claim: Claim) -> Candidate:
    candidate = arrangement.named(claim.profile or ())
    if candidate is not None:
        return candidate
    known = [str(candidate.label) for candidate in arrangement.candidates]
    message = f"no candidate {claim.profile} in {arrangement.name}; there are {', '.join(known) or 'none'}"
    file = arrangement.specification.scenario.file
    raise InputError(Problem(message, claim.key, file, claim.line, claim.column))
