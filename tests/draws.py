"""Hypothesis draws that several test files share: small random games with profiles of random automata."""

from __future__ import annotations

import numpy as np
import reference as ref
from hypothesis import strategies as st

SEEDS = st.integers(0, 2**32 - 1)
OBSERVE = st.sampled_from(["public", "private", "none"])


def built(
    seed,
    players=2,
    observe="public",
    states=1,
    rounds=None,
    points=1,
    pure=True,
    counts_own=True,
    deeds=False,
    sizes=None,
    memory=2,
):
    """Return a random game and a profile of random automata of ``memory`` states."""
    generator = np.random.default_rng(seed)
    game = ref.random_game(generator, players, observe, states, points, rounds, sizes, deeds=deeds)
    automata = [
        ref.random_automaton(generator, game, i, pure, memory, counts_own) for i in range(players)
    ]
    return game, automata


@st.composite
def matches(draw, observe=OBSERVE, rounds=st.sampled_from([None, None, 1, 2, 4]), points=st.just(1), **fixed):
    """Draw a game of any kind, and a profile in it."""
    kinds = {
        "players": st.sampled_from([2, 2, 3]),
        "observe": observe,
        "states": st.sampled_from([1, 2]),
        "rounds": rounds,
        "points": points,
        "pure": st.booleans(),
        "counts_own": st.booleans(),
        "deeds": st.booleans(),
    }
    kinds |= {name: st.just(kind) for name, kind in fixed.items()}
    chosen = {name: draw(kind, label=name) for name, kind in kinds.items()}
    if chosen["players"] == 2 and "sizes" not in fixed:
        chosen["sizes"] = draw(st.sampled_from([None, None, (2, 3), (3, 1), (1, 2)]), label="sizes")
    return built(draw(SEEDS, label="seed"), **chosen)
