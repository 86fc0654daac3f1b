"""Every public function with every argument, given what no user should give: an answer, or GameError by name.

Other exceptions, warnings and hangs fail; so does a truth value, a text or an object that passes for a number,
a game or a word. Exceptions are no functions: what they are given is what they say. Values of a shorter
table are dealt to the arguments in turn, all of them behind the marker ``slow``.
"""

import inspect
import math
import re
import signal
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

import gamelab as gl
from gamelab.errors import GameError, GamelabError, GamelabWarning
from gamelab.model.arguments import takes_arguments

STAGE = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
GAME = gl.repeated(STAGE, discount_factor=0.9)
WATCHED = gl.monitoring(GAME, detection=0.9)
TABLE = np.array([[3.0, 0.0], [5.0, 1.0]])
PATHS = {"payoffs": TABLE, "duration": 2.0, "moments": 5}
LONGEST = 20
"""Seconds after which a call counts as one that hangs; the machine may be busy."""


SCENARIO = """gamelab: 1
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: 0.9}
arrangements: {agreed: {profiles: [grim]}}
claims: [{says: It holds, arrangement: agreed, quantity: workable, is: yes}]
"""


class NoGame:
    """An object that has some of what a game has."""

    n, exact, shape, rounds = 2, False, (), None


def question(x):
    return {"twice": np.zeros(len(x))}


def wrong_signature(a, b, c, d, e, f):
    return None


def endless_list():
    found = []
    for _ in range(2000):
        found = [found]
    return found


BASES = {
    "Automaton": {"name": "a", "states": ("s",), "start": 0, "action": np.ones((1, 1, 1, 2)) / 2,
                  "next": np.zeros((1, 1, 2, 4), int)},
    "Game": {name: getattr(GAME, name) for name in inspect.signature(gl.Game).parameters},
    "altruism": {"game": GAME, "weight": 0.5},
    "basin_of_defection": {"game": GAME, "profile": "grim"},
    "battle": {"high": 3, "low": 1},
    "best_response_dynamics": PATHS,
    "certify": {"game": GAME, "profile": "grim"},
    "check": {"scenario": "small.yaml"},
    "contagion": {"game": GAME, "population": 4},
    "convention": {"game": gl.repeated(gl.battle(high=3, low=1), discount_factor=0.5)},
    "critical_discount_factor": {"game": GAME, "profile": "grim"},
    "discrete_replicator": {"payoffs": TABLE + 1, "generations": 5},
    "evolve": {"payoffs": TABLE, "population": 6, "generations": 3, "populations": 2, "moments": 3},
    "exactly": {},
    "fixation": {"payoffs": TABLE, "population": 6},
    "graduated_sanctions": {"game": WATCHED, "fines": [1.0]},
    "learn": {"game": STAGE, "rule": "fictitious_play", "rounds": 3, "groups": 2, "points": 2},
    "load": {"source": "small.yaml"},
    "logit_dynamics": PATHS,
    "monitoring": {"game": GAME, "detection": 0.9},
    "normal_form": {"payoffs": [[[1, 1], [0, 0]], [[0, 0], [1, 1]]]},
    "on_grid": {"question": question, "x": np.zeros(3)},
    "population_chain": {"payoffs": TABLE, "population": 6},
    "prisoners_dilemma": {"temptation": 5, "reward": 3, "punishment": 1, "sucker": 0},
    "public_signal": {"game": gl.repeated(STAGE, discount_factor=0.9, observe="none"), "good": [0.9, 0.5, 0.2]},
    "quantal_response": {"game": STAGE, "precision": 1.0},
    "read_nfg": {"path": "game.nfg"},
    "read_records": {"path": "records.csv"},
    "rematch": {"game": GAME, "strategies": "grim", "population": 6, "rounds": 3, "replications": 2},
    "repeated": {"stage": STAGE, "discount_factor": 0.5},
    "replicator": PATHS,
    "rest_points": {"payoffs": TABLE},
    "run": {"scenario": "small.yaml"},
    "risk_dominant_from": {"game": GAME, "profile": "grim"},
    "simulate": {"game": GAME, "profile": "grim", "matches": 3},
    "stage_equilibria": {"A": TABLE, "B": TABLE.T},
    "standing": {"game": GAME},
    "sustainable_discount_factors": {"game": GAME, "profile": "grim"},
    "time_inconsistency": {"value": 3, "cost": 1, "payment": 2},
    "tournament": {"game": GAME, "strategies": ["grim", "always_defect"]},
    "transparency": {"game": gl.repeated(STAGE, discount_factor=0.9, observe="none")},
    "value": {"game": GAME, "profile": "grim"},
    "write_nfg": {"game": STAGE, "path": "written.nfg"},
}  # fmt: skip
"""A cheap call of every public function."""

VALUES = {
    "None": None, "nan": math.nan, "inf": math.inf, "-inf": -math.inf, "10**400": 10**400,
    "5e-320": 5e-320, "1.7e308": 1.7e308, "-1.7e308": -1.7e308, "0": 0, "-1": -1, "-3.5": -3.5,
    "10**30": 10**30, "third": Fraction(1, 3), "decimal nan": Decimal("nan"),
    "True": True, "numpy False": np.False_, "text": "text", "no text": "", "a zero byte": "a\0b",
    "a surrogate": "\udc80", "a long text": "x" * 5000, "bytes": b"bytes", "object": object(),
    "array": np.array([0.1, 0.2]), "three axes": np.zeros((2, 2, 2)), "empty array": np.array([]),
    "empty list": [], "empty tuple": (), "ragged": [[1, 2], [3]], "endless": endless_list(),
    "masked": np.ma.masked_array([0.5, 0.7], [True, False]), "complex": 1 + 2j,
    "numpy complex": np.complex128(1), "date": datetime(2020, 1, 1), "day": np.datetime64("2020-01-01"),
    "mapping": {"a": 1}, "numbered": {1: 2}, "empty mapping": {}, "a game": WATCHED, "no game": NoGame(),
    "generator": "made anew for every call", "class": NoGame, "int": int, "function": wrong_signature,
    "set": {1, 2}, "texts": ["a"], "array of texts": np.array(["a", "b"]), "nothings": [None, None],
    "truths": [True, False], "array of truths": np.array([True, False]), "frame": pd.DataFrame({"a": [1, 2]}),
    "module": math,
}  # fmt: skip
NEVER = {
    "object", "complex", "date", "no game", "generator", "class", "int", "function", "set", "module", "bytes",
    "True", "numpy False", "day",
}  # fmt: skip
"""What no argument takes, but those of ``TAKES``."""
TRUTHS = {"True", "numpy False"}
EVERYTHING = set(VALUES)
TAKES = {("on_grid", "x"): EVERYTHING}  # whatever it is, the function that is asked gets it
SAID = {
    "strategies": ["strategy"],
    "overrides": ["setting"],
    "scenario": ["scenarios", "gamelab.load"],
    "source": ["scenario"],
    "path": ["records", "game.nfg", "cannot be read", "no such file", "name too long"],
    "game": ["findings are made already", "a convention comes before"],
    "players": ["actions"],
    "outcomes": ["probabilities"],
    "A": ["B"],
    "payoffs": ["names", "tables"],
}
"""What else a sentence may call an argument."""
EXCEPTIONS = {"GameError", "GamelabError", "GamelabWarning", "InputError"}


def parameters():
    for name, base in BASES.items():
        function = getattr(gl, name)
        for parameter in inspect.signature(function).parameters.values():
            key = "x" if parameter.kind is parameter.VAR_KEYWORD else parameter.name
            yield name, key, str(parameter.annotation), base


ARGUMENTS = list(parameters())


def test_every_public_function_is_here():
    public = {name for name in gl.__all__ if callable(getattr(gl, name))}
    assert public - EXCEPTIONS == set(BASES)


@contextmanager
def at_most(seconds):
    def stop(*_):
        raise TimeoutError(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def called(function, given):
    """Call a function, and open a context that it returns; methods that show a result count, too."""
    found = function(**given)
    if hasattr(found, "__enter__"):
        with found:
            pass
    return repr(found)


def wrong(name, key, annotation, base, label):
    """Return what is wrong with the answer to one hostile value; an empty text where nothing is."""
    value = (k for k in (1, 2)) if label == "generator" else VALUES[label]
    try:
        with at_most(LONGEST):
            called(getattr(gl, name), {**base, key: value})
    except GamelabError as refusal:
        says = f"{getattr(refusal, 'key', '')} {refusal}"
        named = re.search(rf"\b({'|'.join((key, *SAID.get(key, ())))})\b", says)
        return "" if named else f"does not name the argument: {refusal}"
    except GamelabWarning:
        return ""  # allowed, but probably not meant
    except BaseException as failure:
        return f"{type(failure).__name__}: {str(failure)[:200]}"
    takes = TAKES.get((name, key), set()) | (TRUTHS if "bool" in annotation else set())
    return "is taken without a word" if label in NEVER - takes else ""


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Files to read, in a folder where what is written does no harm."""
    monkeypatch.chdir(tmp_path)
    gl.write_nfg(STAGE, "game.nfg")
    gl.simulate(GAME, "grim", matches=2).write_records("records.csv")
    (tmp_path / "small.yaml").write_text(SCENARIO)


def check(arguments, labels_of):
    mistakes = [
        f"{name}({key}={label}) {mistake}"
        for place, (name, key, annotation, base) in enumerate(arguments)
        for label in labels_of(place)
        if (mistake := wrong(name, key, annotation, base, label))
    ]
    assert not mistakes, "\n".join(mistakes)


@pytest.mark.parametrize("function", BASES)
def test_hostile_values_in_turn(function, files):
    step = 9
    arguments = [one for one in ARGUMENTS if one[0] == function]
    first = ARGUMENTS.index(arguments[0]) if arguments else 0
    labels = list(VALUES)
    check(arguments, lambda place: labels[(first + place) % step :: step])


@pytest.mark.slow
@pytest.mark.parametrize("function", BASES)
def test_every_hostile_value(function, files):
    check([one for one in ARGUMENTS if one[0] == function], lambda _: VALUES)


def test_what_a_game_is_asked_for_must_be_a_game():
    """The commonest mistake of all, at every door."""
    for name, key, annotation, base in ARGUMENTS:
        if key in ("game", "stage") and "Game" in annotation:
            for value in (None, "grim", STAGE.flows, NoGame(), {"game": GAME}):
                with pytest.raises(GameError, match=rf"^{key}: ") as refusal:
                    getattr(gl, name)(**{**base, key: value})
                assert "write a Game" in str(refusal.value), name


@pytest.mark.parametrize(
    "tolerance", [math.inf, math.nan, -1e-9, True, "1e-9", np.array([1e-9, 1e-8]), 2, None]
)
def test_a_tolerance_is_one_small_number(tolerance):
    with pytest.raises(GameError, match=r"^tolerance: .* write a number of at least 0, at most 1$"):
        gl.certify(GAME, "grim", tolerance=tolerance)


def test_functions_are_asked_before_they_are_called():
    """A strategy, a rule, a question or a progress that cannot be called as it will be is refused at once."""
    for given, message in (
        ((gl.value, GAME, wrong_signature), "profile: .* a function must take a game and a player's number"),
        ((gl.learn, STAGE, wrong_signature), "rule: .* a function must take an arena and a player's number"),
        ((gl.on_grid, wrong_signature), "question: it cannot be called with .* by name"),
    ):
        function, *arguments = given
        with pytest.raises(GameError, match=message):
            function(*arguments)
    with pytest.raises(GameError, match=r"progress: .* given; write a function of 2 arguments"):
        gl.simulate(GAME, "grim", matches=2, progress=wrong_signature)
    assert takes_arguments(question, x=1)
    assert not takes_arguments(int, GAME, 0)


@pytest.mark.parametrize(
    ("answer", "shown"),
    [(3, "3"), ({}, "{}"), ({"a": 1.0}, "{'a': 1.0}"), ({"a": np.zeros(2)}, "{'a'")],
)
def test_answers_on_a_grid_have_an_entry_for_each_point(answer, shown):
    with pytest.raises(GameError, match=f"question: it returns {re.escape(shown)}.*each of 3 points"):
        gl.on_grid(lambda x: answer, x=np.zeros(3))


def test_methods_of_results_are_doors_too():
    simulation = gl.simulate(GAME, "grim", matches=2)
    for value in (None, True, 3, "", object(), b"x.csv", "x\0.csv"):
        with pytest.raises(GameError, match=r"records|path"):
            simulation.write_records(value)
    learning = gl.learn(STAGE, "reinforcement", rounds=2, groups=2)
    with pytest.raises(GameError, match="name: there is no path"):
        learning.interval("text")


ENDS = [
    (1.7e308, 1e308, 1e307, -1.7e308), (1.7e308, 3, 1, 0), (5, 3, 1, -1.7e308), (1e200, 6e199, 2e199, 0),
    (5e-320, 4e-320, 1e-320, 0), (5e-310, 3e-310, 1e-310, 0), (5, 3, 5e-320, 0), (5, 3, 0, -5e-320),
    (1e150, 6e149, 2e149, 0), (1e-150, 6e-151, 2e-151, 0),
]  # fmt: skip
ENGINES = {
    "value": lambda game: gl.value(game, "grim"),
    "certify": lambda game: gl.certify(game, "grim"),
    "thresholds": lambda game: gl.sustainable_discount_factors(game, "grim"),
    "tournament": lambda game: gl.tournament(game, ["grim", "always_defect"]).ranking,
    "simulate": lambda game: gl.simulate(game, "grim", matches=5),
    "sampled": lambda game: gl.tournament(game, ["grim"], exact=False, matches=5).ranking,
    "rematch": lambda game: gl.rematch(game, "grim", population=4, rounds=3, replications=2),
    "standing": lambda game: gl.standing(game),
    "contagion": lambda game: gl.contagion(game, population=4),
    "altruism": lambda game: gl.certify(gl.altruism(game, weight=0.5), "grim"),
    "fines": lambda game: gl.certify(
        gl.graduated_sanctions(gl.monitoring(game, detection=0.9), fines=[1.0]), "comply"
    ),
}


@pytest.mark.parametrize("engine", ENGINES)
def test_payoffs_near_the_ends_of_floats(engine):
    """An answer, or a refusal in words: no warning of an overflow, and no other exception."""
    for payoffs in ENDS:
        names = ("temptation", "reward", "punishment", "sucker")
        said = ""
        try:
            stage = gl.prisoners_dilemma(**dict(zip(names, payoffs, strict=True)))
            repr(ENGINES[engine](gl.repeated(stage, discount_factor=0.9)))
        except GameError as refusal:
            said = str(refusal)
        assert not said or re.search("too large|too small|smaller|beyond what floats hold", said), said


@pytest.mark.parametrize("payoffs", [(5, 3, 5e-320, 0), (5, 3, 0, -5e-320), (5e149, 3e149, 0, -1e140)])
def test_thresholds_with_the_smallest_and_largest_numbers(payoffs):
    """Grim holds from (T-R)/(T-P) = 2/5 on."""
    names = ("temptation", "reward", "punishment", "sucker")
    stage = gl.prisoners_dilemma(**dict(zip(names, payoffs, strict=True)))
    found = gl.critical_discount_factor(gl.repeated(stage, discount_factor=0.9), "grim")
    assert found == pytest.approx(0.4, abs=1e-9)


def test_a_file_with_the_smallest_payoff_is_solved(tmp_path):
    text = SCENARIO.replace("punishment: 1", "punishment: 5e-320")
    text = text.replace("claims:", "  watched:\n    institutions:\n      monitoring: {detection: 0.9}\n"
                        "      graduated_sanctions: {fines: [3]}\n    profiles: [comply]\nclaims:")  # fmt: skip
    text = text.replace(
        "arrangements: {agreed: {profiles: [grim]}}", "arrangements:\n  agreed: {profiles: [grim]}"
    )
    (tmp_path / "x.yaml").write_text(text)
    found = gl.run(str(tmp_path / "x.yaml")).to_dict()["arrangements"]
    grim = next(one for one in found["agreed"]["candidates"] if one["profile"] == ["grim", "grim"])
    assert grim["critical_discount_factor"] == pytest.approx(0.4)
    assert found["watched"]["candidates"][0]["certificate"]["max_gain"] < 0  # 0.9 * 3 outweighs 5 - 3


ENDLESS = {
    ("battle", "players"): "a list in which lists lie 40 deep and more given; this stage game needs",
    (
        "normal_form",
        "payoffs",
    ): "a list in which lists lie 40 deep and more given; write one level of lists per player",
    ("normal_form", "tables"): "table 1 has 2000 dimensions",
    ("rematch", "strategies"): "1 strategies given for the 2 seats",
    ("Game", "start"): "is no array",
    ("Automaton", "next"): "is no array",
}


@pytest.mark.parametrize(("name", "key"), ENDLESS)
def test_lists_in_lists_without_end(name, key):
    given = {k: v for k, v in BASES[name].items() if not (name == "normal_form" and k == "payoffs")}
    with pytest.raises(GameError, match=f"^{key}: {ENDLESS[name, key]}"):
        getattr(gl, name)(**{**given, key: endless_list()})


def test_overrides_are_named_by_texts(files):
    with pytest.raises(GamelabError, match=r"small.yaml: 1: overrides are named by a dotted path"):
        gl.check("small.yaml", {1: 2})


@pytest.mark.parametrize("strategy", [int, NoGame, wrong_signature])
def test_what_is_no_strategy_of_a_population_is_named(strategy):
    with pytest.raises(GameError, match=r"^strategies: .* a function must take a game and a player's number"):
        gl.rematch(GAME, strategy, population=6, rounds=3)
