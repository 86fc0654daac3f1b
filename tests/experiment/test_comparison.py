"""Comparison: support, workability and accounts of many points at once, each as a single one has them."""

import numpy as np
import pytest

from gamelab.experiment.comparison import Comparison, best
from gamelab.scenario.quantities import SUPPORTED
from gamelab.solve.values import Value


def compared(gross, cost=0.0, before=None, **changes):
    """Return a comparison of points with these joint payoffs and costs of two players."""
    gross, cost = np.broadcast_arrays(np.asarray(gross, dtype=float), cost)
    paid = np.stack([gross / 2, gross / 2, np.zeros(len(gross))], axis=1)
    costs = -np.stack([cost / 2, cost / 2, np.zeros(len(gross))], axis=1)
    kinds = {"material": "material", "monitoring.cost": "cost"}
    yes, no = np.ones(len(gross), dtype=bool), np.zeros(len(gross), dtype=bool)
    known = {
        "value": Value(
            ("a", "b"), ("a", "b", "authority"), {"material": paid, "monitoring.cost": costs}, kinds, yes + 0.0
        ),
        "sizes": np.abs(gross) + np.abs(cost),
        "there": yes, "certified": yes, "supports": yes, "agreed": yes,
        "max_gain": no - 1.0, "best_response_gain": no + 0.0,
        "undecided": lambda: no, "impossible": lambda: no,
        "best_joint_payoff": np.full(len(gross), 6.0), "before": before, "of_baseline": before is None,
    }  # fmt: skip
    return Comparison(**{**known, **changes})


BASELINE = compared([2.0, 2.0, 2.0])
"""By hand: both get 1 a round without institutions."""


def test_accounts_are_beside_the_baseline():
    one = compared([6.0, 4.0, 2.0], 1.0, BASELINE)
    assert one.accounts.gross_benefit.tolist() == [4, 2, 0]
    assert one.accounts.net_benefit.tolist() == [3, 1, -1]
    assert one.accounts.share_of_gains.tolist() == [1, 0.5, 0]
    assert one.works.tolist() == [True, True, False]
    assert one.payoff("a").tolist() == [2.5, 1.5, 0.5]
    assert np.isnan(one.payoff("nobody")).all()


def test_nothing_is_known_beside_a_baseline_without_conduct():
    nobody = compared([2.0] * 3, there=np.array([True, False, True]))
    one = compared([6.0] * 3, 1.0, nobody)
    assert np.isnan(one.accounts.net_benefit).tolist() == [False, True, False]
    assert np.isnan(one.accounts.efficiency).tolist() == [False, True, False]
    assert one.works.tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "yes"),
        ({"certified": False}, "no candidate"),
        ({"supports": False}, "no candidate"),
        ({"certified": False, "undecided": True}, "undecided"),
        ({"certified": False, "undecided": True, "impossible": True}, "impossible"),
        ({"agreed": False}, None),
        ({"undecided": True, "impossible": True}, "yes"),
    ],
)
def test_words_of_support(changes, word):
    arrays = {name: np.array([value]) for name, value in changes.items()}
    arrays |= {
        name: (lambda known=arrays[name]: known) for name in ("undecided", "impossible") if name in arrays
    }
    one = compared([6.0], 1.0, compared([2.0]), **arrays)
    assert one.supported == word
    assert SUPPORTED[int(one.support[0])] == word
    assert one.workable is (word == "yes" or (word is None and not arrays.get("agreed", [True])[0]))


def test_a_single_workable_is_null_where_there_is_nothing_to_compare_with():
    nobody = compared([2.0], there=np.array([False]))
    assert compared([6.0], 1.0, nobody).workable is None
    assert compared([6.0], 1.0, nobody, certified=np.array([False])).workable is False
    assert compared([6.0]).workable is None, "the baseline"


def test_the_best_is_the_first_of_equals_that_work():
    low, high = compared([4.0, 4, 2], 1.0, BASELINE), compared([4.0, 6, 2], 1.0, BASELINE)
    assert best([low, high]).tolist() == [0, 1, -1]
