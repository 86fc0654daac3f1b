"""Accounts: gross benefit, transaction cost, net benefit, share of gains and efficiency, by hand."""

import draws
import numpy as np
import pytest

import gamelab as gl
from gamelab.solve.workability import accounts, best_joint_stage_payoff, joint_material, outlay

UNSEEN = draws.dilemma(discount_factor=0.9, observe="none")
NONE = gl.value(UNSEEN, "always_defect")


@pytest.mark.parametrize("paid_by", ["participants", "authority"])
def test_an_arrangement_by_hand(paid_by):
    # 3 + 3 in place of 1 + 1; watching 0.15 a head; false alarms .02, each a fine of 2.5 and an act of 0.1
    game = gl.monitoring(UNSEEN, detection=0.9, false_alarm=0.02, cost=0.15, paid_by=paid_by)
    game = gl.graduated_sanctions(game, fines=[2.5], cost_per_act=0.1, paid_by=paid_by)
    found = gl.value(game, "comply")
    account = accounts(found, NONE, best_joint_stage_payoff(UNSEEN))
    assert joint_material(found) == pytest.approx(6)
    assert account.gross_benefit == pytest.approx(4)
    assert account.transaction_cost == pytest.approx(2 * 0.15 + 2 * 0.02 * (2.5 + 0.1))
    assert account.net_benefit == pytest.approx(4 - 0.3 - 0.104)
    assert account.share_of_gains == pytest.approx(1)
    assert account.efficiency == pytest.approx(1)


@pytest.mark.parametrize("paid_to", ["nobody", "others", "authority"])
def test_fines_are_lost_only_where_nobody_receives_them(paid_to):
    game = gl.monitoring(UNSEEN, detection=0.9, false_alarm=0.1)
    game = gl.graduated_sanctions(game, fines=[4], paid_to=paid_to)
    account = accounts(gl.value(game, "comply"), NONE, best_joint_stage_payoff(UNSEEN))
    assert account.transaction_cost == pytest.approx(2 * 0.1 * 4 if paid_to == "nobody" else 0)
    assert outlay(gl.value(game, "always_defect")) == pytest.approx(2 * 0.9 * 4 if paid_to == "nobody" else 0)


def test_regard_is_in_no_account():
    selfless = gl.value(gl.altruism(UNSEEN, weight=1), "always_cooperate")
    account = accounts(selfless, NONE, best_joint_stage_payoff(UNSEEN))
    assert (account.gross_benefit, account.transaction_cost, account.net_benefit) == (
        pytest.approx(4),
        0,
        pytest.approx(4),
    )
    assert selfless.utilities == pytest.approx(6)


def test_a_part_of_the_gains():
    game = gl.transparency(UNSEEN, reach=0.8, misreading=0.02, cost=0.05)
    account = accounts(gl.value(game, "grim"), NONE, best_joint_stage_payoff(UNSEEN))
    share = 0.1 / (1 - 0.9 * (1 - 0.8 * (1 - 0.98**2)))
    assert account.share_of_gains == pytest.approx(share)
    assert account.gross_benefit == pytest.approx(4 * share)
    assert account.efficiency == pytest.approx((2 + 4 * share) / 6)
    assert account.transaction_cost == pytest.approx(0.1)
    assert account.net_benefit == pytest.approx(4 * share - 0.1)


def test_nothing_to_gain_has_no_share_and_nothing_at_all_no_efficiency():
    kept = gl.value(UNSEEN, "always_cooperate")
    account = accounts(kept, kept, best_joint_stage_payoff(UNSEEN))
    assert np.isnan(account.share_of_gains)
    assert (account.gross_benefit, account.net_benefit, account.efficiency) == (0, 0, pytest.approx(1))
    barren = gl.repeated(
        gl.normal_form(payoffs=[[[0, 0], [-1, 0]], [[0, -1], [-1, -1]]]), discount_factor=0.5
    )
    nothing = gl.value(barren, "stage_nash")
    assert np.isnan(accounts(nothing, nothing, best_joint_stage_payoff(barren)).efficiency)


def test_accounts_of_a_grid():
    costs = np.array([[0.0, 0.5], [1, 2]])
    game = gl.transparency(UNSEEN, reach=1, cost=costs)
    account = accounts(gl.value(game, "grim"), NONE, best_joint_stage_payoff(UNSEEN))
    assert account.net_benefit == pytest.approx(4 - 2 * costs)
    assert account.gross_benefit == pytest.approx(np.full((2, 2), 4))


@pytest.mark.parametrize(("payoffs", "best"), [((5, 3, 1, 0), 6), ((7, 3, 1, 0), 7), ((5, 3, 1, -10), 6)])
def test_the_best_joint_payoff_may_need_turns(payoffs, best):
    assert best_joint_stage_payoff(draws.dilemma(payoffs, discount_factor=0.5)) == pytest.approx(best)
    assert best_joint_stage_payoff(draws.dilemma(payoffs, rounds=1)) == pytest.approx(best)
    watched = gl.monitoring(draws.dilemma(payoffs, discount_factor=0.5, observe="none"), detection=1, cost=9)
    assert best_joint_stage_payoff(gl.graduated_sanctions(watched, fines=[9])) == pytest.approx(best)


@pytest.mark.parametrize("shift", [0, 1e9])
@pytest.mark.parametrize("scale", [1e-10, 1, 1e9])
def test_the_share_of_gains_depends_neither_on_units_nor_on_what_all_get_anyway(scale, shift):
    payoffs = tuple(scale * (x + shift) for x in (0.375, 0.25, 0, -0.125))
    unseen = draws.dilemma(payoffs, discount_factor=0.9, observe="none")
    kept = gl.value(gl.transparency(unseen, reach=1), "grim")
    account = accounts(kept, gl.value(unseen, "always_defect"), best_joint_stage_payoff(unseen))
    assert account.share_of_gains == pytest.approx(1, abs=1e-5)
