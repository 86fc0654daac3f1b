import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.model.stage import action_index, labelled, named, pure_equilibria

PRISONERS = {"temptation": 5, "reward": 3, "punishment": 1, "sucker": 0}


def test_names():
    assert named(None, 3) == ("player_1", "player_2", "player_3")
    assert named(["a", "b"], 2) == ("a", "b")


@pytest.mark.parametrize(
    "bad", ["ab", ["a"], ["a", "b", "c"], ["a", 1], 5, True, {"a": 1, "b": 2}, ["a", None], []]
)
def test_bad_names(bad):
    with pytest.raises(GameError, match="given; this stage game needs a list of 2 names") as refusal:
        named(bad, 2)
    assert refusal.value.key == "players"


def test_nobody_is_called_authority():
    with pytest.raises(GameError, match="choose another name"):
        named(["authority", "b"], 2)


def test_a_name_is_given_once():
    with pytest.raises(GameError, match="'a' is there twice"):
        gl.prisoners_dilemma(**PRISONERS, players=["a", "a"])


@pytest.mark.parametrize(
    ("given_labels", "labels"),
    [
        (None, (("C", "D"), ("C", "D"))),
        (["a", "b"], (("a", "b"), ("a", "b"))),
        ([["a", "b"], ["c", "d"]], (("a", "b"), ("c", "d"))),
        ((("a", "b"), [1, 2]), (("a", "b"), ("1", "2"))),
    ],
)
def test_labels(given_labels, labels):
    assert labelled(given_labels, (2, 2), ("C", "D")) == labels
    assert gl.prisoners_dilemma(**PRISONERS, actions=given_labels).actions == labels


@pytest.mark.parametrize(
    "bad",
    [
        "CD",
        ["a"],
        ["a", "b", "c"],
        [["a", "b"]],
        [["a", "b"], ["c"]],
        [["a", "b"], "cd"],
        5,
        [1, 2],
        {"a": 1},
        [],
    ],
)
def test_bad_labels(bad):
    with pytest.raises(GameError, match="given; write 2 labels, or one such list per player") as refusal:
        labelled(bad, (2, 2), ())
    assert refusal.value.key == "actions"


def test_labels_of_unequal_sizes():
    assert labelled([["a"], ["c", "d"]], (1, 2), ()) == (("a",), ("c", "d"))
    assert labelled(None, (1, 2), ()) == (("1",), ("1", "2"))
    with pytest.raises(GameError, match="write 1 and 2 labels"):
        labelled(["a", "b"], (1, 2), ())


def test_a_label_is_there_once():
    with pytest.raises(GameError, match="actions of player_1: 'a' is there twice"):
        gl.prisoners_dilemma(**PRISONERS, actions=["a", "a"])


def test_action_index():
    assert action_index("b", ("a", "b"), "agreement") == 1
    assert action_index(2, ("1", "2"), "agreement") == 1
    with pytest.raises(
        GameError, match="agreement: 'cooperat' is no action here; write cooperate or defect; did you mean"
    ):
        action_index("cooperat", ("cooperate", "defect"), "agreement")


@settings(max_examples=up_to(40))
@given(seed=st.integers(0, 2**32 - 1), sizes=st.sampled_from([(2, 2), (2, 3), (1, 2), (2, 2, 2), (3,)]))
def test_pure_equilibria(seed, sizes):
    payoffs = (
        np.random.default_rng(seed).integers(0, 4, size=(2, int(np.prod(sizes)), len(sizes))).astype(float)
    )
    found = pure_equilibria(payoffs, sizes)
    profiles = list(itertools.product(*map(range, sizes)))
    for b, (p, profile) in itertools.product(range(2), enumerate(profiles)):
        best = True
        for i, size in enumerate(sizes):
            for a in range(size):
                other = profiles.index((*profile[:i], a, *profile[i + 1 :]))
                best = best and payoffs[b, p, i] >= payoffs[b, other, i]
        assert found[b, p] == best


def test_slack_forgives_small_gains():
    payoffs = np.array([[[1.0], [1.0 + 1e-7]]])
    assert pure_equilibria(payoffs, (2,)).tolist() == [[False, True]]
    assert pure_equilibria(payoffs, (2,), 1e-6).tolist() == [[True, True]]
    assert pure_equilibria(payoffs.repeat(2, axis=0), (2,), np.array([0, 1e-6])).tolist() == [
        [False, True],
        [True, True],
    ]
