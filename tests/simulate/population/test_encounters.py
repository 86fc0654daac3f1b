"""The engine of populations against plain loops, round by round, on the example games."""

import example_games as examples
import numpy as np
import plain_population
import pytest

import gamelab as gl
from gamelab.randomness import stream
from gamelab.simulate.population.encounters import Draws, World, _matched, rounds_of
from gamelab.simulate.population.persons import ByRecord, Shown, groups_of, memberships
from gamelab.simulate.population.seating import board_of, minds_of

CANDIDATES = [
    "always_defect",
    "grim",
    "tit_for_tat",
    {"generous_tit_for_tat": {"generosity": 0.3}},
    {"limited_punishment": {"rounds": 2}},
    "stage_nash",
    "comply",
    {"comply_until": {"level": 1}},
    "win_stay_lose_shift",
    {"discriminate": {"when_unseen": "depart"}},
    {"discriminate": {"when_bad": "keep"}},
    ["always_cooperate", "always_defect"],
    ["always_cooperate", "honour"],
]
GAMES = [
    pair for pair in examples.PAIRS if pair[0] != "team" and pair[1] not in ("ladder that ends", "stage")
]


def admitted(game, known, rng):
    """Return three strategies that the game admits."""
    good = []
    for k in rng.permutation(len(CANDIDATES)):
        try:
            groups_of(game, CANDIDATES[k], 2, known)
        except gl.GameError:
            continue
        good.append(CANDIDATES[k])
    return good[:3]


def plain_ways(groups, parts, known):
    """Return the automata of each group, or the settings of the strategy of records."""
    default = {"when_bad": "depart" if known.punishment is None else "keep", "when_unseen": "keep"}
    return [
        [default | part["discriminate"] if isinstance(way, ByRecord) else way for way in group.seats]
        for group, part in zip(groups, parts, strict=True)
    ]


def rounds_of_two_or_three_moves():
    """Return a time inconsistency in which a round goes on for one more move after the gainer's."""
    stage = examples.trust().replace(
        next_state=np.array([[1, 2], [2, 2], [0, 0]]), ends_round=np.array([False, False, True])
    )
    return gl.repeated(stage, discount_factor=0.9, tremble=0.2)


@pytest.mark.parametrize(
    ("stage", "ground"),
    [
        pytest.param(*pair, marks=[pytest.mark.slow] * (k % 3 > 0), id=" ".join(pair))
        for k, pair in enumerate(GAMES)
    ],
)
def test_every_round_is_that_of_plain_loops(stage, ground):
    compare_with_plain_loops(examples.ground(stage, ground), GAMES.index((stage, ground)), stage == "trust")


def test_rounds_of_different_length():
    compare_with_plain_loops(rounds_of_two_or_three_moves(), 1, True)


def compare_with_plain_loops(game, number, always_fixed):
    rng = np.random.default_rng([number, 7])
    for trial in range(4):
        record = ["standing", "conduct", "none", "standing"][trial]
        reach = [0.6, 1, 0.5, 0.3][trial]
        known = Shown(record, [None, 1, None, 2][trial], reach, [0, 0.1, 0, 0.2][trial])
        parts = admitted(game, known, rng)
        sizes = [3, 2, 2 + trial % 2][: len(parts)]
        fixed = bool(trial % 2) or always_fixed
        turnover = [0, 0.1][trial % 2]
        groups = groups_of(game, list(zip(parts, sizes, strict=True)), sum(sizes), known)
        member, seated = memberships(groups, fixed)
        try:
            minds = minds_of(game, groups, fixed)
        except gl.GameError:  # persons cannot change seats
            fixed = True
            member, seated = memberships(groups, fixed)
            minds = minds_of(game, groups, fixed)
        world = World(board_of(game), minds, known, member, len(groups), seated, turnover)
        settings = vars(known) | {"turnover": turnover}
        villages = [
            plain_population.Village(
                game, plain_ways(groups, parts, known), member, seated, settings, stream(trial, "v", k)
            )
            for k in range(3)
        ]
        engine = rounds_of(world, [stream(trial, "v", k) for k in range(3)], 7)
        for tally in engine:
            for k, village in enumerate(villages):
                plain = village.round()
                for name in ("moves", "kept", "played", "bad"):
                    assert getattr(tally, name)[k].tolist() == plain[name], (name, parts, settings)
                paid = np.array([plain["paid"][line] for line in game.flows])
                np.testing.assert_allclose(tally.paid[:, k], paid, atol=1e-9)
                others = [plain["others"][line] for line in game.flows]
                np.testing.assert_allclose(tally.others[:, k].sum(axis=-1), others, atol=1e-9)


def test_a_matching_is_uniform_and_seats_are_fair():
    """Of four persons, the three matchings and both seats are equally likely: a joint test."""
    game = gl.repeated(examples.dilemma(), discount_factor=0.9)
    known = Shown("none", None, 0, 0)
    groups = groups_of(game, [("always_cooperate", 4)], 4, known)
    member, seated = memberships(groups, False)
    world = World(board_of(game), minds_of(game, groups, False), known, member, 1, seated, 0)
    draws = Draws(world, [stream(1, "uniform", k) for k in range(500)])
    seen = np.zeros((4, 4))
    for _ in range(24):
        draws.advance()
        first, second = _matched(world, draws)
        np.add.at(seen, (first % 4, second % 4), 1)
        assert (first // 4 == second // 4).all()
    pairs = seen[~np.eye(4, dtype=bool)]
    expected = 500 * 24 * 2 / 12
    chi_square = ((pairs - expected) ** 2 / expected).sum()
    assert chi_square < 35  # 11 degrees of freedom at most; the chance of more is below 1 in 4000
    assert not np.diag(seen).any()
