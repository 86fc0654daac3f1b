"""Symmetry: which profiles a relabelling of players and actions maps to themselves."""

import itertools
import math
from fractions import Fraction

import draws
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gamelab as gl
from gamelab.errors import GameError
from gamelab.model.automaton import Automaton
from gamelab.model.exactness import exactly
from gamelab.solve import game_symmetries
from gamelab.solve.symmetry import is_symmetric, symmetric_points
from gamelab.strategies.profile import profile_of

BATTLE = gl.normal_form(
    payoffs=[[[2, 1], [0, 0]], [[0, 0], [1, 2]]],
    actions=["football", "opera"],
    fallback=[{"football": 0.75, "opera": 0.25}, {"football": 0.25, "opera": 0.75}],
)
PENNIES = gl.normal_form(
    payoffs=[[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], fallback=[{"1": 0.5, "2": 0.5}] * 2
)


def symmetries(game):
    """Yield symmetries as where players go, and what their actions become."""
    return ((one.players, one.actions) for one in game_symmetries.symmetries(game))


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
    monkeypatch.setattr(game_symmetries, "MOST_WORK", 10**6)
    alike = gl.normal_form(
        payoffs=np.zeros((6, 6, 2)).tolist(), fallback=[{str(k): 1 / 6 for k in range(1, 7)}] * 2
    )
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

    by_default = all(
        payoffs[..., i].swapaxes(0, i)[(slice(None), *(0,) * (n - 1))].argmax() == 0 for i in range(n)
    )

    def unchanged(players, actions):
        if not by_default and any(images[0] != 0 for images in actions):  # of the fallback
            return False
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
            assert symmetric(game, profile)  # nobody is to be treated as the other one is


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


def volunteers(n, cost=1, fallback=None):
    """Return the volunteer's dilemma: who volunteers pays, and everybody gains where somebody does."""
    table = np.zeros((2,) * n + (n,))
    for profile in np.ndindex((2,) * n):
        table[profile] = 3 * (0 in profile) - cost * (np.array(profile) == 0)
    return gl.normal_form(payoffs=table.tolist(), fallback=fallback or [{"1": 0.5, "2": 0.5}] * n)


@pytest.mark.parametrize("n", [3, 5, 7])
def test_many_players(n):
    game = gl.repeated(volunteers(n), discount_factor=0.5)
    assert symmetric(game, "stage_nash")
    assert symmetric(game, "tit_for_tat" if n < 3 else "always_defect")
    assert not symmetric(game, [first(0)] + [first(1)] * (n - 1))
    by_label = volunteers(n, cost=np.arange(n) == 0)  # one player's cost is other than the others'
    game = gl.repeated(by_label, discount_factor=0.5)
    assert symmetric(game, [first(0)] + [first(1)] * (n - 1))
    assert not symmetric(game, [first(1)] * (n - 1) + [first(0)])


def first(action):
    """Return what makes a strategy that always does one action."""

    def strategy(game, player):
        chances = np.zeros((1, 1, 1, game.allowed.shape[2]))
        chances[..., action] = 1
        shape = (1, 1, game.allowed.shape[2], int(game.views[player].max()) + 1)
        return Automaton(name="one", states=("q",), start=0, action=chances, next=np.zeros(shape, int))

    return strategy


def plans(n=3):
    """Return ministries with a plan each: all gain if they agree, each most by its own plan."""
    table = np.zeros((n,) * n + (n,))
    for k in range(n):
        table[(k,) * n] = np.where(np.arange(n) == k, 6, 4)
    even = [{str(k + 1): Fraction(1, n) for k in range(n)}] * n
    return gl.normal_form(payoffs=table.astype(int).tolist(), fallback=even)


def test_players_and_plans_move_together():
    game = gl.repeated(plans(), discount_factor=0.5)
    assert len(list(symmetries(game))) == 6
    assert not symmetric(game, [first(0)] * 3)  # all do what the first one wants
    assert symmetric(game, [first(k) for k in range(3)])  # each insists
    assert not symmetric(game, [first(0), first(1), first(1)])
    four = gl.repeated(plans(4), discount_factor=0.5)
    assert symmetric(four, [first(k) for k in range(4)])
    assert not symmetric(four, [first(0)] * 4)


def test_three_players_with_four_actions_that_nothing_tells_apart():
    table = np.zeros((4, 4, 4, 3))
    for profile in np.ndindex(4, 4, 4):
        table[profile] = len(set(profile))  # different actions are better, whichever
    stage = gl.normal_form(payoffs=table.tolist(), fallback=[{str(k): 0.25 for k in range(1, 5)}] * 3)
    game = gl.repeated(stage, discount_factor=0.5)
    assert len(list(symmetries(game))) == 6 * 24
    assert symmetric(game, "stage_nash")
    assert symmetric(game, [first(0), first(1), first(2)])  # swap two players and their actions
    assert not symmetric(game, [first(0), first(0), first(2)])


def test_the_agreement_is_part_of_the_game():
    table = [[[3, 3], [0, 5]], [[5, 0], [1, 1]]]

    def made(agreement):
        stage = gl.normal_form(payoffs=table, agreement=agreement, fallback=["2", "2"])
        return gl.repeated(stage, discount_factor=0.9)

    assert len(list(symmetries(made(["1", "1"])))) == 2
    assert not symmetric(made(["1", "1"]), [first(0), first(1)])
    assert len(list(symmetries(made(["1", "2"])))) == 1
    assert symmetric(made(["1", "2"]), [first(0), first(1)])
    # also where all actions count as keeping it
    quota = made(["1", "2"]).replace(keeps=np.ones((1, 2, 2), bool))
    assert len(list(symmetries(quota))) == 1


def test_the_start_is_part_of_the_game():
    rotation = gl.convention(gl.repeated(gl.battle(high=3, low=1), discount_factor=0.9))
    assert len(list(symmetries(rotation))) == 1  # somebody starts
    assert symmetric(rotation, "comply")
    even = rotation.replace(start=np.array([[0.5, 0.5]]))
    assert [one.states.tolist() for one in game_symmetries.symmetries(even)] == [[0, 1], [1, 0]]
    assert symmetric(even, "comply")
    assert not symmetric(even, ["comply", "always_defect"])


@pytest.mark.parametrize(
    ("institution", "count"),
    [
        (lambda game: gl.monitoring(game, detection=0.9, cost=0.1), 2),
        (lambda game: gl.transparency(game, reach=0.8, misreading=0.1), 2),
        (lambda game: gl.public_signal(game, good=[0.9, 0.5, 0.4]), 2),
        (lambda game: gl.public_signal(game, good=[0.9, 0.6, 0.5, 0.4]), 1),  # deviations of one show less
        (lambda game: gl.altruism(game, weight=0.3), 2),
        (lambda game: game.replace(discount_factor=np.array([[[0.9, 0.8]]])), 1),
        (lambda game: game.replace(fallback=np.array([[[[0, 1], [1, 0]]]])), 1),
    ],
)
def test_institutions_are_part_of_the_game(institution, count):
    game = institution(draws.dilemma(discount_factor=0.9, observe="none"))
    assert len(list(symmetries(game))) == count


def test_private_readings_swap():
    game = draws.dilemma(discount_factor=0.9, observe="private", misreading=0.1, tremble=0.05)
    assert len(list(symmetries(game))) == 2


@given(st.data())
def test_profiles_are_symmetric_as_a_plain_loop_says(data):
    sizes = data.draw(st.sampled_from([(2, 2), (2, 2, 2), (3, 3)]))
    n = len(sizes)
    whole = st.integers(0, 1)
    payoffs = data.draw(st.lists(whole, min_size=n * math.prod(sizes), max_size=n * math.prod(sizes)))
    if data.draw(st.booleans()):
        payoffs = np.zeros((*sizes, n))
        for profile in np.ndindex(*sizes):
            payoffs[profile] = [data.draw(st.just(profile.count(profile[i]))) for i in range(n)]
    payoffs = np.reshape(payoffs, (*sizes, n))
    even = [{str(k + 1): 1 / sizes[0] for k in range(sizes[0])}] * n
    game = gl.repeated(gl.normal_form(payoffs=payoffs.tolist(), fallback=even), discount_factor=0.5)
    own = tuple(data.draw(st.integers(0, size - 1)) for size in sizes)
    every = list(symmetries(game))
    pairs = {(i, players[i]) for players, _ in every for i in range(n)}
    kept = {
        (i, players[i])
        for players, actions in every
        if all(actions[i][own[i]] == own[j] for i, j in enumerate(players))
        for i in range(n)
    }
    assert is_symmetric(game, profile_of(game, [first(k) for k in own])) == (pairs == kept)


def test_points_of_a_grid_are_judged_each_by_its_own_numbers():
    mine, other = np.array([3.0, 4.0, 3.0]), np.array([3.0, 4.0, 3.5])
    table = [[[mine, other], [0, 5]], [[5, 0], [1, 1]]]
    stage = gl.normal_form(payoffs=table, fallback=["2", "2"])
    game = gl.repeated(stage, discount_factor=0.9)
    profile = profile_of(game, [first(0), first(1)])
    assert symmetric_points(game, profile).tolist() == [False, False, True]


def test_the_default_fallback_makes_nobody_different():
    stage = gl.normal_form(
        payoffs=[[[3, 1], [0, 0]], [[0, 0], [1, 3]]]
    )  # who is first falls back on what is best
    battle = gl.repeated(stage, discount_factor=0.5)
    assert len(list(symmetries(battle))) == 2
    assert not symmetric(battle, "stage_nash")
    written = battle.replace(fallback=np.array([[[[0.0, 1.0], [0.0, 1.0]]]]))
    assert len(list(symmetries(written))) == 1


def test_games_in_fractions_have_the_same_symmetries():
    with exactly():
        game = plans()
    assert len(list(symmetries(game))) == len(list(symmetries(plans()))) == 6
