"""Symmetry: which profiles a relabelling of players and actions maps to themselves."""

import itertools
import math

import draws
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gamelab as gl
from gamelab.errors import GameError
from gamelab.model.automaton import Automaton
from gamelab.solve.symmetry import is_symmetric, symmetries
from gamelab.strategies.profile import profile_of

BATTLE = gl.normal_form(payoffs=[[[2, 1], [0, 0]], [[0, 0], [1, 2]]], actions=["football", "opera"])
PENNIES = gl.normal_form(
    payoffs=[[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], fallback=[{"1": 0.5, "2": 0.5}] * 2
)


def symmetric(game, profile):
    return is_symmetric(game, profile_of(game, profile))


def test_symmetries_of_stage_games():
    assert list(symmetries(draws.dilemma(rounds=1))) == [
        ((0, 1), ((0, 1), (0, 1))),
        ((1, 0), ((0, 1), (0, 1))),
    ]
    # battle's favourites are each other's: players and both players' labels are swapped together
    assert list(symmetries(BATTLE)) == [((0, 1), ((0, 1), (0, 1))), ((1, 0), ((1, 0), (1, 0)))]
    assert len(list(symmetries(PENNIES))) == 4
    total = np.add.outer(np.add.outer([0, 1], [0, 1]), [0, 1])
    share = np.stack([total - 2 * own for own in np.indices((2, 2, 2))], axis=-1)
    three = gl.normal_form(payoffs=share.tolist(), fallback=["1"] * 3)
    assert len(list(symmetries(three))) == 6


@pytest.mark.parametrize("shift", [0, 1e6])
@pytest.mark.parametrize("scale", [1e-6, 1, 1e6])
def test_symmetries_do_not_depend_on_units(shift, scale):
    payoffs = tuple(scale * (x + shift) for x in (5, 3, 1, 0))
    assert len(list(symmetries(draws.dilemma(payoffs, rounds=1)))) == 2


@pytest.mark.parametrize(
    ("profile", "alike"),
    [
        ("grim", True),
        ("tit_for_tat", True),
        ("penance", True),
        ({"extortion": {"factor": 2}}, True),
        ("always_defect", True),
        ("turn_taking", False),
        (["grim", "tit_for_tat"], False),
        (["grim", "always_cooperate"], False),
        ([{"limited_punishment": {"rounds": 2}}, {"limited_punishment": {"rounds": 3}}], False),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "noise", [{}, {"misreading": 0.1}, {"tremble": 0.1}, {"observe": "private"}], ids=str
)
def test_profiles_of_the_dilemma(profile, alike, noise):
    assert symmetric(draws.dilemma(discount_factor=0.9, **noise), profile) is alike


def test_the_same_conduct_in_other_words_is_the_same():
    game = draws.dilemma(discount_factor=0.9)
    never = {"memory_one": {"cc": 0, "cd": 0, "dc": 0, "dd": 0, "first": 0}}
    assert symmetric(game, ["always_defect", never])


@pytest.mark.parametrize(
    ("profile", "alike"),
    [("comply", True), ("always_defect", True), ({"comply_until": {"level": 1}}, True),
     (["comply", {"comply_until": {"level": 1}}], False), ("grim", True)],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("after_last", ["repeat", "end"])
def test_profiles_with_a_ladder(profile, alike, after_last):
    game = gl.monitoring(draws.dilemma(discount_factor=0.9, observe="none"), detection=0.9, false_alarm=0.1)
    ladder = gl.graduated_sanctions(game, fines=[1.8, 6, 20], forgiveness=0.5, after_last=after_last)
    assert symmetric(ladder, profile) is alike


def test_equilibria_of_battle():
    game = gl.repeated(BATTLE, discount_factor=0.9)
    football, mixed, opera = ({"stage_nash": {"equilibrium": k}} for k in range(3))
    assert not symmetric(game, football)
    assert not symmetric(game, opera)
    assert symmetric(game, mixed)


def test_alternation_in_battle_is_not_symmetric_and_mixed_attrition_is():
    game = gl.repeated(BATTLE, discount_factor=0.9)
    turns = Automaton(
        name="turns",
        states=("hers", "his"),
        start=0,
        action=np.eye(2)[None, None],
        next=np.broadcast_to(np.array([1, 0])[None, :, None, None], (1, 2, 2, 4)),
    )
    assert not is_symmetric(game, [turns, turns])

    def yields(own):
        action = np.full((1, 1, 1, 2), 0.25)
        action[..., own] = 0.75
        return Automaton(
            name="insists", states=("q",), start=0, action=action, next=np.zeros((1, 1, 2, 4), int)
        )

    assert is_symmetric(game, [yields(0), yields(1)])
    assert not is_symmetric(game, [yields(0), yields(0)])


def test_a_cycle_of_three_players_is_enough():
    # who wants what the next one does: only rotations are symmetries, and they suffice
    def pay(profile):
        return [2.0 * (profile[i] == profile[(i + 1) % 3]) + profile[i] for i in range(3)]

    table = [[[pay((a, b, c)) for c in (0, 1)] for b in (0, 1)] for a in (0, 1)]
    game = gl.repeated(gl.normal_form(payoffs=table, fallback=["2"] * 3), discount_factor=0.5)
    assert len(list(symmetries(game))) == 3
    assert symmetric(game, "stage_nash")


def test_too_many_relabellings_are_refused_in_words(monkeypatch):
    monkeypatch.setattr("gamelab.solve.symmetry.MOST_RELABELLINGS", 1000)
    alike = gl.normal_form(payoffs=np.zeros((6, 6, 2)).tolist(), fallback=["1", "1"])
    with pytest.raises(GameError, match="too many relabellings"):
        list(symmetries(alike))


def test_of_many_relabellings_few_are_tried():
    """Of (7!)^2 only the one that changes nothing leaves payoffs that all differ as they are."""
    payoffs = np.random.default_rng(0).random((7, 7, 2)).tolist()
    plain = tuple(range(7))
    many = gl.normal_form(payoffs=payoffs, fallback=["1", "1"])
    assert list(symmetries(many)) == [((0, 1), (plain, plain))]


@given(st.data())
def test_symmetries_are_those_of_a_plain_loop(data):
    sizes = data.draw(st.sampled_from([(2, 2), (3, 3), (2, 3), (1, 2), (2, 2, 2), (2, 1, 2)]))
    n, whole = len(sizes), st.integers(0, data.draw(st.integers(0, 2)))
    payoffs = np.array(
        data.draw(st.lists(whole, min_size=n * math.prod(sizes), max_size=n * math.prod(sizes)))
    )
    payoffs = payoffs.reshape((*sizes, n))
    game = gl.normal_form(payoffs=payoffs.tolist(), fallback=["1"] * n)

    def unchanged(players, actions):
        for profile in np.ndindex(*sizes):
            image = [0] * n
            for i, j in enumerate(players):
                image[j] = actions[i][profile[i]]
            if any(payoffs[(*profile, i)] != payoffs[(*image, j)] for i, j in enumerate(players)):
                return False
        return True

    assert sorted(symmetries(game)) == [
        (players, actions)
        for players in itertools.permutations(range(n))
        if all(sizes[i] == sizes[j] for i, j in enumerate(players))
        and (game.has_choice[:, players] == game.has_choice).all()
        for actions in itertools.product(*(itertools.permutations(range(size)) for size in sizes))
        if unchanged(players, actions)
    ]


def test_partner_and_gainer_are_never_interchangeable():
    """Not even where what they get is the same: one moves first."""
    for settings in ({"value": 10, "cost": 2, "payment": 4}, {"value": 4, "cost": 1, "payment": 2.5}):
        game = gl.repeated(gl.time_inconsistency(**settings), discount_factor=0.9)
        assert all(players == (0, 1) for players, _ in symmetries(game))
        for profile in ("grim", "stage_nash", "comply", ["always_cooperate", "honour"]):
            assert not symmetric(game, profile)


@pytest.mark.parametrize("c", [0, 1.5])
def test_battles_swap(c):
    """Players and labels are swapped together: what mixes alike is symmetric, what starts with one is not."""
    game = gl.repeated(gl.battle(high=3, low=2, disagreement=c), discount_factor=0.9)
    assert list(symmetries(game)) == [((0, 1), ((0, 1), (0, 1))), ((1, 0), ((1, 0), (1, 0)))]
    for profile in ("insist", "mix_then_alternate", "stage_nash", "always_defect"):
        assert symmetric(game, profile)
    assert not symmetric(game, "turn_taking")
    for k, alike in enumerate([False, True, False]):
        assert symmetric(game, {"stage_nash": {"equilibrium": k}}) == alike
    assert not symmetric(game, ["insist", "stage_nash"])
