import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as draws
from profiles import up_to

from gamelab.errors import InputError
from gamelab.scenario import assemble, expected_value, load, loads

from .example import EXAMPLE, changed

MONITORING = "      monitoring: {detection: 0.9, false_alarm: 0.02, cost: 0.15, paid_by: authority}\n"
GAME = "  kind: prisoners_dilemma\n  temptation: 5\n  reward: 3\n  punishment: 1\n  sucker: 0\n"
FIRST_CLAIM = (
    "  - says: Nothing unseen is kept\n    arrangement: none\n    quantity: supported\n    is: impossible\n"
)


def refusals(*changes):
    with pytest.raises(InputError) as refusal:
        loads(changed(*changes), "f")
    problems = refusal.value.problems
    assert all(problem.line and problem.column for problem in problems)
    return [str(problem) for problem in problems]


def test_the_example_loads(tmp_path):
    file = tmp_path / "example.yaml"
    file.write_text(EXAMPLE, encoding="utf-8")
    scenario = load(file)
    assert scenario.title == "Free-riding when conduct cannot be seen"
    assert scenario.source.startswith("Levy")
    assert scenario.about == "The question, in two sentences."
    assert scenario.file == str(file)
    assert scenario.digest.startswith("sha256:")
    assert scenario.players == ("agency", "association")
    assert scenario.parameters == {"accuracy": Fraction(49, 50)}
    assert scenario.arrangements == ("none", "horizontal", "hierarchical")
    assert scenario.selection == {"none": "default", "horizontal": "default", "hierarchical": "best"}
    assert len(scenario.claims) == 3


def test_the_baseline_stands_where_it_is_written():
    scenario = loads(
        changed(("  hierarchical:\n", "  none:\n    profiles: [always_defect]\n  hierarchical:\n"))
    )
    assert scenario.arrangements == ("horizontal", "none", "hierarchical")


def test_the_smallest_scenario():
    scenario = loads(
        f"gamelab: 1\ngame:\n{GAME}time: {{rounds: 3}}\narrangements:\nclaims:\n", "dir/small.yaml"
    )
    assert scenario.arrangements == ("none",)
    assert scenario.players == ("player_1", "player_2")
    assert scenario.title == "small"


def test_a_byte_order_mark_is_fine(tmp_path):
    file = tmp_path / "bom.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + EXAMPLE.encode())
    assert load(file).title


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (MONITORING, "", "f:34:7: arrangements.hierarchical.institutions.graduated_sanctions: "),
        ("detection: 0.9", "detection: 1.2", "monitoring.detection: 1.2 is not a number from 0 to 1"),
        ("temptation: 5", "temptation: 2", "f:9:1: game: these payoffs make no prisoner's dilemma"),
        ("- accuracy", "- acuracy", "misreading: unknown name 'acuracy'; did you mean 'accuracy'?"),
        (
            "1 - accuracy",
            "accuracy - 1.08",
            "f:28:21: arrangements.horizontal.institutions.transparency.misreading: -0.1 is",
        ),
        ("1 - accuracy", "1/(accuracy - 0.98)", "transparency.misreading: division by zero"),
        ("  discount_factor: 0.9\n", "", "f:15:1: time.discount_factor: give discount_factor, "),
        (
            "time:\n  discount_factor: 0.9\n",
            "",
            "needs 'time': discount_factor, continuation_probability or rounds",
        ),
        ("discount_factor: 0.9", "discount_factor: 1", "f:16:20: time.discount_factor: 1 leaves"),
        (
            "discount_factor: 0.9",
            "discount_factor: 0,9",
            "f:16:20: time.discount_factor: a comma in a number; write 0.9",
        ),
        (
            "discount_factor: 0.9",
            "discount_factor: .nan",
            "time.discount_factor: '.nan' is not a finite number",
        ),
        (
            "discount_factor: 0.9",
            "discount_factor: inf",
            "time.discount_factor: 'inf' is not a finite number",
        ),
        ("discount_factor: 0.9", "discount_factor:", "f:16:3: time.discount_factor: nothing is given"),
        ("  kind: prisoners_dilemma\n", "", "needs 'kind'"),
        ("discount_factor: 0.9", "rounds: 2.5", "time.rounds: 2.5 is not a whole number"),
        ("gamelab: 1\n", "", "needs 'gamelab': 1"),
        ("gamelab: 1", "gamelab: 2", "f:1:10: gamelab: format version '2' is not known"),
        ("title:", "titel:", "'titel' is not a known key"),
        ("kind: prisoners_dilemma", "kind: prisoners_dilema", "did you mean 'prisoners_dilemma'?"),
        ("temptation: 5", "temptaton: 5", "did you mean 'temptation'?"),
        ("observe: none", "observe: publik", "did you mean 'public'?"),
        ("transparency:", "transparancy:", "did you mean 'transparency'?"),
        ("reach:", "reech:", "did you mean 'reach'?"),
        (
            "- grim",
            "- grimm",
            "f:31:9: arrangements.horizontal.profiles.0: 'grimm' is not a strategy; did you mean 'grim'?",
        ),
        ("- grim", "- limited_punishment", "limited_punishment needs 'rounds'"),
        (
            "- grim",
            "- [grim, grim, grim]",
            "f:31:9: arrangements.horizontal.profiles.0: 3 strategies for 2 players",
        ),
        (
            "- grim",
            "- limited_punishment:\n        rounds: 2",
            "if it is a setting of 'limited_punishment', indent it further",
        ),
        ("selection: best", "selection: bets", "did you mean 'best'?"),
        ("altruism: 0", "altruism: -1", "preferences.altruism: -1 is not a number of at least 0"),
        (
            MONITORING,
            "      altruism: {weight: 1}\n",
            "altruism: is a preference: write 'preferences: {altruism: ...}'",
        ),
        (
            MONITORING,
            MONITORING * 2,
            "f:35:7: arrangements.hierarchical.institutions.monitoring: is there twice",
        ),
        (MONITORING, MONITORING.replace("0.9,", "0,9,"), "write detection: 0.9"),
        (
            "[2.5, 4, 8]",
            "[2.5, -4, 8]",
            "f:35:42: arrangements.hierarchical.institutions.graduated_sanctions.fines.1: -4 is",
        ),
        ("[2.5, 4, 8]", "[]", "graduated_sanctions.fines: an empty list"),
        ("[2.5, 4, 8]", "4", "graduated_sanctions.fines: '4' is given; a list is needed"),
        ("agency, association]", "a, b, c]", "f:6:1: players: "),
        ("accuracy: 0.98", "accuracy: b\n  b: accuracy", "parameters.accuracy: depends on itself"),
        ("accuracy: 0.98", "accuracy: 9^9^9^9", "parameters.accuracy: an exponent beyond 1000"),
        (
            "accuracy: 0.98",
            "accuracy: 0.98\n  rounds: 2",
            "parameters.rounds: 'rounds' has a meaning of its own",
        ),
        (
            "  horizontal:",
            "  none: {institutions: {monitoring: {detection: 1}}}\n  horizontal:",
            "the baseline 'none' has no",
        ),
        ("exact: false", "exact: perhaps", "'perhaps' is not allowed; write yes or no"),
        ("exact: false", "simulate: {matches: 0}", "simulate.matches: 0 is not a whole number from 1"),
        ("says: Nothing unseen", "says: Nothing, unseen: it", "a colon in a text without quotes"),
        (
            FIRST_CLAIM,
            "  - {says: Free, riding, quantity: best_arrangement, is: none}\n",
            'says: "Free, riding"',
        ),
        ("  horizontal:\n", "  horizontal:\n\tx: 1\n", "a tab stands here"),
        (
            MONITORING,
            "      - monitoring:\n        detection: 0.9\n",
            "and their settings indented below them",
        ),
    ],
)
def test_what_is_refused(old, new, expected):
    said = refusals((old, new))
    assert any(expected in line for line in said), said


TEN = changed(
    ("title:", "titel:"),
    ("accuracy: 0.98", "accuracy: 0,98"),
    ("temptation: 5", "temptation: 2"),
    ("observe: none", "observe: publik"),
    ("reach: 0.8", "reach: 1.8"),
    ("- grim", "- grimm"),
    (MONITORING, ""),
    ("selection: best", "selection: bets"),
    ("arrangement: none", "arrangement: nobody"),
    ("time.discount_factor: 0.3", "time.discount_facto: 0.3"),
)


def test_ten_mistakes_give_ten_located_messages():
    with pytest.raises(InputError) as refusal:
        loads(TEN, "f")
    problems = refusal.value.problems
    assert [problem.line for problem in problems] == [2, 8, 9, 18, 27, 31, 34, 36, 40, 55]
    assert all(problem.file == "f" and problem.column and problem.key for problem in problems)


def test_syntax_and_meaning_are_reported_together():
    said = refusals(
        ("title: Free-riding when", "title: Free-riding: when"),
        ("detection: 0.9", "detection: 1.9"),
        ("  observe", "\tobserve"),
        ("arrangement: none", "arrangement: nobody"),
    )
    assert [line.split(":")[1] for line in said] == ["2", "18", "34", "41"], said


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("empty.yaml", b"", ":1:1: the file is empty"),
        ("binary.yaml", bytes(range(256)), ":2:1: not a text in UTF-8"),
        ("latin.yaml", "title: Bühne\n".encode("latin-1"), ":1:1: not a text in UTF-8"),
        ("utf16.yaml", EXAMPLE.encode("utf-16"), ":1:1: not a text in UTF-8"),
        ("large.yaml", b"#" * 1_000_001, ":1:1: larger than 1 MB"),
    ],
)
def test_files_that_are_no_scenarios(tmp_path, name, data, expected):
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(InputError) as refusal:
        load(file)
    assert str(refusal.value).startswith(str(file) + expected)


def test_fifty_megabytes_are_refused_at_once(tmp_path):
    file = tmp_path / "huge.yaml"
    with file.open("wb") as stream:
        stream.truncate(50_000_000)
    start = time.perf_counter()
    with pytest.raises(InputError, match="larger than 1 MB"):
        load(file)
    assert time.perf_counter() - start < 0.5


def test_a_folder_or_a_missing_file(tmp_path):
    (tmp_path / "scenario.yaml").write_text(EXAMPLE)
    with pytest.raises(InputError, match="a folder"):
        load(tmp_path)
    with pytest.raises(InputError, match=r"no such file; did you mean 'scenario.yaml'"):
        load(tmp_path / "scenari.yaml")
    with pytest.raises(InputError, match=r"cannot be read|no such file"):
        load(Path("a\0b"))


def test_aliases_cannot_blow_up():
    laughs = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + k)}: &{chr(98 + k)} [*{chr(97 + k)}, *{chr(97 + k)}]\n" for k in range(20)
    )
    with pytest.raises(InputError, match="is an alias"):
        loads(laughs)


def test_names_with_spaces_dots_and_quotes():
    text = changed(
        ("  hierarchical:", "  two. tiers:"),
        ("arrangement: hierarchical", "arrangement: two. tiers"),
        ("above: 0", "above: arrangements.'two. tiers'.institutions.monitoring.cost"),
        ("time.discount_factor: 0.3", "'arrangements.\"two. tiers\".institutions.monitoring.cost': 0.1"),
        ("  accuracy: 0.98", "  accuracy: \"'how sharp'^2\"\n  how sharp: 0.99"),
    )
    scenario = loads(text)
    assert expected_value(scenario, scenario.claims[2]) == Fraction(1, 10)
    assert scenario.parameters["accuracy"] == Fraction(9801, 10000)
    said = refusals(("  horizontal:", "  a'b\"c: {}\n  horizontal:"), ("reach: 0.8", "reach: 1.8"))
    assert "not both kinds of quotation marks" in said[0]
    assert "'<x>' is not a known key" in refusals(("title:", "<x>: 1\ntitle:"))[0]


PIECES = [
    "\t",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "'",
    '"',
    "|",
    "#",
    "&a ",
    "*a",
    "!x ",
    "? ",
    "\n",
    "\n  ",
    "~",
    "0,9",
    "%",
]
PIECES += ["---\n", ".nan", "1e400", "9^9^9^9", "none", "\x85", "\u2028", "\r", "\ufeff", "<<: ", "1/0", "x"]


@settings(deadline=None, max_examples=up_to(30))
@given(
    draws.lists(
        draws.tuples(draws.floats(0, 1), draws.integers(0, 9), draws.sampled_from(PIECES)), max_size=4
    )
)
def test_whatever_is_changed_only_located_problems_come_out(changes):
    text = EXAMPLE
    for where, length, piece in changes:
        start = int(where * len(text))
        text = text[:start] + piece + text[start + length :]
    try:
        loads(text, "f")
    except InputError as refusal:
        assert refusal.problems  # noqa: PT017
        assert all(problem.line and problem.column for problem in refusal.problems)  # noqa: PT017


@settings(deadline=None, max_examples=up_to(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=draws.binary(max_size=80))
def test_any_bytes_give_located_problems(tmp_path, data):
    file = tmp_path / "x.yaml"
    file.write_bytes(data)
    with pytest.raises(InputError) as refusal:
        load(file)
    assert all(problem.line for problem in refusal.value.problems)


def test_what_strategies_refuse_is_told_when_the_file_is_read():
    text = f"""gamelab: 1
game:
{GAME}time: {{discount_factor: 0.9}}
information: {{observe: none}}
arrangements:
  blind:
    profiles: [tit_for_tat, comply, {{comply_until: {{level: 1}}}}, {{extortion: {{factor: 0.5}}}}]
"""
    with pytest.raises(InputError) as refusal:
        loads(text)
    told = {problem.key: problem.message for problem in refusal.value.problems}
    assert list(told) == [
        "arrangements.blind.profiles.0",
        "arrangements.blind.profiles.2",
        "arrangements.blind.profiles.3.extortion.factor",
    ]
    assert "nothing shows it" in told["arrangements.blind.profiles.0"]
    assert "needs a record of levels" in told["arrangements.blind.profiles.2"]
    assert all(problem.line and problem.column for problem in refusal.value.problems)


def test_payoffs_and_probabilities_that_look_like_labels_are_numbers():
    """Actions are called 1, 2, ... by default, and payoffs of 1 are frequent."""
    payoffs = "[[[1, 1], [0, 2]], [[2, 0], [1, 1]]]"
    game = f'kind: normal_form\n  payoffs: {payoffs}\n  agreement: ["1", "1"]\n  fallback: [2, {{"2": 1}}]'
    scenario = loads(f"gamelab: 1\ngame:\n  {game}\ntime: {{rounds: 3}}\n")
    built = assemble(scenario, "none")
    np.testing.assert_array_equal(
        built.flows["material"].by_profile[0, 0, :, :2], [[1, 1], [0, 2], [2, 0], [1, 1]]
    )
    np.testing.assert_array_equal(built.fallback[0, 0], [[0, 1], [0, 1]])


def test_a_scenario_in_fractions_without_a_kind_is_refused_in_words():
    """Its games were assembled in fractions though no game could be."""
    with pytest.raises(InputError, match="kind"):
        loads(changed(("  kind: prisoners_dilemma\n", "")) + "exact: yes\n")


@pytest.mark.parametrize(
    "asked",
    [
        "claims:\n  - {quantity: least, arrangement: none, path: preferences.altruism}\n",
        "maps:\n  - {x: {reward: {from: 0, to: 1 + altruism}}, y: {preferences.altruism: {from: 0, to: 1, "
        "points: altruism}}, show: best_arrangement}\n",
    ],
)
def test_what_asks_for_a_refused_setting_is_no_second_mistake(asked):
    """A setting that was refused already has no message of its own; the claim and the map looked for one."""
    text = "gamelab: 1\ngame: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}\n"
    with pytest.raises(InputError) as refusal:
        loads(f"{text}time: {{discount_factor: 0.9}}\npreferences:\n  altruism: [1]\n{asked}")
    assert refusal.value.problems
    assert all(problem.line for problem in refusal.value.problems)
