"""Players who differ: numbers by player against closed forms and plain loops, in floats and in fractions."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gamelab as gl
from gamelab.errors import GameError
from gamelab.strategies.turn_taking import holding_out

NAMES = ["agency", "association"]
PAYOFFS = {"temptation": 5, "reward": 3, "punishment": 1, "sucker": 0}


def each(first, second):
    return dict(zip(NAMES, (first, second), strict=True))


def dilemma(**changes):
    return gl.prisoners_dilemma(**{**PAYOFFS, "players": NAMES, **changes})


def discounted(payments, factor, rounds=3000):
    """Return an average per round by adding up round after round."""
    total = 0.0
    for t, payment in zip(range(rounds), itertools.chain(*payments)):
        total += factor**t * payment
    return (1 - factor) * total


@given(
    st.lists(st.tuples(*[st.integers(1, 6)] * 3), min_size=2, max_size=2),
    st.tuples(*[st.integers(0, 19)] * 2),
)
def test_grim_holds_iff_each_is_patient_enough(steps, factors):
    # own payoffs S = 0 < P < R < T by steps; grim holds iff d >= (T-R)/(T-P) for each player
    own = [{"punishment": a, "reward": a + b, "temptation": a + b + c, "sucker": 0} for a, b, c in steps]
    d = [Fraction(k, 20) for k in factors]
    needed = [Fraction(p["temptation"] - p["reward"], p["temptation"] - p["punishment"]) for p in own]
    payoffs = {name: each(own[0][name], own[1][name]) for name in own[0]}
    with gl.exactly():
        exact = gl.repeated(dilemma(**payoffs), discount_factor=each(*d))
    game = gl.repeated(dilemma(**payoffs), discount_factor=each(*map(float, d)))
    holds = all(x >= y for x, y in zip(d, needed, strict=True))
    assert (gl.certify(exact, "grim").verdict == "holds") == holds
    assert bool(gl.certify(game, "grim").holds) == holds
    gains = [  # per round: T - R at once, R - P lost for ever
        (1 - x) * (p["temptation"] - p["reward"]) - x * (p["reward"] - p["punishment"])
        for p, x in zip(own, d, strict=True)
    ]
    if max(gains) > 0:
        assert gl.certify(exact, "grim").max_gain == max(gains)
    # thresholds are those of a common factor
    assert gl.critical_discount_factor(exact, "grim") == float(max(needed))


def test_values_are_discounted_by_own_factors():
    stage = dilemma(temptation=each(5, 7), sucker=each(0, -1))
    game = gl.repeated(stage, discount_factor=each(0.9, 0.4))
    found = gl.value(game, ["tit_for_tat", "always_defect"]).payoffs
    first = discounted([[0], itertools.repeat(1)], 0.9)
    second = discounted([[7], itertools.repeat(1)], 0.4)
    np.testing.assert_allclose(found, [first, second], atol=1e-12)
    ends = gl.value(
        gl.repeated(stage, discount_factor=each(0.9, 0.4), rounds=3), ["tit_for_tat", "always_defect"]
    )
    np.testing.assert_allclose(ends.payoffs, [(0 + 0.9 + 0.81) / 2.71, (7 + 0.4 + 0.16) / 1.56], atol=1e-12)


def test_a_grid_by_player_is_its_points():
    d = np.array([0.3, 0.5, 0.7])
    stage = dilemma(temptation=each(5, np.array([4.0, 4.5, 7.0])))
    grid = gl.certify(gl.repeated(stage, discount_factor=each(d, 0.6)), "grim")
    for k, (factor, own) in enumerate(zip(d, [4.0, 4.5, 7.0], strict=True)):
        alone = gl.certify(
            gl.repeated(dilemma(temptation=each(5, own)), discount_factor=each(factor, 0.6)), "grim"
        )
        assert grid.max_gain[k] == pytest.approx(float(alone.max_gain), abs=1e-12)
        assert str(grid.verdict[k]) == str(alone.verdict)
    assert grid.verdict.tolist() == ["fails", "holds", "fails"]


@given(st.tuples(*[st.integers(0, 10)] * 4), st.tuples(*[st.integers(1, 12)] * 2))
def test_a_fine_deters_player_by_player(chances, fines):
    # Becker: deviating pays iff the gain T - R exceeds enforcement x detection x fine, whoever the other is
    detection, enforcement = chances[:2], chances[2:]
    stage = dilemma(temptation=each(4, 6))
    game = gl.monitoring(
        gl.repeated(stage, discount_factor=0.3, observe="none"),
        detection=each(*(q / 10 for q in detection)),
    )
    game = gl.graduated_sanctions(
        game,
        fines=each(*([fine] for fine in fines)),
        enforcement=each(*(r / 10 for r in enforcement)),
        paid_by="authority",
    )
    deters = [
        Fraction(q * r, 100) * fine >= gain
        for q, r, fine, gain in zip(detection, enforcement, fines, (1, 3), strict=True)
    ]
    assert bool(gl.certify(game, "comply").holds) == all(deters)


def test_ladders_of_different_length():
    game = gl.monitoring(gl.repeated(dilemma(), discount_factor=0.9, observe="none"), detection=1)
    game = gl.graduated_sanctions(game, fines=each([2.5, 4], [3]), cost_per_act=each(1, 10))
    assert game.states == ("levels 0, 0", "levels 1, 0")
    # agency defects for ever: fined 2.5, then 4 a round; each act costs 1, shared by both
    paid = gl.value(game, ["always_defect", "comply"]).ledger
    first = discounted([[2.5], itertools.repeat(4)], 0.9)
    np.testing.assert_allclose(paid["graduated_sanctions.fine"], [-first, 0, 0], atol=1e-12)
    np.testing.assert_allclose(paid["graduated_sanctions.cost"], [-0.5, -0.5, 0], atol=1e-12)
    # association: the one fine of 3 every round, each act 10
    paid = gl.value(game, ["comply", "always_defect"]).ledger
    np.testing.assert_allclose(paid["graduated_sanctions.fine"], [0, -3, 0], atol=1e-12)
    np.testing.assert_allclose(paid["graduated_sanctions.cost"], [-5, -5, 0], atol=1e-12)


def test_a_ladder_that_ends_ends_after_anybodys_last_step():
    game = gl.monitoring(gl.repeated(dilemma(), discount_factor=0.5, observe="none"), detection=1)
    game = gl.graduated_sanctions(game, fines=each([1, 1], [1]), after_last="end")
    assert game.states == ("levels 0, 0", "levels 1, 0", "ended")
    # agency defects: T - fine twice, then the fallback pays 1 for ever
    payoffs = gl.value(game, ["always_defect", "always_cooperate"]).payoffs
    np.testing.assert_allclose(
        payoffs,
        [discounted([[4, 4], itertools.repeat(1)], 0.5), discounted([[0, 0], itertools.repeat(1)], 0.5)],
    )
    payoffs = gl.value(game, ["always_cooperate", "always_defect"]).payoffs
    np.testing.assert_allclose(
        payoffs, [discounted([[0], itertools.repeat(1)], 0.5), discounted([[4], itertools.repeat(1)], 0.5)]
    )


def test_falling_fines_name_the_player():
    game = gl.monitoring(gl.repeated(dilemma(), discount_factor=0.9, observe="none"), detection=1)
    with pytest.warns(gl.GamelabWarning, match="fine 2 of association is lower than fine 1"):
        gl.graduated_sanctions(game, fines=each([1, 2], [3, 2]))


def test_costs_are_borne_by_whom_they_are_of():
    game = gl.repeated(dilemma(), discount_factor=0.9)
    for institution, settings in (("monitoring", {"detection": 1}), ("transparency", {})):
        own = getattr(gl, institution)(game, cost=each(0.25, 1), **settings)
        assert gl.value(own, "always_defect").ledger[f"{institution}.cost"] == pytest.approx([-0.25, -1, 0])
        all_of_it = getattr(gl, institution)(game, cost=each(0.25, 1), paid_by="authority", **settings)
        assert gl.value(all_of_it, "always_defect").ledger[f"{institution}.cost"] == pytest.approx(
            [0, 0, -1.25]
        )


@pytest.mark.parametrize("observe", ["public", "private"])
def test_actions_are_misread_and_done_with_own_chances(observe):
    misreading, tremble = (0.1, 0.25), (0.05, 0.4)
    game = gl.repeated(
        dilemma(), discount_factor=0.9, observe=observe, misreading=each(*misreading), tremble=each(*tremble)
    )
    together = {}
    for i, (p, profile) in itertools.product((0, 1), enumerate(game.profiles.tolist())):
        viewer = i if observe == "public" else 1 - i
        read = sum(
            game.probabilities[0, 0, p, y]
            for y in range(len(game.outcomes))
            if game.conduct[viewer, i, y] == profile[i]
        )
        done = sum(
            game.probabilities[0, 0, p, y]
            for y in range(len(game.outcomes))
            if game.deeds[i, y] == profile[i]
        )
        together[i, p] = read, done
    for (i, _), (read, done) in together.items():
        t, e = tremble[i], misreading[i]
        assert done == pytest.approx(1 - t)
        assert read == pytest.approx((1 - t) * (1 - e) + t * e)


def test_findings_come_with_own_chances():
    q, f = (0.9, 0.5), (0.05, 0.2)
    game = gl.monitoring(
        gl.repeated(dilemma(), discount_factor=0.9, observe="none"), detection=each(*q), false_alarm=each(*f)
    )
    for p, profile in enumerate(game.profiles.tolist()):
        for y in range(len(game.outcomes)):
            chance = 1.0
            for i, action in enumerate(profile):
                offence = f[i] if action == 0 else q[i]
                chance *= offence if game.finding[i, y] == 2 else 1 - offence
            assert game.probabilities[0, 0, p, y] == pytest.approx(chance, abs=1e-15)


def test_each_weighs_the_other_by_oneself():
    game = gl.altruism(gl.repeated(dilemma(), discount_factor=0.5), weight=each(0.5, 2))
    assert gl.value(game, ["always_cooperate", "always_defect"]).utilities == pytest.approx([2.5, 5 + 0])
    # C is dominant for a player iff the own weight is at least max{(T-R)/(R-S), (P-S)/(T-P)} = 2/3
    one_cares = gl.altruism(gl.repeated(dilemma(), rounds=1), weight=each(0.7, 0.6))
    assert str(gl.certify(one_cares, ["always_cooperate", "always_defect"]).verdict) == "holds"
    assert str(gl.certify(one_cares, "always_cooperate").verdict) == "fails"


def test_the_mixed_equilibrium_of_a_battle_keeps_the_other_indifferent():
    high, low, disagreement = (6, 5), (2, 3), (1, 0)
    with gl.exactly():
        stage = gl.battle(high=each(*high), low=each(*low), disagreement=each(*disagreement), players=NAMES)
    (first, second) = stage.fallback[0, 0]
    # the first plays A so that the second gets the same from A (b if together) and from B (a if together)
    assert first[0] * low[1] + first[1] * disagreement[1] == first[0] * disagreement[1] + first[1] * high[1]
    assert (
        second[0] * high[0] + second[1] * disagreement[0] == second[0] * disagreement[0] + second[1] * low[0]
    )
    game = gl.repeated(stage, discount_factor=Fraction(1, 2))
    expected = [
        Fraction(a * b - c * c, a + b - 2 * c) for a, b, c in zip(high, low, disagreement, strict=True)
    ]
    assert gl.value(game, "stage_nash").payoffs.tolist() == expected
    assert str(gl.certify(game, "stage_nash").verdict) == "holds"


def test_attrition_with_own_stakes_and_factors():
    high, low, factors = (6.0, 10.0), (2.0, 3.0), (0.9, 0.6)
    game = gl.repeated(
        gl.battle(high=each(*high), low=each(*low), players=NAMES), discount_factor=each(*factors)
    )
    assert str(gl.certify(game, "insist").verdict) == "holds"
    # k makes the other one indifferent: (1-k) b (1 - (1-k)d) = k a (1 - kd), W = (1-k) b / (1 - kd)
    yields = [float(holding_out(*map(np.array, (high[1 - i], low[1 - i], factors[1 - i])))) for i in (0, 1)]
    for i, k in enumerate(yields):
        a, b, d = high[1 - i], low[1 - i], factors[1 - i]
        assert (1 - k) * b * (1 - (1 - k) * d) == pytest.approx(k * a * (1 - k * d))
    # what a player gets does not depend on the own chance to yield: yield now for sure
    waits = [(1 - yields[1 - i]) * low[i] / (1 - yields[1 - i] * factors[i]) for i in (0, 1)]
    assert gl.value(game, "insist").payoffs == pytest.approx(waits)


def test_payoffs_in_the_wrong_order_name_the_player():
    with pytest.raises(GameError, match="they are 2, 3, 1, 0 for association"):
        dilemma(temptation=each(5, 2))
    with pytest.raises(GameError, match="they are 1, 2, 0 for association"):
        gl.battle(high=each(3, 1), low=2, players=NAMES)


def test_names_are_checked_at_every_door():
    with pytest.raises(
        GameError, match=r"^temptation\.asociation: no player is called.*did you mean 'association'"
    ):
        dilemma(temptation={"agency": 5, "asociation": 4})
    game = gl.repeated(dilemma(), discount_factor=0.9, observe="none")
    with pytest.raises(GameError, match=r"^detection: has nothing for association"):
        gl.monitoring(game, detection={"agency": 0.9})
    with pytest.raises(GameError, match=r"^detection\.agency: 2 is not a number from 0 to 1"):
        gl.monitoring(game, detection=each(2, 0.5))
    with pytest.raises(GameError, match=r"^reach: a mapping given, and players cannot differ in this"):
        gl.transparency(game, reach=each(0.5, 1))
    with pytest.raises(GameError, match=r"^continuation_probability: a mapping given"):
        gl.repeated(dilemma(), continuation_probability=each(0.5, 0.6))


def test_matches_and_tournaments_discount_by_own_factors():
    game = gl.monitoring(
        gl.repeated(dilemma(temptation=each(5, 6)), discount_factor=each(0.9, 0.5)),
        detection=0.5, cost=each(0.25, 0.5), paid_by="authority",
    )  # fmt: skip
    profile = ["tit_for_tat", {"memory_one": {"cc": 0.5, "cd": 0.25, "dc": 0.75, "dd": 0.5}}]
    exact, played = gl.value(game, profile), gl.simulate(game, profile, matches=4_000, seed=3)
    for line, amounts in exact.ledger.items():
        assert (abs(played.means[line] - amounts) < 5 * played.standard_errors[line] + 1e-9).all()
    found = gl.tournament(game, ["tit_for_tat", "always_defect"])
    for i, j in itertools.product((0, 1), repeat=2):
        names = ["tit_for_tat", "always_defect"]
        pair = gl.value(game, [names[i], names[j]])
        for line, amounts in pair.ledger.items():
            np.testing.assert_allclose(found.ledger[line][i, j], amounts, atol=1e-12)
