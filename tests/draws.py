"""Hypothesis draws that several test files share: small random games with profiles of random automata."""

from __future__ import annotations

import numpy as np
import reference as ref
from hypothesis import strategies as st

import gamelab as gl

SEEDS = st.integers(0, 2**32 - 1)
CHANCES = st.sampled_from([0.0, 0.0, 1.0, 0.05, 0.3, 0.9])

STRATEGIES = [
    "always_cooperate",
    "always_defect",
    "grim",
    "tit_for_tat",
    {"generous_tit_for_tat": {"generosity": 0.3}},
    "tit_for_two_tats",
    "two_tits_for_tat",
    "win_stay_lose_shift",
    {"limited_punishment": {"rounds": 2}},
    "penance",
    {"memory_one": {"cc": 1, "cd": 0.2, "dc": 0, "dd": 0.5, "first": 0.9}},
    {"extortion": {"factor": 2}},
    {"generous_zero_determinant": {"factor": 2}},
    {"equalizer": {"payoff": 2}},
    "turn_taking",
    "stage_nash",
    "comply",
    {"comply_until": {"level": 1}},
]
"""Every strategy of the catalogue, with settings that the prisoner's dilemma 5, 3, 1, 0 allows."""


def dilemma(payoffs=(5, 3, 1, 0), **time):
    """Return the repeated prisoner's dilemma with payoffs T, R, P, S."""
    names = ("temptation", "reward", "punishment", "sucker")
    return gl.repeated(gl.prisoners_dilemma(**dict(zip(names, payoffs, strict=True))), **time)


@st.composite
def matches(draw, points=1, **fixed):
    """Draw a small random game of any kind, and a profile of random automata in it."""
    kinds = {
        "players": st.sampled_from([2, 2, 3]),
        "observe": st.sampled_from(["public", "private", "none"]),
        "states": st.sampled_from([1, 2]),
        "rounds": st.sampled_from([None, None, 1, 2, 4]),
        "pure": st.booleans(),
        "counts_own": st.booleans(),
        "deeds": st.booleans(),
        "size": st.sampled_from([2, 2, 3]),
    }
    chosen = {name: draw(fixed.get(name, kind), label=name) for name, kind in kinds.items()}
    sizes = draw(st.sampled_from([None, None, (2, 3), (3, 1), (1, 2)]), label="sizes")
    generator = np.random.default_rng(draw(SEEDS, label="seed"))
    players = chosen["players"]
    game = ref.random_game(
        generator,
        players,
        chosen["observe"],
        chosen["states"],
        points,
        chosen["rounds"],
        sizes if players == 2 else None,
        deeds=chosen["deeds"],
    )
    size = chosen["size"] if players == 2 else 2
    automata = [
        ref.random_automaton(generator, game, i, chosen["pure"], size, chosen["counts_own"])
        for i in range(players)
    ]
    return game, automata


ARRANGEMENTS = {
    "public": ["public"],
    "private": ["private"],
    "published": ["none", "transparency"],
    "published over private": ["private", "transparency"],
    "watched": ["none", "monitoring"],
    "watched in public": ["public", "monitoring"],
    "fined": ["none", "monitoring", "graduated_sanctions"],
    "fined and ended": ["none", "monitoring", "ladder that ends"],
    "all": ["public", "transparency", "monitoring", "graduated_sanctions"],
}

NAMES = (
    "misreading",
    "tremble",
    "reach",
    "publication",
    "detection",
    "false_alarm",
    "forgiveness",
    "enforcement",
)


def arranged(name, settings, rounds=None, payoffs=(5, 3, 1, 0)):
    """Return the dilemma under an arrangement; ``settings`` has a number or an array for each of NAMES."""
    observe, *institutions = ARRANGEMENTS[name]
    game = dilemma(
        payoffs,
        discount_factor=settings["discount_factor"],
        rounds=rounds,
        observe=observe,
        misreading=settings["misreading"],
        tremble=settings["tremble"],
    )
    for institution in institutions:
        if institution == "transparency":
            game = gl.transparency(
                game, reach=settings["reach"], misreading=settings["publication"], cost=0.1
            )
        elif institution == "monitoring":
            detection, false_alarm = settings["detection"], settings["false_alarm"]
            game = gl.monitoring(
                game, detection=detection, false_alarm=false_alarm, cost=0.2, paid_by="authority"
            )
        else:
            game = gl.graduated_sanctions(
                game,
                fines=[1, 2.5],
                forgiveness=settings["forgiveness"],
                enforcement=settings["enforcement"],
                cost_per_act=0.3,
                after_last="end" if institution == "ladder that ends" else "repeat",
            )
    return game


@st.composite
def grids(draw, points=3):
    """Draw settings for ``arranged``: arrays with zeros and ones at some points only."""
    settings = {
        name: np.array(draw(st.lists(CHANCES, min_size=points, max_size=points), label=name))
        for name in NAMES
    }
    if draw(st.booleans(), label="no tremble"):
        settings["tremble"] = np.zeros(points)
    return settings | {"discount_factor": np.array([0.0, 0.5, 0.9])[:points]}
