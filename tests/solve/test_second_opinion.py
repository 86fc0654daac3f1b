"""The second opinion: agreement on plain games, what nashpy drops in published ones, planted mistakes found."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import gamelab as gl
from gamelab.solve.second_opinion import MOST_WORK, second_opinion

GAMES = json.loads((Path(__file__).parents[1] / "data" / "stage_games.json").read_text(encoding="utf-8"))
SMALL = [name for name in GAMES if len(GAMES[name]["A"]) * len(GAMES[name]["A"][0]) <= 16]
HALF = Fraction(1, 2)


@pytest.mark.parametrize("name", SMALL)
def test_published_games(name):
    """nashpy may miss some of ours; nothing that it returns contradicts us."""
    game = GAMES[name]
    opinions = second_opinion(game["A"], game["B"])
    for opinion in opinions:
        assert opinion.wrong == ()
        assert opinion.unknown == ()
    if not gl.stage_equilibria(game["A"], game["B"]).degenerate:
        assert any(opinion.agrees for opinion in opinions)


@pytest.mark.parametrize("seed", range(5))
def test_both_agree_on_games_without_ties(seed):
    A, B = np.random.default_rng(seed).normal(size=(2, 3, 3))
    assert [str(opinion) for opinion in second_opinion(A, B)] == [
        "nashpy's support enumeration finds the same",
        "nashpy's vertex enumeration finds the same",
    ]
    assert gl.stage_equilibria(A, B, cross_check=True).notes == ()


def test_shift_and_scale_change_no_opinion():
    A, B = (np.array(table, dtype=object) for table in ([[3, 0], [0, 2]], [[2, 0], [0, 3]]))
    for opinion in second_opinion(A * 10**6 + 10**9, B * Fraction(1, 10**6) - 10**9):
        assert opinion.agrees


def test_what_is_dropped_in_a_degenerate_game_is_told():
    A, B = [[1, 1], [1, 1]], [[1, 1], [1, 1]]
    found = gl.stage_equilibria(A, B, cross_check=True)
    assert len(found.extreme) == 4
    assert any("vertex enumeration" in note for note in found.notes)


def test_a_list_of_ours_with_a_gap_is_seen():
    A, B = [[3, 0], [0, 2]], [[2, 0], [0, 3]]
    ours = gl.stage_equilibria(A, B)
    gap = replace(ours, extreme=ours.extreme[:2], maximal=ours.maximal[:2])
    for opinion in second_opinion(A, B, gap):
        ((x, y),) = opinion.unknown
        assert [*x, *y] == pytest.approx([0, 1, 0, 1])
        assert "returns 1 that are not among ours" in str(opinion)
    more = replace(ours, extreme=[*ours.extreme, ((HALF, HALF), (HALF, HALF))])
    assert all(opinion.missed == (3,) for opinion in second_opinion(A, B, more))


def test_wrong_answers_and_failures_are_told_in_words(monkeypatch):
    import nashpy

    def wrong(self, **_):
        return iter(
            [(np.array([1.0, 0.0]), np.array([0.0, 1.0])), (np.array([np.nan, 1.0]), np.array([1.0, 0.0]))]
        )

    def failing(self):
        raise ValueError("out of luck\nand more")

    monkeypatch.setattr(nashpy.Game, "support_enumeration", wrong)
    monkeypatch.setattr(nashpy.Game, "vertex_enumeration", failing)
    support, vertex = second_opinion([[3, 0], [0, 2]], [[2, 0], [0, 3]])
    assert len(support.wrong) == 2
    assert "misses 3 of ours (number 0, 1, 2), returns 2 from which somebody gains by deviating" in str(
        support
    )
    assert str(vertex) == "nashpy's vertex enumeration stops with ValueError: out of luck"
    assert not vertex.agrees


def test_large_games_are_not_asked():
    assert MOST_WORK < (2**9 - 1) ** 2
    for opinion in second_opinion(np.eye(8), np.arange(64).reshape(8, 8)):
        assert opinion.failure == "is not asked about games of 8 by 8"
