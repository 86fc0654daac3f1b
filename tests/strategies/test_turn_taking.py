"""Taking turns, holding out, and turns once the first round is settled: against closed forms and plain words."""

import example_games as examples
import numpy as np
import playing
import pytest
import reference as ref
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.strategies.profile import profile_of
from gamelab.strategies.turn_taking import holding_out, turn_taking

SHOWN = [ground for ground in playing.CHANNELS if ground not in ("findings", "ladder", *examples.RULED)]
FACTORS = st.sampled_from([0.0, 0.5, 0.9, 0.999]) | st.floats(0, 0.99)


@st.composite
def battles(draw):
    """Draw high, low and disagreement, and the stage game."""
    c = draw(st.sampled_from([0.0, -1.5, 2.0]))
    low = c + draw(st.sampled_from([1.0, 0.25]) | st.floats(0.05, 3))
    high = low + draw(st.sampled_from([1.0, 9.0]) | st.floats(0.05, 20))
    return high, low, c, gl.battle(high=high, low=low, disagreement=c)


def repeated(stage, d, **settings):
    return gl.repeated(stage, discount_factor=d, **settings)


@pytest.mark.parametrize("ground", SHOWN)
@settings(max_examples=up_to(13))
@given(data=st.data())
def test_turn_taking(ground, data):
    """(C, D), (D, C), (C, D), ... until anybody is seen to do otherwise; then the fallback for ever."""
    game = examples.ground("dilemma", ground)
    player = data.draw(st.integers(0, 1), label="player")
    history = data.draw(playing.rounds_of("dilemma", ground), label="history")
    broken = False
    for turn, event in enumerate(history):
        plan = (0, 1) if turn % 2 == 0 else (1, 0)
        seen = playing.actions_seen(event, player, 2)
        broken = broken or any(a is not None and a != wanted for a, wanted in zip(seen, plan, strict=True))
    own = 1 if broken else ((0, 1), (1, 0))[len(history) % 2][player]
    action, _ = playing.played(game, player, turn_taking(game, player), history)
    assert action.tolist() == playing.certain(2, own).tolist()


@settings(max_examples=up_to(60))
@given(battles(), FACTORS)
def test_turns_in_a_battle(drawn, d):
    """(a + db)/(1 + d) to whoever starts, (b + da)/(1 + d) to the other, at every discount factor."""
    a, b, _, stage = drawn
    game = repeated(stage, d)
    np.testing.assert_allclose(
        gl.value(game, "turn_taking").payoffs,
        [(a + d * b) / (1 + d), (b + d * a) / (1 + d)],
        rtol=1e-9,
        atol=1e-12,
    )
    assert gl.certify(game, "turn_taking").verdict == "holds"


@pytest.mark.parametrize(
    ("payoffs", "d", "expected"), [((2, 1), 0.5, (5 / 3, 4 / 3)), ((3, 2), 0.9, (48 / 19, 47 / 19))]
)
def test_numbers_of_turns(payoffs, d, expected):
    game = repeated(gl.battle(high=payoffs[0], low=payoffs[1]), d)
    assert gl.value(game, "turn_taking").payoffs == pytest.approx(expected)
    assert gl.value(gl.convention(game), "comply").payoffs == pytest.approx(expected)


@pytest.mark.parametrize("ground", ["public noise", "private noise", "tremble"])
@settings(max_examples=up_to(13))
@given(data=st.data())
def test_turns_of_a_battle_in_words(ground, data):
    """Both do the first player's favourite, then the second's; after a deviation the mixture for ever."""
    game = examples.ground("battle", ground)
    player = data.draw(st.integers(0, 1), label="player")
    history = data.draw(playing.rounds_of("battle", ground), label="history")
    broken = False
    for turn, event in enumerate(history):
        seen = playing.actions_seen(event, player, 2)
        broken = broken or any(a not in (None, turn % 2) for a in seen)
    action, _ = playing.played(game, player, turn_taking(game, player), history)
    own = [[0.6, 0.4], [0.4, 0.6]][player] if broken else playing.certain(2, len(history) % 2)
    np.testing.assert_allclose(action, own)


# --------------------------------------------------------------------------------------------- attrition


def yielding(a, b, d):
    """Return the chance to yield by bisection: (1-l) b (1-(1-l)d) falls from above l a (1-ld) to below."""
    low, high = 0.0, 1.0
    for _ in range(200):
        give = (low + high) / 2
        low, high = (
            (give, high) if (1 - give) * b * (1 - (1 - give) * d) > give * a * (1 - give * d) else (low, give)
        )
    return (low + high) / 2


@settings(max_examples=up_to(100))
@given(battles(), FACTORS)
def test_the_chance_to_yield(drawn, d):
    a, b, c, stage = drawn
    wanted = yielding(a - c, b - c, d)
    assert holding_out(np.array(a - c), np.array(b - c), np.array(d)) == pytest.approx(wanted, rel=1e-9)
    automata = profile_of(repeated(stage, d), "insist")
    assert automata[0].action[0, 0, 0].tolist() == pytest.approx([1 - wanted, wanted])
    assert automata[1].action[0, 0, 0].tolist() == pytest.approx([wanted, 1 - wanted])


@pytest.mark.parametrize("unit", [2.0**-900, 2.0**900])
def test_the_units_of_payoffs_change_no_chance(unit):
    """The chance is one of payoffs beside each other, however large or small: by 2^900 not even rounding differs."""
    a, b, d = np.array([3.0]), np.array([1.0]), np.array([0.5])
    assert holding_out(unit * a, unit * b, d) == holding_out(a, b, d)


@settings(max_examples=up_to(30))
@given(battles(), FACTORS)
def test_attrition(drawn, d):
    """Value W = (1-l) b/(1-ld) over disagreement, at most b: efficiency at most 2b/(a+b)."""
    a, b, c, stage = drawn
    game = repeated(stage, d)
    give = yielding(a - c, b - c, d)
    found = gl.value(game, "insist")
    np.testing.assert_allclose(found.payoffs, c + (1 - give) * (b - c) / (1 - give * d), rtol=1e-7)
    assert (found.payoffs <= b * (1 + 1e-9) if b > 0 else found.payoffs <= b + 1e-9).all()
    if c == 0:
        assert found.joint_payoff / (a + b) <= 2 * b / (a + b) + 1e-9
    certificate = gl.certify(game, "insist")
    assert (certificate.verdict, certificate.nash) == ("holds", "holds")


@settings(max_examples=up_to(15))
@given(battles())
def test_without_a_future_attrition_is_the_mixed_equilibrium(drawn):
    _a, _b, _c, stage = drawn
    game = repeated(stage, 0)
    for name in ("insist", "mix_then_alternate"):
        for i, automaton in enumerate(profile_of(game, name)):
            np.testing.assert_allclose(automaton.action[0, 0, 0], game.fallback[0, 0, i])
        np.testing.assert_allclose(gl.value(game, name).payoffs, gl.value(game, "stage_nash").payoffs)


@pytest.mark.parametrize("name", ["insist", "mix_then_alternate"])
def test_at_every_discount_factor(name):
    (only,) = gl.sustainable_discount_factors(repeated(gl.battle(high=3, low=1), 0.5), name)
    assert (only.low, only.high, only.includes) == (0, 1, "left")


@pytest.mark.parametrize("name", ["insist", "mix_then_alternate"])
@pytest.mark.parametrize("observe", ["public", "private"])
@settings(max_examples=8)
@given(drawn=battles(), first=FACTORS, second=FACTORS)
def test_players_who_wait_differently(name, observe, drawn, first, second):
    """Each yields with the chance that leaves the other one, with the other's patience, indifferent."""
    game = repeated(drawn[3], 0.5, observe=observe)
    game = game.replace(discount_factor=np.array([[[first, second]]]))
    assert gl.certify(game, name).verdict == "holds"


@settings(max_examples=up_to(30))
@given(battles(), FACTORS)
def test_mixing_until_the_first_agreed_round(drawn, d):
    """Walk the recursion: with W the value of disputing, H and L those of going first and second."""
    a, b, c, stage = drawn
    game = repeated(stage, d)
    first, second = (a - c + d * (b - c)) / (1 + d), (b - c + d * (a - c)) / (1 + d)
    give = yielding(first, second, d)
    worth = 0.0
    for _ in range(200_000):  # (1-d) of a round that pays: whoever gets way goes first from now on
        new = give * (1 - give) * (first + second) + (1 - 2 * give * (1 - give)) * d * worth
        worth, gap = new, abs(new - worth)
        if gap < 1e-13:
            break
    np.testing.assert_allclose(gl.value(game, "mix_then_alternate").payoffs, c + worth, rtol=1e-6, atol=1e-9)
    assert gl.certify(game, "mix_then_alternate").verdict == "holds"


def test_little_is_lost_by_mixing_first():
    """Efficiency .90 for a, b = 10, 1 and d = .9, where attrition loses most."""
    game = repeated(gl.battle(high=10, low=1), 0.9)
    assert gl.value(game, "mix_then_alternate").joint_payoff / 11 == pytest.approx(0.90, abs=0.005)
    assert gl.value(game, "insist").joint_payoff / 11 < 2 / 11


@pytest.mark.parametrize("name", ["insist", "mix_then_alternate"])
@pytest.mark.parametrize("ground", ["public noise", "private noise", "rotation"])
@settings(max_examples=up_to(13))
@given(data=st.data())
def test_disputes_in_words(name, ground, data):
    """Both are seen to do the same: from then on that, for ever or in turns; whatever is seen later."""
    game = examples.ground("battle", ground)
    player = data.draw(st.integers(0, 1), label="player")
    history = data.draw(playing.rounds_of("battle", ground), label="history")
    won = None
    for t, event in enumerate(history):
        seen = playing.actions_seen(event, player, 2)
        if won is None and seen[0] is not None and seen[0] == seen[1]:
            won = (t, seen[0])
    automaton = profile_of(game, name)[player]
    action, _ = playing.played(game, player, automaton, history)
    if won is not None:
        turns = len(history) - won[0] if name == "mix_then_alternate" else 0
        np.testing.assert_allclose(action, playing.certain(2, (won[1] + turns) % 2))
    else:
        d = 0.9
        a, b = (3, 2) if name == "insist" else ((3 + d * 2) / (1 + d), (2 + d * 3) / (1 + d))
        give = yielding(a, b, d)
        np.testing.assert_allclose(action, [1 - give, give] if player == 0 else [give, 1 - give])


def test_altruists_dispute_over_what_they_care_for():
    """With weight w the payoffs over disagreement are a + wb and b + wa: less is at stake."""
    game = gl.altruism(repeated(gl.battle(high=3, low=1), 0.9), weight=0.5)
    assert profile_of(game, "insist")[0].action[0, 0, 0, 1] == pytest.approx(yielding(3.5, 2.5, 0.9))
    assert gl.certify(game, "insist").verdict == "holds"
    selfless = gl.altruism(repeated(gl.battle(high=3, low=1), 0.9), weight=2)
    assert gl.certify(selfless, "insist").verdict == "holds"


@pytest.mark.parametrize("name", ["insist", "mix_then_alternate"])
@pytest.mark.parametrize("noise", [{"misreading": 0.05}, {"tremble": 0.05}], ids=str)
def test_noise_spoils_the_indifference(name, noise):
    """The chances are those of a game without noise; with it the certificate says so."""
    game = repeated(gl.battle(high=3, low=1), 0.9, **noise)
    certificate = gl.certify(game, name)
    automata = profile_of(game, name)
    assert certificate.verdict == "fails"
    most, _ = ref.max_gain(game, automata, normalised=True)
    assert certificate.max_gain == pytest.approx(most)


@pytest.mark.parametrize("name", ["insist", "mix_then_alternate"])
def test_what_is_no_dispute(name):
    def refused(words, game):
        with pytest.raises(GameError, match=f"{name} {words}"):
            profile_of(game, name)

    refused("needs a dispute: two equilibria, each the favourite", examples.ground("dilemma", "public"))
    refused("is for open-ended games; this one has 3 rounds", examples.ground("battle", "three rounds"))
    refused("needs to see what player_2 does", examples.ground("battle", "none"))
    refused("is defined for two players with two actions each", examples.ground("team", "public"))
    refused("is for rounds of one move", examples.ground("trust", "public"))
    uneven = gl.normal_form(payoffs=[[[3, 1], [0.5, 0]], [[0, 0], [1, 3]]])
    refused("needs the same payoff whichever way the players disagree", repeated(uneven, 0.9))
    stag = gl.normal_form(payoffs=[[[3, 3], [0, 1]], [[1, 0], [1, 1]]])
    refused("needs a dispute", repeated(stag, 0.9))
    pennies = gl.normal_form(
        payoffs=[[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], fallback=[{"1": 0.5, "2": 0.5}] * 2
    )
    refused("needs a dispute", repeated(pennies, 0.9))


def test_turns_need_one_agreement():
    with pytest.raises(GameError, match="turn_taking needs an agreement and a fallback of one action"):
        turn_taking(examples.ground("battle", "rotation"), 0)
    pennies = gl.normal_form(payoffs=[[[3, 3], [0, 1]], [[1, 0], [1, 1]]])
    with pytest.raises(GameError, match="turn_taking needs an agreement to keep"):
        turn_taking(repeated(pennies, 0.9), 0)


@pytest.mark.parametrize("name", ["insist", "mix_then_alternate"])
@pytest.mark.parametrize("rule", [{}, {"rule": "lottery"}, {"rule": "favour", "player": "player_1"}], ids=str)
def test_who_disputes_under_a_rule_pays_for_it_and_ignores_it(name, rule):
    plain = repeated(gl.battle(high=3, low=1), 0.9)
    ruled = gl.convention(plain, cost=0.2, **rule)
    np.testing.assert_allclose(gl.value(ruled, name).payoffs, gl.value(plain, name).payoffs - 0.2)
    assert gl.certify(ruled, name).verdict == "holds"
