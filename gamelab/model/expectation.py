"""Expected payoffs of every state and profile, line by line, with large constants taken out first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gamelab.model.game import Floats, Game


def expected_flow(game: Game, line: str) -> tuple[Floats, Floats]:
    """Return what a line pays on average, less its base, (b, S, P, c), and the base, (b, c).

    The base is paid in every move that ends a round. It is taken out before averages are formed and may be
    added after solving, so that a large shift of all payoffs costs no accuracy. Size 1 stays on b, S and P
    where nothing depends on them.
    """
    flow = game.flows[line]
    ends = game.ends_round
    there = ends & ~game.over
    reference = int(np.argmax(there)) if there.any() else int(np.argmax(ends))
    base: Floats = np.zeros((1, len(game.accounts)), dtype=game.probabilities.dtype)
    parts = []
    for part in flow.parts():
        constant = part[:, min(reference, part.shape[1] - 1), 0]
        if constant.any():
            base = base + constant
            everywhere = constant[:, None, None]
            part = part - (everywhere if ends.all() else everywhere * ends[None, :, None, None])
        parts.append(part)
    if flow.by_outcome is not None:
        parts[-1] = _average(game.probabilities, parts[-1])
    return total(parts), base


def _average(probabilities: Floats, by_outcome: Floats) -> Floats:
    """Return the expectation over outcomes, (b, S, P, c); states with the same chances go side by side."""
    if probabilities.shape[1] > 1 or by_outcome.shape[1] == 1:
        return probabilities @ by_outcome
    b, S, Y, c = by_outcome.shape
    wide = np.swapaxes(by_outcome, 1, 2).reshape(b, Y, S * c)
    average = probabilities[:, 0] @ wide
    return np.swapaxes(average.reshape(*average.shape[:2], S, c), 1, 2)


def total(parts: Sequence[Floats]) -> Floats:
    """Return the sum of arrays of any number, which may be large: no copy is made of a single one."""
    result = parts[0]
    for part in parts[1:]:
        result = result + part
    return result


def material_payoffs(game: Game) -> Floats:
    """Return the stage game's payoffs to the players, (b, S, P, n), per move."""
    lines = [game.expected[line] for line, flow in game.flows.items() if flow.kind == "material"]
    ends = game.ends_round[None, :, None, None]
    parts = [flow[..., : game.n] + base[:, None, None, : game.n] * ends for flow, base in lines]
    return np.broadcast_to(total(parts), (game.batch, len(game.states), len(game.profiles), game.n))
