"""Expected payoffs of every state and profile, line by line, with large constants taken out first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from gamelab.model.exactness import product
from gamelab.model.memory import once
from gamelab.ties import WRITTEN, middle, shared_constant

if TYPE_CHECKING:
    from gamelab.model.game import Bools, Floats, Game


def expected_flow(game: Game, line: str) -> tuple[Floats, Floats]:
    """Return what a line pays on average, less its base, (b, S, P, c), and the base, (b, c).

    The base is paid in every move that ends a round. It is taken out before averages are formed and may be
    added after solving, so that a large shift of all payoffs costs no accuracy. Size 1 stays on b, S and P
    where nothing depends on them.
    """
    parts, bases = zip(*(_less_base(game, part) for part in game.flows[line].parts()))
    if game.flows[line].by_outcome is not None:
        parts = (*parts[:-1], _average(game.probabilities, parts[-1]))
    return total(parts), total(bases)


def _less_base(game: Game, part: Floats) -> tuple[Floats, Floats]:
    """Return payoffs (b, S, P or Y, c) less their base where a round ends, and the base, (b, c).

    The base is the middle one of the payoffs of one state, so that a few far-away payoffs do not move it; 0
    where taking it out of all payoffs would cost digits, as it would where small ones are beside it.
    """
    usual = part[:, min(_reference(game), part.shape[1] - 1)]
    if game.exact:
        base = usual[:, 0]
    else:
        base, _ = middle(usual)
        kept = (part - base[:, None, None]) + base[:, None, None] == part
        base = np.where(kept.all(axis=(1, 2)), base, 0.0)
    return _without(game, part, base), base


def _reference(game: Game) -> int:
    """Return a state whose move ends a round, in which somebody still has a choice if there is one."""
    there = game.ends_round & ~game.over
    return int(np.argmax(there if there.any() else game.ends_round))


def _without(game: Game, part: Floats, constant: Floats) -> Floats:
    """Return payoffs less a constant (b, c) where a round ends."""
    if not constant.any():
        return part
    return part - constant[:, None, None] * game.ends_round[None, :, None, None]


@once
def magnitude(game: Game) -> Floats:
    """Return how large the payments are that an expected payoff is added up from, (b, S, P, n).

    The expectation of their sizes over outcomes and ledger lines. Payoffs that are many times larger than the
    usual distance between them have a constant in common, which is left out. Size 1 stays on b, S and P where
    nothing depends on them.
    """
    lines = [np.zeros((1, 1, 1, game.n))]
    for flow in game.flows.values():
        *rest, last = (np.abs(_less_shift(game, part[..., : game.n])) for part in flow.parts())
        lines += [*rest, last if flow.by_outcome is None else _average(game.probabilities, last)]
    return total(lines)


def _less_shift(game: Game, part: Floats) -> Floats:
    return _without(game, part, shared_constant(part[:, min(_reference(game), part.shape[1] - 1)]))


@once
def written(game: Game) -> Floats:
    """Return what writing the bases of a player's payments as floats may change, (b, n).

    Four units in the last place; nothing on ledger lines of whole numbers, which floats hold exactly.
    """
    changed: Floats = np.zeros((1, game.n))
    for line, (_, base) in game.expected.items():
        if any((part != np.rint(part)).any() for part in game.flows[line].parts()):
            changed = changed + WRITTEN * np.abs(base[:, : game.n])
    return changed


@once
def inexact(game: Game) -> Bools:
    """Return where an expected payoff is added up from several numbers, (b, S, P, n), and so is rounded."""
    chance = ((game.probabilities > 0) & (game.probabilities < 1)).astype(float)
    certain = (game.probabilities == 1).astype(float)
    numbers = [np.zeros((1, 1, 1, game.n))]
    for flow in game.flows.values():
        *rest, last = ((_less_base(game, part[..., : game.n])[0] != 0) * 1.0 for part in flow.parts())
        if flow.by_outcome is not None:  # an average counts as two numbers
            last = _average(certain, last) + 2 * _average(chance, last)
        numbers += [*rest, last]
    return np.asarray(total(numbers) > 1)


def _average(probabilities: Floats, by_outcome: Floats) -> Floats:
    """Return the expectation over outcomes, (b, S, P, c); states with the same chances go side by side."""
    occurs = (probabilities != 0).any(axis=(0, 1, 2))
    if 2 * occurs.sum() < len(occurs):
        probabilities, by_outcome = probabilities[..., occurs], by_outcome[:, :, occurs]
    if probabilities.shape[1] > 1 or by_outcome.shape[1] == 1:
        return product(probabilities, by_outcome)
    b, S, Y, c = by_outcome.shape
    wide = np.swapaxes(by_outcome, 1, 2).reshape(b, Y, S * c)
    average = product(probabilities[:, 0], wide)
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
