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


def _map(regions, region, boundaries, **more):
    x, y = [k / 40 for k in range(41)], [k / 30 for k in range(31)]
    cells = [[region(a, b) for a in x] for b in y]
    flat = [cell for row in cells for cell in row]
    return {
        "title": "Who works where",
        "x": {"path": "time.discount_factor", "label": "discount factor", "values": x},
        "y": {"path": "parameters.cost", "label": "cost, payoff per round", "values": y},
        "show": "best_arrangement",
        "regions": regions,
        "cells": cells,
        "shares": {name: flat.count(k) / len(flat) for k, name in enumerate(regions)},
        "boundaries": boundaries,
        "notes": [],
        **more,
    }


@pytest.fixture
def regions():
    """A map of two halves along a line that lies between cells, and a corner too small for its label."""

    def region(x, y):
        return 2 if x > 0.955 and y > 0.94 else int(x > 0.61 + 0.1 * y)

    boundaries = [
        {"between": ["none", "horizontal"], "lines": [[[0.61, 0.0], [0.71, 1.0]]]},
        {"between": ["horizontal", "both & <more>"], "lines": [[[0.955, 1.0], [0.955, 0.94], [1.0, 0.94]]]},
    ]
    return _map(["none", "horizontal", "both & <more>"], region, boundaries, here=[0.9, 0.2])


@pytest.fixture
def numbers(regions):
    """A map of numbers that are 0 where x = y, and none at the left."""
    x, y = regions["x"]["values"], regions["y"]["values"]
    return {
        **{key: regions[key] for key in ("title", "x", "y")},
        "show": {"quantity": "net_benefit", "arrangement": "horizontal"},
        "numbers": [[None if a < 0.1 else 4 * (a - b) for a in x] for b in y],
        "boundaries": [],
        "notes": [],
    }


@pytest.fixture(scope="session")
def solved():
    """The scenario of Box 1 that comes with the package, with its curves."""
    import gamelab as gl

    found = gl.run("prisoners_dilemma")
    return {**found.to_dict(), "curves": found.curves}


@pytest.fixture
def drawable(solved):
    """The same, to be changed."""
    return copy.deepcopy(solved)


NASTY = """gamelab: 1
title: "Çà & là: <b>who</b> \\"pays\\" $x_1$ - 50 % of it #1 {a} ~ ^ \\\\\\\\"
source: "A & B <2025>"
about: "Is a < b & c > d? <script>alert(1)</script>"
players: ["agence d'État & <co>", "a very long name of an association of many"]
game: {kind: prisoners_dilemma, temptation: 5.0e9, reward: 3.0e9, punishment: 1.0e9, sucker: 0}
time: {discount_factor: 0.9}
information: {observe: public, misreading: 0.01}
arrangements:
  "trust $ & <hope>":
    profiles: [grim, tit_for_tat, win_stay_lose_shift, {limited_punishment: {rounds: 2}}, penance]
  "a very long arrangement name that never ends at all":
    institutions:
      monitoring: {detection: 0.9, false_alarm: 0.02, cost: 2.5e9, paid_by: authority}
      graduated_sanctions: {fines: [0, 4.0e9, 8.0e9], forgiveness: 0.5}
    profiles: [comply]
  cheap:
    institutions:
      monitoring: {detection: 0.9, cost: 0}
      graduated_sanctions: {fines: [3.0e9], after_last: end}
    profiles: [comply]
  costly:
    institutions:
      monitoring: {detection: 0.9, cost: 3.0e9}
      graduated_sanctions: {fines: [3.0e9]}
    profiles: [comply]
  "信任": {profiles: [[grim, tit_for_tat]]}
  six: {profiles: [{generous_tit_for_tat: {generosity: 0.2}}, always_cooperate]}
claims:
  - {says: "A <b>bold</b> claim & more", quantity: best_arrangement, is: cheap}
  - {says: "A wrong one: 100 % $5", arrangement: costly, quantity: net_benefit, above: 0}
"""


@pytest.fixture(scope="session")
def nasty():
    """Six arrangements with large payoffs and names that HTML, SVG and LaTeX must not swallow."""
    import gamelab as gl
    from gamelab.scenario import loads

    found = gl.run(loads(NASTY, "nasty.yaml"))
    return {**found.to_dict(), "curves": found.curves}
