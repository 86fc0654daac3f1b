"""Draws of automata and profiles of them: public, private, pure and mixing; every entry shrinks to 0."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from gamelab.model.automaton import Automaton
from gamelab.model.game import Game
from gamelab.testing.descriptions import DrawnPlay, GameDescription
from gamelab.testing.draws.drawing import Draw, noted, st

Reads = Literal["public", "private"]


@st.composite
def automata(
    draw: Any, game: Game, player: int, *, states: int = 2, mixing: bool = False, reads: Reads = "public"
) -> Automaton:
    """Draw an automaton that fits a game.

    Parameters
    ----------
    game : Game
    player : int
    states : int
        The most automaton states.
    mixing : bool
        Whether it may mix, with weights that are small whole numbers.
    reads : str
        ``public``: what follows depends on the symbol alone; where symbols are public, the others can
        always tell its state. ``private``: on the own action too.
    """
    S, A, V = len(game.states), game.allowed.shape[2], int(game.views[player].max()) + 1
    Q = draw(st.integers(1, states), label="automaton states")
    action = np.zeros((1, S, Q, A))
    for s in range(S):
        places = np.flatnonzero(game.allowed[s, player]).tolist()
        for q in range(Q):
            weights = [0] * len(places)
            if mixing and len(places) > 1 and draw(st.booleans()):
                weights = draw(st.lists(st.integers(0, 3), min_size=len(places), max_size=len(places)))
            if not any(weights):
                weights[draw(st.integers(0, len(places) - 1))] = 1
            action[0, s, q, places] = np.array(weights) / sum(weights)
    own = A if reads == "private" else 1
    count = Q * own * V
    entries = draw(st.lists(st.integers(0, Q - 1), min_size=count, max_size=count))
    following = np.broadcast_to(np.reshape(entries, (1, Q, own, V)), (1, Q, A, V))
    names = tuple(f"q{q}" for q in range(Q))
    made = Automaton(name="drawn", states=names, start=0, action=action, next=following)
    made.fits(game, player)
    return made


@st.composite
def automaton_profiles(
    draw: Any, game: Game, *, states: int = 2, mixing: bool | None = None, reads: Reads = "public"
) -> list[Automaton]:
    """Draw an automaton for each player; without ``mixing`` each profile is pure or may mix."""
    mixes = draw(st.booleans(), label="mixing") if mixing is None else mixing
    return [draw(automata(game, i, states=states, mixing=mixes, reads=reads)) for i in range(game.n)]


@st.composite
def _plays(draw: Any, games: Draw[GameDescription], states: int, reads: Reads) -> DrawnPlay:
    described = draw(games)
    return DrawnPlay(
        described, tuple(draw(automaton_profiles(described.build(), states=states, reads=reads)))
    )


def plays(games: Draw[GameDescription], *, states: int = 2, reads: Reads = "public") -> Draw[DrawnPlay]:
    """Draw a game and the automata that play it.

    Parameters
    ----------
    games : draws of GameDescription
    states : int
        The most states of each automaton.
    reads : str
        As in ``automata``.
    """
    return noted(_plays(games, states, reads))
