"""What is too much for a scenario is refused at once, and what is odd is shown so that it can be seen."""

import contextlib
import time

import pytest

from gamelab.errors import InputError
from gamelab.scenario import loads
from gamelab.scenario.loading import MOST
from gamelab.scenario.reading import MOST_VALUES

START = """\
gamelab: 1
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: 0.9}
"""
ARRANGEMENTS = "".join(f"  a{k}: {{profiles: [grim]}}\n" for k in range(MOST["arrangements"] + 1))
CLAIM = "  - {quantity: best_arrangement, is: none}\n"


def refusals(text):
    start = time.process_time()
    with pytest.raises(InputError) as refusal:
        loads(text, "file.yaml")
    assert time.process_time() - start < 5
    return [str(problem) for problem in refusal.value.problems]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("#" * 1_000_000, "file.yaml:1:1: larger than 1 MB; a scenario is a short text"),
        ("#" * 200_000, "file.yaml:1:1: more than 200,000 characters or 20,000 lines"),
        ("\n" * 20_001, "file.yaml:1:1: more than 200,000 characters or 20,000 lines"),
        (f"arrangements:\n{ARRANGEMENTS}", "file.yaml:4:1: arrangements: 51 are given and 50 is the limit"),
        ("claims:\n" + CLAIM * 201, "file.yaml:4:1: claims: 201 are given and 200 is the limit"),
        ("maps:\n" + "  - {title: x}\n" * 51, "file.yaml:4:1: maps: 51 are given and 50 is the limit"),
        (f"players: [{'a, ' * MOST_VALUES}a]\n", f"more than {MOST_VALUES:,} keys and values"),
        ("parameters: " + "{a: " * 31 + "1" + "}" * 31, "nested more than 30 deep"),
    ],
)
def test_masses_are_refused_in_a_sentence(more, told):
    assert any(told in message for message in refusals(START + more))


@pytest.mark.parametrize(
    "text",
    [
        START + " " * 190_000,  # the search for other kinds of spaces tried every place again
        START + "about: >-\n  " + " " * 190_000,
        START + "about: " + "a " * 90_000,
        START + "about: " + "!" * 190_000,
        "%a\n" * 19_000,  # a line was left out twenty times
        START + "claims: [" + "a\n  " * 19_000,
        START + "claims: [" + "# x\n" * 19_000,
    ],
)
def test_a_text_as_long_as_it_may_be_is_read_at_once(text):
    start = time.process_time()
    with contextlib.suppress(InputError):
        loads(text)
    assert time.process_time() - start < 3  # about half a second where nothing else runs


@pytest.mark.parametrize("end", ["\r", "\r\n", "\u2028", "\u2029"])
def test_lines_may_end_in_many_ways(end):
    """A carriage return alone ends a line for YAML; a message about such a file looked for a line that was not there."""
    start = START.replace("\n", end if end.startswith("\r") else "\n")
    messages = refusals(f"{start}claims: [{end}a{end}{end}")
    assert any("never closed" in message or "no ']' closes it" in message for message in messages)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            START.replace("discount_factor", "rounds").replace("0.9", "10000000"),
            "not a whole number from 1 to 10000",
        ),
        (
            START + "arrangements: {a: {profiles: [{limited_punishment: {rounds: 10000000}}]}}\n",
            "not a whole number from 1 to 1000",  # its automaton took 400 MB
        ),
    ],
)
def test_rounds_have_a_bound(text, told):
    (message,) = refusals(text)
    assert told in message


LADDER = """\
  a{k}:
    institutions:
      monitoring: {{detection: 1, cost: 0}}
      graduated_sanctions: {{fines: [{fines}]}}
    profiles: [comply]
"""


@pytest.mark.parametrize(
    ("many", "long", "exact"),
    [
        pytest.param(50, 100, "no", marks=pytest.mark.slow),
        (1, 60, "yes"),
        pytest.param(1, 100, "yes", marks=pytest.mark.slow),
        pytest.param(50, 10, "yes", marks=pytest.mark.slow),
    ],
)
def test_games_are_tried_while_it_takes_no_time(many, long, exact):
    """Fifty ladders took ten seconds and a gigabyte, one in fractions six seconds."""
    fines = ", ".join(map(str, range(long)))
    ladders = "".join(LADDER.format(k=k, fines=fines) for k in range(many))
    start = time.process_time()
    scenario = loads(f"{START}exact: {exact}\narrangements:\n{ladders}")
    assert time.process_time() - start < 4  # about half a second where nothing else runs
    assert len(scenario.arrangements) == many + 1


def test_maps_without_number_are_tried_while_it_takes_no_time():
    line = "  - {x: {reward: {from: 2, to: 3}}, y: {sucker: {from: 0, to: 0.5}}, show: best_arrangement}\n"
    ladders = "".join(LADDER.format(k=k, fines="1, 2, 3, 4, 5, 6") for k in range(20))
    start = time.process_time()
    scenario = loads(f"{START}arrangements:\n{ladders}maps:\n{line * 50}")
    assert time.process_time() - start < 4
    assert len(scenario.maps) == 50


def test_an_axis_longer_than_numbers_go_is_refused():
    """Its steps were infinite."""
    line = "  - {x: {reward: {from: -1e308, to: 1e308}}, y: {sucker: {from: 0, to: 0.5}}, show: best_arrangement}\n"
    assert any("which is too far" in message for message in refusals(f"{START}maps:\n{line}"))


def test_a_mistake_in_a_long_file_is_told_and_not_its_length():
    names = ", ".join("a" for _ in range(MOST_VALUES * 2 // 3))
    (message,) = refusals(f"{START}players: [{names}]\ntitle: a: b\n")
    assert "a colon in a text without quotes" in message


def test_one_line_is_mended_once():
    """Quotation marks that were doubled at each attempt made the line longer by half a million characters."""
    messages = refusals(f"{START}about: 'it' is 'so' 'and' so\n")
    assert len(messages) == 1


def test_four_hundred_candidates_are_read_at_once():
    start = time.process_time()
    loads(f"{START}arrangements:\n  many:\n    profiles: [{', '.join(['grim'] * 400)}]\n")
    assert time.process_time() - start < 3


def test_a_list_of_strategies_inside_a_list():
    (message,) = refusals(f"{START}arrangements:\n  a:\n    profiles: [[[grim, grim], grim]]\n")
    assert message.endswith(
        "a list stands where one strategy is meant; write one name, or one name with settings"
    )


def test_a_parameter_without_a_value_is_told_where_others_use_it():
    messages = refusals(f"{START}parameters:\n  share: part\n  part:\n")
    assert messages == ["file.yaml:6:3: parameters.part: nothing is given; write a number"]


@pytest.mark.parametrize("escape", ["\\e[2J", "\\0", "\\ud800", "\\x85"])
def test_escapes_that_stand_for_what_no_file_may_hold(escape):
    (message,) = refusals(f'{START}title: "a{escape}"\n')
    assert "file.yaml:4:8: title: an escape that stands for the character" in message


def test_what_is_not_seen_is_written_out():
    (message,) = refusals(f"{START}ti\u200btle: a\n")
    assert message == "file.yaml:4:3: a character that is not seen, '\\u200b': leave it out"


def test_very_long_names_are_cut():
    for name in ("x" * 900, "x." * 450):
        (message,) = refusals(f"{START}{name}: 1\n")
        assert len(message) < 2000


def test_a_game_too_large_to_stand_in_for_one_whose_time_is_wrong():
    table = [[[0, 0]] * 34] * 34  # a public record of it has more than a million chances
    with pytest.raises(InputError) as refusal:
        loads(
            f"gamelab: 1\ngame: {{kind: normal_form, payoffs: {table}}}\ntime: {{discount_factor: 2}}\n", "f"
        )
    assert [problem.key for problem in refusal.value.problems] == ["time.discount_factor"]
