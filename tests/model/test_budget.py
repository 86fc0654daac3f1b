"""What is only tried has a bound on its tables; what is built otherwise has none but the model's own."""

import pytest

import gamelab as gl
from gamelab.errors import GameError
from gamelab.experiment.entries import entry_of
from gamelab.model.budget import BudgetSpentError, at_most, check_gains, check_rounds, spend
from gamelab.scenario import loads

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


def test_a_round_counts_however_small_the_game_is():
    check_rounds(12_000, 4, 4, 1)
    with pytest.raises(
        GameError, match=r"12,500 rounds x \(20,000 \+ 4 joint states .* are 250,200,000 steps"
    ):
        check_rounds(12_500, 4, 4, 1)


def test_gains_of_all_rounds_at_all_points_are_counted():
    check_gains(400, 1_000, 16)
    with pytest.raises(GameError, match="400 rounds x 10,000 points of a grid x 16 gains"):
        check_gains(400, 10_000, 16)


def test_thresholds_of_very_many_rounds_are_not_sought(monkeypatch):
    """Of 10,000 rounds values and certificates are told; what would walk through them a thousand times is not."""
    monkeypatch.setattr("gamelab.model.budget.MOST_THRESHOLD_STEPS", 1_000)  # 150,000 are 2,600 rounds here
    game = gl.repeated(STAGE, discount_factor=0.9, rounds=20)
    answer = gl.sustainable_discount_factors(game, "grim")
    assert answer == "not known"
    assert answer.reason == "thresholds over so many rounds would take minutes; ask with fewer rounds"
    assert gl.critical_discount_factor(game, "grim") == "not known"
    text = """
gamelab: 1
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time: {rounds: 20, discount_factor: 0.9}
arrangements:
  watched: {institutions: {monitoring: {detection: 0.9, cost: 0.1}, graduated_sanctions: {fines: [4]}}, profiles: [comply]}
"""
    watched = entry_of(gl.run(loads(text)).arrangements["watched"])
    assert watched["certificate"]["verdict"] == "holds"
    assert set(watched["least"].values()) == set(watched["break_even"].values()) == {"not known"}


def test_thresholds_of_long_games_are_refused_before_they_fill_the_memory(monkeypatch):
    monkeypatch.setattr("gamelab.model.budget.MOST_GAINS", 100)
    game = gl.repeated(STAGE, discount_factor=0.9, rounds=50)
    with pytest.raises(GameError, match="50 rounds x"):
        gl.sustainable_discount_factors(game, "grim")
