"""Every rule of a sound game broken once: the refusal names the field, the place and the value."""

from fractions import Fraction

import example_games as examples
import numpy as np
import pytest

import gamelab as gl
from gamelab.errors import GameError
from gamelab.model.game import FIELDS, Game
from gamelab.model.ledger import Flow
from gamelab.model.soundness import RULES, check_game

PD = examples.ground("dilemma", "public noise")
LADDER = examples.ground("dilemma", "ladder that ends")
TREMBLE = examples.ground("dilemma", "tremble")


def put(array, place, value):
    changed = np.array(array)
    changed[place] = value
    return changed


def in_two_moves(**changes):
    """Return the dilemma with states s0, s1 of which the second ends the round."""
    single = examples.ground("dilemma", "none")
    fields = {
        "states": ("s0", "s1"),
        "start": np.array([[1.0, 0.0]]),
        "allowed": np.repeat(single.allowed, 2, axis=0),
        "ends_round": np.array([False, True]),
        "next_state": np.array([[1], [0]]),
        "levels": np.repeat(single.levels, 2, axis=0),
        "agreement": np.repeat(single.agreement, 2, axis=0),
        "keeps": np.repeat(single.keeps, 2, axis=0),
        "fallback": np.repeat(single.fallback, 2, axis=1),
        "discount_factor": np.array([[[1.0], [0.9]]]),
    }
    return single.replace(**{**fields, **changes})


def line(kind="material", **parts):
    return {"flows": {"x": Flow(kind, **parts)}}


BROKEN = [
    # names
    ("no player", PD, {"players": ()}, "players", "at least one player"),
    ("actions of one only", PD, {"actions": (("C", "D"),)}, "actions", "non-empty tuple of actions"),
    ("no action", PD, {"actions": (("C", "D"), ())}, "actions", "non-empty tuple of actions"),
    ("no state", PD, {"states": ()}, "states", "at least one state"),
    ("no outcome", PD, {"outcomes": ()}, "outcomes", "one outcome"),
    (
        "accounts",
        PD,
        {"accounts": ("authority", *PD.players)},
        "accounts",
        "first 2 accounts must be the players.*authority",
    ),
    ("player twice", PD, {"players": ("a", "a"), "accounts": ("a", "a")}, "players", "'a' is there twice"),
    ("account twice", PD, {"accounts": (*PD.players, "x", "x")}, "accounts", "'x' is there twice"),
    ("action twice", PD, {"actions": (("C", "D"), ("C", "C"))}, "actions of player_2", "'C' is there twice"),
    ("state twice", LADDER, {"states": ("x",) * 5}, "states", "'x' is there twice"),
    # shapes
    ("start", PD, {"start": np.ones((1, 2))}, "start", r"\(1, 2\).*must have sizes \(1, 1\)"),
    ("dimensions", PD, {"start": np.ones(1)}, "start", r"has shape \(1,\)"),
    ("allowed", PD, {"allowed": np.ones((1, 2, 3))}, "allowed", r"\(1, 2, 3\).*\(1, 2, 2\)"),
    ("ends_round", PD, {"ends_round": np.ones(2)}, "ends_round", r"\(2,\)"),
    (
        "probabilities",
        PD,
        {"probabilities": np.ones((1, 1, 3, 4)) / 4},
        "probabilities",
        r"\(1, 1, 4 or 1, 4\)",
    ),
    ("batch", PD, {"probabilities": np.ones((2, 1, 1, 4)) / 4}, "probabilities", r"\(2, 1, 1, 4\)"),
    ("grid", PD, {"shape": (3,), "start": np.ones((2, 1))}, "start", r"\(3 or 1, 1\)"),
    ("next_state", PD, {"next_state": np.zeros((1, 3))}, "next_state", r"\(1, 3\)"),
    ("views", PD, {"views": np.zeros((3, 4))}, "views", r"\(3, 4\)"),
    ("conduct", PD, {"conduct": -np.ones((2, 4))}, "conduct", r"\(2, 4\).*\(2, 2, 4\)"),
    ("deeds", PD, {"deeds": -np.ones((2, 3))}, "deeds", r"\(2, 3\)"),
    ("finding", PD, {"finding": np.zeros((1, 4))}, "finding", r"\(1, 4\)"),
    ("levels", PD, {"levels": np.zeros((2, 2))}, "levels", r"\(2, 2\)"),
    ("agreement", PD, {"agreement": np.zeros((1, 3))}, "agreement", r"\(1, 3\)"),
    ("keeps", PD, {"keeps": np.ones((1, 2, 1))}, "keeps", r"\(1, 2, 1\)"),
    ("fallback", PD, {"fallback": np.ones((1, 1, 1, 2)) / 2}, "fallback", r"\(1, 1, 1, 2\)"),
    (
        "discount_factor",
        PD,
        {"discount_factor": np.ones((1, 1, 3)) / 2},
        "discount_factor",
        r"\(1, 1, 2 or 1\)",
    ),
    (
        "by_profile",
        PD,
        line(by_profile=np.ones((1, 1, 4, 2))),
        r"flows\[x\].by_profile",
        r"\(1, 1, 4, 2\).*4 or 1, 3\)",
    ),
    ("by_outcome", PD, line(by_outcome=np.ones((1, 1, 1, 3))), r"flows\[x\].by_outcome", r"\(1, 1, 1, 3\)"),
    # indices
    (
        "half",
        PD,
        {"next_state": put(PD.next_state.astype(float), (0, 2), 0.5)},
        "next_state",
        "0.5 .*whole number",
    ),
    ("nan", PD, {"views": put(PD.views.astype(float), (1, 2), np.nan)}, "views", "nan .*whole number"),
    ("half allowed", PD, {"allowed": np.full((1, 2, 2), 0.5)}, "allowed", "0.5 .*truth value"),
    (
        "next state",
        PD,
        {"next_state": put(PD.next_state, (0, 2), 1)},
        "next_state",
        r"is 1 at \(0, 2\), outside",
    ),
    (
        "below",
        PD,
        {"next_state": put(PD.next_state, (0, 2), -1)},
        "next_state",
        r"is -1 at \(0, 2\), outside",
    ),
    ("view", PD, {"views": put(PD.views, (1, 3), -1)}, "views", r"is -1 at \(1, 3\), outside"),
    (
        "many symbols",
        PD,
        {"views": put(PD.views, (1, 3), 4)},
        "views",
        "more symbols than there are outcomes",
    ),
    ("reading", PD, {"conduct": put(PD.conduct, (0, 1, 3), 2)}, "conduct", r"is 2 at \(0, 1, 3\), outside"),
    ("low reading", PD, {"conduct": put(PD.conduct, (0, 1, 3), -2)}, "conduct", r"is -2 at \(0, 1, 3\)"),
    ("deed", TREMBLE, {"deeds": put(TREMBLE.deeds, (1, 0), 2)}, "deeds", r"is 2 at \(1, 0\), outside"),
    (
        "half a deed",
        TREMBLE,
        {"deeds": put(TREMBLE.deeds, (1, 0), -1)},
        "deeds",
        "everybody .*, or of nobody",
    ),
    ("finding index", PD, {"finding": put(PD.finding, (1, 0), 3)}, "finding", r"is 3 at \(1, 0\)"),
    ("low finding", PD, {"finding": put(PD.finding, (1, 0), -1)}, "finding", r"is -1 at \(1, 0\)"),
    ("level", LADDER, {"levels": put(LADDER.levels, (4, 1), -2)}, "levels", r"is -2 at \(4, 1\)"),
    ("agreement index", PD, {"agreement": np.array([[0, 2]])}, "agreement", r"is 2 at \(0, 1\)"),
    ("rounds", PD, {"rounds": 0}, "rounds", "is 0; .*at least one round"),
    # lotteries
    (
        "start sum",
        LADDER,
        {"start": np.full((1, 5), 0.1)},
        "start",
        r"at \(0,\): .*sum to 1 .*these sum to 0.5",
    ),
    (
        "sum",
        PD,
        {"probabilities": np.full((1, 1, 4, 4), 0.3)},
        "probabilities",
        r"0.3.* at \(0, 0, 0\).*sum to 1.2",
    ),
    (
        "negative",
        PD,
        {"probabilities": put(PD.probabilities, (0, 0, 2), [-0.5, 0.5, 0.5, 0.5])},
        "probabilities",
        r"-0.5.* at \(0, 0, 2\): probabilities of at least 0",
    ),
    (
        "nan lottery",
        PD,
        {"probabilities": put(PD.probabilities, (0, 0, 1, 1), np.nan)},
        "probabilities",
        r"\(0, 0, 1\)",
    ),
    ("mixture", PD, {"fallback": np.full((1, 1, 2, 2), 0.4)}, "fallback", r"at \(0, 0, 0\).*sum to 0.8"),
    (
        "fallback not allowed",
        PD,
        {"allowed": np.array([[[1, 1], [1, 0]]]), "agreement": np.array([[0, -1]])},
        "allowed",
        "player_2 is given an action that is not there",
    ),
    ("nothing to do", PD, {"allowed": np.array([[[1, 1], [0, 0]]])}, "allowed", "player_2"),
    # rounds
    (
        "negative factor",
        PD,
        {"discount_factor": np.full((1, 1, 1), -0.5)},
        "discount_factor",
        "is -0.5; from 0 to 1",
    ),
    (
        "nan factor",
        PD,
        {"discount_factor": np.full((1, 1, 1), np.nan)},
        "discount_factor",
        "is nan; from 0 to 1",
    ),
    (
        "large factor",
        PD,
        {"discount_factor": np.full((1, 1, 1), 1.5)},
        "discount_factor",
        "is 1.5; from 0 to 1",
    ),
    (
        "one for ever",
        PD,
        {"discount_factor": np.ones((1, 1, 1))},
        "discount_factor",
        "below 1 in an open-ended game",
    ),
    ("no end of a round", PD, {"ends_round": np.zeros(1)}, "ends_round", "no state ends a round"),
    (
        "two factors",
        LADDER,
        {"discount_factor": put(LADDER.discount_factor, (0, 3), 0.5)},
        "discount_factor",
        "the same in all states that end a round",
    ),
    # sight
    (
        "sees too little",
        PD,
        {"views": np.zeros((2, 4))},
        "conduct",
        r"what player_1 reads is not a function .*'read \(C, D\)'",
    ),
    (
        "finding unseen",
        LADDER,
        {"views": np.stack([LADDER.views[0], np.zeros(16)]), "conduct": np.full((2, 2, 16), -1)},
        "finding",
        "what player_2 reads is not a function of what player_2 sees",
    ),
    (
        "own deed unseen",
        TREMBLE,
        {"views": np.tile(np.arange(4), (2, 4))},
        "deeds",
        "what player_1 reads",
    ),
    (
        "unequal record",
        PD,
        {"conduct": put(PD.conduct, (1, 0), [1, 1, 0, 0])},
        "conduct",
        "public record of player_1 must read the same to everybody",
    ),
    # agreement
    (
        "agreement not allowed",
        PD,
        {"allowed": np.array([[[1, 1], [0, 1]]])},
        "agreement",
        "player_2 cannot do 'C' in state ",
    ),
    ("not keeping", PD, {"keeps": np.zeros((1, 2, 2))}, "keeps", "'C' must itself count as keeping it"),
    (
        "waiting",
        PD,
        {"allowed": np.array([[[1, 1], [1, 0]]]), "fallback": np.array([[[[0.0, 1], [1, 0]]]])},
        "agreement",
        "player_2 has no choice in state ",
    ),
    # flows
    (
        "kind",
        PD,
        line("income", by_profile=np.ones((1, 1, 1, 3))),
        r"flows\[x\]",
        "'income' is not a kind; write material",
    ),
    ("empty line", PD, line(), r"flows\[x\]", "by_profile or by_outcome"),
    (
        "too large",
        PD,
        line(by_profile=np.full((1, 1, 1, 3), 2e150)),
        r"flows\[x\]",
        "too large to compute with",
    ),
    ("infinite", PD, line(by_profile=np.full((1, 1, 1, 3), np.inf)), r"flows\[x\]", "not a finite number"),
    ("nan payoff", PD, line(by_outcome=np.full((1, 1, 4, 3), np.nan)), r"flows\[x\]", "not a finite number"),
    (
        "unbalanced",
        PD,
        line("transfer", by_profile=np.ones((1, 1, 1, 3))),
        r"flows\[x\]",
        "must sum to zero over all accounts",
    ),
]


@pytest.mark.parametrize(("name", "game", "changes", "key", "words"), BROKEN, ids=[row[0] for row in BROKEN])
def test_broken_rules_are_refused(name, game, changes, key, words):
    with pytest.raises(GameError, match=words) as refusal:
        game.replace(**changes)
    assert refusal.match(rf"^{key}: ")


@pytest.mark.parametrize("rule", RULES)
def test_rules_say_all_that_they_read(rule):
    """Only then may a rule be left out where none of that has changed."""
    read = set()

    class Watched(Game):
        def __getattribute__(self, name):
            read.add(name)
            return super().__getattribute__(name)

    for game in (*(examples.ground(*pair) for pair in examples.PAIRS), in_two_moves()):
        watched = object.__new__(Watched)
        for name in FIELDS:
            object.__setattr__(watched, name, getattr(game, name))
        rule(watched)
    assert read & FIELDS
    assert read & FIELDS <= set(RULES[rule])


def test_only_known_fields_can_be_replaced():
    with pytest.raises(TypeError, match="patience"):
        PD.replace(patience=0.9)


def test_examples_are_sound():
    for stage, name in examples.PAIRS:
        check_game(examples.ground(stage, name))


def test_two_moves_in_a_round_are_sound():
    assert in_two_moves().ends_round.tolist() == [False, True]


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        (
            {"discount_factor": np.array([[[0.9], [0.9]]])},
            "discount_factor",
            "1 in every state that does not end",
        ),
        ({"next_state": np.array([[0], [0]])}, "ends_round", "a round could go on for ever at s0"),
    ],
)
def test_rounds_end(changes, key, words):
    with pytest.raises(GameError, match=words) as refusal:
        in_two_moves(**changes)
    assert refusal.value.key == key


def test_a_loop_inside_a_round_that_never_happens_is_sound():
    """Only what can happen counts: an outcome of probability zero that would lead back is no loop."""
    game = in_two_moves(
        outcomes=("goes on", "never"),
        probabilities=np.array([[[[1.0, 0.0]]]]),
        next_state=np.array([[1, 0], [0, 0]]),
        views=np.zeros((2, 2)),
        conduct=np.full((2, 2, 2), -1),
        deeds=np.full((2, 2), -1),
        finding=np.zeros((2, 2)),
    )
    assert game.leads_to.tolist() == [[False, True], [True, False]]


def test_finite_games_may_not_discount():
    assert PD.replace(discount_factor=np.ones((1, 1, 1)), rounds=3).rounds == 3


def test_a_transfer_may_be_off_by_rounding_only():
    uneven = np.array([0.1, 0.2, -0.3])[None, None, None]
    assert PD.replace(**line("transfer", by_profile=uneven)).flows["x"].kind == "transfer"
    large = np.array([1e9, 2e9, -3e9 - 1e-7])[None, None, None]
    assert PD.replace(**line("transfer", by_profile=large)).flows["x"].kind == "transfer"
    with pytest.raises(GameError, match="sum to zero"):
        PD.replace(**line("transfer", by_profile=np.array([1, 1, -2.001])[None, None, None]))


def test_every_point_of_a_grid_is_checked():
    probabilities = np.repeat(PD.probabilities, 3, axis=0)
    probabilities[2, 0, 1] = [0.5, 0.5, 0.5, 0]
    with pytest.raises(GameError, match=r"at \(2, 0, 1\)"):
        PD.replace(shape=(3,), probabilities=probabilities)


def test_players_may_differ_in_patience():
    game = PD.replace(discount_factor=np.array([[[0.9, 0.5]]]))
    assert game.one_discount.tolist() == [[0.9, 0.5]]


@pytest.mark.parametrize("exact", [False, True])
def test_payoffs_too_small_to_compute_with_are_refused(exact):
    """Thresholds divide by them. A single tiny one beside others is as good as nothing, and allowed."""
    with gl.exactly(exact):
        tiny = Fraction(1, 10**320) if exact else 1e-320
        with pytest.raises(GameError, match="have no payoff above 1e-150 in size, too small") as refusal:
            gl.prisoners_dilemma(temptation=5 * tiny, reward=3 * tiny, punishment=tiny, sucker=0)
        assert refusal.value.key == "flows"
        gl.prisoners_dilemma(temptation=5, reward=3, punishment=tiny, sucker=0)


@pytest.mark.parametrize("name", ["Ann\u202e", "\u200bBob", "zero\u2060width"], ids=ascii)
def test_names_with_characters_that_are_not_seen_are_refused(name):
    with pytest.raises(GameError, match=r"players: .*not seen") as refusal:
        gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0, players=[name, "Cy"])
    assert str(refusal.value).isprintable()
    with pytest.raises(GameError, match=r"actions of player_1: .*not seen"):
        gl.normal_form(payoffs=[[[1, 1], [0, 0]], [[0, 0], [1, 1]]], actions=[name, "other"])
