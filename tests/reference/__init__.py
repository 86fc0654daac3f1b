"""A plain, obvious reference for the exact engines: dictionaries and loops, nothing fast.

Every function takes ``game`` (a PlainGame, or a Game of one batch point) and ``automata`` (PlainAutomaton,
or Automaton of one batch point); for a point of a larger batch translate first, with ``both``. With floats in
the dictionaries it works in floats, with Fractions exactly; ``exact`` turns the one into the other. Rounds
are counted from 0. A *joint state* is ``(s, q_0, ..., q_n-1)``. A *place* is a joint state where the game is
open-ended, and ``(round, joint state)`` where rounds are finite.
"""

from .brute_force import brute_force_best_automaton, deterministic_automata
from .drawing import coin, random_automaton, random_game, small_lottery
from .games import PlainAutomaton, PlainGame, both, both_exact, entry, exact, plain, plain_automaton
from .incentives import (
    action_value,
    best_response_gain,
    best_response_value,
    inferable,
    max_gain,
    one_shot_gains,
)
from .play import average_payoffs_by_play, cooperation, values_by_play
from .reach import (
    closure,
    first_joint_states,
    following,
    prescribed,
    profiles_done,
    reachable,
    reachable_by_round,
)
from .values_by_state import (
    accumulated,
    at_start,
    continuation,
    expected_flow,
    gaussian_elimination,
    normaliser,
    owner_of,
    payoffs,
    stage_utility,
    utilities,
    values,
)

__all__ = [
    "PlainAutomaton",
    "PlainGame",
    "accumulated",
    "action_value",
    "at_start",
    "average_payoffs_by_play",
    "best_response_gain",
    "best_response_value",
    "both",
    "both_exact",
    "brute_force_best_automaton",
    "closure",
    "coin",
    "continuation",
    "cooperation",
    "deterministic_automata",
    "entry",
    "exact",
    "expected_flow",
    "first_joint_states",
    "following",
    "gaussian_elimination",
    "inferable",
    "max_gain",
    "normaliser",
    "one_shot_gains",
    "owner_of",
    "payoffs",
    "plain",
    "plain_automaton",
    "prescribed",
    "profiles_done",
    "random_automaton",
    "random_game",
    "reachable",
    "reachable_by_round",
    "small_lottery",
    "stage_utility",
    "utilities",
    "values",
    "values_by_play",
]
