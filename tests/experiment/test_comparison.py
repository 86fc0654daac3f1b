"""Comparison: support, workability and accounts of many points at once, each as a single one has them."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from gamelab.experiment.arrangements import truth
from gamelab.experiment.comparison import Comparison, best
from gamelab.experiment.table import Table
from gamelab.scenario.quantities import SUPPORTED
from gamelab.solve.values import Value


@dataclass(frozen=True)
class Candidates:
    """Of a table only whether an undecided candidate would support the agreement."""

    undecided: np.ndarray


def compared(gross, cost=0.0, before=None, **changes):
    """Return a comparison of points with these joint payoffs and costs of two players."""
    gross, cost = np.broadcast_arrays(np.asarray(gross, dtype=float), cost)
    paid = np.stack([gross / 2, gross / 2, np.zeros(len(gross))], axis=1)
    costs = -np.stack([cost / 2, cost / 2, np.zeros(len(gross))], axis=1)
    kinds = {"material": "material", "monitoring.cost": "cost"}
    yes, no = np.ones(len(gross), dtype=bool), np.zeros(len(gross), dtype=bool)
    ledger = {"material": paid, "monitoring.cost": costs}
    value = Value(("a", "b"), ("a", "b", "authority"), ledger, kinds, yes + 0.0)
    known = {
        "value": value, "stated": value,
        "sizes": np.abs(gross) + np.abs(cost), "weights": np.full((len(gross), 3), 0.1),
        "budgets": np.full((len(gross), 3), np.inf),
        "there": yes, "certified": yes, "supports": yes, "agreed": yes,
        "max_gain": no - 1.0, "best_response_gain": no + 0.0,
        "table": Candidates(no), "impossible": lambda: no, "listed": yes, "institution": True,
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
    arrays["table"] = Candidates(arrays.pop("undecided", np.array([False])))
    if "impossible" in arrays:
        arrays["impossible"] = lambda known=arrays["impossible"]: known
    one = compared([6.0], 1.0, compared([2.0]), **arrays)
    assert one.supported == word
    assert SUPPORTED[int(one.support[0])] == word
    certified = changes.get("certified", True) and changes.get("supports", True)
    assert truth(one.workable) is bool(certified)


def test_a_single_workable_is_null_where_there_is_nothing_to_compare_with():
    nobody = compared([2.0], there=np.array([False]))
    assert truth(compared([6.0], 1.0, nobody).workable) is None
    assert truth(compared([6.0], 1.0, nobody, certified=np.array([False])).workable) is False
    assert truth(compared([6.0]).workable) is None, "the baseline"


def test_the_best_is_the_first_of_equals_that_work():
    low, high = compared([4.0, 4, 2], 1.0, BASELINE), compared([4.0, 6, 2], 1.0, BASELINE)
    assert best([low, high]).tolist() == [0, 1, -1]


def test_a_profile_that_keeps_nothing_is_no_guarantee():
    """Two certified candidates, both of which pay; the second does not keep the agreement."""
    one = compared([6.0], 1.0, compared([2.0]))
    ledger = {line: np.stack([paid, paid]) for line, paid in one.value.ledger.items()}
    value = replace(one.value, ledger=ledger, cooperation=np.ones((2, 1)))
    zeros = np.zeros((2, 1))
    table = Table(
        ["kept", "broken"], np.full((2, 1), "holds"), np.array([[True], [False]]), zeros == 0, np.array([True, True]),
        "default", zeros, zeros, zeros, zeros, value, value, zeros + 7,
    )  # fmt: skip
    assert truth(replace(one, table=table).choices.guaranteed) is False
    kept = replace(table, supports=zeros == 0)
    assert truth(replace(one, table=kept).choices.guaranteed) is True
    unclear = replace(kept, verdict=np.array([["holds"], ["undecided"]]), supports=table.supports)
    assert truth(replace(one, table=unclear).choices.guaranteed) is None
