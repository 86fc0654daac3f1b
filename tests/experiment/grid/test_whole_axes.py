"""Maps over whole numbers: rounds, players, levels; each cell as a run of its own, nothing between two cells."""

import functools
import itertools
from unittest import mock

import numpy as np
import pytest
from group_games import GROUP, public_goods, threshold  # noqa: F401  the fixture

import gamelab as gl
from gamelab.errors import InputError
from gamelab.experiment.grid import points as sites
from gamelab.scenario import loads

DILEMMA = """
gamelab: 1
parameters: {memory: 2}
game: {kind: prisoners_dilemma, temptation: 4, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: 0.6}
arrangements:
  talk: {profiles: [{limited_punishment: {rounds: memory}}]}
  fined:
    institutions:
      monitoring: {detection: 0.9, cost: 0.2}
      graduated_sanctions: {fines: [2, 3]}
    profiles: [{comply_until: {level: 1}}, comply]
"""
LENGTH = "arrangements.talk.profiles.0.limited_punishment.rounds"
LEVEL = "arrangements.fined.profiles.0.comply_until.level"
FACTOR = "time.discount_factor: {from: 0.1, to: 0.9, points: 3}"


@functools.cache
def drawn(text, x, y, show):
    (found,) = gl.run(loads(f"{text}maps: [{{x: {{{x}}}, y: {{{y}}}, show: {show}}}]\n")).maps
    return found


def compared(text, x, y, arrangement):
    """Compare the net benefit in every cell with a run of its own; a cell is empty where a run is refused."""
    with mock.patch("gamelab.experiment.grid.maps.WITHIN", 1.0):
        found = drawn.__wrapped__(text, x, y, f"{{quantity: net_benefit, arrangement: {arrangement}}}")
    scenario = loads(text)
    for (i, b), (j, a) in itertools.product(enumerate(found["y"]["values"]), enumerate(found["x"]["values"])):
        try:
            there = gl.run(scenario, {found["x"]["path"]: a, found["y"]["path"]: b}).arrangements[arrangement]
            wanted = there.quantity(there.conduct, "net_benefit")
        except InputError:
            wanted = None
        assert found["numbers"][i][j] == (None if wanted is None else pytest.approx(wanted)), (a, b)
    return found


def test_length_of_punishment_by_its_closed_form():
    """L rounds of punishment deter a gain of 1 where 2 (d + ... + d^L) >= 1: with d = 0.4, from two rounds on."""
    found = drawn(
        DILEMMA, f"{LENGTH}: {{from: 1, to: 4}}", FACTOR, "{quantity: supported, arrangement: talk}"
    )
    assert found["x"]["values"] == [1, 2, 3, 4]
    assert all(isinstance(value, int) for value in found["x"]["values"])
    assert found["x"]["borders"] == [0.5, 1.5, 2.5, 3.5, 4.5]
    assert found["y"]["borders"] is None
    yes = found["regions"].index("yes")
    for i, d in enumerate(found["y"]["values"]):
        for j, length in enumerate(found["x"]["values"]):
            holds = 2 * sum(d**k for k in range(1, length + 1)) >= 1 - 1e-12
            assert (found["cells"][i][j] == yes) == holds, (d, length)
    (boundary,) = found["boundaries"]
    (line,) = boundary["lines"]
    crossings = sorted({a: b for a, b in line if a % 1 == 0.5 and a > 0.5}.items())
    for (_, low), (_, high) in itertools.pairwise(crossings):
        assert high <= low  # longer punishments deter less patient players
    roots = {length: crossing(length) for length in range(1, 5)}
    flat = [(a, b) for a, b in itertools.pairwise(line) if a[1] == b[1]]
    assert len(flat) == 4
    for (left, d), (right, _) in flat:
        assert abs(right - left) == 1
        assert d == pytest.approx(roots[round((left + right) / 2)], abs=1e-8)


def crossing(length):
    """Return the root of 2 (d + ... + d^L) = 1 by bisection."""
    low, high = 0.0, 1.0
    for _ in range(60):
        d = (low + high) / 2
        low, high = (d, high) if 2 * sum(d**k for k in range(1, length + 1)) < 1 else (low, d)
    return low


def test_the_same_from_the_side():
    upright = drawn(
        DILEMMA, f"{LENGTH}: {{from: 1, to: 4}}", FACTOR, "{quantity: supported, arrangement: talk}"
    )
    lying = drawn(
        DILEMMA, FACTOR, f"{LENGTH}: {{from: 1, to: 4}}", "{quantity: supported, arrangement: talk}"
    )
    assert np.array(lying["cells"]).T.tolist() == upright["cells"]
    (one,), (other,) = (found["boundaries"][0]["lines"] for found in (upright, lying))
    assert {tuple(point[::-1]) for point in other} == {tuple(point) for point in one}


def test_a_parameter_that_a_whole_number_is_made_from_is_one():
    found = drawn(DILEMMA, "memory: {from: 1, to: 4}", FACTOR, "{quantity: supported, arrangement: talk}")
    assert found["x"]["values"] == [1, 2, 3, 4]
    halves = DILEMMA.replace("rounds: memory", "rounds: 2*memory").replace("memory: 2", "memory: 1")
    found = drawn(
        halves, "memory: {from: 0.5, to: 2, step: 1/2}", FACTOR, "{quantity: supported, arrangement: talk}"
    )
    assert found["x"]["values"] == [0.5, 1, 1.5, 2]
    assert all(cell is not None for row in found["cells"] for cell in row)
    found = drawn(
        halves, "memory: {from: 0.5, to: 1.5, points: 5}", FACTOR, "{quantity: supported, arrangement: talk}"
    )
    assert [cell is None for cell in found["cells"][0]] == [False, True, False, True, False]


@pytest.mark.parametrize(
    ("x", "y", "arrangement"),
    [
        pytest.param("time.rounds: {from: 1, to: 4}", FACTOR, "fined", marks=pytest.mark.slow),
        (f"{LEVEL}: {{from: 0, to: 2}}", "game.temptation: {from: 3.2, to: 4.7, points: 3}", "fined"),
        ("time.rounds: {from: 1, to: 5, step: 2}", f"{LENGTH}: {{from: 1, to: 3}}", "talk"),
        ("game.temptation: {from: 3.2, to: 4.7, points: 2}", "time.rounds: {from: 1, to: 2}", "fined"),
    ],
)
def test_every_cell_is_a_run(x, y, arrangement):
    compared(DILEMMA, x, y, arrangement)


@pytest.mark.usefixtures("public_goods")
@pytest.mark.parametrize("path", ["number", pytest.param("game.size", marks=pytest.mark.long)])
def test_group_size_by_its_closed_form(path):
    text = GROUP.replace(", [always_defect, always_defect, always_defect, always_defect]", "")
    sizes = f"{path}: {{from: 2, to: 4}}"
    regions = drawn(
        text, sizes, "time.discount_factor: {from: 0.05, to: 0.95, points: 3}", "best_arrangement"
    )
    flat = {
        round((a[0] + b[0]) / 2): a[1]
        for boundary in regions["boundaries"]
        for line in boundary["lines"]
        for a, b in itertools.pairwise(line)
        if a[1] == b[1] and abs(a[0] - b[0]) == 1 and "talk" in boundary["between"]
    }
    assert flat == {size: pytest.approx(threshold(size, 1.5), abs=1e-8) for size in (2, 3, 4)}


@pytest.mark.usefixtures("public_goods")
def test_players_come_and_go_with_the_size():
    text = GROUP.replace(", [always_defect, always_defect, always_defect, always_defect]", "")
    who = "{quantity: payoff, arrangement: talk, profile: grim, player: player_4}"
    found = drawn(
        text, "size: {from: 2, to: 6, step: 2}", "discount_factor: {from: 0.8, to: 0.9, points: 2}", who
    )
    assert [round(value, 9) if value else value for value in found["numbers"][0]] == [None, 0.5, 0.5]
    compared(text, "size: {from: 2, to: 3}", "game.benefit: {from: 1.2, to: 1.8, points: 2}", "open")


def test_what_does_not_depend_on_the_axis_is_solved_once():
    assembled = []
    wanted = sites.Points.write

    def write(site, rows, specification, game, at, points):
        assembled.append((site.name, len(points)))
        wanted(site, rows, specification, game, at, points)

    with mock.patch.object(sites.Points, "write", write):
        drawn.__wrapped__(
            DILEMMA, f"{LENGTH}: {{from: 1, to: 4}}", FACTOR, "{quantity: cooperation, arrangement: talk}"
        )
    first = assembled[: assembled.index(("talk", 3)) + 1]
    assert first == [("none", 3), ("talk", 3)]
    assert sum(1 for name, count in assembled if name == "none" and count == 3) == 1
    assert sum(1 for name, count in assembled if name == "talk" and count == 3) == 4


def test_nothing_is_asked_between_two_whole_numbers():
    asked = []
    wanted = sites.Points.solve

    def solve(site, at):
        asked.append(at)
        return wanted(site, at)

    with mock.patch.object(sites.Points, "solve", solve):
        drawn.__wrapped__(DILEMMA, f"{LENGTH}: {{from: 1, to: 4}}", FACTOR, "best_arrangement")
        drawn.__wrapped__(
            DILEMMA, "time.rounds: {from: 1, to: 4}", f"{LENGTH}: {{from: 1, to: 3}}", "best_arrangement"
        )
    assert all((at[:, 0] % 1 == 0).all() for at in asked)
    assert all(len({*at[:, 0]}) == 1 for at in asked)


def test_overrides_may_move_the_ends_but_not_too_far():
    text = DILEMMA.replace("memory: 2", "memory: 2, longest: 3")
    axis = f"{LENGTH}: {{from: 1, to: longest}}"
    asked = loads(f"{text}maps: [{{x: {{{axis}}}, y: {{{FACTOR}}}, show: best_arrangement}}]\n")
    assert gl.run(asked, {"longest": 2}).maps[0]["x"]["values"] == [1, 2]
    with pytest.raises(
        InputError, match=r"9,000 games that differ in rounds, players or levels; the limit is 2,500"
    ):
        gl.run(asked, {"longest": 9000}).maps  # noqa: B018
    with pytest.raises(InputError, match=r"in steps of 1 the last value is 2; end there, or write 'points'"):
        gl.run(asked, {"longest": 2.5}).maps  # noqa: B018
