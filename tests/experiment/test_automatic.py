"""Automatic candidates of more than two players: volunteers of whom nobody is told to be the one."""

import pytest

import gamelab as gl
from gamelab.scenario import loads

VOLUNTEERS = """
gamelab: 1
title: Volunteers
players: [a, b, c]
parameters: {{cost: 1}}
game:
  kind: normal_form
  actions: [volunteer, wait]
  payoffs:
    - [[[{g} - cost, {g} - cost, {g} - cost], [{g} - cost, {g} - cost, {g}]],
       [[{g} - cost, {g}, {g} - cost], [{g} - cost, {g}, {g}]]]
    - [[[{g}, {g} - cost, {g} - cost], [{g}, {g} - cost, {g}]], [[{g}, {g}, {g} - cost], [0, 0, 0]]]
time: {{discount_factor: 0.5}}
exact: {exact}
arrangements: {{none: {{}}, alike: {{selection: symmetric}}, any: {{selection: best}}}}
claims:
  - {{arrangement: none, quantity: frequency, of: volunteer, equals: 1 - (cost/{g})^(1/2)}}
  - {{arrangement: alike, quantity: joint_payoff, equals: 3*({g} - cost)}}
  - {{arrangement: any, quantity: frequency, of: volunteer, equals: 1/3}}
maps:
  - x: {{parameters.cost: {{from: 0.5, to: 2, points: 4}}}}
    y: {{time.discount_factor: {{from: 0.2, to: 0.8, points: 2}}}}
    show: {{quantity: joint_payoff, arrangement: alike}}
"""


@pytest.mark.parametrize(("gain", "exact"), [(3, "no"), (4, "no"), (4, "yes")])
def test_volunteers_mix_alike(gain, exact):
    result = gl.run(loads(VOLUNTEERS.format(g=gain, exact=exact)))
    assert result.all_claims_hold, result.claims
    # who mixes gets what volunteering pays, at each cost
    expected = [3 * (gain - cost) for cost in (0.5, 1, 1.5, 2)]
    assert result.maps[0]["numbers"] == [pytest.approx(expected)] * 2


def test_a_chance_that_is_no_fraction_is_no_exact_candidate():
    result = gl.run(loads(VOLUNTEERS.format(g=3, exact="yes")))
    alike = result.arrangements["alike"]
    assert alike.conduct is None
    assert any("whose chances are no fractions" in note for note in result.to_dict()["notes"])
