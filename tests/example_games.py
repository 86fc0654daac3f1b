"""Example games and drawn settings that the tests of model, stages, institutions and strategies share."""

from __future__ import annotations

import functools
import math

import numpy as np
from hypothesis import strategies as st

import gamelab as gl
from gamelab.errors import GameError
from gamelab.model.settings import settings_of


def dilemma():
    """Return the prisoner's dilemma 5, 3, 1, 0."""
    return gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)


def team():
    """Return a dilemma of three: each contribution costs 2 and brings everybody 1.2."""

    def pay(profile):
        return [1.2 * profile.count(0) - 2 * (a == 0) for a in profile]

    table = [[[pay((a, b, c)) for c in (0, 1)] for b in (0, 1)] for a in (0, 1)]
    return gl.normal_form(
        payoffs=table, actions=["C", "D"], agreement=["C", "C", "C"], players=["ann", "bob", "cy"]
    )


def three_actions():
    """Return a game of two with three actions each; b is agreed, c the fallback."""
    table = [[[a * b + b - a * a / 2, a * b + a - b * b / 2] for b in range(3)] for a in range(3)]
    return gl.normal_form(payoffs=table, actions=["a", "b", "c"], agreement=["b", "b"], fallback=["c", "c"])


def battle():
    """Return the battle 3, 2, 0: nothing is agreed, and the fallback mixes."""
    return gl.battle(high=3, low=2)


def trust():
    """Return time inconsistency 10, 2, 4: two moves in a round, three states."""
    return gl.time_inconsistency(value=10, cost=2, payment=4)


STAGES = {"dilemma": dilemma, "team": team, "three actions": three_actions, "battle": battle, "trust": trust}

SIMPLE = ("dilemma", "team", "three actions")
"""The stages with an agreement, one state and one move in a round."""


def _repeated(**settings):
    return lambda stage: gl.repeated(stage, discount_factor=0.9, **settings)


def _ruled(game, **settings):
    """Return the game with a convention, where nothing is agreed."""
    return gl.convention(game, **settings) if (game.agreement < 0).all() else game


def _findings(stage):
    unseen = _ruled(_repeated(observe="none")(stage), cost=0.1)
    return gl.monitoring(unseen, detection=0.9, false_alarm=0.1, cost=0.2)


def _ladder(stage, **settings):
    return gl.graduated_sanctions(
        _findings(stage), fines=[1, 2], forgiveness=0.5, cost_per_act=0.3, **settings
    )


GROUNDS = {
    "stage": lambda stage: stage,
    "public": _repeated(),
    "private": _repeated(observe="private"),
    "none": _repeated(observe="none"),
    "public noise": _repeated(misreading=0.1),
    "private noise": _repeated(observe="private", misreading=0.1),
    "tremble": _repeated(misreading=0.1, tremble=0.05),
    "private tremble": _repeated(observe="private", tremble=0.05),
    "three rounds": lambda stage: gl.repeated(stage, rounds=3, discount_factor=0.8),
    "findings": _findings,
    "signal": lambda stage: gl.public_signal(
        _ruled(_repeated(observe="none")(stage)), good=[0.9, 0.6, 0.5], cost=0.1
    ),
    "private findings": lambda stage: gl.monitoring(
        _ruled(_repeated(observe="private", misreading=0.1)(stage)), detection=0.9, false_alarm=0.1
    ),
    "ladder": _ladder,
    "ladder that ends": lambda stage: _ladder(stage, after_last="end", paid_to="authority"),
    "transparent": lambda stage: gl.transparency(_repeated(observe="none")(stage), reach=0.7, misreading=0.1),
    "published": lambda stage: gl.transparency(
        _repeated(observe="private", misreading=0.1)(stage), reach=0.7
    ),
    "rotation": lambda stage: gl.convention(_repeated(misreading=0.1)(stage), cost=0.1),
    "lottery": lambda stage: gl.convention(_repeated(tremble=0.05)(stage), rule="lottery"),
}
"""Games that a plug-in may be given, by name: each a function of the stage game."""

RULED = ("rotation", "lottery")
"""The grounds that only a stage without an agreement can have."""

PAIRS = [
    (stage, ground) for stage in STAGES for ground in GROUNDS if stage == "battle" or ground not in RULED
]
"""The games that there are, as (stage, ground)."""


@functools.cache
def ground(stage, name):
    """Return one of the games above."""
    return GROUNDS[name](STAGES[stage]())


def pair_of_prizes():
    return [[[3, 3], [0, 5]], [[5, 0], [1, 1]]]


# What cannot be drawn from a setting's range alone: structures, and ranges that depend on other settings.
EXAMPLES = {
    "prisoners_dilemma": {
        "temptation": st.sampled_from([4.0, 5.0]) | st.floats(4, 9),
        "reward": st.sampled_from([2.0, 3.0]) | st.floats(2, 3.9),
        "punishment": st.sampled_from([0.0, 1.0]) | st.floats(0, 1.9),
        "sucker": st.sampled_from([-1.0, -0.5]) | st.floats(-5, -0.1),
        "players": st.sampled_from([None, ["ann", "bob"]]),
        "actions": st.sampled_from([None, ["give", "take"], [["a", "b"], ["c", "d"]]]),
    },
    "normal_form": {
        "payoffs": st.just(pair_of_prizes()),
        "file": st.none(),
        "agreement": st.sampled_from([None, ["1", "1"]]),
        "fallback": st.sampled_from([None, ["2", {"1": 0.25, "2": 0.75}]]),
        "actions": st.none(),
        "players": st.sampled_from([None, ("ann", "bob")]),
    },
    "battle": {
        "high": st.sampled_from([3.0, 10.0]) | st.floats(2.1, 9),
        "low": st.sampled_from([1.0, 2.0]) | st.floats(1, 2),
        "disagreement": st.sampled_from([0.0, -1.0]) | st.floats(-3, 0.9),
        "players": st.sampled_from([None, ["ann", "bob"]]),
        "actions": st.sampled_from([None, ["opera", "football"], [["a", "b"], ["c", "d"]]]),
    },
    "time_inconsistency": {
        "value": st.sampled_from([10.0, 5.0]) | st.floats(5, 20),
        "cost": st.sampled_from([1.0, 2.0]) | st.floats(0.1, 2),
        "payment": st.sampled_from([2.0, 5.0]) | st.floats(2, 5),
        "players": st.sampled_from([None, ["ann", "bob"]]),
        "actions": st.sampled_from([None, ["yes", "no"], [["a", "b"], ["c", "d"]]]),
    },
    "convention": {"rule": st.sampled_from(["rotate", "lottery"]), "player": st.none()},
    "extortion": {"factor": st.floats(1, 5), "scale": st.none()},
    "generous_zero_determinant": {"factor": st.floats(1, 5), "scale": st.none()},
    "equalizer": {"payoff": st.sampled_from([1.0, 3.0]) | st.floats(1, 3)},
    "stage_nash": {"equilibrium": st.sampled_from([None, 0])},
    "comply_until": {"level": st.sampled_from([0, 1])},
}


def numbers(limits):
    """Draw numbers within a range, its ends often among them."""
    low, high = max(limits.low, -5.0), min(limits.high, 5.0)
    high = high - 1e-3 if limits.below_high else high
    return st.sampled_from([low, high, (low + high) / 2]) | st.floats(low, high).map(lambda x: round(x, 3))


@st.composite
def settings_drawn(draw, plugin, points=1):
    """Draw admissible settings of a plug-in, one mapping per grid point; structure is the same at all."""
    drawn = [{} for _ in range(points)]
    for setting in settings_of(plugin):
        example = EXAMPLES.get(plugin.__name__, {}).get(setting.name)
        if setting.kind == "number":
            kind = numbers(setting.range) if example is None else example
            values = [draw(kind, label=setting.name) for _ in drawn]
        elif setting.kind == "numbers":
            length = draw(st.integers(1, 3))
            lists = st.lists(numbers(setting.range), min_size=length, max_size=length).map(sorted)
            values = [draw(lists, label=setting.name) for _ in drawn]
        elif example is not None:
            values = [draw(example, label=setting.name)] * points
        elif setting.kind == "choice":
            values = [draw(st.sampled_from(setting.choices), label=setting.name)] * points
        elif setting.kind == "whole number":
            low = int(max(setting.range.low, 0))
            values = [
                draw(st.integers(low, int(min(setting.range.high, low + 2))), label=setting.name)
            ] * points
        else:
            assert not setting.required, f"write an example of {plugin.__name__}.{setting.name} in EXAMPLES"
            values = [setting.default] * points
        for point, value in zip(drawn, values, strict=True):
            if not (value is None and setting.default is None):
                point[setting.name] = value
    return drawn


def stacked(plugin, drawn):
    """Return the settings of all grid points as one mapping with an array for each number."""
    kinds = {setting.name: setting.kind for setting in settings_of(plugin)}
    together = {}
    for name, first in drawn[0].items():
        values = [point[name] for point in drawn]
        if kinds[name] == "number":
            together[name] = np.array(values)
        elif kinds[name] == "numbers":
            together[name] = [np.array(column) for column in zip(*values, strict=True)]
        else:
            together[name] = first
    return together


FIRST = {
    "prisoners_dilemma": {"temptation": 5, "reward": 3, "punishment": 1, "sucker": 0},
    "battle": {"high": 3, "low": 2},
    "time_inconsistency": {"value": 10, "cost": 2, "payment": 4},
    "normal_form": {"payoffs": pair_of_prizes()},
}
"""Settings that fit each other where those that are drawn one by one need not."""


def first_settings(plugin):
    """Return one admissible mapping of settings, without drawing."""
    found = {}
    for setting in settings_of(plugin):
        if not setting.required and setting.name != "payoffs":
            continue
        example = EXAMPLES.get(plugin.__name__, {}).get(setting.name)
        if plugin.__name__ in FIRST:
            found[setting.name] = FIRST[plugin.__name__][setting.name]
        elif setting.kind == "choice":
            found[setting.name] = setting.choices[0]
        elif setting.kind == "whole number":
            found[setting.name] = int(max(setting.range.low, 0))
        elif setting.kind == "numbers":
            found[setting.name] = [min(max(setting.range.low, 0.5), setting.range.high)]
        elif setting.kind == "number":
            low, high = setting.range.low, setting.range.high
            found[setting.name] = 2.0 if math.isinf(high) else (low + high) / 2
        else:
            raise AssertionError(f"write an example of {plugin.__name__}.{setting.name}", example)
    return found


def accepted(plugin, *more):
    """Return the (stage, ground) pairs that a plug-in takes, and its words where it refuses."""
    taken, refused = [], {}
    for stage, name in PAIRS:
        game = ground(stage, name)
        try:
            plugin(game, *more, **first_settings(plugin))
            taken.append((stage, name))
        except GameError as error:
            refused[stage, name] = str(error)
    return taken, refused


def paid_on_average(game, line):
    """Return what a line pays on average in each state and profile, (b, S, P, c), all axes laid out."""
    flow = game.flows[line]
    b, S, P, c = game.batch, len(game.states), len(game.profiles), len(game.accounts)
    paid = np.zeros((b, S, P, c))
    if flow.by_profile is not None:
        paid += flow.by_profile
    if flow.by_outcome is not None:
        paid += np.broadcast_to(game.probabilities @ flow.by_outcome, paid.shape)
    return paid
