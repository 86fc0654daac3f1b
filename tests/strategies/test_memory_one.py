import example_games as examples
import numpy as np
import playing
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.strategies import STRATEGIES
from gamelab.strategies.memory_one import equalizer, extortion, generous_zero_determinant, memory_one

PD = examples.ground("dilemma", "public")


def chances(automaton):
    """Return the probabilities to cooperate: first, CC, CD, DC, DD."""
    return automaton.action[0, 0, :, 0].tolist()


def test_states_and_chances():
    automaton = memory_one(PD, 0, cc=0.9, cd=0.2, dc=0.7, dd=0.1, first=0.5)
    assert automaton.states == ("first", "CC", "CD", "DC", "DD")
    assert chances(automaton) == [0.5, 0.9, 0.2, 0.7, 0.1]
    assert automaton.action.sum(axis=-1) == pytest.approx(1)


@pytest.mark.parametrize("player", [0, 1])
@pytest.mark.parametrize(
    ("automaton", "numbers"),
    [
        (lambda i: extortion(PD, i, factor=2, scale=1 / 18), [8 / 9, 1 / 2, 1 / 3, 0]),
        (lambda i: generous_zero_determinant(PD, i, factor=2, scale=1 / 16), [1, 9 / 16, 1 / 2, 1 / 8]),
        (lambda i: equalizer(PD, i, payoff=2), [2 / 3, 0, 2 / 3, 1 / 3]),
    ],
    ids=["extortion", "generous", "equalizer"],
)
def test_numbers_of_the_literature(automaton, numbers, player):
    """Press and Dyson (2012), Stewart and Plotkin (2013): T, R, P, S = 5, 3, 1, 0; cooperates first."""
    assert chances(automaton(player)) == pytest.approx([1, *numbers])


def test_default_scale_is_half_of_the_largest():
    assert chances(extortion(PD, 0, factor=2)) == pytest.approx(
        chances(extortion(PD, 0, factor=2, scale=1 / 18))
    )
    generous = generous_zero_determinant(PD, 0, factor=2)
    assert chances(generous) == pytest.approx(
        chances(generous_zero_determinant(PD, 0, factor=2, scale=1 / 16))
    )


@st.composite
def dilemmas(draw):
    S = draw(st.floats(-2, 0))
    P, R, T = (S + step for step in np.cumsum([draw(st.floats(0.2, 2)) for _ in range(3)]))
    return gl.prisoners_dilemma(temptation=T, reward=R, punishment=P, sucker=S), (T, R, P, S)


def opponents(draw):
    return {name: draw(st.floats(0.05, 0.95)) for name in ("cc", "cd", "dc", "dd", "first")}


@settings(max_examples=up_to(25))
@given(
    data=st.data(), kind=st.sampled_from(["extortion", "generous", "equalizer"]), mine=st.sampled_from([0, 1])
)
def test_long_run_payoffs_are_in_line(data, kind, mine):
    """Whatever a memory-one opponent does, the long-run payoffs stand in the relation that was set."""
    stage, (_, R, P, _) = data.draw(dilemmas())
    factor = data.draw(st.floats(1, 4))
    share = data.draw(st.floats(0.05, 1))
    game = gl.repeated(stage, discount_factor=0.9)
    wanted = P + share * (R - P)
    ours = {
        "extortion": {"extortion": {"factor": factor}},
        "generous": {"generous_zero_determinant": {"factor": factor}},
        "equalizer": {"equalizer": {"payoff": wanted}},
    }[kind]
    theirs = {"memory_one": opponents(data.draw)}
    profile = [ours, theirs] if mine == 0 else [theirs, ours]
    paid = gl.value(game, profile, limit_of_means=True).payoffs
    own, other = paid[mine], paid[1 - mine]
    if kind == "equalizer":
        assert other == pytest.approx(wanted, abs=1e-6)
    elif kind == "extortion":
        assert own - P == pytest.approx(factor * (other - P), abs=1e-6)
    else:
        assert R - other == pytest.approx((R - own) / factor, abs=1e-6)


@settings(max_examples=up_to(25))
@given(data=st.data())
def test_all_chances_are_probabilities(data):
    stage, (_, R, P, _) = data.draw(dilemmas())
    game = gl.repeated(stage, discount_factor=0.9)
    automata = [
        extortion(game, 0, factor=data.draw(st.floats(1, 50))),
        generous_zero_determinant(game, 0, factor=data.draw(st.floats(1, 50))),
        equalizer(game, 0, payoff=min(max(P + data.draw(st.floats(0, 1)) * (R - P), P), R)),
    ]
    for automaton in automata:
        assert all(-1e-12 <= chance <= 1 + 1e-12 for chance in chances(automaton))


@pytest.mark.parametrize("name", ["extortion", "generous_zero_determinant"])
@settings(max_examples=up_to(20))
@given(factor=st.floats(1, 10))
def test_scales_go_to_the_largest(name, factor):
    """The largest admissible scale makes some chance 0 or 1; half of it is the default; more is refused."""
    build = STRATEGIES[name]
    with pytest.raises(GameError, match="scale: 10 is not above 0 and at most") as refusal:
        build(PD, 0, factor=factor, scale=10)
    limit = float(str(refusal.value).rsplit(" ", 1)[1])  # six digits
    for scale, most in [(limit * 0.99999, 1), (None, 0.5)]:
        steps = np.subtract(chances(build(PD, 0, factor=factor, scale=scale))[1:], [1, 1, 0, 0])
        assert np.abs(steps).max() == pytest.approx(most, abs=1e-4)


@pytest.mark.parametrize(
    ("build", "given_settings", "words"),
    [
        (extortion, {"factor": 0.9}, "factor: 0.9 is not a number of at least 1"),
        (extortion, {"factor": -1}, "factor: -1 is not"),
        (extortion, {"factor": 2, "scale": 0}, "scale: 0 is not above 0 and at most 0.111111"),
        (extortion, {"factor": 2, "scale": 0.2}, "scale: 0.2 is not above 0 and at most 0.111111"),
        (extortion, {"factor": 2, "scale": -0.1}, "scale: -0.1 is not above 0"),
        (generous_zero_determinant, {"factor": 0.5}, "factor: 0.5 is not a number of at least 1"),
        (
            generous_zero_determinant,
            {"factor": 2, "scale": 0.126},
            "scale: 0.126 is not above 0 and at most 0.125",
        ),
        (equalizer, {"payoff": 0.9}, "payoff: 0.9 is not between punishment and reward"),
        (equalizer, {"payoff": 3.1}, "payoff: 3.1 is not between punishment and reward"),
    ],
)
def test_what_is_refused(build, given_settings, words):
    with pytest.raises(GameError, match=f"^{words}"):
        build(PD, 0, **given_settings)


@pytest.mark.parametrize("factor", [np.array([2.0, 0.5]), np.array([0.5, 2.0])])
def test_refusals_name_the_wrong_point(factor):
    with pytest.raises(GameError, match=r"factor: 0.5 is not"):
        extortion(PD, 0, factor=factor)


@pytest.mark.parametrize("payoffs", [[2, 3.5], [3.5, 2]])
def test_equalizer_names_the_wrong_point(payoffs):
    with pytest.raises(GameError, match=r"payoff: 3.5 is not"):
        equalizer(PD, 0, payoff=np.array(payoffs))


@pytest.mark.parametrize("scales", [[0.05, 0.5], [0.5, 0.05]])
def test_scale_names_the_wrong_point(scales):
    with pytest.raises(GameError, match=r"scale: 0.5 is not above 0"):
        extortion(PD, 0, factor=2, scale=np.array(scales))


@pytest.mark.parametrize("name", ["extortion", "generous_zero_determinant", "equalizer"])
@pytest.mark.parametrize(
    "payoffs",
    [
        [[[3, 3], [0, 5]], [[4, 0], [1, 1]]],  # not symmetric
        [[[5, 5], [0, 3]], [[3, 0], [1, 1]]],  # no temptation
        [[[1, 1], [5, 0]], [[0, 5], [3, 3]]],  # cooperation last
    ],
)
def test_other_games_are_refused(name, payoffs):
    stage = gl.normal_form(payoffs=payoffs, agreement=["1", "1"], fallback=["2", "2"])
    with pytest.raises(
        GameError, match=f"{name} is defined for a symmetric prisoner's dilemma, cooperation first"
    ):
        STRATEGIES[name](
            gl.repeated(stage, discount_factor=0.5), 0, **examples.first_settings(STRATEGIES[name])
        )


def test_memory_one_keeps_an_agreement_on_the_second_action():
    stage = gl.normal_form(
        payoffs=[[[1, 1], [5, 0]], [[0, 5], [3, 3]]], agreement=["2", "2"], fallback=["1", "1"]
    )
    automaton = memory_one(gl.repeated(stage, discount_factor=0.5), 0, cc=0.9, cd=0.2, dc=0.7, dd=0.1)
    assert automaton.action[0, 0, :, 1].tolist() == [1, 0.9, 0.2, 0.7, 0.1]
    follows = [int(automaton.next[0, 0, a, 2 * a + b]) for a in (0, 1) for b in (0, 1)]
    assert follows == [4, 3, 2, 1]


def test_special_cases():
    """Tit-for-tat, win-stay lose-shift and the constants are memory-one strategies."""
    game = examples.ground("dilemma", "public noise")
    for name, (cc, cd, dc, dd) in {
        "tit_for_tat": (1, 0, 1, 0),
        "win_stay_lose_shift": (1, 0, 0, 1),
        "always_cooperate": (1, 1, 1, 1),
    }.items():
        twin = {"memory_one": {"cc": cc, "cd": cd, "dc": dc, "dd": dd}}
        for other in ("grim", "tit_for_two_tats"):
            assert gl.value(game, [twin, other]).payoffs == pytest.approx(
                gl.value(game, [name, other]).payoffs
            )


MATCHED = [(stage, ground) for stage, ground in playing.SITUATIONS if stage in ("dilemma", "battle", "trust")]


@pytest.mark.parametrize(("stage", "ground"), MATCHED)
@settings(max_examples=8)
@given(data=st.data())
def test_rule_in_words(stage, ground, data):
    """Cooperates with the probability of (own action, other's action) of the last round, own action first.

    The own action is the recorded one where there is a record, else the true one. Where it does not
    cooperate it does the other thing, whatever the fallback is.
    """
    game = examples.ground(stage, ground)
    player = data.draw(st.integers(0, 1), label="player")
    history = data.draw(playing.rounds_of(stage, ground), label="history")
    chances = {"cc": 0.9, "cd": 0.2, "dc": 0.6, "dd": 0.1, "first": 0.7}
    action, state = playing.played(game, player, memory_one(game, player, **chances), history)
    last = "first"
    for off in playing.rows_of(game, player, history, own_if_unseen=True)[-1:]:
        last = "cd"[off[player]] + "cd"[off[1 - player]]
    expected = [1.0, 0.0]  # who waits has one thing to do
    if game.has_choice[state, player]:
        keep = playing.certain(2, game.agreement[state, player])
        expected = chances[last] * keep + (1 - chances[last]) * (1 - keep)
    np.testing.assert_allclose(action, expected)


@pytest.mark.parametrize(
    ("build", "name"), [(extortion, "factor"), (generous_zero_determinant, "factor"), (equalizer, "payoff")]
)
def test_grids_of_game_and_setting_broadcast(build, name):
    rewards, values = [3.0, 2.5], [1.5, 2.0, 2.5]
    fixed = {"temptation": 5, "punishment": 1, "sucker": 0}
    grid = gl.repeated(gl.prisoners_dilemma(reward=np.array(rewards)[:, None], **fixed), discount_factor=0.9)
    together = build(grid, 0, **{name: np.array(values)})
    assert together.action.shape[0] == 6
    for k, (reward, value) in enumerate((r, v) for r in rewards for v in values):
        alone = build(
            gl.repeated(gl.prisoners_dilemma(reward=reward, **fixed), discount_factor=0.9), 0, **{name: value}
        )
        np.testing.assert_allclose(together.action[k], alone.action[0])
