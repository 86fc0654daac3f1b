"""What engines read of a game: lumps, patterns of zeros, the base that is taken out, the yardstick."""

import draws
import numpy as np
import pytest
from hypothesis import given, settings
from profiles import up_to

import gamelab as gl
from gamelab.solve.moves import lumps, material_spread, moves_of, patterns
from gamelab.strategies.profile import profile_of


def test_the_full_stack_has_nine_lumps():
    game = draws.dilemma(discount_factor=0.9, observe="none", tremble=0.05)
    game = gl.transparency(game, reach=0.8, misreading=0.02, cost=0.05)
    game = gl.monitoring(game, detection=0.9, false_alarm=0.1)
    game = gl.graduated_sanctions(game, fines=[1.8, 6, 20], forgiveness=0.5)
    assert len(game.outcomes) == 320
    assert moves_of(game, profile_of(game, "comply")).chances.shape[-1] == 9


@settings(max_examples=up_to(60))
@given(draws.matches())
def test_lumps_keep_chances_and_consequences(match):
    game, automata = match
    lump, outcome = lumps(game, automata)
    chances = moves_of(game, automata).chances
    assert chances.sum(axis=-1) == pytest.approx(1)
    for y in range(len(game.outcomes)):
        if lump[y] >= 0:
            alike = outcome[lump[y]]
            assert (game.next_state[:, y] == game.next_state[:, alike]).all()
            for i, automaton in enumerate(automata):
                seen, other = game.views[i, [y, alike]]
                assert (automaton.next[..., seen] == automaton.next[..., other]).all()
        else:
            assert not (game.probabilities[..., y] > 0).any()


def test_points_are_grouped_by_what_has_probability_zero():
    misreading, tremble = np.array([0, 0.1, 0, 0.2, 0.1]), np.array([0, 0, 0.1, 0, 0.3])
    game = draws.dilemma(discount_factor=0.9, misreading=misreading, tremble=tremble)
    found = sorted(points.tolist() for points in patterns(game, profile_of(game, "grim")))
    assert found == [[0], [1, 3], [2], [4]]
    game = draws.dilemma(discount_factor=np.full(3, 0.9))
    generous = {"generous_tit_for_tat": {"generosity": np.array([0, 0.5, 1])}}
    assert sorted(points.tolist() for points in patterns(game, profile_of(game, generous))) == [[0], [1], [2]]


@settings(max_examples=up_to(60))
@given(draws.matches())
def test_flows_and_base_make_up_the_ledger(match):
    game, automata = match
    moves = moves_of(game, automata)
    for line, flow in game.flows.items():
        for s in range(len(game.states)):
            for p in np.flatnonzero(game.allowed_profiles[s]):
                chances = game.probabilities[0, min(s, game.probabilities.shape[1] - 1)]
                chances = chances[min(p, len(chances) - 1)]
                wanted = np.zeros(len(game.accounts))
                if flow.by_profile is not None:
                    part = flow.by_profile[0, min(s, flow.by_profile.shape[1] - 1)]
                    wanted = wanted + part[min(p, len(part) - 1)]
                if flow.by_outcome is not None:
                    wanted = wanted + chances @ flow.by_outcome[0, min(s, flow.by_outcome.shape[1] - 1)]
                rest = moves.flows[line][0, min(s, moves.flows[line].shape[1] - 1)]
                rest = rest[min(p, len(rest) - 1)]
                assert rest + game.ends_round[s] * moves.base[line][0] == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize("shift", [0, 1e9, -1e9])
def test_the_yardstick_is_the_spread_of_material_payoffs(shift):
    T, R, P, S = np.array([5.0, 3, 1, 0]) + shift
    game = gl.altruism(draws.dilemma((T, R, P, S), discount_factor=0.5, tremble=0.0), weight=3)
    assert material_spread(game) == pytest.approx(5, abs=1e-12)


def test_where_material_payoffs_are_all_the_same_the_other_lines_count():
    stage = gl.normal_form(
        payoffs=[[[1, 1], [1, 1]], [[1, 1], [1, 1]]], agreement=["1", "1"], fallback=["2", "2"]
    )
    game = gl.monitoring(gl.repeated(stage, discount_factor=0.5, observe="none"), detection=1)
    assert material_spread(game) == pytest.approx(0)
    assert material_spread(gl.graduated_sanctions(game, fines=[7])) == pytest.approx(7)
