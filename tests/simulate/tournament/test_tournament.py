"""Tournaments: published numbers, closed forms, rankings with ties, seats that differ, refusals."""

from fractions import Fraction

import draws
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError


def memory_one(*chances, first=1):
    return {
        "memory_one": dict(zip(("cc", "cd", "dc", "dd"), map(float, chances), strict=True)) | {"first": first}
    }


def pairs(found, *names):
    """Return what two strategies earn against each other."""
    i, j = (found.names.index(name) for name in names)
    return found.by_seat[i, j].tolist()


# R, T, P, S = 3, 5, 1, 0, the long run. Memory-one pairs by Press and Dyson's (2012) determinants, in fractions.
FIELD = {
    "p": memory_one(9 / 10, 1 / 5, 7 / 10, 1 / 10),
    "q": memory_one(3 / 5, 2 / 5, 1 / 2, 3 / 10),
    "random": memory_one(0.5, 0.5, 0.5, 0.5, first=0.5),
    "generous": memory_one(1, 1 / 3, 1, 1 / 3),
    "always_defect": "always_defect",
    "always_cooperate": "always_cooperate",
    "extortion": memory_one(8 / 9, 1 / 2, 1 / 3, 0),
    "generous_zd": memory_one(1, 9 / 16, 1 / 2, 1 / 8),
    "equalizer": memory_one(2 / 3, 0, 2 / 3, 1 / 3),
}


def test_published_memory_one_payoffs_in_one_tournament():
    found = gl.tournament(draws.dilemma(discount_factor=0.5), FIELD, limit_of_means=True)
    published = {
        ("p", "q"): (Fraction(5701, 2738), Fraction(11177, 5476)),
        ("random", "generous"): (Fraction(17, 6), 2),
        ("always_defect", "generous"): (Fraction(7, 3), Fraction(2, 3)),
        ("extortion", "always_cooperate"): (Fraction(7, 2), Fraction(9, 4)),
        ("extortion", "random"): (Fraction(42, 17), Fraction(59, 34)),
    }
    for names, payoffs in published.items():
        assert pairs(found, *names) == pytest.approx([float(payoff) for payoff in payoffs], abs=1e-12)
        assert pairs(found, *reversed(names)) == pytest.approx([float(payoff) for payoff in payoffs][::-1])
    discounted = gl.tournament(draws.dilemma(discount_factor=0.5), FIELD)
    assert pairs(discounted, "p", "q") == pytest.approx([11378 / 4499, 2421 / 818], abs=1e-12)


@settings(max_examples=up_to(25))
@given(st.lists(st.tuples(*[st.floats(0.01, 0.99)] * 5), min_size=1, max_size=4))
def test_zero_determinant_strategies_keep_their_relations_against_everybody(others):
    # Press and Dyson (2012): extortion sX - P = 2 (sY - P), equalizer sY = 2; Stewart and Plotkin (2013):
    # generous sX - R = 2 (sY - R)
    zero_determinant = {name: FIELD[name] for name in ("extortion", "generous_zd", "equalizer")}
    field = {f"other {k}": memory_one(*own[:4], first=own[4]) for k, own in enumerate(others)}
    found = gl.tournament(draws.dilemma(discount_factor=0.5), zero_determinant | field, limit_of_means=True)
    own, theirs = found.payoffs[:3, 3:], found.payoffs[3:, :3].T
    np.testing.assert_allclose(own[0] - 1, 2 * (theirs[0] - 1), rtol=0, atol=1e-9)
    np.testing.assert_allclose(own[1] - 3, 2 * (theirs[1] - 3), rtol=0, atol=1e-9)
    np.testing.assert_allclose(theirs[2], 2, rtol=0, atol=1e-9)


@pytest.mark.parametrize("tremble", [0.01, 0.05])
def test_noise_ends_tit_for_tats_echo_in_the_middle_and_win_stay_lose_shift_recovers(tremble):
    game = draws.dilemma(discount_factor=0.5, tremble=tremble)
    found = gl.tournament(game, ["tit_for_tat", "win_stay_lose_shift"], limit_of_means=True)
    recovering = {0.05: Fraction(5553, 2000), 0.01: Fraction(737773, 250000)}[tremble]
    assert found.payoffs[0, 0] == pytest.approx(9 / 4, abs=1e-12)
    assert found.payoffs[1, 1] == pytest.approx(float(recovering), abs=1e-12)


@settings(max_examples=up_to(13))
@given(st.floats(0.05, 0.95))
def test_closed_forms_of_the_dilemma(d):
    names = ["tit_for_tat", "grim", "always_defect", "always_cooperate", "tit_for_two_tats"]
    found = gl.tournament(draws.dilemma(discount_factor=d), names)
    wanted = np.full((5, 5), 3.0)  # nice ones cooperate with each other
    wanted[[0, 1], 2] = d * 1  # the sucker's payoff 0 once, punishment ever after
    wanted[4, 2] = d**2  # one more time
    wanted[3, 2] = 0
    wanted[2] = [(1 - d) * 5 + d] * 2 + [1, 5, (1 - d) * 5 * (1 + d) + d**2]
    np.testing.assert_allclose(found.payoffs, wanted, rtol=0, atol=1e-12)
    cooperation = np.ones((5, 5))
    cooperation[:2, 2] = cooperation[2, :2] = (1 - d) / 2
    cooperation[3, 2] = cooperation[2, 3] = 1 / 2
    cooperation[4, 2] = cooperation[2, 4] = (1 - d**2) / 2
    cooperation[2, 2] = 0
    np.testing.assert_allclose(found.cooperation, cooperation, rtol=0, atol=1e-12)


def test_tit_for_tat_never_earns_more_than_its_partner_and_still_comes_first():
    # Axelrod (1984): it wins no match, at best it draws; with noise-free automata this is arithmetic: in a match
    # it is exploited at most once more than it exploits
    game = draws.dilemma(rounds=200, discount_factor=None)
    names = ["tit_for_tat", "grim", "tit_for_two_tats", "always_defect", "win_stay_lose_shift", "penance"]
    found = gl.tournament(game, names)
    assert (found.payoffs[0] <= found.payoffs[:, 0] + 1e-9).all()
    assert found.ranking[0].name in ("tit_for_tat", "grim")
    assert found.payoffs[0, 3] == pytest.approx((0 + 199) / 200)
    assert found.payoffs[3, 0] == pytest.approx((5 + 199) / 200)


# ------------------------------------------------------------------------------------------------- ranking


def test_ties_share_a_place_and_self_play_may_be_left_out():
    game = draws.dilemma(discount_factor=0.9)
    names = ["always_defect", "grim", "tit_for_tat"]
    found = gl.tournament(game, names)
    assert [(own.place, own.name) for own in found.ranking] == [
        (1, "grim"),
        (1, "tit_for_tat"),
        (3, "always_defect"),
    ]
    assert found.ranking[0].payoff == pytest.approx((3 + 3 + 0.9) / 3)
    assert found.ranking[0].cooperation == pytest.approx((1 + 1 + 0.05) / 3)
    assert found.ranking[0].standard_error is None
    without = gl.tournament(game, names, self_play=False)
    assert without.ranking[0].payoff == pytest.approx((3 + 0.9) / 2)
    assert without.ranking[2].payoff == pytest.approx(1.4)
    assert without.payoffs[0, 0] == 1  # played all the same
    assert repr(without) == "<Tournament of 3 strategies, exact: first grim and tit_for_tat>"


def test_noise_breaks_the_tie_of_grim_and_tit_for_tat():
    quiet, noisy = (draws.dilemma(discount_factor=0.9, tremble=tremble) for tremble in (0, 0.05))
    names = ["grim", "tit_for_tat", "always_cooperate"]
    assert {own.place for own in gl.tournament(quiet, names).ranking} == {1}
    assert {own.place for own in gl.tournament(noisy, names).ranking} == {1, 2, 3}


# --------------------------------------------------------------------------------- seats, lines, equilibria


def test_seats_that_differ():
    # value 10, cost 2, payment 5: who is trusted and honours gives the partner 3 and keeps 5
    game = gl.repeated(gl.time_inconsistency(value=10, cost=2, payment=5), discount_factor=0.5)
    plans = {
        "honest": ["always_cooperate", "honour"],
        "sly": ["always_cooperate", "renege"],
        "wary": ["always_defect", "renege"],
    }
    found = gl.tournament(game, plans)
    np.testing.assert_allclose(found.by_seat[0, 0], [3, 5])
    np.testing.assert_allclose(found.by_seat[0, 1], [-2, 10])
    np.testing.assert_allclose(found.by_seat[2], 0)
    # in both seats in turn: honest against sly gets -2 as the partner, 5 as the one who is trusted; against
    # wary -2, and 0 as nobody trusts it
    np.testing.assert_allclose(found.payoffs, [[4, 1.5, -1], [6.5, 4, -1], [5, 5, 0]])
    assert [own.name for own in found.ranking] == ["wary", "sly", "honest"]
    assert found.seats == game.players
    # trust is no equilibrium without punishment: whoever sits second reneges, so that the first declines
    assert found.equilibria.pure == ((2, 1), (2, 2))


def test_ledger_lines_stay_apart_and_regard_is_no_payoff():
    game = gl.monitoring(draws.dilemma(discount_factor=0.9), detection=0.9, cost=0.1)
    game = gl.altruism(game, weight=2)
    found = gl.tournament(game, ["always_cooperate", "always_defect"])
    assert set(found.ledger) == {"material", "monitoring.cost", "altruism.regard"}
    np.testing.assert_allclose(found.ledger["monitoring.cost"][..., :2], -0.1)
    np.testing.assert_allclose(found.payoffs, np.array([[3, 0], [5, 1]]) - 0.1)
    np.testing.assert_allclose(found.utilities[..., 0], [[2.9 * 3, 9.7 + 0], [4.9 - 0.2, 0.9 * 3]])
    assert found.equilibria.pure == ((0, 0),)  # who cares enough cooperates: 8.7 above 4.7, 9.7 above 2.7
    frame = found.ledger_frame()
    assert len(frame) == 4 * 3 * 3
    assert set(frame["kind"]) == {"material", "cost", "regard"}


def test_equilibria_of_the_choice_among_strategies():
    # T, R, P, S = 5, 3, 1, 0 at d: always_defect gains 5 (1-d) + d on tit-for-tat, less than 3 iff d > 1/2
    for d, cooperate in ((0.4, False), (0.6, True)):
        found = gl.tournament(draws.dilemma(discount_factor=d), ["tit_for_tat", "always_defect"]).equilibria
        assert ((0, 0) in found.pure) == cooperate
        assert (1, 1) in found.pure
        assert found.complete
        mixed = [x for x, y in found.extreme if 0 < x[0] < 1]
        # indifferent where x 3 + (1-x) d = x (5 - 4 d) + (1-x) 1
        wanted = [(1 - d) / (3 + 1 - d - (5 - 4 * d))] if cooperate else []
        assert [float(x[0]) for x in mixed] == pytest.approx(wanted)


def test_tables():
    found = gl.tournament(draws.dilemma(discount_factor=0.9), ["grim", "always_defect"])
    frame = found.to_frame()
    assert frame.columns.tolist() == [
        "player_1",
        "player_2",
        "payoff.player_1",
        "payoff.player_2",
        "cooperation",
    ]
    assert frame["payoff.player_1"].tolist() == pytest.approx([3, 0.9, 1.4, 1])
    assert frame["player_2"].tolist() == ["grim", "always_defect"] * 2
    assert found.ranking_frame()["strategy"].tolist() == ["grim", "always_defect"]
    assert "always_defect" in found._repr_html_()
    with pytest.raises(ValueError, match="read-only"):
        found.payoffs[0, 0] = 7
    with pytest.raises(ValueError, match="read-only"):
        found.ledger["material"][0, 0] = 7


# -------------------------------------------------------------------------------------------------- refusals


def test_what_is_refused():
    game = draws.dilemma(discount_factor=0.9)
    three = gl.repeated(gl.normal_form(payoffs=np.zeros((2, 2, 2, 3)).tolist()), discount_factor=0.9)
    with pytest.raises(GameError, match="game: strategies meet in pairs, and this game has 3 players"):
        gl.tournament(three)
    with pytest.raises(GameError, match="game: a tournament is played on one game"):
        gl.tournament(draws.dilemma(discount_factor=np.array([0.5, 0.9])))
    with pytest.raises(GameError, match="limit_of_means"):
        gl.tournament(draws.dilemma(rounds=3), ["grim"], limit_of_means=True)
    with pytest.raises(GameError, match="without self-play"):
        gl.tournament(game, ["grim"], self_play=False)
    assert gl.tournament(game, ["grim"]).payoffs.tolist() == [[3]]


def test_a_game_without_an_agreement_has_no_cooperation():
    game = gl.repeated(gl.battle(high=2, low=1, disagreement=0), discount_factor=0.5)
    found = gl.tournament(game, ["stage_nash"])
    assert np.isnan(found.cooperation).all()
    assert np.isnan(found.ranking[0].cooperation)
    assert found.payoffs == pytest.approx(2 / 3)  # ab / (a + b)


# ------------------------------------------------------------------------------------------------------- words
