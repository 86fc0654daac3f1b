"""Stage equilibria: of two players all extreme ones, of more all pure ones; what survives strict dominance."""

import itertools
import json
from fractions import Fraction
from pathlib import Path

import draws
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gamelab as gl
from gamelab.errors import GameError
from gamelab.solve import bimatrix
from gamelab.solve.stage_equilibria import equilibria_of, known_equilibria, stage_utilities, survivors

GAMES = json.loads((Path(__file__).parents[1] / "data" / "stage_games.json").read_text(encoding="utf-8"))


def table_of(sizes):
    cells = int(np.prod(sizes)) * len(sizes)
    return st.lists(st.integers(0, 3), min_size=cells, max_size=cells).map(
        lambda numbers: np.array(numbers, dtype=float).reshape((*sizes, len(sizes)))
    )


def anything(table):
    return gl.normal_form(payoffs=table.tolist(), fallback=["1"] * (table.ndim - 1))


@given(st.sampled_from([(2, 2), (2, 3), (3, 3), (1, 3), (2, 2, 2)]).flatmap(table_of))
def test_every_equilibrium_in_pure_actions_is_found(table):
    sizes = table.shape[:-1]
    stable = []
    for profile in itertools.product(*map(range, sizes)):
        deviations = [
            (i, (*profile[:i], a, *profile[i + 1 :])) for i, size in enumerate(sizes) for a in range(size)
        ]
        if all(table[other][i] <= table[profile][i] for i, other in deviations):
            stable.append(profile)
    found = equilibria_of(anything(table))
    pure = [tuple(m.argmax(axis=1).tolist()) for m in found if (m.max(axis=1) == 1).all()]
    assert pure == stable  # in lexicographic order


@given(st.sampled_from([(2, 2), (2, 3), (3, 3), (1, 3)]).flatmap(table_of))
def test_nobody_gains_by_deviating_and_all_extreme_ones_are_there(table):
    found = equilibria_of(anything(table))
    for mixture in found:
        x, y = mixture[0][: table.shape[0]], mixture[1][: table.shape[1]]
        by_row, by_column = table[..., 0] @ y, x @ table[..., 1]
        assert x @ by_row == pytest.approx(by_row.max(), abs=1e-12)
        assert by_column @ y == pytest.approx(by_column.max(), abs=1e-12)
    exact = gl.stage_equilibria(table[..., 0], table[..., 1]).extreme
    assert [
        [own[: len(part)].tolist() for own, part in zip(mixture, pair, strict=True)]
        for mixture, pair in zip(found, exact, strict=True)
    ] == [[[float(chance) for chance in part] for part in pair] for pair in exact]


@pytest.mark.parametrize(("a", "b"), [(2, 1), (10, 1), (3, 2)])
def test_a_battle_has_three(a, b):
    battle = gl.normal_form(payoffs=[[[a, b], [0, 0]], [[0, 0], [b, a]]])
    first, mixed, second = equilibria_of(battle)
    assert first.tolist() == [[1, 0], [1, 0]]
    assert second.tolist() == [[0, 1], [0, 1]]
    assert mixed == pytest.approx(np.array([[a, b], [b, a]]) / (a + b))
    pay = mixed[0] @ stage_utilities(battle)[0].reshape(2, 2, 2)[..., 0] @ mixed[1]
    assert pay + stage_shift(battle) == pytest.approx(a * b / (a + b))


def stage_shift(game):
    """Return what ``stage_utilities`` leaves out, for player 0."""
    return game.expected["material"][1][0, 0]


def test_matching_pennies_has_one_and_ties_have_only_pure_extremes():
    pennies = np.array([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], dtype=float)
    (only,) = equilibria_of(anything(pennies))
    assert only.tolist() == [[0.5, 0.5], [0.5, 0.5]]
    assert len(equilibria_of(anything(np.zeros((2, 2, 2))))) == 4


def bimatrix_game(name):
    tables = [
        np.array([[float(Fraction(entry)) for entry in row] for row in GAMES[name][key]]) for key in "AB"
    ]
    return np.stack(tables, axis=-1)


@pytest.mark.parametrize("name", GAMES)
@pytest.mark.parametrize(("shift", "scale"), [(0, 1), (1e9, 1), (-1e9, 1), (0, 1e6), (0, 1e-6)])
def test_published_games_in_other_units(name, shift, scale):
    """A game in floats has the equilibria of the fractions; a shift by 1e9 and a scale of 1e6 change none."""
    found = equilibria_of(anything(scale * bimatrix_game(name) + shift))
    wanted = [(tuple(map(Fraction, x)), tuple(map(Fraction, y))) for x, y in GAMES[name]["extreme"]]
    assert len(found) == len(wanted)
    for mixture, pair in zip(found, sorted(wanted, reverse=True), strict=True):
        for own, part in zip(mixture, pair, strict=True):
            assert own[: len(part)] == pytest.approx([float(chance) for chance in part], abs=1e-9)
            assert not own[len(part) :].any()


def test_each_of_them_is_certified():
    game = gl.repeated(anything(bimatrix_game("coord4")), discount_factor=0.5)
    for k in range(15):
        assert gl.certify(game, {"stage_nash": {"equilibrium": k}}).verdict == "holds"


def test_rounding_makes_no_equilibrium_and_loses_none():
    """0.1 + 0.2 is more than 0.3 in floats: the first row ties with the second all the same."""
    tie = np.array([[[0.1 + 0.2, 1], [0, 1]], [[0.3, 1], [0, 1]]])
    assert len(equilibria_of(anything(tie))) == 4
    near = tie + np.array([[[1e-10, 0], [0, 0]], [[0, 0], [0, 0]]])
    assert len(equilibria_of(anything(near))) == 4, "within the tolerance of every certificate"
    beyond = tie + np.array([[[1e-8, 0], [0, 0]], [[0, 0], [0, 0]]])
    assert len(equilibria_of(anything(beyond))) == 3
    beside_nothing = tie + np.array([[[0, 0], [1e-10, 0]], [[0, 0], [0, 0]]])
    assert len(equilibria_of(anything(beside_nothing))) == 3, "1e-10 is more than 0"


def test_a_near_tie_of_one_player_is_a_tie_where_the_other_has_none():
    """Against column 1 both rows pay the same: there is an equilibrium in which rows are mixed, too."""
    for apart, count in ((0.0, 3), (1e-10, 3), (1e-8, 1)):
        table = np.array([[[0.3 + apart, 0], [1, 1]], [[0.3, 1], [0, 0]]])
        assert len(equilibria_of(anything(table))) == count


def test_institutions_move_the_equilibria():
    """A fine of 2.5 on detection for sure turns the dilemma (4, 3, 1, 0) with a cost of acts into another game."""
    game = draws.dilemma(rounds=1, observe="none")
    watched = gl.monitoring(game, detection=0.5, cost=0.3)
    # T - R = P - S would be 1 apart: the fine is 2 on average of 4, so cooperation is the only one
    assert [
        m.argmax(axis=1).tolist() for m in equilibria_of(gl.graduated_sanctions(watched, fines=[40]))
    ] == [[0, 0]]
    assert [m.argmax(axis=1).tolist() for m in equilibria_of(watched)] == [[1, 1]]


def test_three_players_have_those_in_pure_actions_and_the_symmetric_one():
    # each gains by doing what nobody else does; two of three always meet
    payoffs = [
        [[[-1.0 if (a, b, c).count(own) > 1 else 1.0 for own in (a, b, c)] for c in (0, 1)] for b in (0, 1)]
        for a in (0, 1)
    ]
    known = known_equilibria(gl.normal_form(payoffs=payoffs))
    *pure, mixed = known.mixtures
    assert mixed == pytest.approx(np.full((3, 2), 0.5))  # all alike, and the last
    assert {tuple(m.argmax(axis=1)) for m in pure} == set(itertools.product((0, 1), repeat=3)) - {
        (0, 0, 0),
        (1, 1, 1),
    }
    assert known.note == ""


def pennies_and_a_bystander():
    pennies = np.array([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    return [[[[*pennies[a, b].tolist(), 0] for _ in range(2)] for b in (0, 1)] for a in (0, 1)]


def test_three_players_without_any_in_pure_actions_have_one_in_mixtures():
    game = gl.normal_form(payoffs=pennies_and_a_bystander(), fallback=["1", "1", "1"])
    known = known_equilibria(game)
    (mixture,) = known.mixtures
    assert mixture[:2] == pytest.approx(np.full((2, 2), 0.5))
    assert known.note == "of the stage equilibria in mixtures one is known; there may be others"
    assert gl.certify(game, {"stage_nash": {"equilibrium": 0}}).verdict == "holds"


def test_three_players_without_any_that_is_known(monkeypatch):
    monkeypatch.setattr("gamelab.model.mixed_equilibria.MOST_SUPPORTS", 0)
    known = known_equilibria(gl.normal_form(payoffs=pennies_and_a_bystander()))
    assert known.mixtures == []
    assert "none in mixtures that could be computed" in known.note


@pytest.mark.parametrize("name", GAMES)
@pytest.mark.parametrize("exact", [False, True])
def test_a_game_says_what_its_tables_say(name, exact):
    A, B = ([[Fraction(entry) for entry in row] for row in GAMES[name][key]] for key in "AB")
    with gl.exactly(exact):
        game = gl.normal_form(tables=[A, B])
    assert game.exact == exact
    assert gl.stage_equilibria(game) == gl.stage_equilibria(A, B)


def test_all_lines_of_a_game_count():
    """A fine of 2.5 on every deviation makes cooperation the only equilibrium of the dilemma 5, 3, 1, 0."""
    game = draws.dilemma(rounds=1, observe="none")
    assert [x for x, _ in gl.stage_equilibria(game).extreme] == [(0, 1)]
    fined = gl.graduated_sanctions(gl.monitoring(game, detection=1), fines=[2.5])
    assert [x for x, _ in gl.stage_equilibria(fined).extreme] == [(1, 0)]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (lambda: (gl.normal_form(payoffs=pennies_and_a_bystander()),), "game: a game of 3 players; all stage equilibria are listed for two"),
        (lambda: (gl.prisoners_dilemma(temptation=[5, 6], reward=3, punishment=1, sucker=0),), "game: a grid of 2 games"),
        (lambda: (gl.time_inconsistency(value=10, cost=2, payment=4),), "game: the stage equilibria of a game with 3 states"),
        (lambda: (draws.dilemma(rounds=1), [[1]]), "B: a game holds the payoffs of both players; leave B out"),
        (lambda: ([[1]],), "B: is needed: the second player's payoffs, unless A is a Game"),
        (lambda: (None, [[1]]), r"A: has shape \(\)"),
    ],
)  # fmt: skip
def test_games_whose_equilibria_are_not_listed(given, words):
    with pytest.raises(GameError, match=f"^{words}"):
        gl.stage_equilibria(*given())


def test_a_game_too_degenerate_to_enumerate_has_its_pure_ones(monkeypatch):
    monkeypatch.setattr(bimatrix, "MOST_SETS", 0)
    table = np.zeros((2, 2, 2))
    assert len(equilibria_of(anything(table + 3))) == 4, "candidates need no sets"
    monkeypatch.setattr("gamelab.model.extreme_equilibria.FEW_VERTICES", 1)
    known = known_equilibria(anything(np.arange(18.0).reshape(3, 3, 2)))
    assert [m.argmax(axis=1).tolist() for m in known.mixtures] == [[2, 2]]
    assert known.note.startswith("only stage equilibria in pure actions: more than 1 vertices")


@pytest.mark.parametrize("scale", [1e-6, 1, 1e6])
def test_equilibria_do_not_depend_on_units(scale):
    battle = gl.normal_form(
        payoffs=(scale * np.array([[[2, 1], [0, 0]], [[0, 0], [1, 2]]]) + 1e3 * scale).tolist()
    )
    assert len(equilibria_of(battle)) == 3
    assert equilibria_of(battle)[1] == pytest.approx(np.array([[2, 1], [1, 2]]) / 3)


@given(st.sampled_from([(2, 2), (3, 3), (2, 3)]).flatmap(table_of))
def test_strict_dominance_removes_no_equilibrium(table):
    left = survivors(anything(table))
    for mixture in equilibria_of(anything(table)):
        for i, own in enumerate(mixture):
            assert set(np.flatnonzero(own > 0)) <= set(left[i])


def test_the_dilemma_leaves_defection_and_altruism_or_a_fine_cooperation():
    game = draws.dilemma(rounds=1, observe="none")
    assert survivors(game) == [[1], [1]]
    assert survivors(gl.altruism(game, weight=0.7)) == [[0], [0]]
    fined = gl.graduated_sanctions(gl.monitoring(game, detection=1), fines=[2.5])
    assert survivors(fined) == [[0], [0]]
    assert [m.argmax(axis=1).tolist() for m in equilibria_of(fined)] == [[0, 0]]


def test_several_states_have_no_stage_equilibria():
    game = gl.monitoring(draws.dilemma(discount_factor=0.5), detection=1)
    with pytest.raises(GameError, match="4 states"):
        equilibria_of(gl.graduated_sanctions(game, fines=[1, 2]))
