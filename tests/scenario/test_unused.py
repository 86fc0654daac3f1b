"""Unused parameters: a name counts as used wherever a text or another key of the file holds it."""

import pytest

from gamelab.scenario import loads
from gamelab.scenario.files import root
from gamelab.scenario.unused import unused

FILE = """
gamelab: 1
parameters: {fine: 4, idle: 3, %s}
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: 0.9}
arrangements:
  fined:
    institutions:
      monitoring: {detection: 0.9}
      graduated_sanctions: {fines: [fine, 2*fine]}
    profiles: [comply]
"""


def test_what_is_used_nowhere():
    assert unused(loads(FILE % "fines: 1")) == [
        "parameters.idle is used nowhere in the file"
    ]  # a key is a use


@pytest.mark.parametrize("use", ["more: idle + 1", "more: 2*idle", "more: '(idle + 1)/2'"])
def test_a_parameter_of_another_one_is_used(use):
    assert unused(loads(FILE % use)) == ["parameters.more is used nowhere in the file"]


@pytest.mark.parametrize("other", ["more: idle_too", "more: too_idle"])
def test_a_part_of_a_name_is_no_use(other):
    name = other.removeprefix("more: ")
    assert unused(loads(FILE % f"{name}: 1, {other}"))[0] == "parameters.idle is used nowhere in the file"


def test_no_shipped_scenario_has_one():
    for path in sorted(root().rglob("*.yaml")):
        assert unused(loads(path.read_text(encoding="utf-8"), path)) == []
