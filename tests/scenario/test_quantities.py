"""Quantities: each can be claimed as its entry says, and its example is a claim that holds together."""

import pytest

from gamelab.scenario import loads
from gamelab.scenario.quantities import LISTED, QUANTITIES, WHOLE, example_claim, with_key

FILE = """
gamelab: 1
title: Who watches
players: [agency, association]
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: 0.9}
information: {observe: none}
arrangements:
  watched:
    institutions:
      monitoring: {detection: 0.9, cost: 0.1}
      graduated_sanctions: {fines: [4]}
    profiles: [comply]
"""


@pytest.mark.parametrize("name", QUANTITIES)
def test_every_example_is_a_claim(name):
    (claim,) = loads(FILE + example_claim(name)).claims
    assert claim.quantity == name
    assert (claim.arrangement is None) == QUANTITIES[name].whole
    assert (claim.player is not None, claim.path is not None, claim.of is not None) == tuple(
        name in with_key(key) for key in ("player", "path", "of")
    )


def test_what_is_of_the_whole_scenario_and_what_results_list():
    assert WHOLE == ("best_arrangement", "workable_arrangements")
    assert {"gross_benefit", "transaction_cost", "net_benefit"} < set(LISTED)
    assert not any(QUANTITIES[name].needs for name in LISTED)


def test_numbers_have_units():
    for name, quantity in QUANTITIES.items():
        assert bool(quantity.unit) == (quantity.kind in ("number", "intervals")), name
