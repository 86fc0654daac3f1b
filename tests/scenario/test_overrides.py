from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as draws

import gamelab as gl
from gamelab.errors import InputError
from gamelab.scenario import applied, assemble, assignments, loads, overridden

from .example import EXAMPLE, changed

SCENARIO = loads(EXAMPLE, "f.yaml")
HORIZONTAL = "arrangements.horizontal.institutions.transparency"
FINES = "arrangements.hierarchical.institutions.graduated_sanctions.fines"


def held(overrides):
    return applied(SCENARIO, overridden(SCENARIO, overrides))


@pytest.mark.parametrize(
    ("path", "value", "whole", "held_as"),
    [
        ("time.discount_factor", "1/2", "time.discount_factor", 0.5),
        ("discount_factor", 0.5, "time.discount_factor", 0.5),
        ("discount_factor", Fraction(1, 2), "time.discount_factor", 0.5),
        ("discount_factor", np.float64(0.5), "time.discount_factor", 0.5),
        ("reach", "1 - accuracy", f"{HORIZONTAL}.reach", 0.02),
        ("fines", "[1, 3/2, 2 + accuracy]", FINES, [1, 1.5, 2.98]),
        ("fines", [1, "3/2"], FINES, [1, 1.5]),
        ("fines.0", "5", f"{FINES}.0", 5),
        ("observe", "public", "information.observe", "public"),
        ("observe", "'public'", "information.observe", "public"),
        ("rounds", "10", "time.rounds", 10),
        ("rounds", "null", "time.rounds", None),
        ("rounds", None, "time.rounds", None),
        ("accuracy", "0.9  # less", "parameters.accuracy", 0.9),
    ],
)
def test_what_is_read_and_how_results_hold_it(path, value, whole, held_as):
    assert held({path: value}) == {
        whole: pytest.approx(held_as) if held_as and path != "observe" else held_as
    }


def test_they_change_the_game_as_the_file_would():
    there = loads(changed(("reach: 0.8", "reach: 0.5"), ("accuracy: 0.98", "accuracy: 0.9")))
    here = assemble(SCENARIO, "horizontal", overridden(SCENARIO, {"reach": "1/2", "accuracy": "0.9"}))
    expected = gl.value(assemble(there, "horizontal"), "grim").payoffs
    assert gl.value(here, "grim").payoffs.tolist() == expected.tolist()


def test_a_payoff_table_can_be_changed():
    scenario = loads(
        "gamelab: 1\ngame: {kind: normal_form, actions: [a, b], payoffs: [[[3, 3], [0, 2]], [[2, 0], [1, 1]]]}\n"
        "time: {rounds: 1}\n"
    )
    table = overridden(scenario, {"payoffs": "[[[3, 3], [0, 2]], [[2, 0], [1, 4/2]]]"})
    assert applied(scenario, table)["game.payoffs"][1][1] == [1, 2]
    item = overridden(scenario, {"payoffs.1.1.1": "4/2"})
    assert applied(scenario, item) == {"game.payoffs.1.1.1": 2}
    for overrides in (table, item):
        game = assemble(scenario, "none", overrides)
        assert gl.value(game, [{"stage_nash": {"equilibrium": 2}}] * 2).payoffs.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"reech": 1}, f"f.yaml: reech: .*did you mean '{HORIZONTAL}.reach'"),
        (
            {"cost": 1},
            "f.yaml: cost: 'cost' could be .*transparency.cost or .*monitoring.cost; write the one",
        ),
        ({"reach": "0,9"}, "a comma in a number; write 0.9"),
        ({"reach": "90%"}, "write 0.9 for 90%"),
        ({"reach": ""}, "nothing is given; write a number from 0 to 1"),
        ({"reach": "null"}, "nothing is given"),
        ({"reach": "[1, 2]"}, "a list or a mapping is given; write a number from 0 to 1"),
        ({"reach": [0.1, 0.2]}, "one value for each setting, and these are several"),
        ({"reach": np.linspace(0, 1, 3)}, "one value for each setting"),
        ({"reach": 1.5}, f"{HORIZONTAL}.reach: 1.5 is not a number from 0 to 1"),
        ({"reach": True}, "not a number"),
        ({"reach": "acuracy"}, "unknown name 'acuracy'; did you mean 'accuracy'"),
        ({"reach": "1/0"}, "division by zero"),
        ({"reach": ".nan"}, "reach: "),
        ({"reach": "*x"}, "alias"),
        ({"fines": "3"}, r"a list is needed; write it in brackets, such as \[3\]"),
        ({"fines": "[]"}, "at least one item"),
        ({"fines": "[1, -1]"}, "-1 is not a number of at least 0"),
        ({"fines.0": -1}, "-1 is not a number of at least 0"),
        ({"fines.7": 1}, "there is no '7', but items 0 to 2"),
        ({"observe": "publik"}, "did you mean 'public'"),
        ({"rounds": 2.5}, "not a whole number"),
        ({"accuracy": 1.5}, r"misreading: -0.5 is not .* \(with parameters.accuracy = 1.5\)"),
        ({"temptation": 2}, r"no prisoner's dilemma.* \(with game.temptation = 2\)"),
        ({"discount_factor": 1}, "leaves an open-ended game without a value"),
        ({"accuracy": "reward", "reward": "accuracy"}, "depends on itself"),
        ({"reach": 1, "transparency.reach": 0.5}, "which is set already"),
    ],
)
def test_what_is_refused_names_the_path_and_says_what_to_write(overrides, words):
    with pytest.raises(InputError, match=words):
        overridden(SCENARIO, overrides)
    with pytest.raises(InputError, match=words):
        gl.run(SCENARIO, overrides)


def test_all_mistakes_are_told_at_once():
    with pytest.raises(InputError) as refusal:
        overridden(SCENARIO, {"reech": 1, "cost": 1, "observe": "[1]"})
    assert [problem.key for problem in refusal.value.problems] == ["reech", "cost", "observe"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("reach", "has no '='; write PATH=VALUE"), ("=1", "names no setting"), ("", "has no '='")],
)
def test_what_is_no_assignment(text, words):
    with pytest.raises(InputError, match=words):
        assignments([text])
    with pytest.raises(InputError, match="is set twice"):
        assignments(["reach=1", "reach = 2"])


@given(draws.text(max_size=20))
def test_any_text_is_a_value_or_a_sentence(text):
    try:
        assert set(overridden(SCENARIO, {"reach": text})) == {f"{HORIZONTAL}.reach"}
    except InputError as refusal:
        assert all(problem.message and problem.key for problem in refusal.problems)  # noqa: PT017
