"""Cases that laws about engines are tried on, drawn within the conditions that each law states."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Any

from gamelab.testing.descriptions import Comparison, GameDescription, StageDescription
from gamelab.testing.draws import repeated_games, stage_games
from gamelab.testing.draws.drawing import Draw, noted, st
from gamelab.testing.draws.finite_automata import plays

PATHS = {
    "time.discount_factor": (0, 0.95),
    "information.misreading": (0, 0.5),
    "information.tremble": (0, 0.5),
    "institutions.monitoring.detection": (0, 1),
    "institutions.monitoring.cost": (0, 2),
    "institutions.graduated_sanctions.forgiveness": (0, 1),
    "institutions.transparency.reach": (0, 1),
}
"""Settings that may differ between the points of a grid."""


def any_games() -> Draw[GameDescription]:
    """Draw any game with a profile by name, or a dilemma of players who differ."""
    return st.one_of(repeated_games.games(), who_differ())


NAMES = ["agency", "association"]


def _apiece(numbers: Draw[Any]) -> Draw[Any]:
    """Draw one number for all, or one for each of two players."""
    return numbers | st.tuples(numbers, numbers).map(lambda pair: dict(zip(NAMES, pair, strict=True)))


@st.composite
def _who_differ(draw: Any) -> GameDescription:
    own = [draw(stage_games.prisoners_dilemmas()).settings for _ in NAMES]
    payoffs = {name: dict(zip(NAMES, (one[name] for one in own), strict=True)) for name in own[0]}
    stage = StageDescription("prisoners_dilemma", {**payoffs, "players": NAMES})
    time = {"discount_factor": draw(_apiece(repeated_games.discount_factors()))}
    information = {
        "observe": draw(st.sampled_from(["public", "none"])),
        "misreading": draw(_apiece(repeated_games.chances(0, 0.5))),
    }
    institutions: dict[str, dict[str, Any]] = {}
    if draw(st.booleans(), label="findings"):
        watch = {"detection": draw(_apiece(repeated_games.chances())), "paid_by": "authority"}
        institutions["monitoring"] = watch | {"cost": draw(_apiece(repeated_games.amounts(1)))}
        fines = st.lists(repeated_games.amounts(), min_size=1, max_size=2).map(sorted)
        institutions["graduated_sanctions"] = {
            "fines": draw(_apiece(fines)),
            "enforcement": draw(_apiece(repeated_games.chances())),
            "cost_per_act": draw(_apiece(repeated_games.amounts(1))),
        }
    weight = draw(st.sampled_from([0, 0.5, dict(zip(NAMES, (0.25, 1.0), strict=True))]))
    described = GameDescription(stage, time, information, institutions, weight)
    names = ["grim", "always_defect", "always_cooperate", "tit_for_tat", "comply"]
    profile = [draw(st.sampled_from(names)) for _ in NAMES]
    if not institutions and information["observe"] == "none":
        profile = [draw(st.sampled_from(names[1:3])) for _ in NAMES]  # there is nothing to answer to
    return dataclasses.replace(described, profile=profile)


def who_differ() -> Draw[GameDescription]:
    """Draw a prisoner's dilemma of two players who differ in payoffs, patience, findings and fines."""
    return noted(_who_differ())


@st.composite
def _grids(draw: Any) -> Comparison:
    described = draw(repeated_games.games())
    there = [path for path in PATHS if _has(described, path)]
    path = draw(st.sampled_from(there))
    low, high = PATHS[path]
    values = draw(st.lists(repeated_games.chances(low, high), min_size=2, max_size=3))
    return Comparison(described, path, tuple(values))


def _has(described: GameDescription, path: str) -> bool:
    section, *names = path.split(".")
    own = getattr(described, section)
    if section == "time":
        return "discount_factor" in own
    return section == "information" or names[0] in own


def grids() -> Draw[Comparison]:
    """Draw a game at two or three values of one setting, ends such as 0 and 1 among them."""
    return noted(_grids())


@st.composite
def _read_privately(draw: Any) -> GameDescription:
    stage = draw(stage_games.any_kind().filter(lambda stage: stage.kind != "time_inconsistency"))
    information = {"observe": "private"}
    described = GameDescription(stage, draw(repeated_games.times(open_ended=True)), information)
    profile = draw(repeated_games.profiles(described.build()))
    return dataclasses.replace(described, profile=profile)


def read_privately() -> Draw[GameDescription]:
    """Draw an open-ended game in which everybody reads everybody without mistake."""
    return noted(_read_privately())


@st.composite
def _small(draw: Any) -> GameDescription:
    stage = draw(st.one_of(stage_games.prisoners_dilemmas(), stage_games.battles(), stage_games.tables()))
    noise = st.sampled_from([{}, {"misreading": 0.1}, {"misreading": 0.25}])
    information = {"observe": draw(st.sampled_from(["public", "private"])), **draw(noise)}
    return GameDescription(stage, {"discount_factor": draw(repeated_games.discount_factors())}, information)


def small_plays() -> Draw[Any]:
    """Draw a game with one state and automata of at most two states that read what they see."""
    return plays(_small(), states=2)


@st.composite
def _dilemma(draw: Any, /, stage: Any = None, **information: Any) -> GameDescription:
    described = draw(stage_games.prisoners_dilemmas()) if stage is None else draw(stage)
    time = {"discount_factor": draw(repeated_games.discount_factors())}
    return GameDescription(described, time, information)


@st.composite
def _ladders(draw: Any) -> GameDescription:
    stage = st.one_of(stage_games.prisoners_dilemmas(), stage_games.tables(largest=3))
    described = draw(_dilemma(stage, observe=draw(st.sampled_from(["none", "public"]))))
    time = draw(repeated_games.times())
    institutions = {"monitoring": draw(repeated_games.monitorings())}
    if described.stage.kind == "normal_form" and any(
        len(own) < 2 for own in (described.stage.settings["payoffs"], described.stage.settings["payoffs"][0])
    ):
        described = draw(_dilemma(observe="none"))
    ladder = draw(repeated_games.ladders(repeating=True))
    institutions["graduated_sanctions"] = ladder
    return dataclasses.replace(described, time=time, institutions=institutions, profile=["comply"] * 2)


def ladders() -> Draw[GameDescription]:
    """Draw a ladder of fines that never fall, repeating; detection at least false alarm."""
    return noted(_ladders())


@st.composite
def _flat_fines(draw: Any) -> GameDescription:
    described = draw(_dilemma(observe="none"))
    institutions = {
        "monitoring": draw(repeated_games.monitorings()) | {"paid_by": "authority"},
        "graduated_sanctions": {
            "fines": [draw(repeated_games.amounts(12))],
            "enforcement": draw(repeated_games.chances()),
            "cost_per_act": draw(repeated_games.amounts(2)),
            "paid_by": draw(st.sampled_from(["participants", "authority"])),
        },
    }
    return dataclasses.replace(described, institutions=institutions, profile=["comply"] * 2)


def flat_fines() -> Draw[GameDescription]:
    """Draw a prisoner's dilemma with one fine, whoever bears the cost of an act."""
    return noted(_flat_fines())


@st.composite
def _effective_fines(draw: Any) -> GameDescription:
    described = draw(_flat_fines())
    stage, watch = described.stage.settings, described.institutions["monitoring"]
    ladder = dict(described.institutions["graduated_sanctions"], enforcement=1)
    watch = dict(
        watch, detection=max(watch["detection"], 0.5), false_alarm=min(watch.get("false_alarm", 0), 0.1)
    )
    net = watch["detection"] - watch["false_alarm"]
    ladder["fines"] = [float(round((stage["temptation"] - stage["reward"]) / net) + 2)]
    ladder["cost_per_act"] = 0
    del watch["paid_by"]
    watch["paid_by"] = draw(st.sampled_from(["participants", "authority"]))
    return dataclasses.replace(described, institutions={"monitoring": watch, "graduated_sanctions": ladder})


def effective_fines() -> Draw[GameDescription]:
    """Draw a prisoner's dilemma in which one fine deters with something to spare."""
    return noted(_effective_fines())


@st.composite
def _patient(draw: Any) -> StageDescription:
    """Draw a prisoner's dilemma in which little is gained by deviating and much lost afterwards."""
    punishment, loss = draw(st.integers(-3, 3)), draw(st.integers(1, 5))
    reward = punishment + draw(st.integers(3, 9))
    temptation = reward + draw(st.integers(1, 2))
    settings = {"temptation": temptation, "reward": reward, "punishment": punishment}
    return StageDescription("prisoners_dilemma", settings | {"sucker": punishment - loss})


@st.composite
def _grim(draw: Any, path: str) -> Comparison:
    information: dict[str, Any] = {"observe": "none"}
    institutions: dict[str, dict[str, Any]] = {}
    low, high = 0.0, 0.5
    if path.startswith("information"):
        information = {"observe": "public"}
    elif "transparency" in path:
        institutions = {"transparency": {"reach": 1, "misreading": draw(repeated_games.chances(0, 0.5))}}
        high = 1.0
    else:
        alarm = draw(repeated_games.chances(0, 0.5))
        institutions = {
            "monitoring": {"detection": draw(repeated_games.chances(0.5, 1)), "false_alarm": alarm}
        }
        if path.endswith("detection"):
            low, high = alarm, 1.0
    stage = draw(_patient())
    described = GameDescription(stage, {"discount_factor": 0.5}, information, institutions, 0, ["grim"] * 2)
    chosen = st.lists(repeated_games.chances(low, high), min_size=2, max_size=2, unique=True).map(sorted)
    values = draw(
        chosen.map(lambda pair: pair[::-1]) if path.endswith(("misreading", "false_alarm")) else chosen
    )
    return Comparison(described.changed(path, values[0]), path, tuple(values))


def grim_with(path: str) -> Draw[Comparison]:
    """Draw a prisoner's dilemma under grim trigger at two values of a setting, the better one second."""
    return noted(_grim(path))


@st.composite
def _patience(draw: Any) -> Comparison:
    path = draw(st.sampled_from(["information.misreading", "institutions.monitoring.detection"]))
    described = draw(_grim(path)).game
    values = draw(st.lists(repeated_games.chances(0, 0.95), min_size=2, max_size=2, unique=True).map(sorted))
    return Comparison(described, "time.discount_factor", tuple(values))


def patience() -> Draw[Comparison]:
    """Draw a prisoner's dilemma under grim trigger at two discount factors, the higher one second."""
    return noted(_patience())


@st.composite
def _altruism(draw: Any) -> Comparison:
    described = draw(_dilemma(observe=draw(st.sampled_from(["none", "public"]))))
    described = dataclasses.replace(described, profile=["always_cooperate"] * 2)
    values = draw(st.lists(repeated_games.amounts(3), min_size=2, max_size=2, unique=True).map(sorted))
    return Comparison(described, "altruism", tuple(values))


def altruism() -> Draw[Comparison]:
    """Draw a prisoner's dilemma under unconditional cooperation at two weights of the other's payoff."""
    return noted(_altruism())


@st.composite
def _moved(draw: Any) -> GameDescription:
    described = draw(_dilemma(observe="public", misreading=draw(st.sampled_from([0, 0.05]))))
    profile = [
        draw(st.sampled_from(["grim", "win_stay_lose_shift", {"limited_punishment": {"rounds": 2}}]))
    ] * 2
    return dataclasses.replace(described, profile=profile)


def dilemmas() -> Draw[GameDescription]:
    """Draw a prisoner's dilemma with a public record, under a strategy that answers deviations."""
    return noted(_moved())


def small_scenarios() -> Draw[GameDescription]:
    """Draw a prisoner's dilemma with fines or with a public record, small enough for fractions."""
    return st.one_of(dilemmas(), effective_fines())


@st.composite
def _far_payoffs(draw: Any) -> Comparison:
    profile = [draw(st.sampled_from(["grim", "always_cooperate", "always_defect"]))] * 2
    time = {"discount_factor": draw(repeated_games.discount_factors())}
    far = 10.0 ** draw(st.sampled_from([3, 9, 12, 100]))
    if draw(st.booleans()):
        stage = draw(stage_games.prisoners_dilemmas())
        sucker = stage.settings["sucker"]
        described = GameDescription(stage, time, profile=profile)
        return Comparison(described, "stage.sucker", (sucker, sucker - far))
    signs = [far * draw(st.sampled_from([-1, 1])) for _ in range(2)]
    near: Any = [[[draw(st.integers(-5, 9)) for _ in range(2)] for _ in range(3)] for _ in range(3)]
    # nobody is to do the third action: beside it the other's payoffs play no part
    away: Any = [
        [[signs[0] if b == 2 else near[a][b][0], signs[1] if a == 2 else near[a][b][1]] for b in range(3)]
        for a in range(3)
    ]
    settings = {"payoffs": near, "agreement": ["1", "1"], "fallback": ["2", "2"]}
    table = GameDescription(StageDescription("normal_form", settings), time, profile=profile)
    return Comparison(table, "stage.payoffs", (near, away))


def far_payoffs() -> Draw[Comparison]:
    """Draw a game and a profile, and the same with payoffs far away that enter no comparison."""
    return noted(_far_payoffs())


@st.composite
def _near_edges(draw: Any) -> GameDescription:
    powers = st.integers(0, 9).map(lambda power: 10**power)
    reward, gain, loss = draw(st.integers(-3, 3)), 1 / Fraction(draw(powers)), draw(st.integers(1, 5))
    settings = {"temptation": reward + gain, "reward": reward, "punishment": reward - loss}
    stage = StageDescription("prisoners_dilemma", settings | {"sucker": reward - loss - draw(powers)})
    beside = draw(st.sampled_from([-1, 0, 1])) * Fraction(1, 10 ** draw(st.integers(1, 20)))
    time = {"discount_factor": gain / (gain + loss) * (1 + beside)}
    return GameDescription(stage, time, profile=["grim"] * 2)


def near_edges() -> Draw[GameDescription]:
    """Draw a prisoner's dilemma beside or at the discount factor from which grim trigger holds."""
    return noted(_near_edges())
