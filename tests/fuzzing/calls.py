"""Programs of Python calls: a stage game, time, institutions and questions, most settings sound, some hostile."""

import inspect
from fractions import Fraction
from random import Random

import numpy as np

import gamelab as gl

SCOPE = {"gl": gl, "np": np, "Fraction": Fraction}
SIZES = ("1", "2.5", "3", "0.1", "1e-9", "1e9", "-1e9", "1e12", "1e-12", "7", "-2", "0")
CHANCES = (
    "0",
    "1",
    "0.5",
    "0.9",
    "0.02",
    "1e-12",
    "0.999999999999",
    "Fraction(1, 3)",
    "np.array([0.2, 0.7])",
)
HOSTILE = (
    "None", "True", "'grim'", "''", "[]", "{}", "[1, 2]", "object()", "1j", "float('nan')", "float('inf')", "10**400",
    "-1", "1.5", "2**63", "5e-324", "1.7e308", "np.array([])", "np.array([[0.1], [0.2]])", "np.array(['a'])", "b'x'",
    "np.ma.masked_array([0.5], [True])", "np.datetime64('2026-01-01')", "range(3)", "gl", "print", "'\\u202e'",
)  # fmt: skip
STAGES = (
    "gl.prisoners_dilemma(temptation={0}, reward={1}, punishment={2}, sucker={3})",
    "gl.battle(high={0}, low={1}, disagreement={2})",
    "gl.time_inconsistency(value={0}, cost={2}, payment={1})",
    "gl.normal_form(payoffs=[[[{0}, {1}], [{2}, {3}]], [[{3}, {2}], [{1}, {0}]]], agreement=['1', '1'])",
    "gl.normal_form(tables=[[[{0}, {1}], [{2}, {3}]], [[{3}, {0}], [{1}, {2}]]], agreement=['1', '1'])",
)
PROFILES = (
    "'grim'", "'tit_for_tat'", "['always_defect', 'grim']", "'stage_nash'", "'comply'", "'turn_taking'",
    "{'limited_punishment': {'rounds': 2}}", "['grim']", "'no_such'",
)  # fmt: skip
INSTITUTIONS = ("transparency", "monitoring", "graduated_sanctions", "altruism")
QUESTIONS = ("value", "certify", "critical_discount_factor", "sustainable_discount_factors")


def program(random: Random) -> str:
    """Return the lines of a program; of dilemmas most numbers are in their order, so that many are sound."""
    numbers = sorted(random.sample(SIZES, 4), key=float, reverse=True)
    lines = ["stage = " + random.choice(STAGES).format(*(_odd(random, number, 0.015) for number in numbers))]
    lines.append("game = " + _call(random, "repeated", "stage", {"discount_factor": random.choice(CHANCES)}))
    institutions = [name for name in INSTITUTIONS if random.random() < 0.4]
    lines += ["game = " + _call(random, name, "game", {}) for name in institutions]
    for name in random.sample(QUESTIONS, 2):
        given = random.choice(PROFILES)
        more = _keyword(random, name) if random.random() < 0.2 else ""
        lines.append(f"gl.{name}({_odd(random, 'game', 0.01)}, {_odd(random, given, 0.03)}{more})")
    return "\n".join(lines)


def _call(random: Random, name: str, first: str, needed: dict[str, str]) -> str:
    settings = dict(needed)
    parameters = list(inspect.signature(getattr(gl, name)).parameters.values())[1:]
    for one in parameters:
        if one.default is one.empty or random.random() < 0.3:
            settings[one.name] = _sound(random, one.name)
    given = ", ".join(f"{key}={_odd(random, each, 0.03)}" for key, each in settings.items())
    return f"gl.{name}({_odd(random, first, 0.01)}, {given})"


def _sound(random: Random, name: str) -> str:
    words = {
        "observe": "'public'", "paid_by": "'participants'", "fines": "[1, 2.5]", "rounds": "3", "weight": "0.3",
        "cost": "0.1", "cost_per_act": "0.2", "continuation_probability": "0.9", "limit": "2",
    }  # fmt: skip
    return words.get(name) or random.choice(CHANCES)


def _keyword(random: Random, name: str) -> str:
    """Return a further argument of a question, or nothing where it has none."""
    options = list(inspect.signature(getattr(gl, name)).parameters)[2:]
    return f", {random.choice(options)}={random.choice((*HOSTILE, *CHANCES))}" if options else ""


def _odd(random: Random, sound: str, chance: float) -> str:
    return random.choice(HOSTILE) if random.random() < chance else sound
