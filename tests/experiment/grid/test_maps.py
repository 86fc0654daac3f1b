"""Maps: in every cell the answer of a single run; boundaries where closed forms have them."""

import itertools
from dataclasses import replace
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gamelab as gl
from gamelab.errors import GamelabError, InputError
from gamelab.experiment.grid.maps import map_of
from gamelab.expressions import parse
from gamelab.model.answers import Missing
from gamelab.scenario import Axis, Map, loads
from gamelab.scenario.quantities import QUANTITIES, WHOLE
from gamelab.scenario.specification import Specification

DILEMMA = "{kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}"
BATTLE = "{kind: normal_form, payoffs: [[[3, 1], [0, 0]], [[0, 0], [1, 3]]]}"
HUNT = "{kind: normal_form, payoffs: [[[4, 4], [0, 3]], [[3, 0], [2, 2]]], agreement: ['1', '1']}"
THREE = "{kind: normal_form, payoffs: [[[0, 0], [1, -1], [-1, 1]], [[-1, 1], [0, 0], [1, -1]], [[1, -1], [-1, 1], [0, 0]]], fallback: ['1', '2']}"
PUBLISHED = """
  published:
    institutions: {transparency: {reach: 0.8, misreading: 1 - accuracy, cost: 0.05}}
    profiles: [grim, tit_for_tat, {limited_punishment: {rounds: 2}}]
"""
PARTS = [
    PUBLISHED,
    PUBLISHED.replace("published", "twin"),
    """
  fined:
    institutions:
      monitoring: {detection: 0.9, false_alarm: 1 - accuracy, cost: 0.15, paid_by: authority}
      graduated_sanctions: {fines: [2.5, 4], forgiveness: 0.5, cost_per_act: 0.1}
    profiles: [comply, {comply_until: {level: 1}}]
""",
    """
  watched: {institutions: {monitoring: {detection: 0.9, false_alarm: 0.02}}, profiles: [grim, turn_taking]}
""",
    """
  talk: {profiles: [always_cooperate, [{generous_tit_for_tat: {generosity: accuracy - 0.5}}, grim]]}
  alike: {selection: symmetric, profiles: [[grim, always_defect], win_stay_lose_shift]}
""",
    """
  silent: {}
  squeezed: {profiles: [[{extortion: {factor: 3*accuracy}}, tit_for_tat], [{equalizer: {payoff: 3*accuracy}}, grim]]}
""",
]
PLAIN = "\n  silent: {}\n  alike: {selection: symmetric}\n"
RULED = """
  ruled: {institutions: {convention: {cost: 0.2}}, profiles: [comply, grim]}
  split: {profiles: [mix_then_alternate, insist], selection: symmetric}
"""
PROMISES = """
  promise: {profiles: [grim, [always_cooperate, honour]]}
  watched: {institutions: {monitoring: {detection: accuracy, cost: 0.1}, graduated_sanctions: {fines: [9]}}, profiles: [comply]}
"""
GAMES = {
    DILEMMA: PARTS,
    HUNT: PARTS,
    BATTLE: [PLAIN],
    THREE: [PLAIN],
    "{kind: battle, high: 3, low: 1}": [RULED],
    "{kind: time_inconsistency, value: 10, cost: 2, payment: 4}": [PROMISES],
}
RANGES = {
    "game.high": (1, 6),
    "game.payment": (1, 8),
    "game.value": (3, 12),
    "arrangements.ruled.institutions.convention.cost": (0, 3),
    "time.discount_factor": (0, 0.9),
    "parameters.accuracy": (0.3, 1),
    "game.temptation": (2, 5),
    "game.sucker": (-2, 1.5),
    "information.misreading": (0, 0.2),
    "information.tremble": (0, 0.1),
    "preferences.altruism": (0, 1),
    "arrangements.published.institutions.transparency.reach": (0, 1),
    "arrangements.published.institutions.transparency.cost": (0, 2),
    "arrangements.fined.institutions.monitoring.detection": (0, 1),
    "arrangements.fined.institutions.graduated_sanctions.fines.0": (0, 3),
    "arrangements.fined.institutions.graduated_sanctions.cost_per_act": (0, 4),
    "game.payoffs.0.0.0": (-1, 4),
    "game.payoffs.1.1.1": (0, 4),
}
SHOWS = [*WHOLE, *(name for name, each in QUANTITIES.items() if not (each.whole or each.not_mapped))]


def axis(path, low, high, points):
    return Axis(path, path, parse(repr(float(low))), parse(repr(float(high))), points)


def single(scenario, drawn, x, y):
    """Return what one run says of a map's cell, as the map would show it; None where it is refused."""
    try:
        result = gl.run(scenario, {drawn.x.path: x, drawn.y.path: y})
        if drawn.arrangement is None:
            found = getattr(result, drawn.show)
            if drawn.show == "best_arrangement":
                [there.candidates[0].verdict for there in result.arrangements.values()]
                return found
            return " and ".join(found) if len(found) < 3 else f"{', '.join(found[:-1])} and {found[-1]}"
        arrangement = result.arrangements[drawn.arrangement]
        verdicts = [candidate.verdict for candidate in arrangement.candidates]
        assert len(verdicts) == len(arrangement.candidates)
        [candidate.verdict for candidate in result.arrangements["none"].candidates]
        candidate = arrangement.conduct
        if drawn.profile is not None:
            named = [c for c in arrangement.candidates if c.label == drawn.profile]
            candidate = named[0] if named else None
        found = arrangement.quantity(candidate, drawn.show, drawn.player, drawn.of)
        if QUANTITIES[drawn.show].kind == "truth":
            return None if found is None else drawn.show if found else f"not {drawn.show}"
        if isinstance(found, Missing):
            return None
        return found or "nothing agreed" if drawn.show == "supported" else found
    except GamelabError:
        return None


def compared(scenario, drawn):
    """Compare every cell of a map with a run of its own; boundaries are left where the grid is."""
    with mock.patch("gamelab.experiment.grid.maps.WITHIN", 1.0):
        result = map_of(scenario, drawn)
    for (i, y), (j, x) in itertools.product(
        enumerate(result["y"]["values"]), enumerate(result["x"]["values"])
    ):
        wanted = single(scenario, drawn, x, y)
        if "numbers" in result:
            found = result["numbers"][i][j]
            assert found == (None if wanted is None else pytest.approx(wanted, rel=1e-9, abs=1e-9)), (x, y)
        else:
            place = result["cells"][i][j]
            found = None if place is None else result["regions"][place]
            assert found == (wanted or ("none" if wanted == "" else None)), (x, y)
    return result


@st.composite
def texts(draw):
    game = draw(st.sampled_from([DILEMMA, DILEMMA, *GAMES]))
    time = draw(
        st.sampled_from(
            ["discount_factor: 0.7", "discount_factor: 0.7", "rounds: 1", "discount_factor: 0.7, rounds: 3"]
        )
    )
    observe = draw(st.sampled_from(["public", "none", "public", "private"]))
    misreading, tremble = draw(st.sampled_from([(0, 0), (0, 0), (0.1, 0), (0, 0.05)]))
    # private readings are bounded point by point, which is slow: with automata of one state they are not
    possible = GAMES[game] if observe != "private" else ["\n  talk: {profiles: [always_cooperate, comply]}"]
    parts = draw(st.lists(st.sampled_from(possible), min_size=1, max_size=2, unique=True))
    text = f"""
gamelab: 1
parameters: {{accuracy: 0.9}}
game: {game}
time: {{{time}}}
information: {{observe: {observe}, misreading: {misreading}, tremble: {tremble}}}
arrangements:{"".join(parts)}"""
    try:
        loads(text)
        return text
    except InputError:  # a strategy that does not suit the game
        return text.split("arrangements:")[0] + "arrangements: {silent: {}, alike: {selection: symmetric}}"


@st.composite
def drawings(draw):
    text = draw(texts())
    scenario = loads(text)
    roots = {path: path.split(".0")[0].split(".1")[0] for path in RANGES}  # of items of lists their list
    known = [path for path in RANGES if roots[path] in scenario.entries]
    x, y = draw(st.permutations(known))[:2]
    show = draw(st.sampled_from(SHOWS))
    arrangement = profile = player = None
    if not show.endswith(("arrangement", "arrangements")):
        beside = QUANTITIES[show].kind == "truth" or show == "advantage"
        names = [name for name in scenario.arrangements if not (beside and name == "none")]
        arrangement = draw(st.sampled_from(names))
        profile = draw(
            st.sampled_from(
                [
                    None,
                    None,
                    ["stage_nash"] * 2,
                    ["grim"] * 2,
                    ["comply"] * 2,
                    [{"stage_nash": {"equilibrium": 1}}] * 2,
                ]
            )
        )
        player = "player_2" if show == "payoff" else None
    of = {"frequency": Specification(scenario, arrangement or "none", {}).game.actions[0][0]}.get(show)
    if show == "gain":
        of = draw(st.sampled_from(["player_2", "authority"]))
    return text, x, y, draw(st.integers(2, 4)), show, arrangement, profile, player, of


@given(drawings())
@settings(max_examples=6)
def test_every_cell_is_the_single_run(drawing):
    text, x, y, points, *show = drawing
    compared(loads(text), Map("", axis(x, *RANGES[x], points), axis(y, *RANGES[y], 3), *show))


def drawn(text, show="best_arrangement", x=None, y=None, overrides=None, **points):
    """Return a map of a scenario's text, with the axes as the file would have them."""
    paths = [(x, points.get("columns", 5)), (y, points.get("rows", 4))]
    axes = [f"{{{path}: {{{ends}, points: {count}}}}}" for (path, ends), count in paths]
    scenario = loads(f"{text}\nmaps: [{{title: A map, x: {axes[0]}, y: {axes[1]}, show: {show}}}]\n")
    (result,) = gl.run(scenario, overrides).maps
    return result


def scenario_of(arrangements, time="discount_factor: 0.7", information="{}", game=DILEMMA):
    return f"""
gamelab: 1
parameters: {{accuracy: 0.9, more: 1}}
game: {game}
time: {{{time}}}
information: {information}
arrangements:{arrangements}"""


FACTOR = ("time.discount_factor", "from: 0.1, to: 0.9")
GRIM = "\n  talk: {profiles: [grim]}"


def lines_of(result, *between):
    (found,) = [b["lines"] for b in result["boundaries"] if b["between"] == list(between)]
    return found


@pytest.mark.parametrize("columns", [2, 8, 33])
def test_grim_needs_a_discount_factor_of_a_half(columns):
    sucker = ("game.sucker", "from: -1, to: 0.9")
    result = drawn(scenario_of(GRIM), "workable_arrangements", FACTOR, sucker, columns=columns, rows=7)
    assert result["regions"] == ["none", "talk"]
    (line,) = lines_of(result, "none", "talk")
    assert [y for _, y in line] == pytest.approx(result["y"]["values"])
    assert [x for x, _ in line] == pytest.approx([1 / 2] * 7, abs=1e-8)
    for row in result["cells"]:
        assert row == [int(x >= 0.5) for x in result["x"]["values"]]
    assert result["shares"]["talk"] == np.mean(np.array(result["x"]["values"]) >= 0.5)


def test_a_threshold_that_moves_with_the_other_axis():
    """Grim holds from (T-R)/(T-P) on: with T along the other axis every crossing lies on that curve."""
    temptation = ("game.temptation", "from: 3.2, to: 6")
    result = drawn(
        scenario_of(GRIM), "{quantity: workable, arrangement: talk}", FACTOR, temptation, columns=9, rows=8
    )
    (line,) = lines_of(result, "not workable", "workable")
    assert len(line) > 9
    for d, T in line:
        assert d == pytest.approx((T - 3) / (T - 1), abs=1e-8)
    upright = drawn(scenario_of(GRIM), "workable_arrangements", temptation, FACTOR, columns=8, rows=9)
    (line,) = lines_of(upright, "none", "talk")
    for T, d in line:
        assert d == pytest.approx((T - 3) / (T - 1), abs=1e-8)


def test_the_boundary_in_cost_is_the_break_even():
    """Publication pays up to (R-P)(1-d)/(1-d(1-reach(1-accuracy^2))) a round and player."""
    only_grim = PUBLISHED.replace("[grim, tit_for_tat, {limited_punishment: {rounds: 2}}]", "[grim]")
    text = scenario_of(only_grim, "discount_factor: 0.9", "{observe: none}")
    cost = ("arrangements.published.institutions.transparency.cost", "from: 0, to: 3")
    accuracy = ("parameters.accuracy", "from: accuracy + 0.02, to: more")
    show = "{quantity: workable, arrangement: published}"
    result = drawn(text, show, cost, accuracy, columns=7, rows=5)
    assert result["y"]["values"][0] == pytest.approx(0.92)
    assert result["x"]["label"] == "transparency cost (payoff)"
    (line,) = lines_of(result, "not workable", "workable")
    assert len(line) >= 5
    for c, a in line:
        assert c == pytest.approx(2 * (1 - 0.9) / (1 - 0.9 * (1 - 0.8 * (1 - a**2))), abs=1e-8)
    numbers = drawn(
        text, "{quantity: net_benefit, arrangement: published}", cost, accuracy, columns=7, rows=5
    )
    assert numbers["regions"] == ["at most 0", "above 0"]
    assert "cells" not in numbers
    (same,) = lines_of(numbers, "at most 0", "above 0")
    assert np.allclose(same, line, rtol=0, atol=1e-8)
    gross = 2 * 2 * (1 - 0.9) / (1 - 0.9 * (1 - 0.8 * (1 - 0.92**2)))
    assert numbers["numbers"][0][0] == pytest.approx(gross, abs=1e-9)


def test_three_regions_meet_in_a_point():
    """Net benefits 4 - 2c of one arrangement and 4 - 2k of another: none, first or second by the lower cost."""
    watch = "{institutions: {transparency: {cost: %s}}, profiles: [grim]}"
    text = scenario_of(f"\n  one: {watch % 0}\n  two: {watch % 0}", information="{observe: none}")
    path = "arrangements.%s.institutions.transparency.cost"
    axes = (path % "one", "from: 0.1, to: 3"), (path % "two", "from: 0.2, to: 3.3")
    result = drawn(text, "best_arrangement", *axes, columns=6, rows=7)
    assert result["regions"] == ["none", "one", "two"]
    for x, y in lines_of(result, "one", "two")[0][:-1]:
        assert x == pytest.approx(y, abs=1e-8) or (x, y) == pytest.approx((2, 2), abs=0.6)
    ends = [{tuple(line[0]), tuple(line[-1])} for b in result["boundaries"] for line in b["lines"]]
    assert len(ends) == 3
    (centre,) = set.intersection(*ends)  # all three lines end where the regions meet
    assert centre == pytest.approx((2, 2), abs=0.6)
    assert sum(result["shares"].values()) == pytest.approx(1)


def test_cells_that_a_run_refuses_are_empty_and_told():
    """An equalizer fixes payoffs from punishment to reward, and refuses others."""
    squeezed = "\n  squeezed: {profiles: [[{equalizer: {payoff: more}}, grim]]}"
    payoff, sucker = ("parameters.more", "from: 1, to: 4"), ("game.sucker", "from: -1, to: 0.5")
    result = drawn(scenario_of(squeezed), "best_arrangement", payoff, sucker, columns=4, rows=2)
    assert [row[3] for row in result["cells"]] == [None, None]
    assert all(cell is not None for row in result["cells"] for cell in row[:3])
    assert sum(result["shares"].values()) == pytest.approx(6 / 8)
    (note,) = result["notes"]
    assert note.startswith("2 of 8 cells are refused; at (4, ")
    assert "not between punishment and reward" in note
    numbers = drawn(
        scenario_of(squeezed), "{quantity: payoff, arrangement: squeezed, player: player_1}", payoff, sucker
    )
    assert [row[-1] for row in numbers["numbers"]] == [None] * 4


def test_overrides_of_a_run_reach_the_map_and_the_ends_of_its_axes():
    sucker = ("game.sucker", "from: -1, to: more - 0.5")
    result = drawn(
        scenario_of(GRIM),
        "workable_arrangements",
        FACTOR,
        sucker,
        {"game.temptation": 4, "parameters.more": 1.2},
    )
    assert result["y"]["values"][-1] == pytest.approx(0.7)
    (line,) = lines_of(result, "none", "talk")
    assert [x for x, _ in line] == pytest.approx([1 / 3] * len(line), abs=1e-8)
    with pytest.raises(InputError, match=r"goes from -1 to .*; an axis needs"):
        drawn(scenario_of(GRIM), "workable_arrangements", FACTOR, sucker, {"parameters.more": -1})


def test_sets_are_named_in_the_order_of_the_file():
    names = "".join(f"\n  {name}: {{profiles: [grim]}}" for name in ("c", "a", "b"))
    result = drawn(scenario_of(names), "workable_arrangements", FACTOR, ("game.sucker", "from: -1, to: 0"))
    assert result["regions"] == ["none", "c, a and b"]


def test_an_equilibrium_before_the_fallback_does_not_take_its_place():
    """Both do 1, the first equilibrium, pays 2; both do 2, the fallback, pays 4 and is the conduct."""
    text = """
gamelab: 1
game: {kind: normal_form, payoffs: [[[1, 1], [0, 0]], [[0, 0], [2, 2]]], fallback: ["2", "2"]}
time: {discount_factor: 0.7}
information: {misreading: 0}
arrangements: {}"""
    misreading = ("information.misreading", "from: 0, to: 0.1")
    result = drawn(text, "{quantity: joint_payoff, arrangement: none}", FACTOR, misreading, columns=2, rows=2)
    assert np.array(result["numbers"]) == pytest.approx(4)


def test_private_readings_and_their_bounds():
    text = scenario_of("\n  talk: {profiles: [grim]}", information="{observe: private}")
    misreading = ("information.misreading", "from: 0, to: 0.1")
    with mock.patch("gamelab.experiment.grid.maps.WITHIN", 1.0):
        result = drawn(
            text, "{quantity: supported, arrangement: talk}", FACTOR, misreading, columns=2, rows=2
        )
    words = [[result["regions"][cell] for cell in row] for row in result["cells"]]
    assert words[0][0] == "no candidate"
    assert words[0][1:] == ["yes"]  # without misreading as with public information


def test_memory_is_bounded_and_progress_told(monkeypatch):
    from gamelab.experiment.grid import points as sites

    text = scenario_of(GRIM)
    axes = FACTOR, ("game.sucker", "from: -1, to: 0.9")
    whole = drawn(text, "best_arrangement", *axes, columns=6, rows=4)
    monkeypatch.setattr(sites, "MOST_POINTS", 20)
    told = []
    scenario = loads(
        f"{text}\nmaps: [{{title: A map, x: {{{FACTOR[0]}: {{{FACTOR[1]}, points: 6}}}}, "
        "y: {game.sucker: {from: -1, to: 0.9, points: 4}}, show: best_arrangement}]\n"
    )
    (parts,) = gl.run(scenario, progress=lambda *step: told.append(step)).maps
    assert parts == whole
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[0] == (20, 24)
    assert told[-1][0] == told[-1][1]


def test_maps_stand_in_the_results_of_a_run_but_not_of_a_check(tmp_path):
    file = tmp_path / "one.yaml"
    file.write_text(
        f"{scenario_of(GRIM)}\nmaps:\n  - x: {{{FACTOR[0]}: {{{FACTOR[1]}, points: 3}}}}\n"
        "    y: {game.sucker: {from: 0, to: 0.5, points: 2}}\n    show: best_arrangement\n"
    )
    report = gl.run(str(file)).to_dict()
    (found,) = report["maps"]
    assert found["title"] == "best arrangement over discount factor and sucker (payoff per round)"
    assert found["cells"] == [[0, 1, 1], [0, 1, 1]]
    axis = {"path": FACTOR[0], "label": "discount factor", "values": [0.1, 0.5, 0.9], "borders": None}
    assert found["x"] == axis
    assert found["show"] == "best_arrangement"
    assert "maps" not in gl.experiment.check(str(file)).to_dict()


def counted(scenario, drawn, keep):
    """Return a map made with some of the margins, and how often the solver was asked."""
    from gamelab.experiment.grid.regions import Regions

    solve, count = Regions.at, 0

    def at(self, points):
        nonlocal count
        count += 1
        codes, amounts, fails, margins = solve(self, points)
        return codes, amounts, fails, margins[:, :keep]

    with mock.patch.object(Regions, "at", at):
        return map_of(scenario, drawn), count


@pytest.mark.slow
@pytest.mark.parametrize(("name", "place"), [("context", 0), ("workable", 0)])
def test_margins_change_no_line_of_a_shipped_map(name, place):
    """Without margins edges are cut into equal parts until a crossing is known: what codes alone prove."""
    scenario = gl.load(f"box1/{name}")
    whole = scenario.maps[place]
    coarse = replace(whole, x=replace(whole.x, points=10), y=replace(whole.y, points=9))
    (one, few), (other, many) = counted(scenario, coarse, None), counted(scenario, coarse, 0)
    assert one["cells"] == other["cells"]
    span = [np.ptp(one[axis]["values"]) for axis in "xy"]
    for first, second in zip(one["boundaries"], other["boundaries"], strict=True):
        assert first["between"] == second["between"]
        for a, b in zip(first["lines"], second["lines"], strict=True):
            assert np.abs((np.array(a) - np.array(b)) / span).max() < 1e-9
    assert few <= 1 + 8
    assert few < many


def test_a_map_says_where_its_profile_fails_and_whose_the_title_is():
    text = """
gamelab: 1
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: 0.9}
arrangements: {seen: {institutions: {transparency: {cost: 0.1}}, profiles: [grim]}}
maps:
  - title: The patient do it
    x: {discount_factor: {from: 0.1, to: 0.9, points: 5}}
    y: {transparency.cost: {from: 0, to: 1, points: 2}}
    show: {quantity: net_benefit, arrangement: seen, profile: grim}
"""
    result = gl.run(loads(text)).maps[0]
    assert result["title"] == "The patient do it"
    # grim holds from (5 - 3) / (5 - 1) = 1/2 on
    assert result["fails"] == [[True, True, False, False, False]] * 2
    assert result["numbers"][0] == pytest.approx([4.0] * 5)
    changed = gl.run(loads(text), {"temptation": 9}).maps[0]
    assert changed["title"] == "net benefit of seen over discount factor and transparency cost (payoff)"
    assert changed["fails"] == [[True, True, True, True, False]] * 2  # (9 - 3) / (9 - 1) = 3/4


@pytest.mark.parametrize(("of", "gains"), [("authority", -2.0), ("player_2", 0.0)])
def test_a_map_of_what_one_account_gains(of, gains):
    text = f"""
gamelab: 1
game: {{kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}}
time: {{discount_factor: 0.9}}
information: {{observe: none}}
arrangements:
  fined:
    institutions:
      monitoring: {{detection: 1, cost: 0.5, paid_by: authority}}
      graduated_sanctions: {{fines: [4]}}
    profiles: [comply]
maps:
  - x: {{monitoring.cost: {{from: 0, to: 1, points: 3}}}}
    y: {{discount_factor: {{from: 0.5, to: 0.9, points: 2}}}}
    show: {{quantity: gain, of: {of}, arrangement: fined}}
"""
    result = gl.run(loads(text)).maps[0]
    assert result["show"] == {"quantity": "gain", "arrangement": "fined", "of": of}
    base = {"authority": 0.0, "player_2": 2.0}[of]  # both get 3 in place of 1
    assert result["numbers"] == [pytest.approx([base + gains * cost for cost in (0, 0.5, 1)])] * 2
