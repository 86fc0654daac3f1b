"""Mistakes in the section maps, each told at its place."""

import pytest

from gamelab.errors import InputError
from gamelab.scenario import axis_values, grid_of, loads

from .example import EXAMPLE

LINES = len(EXAMPLE.splitlines())
FACTOR = "{time.discount_factor: {from: 0.1, to: 0.9}}"
ACCURACY = "{parameters.accuracy: {from: 0.5, to: 1}}"
FINES = "arrangements.hierarchical.institutions.graduated_sanctions.fines"


def said(x=FACTOR, y=ACCURACY, show="best_arrangement", example=EXAMPLE):
    with pytest.raises(InputError) as refusal:
        loads(f"{example}maps:\n  - title: A map\n    x: {x}\n    y: {y}\n    show: {show}\n", "f")
    problems = refusal.value.problems
    assert all(problem.file == "f" and problem.column and problem.key for problem in problems)
    return [(problem.line - LINES, problem.key, problem.message) for problem in problems]


@pytest.mark.parametrize(
    ("x", "key", "message"),
    [
        ("{time.discount_facto: {from: 0, to: 1}}", "'time.discount_facto'", "names no setting of this scenario; did you mean 'time.discount_factor'?"),
        ("{information.observe: {from: 0, to: 1}}", "'information.observe'", "is a choice; an axis needs one number"),
        ("{time.rounds: {from: 9, to: 1}}", "'time.rounds'", "goes from 9 to 1; an axis needs a lower end"),
        ("{time.rounds: {from: 0, to: 4}}", "'time.rounds'.from", "0 is not a whole number from 1 to 10000"),
        ("{time.rounds: {from: 1.5, to: 4.5}}", "'time.rounds'.from", "1.5 is not a whole number from 1 to 10000"),
        ("{time.rounds: {from: 1, to: 4.5}}", "'time.rounds'", "goes from 1 to 4.5; in steps of 1 the last value is 4; end there, or"),
        ("{time.rounds: {from: 1, to: 10, step: 2}}", "'time.rounds'", "goes from 1 to 10; in steps of 2 the last value is 9"),
        ("{time.rounds: {from: 1, to: 2, step: 1/2}}", "'time.rounds'.step", "1.5 would be on the axis, and time.rounds is a whole number from 1 to 10000; write 'step: 1'"),
        ("{time.rounds: {from: 1, to: 4, points: 3}}", "'time.rounds'.points", "2.5 would be on the axis"),
        ("{time.rounds: {from: 1, to: 9, step: 0}}", "'time.rounds'", "steps of 0; they must be above 0"),
        ("{time.rounds: {from: 1, to: 9, step: stride}}", "'time.rounds'.step", "unknown name 'stride'"),
        ("{time.rounds: {from: 1, to: 9, step: 2, points: 5}}", "'time.rounds'", "both 'points' and 'step' given; write one"),
        ("{time.discount_factor: {from: 0, to: 0.9, step: 0.4}}", "'time.discount_factor'", "in steps of 0.4 the last value is 0.8; end there, or write 'points'"),
        ("{time.discount_factor: {from: 0, to: 0.9, step: 1e-9}}", "'time.discount_factor'", "900,000,001 points; the limit is 4,000,000 cells"),
        (f"{{{FINES}: {{from: 1, to: 9}}}}", f"'{FINES}'", "is a list; an axis needs one number, such as"),
        (f"{{{FINES}.3: {{from: 1, to: 9}}}}", f"'{FINES}.3'", "there is no '3', but items 0 to 2"),
        ("{time.discount_factor: {from: 0.9, to: 0.1}}", "'time.discount_factor'", "goes from 0.9 to 0.1; an axis needs a lower end"),
        ("{time.discount_factor: {from: 0.5, to: 1/2}}", "'time.discount_factor'", "goes from 0.5 to 0.5"),
        ("{time.discount_factor: {from: 0, to: 1.5}}", "'time.discount_factor'.to", "1.5 is not a number from 0 to 1"),
        ("{time.discount_factor: {from: 0, to: acuracy}}", "'time.discount_factor'.to", "unknown name 'acuracy'; did you mean 'accuracy'?"),
        ("{time.discount_factor: {from: 0, to: 0.9, points: 1}}", "'time.discount_factor'.points", "1 is not a whole number of at least 2"),
        ("{time.discount_factor: {from: 0, to: 0.9, points: 2.5}}", "'time.discount_factor'.points", "2.5 is not a whole number"),
        ("{time.discount_factor: {from: 0, to: '0,9'}}", "'time.discount_factor'.to", "a comma in a number"),
        ("{time.discount_factor: {to: 0.9}}", "'time.discount_factor'", "needs 'from': a number or an expression"),
        ("{time.discount_factor: {from: 0, to: 0.9, scale: log}}", "'time.discount_factor'.scale", "'scale' is not a known key"),
        ("{time.discount_factor: 3}", "'time.discount_factor'", "'3' is given; a mapping is needed"),
        ("{time.discount_factor: {from: 0, to: 1}, game.sucker: {from: 0, to: 1}}", "", "2 settings given; one path"),
        ("{}", "", "nothing given; one path with its range is needed"),
        ("time.discount_factor", "", "a mapping is needed"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_axis(x, key, message):
    ((line, found, told),) = said(x=x)
    assert (line, found) == (3, ".".join(filter(None, ["maps.0.x", key])))
    assert message in told


@pytest.mark.parametrize(
    ("show", "key", "message"),
    [
        ("best_arangement", "", "'best_arangement' cannot be shown; write best_arrangement or workable_arrangements, or"),
        ("net_benefit", "", "net_benefit is of one arrangement; write {quantity: net_benefit, arrangement: ...}"),
        ("[best_arrangement]", "", "a list is given; write best_arrangement or"),
        ("{quantity: nets, arrangement: none}", "quantity", "'nets' is not a quantity"),
        ("{arrangement: none}", "", "needs 'quantity'"),
        ("{quantity: net_benefit}", "", "net_benefit needs 'arrangement': none, horizontal or hierarchical"),
        ("{quantity: net_benefit, arrangement: vertical}", "arrangement", "no arrangement 'vertical'"),
        ("{quantity: net_benefit, arrangement: horizontal, profile: comply}", "profile", "no candidate comply in horizontal; there are: grim"),
        ("{quantity: payoff, arrangement: horizontal}", "", "payoff needs 'player': agency or association"),
        ("{quantity: payoff, arrangement: horizontal, player: agent}", "player", "no player 'agent'"),
        ("{quantity: sustainable_discount_factors, arrangement: horizontal}", "quantity", "is a list of intervals; map critical_discount_factor"),
        ("{quantity: break_even, arrangement: horizontal}", "quantity", "map workable with the cost along one axis"),
        ("{quantity: best_arrangement}", "quantity", "is of the whole scenario; write 'show: best_arrangement'"),
        ("{quantity: workable, arrangement: none}", "arrangement", "the baseline is what others are compared with"),
        ("{quantity: workable, arrangement: horizontal, with: {}}", "with", "'with' is not a known key"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_show(show, key, message):
    ((line, found, told),) = said(show=show)
    assert (line, found) == (5, ".".join(filter(None, ["maps.0.show", key])))
    assert message in told


@pytest.mark.parametrize("other", [FACTOR, "{discount_factor: {from: 0.3, to: 0.4, points: 3}}"])
def test_both_axes_change_something_else(other):
    """Also where the other axis has another range, or names the setting by a shorter path."""
    assert said(y=other) == [
        (4, "maps.0.y", "both axes change time.discount_factor; another setting is needed here")
    ]


def test_a_million_cells_are_allowed_and_four_million_the_limit():
    axis = "{%s: {from: 0.1, to: 0.9, points: %s}}"
    large = EXAMPLE + "maps: [{x: %s, y: %s, show: best_arrangement}]\n"
    (found,) = loads(large % (axis % ("time.discount_factor", 2000), axis % ("game.sucker", 2000))).maps
    assert found.x.points * found.y.points == 4_000_000
    ((line, key, told),) = said(axis % ("time.discount_factor", 2001), axis % ("game.sucker", 2000))
    assert (line, key) == (2, "maps.0")
    assert told == "2,001 x 2,000 points make 4,002,000 cells; the limit is 4,000,000"
    ((line, _, told),) = said(axis % ("time.discount_factor", "10^12"))
    assert "the limit is 4,000,000 cells" in told


def test_corners_that_a_plug_in_refuses():
    ((line, key, told),) = said(y="{game.temptation: {from: 2, to: 5}}")
    assert (line, key) == (2, "maps.0")
    assert told.startswith("at the corner (0.1, 2) game: these payoffs make no prisoner's dilemma")
    ((_, _, told),) = said(x="{time.discount_factor: {from: 0, to: 1}}")
    assert told.startswith("at the corner (1, 0.5) time.discount_factor: 1 leaves an open-ended game")


def test_names_that_other_mistakes_hide_are_not_told_twice():
    broken = EXAMPLE.replace("monitoring: {detection", "monitorng: {detection")
    x = "{arrangements.hierarchical.institutions.monitoring.detection: {from: 0, to: 1}}"
    keys = [key for _, key, _ in said(x=x, example=broken)]
    assert not [key for key in keys if key.startswith("maps")]


def test_several_mistakes_and_what_is_missing():
    with pytest.raises(InputError) as refusal:
        loads(EXAMPLE + "maps:\n  - {x: 3, show: nothing}\n  - 7\n", "f")
    assert [problem.key for problem in refusal.value.problems] == [
        "maps.0",
        "maps.0.x",
        "maps.0.show",
        "maps.1",
    ]
    assert "needs 'y': one path with its range" in str(refusal.value)


def test_steps_are_exact_and_whole_numbers_are_the_default():
    text = EXAMPLE + "maps: [{x: %s, y: %s, show: best_arrangement}]\n"
    scenario = loads(
        text % ("{rounds: {from: 2, to: 5}}", "{discount_factor: {from: 0.1, to: 0.9, step: 0.2}}")
    )
    (found,) = scenario.maps
    assert (found.x.apart, found.y.apart) == (True, False)
    assert [values.tolist() for values in grid_of(scenario, found)] == [
        [2, 3, 4, 5],
        [0.1, 0.3, 0.5, 0.7, 0.9],
    ]
    scenario = loads(text % ("{rounds: {from: 2, to: 8, points: 3}}", ACCURACY))
    assert axis_values(scenario, scenario.maps[0].x).tolist() == [2, 5, 8]


def test_at_most_so_many_games_of_different_form():
    ((line, key, told),) = said("{time.rounds: {from: 1, to: 2501}}")
    assert (line, key) == (2, "maps.0")
    assert told == (
        "2,501 games that differ in rounds, players or levels; the limit is 2,500; larger steps would make fewer"
    )
