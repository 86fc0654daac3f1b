"""Values in fractions: against dictionaries and loops, and published fractions."""

from fractions import Fraction

import numpy as np
import pytest
import reference as ref
from draws import matches
from exact_games import exact_twin
from hypothesis import given, settings
from profiles import up_to

import gamelab as gl
from gamelab.model.exactness import exactly
from gamelab.solve import values
from gamelab.solve.exact import exact_value
from gamelab.solve.workability import accounts, best_joint_stage_payoff

F = Fraction
HALF = F(1, 2)


def dilemma(discount_factor=HALF, payoffs=(5, 3, 1, 0), **settings):
    with exactly():
        T, R, P, S = payoffs
        stage = gl.prisoners_dilemma(temptation=T, reward=R, punishment=P, sucker=S)
    return gl.repeated(stage, discount_factor=discount_factor, **settings)


@settings(max_examples=up_to(30))
@given(matches())
def test_values_equal_plain_loops_in_fractions(match):
    game, automata = match
    twin, twins = exact_twin(game, automata)
    found = exact_value(twin, twins)
    plain, loops = ref.both_exact(game, automata)
    assert {line: paid.tolist() for line, paid in found.ledger.items()} == ref.values(plain, loops)
    assert found.payoffs.tolist() == ref.payoffs(plain, loops)
    assert found.utilities.tolist() == ref.utilities(plain, loops)
    cooperation = ref.cooperation(plain, loops)
    share = found.cooperation.item()
    assert share == cooperation or (cooperation is None and np.isnan(share))


@settings(max_examples=up_to(40))
@given(matches())
def test_values_equal_the_floats(match):
    game, automata = match
    found, rounded = exact_value(*exact_twin(game, automata)), values.value(game, automata)
    for line, paid in found.ledger.items():
        assert paid.astype(float) == pytest.approx(rounded.ledger[line].reshape(-1), abs=1e-9)


def memory_one(cc, cd, dc, dd, first=1):
    return {"memory_one": {"cc": F(cc), "cd": F(cd), "dc": F(dc), "dd": F(dd), "first": F(first)}}


P = memory_one("9/10", "1/5", "7/10", "1/10")
Q = memory_one("3/5", "2/5", "1/2", "3/10")
RANDOM = memory_one("1/2", "1/2", "1/2", "1/2", "1/2")
GENEROUS = memory_one("1", "1/3", "1", "1/3")
EXTORTION = {"extortion": {"factor": 2, "scale": F(1, 18)}}
WSLS = "win_stay_lose_shift"


@pytest.mark.parametrize(
    ("profile", "payoffs"),
    [
        ([P, Q], (F(5701, 2738), F(11177, 5476))),
        ([RANDOM, GENEROUS], (F(17, 6), F(2))),
        (["always_defect", GENEROUS], (F(7, 3), F(2, 3))),
        ([EXTORTION, "always_cooperate"], (F(7, 2), F(9, 4))),
        ([EXTORTION, RANDOM], (F(42, 17), F(59, 34))),
        ([RANDOM, {"equalizer": {"payoff": 2}}], (F(2), None)),
    ],
)
def test_long_run_payoffs_of_memory_one_play(profile, payoffs):
    """Press and Dyson (2012) and exact arithmetic by hand; payoffs 5, 3, 1, 0."""
    found = gl.value(dilemma(), profile, limit_of_means=True).payoffs.tolist()
    assert [a for a, b in zip(found, payoffs, strict=True) if b is not None] == [
        b for b in payoffs if b is not None
    ]


def test_discounted_payoffs_of_memory_one_play():
    assert gl.value(dilemma(), [P, Q]).payoffs.tolist() == [F(11378, 4499), F(2421, 818)]


@pytest.mark.parametrize(("tremble", "payoff"), [("1/20", F(5553, 2000)), ("1/100", F(737773, 250000))])
def test_trembling_win_stay_lose_shift(tremble, payoff):
    game = dilemma(tremble=F(tremble))
    assert gl.value(game, WSLS, limit_of_means=True).payoffs.tolist() == [payoff] * 2


def test_trembling_tit_for_tat_earns_the_same_at_every_tremble():
    for tremble in (F(1, 100), F(1, 3)):
        found = gl.value(dilemma(tremble=tremble), "tit_for_tat", limit_of_means=True)
        assert found.payoffs.tolist() == [F(9, 4)] * 2


def test_another_common_discount_factor_to_account_with():
    found = gl.value(dilemma(F(9, 10)), [P, Q], discount_factor=F(1, 2))
    assert found.payoffs.tolist() == [F(11378, 4499), F(2421, 818)]


def test_grim_with_a_noisy_public_record():
    """V - P = (1-d)(R-P) / (1 - d(1-e)^2)."""
    d, e = F(9, 10), F(1, 20)
    found = gl.value(dilemma(d, misreading=e), "grim").payoffs[0]
    assert found - 1 == (1 - d) * 2 / (1 - d * (1 - e) ** 2)


def test_finitely_many_rounds():
    found = gl.value(dilemma(F(1, 2), rounds=3), ["always_defect", "grim"])
    assert found.payoffs.tolist() == [(5 + F(1, 2) + F(1, 4)) / F(7, 4), F(3, 4) / F(7, 4)]
    with pytest.raises(gl.GameError, match="open-ended"):
        gl.value(dilemma(rounds=3), "grim", limit_of_means=True)


def test_accounts_in_fractions():
    game = gl.transparency(
        dilemma(F(9, 10), observe="none"), reach=F(4, 5), misreading=F(1, 50), cost=F(1, 20)
    )
    bare = dilemma(F(9, 10), observe="none")
    best = best_joint_stage_payoff(bare)
    found = accounts(gl.value(game, "grim"), gl.value(bare, "always_defect"), best)
    escape = F(4, 5) * (1 - (1 - F(1, 50)) ** 2)
    gross = 4 * F(1, 10) / (1 - F(9, 10) * (1 - escape))
    assert best == 6
    assert found.gross_benefit == gross
    assert (found.transaction_cost, found.net_benefit) == (F(1, 10), gross - F(1, 10))
    assert (found.share_of_gains, found.efficiency) == (gross / 4, (2 + gross) / 6)


def test_a_game_of_floats_is_refused():
    game = gl.repeated(
        gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0), discount_factor=0.5
    )
    with pytest.raises(gl.GameError, match="exactly"):
        exact_value(game, [])
