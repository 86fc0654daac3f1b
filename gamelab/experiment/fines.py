"""Fines: what an arrangement costs and whether it is workable where fines go elsewhere."""

from __future__ import annotations

from typing import Any

from gamelab.experiment.arrangements import Arrangement

ELSEWHERE = {"nobody": "authority", "authority": "nobody", "others": "nobody"}
"""For each convention the one beside which it is shown: burned fines are a cost, received ones a transfer."""


def elsewhere(arrangement: Arrangement) -> dict[str, Any] | None:
    """Return the same profile's transaction cost and verdict under the other convention on fines.

    None where no institution fines, or no candidate is played.
    """
    paid_to = arrangement.specification.paid_to
    conduct = arrangement.conduct
    if conduct is None or not paid_to:
        return None
    changes = {path: ELSEWHERE[present] for path, present in paid_to.items()}
    there = Arrangement(arrangement.specification.at(changes), arrangement.baseline, arrangement.exact)
    candidate = there.named(conduct.label)
    return {
        "paid_to": next(iter(paid_to.values())),
        "other": next(iter(changes.values())),
        **{name: there.quantity(candidate, name) for name in ("transaction_cost", "workable")},
    }
