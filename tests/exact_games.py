"""Exact twins of random games and automata: the simplest fractions near their floats."""

from fractions import Fraction

import numpy as np

from gamelab.model.automaton import Automaton
from gamelab.model.exactness import exactly, fractions

NUMBERS = ("start", "probabilities", "fallback", "discount_factor")


def simplest(array):
    """Return the simplest fractions near the floats of an array."""
    near = [Fraction(float(number)).limit_denominator(10**6) for number in array.flat]
    return fractions(np.array(near, dtype=object)).reshape(array.shape)


def exact_twin(game, automata):
    """Return a game of one point and its automata in fractions."""
    changes = {name: simplest(getattr(game, name)) for name in NUMBERS}
    flows = {line: flow.mapped(simplest) for line, flow in game.flows.items()}
    with exactly():
        twins = [
            Automaton(name=a.name, states=a.states, start=a.start, action=simplest(a.action), next=a.next)
            for a in automata
        ]
    return game.replace(shape=(), exact=True, flows=flows, **changes), twins
