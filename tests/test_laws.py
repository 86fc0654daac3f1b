"""Laws that every stage game, institution and strategy obeys; new plug-ins are picked up from their dicts."""

import ast
import datetime
import doctest
import functools
import importlib
import itertools
import math
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import example_games as examples
import numpy as np
import pytest
import reference as ref
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.institutions import INSTITUTIONS
from gamelab.model.automaton import Automaton
from gamelab.model.game import ARRAYS, BATCHED, Game
from gamelab.model.information import repeated
from gamelab.model.settings import settings_of, shown
from gamelab.model.soundness import check_game
from gamelab.solve.values import value as value_of
from gamelab.stages import STAGES
from gamelab.strategies import ALIASES, STRATEGIES
from gamelab.strategies.profile import profile_of

PLUGINS = {**STAGES, **INSTITUTIONS, **STRATEGIES, "repeated": repeated}
EACH_INSTITUTION = pytest.mark.parametrize("name", INSTITUTIONS)
EACH_STRATEGY = pytest.mark.parametrize("name", STRATEGIES)
FEW = settings(max_examples=8)
CHARGED = ("cost", "fine")


@functools.cache
def grounds_of(name):
    """Return the (stage, ground) pairs that an institution or strategy takes, and why it refuses the rest."""
    return examples.accepted(PLUGINS[name], *((seat_of(name),) if name in STRATEGIES else ()))


def seat_of(name):
    """Return a player who can use a strategy: the first, or the one who moves second in a round."""
    return int(name in ("honour", "renege"))


def seats_of(name, game):
    """Return the players who can use a strategy in a game."""
    return [seat_of(name)] if seat_of(name) else range(game.n)


VARIED = {
    "dilemma": lambda number: gl.prisoners_dilemma(temptation=5, reward=number, punishment=1, sucker=0),
    "battle": lambda number: gl.battle(high=5, low=number),
    "trust": lambda number: gl.time_inconsistency(value=10, cost=1, payment=number),
}
"""Stage games as functions of one number, about 2 to 3."""


def varied_ground(data, name):
    """Draw a game that a plug-in takes, as a function of one number."""
    pairs = [pair for pair in grounds_of(name)[0] if pair[0] in VARIED]
    stage, ground = data.draw(st.sampled_from(pairs), label="ground")
    return lambda number: examples.GROUNDS[ground](VARIED[stage](number))


def drawn_ground(data, name):
    stage, ground = data.draw(st.sampled_from(grounds_of(name)[0]), label="ground")
    return examples.ground(stage, ground)


def same_point(batched, point, single):
    """Compare one point of a batched game, field by field, with the game built for that point alone."""
    part = batched.take([point])
    assert (part.players, part.actions, part.states, part.outcomes) == (
        single.players, single.actions, single.states, single.outcomes)  # fmt: skip
    assert (part.accounts, part.rounds) == (single.accounts, single.rounds)
    for field in ARRAYS:
        same_array(field, getattr(part, field), getattr(single, field), field in BATCHED)
    assert list(part.flows) == list(single.flows)
    for line, flow in part.flows.items():
        assert flow.kind == single.flows[line].kind
        for side in ("by_profile", "by_outcome"):
            ours, alone = getattr(flow, side), getattr(single.flows[line], side)
            assert (ours is None) == (alone is None)
            if ours is not None:
                same_array(f"{line}.{side}", ours, alone)


def same_array(name, ours, alone, batched=True):
    assert ours.dtype == alone.dtype, name
    assert ours.shape == alone.shape, name
    if not batched or ours.dtype.kind != "f":
        np.testing.assert_array_equal(ours, alone, err_msg=name)
    np.testing.assert_allclose(ours, alone, rtol=1e-12, atol=1e-14, err_msg=name)
    np.testing.assert_array_equal(ours == 0, alone == 0, err_msg=f"zeros of {name}")


def same_action(ours, alone):
    """Compare what two automata do; the axis of states has size 1 where it matters at no point."""
    shape = np.broadcast_shapes(ours.shape[:2], alone.shape[:2])
    same_array("action", *(np.broadcast_to(action, (*shape, *action.shape[2:])) for action in (ours, alone)))


def arrays_of(thing):
    if isinstance(thing, Automaton):
        return {"action": thing.action, "next": thing.next}
    lines = {f"{line}.{k}": part for line, flow in thing.flows.items() for k, part in enumerate(flow.parts())}
    return {field: getattr(thing, field) for field in ARRAYS} | lines


def read_only(thing):
    for name, array in arrays_of(thing).items():
        assert not array.flags.writeable, name
        with pytest.raises(ValueError, match=r"read-only|WRITEABLE"):
            array[...] = 0


def profiles(game, data):
    """Draw a profile: everybody mixes for ever in one way, or random automata play."""
    generator = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1), label="seed"))
    pure = data.draw(st.booleans(), label="pure")
    size = data.draw(st.sampled_from([1, 2]), label="automaton states")
    return [ref.random_automaton(generator, game, i, pure, size) for i in range(game.n)]


# ----------------------------------------------------------------------------------------------------- stages


@pytest.mark.parametrize("name", STAGES)
@FEW
@given(data=st.data())
def test_stage_games_are_sound(name, data):
    (given_settings,) = data.draw(examples.settings_drawn(STAGES[name]))
    stage = STAGES[name](**given_settings)
    check_game(stage)
    read_only(stage)
    assert stage.rounds == 1
    assert stage.accounts == (*stage.players, "authority")
    assert stage.probabilities.shape[1] == 1
    assert stage.probabilities.shape[2] == 1 or len(stage.outcomes) > 1
    assert (stage.conduct == -1).all()
    assert not examples.paid_on_average(stage, "material")[..., stage.n :].any()


@pytest.mark.parametrize("name", STAGES)
@FEW
@given(data=st.data())
def test_batched_stage_games_equal_single_ones(name, data):
    drawn = data.draw(examples.settings_drawn(STAGES[name], 3))
    together = examples.stacked(STAGES[name], drawn)
    batched = STAGES[name](**together)
    grid = (3,) if any(isinstance(entry, np.ndarray) for entry in together.values()) else ()
    assert batched.shape == grid
    for point, alone in enumerate(drawn):
        same_point(
            batched if grid else batched.replace(shape=(1,)), point if grid else 0, STAGES[name](**alone)
        )


# ---------------------------------------------------------------------------------------------- institutions


@EACH_INSTITUTION
def test_institutions_take_many_games(name):
    """All of them; or, for what makes an agreement, those that have none yet, and it says so of the rest."""
    taken, refused = grounds_of(name)
    without = {stage for stage in examples.STAGES if (examples.ground(stage, "public").agreement < 0).all()}
    if {stage for stage, _ in taken} != set(examples.STAGES):
        assert {stage for stage, _ in taken} == without
        agreed = [words for (stage, _), words in refused.items() if stage not in without]
        assert all("agreed already" in words or "put it first" in words for words in agreed)
    for (stage, ground), words in refused.items():
        assert len(words.split()) >= 4, (stage, ground, words)
        if stage in without and ground in ("public", "none", "tremble"):
            assert "convention before it" in words or "monitoring before it" in words


def before_and_after(name, data, **fixed):
    before = drawn_ground(data, name)
    (chosen,) = data.draw(examples.settings_drawn(INSTITUTIONS[name]))
    return before, INSTITUTIONS[name](before, **{**chosen, **fixed})


@EACH_INSTITUTION
@FEW
@given(data=st.data())
def test_institutions_build_sound_games(name, data):
    before, after = before_and_after(name, data)
    check_game(after)
    read_only(after)
    assert after is not before
    assert isinstance(after, Game)
    assert after.shape == before.shape
    assert after.accounts == before.accounts
    assert (after.players, after.actions, after.rounds) == (before.players, before.actions, before.rounds)


@EACH_INSTITUTION
@FEW
@given(data=st.data())
def test_lines_stay_apart_and_balance(name, data):
    before, after = before_and_after(name, data)
    assert list(after.flows)[: len(before.flows)] == list(before.flows), "lines stay, and in their order"
    assert {after.flows[line].kind for line in before.flows} <= {flow.kind for flow in before.flows.values()}
    for line in after.flows.keys() - before.flows.keys():
        assert line.startswith(f"{name}."), "a line is named for its institution"
        assert after.flows[line].kind != "material"
    for line, flow in after.flows.items():
        paid = examples.paid_on_average(after, line)
        if flow.kind == "transfer":
            np.testing.assert_allclose(paid.sum(axis=-1), 0, atol=1e-12)
        if flow.kind in CHARGED:
            assert (paid <= 1e-15).all(), "a cost is never income"
            assert all((part <= 0).all() for part in flow.parts())
        if flow.kind == "regard":
            assert not paid[..., after.n :].any(), "only players regard each other"


@EACH_INSTITUTION
@settings(max_examples=up_to(10))
@given(data=st.data())
def test_ledger_adds_up_to_payoffs(name, data):
    _, after = before_and_after(name, data)
    worth = value_of(after, profiles(after, data))
    lines = {line: amounts for line, amounts in worth.ledger.items() if worth.kinds[line] != "regard"}
    np.testing.assert_allclose(worth.payoffs, sum(lines.values())[..., : after.n], rtol=1e-12, atol=1e-12)
    total = sum(worth.ledger.values())[..., : after.n]
    np.testing.assert_allclose(worth.utilities, total, rtol=1e-12, atol=1e-12)
    for line, amounts in worth.ledger.items():
        if worth.kinds[line] == "transfer":
            assert amounts.sum() == pytest.approx(0, abs=1e-9)
        if worth.kinds[line] in CHARGED:
            assert (amounts <= 1e-12).all()


@EACH_INSTITUTION
@FEW
@given(data=st.data())
def test_material_payoffs_stay(name, data):
    """What the stage game pays, in each state and profile, is what it paid before, unless all is over."""
    before, after = before_and_after(name, data)
    records, rest = divmod(len(after.states), len(before.states))
    assert rest == 0
    for line, flow in before.flows.items():
        if flow.kind == "material":
            old, new = (examples.paid_on_average(game, line) for game in (before, after))
            ended = after.over & ~np.repeat(before.over, records)
            np.testing.assert_allclose(new[:, ~ended], np.repeat(old, records, axis=1)[:, ~ended], atol=1e-12)


@EACH_INSTITUTION
@settings(max_examples=up_to(10))
@given(data=st.data())
def test_without_cost_settings_nothing_is_charged(name, data):
    """With all cost settings at zero every cost line is; monitoring and transparency then change nothing."""
    free = {setting.name: 0 for setting in settings_of(INSTITUTIONS[name]) if setting.range.cost}
    before, after = before_and_after(name, data, **free)
    new = after.flows.keys() - before.flows.keys()
    costs = [line for line in new if after.flows[line].kind == "cost"]
    assert bool(costs) == bool(free)
    for line in costs:
        assert not any(part.any() for part in after.flows[line].parts())
    if {after.flows[line].kind for line in new} == {"cost"}:
        seed = data.draw(st.integers(0, 2**32 - 1), label="seed")
        ways = []
        for game in (before, after):
            generator = np.random.default_rng(seed)
            plays = [ref.random_automaton(generator, before, i, False, 1) for i in range(game.n)]
            shapes = [(1, 1, game.allowed.shape[2], int(view.max()) + 1) for view in game.views]
            plays = [
                Automaton(
                    name="mixes", states=("",), start=0, action=play.action, next=np.zeros(shape, dtype=int)
                )
                for play, shape in zip(plays, shapes, strict=True)
            ]
            ways.append(value_of(game, plays))
        np.testing.assert_allclose(ways[0].payoffs, ways[1].payoffs, rtol=1e-9, atol=1e-9)
        if (before.agreement >= 0).any():  # else the new game is the first to have one
            np.testing.assert_allclose(ways[0].cooperation, ways[1].cooperation, atol=1e-12)


@EACH_INSTITUTION
@FEW
@given(data=st.data())
def test_batched_institutions_equal_single_ones(name, data):
    before = drawn_ground(data, name)
    drawn = data.draw(examples.settings_drawn(INSTITUTIONS[name], 3))
    batched = INSTITUTIONS[name](before, **examples.stacked(INSTITUTIONS[name], drawn))
    assert batched.shape == (3,)
    check_game(batched)
    for point, alone in enumerate(drawn):
        same_point(batched, point, INSTITUTIONS[name](before, **alone))


@EACH_INSTITUTION
@settings(max_examples=4)
@given(data=st.data())
def test_grids_of_game_and_settings_broadcast(name, data):
    """A game on a grid (3, 1) and settings on a grid (2,) make a grid (3, 2), row by row."""
    build = varied_ground(data, name)
    varied = [2.0, 3.0, 2.5]
    grid = build(np.array(varied)[:, None])
    drawn = data.draw(examples.settings_drawn(INSTITUTIONS[name], 2))
    batched = INSTITUTIONS[name](grid, **examples.stacked(INSTITUTIONS[name], drawn))
    assert batched.shape == (3, 2)
    check_game(batched)
    for point, (number, alone) in enumerate(itertools.product(varied, drawn)):
        same_point(batched, point, INSTITUTIONS[name](build(number), **alone))


@EACH_INSTITUTION
def test_axes_of_size_one_stay(name):
    """No institution lays out states or grid points on which nothing depends."""
    for stage, ground in grounds_of(name)[0]:
        before = examples.ground(stage, ground)
        if before.over.any():  # where all is over other things can be done and read
            continue
        after = INSTITUTIONS[name](before, **examples.first_settings(INSTITUTIONS[name]))
        assert after.probabilities.shape[0] == 1
        assert after.fallback.shape[0] == 1
        uniform = all((part == part[:1]).all() for part in (before.allowed, before.keeps))
        if before.probabilities.shape[1] == 1 and uniform:
            assert after.probabilities.shape[1] == 1
        if len(after.states) == len(before.states):
            for line, flow in before.flows.items():
                for old, new in zip(flow.parts(), after.flows[line].parts(), strict=True):
                    assert new.shape[:2] == old.shape[:2]


@pytest.mark.parametrize("points", [1, 4])
def test_monitoring_keeps_its_axes(points):
    detection = np.linspace(0, 1, points) if points > 1 else 0.9
    for stage in examples.SIMPLE:
        watched = gl.monitoring(examples.ground(stage, "none"), detection=detection, cost=0.1)
        P = len(watched.profiles)
        assert watched.probabilities.shape == (points, 1, P, 2**watched.n)
        assert watched.flows["monitoring.cost"].by_profile.shape == (1, 1, 1, watched.n + 1)
        assert watched.flows["material"].by_profile.shape == (1, 1, P, watched.n + 1)
        ladder = gl.graduated_sanctions(watched, fines=[1, 2])
        assert ladder.probabilities.shape == (points, 1, P, 2**watched.n * 2**watched.n)


# ------------------------------------------------------------------------------------------------ strategies


@EACH_STRATEGY
def test_strategies_take_a_game_or_refuse_in_words(name):
    taken, refused = grounds_of(name)
    grounds = (
        ("stage",) if name == "backward_induction" else ("public", "ladder")
    )  # the one needs a last round
    home = {(stage, ground) for stage in VARIED for ground in grounds}
    assert home & set(taken), refused
    for stage, ground in taken:
        game = examples.ground(stage, ground)
        for player in seats_of(name, game):
            automaton = STRATEGIES[name](game, player, **examples.first_settings(STRATEGIES[name]))
            assert isinstance(automaton, Automaton)
            automaton.fits(game, player)
            assert automaton.name == name
            assert len(set(automaton.states)) == len(automaton.states)
            read_only(automaton)
    for words in refused.values():
        assert len(words.split()) >= 4, words


@EACH_STRATEGY
@FEW
@given(data=st.data())
def test_batched_strategies_equal_single_ones(name, data):
    game = drawn_ground(data, name)
    player = data.draw(st.sampled_from(seats_of(name, game)), label="player")
    drawn = data.draw(examples.settings_drawn(STRATEGIES[name], 3))
    together = examples.stacked(STRATEGIES[name], drawn)
    grid = any(isinstance(entry, np.ndarray) for entry in together.values())
    wide = game.spread(np.zeros(3))[0]
    try:
        singles = [STRATEGIES[name](game, player, **alone) for alone in drawn]
    except GameError:
        with pytest.raises(GameError):
            STRATEGIES[name](wide, player, **together)
        return
    batched = STRATEGIES[name](wide if grid else game, player, **together)
    batched.fits(wide, player)
    for point, single in enumerate(singles):
        part = batched.take([point])
        assert (part.states, part.start) == (single.states, single.start)
        same_action(part.action, single.action)
        np.testing.assert_array_equal(part.next, single.next)


@EACH_STRATEGY
@settings(max_examples=3)
@given(data=st.data())
def test_strategies_on_grids_of_two_axes(name, data):
    """On a game with the grid (2, 3) settings (3,) are laid out as the game is, and fit it."""
    build = varied_ground(data, name)
    varied = [3.0, 2.5]
    drawn = data.draw(examples.settings_drawn(STRATEGIES[name], 3))
    if name == "equalizer":
        drawn = [{"payoff": min(point["payoff"], varied[1])} for point in drawn]
    try:
        singles = [
            STRATEGIES[name](build(number), 1, **alone) for number, alone in itertools.product(varied, drawn)
        ]
    except GameError:
        return
    grid = build(np.array(varied)[:, None]).spread(np.zeros(3))[0]
    assert grid.shape == (2, 3)
    automaton = STRATEGIES[name](grid, 1, **examples.stacked(STRATEGIES[name], drawn))
    automaton.fits(grid, 1)
    for point, single in enumerate(singles):
        same_action(automaton.take([point]).action, single.action)
        np.testing.assert_array_equal(automaton.next, single.next)


@EACH_STRATEGY
def test_private_without_misreading_equals_public(name):
    """Whoever reads everybody correctly does what the public record would make one do."""
    for stage, tremble in itertools.product(examples.STAGES, [0, 0.1]):
        check_private_is_public(name, stage, tremble)


def check_private_is_public(name, stage, tremble):
    built = [
        gl.repeated(examples.STAGES[stage](), discount_factor=0.9, observe=observe, tremble=tremble)
        for observe in ("public", "private")
    ]
    for player in range(built[0].n):
        try:
            public, private = (
                STRATEGIES[name](game, player, **examples.first_settings(STRATEGIES[name])) for game in built
            )
        except GameError:
            with pytest.raises(GameError):
                STRATEGIES[name](built[1], player, **examples.first_settings(STRATEGIES[name]))
            return
        np.testing.assert_array_equal(public.action, private.action)
        assert (public.states, public.start) == (private.states, private.start)
        for s, p in np.argwhere(built[0].allowed_profiles):
            profile, steps = built[0].profiles[p], []
            for game, automaton in zip(built, (public, private), strict=True):
                row = game.probabilities[0, min(s, game.probabilities.shape[1] - 1), p]
                possible = np.flatnonzero(row)
                chances = row[possible]
                moves = automaton.next[min(s, len(automaton.next) - 1)]
                follows = moves[:, profile[player]][:, game.views[player, possible]]
                done = [tuple(game.deeds[:, y]) for y in possible]
                steps.append({k: (tuple(f), c) for k, f, c in zip(done, follows.T, chances, strict=True)})
            assert steps[0].keys() == steps[1].keys()
            for deed, (follows, chance) in steps[0].items():
                assert follows == steps[1][deed][0]
                assert chance == pytest.approx(steps[1][deed][1])


@pytest.mark.parametrize("alias", ALIASES)
def test_aliases_resolve(alias):
    name = ALIASES[alias]
    assert name in STRATEGIES
    assert alias not in STRATEGIES
    needed = examples.first_settings(STRATEGIES[name])
    game = examples.ground("dilemma", "public")
    assert [one.name for one in profile_of(game, {alias: needed})] == [name, name]


# ---------------------------------------------------------------------------------------------- bad settings


STRANGE = [
    1j,
    np.complex128(0.5),
    np.array([0.5, 0.5 + 0j]),
    datetime.date(2020, 1, 1),
    np.datetime64("2020-01-01"),
    np.timedelta64(1, "D"),
    np.array(["2020-01-01"], dtype="datetime64[D]"),
    np.ma.masked_array([0.5, 0.5], mask=[False, True]),
    [np.ma.masked_array([0.5], mask=[True])],
    np.ma.masked,
    Decimal("NaN"),
]
"""What numpy would convert to numbers: an imaginary part dropped, a date counted, a hidden entry shown."""


def bad_values(setting):
    """Return values that a setting must refuse."""
    bad = {
        "number": [
            math.nan,
            math.inf,
            -math.inf,
            "0.5",
            "much",
            True,
            [],
            [0.5, "a"],
            [0.5, True],
            {"a": 1},
            *STRANGE,
        ],
        "whole number": [1.5, math.nan, math.inf, "2", True, [1, 2], np.True_, *STRANGE, 10**5000],
        "numbers": [
            3,
            "much",
            [],
            [math.nan],
            [math.inf],
            ["a"],
            [True],
            [None],
            {"a": 1},
            *([entry] for entry in STRANGE),
        ],
        "choice": ["nonsense", "", 3, True, math.nan, ["authority"], np.array(["a", "b"])],
        "structure": [5, True, math.nan, math.inf, "text", {}],
        "text": [5, True, math.nan, ["a"], np.array(["a", "b"]), datetime.date(2020, 1, 1)],
        "file": [5, True, math.nan, [], {"a": 1}],
    }[setting.kind]
    limits = setting.range
    outside = [limits.low - 1] if limits.low > -math.inf else []
    outside += [limits.high + 0.001, limits.high + 5] if limits.high < math.inf else []
    if setting.kind in ("number", "whole number"):
        bad = bad + outside + [np.array([entry, (limits.low + 1) / 1]) for entry in outside]
    if setting.kind == "numbers":
        bad = bad + [[entry] for entry in outside] + [[1, entry] for entry in outside]
    return bad if setting.default is None else [*bad, None]


def call(name, **given_settings):
    """Call a plug-in with its first admissible settings, some of them replaced."""
    plugin = PLUGINS[name]
    given_settings = {**examples.first_settings(plugin), **given_settings}
    if name in STAGES:
        return plugin(**given_settings)
    if name == "repeated":
        return plugin(examples.dilemma(), **{"discount_factor": 0.9, **given_settings})
    stage, ground = grounds_of(name)[0][0]
    seat = (seat_of(name),) if name in STRATEGIES else ()
    return plugin(examples.ground(stage, ground), *seat, **given_settings)


def mistake(name, setting, bad):
    """Return what is wrong with the refusal of a bad value; an empty text where nothing is."""
    alone = {"payoffs": None} if setting.name == "tables" else {}  # one of the two is written
    try:
        call(name, **{setting.name: bad, **alone})
    except GameError as refusal:
        key, words = setting.name, "" if setting.kind == "structure" else setting.allowed
        if setting.by_player and isinstance(bad, dict):  # a mapping by player, with an unknown name
            key = f"{setting.name}.{next(iter(bad))}"
            words = "no player is called" if setting.kind == "number" else words
        said = refusal.key == key and words in str(refusal) and "array(" not in str(refusal)
        return "" if said else f"{setting.name}: {shown(bad)} is refused so: {refusal}"
    return f"{setting.name}: {shown(bad)} is taken"


@pytest.mark.parametrize("name", PLUGINS)
def test_bad_settings_are_refused(name):
    mistakes = [
        mistake(name, setting, bad) for setting in settings_of(PLUGINS[name]) for bad in bad_values(setting)
    ]
    assert not any(mistakes), "\n".join(filter(None, mistakes))


HUGE = [
    pytest.param(name, setting.name, huge, id=f"{name}-{setting.name}-{k}")
    for name, plugin in PLUGINS.items()
    for setting in settings_of(plugin)
    if setting.kind == "number" and setting.range.high == math.inf
    for k, huge in enumerate([1.7e308, 10**400, Fraction(10) ** 400, np.array([1, 2e150])])
]


@pytest.mark.parametrize(("name", "setting", "huge"), HUGE)
def test_numbers_too_large_to_compute_with_are_refused(name, setting, huge):
    with pytest.raises(GameError, match=r"is too large: up to 1e\+150 is allowed") as refusal:
        call(name, **{setting: huge})
    assert refusal.value.key == setting


@pytest.mark.parametrize("name", PLUGINS)
def test_wrong_names_are_refused(name):
    known = [setting.name for setting in settings_of(PLUGINS[name])]
    for wrong, hint in [(f"{known[0]}_" if known else "x", known[0] if known else ""), ("zzz", "")]:
        with pytest.raises(GameError, match=f"{name} has no setting '{wrong}'") as refusal:
            call(name, **{wrong: 0.5})
        assert refusal.value.key == wrong
        assert not hint or f"did you mean '{hint}'" in str(refusal.value)


@pytest.mark.parametrize("name", PLUGINS)
def test_missing_settings_are_named(name):
    for setting in settings_of(PLUGINS[name]):
        if setting.required:
            given_settings = examples.first_settings(PLUGINS[name])
            del given_settings[setting.name]
            with pytest.raises(GameError, match=f"{name} needs '{setting.name}'") as refusal:
                PLUGINS[name](examples.dilemma(), 0, **given_settings)
            assert refusal.value.key == setting.name
            assert setting.allowed in str(refusal.value)


@pytest.mark.parametrize("name", PLUGINS)
def test_settings_are_documented(name):
    for setting in settings_of(PLUGINS[name]):
        assert setting.about.endswith("."), f"{name}.{setting.name} has no line in the docstring"
        if setting.kind in ("number", "whole number", "numbers"):
            assert setting.range.unit or setting.range.low == -math.inf, f"{name}.{setting.name} has no unit"


# -------------------------------------------------------------------------------------------------- doctests

HOUSE = Path(gl.__file__).parent
PARSER = doctest.DocTestParser()


def documented(path):
    """Yield (name, docstring, line) of everything in a file that has examples, decorated functions too."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, kinds) and ">>>" in (text := ast.get_docstring(node) or ""):
            yield getattr(node, "name", "module"), text, getattr(node, "lineno", 1)


EXAMPLED = [
    pytest.param(path, *found, id=f"{path.relative_to(HOUSE).as_posix()}:{found[0]}")
    for path in sorted(HOUSE.rglob("*.py"))
    for found in documented(path)
]


@pytest.mark.parametrize(("path", "name", "text", "line"), EXAMPLED)
def test_docstring_examples_run(path, name, text, line, monkeypatch):
    monkeypatch.chdir(HOUSE.parent)
    parts = ("gamelab", *path.relative_to(HOUSE).with_suffix("").parts)
    module = importlib.import_module(".".join(part for part in parts if part != "__init__"))
    report = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    runner.run(PARSER.get_doctest(text, dict(vars(module)), name, str(path), line), out=report.append)
    assert runner.tries > 0
    assert runner.failures == 0, "".join(report)


@pytest.mark.parametrize("name", [*STAGES, *INSTITUTIONS, "repeated"])
def test_plugins_have_an_example(name):
    assert ">>>" in PLUGINS[name].__doc__
