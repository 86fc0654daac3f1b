import example_games as examples
import numpy as np
import playing
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gamelab as gl
from gamelab.errors import GameError
from gamelab.model.ledger import Flow
from gamelab.strategies import STRATEGIES
from gamelab.strategies.sight import agreed, chosen, deeds_seen, deviating, deviations, one_hot

PLACES = [
    pytest.param(stage, ground, id=f"{stage}-{ground}")
    for stage, ground in examples.PAIRS
    if ground in playing.CHANNELS
]


@pytest.mark.parametrize(("stage", "ground"), PLACES)
@settings(max_examples=6)
@given(data=st.data())
def test_deviations_and_deeds(stage, ground, data):
    """Every reading of a round is what the rule of sight gives, and a function of the symbol alone."""
    game = examples.ground(stage, ground)
    player = data.draw(st.integers(0, game.n - 1))
    for event in data.draw(playing.rounds_of(stage, ground)):
        v = game.views[player, game.outcomes.index(event.name(game))]
        own = event.chosen[player]
        for own_if_unseen in (False, True):
            table = deviations(game, player, own_if_unseen=own_if_unseen)
            agreed_now = playing.agreed_in(game, event.state)
            expected = playing.deviated(event, player, agreed_now, own_if_unseen)
            if (game.agreement == game.agreement[0]).all():
                assert table.shape[0] == 1, "uniform over states: one row"
            assert table[min(event.state, len(table) - 1), own, v].tolist() == expected
        seen = [-1 if a is None else a for a in playing.actions_seen(event, player, game.n)]
        assert deeds_seen(game, player)[own, v].tolist() == seen


def test_deviations_differ_where_the_agreement_does():
    game = examples.ground("dilemma", "ladder that ends")
    table = deviations(game, 0)
    assert table.shape[0] == 5
    assert table[:4].any()
    assert not table[4].any(), "no agreement, no deviation"


def test_one_hot_actions():
    game = examples.ground("dilemma", "ladder that ends")
    assert agreed(game, 0)[0].tolist() == [[1, 0]] * 4 + [[0, 1]]
    assert deviating(game, 0)[0].tolist() == [[0, 1]] * 5
    assert chosen(game, 0, 0)[0].tolist() == [[1, 0]] * 4 + [[0, 1]]
    assert one_hot(game, np.array([0, 1, 0, 1, 0])).shape == (1, 5, 2)


SEEING = [
    "grim", "tit_for_tat", "tit_for_two_tats", "two_tits_for_tat", "win_stay_lose_shift",
    "generous_tit_for_tat", "limited_punishment", "memory_one", "extortion", "equalizer", "penance",
    "turn_taking",
]  # fmt: skip


def made(name, game, player=0):
    return STRATEGIES[name](game, player, **examples.first_settings(STRATEGIES[name]))


@pytest.mark.parametrize("name", SEEING)
@pytest.mark.parametrize("player", [0, 1])
def test_what_is_needed_to_see_is_named(name, player):
    other = f"player_{2 - player}"
    with pytest.raises(
        GameError, match=f"{name} needs to see what {other} does, and nothing shows it; observe: public"
    ):
        made(name, examples.ground("dilemma", "none"), player)


@pytest.mark.parametrize("name", ["penance", "turn_taking"])
def test_findings_show_no_action(name):
    with pytest.raises(
        GameError, match="nothing shows it; observe: public or private, or transparency would"
    ):
        made(name, examples.ground("dilemma", "findings"))


@pytest.mark.parametrize("name", [*SEEING, "comply", "always_cooperate", "comply_until"])
def test_an_agreement_is_needed(name):
    stage = gl.normal_form(payoffs=[[[5, 5], [0, 6]], [[6, 0], [1, 1]]])
    with pytest.raises(
        GameError, match=r"needs an agreement to keep, and this game has none|is defined for a symmetric"
    ):
        made(name, gl.repeated(stage, discount_factor=0.5))


@pytest.mark.parametrize(
    "name", ["memory_one", "extortion", "generous_zero_determinant", "equalizer", "penance", "turn_taking"]
)
@pytest.mark.parametrize("stage", ["team", "three actions"])
def test_two_by_two_is_needed(name, stage):
    with pytest.raises(GameError, match=f"{name} is defined for two players with two actions each"):
        made(name, examples.ground(stage, "public"))


def in_two_moves():
    """Return a dilemma in whose rounds a second, empty move follows the first."""
    game = examples.ground("dilemma", "public")
    waits = np.array([[[True, False], [True, False]]])
    keep = np.zeros((1, 2, 2), dtype=bool)
    money = game.flows["material"].by_profile
    paid_first = np.concatenate([money, 0 * money], axis=1)
    return game.replace(
        flows={"material": Flow("material", by_profile=paid_first)},
        states=("play", "wait"),
        start=np.array([[1.0, 0.0]]),
        allowed=np.concatenate([game.allowed, waits]),
        ends_round=np.array([False, True]),
        next_state=np.array([[1] * 4, [0] * 4]),
        levels=np.full((2, 2), -1),
        agreement=np.array([[0, 0], [-1, -1]]),
        keeps=np.concatenate([game.keeps, keep]),
        fallback=np.concatenate([game.fallback, np.array([[[[1.0, 0], [1, 0]]]])], axis=1),
        discount_factor=np.array([[[1.0], [0.9]]]),
    )


@pytest.mark.parametrize("name", ["penance", "turn_taking"])
def test_rounds_of_one_move_are_needed(name):
    with pytest.raises(
        GameError, match=f"{name} is for rounds of one move, and this game's rounds have more"
    ):
        made(name, in_two_moves())


@pytest.mark.parametrize("name", [name for name in SEEING if name not in ("penance", "turn_taking")])
def test_an_empty_second_move_changes_nothing(name):
    """Whoever counts rounds does in a round of two moves, one of them empty, what one does in one move."""
    game = in_two_moves()
    automaton = made(name, game)
    automaton.fits(game, 0)
    assert automaton.action[0, -1, :, 0].tolist() == [1] * len(automaton.states)
    there = {name: examples.first_settings(STRATEGIES[name])}
    for other in (there, "always_defect", "always_cooperate", "grim"):
        flat = examples.ground("dilemma", "public")
        ours, theirs = (gl.certify(one, [there, other]) for one in (game, flat))
        assert (ours.verdict, ours.nash) == (theirs.verdict, theirs.nash)
        np.testing.assert_allclose(
            gl.value(game, [there, other]).payoffs, gl.value(flat, [there, other]).payoffs
        )
