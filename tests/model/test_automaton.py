import example_games as examples
import numpy as np
import pytest

from gamelab.errors import GameError
from gamelab.model.automaton import Automaton, squeezed

PD = examples.ground("dilemma", "public")
LADDER = examples.ground("dilemma", "ladder that ends")


def automaton(**changes):
    """Return tit-for-tat of the first player, with some fields changed."""
    fields = {
        "name": "mine",
        "states": ("kind", "cross"),
        "start": 0,
        "action": np.array([[[[1.0, 0.0], [0.0, 1.0]]]]),
        "next": np.tile([0, 1, 0, 1], (1, 2, 2, 1)),
    }
    return Automaton(**{**fields, **changes})


def test_sound():
    mine = automaton()
    mine.fits(PD, 0)
    assert not mine.action.flags.writeable
    assert not mine.next.flags.writeable


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"action": np.ones((1, 2, 2))}, r"needs axes \(b, S, Q, A\) and next \(S, Q, A, V\)"),
        ({"next": np.zeros((2, 2, 4))}, r"needs axes \(b, S, Q, A\) and next \(S, Q, A, V\)"),
        ({"states": ("one",)}, r"has 1 states, but action \(1, 1, 2, 2\), next \(1, 2, 2, 4\)"),
        ({"next": np.zeros((1, 2, 3, 4))}, "has 2 states, but"),
        ({"next": np.zeros((1, 3, 2, 4))}, "has 2 states, but"),
        ({"start": 2}, "start or next names a state that is not among its 2"),
        ({"start": -1}, "start or next names a state"),
        ({"next": np.full((1, 2, 2, 4), 2)}, "start or next names a state"),
        ({"next": np.full((1, 2, 2, 4), -1)}, "start or next names a state"),
        ({"next": np.full((1, 2, 2, 4), 0.5)}, "0.5 stands where a whole number is needed"),
        ({"action": np.full((1, 1, 2, 2), 0.6)}, "probabilities that sum to 1"),
        ({"action": np.array([[[[1.5, -0.5], [0, 1]]]])}, "probabilities that sum to 1"),
        ({"action": np.full((1, 1, 2, 2), np.nan)}, "probabilities that sum to 1"),
    ],
)
def test_unsound(changes, words):
    with pytest.raises(GameError, match=words):
        automaton(**changes)


@pytest.mark.parametrize(
    ("game", "changes", "words"),
    [
        (
            examples.ground("three actions", "public"),
            {},
            "does not fit player_1: the game has 3 actions, 9 symbols and 1 states",
        ),
        (examples.ground("dilemma", "none"), {}, "the game has 2 actions, 1 symbols and 1 states"),
        (PD, {"action": np.tile([0.5, 0.5], (1, 3, 2, 1))}, "does not fit player_1"),
        (PD, {"next": np.zeros((3, 2, 2, 4))}, "does not fit player_1"),
        (PD, {"action": np.tile([0.5, 0.5], (3, 1, 2, 1))}, "has 3 points, the game 1"),
        (LADDER, {"next": np.zeros((1, 2, 2, 16))}, "does action 0, which state ended does not allow"),
    ],
)
def test_what_does_not_fit(game, changes, words):
    with pytest.raises(GameError, match=words) as refusal:
        automaton(**changes).fits(game, 0)
    assert refusal.value.key == "mine"


def test_each_state_of_the_game_may_have_its_own_actions():
    action = np.zeros((1, 5, 2, 2))
    action[:, :4, :, 0] = 1
    action[:, 4, :, 1] = 1
    automaton(action=action, next=np.zeros((1, 2, 2, 16))).fits(LADDER, 0)


def test_take():
    action = np.tile([0.5, 0.5], (3, 1, 2, 1))
    action[1] = [0.25, 0.75]
    part = automaton(action=action).take([1])
    assert part.action.tolist() == [[[[0.25, 0.75]] * 2]]
    assert not part.action.flags.writeable
    assert automaton().take([2]).action.shape[0] == 1, "the same for all points stays"


@pytest.mark.parametrize(("rows", "size"), [([[1, 2], [1, 2]], 1), ([[1, 2], [1, 3]], 2), ([[1, 2]], 1)])
def test_squeezed(rows, size):
    assert squeezed(np.array(rows), 0).shape == (size, 2)
