"""A made-up result with everything that a report can meet."""

import copy

import pytest


def _arrangement(profile, supported, workable, numbers, advice=None, **more):
    gross, cost, net = numbers
    return {
        "profile": profile,
        "supported": supported,
        "workable": workable,
        "advice": advice,
        "gross_benefit": gross,
        "transaction_cost": cost,
        "net_benefit": net,
        **more,
    }


RESULT = {
    "title": "Free-riding when conduct cannot be seen",
    "file": "scenarios/free_riding.yaml",
    "digest": "sha256:0",
    "arrangements": {
        "none": _arrangement(["stage_nash", "stage_nash"], "impossible", None, (0.0, 0.0, 0.0)),
        "horizontal": _arrangement(
            ["grim", "grim"],
            "yes",
            True,
            (3.1125498, 0.1, 3.0125498),
            certificate={
                "verdict": "holds",
                "concept": "public perfect",
                "max_gain": -0.1,
                "best_response_gain": 0.0,
            },
            payoffs={"agency": 2.5062749, "association": 2.5062749},
            ledger={
                "material": {"agency": 2.5562749, "association": 2.5562749, "authority": 0.0},
                "transparency.cost": {"agency": -0.05, "association": -0.05, "authority": 0.0},
            },
            critical_discount_factor=0.58107103,
            sustainable_discount_factors=[{"from": 0.58107103, "to": 1.0, "includes": "left", "exact": None}],
            candidates=[
                {
                    "profile": ["grim", "grim"],
                    "certificate": {"verdict": "holds", "max_gain": -0.1},
                    "cooperation": 0.77813745,
                },
                {"profile": ["stage_nash", "stage_nash"]},
            ],
        ),
        "strict and costly": _arrangement(
            [{"limited_punishment": {"rounds": 2}}, "grim"], "yes", False, (1.0, 2.0, -1.0)
        ),
        "trust": _arrangement(
            None, "no candidate", False, (None, None, None), "the nearest candidate is grim, which gains 0.3"
        ),
    },
    "best_arrangement": "horizontal",
    "workable_arrangements": ["horizontal"],
    "notes": ["the fines of 'strict and costly' fall at level 1"],
    "claims": [
        {
            "says": "Nothing unseen is kept",
            "quantity": "supported",
            "arrangement": "none",
            "profile": None,
            "value": "impossible",
            "expected": "impossible",
            "comparison": "is",
            "holds": True,
            "line": 40,
        },
        {
            "says": "Costs do not eat the gain",
            "quantity": "net_benefit",
            "arrangement": "strict and costly",
            "profile": None,
            "value": -1.0,
            "expected": 0.0,
            "comparison": "above",
            "holds": False,
            "line": 44,
        },
    ],
}


@pytest.fixture
def result():
    return copy.deepcopy(RESULT)
