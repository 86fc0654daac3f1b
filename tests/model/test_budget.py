"""What is only tried has a bound on its tables; what is built otherwise has none but the model's own."""

import pytest

import gamelab as gl
from gamelab.model.budget import BudgetSpentError, at_most, spend

STAGE = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)


def test_tables_are_taken_from_what_is_left():
    with at_most(1000) as budget:
        gl.repeated(STAGE, discount_factor=0.9)
    assert 0 < budget.left < 1000
    assert not budget.spent


def test_what_is_too_large_is_not_built_and_takes_nothing():
    with at_most(10) as budget:
        with pytest.raises(BudgetSpentError):
            gl.repeated(STAGE, discount_factor=0.9)
        assert budget.left == 10
        spend(10)
        assert budget.spent


def test_without_a_budget_nothing_is_counted():
    with at_most(10):
        pass
    assert gl.repeated(STAGE, discount_factor=0.9).rounds is None
    spend(10**12)
