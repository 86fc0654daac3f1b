"""Draws: games, signals, strategies and scenario files drawn at random, shrinking to small readable cases."""

from gamelab.testing.descriptions import (
    Comparison,
    DrawnPlay,
    GameDescription,
    StageDescription,
    scenario_text,
    snippet,
)
from gamelab.testing.draws import bimatrices, stage_games
from gamelab.testing.draws.bimatrices import KnownBimatrix, assorted_games
from gamelab.testing.draws.compared_scenarios import compared_scenarios
from gamelab.testing.draws.drawing import sample
from gamelab.testing.draws.finite_automata import automata, automaton_profiles, plays
from gamelab.testing.draws.payoffs import binary_fractions, floats, fractions, integers, numbers
from gamelab.testing.draws.repeated_games import games, informations, profiles, stacks, times
from gamelab.testing.draws.scenario_files import MISTAKES, BrokenScenario, broken_scenarios, scenarios
from gamelab.testing.draws.signals import SignalStructure, blackwell_pairs, lotteries, signal_structures

__all__ = [
    "MISTAKES",
    "BrokenScenario",
    "Comparison",
    "DrawnPlay",
    "GameDescription",
    "KnownBimatrix",
    "SignalStructure",
    "StageDescription",
    "assorted_games",
    "automata",
    "automaton_profiles",
    "bimatrices",
    "binary_fractions",
    "blackwell_pairs",
    "broken_scenarios",
    "compared_scenarios",
    "floats",
    "fractions",
    "games",
    "informations",
    "integers",
    "lotteries",
    "numbers",
    "plays",
    "profiles",
    "sample",
    "scenario_text",
    "scenarios",
    "signal_structures",
    "snippet",
    "stacks",
    "stage_games",
    "times",
]
