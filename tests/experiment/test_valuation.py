"""Values at own discount factors and at the stated one, where players differ."""

from __future__ import annotations

from fractions import Fraction

import pytest

import gamelab as gl
from gamelab.scenario import loads

TEXT = """\
gamelab: 1
title: One waits for the other
players: [agency, association]
game: {kind: prisoners_dilemma, temptation: {agency: 5, association: 6}, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: {agency: 9/10, association: 1/2}}
arrangements:
  unequal:
    institutions:
      monitoring: {detection: 0, cost: {agency: 1, association: 2}, paid_by: authority}
    profiles:
      - [tit_for_tat, always_defect]
"""


@pytest.mark.parametrize("exact", [False, True])
def test_results_value_each_player_at_the_own_factor(exact):
    """Sucker's and temptation payoff once, punishment for ever: (1-d) u_0 + d P of each."""
    result = gl.run(loads(TEXT, "f.yaml"), exact=exact).to_dict()["arrangements"]["unequal"]
    (found,) = [one for one in result["candidates"] if one["profile"] == ["tit_for_tat", "always_defect"]]
    own = {"agency": Fraction(9, 10), "association": Fraction(1, 2) * 6 + Fraction(1, 2)}
    assert found["payoffs"] == pytest.approx({name: float(amount) for name, amount in own.items()})
    assert found["ledger"]["monitoring.cost"] == pytest.approx(
        {"agency": 0, "association": 0, "authority": -3}
    )
    if exact:
        assert {name: Fraction(amount) for name, amount in found["exact"]["payoffs"].items()} == own


def test_a_map_and_a_run_value_alike():
    drawn = """\
maps:
  - x: {time.discount_factor.agency: {from: 0.5, to: 0.9, points: 2}}
    y: {temptation.association: {from: 5, to: 6, points: 2}}
    show: {quantity: payoff, player: association, arrangement: unequal, profile: [tit_for_tat, always_defect]}
"""
    found = gl.run(loads(TEXT + drawn, "f.yaml")).to_dict()["maps"][0]
    assert found["numbers"] == [pytest.approx([3, 3]), pytest.approx([3.5, 3.5])]
