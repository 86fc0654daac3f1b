"""Convention: whose turn it is, what that pays, what it costs, and every refusal in words."""

import itertools

import example_games as examples
import numpy as np
import pytest
import reference as ref
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.scenario import loads
from gamelab.solve.agreement import prescribes_agreement
from gamelab.solve.symmetry import is_symmetric
from gamelab.strategies.profile import profile_of


@st.composite
def battles(draw):
    """Draw high, low, disagreement and a discount factor."""
    c = draw(st.sampled_from([0.0, -2.0, 1.0]))
    low = c + draw(st.floats(0.05, 3))
    return low + draw(st.floats(0.05, 10)), low, c, draw(st.sampled_from([0.0, 0.9]) | st.floats(0, 0.99))


def battle(a=3, b=2, c=0, d=0.9, **information):
    return gl.repeated(gl.battle(high=a, low=b, disagreement=c), discount_factor=d, **information)


def certain(game, profile):
    """Return whether a profile is certified and keeps the agreement."""
    return gl.certify(game, profile).verdict == "holds" and prescribes_agreement(
        game, profile_of(game, profile)
    )


@settings(max_examples=up_to(20))
@given(battles())
def test_what_the_rules_pay(drawn):
    """Rotation (a+db)/(1+d), (b+da)/(1+d); a favour a, b; a lottery half of each. All hold at every d."""
    a, b, _, d = drawn
    expected = {
        "rotate": [(a + d * b) / (1 + d), (b + d * a) / (1 + d)],
        "lottery": [(a + b) / 2, (a + b) / 2],
    }
    for rule, paid in expected.items():
        game = gl.convention(battle(*drawn), rule=rule)
        np.testing.assert_allclose(gl.value(game, "comply").payoffs, paid, rtol=1e-9)
        assert certain(game, "comply")
        assert gl.value(game, "comply").cooperation == pytest.approx(1)
    for k, player in enumerate(("player_1", "player_2")):
        game = gl.convention(battle(*drawn), rule="favour", player=player)
        np.testing.assert_allclose(gl.value(game, "comply").payoffs, [(a, b), (b, a)][k], rtol=1e-9)
        assert certain(game, "comply")


def test_turns_and_draws():
    turning = gl.convention(battle())
    assert turning.agreement.tolist() == [[0, 0], [1, 1]]
    assert turning.next_state.tolist() == [[1] * 4, [0] * 4]
    assert turning.start.tolist() == [[1, 0]]
    drawn = gl.convention(battle(), rule="lottery")
    assert drawn.start.tolist() == [[0.5, 0.5]]
    for s, p in itertools.product(range(2), range(4)):
        after = np.bincount(drawn.next_state[s], weights=drawn.probabilities[0, 0, p], minlength=2)
        assert after.tolist() == [0.5, 0.5]
    favour = gl.convention(battle(), rule="favour", player="player_2")
    assert favour.agreement.tolist() == [[1, 1]]
    assert favour.keeps.tolist() == [[[False, True], [False, True]]]


@pytest.mark.parametrize("time", [{"d": 0.8}, {"d": 0.8, "rounds": 4}], ids=str)
@pytest.mark.parametrize("rule", [{}, {"rule": "lottery"}, {"rule": "favour", "player": "player_2"}], ids=str)
@pytest.mark.parametrize(
    "information", [{}, {"misreading": 0.1}, {"tremble": 0.1}, {"observe": "private"}], ids=str
)
def test_values_and_gains_equal_the_reference(rule, information, time):
    """Grim falls back on the mixed equilibrium, which nobody deviates from: certified, and by brute force."""
    game = gl.convention(battle(**time, **information), cost=0.1, **rule)
    for profile in ("comply", "grim", "tit_for_tat", {"limited_punishment": {"rounds": 2}}):
        automata = profile_of(game, profile)
        found = gl.value(game, profile)
        by_line = ref.values(game, automata)
        for line, amount in found.ledger.items():
            np.testing.assert_allclose(amount, by_line[line], atol=1e-9)
        certificate = gl.certify(game, profile)
        if certificate.concept != "Nash":
            most, _ = ref.max_gain(game, automata, normalised=True)
            assert certificate.max_gain == pytest.approx(most, abs=1e-9)
            assert (certificate.verdict == "holds") == (most <= 1e-9)
        if profile in ("comply", "grim") and "tremble" not in information:
            assert certificate.verdict == "holds"
            best = [ref.best_response_gain(game, automata, i) for i in (0, 1)]
            assert max(best) <= 1e-9


@pytest.mark.parametrize(
    ("payer", "amounts"), [("participants", [-0.2, -0.2, 0]), ("authority", [0, 0, -0.4])]
)
@pytest.mark.parametrize("rule", ["rotate", "lottery"])
def test_who_bears_the_cost(payer, amounts, rule):
    game = gl.convention(battle(), rule=rule, cost=0.2, paid_by=payer)
    np.testing.assert_allclose(gl.value(game, "comply").ledger["convention.cost"], amounts)


BOX = """
gamelab: 1
game: {kind: battle, high: 10, low: 1}
time: {discount_factor: 0.9}
arrangements:
  none: {profiles: [insist, mix_then_alternate], selection: symmetric}
  rule: {institutions: {convention: {cost: COST}}, profiles: [comply], selection: best}
"""


@pytest.mark.parametrize("share", [0, 0.9, 1.1])
def test_the_rule_pays_until_it_eats_what_it_brings(share):
    """Players who treat each other alike mix until they agree; a rule brings the rest of a + b, less its cost."""
    before = gl.value(battle(10, 1), "mix_then_alternate").joint_payoff
    cost = share * (11 - before) / 2
    found = gl.run(loads(BOX.replace("COST", repr(float(cost))))).to_dict()["arrangements"]
    assert found["none"]["profile"] == ["mix_then_alternate"] * 2
    rule = found["rule"]
    assert (rule["profile"], rule["supported"], rule["workable"]) == (["comply"] * 2, "yes", share < 1)
    assert rule["gross_benefit"] == pytest.approx(11 - before)
    assert rule["transaction_cost"] == pytest.approx(2 * cost)
    assert rule["break_even"]["arrangements.rule.institutions.convention.cost"] == pytest.approx(
        (11 - before) / 2
    )


# -------------------------------------------------------------------------------------- with the ladder


def test_the_ladder_acts_on_recommendations():
    """Enumerate one round: whose turn, levels, what was done; a finding goes by what was recommended."""
    q, f, r, g, fines = 0.8, 0.1, 0.75, 0.5, [1, 2.5]
    game = gl.graduated_sanctions(
        gl.monitoring(gl.convention(battle(observe="none")), detection=q, false_alarm=f),
        fines=fines, forgiveness=g, enforcement=r,
    )  # fmt: skip
    place = {
        (turn, *levels): game.states.index(f"player_{turn + 1}'s turn; levels {levels[0]}, {levels[1]}")
        for turn in (0, 1)
        for levels in itertools.product((0, 1), repeat=2)
    }
    paid = examples.paid_on_average(game, "graduated_sanctions.fine")
    for (turn, *levels), s in place.items():
        for p, done in enumerate(itertools.product((0, 1), repeat=2)):
            expected = np.zeros(len(game.states))
            for ends in itertools.product(("fined", "forgiven", "nothing"), repeat=2):
                chance, after = 1.0, []
                for i in (0, 1):
                    offence = f if done[i] == turn else q
                    chance *= {
                        "fined": offence * r,
                        "forgiven": (1 - offence) * g,
                        "nothing": offence * (1 - r) + (1 - offence) * (1 - g),
                    }[ends[i]]
                    step = {"fined": 1, "forgiven": -1, "nothing": 0}[ends[i]]
                    after.append(min(max(levels[i] + step, 0), 1))
                expected[place[1 - turn, *after]] += chance
            row = game.probabilities[0, min(s, game.probabilities.shape[1] - 1), p]
            found = np.bincount(game.next_state[s], weights=row, minlength=len(game.states))
            np.testing.assert_allclose(found, expected, atol=1e-12)
            fine = [-(f if done[i] == turn else q) * r * fines[levels[i]] for i in (0, 1)]
            np.testing.assert_allclose(paid[0, min(s, paid.shape[1] - 1), p, :2], fine)
    assert certain(game, "comply")


@pytest.mark.parametrize("after_last", ["repeat", "end"])
@pytest.mark.parametrize("rule", ["rotate", "lottery"])
def test_a_stack_equals_the_reference(after_last, rule):
    ruled = gl.convention(battle(d=0.7, observe="none"), rule=rule, cost=0.1)
    game = gl.graduated_sanctions(
        gl.monitoring(ruled, detection=0.8, false_alarm=0.1, cost=0.1), fines=[0.5], after_last=after_last
    )
    automata = profile_of(game, "comply")
    most, _ = ref.max_gain(game, automata, normalised=True)
    assert gl.certify(game, "comply").max_gain == pytest.approx(most, abs=1e-9)
    by_line = ref.values(game, automata)
    for line, amount in gl.value(game, "comply").ledger.items():
        np.testing.assert_allclose(amount, by_line[line], atol=1e-9)


# --------------------------------------------------------------------------------------- altruism, symmetry


@pytest.mark.parametrize("weight", [0, 0.5, 1, 3])
@pytest.mark.parametrize("rule", ["rotate", "lottery"])
def test_altruists_keep_the_rule(weight, rule):
    """Doing the same pays both more than disagreement, so that regard for the other changes nothing."""
    game = gl.altruism(gl.convention(battle(), rule=rule), weight=weight)
    assert certain(game, "comply")
    np.testing.assert_allclose(
        gl.value(game, "comply").payoffs, gl.value(gl.convention(battle(), rule=rule), "comply").payoffs
    )


def test_whom_a_rule_treats_alike():
    assert is_symmetric(*paired(gl.convention(battle(), rule="lottery")))
    assert is_symmetric(*paired(gl.convention(battle())))  # somebody starts: no symmetry is left to keep
    assert is_symmetric(*paired(gl.convention(battle(), rule="favour", player="player_1")))


def paired(game):
    return game, profile_of(game, "comply")


# ---------------------------------------------------------------------------------------- three, and grids


def meeting():
    """Return a game of three who want to meet at one of three places, each at the own."""
    pay = [
        [[[2.0 + (i == a) if a == b == c else 0.0 for i in range(3)] for c in range(3)] for b in range(3)]
        for a in range(3)
    ]
    return gl.normal_form(payoffs=pay, actions=["x", "y", "z"], players=["ann", "bob", "cy"])


@pytest.mark.parametrize(("rule", "expected"), [("rotate", None), ("lottery", [7 / 3] * 3)])
def test_three_players(rule, expected):
    game = gl.convention(gl.repeated(meeting(), discount_factor=0.5), rule=rule)
    assert game.states == ("ann's turn", "bob's turn", "cy's turn")
    assert game.agreement.tolist() == [[0] * 3, [1] * 3, [2] * 3]
    wanted = expected or [2 + (1 - 0.5) * 0.5**i / (1 - 0.125) for i in range(3)]
    np.testing.assert_allclose(gl.value(game, "comply").payoffs, wanted)
    assert certain(game, "comply")


def test_favourites_are_told_apart_by_the_joint_payoff_and_then_by_order():
    table = [[[3, 1], [0, 0], [0, 0]], [[0, 0], [3, 2], [0, 0]], [[0, 0], [0, 0], [1, 2]]]
    game = gl.convention(gl.repeated(gl.normal_form(payoffs=table), discount_factor=0.5))
    # both like the second best: of equals for the first player it pays the second more
    assert game.agreement.tolist() == [[1, 1], [1, 1]]


def test_grids():
    grid = gl.convention(battle(a=np.array([3.0, 5.0])[:, None]), cost=np.array([0, 0.1, 0.2]))
    assert grid.shape == (2, 3)
    paid = gl.value(grid, "comply").payoffs
    for j, (a, m) in enumerate(itertools.product([3, 5], [0, 0.1, 0.2])):
        alone = gl.convention(battle(a=a), cost=m)
        np.testing.assert_allclose(paid[np.unravel_index(j, (2, 3))], gl.value(alone, "comply").payoffs)


# --------------------------------------------------------------------------------------------- refusals

PENNIES = gl.normal_form(
    payoffs=[[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], fallback=[{"1": 0.5, "2": 0.5}] * 2
)
SWITCHING = gl.normal_form(
    payoffs=[[[np.array([3.0, 1.0]), 2], [0, 0]], [[0, 0], [2, 3]]], fallback=["1", "1"]
)
COIN = gl.repeated(gl.battle(high=3, low=2), discount_factor=0.9)


@pytest.mark.parametrize(
    ("game", "chosen", "words"),
    [
        (examples.ground("dilemma", "public"), {}, "something is agreed already; a convention is for games"),
        (examples.ground("trust", "public"), {}, "something is agreed already"),
        (examples.ground("battle", "rotation"), {}, "something is agreed already"),
        (examples.ground("battle", "findings"), {}, "a convention comes before monitoring; put it first"),
        (examples.ground("battle", "ladder"), {}, "a convention comes before monitoring; put it first"),
        (gl.repeated(PENNIES, rounds=2), {}, "needs a stage equilibrium in pure actions, and there is none"),
        (gl.repeated(SWITCHING, rounds=2), {}, "which equilibrium player_1 likes best differs between grid"),
        (COIN, {"rule": "favour"}, "player: favour needs the name of a player: player_1"),
        (COIN, {"player": "player_1"}, "player: goes with the rule favour only"),
        (COIN, {"rule": "lottery", "player": "player_1"}, "player: goes with the rule favour only"),
        (COIN, {"rule": "favour", "player": "player_3"}, "player: no player is called 'player_3'; write"),
        (COIN, {"rule": "favour", "player": "plaver_2"}, "did you mean 'player_2'"),
        (COIN, {"rule": "rotation"}, "rule: .*did you mean 'rotate'"),
        (gl.altruism(COIN, weight=0.5), {}, "altruism is always applied last"),
    ],
)
def test_refusals(game, chosen, words):
    with pytest.raises(GameError, match=words):
        gl.convention(game, **chosen)


def test_monitoring_needs_the_rule_first():
    with pytest.raises(GameError, match="put a convention before it"):
        gl.monitoring(COIN, detection=0.9)
