"""The best automaton of a size, by trying all of them."""

from __future__ import annotations

import itertools

from .games import PlainAutomaton, both
from .reach import prescribed
from .values_by_state import accumulated, at_start, normaliser, stage_utility


def deterministic_automata(game, player: int, size: int, limit: int = 50_000):
    """Yield every deterministic automaton of exactly ``size`` states that starts in its state 0.

    They differ in what is played in each (game state, own state) and in what follows each symbol that can
    then be seen. What would follow a symbol that cannot occur, or an own action that is never taken, is
    left at the state where it is.
    """
    cells = []
    for s in game.states:
        for _ in range(size):
            ways = []
            for action in game.allowed[s, player]:
                seen = {
                    game.views[player, y]
                    for profile in game.profiles[s]
                    if profile[player] == action
                    for y, _ in game.lottery[s, profile]
                }
                symbols = sorted(seen)
                ways.extend(
                    (action, dict(zip(symbols, nexts, strict=True)))
                    for nexts in itertools.product(range(size), repeat=len(symbols))
                )
            cells.append(ways)
    count = 1
    for ways in cells:
        count *= len(ways)
    if count > limit:
        raise ValueError(f"{count} automata are too many")
    places = [(s, q) for s in game.states for q in range(size)]
    every_symbol = sorted({game.views[player, y] for y in game.outcomes})
    every_action = sorted({a for s in game.states for a in game.allowed[s, player]})
    for ways in itertools.product(*cells):
        action, following_state = {}, {}
        for (s, q), (played, nexts) in zip(places, ways, strict=True):
            action[s, q] = {played: 1}
            for a in every_action:
                for v in every_symbol:
                    following_state[s, q, a, v] = nexts.get(v, q) if a == played else q
        yield PlainAutomaton(start=0, size=size, action=action, next=following_state)


def brute_force_best_automaton(game, automata, player: int, size: int = 2, limit: int = 50_000):
    """Return the best normalised value, and an automaton that gets it, among deterministic ones of a player.

    Over all those with at most ``size`` states; they see the own action, the own symbol and (as everybody
    does) the state of the game, and never the others' automaton states.
    """
    game, automata = both(game, automata)
    best, who = None, None
    for states in range(1, size + 1):
        for candidate in deterministic_automata(game, player, states, limit):
            trial = [candidate if i == player else automaton for i, automaton in enumerate(automata)]

            def reward(joint, trial=trial):
                return [
                    sum(
                        chance * stage_utility(game, joint[0], profile, player)
                        for profile, chance in prescribed(game, trial, joint)
                    )
                ]

            found = accumulated(game, trial, player, reward, on_path=True)
            value = normaliser(game, player) * at_start(game, trial, found, 0)
            if best is None or value > best:
                best, who = value, candidate
    return best, who
