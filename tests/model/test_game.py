import copy
import pickle

import example_games as examples
import hypothesis
import numpy as np
import pytest
from draws import matches
from hypothesis import strategies as st

import gamelab as gl
from gamelab.errors import GameError
from gamelab.model.game import ARRAYS, BATCHED, DERIVED, FIELDS, Game, frozen, leading_to, take_points
from gamelab.model.ledger import Flow

PD = examples.ground("dilemma", "public noise")


def grid_of(shape, observe="public"):
    rewards = np.linspace(2, 3, int(np.prod(shape))).reshape(shape)
    return gl.repeated(
        gl.prisoners_dilemma(temptation=5, reward=rewards, punishment=1, sucker=0),
        discount_factor=0.9,
        observe=observe,
    )


def test_profiles_are_row_major_with_the_first_player_slowest():
    assert examples.three_actions().profiles[:4].tolist() == [[0, 0], [0, 1], [0, 2], [1, 0]]
    assert examples.team().profiles.tolist() == [[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)]
    uneven = gl.normal_form(payoffs=[[[1, 1], [2, 2], [3, 3]], [[0, 0], [0, 0], [0, 0]]])
    assert uneven.sizes == (2, 3)
    assert uneven.allowed[0].tolist() == [[True, True, False], [True, True, True]]
    assert uneven.profiles.tolist() == [[a, b] for a in (0, 1) for b in (0, 1, 2)]


def test_sizes_and_counts():
    assert (PD.n, PD.sizes, PD.batch) == (2, (2, 2), 1)
    assert grid_of((2, 3)).batch == 6


def test_arrays_belong_to_the_game():
    """What the user later does to an array changes no game, not even through a view of it."""
    mine = np.array([[[[0.0, 1.0], [0.0, 1.0]]]])
    row = np.array([0.0, 1.0])
    games = [PD.replace(fallback=mine), PD.replace(fallback=np.broadcast_to(row, (1, 1, 2, 2)))]
    mine[...] = 0.5
    row[...] = 0.5
    for game in games:
        assert game.fallback.tolist() == [[[[0, 1], [0, 1]]]]
    pay = np.zeros((1, 1, 1, 3))
    game = PD.replace(flows={"x": Flow("cost", by_profile=pay)})
    pay[...] = 9
    assert not game.flows["x"].by_profile.any()


def test_flows_mapping_is_a_copy():
    lines = dict(PD.flows)
    game = PD.replace(flows=lines)
    lines.clear()
    assert list(game.flows) == ["material"]


def test_frozen_keeps_what_nobody_can_write_to():
    ours = frozen(np.arange(3.0), np.float64)
    assert frozen(ours, np.float64) is ours
    assert frozen([1, 2], np.float64).tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("given", "words"), [([0.5], "0.5 stands"), ([np.nan], "nan stands"), ([np.inf], "inf stands")]
)
def test_frozen_refuses_what_is_not_whole(given, words):
    with pytest.raises(GameError, match=f"^level: {words} where a whole number.* is needed"):
        frozen(np.array(given), np.int64, "level")


@pytest.mark.parametrize("points", [slice(1, 3), [4, 0], np.array([5])])
def test_take(points):
    grid = grid_of((2, 3))
    part = grid.take(points)
    assert part.shape == (len(np.arange(6)[points]),)
    money = grid.flows["material"].by_profile
    np.testing.assert_array_equal(part.flows["material"].by_profile, money[points])
    assert part.probabilities.shape[0] == 1
    for array in [*(getattr(part, name) for name in ARRAYS), part.flows["material"].by_profile]:
        assert not array.flags.writeable


def test_take_keeps_zero_or_one_sizes():
    assert take_points(np.ones((1, 3)), [0, 0]).shape == (1, 3)
    assert take_points(np.arange(6).reshape(3, 2), np.array([2])).tolist() == [[4, 5]]


def test_spread_broadcasts_game_and_settings():
    grid = grid_of((3, 1))
    wide, (x, y) = grid.spread(np.array([0.1, 0.2]), 0.5)
    assert wide.shape == (3, 2)
    assert x.tolist() == [0.1, 0.2] * 3
    assert y.tolist() == [0.5]
    money = wide.flows["material"].by_profile
    assert money[:, 0, 0, 0].tolist() == [2.0, 2.0, 2.5, 2.5, 3.0, 3.0]
    assert not money.flags.writeable
    for name in BATCHED:
        assert getattr(wide, name).shape[0] == getattr(grid, name).shape[0] == 1


def test_spread_adds_axes_in_front():
    wide, (x,) = grid_of((3,)).spread(np.array([[0.1], [0.2]]))
    assert wide.shape == (2, 3)
    assert x.tolist() == [0.1] * 3 + [0.2] * 3
    assert wide.flows["material"].by_profile[:, 0, 0, 0].tolist() == [2.0, 2.5, 3.0] * 2


def test_spread_of_the_same_grid_is_the_game():
    grid = grid_of((3,))
    assert grid.spread(0.5, np.ones(3))[0] is grid


@pytest.mark.parametrize(("game_shape", "setting_shape"), [((3,), (2,)), ((2, 3), (2,))])
def test_grids_that_do_not_match_are_refused(game_shape, setting_shape):
    with pytest.raises(GameError, match="do not broadcast to one grid"):
        gl.monitoring(grid_of(game_shape), detection=np.full(setting_shape, 0.5))


def test_what_is_over():
    game = examples.ground("dilemma", "ladder that ends")
    assert game.over.tolist() == [False] * 4 + [True]
    assert not examples.ground("dilemma", "public").over.any()


@hypothesis.given(st.integers(1, 8), st.integers(0, 20), st.integers(0, 2**32 - 1))
def test_what_leads_where(states, many, seed):
    """As a plain loop that follows one link after the other, until nothing is new."""
    generator = np.random.default_rng(seed)
    links = generator.integers(0, states, (2, many))
    there = generator.random(states) < 0.3
    leads = {s for s in range(states) if there[s]}
    for _ in range(states):
        leads |= {int(s) for s, after in links.T if int(after) in leads}
    assert np.flatnonzero(leading_to(links, there)).tolist() == sorted(leads)
    assert there.sum() <= len(leads)


@hypothesis.given(matches())
def test_links_are_what_can_follow(match):
    game = match[0]
    plain = {
        (s, int(game.next_state[s, y]))
        for s, p, y in np.argwhere(np.broadcast_to(game.probabilities[0] > 0, game.happens.shape)).tolist()
        if game.allowed_profiles[s, p]
    }
    assert [tuple(pair) for pair in game.links.T.tolist()] == sorted(plain)
    assert {tuple(pair) for pair in np.argwhere(game.leads_to).tolist()} == plain


def test_who_has_a_choice():
    assert examples.ground("dilemma", "ladder that ends").has_choice.all(axis=1).tolist() == [True] * 4 + [
        False
    ]
    assert gl.normal_form(payoffs=[[[1, 1], [2, 2]]]).has_choice.tolist() == [[False, True]]


def test_what_happens():
    exact = examples.ground("dilemma", "public")
    assert exact.happens[0].tolist() == np.eye(4, dtype=bool).tolist()
    assert examples.ground("dilemma", "public noise").happens.all()
    game = examples.ground("dilemma", "ladder that ends")
    assert not game.happens[4, :3].any(), "one profile only is allowed at the end"
    assert game.leads_to[4].tolist() == [False] * 4 + [True]


def test_a_grid_of_patterns_is_united():
    grid = gl.repeated(examples.dilemma(), discount_factor=0.9, misreading=np.array([0, 0.1]))
    assert grid.happens.all()
    assert grid.take([0]).happens[0].sum() == 4


def test_deed_profiles():
    game = examples.ground("dilemma", "tremble")
    done = game.deed_profile
    assert done.shape == (4, 16)
    assert (done == done[:1]).all()
    assert done[0].tolist() == [k for k in range(4) for _ in range(4)]
    assert (examples.ground("dilemma", "public").deed_profile == np.arange(4)[:, None]).all()


def test_texts():
    assert repr(examples.dilemma()).startswith("<Game of player_1, player_2: 1 round, 1 states, 1 outcomes")
    assert "3 rounds" in repr(examples.ground("dilemma", "three rounds"))
    assert "open-ended" in repr(PD)


def test_games_can_be_sent_and_copied():
    for game in (PD, examples.ground("team", "ladder")):
        for other in (pickle.loads(pickle.dumps(game)), copy.deepcopy(game)):
            for name in ARRAYS:
                np.testing.assert_array_equal(getattr(other, name), getattr(game, name))
            assert gl.value(other, "always_defect").payoffs == pytest.approx(
                gl.value(game, "always_defect").payoffs
            )


def test_fields_cannot_be_set():
    with pytest.raises(AttributeError, match="cannot assign"):
        PD.rounds = 3


class Reader:
    """A game that notes which of its fields are read."""

    def __init__(self, game):
        self.game, self.read = game, set()

    def __getattr__(self, name):
        if name in FIELDS:
            self.read.add(name)
            return getattr(self.game, name)
        member = vars(Game)[name]
        return (member.fget if isinstance(member, property) else member.func)(self)


@pytest.mark.parametrize("name", DERIVED)
def test_what_is_worked_out_once_reads_no_other_fields(name):
    for game in (PD, gl.time_inconsistency(value=10, cost=2, payment=4)):
        reader = Reader(game)
        getattr(reader, name)
        assert reader.read <= DERIVED[name]


def test_what_a_game_works_out_is_kept_by_games_that_share_it() -> None:
    """A game with other payments has the same links; one with other chances works them out again."""
    stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    game = gl.monitoring(gl.repeated(stage, discount_factor=0.9), detection=0.5)
    links = game.links
    assert game.replace(flows={"material": game.flows["material"]}).links is links
    certain = gl.monitoring(gl.repeated(stage, discount_factor=0.9), detection=1)
    other = game.replace(probabilities=certain.probabilities)
    assert (other.happens == certain.happens).all()
    assert other.happens.sum() < game.happens.sum()
