"""Workability: what an arrangement brings and costs compared with none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gamelab.model.expectation import material_payoffs
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Bools, Floats, Game
from gamelab.solve.values import Value


@frozen_result
@dataclass(frozen=True, eq=False)
class Accounts:
    """The social accounts of a profile beside a baseline's; every array has the shape of the grid.

    Of exact values they are arrays of fractions.

    Parameters
    ----------
    gross_benefit : array
        Joint material payoff of the players, less the baseline's.
    transaction_cost : array
        All costs, whoever bears them, and all fines, less the baseline's.
    net_benefit : array
        Gross benefit less transaction cost.
    share_of_gains : array
        Part of the joint gain over the baseline that is reached; nan where there is nothing to gain.
    efficiency : array
        Joint material payoff by the best joint stage payoff; nan where that is zero.
    """

    gross_benefit: Floats
    transaction_cost: Floats
    net_benefit: Floats
    share_of_gains: Floats
    efficiency: Floats


def accounts(value: Value, baseline: Value, best_joint_payoff: Floats) -> Accounts:
    """Return the accounts of a profile.

    Parameters
    ----------
    value, baseline : Value
        Of the profile, and of what is played without institutions.
    best_joint_payoff : array
        The most that the players can get together in one round of the stage game.
    """
    joint, before = joint_material(value), joint_material(baseline)
    gross = np.asarray(joint - before)
    # without any cost a sum over no lines is 0, also where one of the two profiles is not there
    cost = np.where(gross == gross, outlay(value) - outlay(baseline), gross)
    gain = best_joint_payoff - before
    gain = np.where(gain == gain, gain, 0)  # nan where nothing is known of the baseline
    exact = gross.dtype == object
    scale = 0 if exact else 1e-12 * (np.abs(best_joint_payoff) + np.abs(before))
    return Accounts(
        gross_benefit=gross,
        transaction_cost=cost,
        net_benefit=np.asarray(gross - cost),
        share_of_gains=_part(gross, gain, gain > scale),
        efficiency=_part(joint, best_joint_payoff, best_joint_payoff != 0),
    )


def _part(amount: Floats, whole: Floats, there: Bools) -> Floats:
    """Return an amount by a whole, nan where there is none; fractions stay fractions."""
    amount, whole = np.broadcast_arrays(amount, whole)
    kind = np.result_type(amount, whole)
    return np.divide(amount, whole, out=np.full(amount.shape, np.nan, dtype=kind), where=there)


def joint_material(value: Value) -> Floats:
    """Return the material payoff of all players together."""
    return np.asarray(value.of_kind("material")[..., : len(value.players)].sum(axis=-1))


def net_payoff(value: Value) -> Floats:
    """Return the joint material payoff less all outlay: its excess over the baseline's is net benefit."""
    return np.asarray(joint_material(value) - outlay(value))


def sizes(game: Game, value: Value) -> Floats:
    """Return the sizes of the payments that joint payoffs and costs are added up from, (...).

    Each less its ledger line's base, a constant that all profiles pay: what is left is what differs.
    """
    amounts = []
    for line in (line for line, kind in value.kinds.items() if kind != "regard"):
        paid = value.ledger[line].reshape(game.batch, -1)[:, : len(game.accounts)]
        base = game.expected[line][1] if line in game.expected else 0
        amounts.append(np.abs(paid - base).sum(axis=-1))
    return np.asarray(sum(amounts)).reshape(game.shape)


def outlay(value: Value) -> Floats:
    """Return costs and fines, whoever bears them, as a positive amount."""
    return np.asarray(0 - value.of_kind("cost", "fine").sum(axis=-1))


def best_joint_stage_payoff(game: Game) -> Floats:
    """Return the most that the players can get together in one round, (...), whoever moves first."""
    joint = material_payoffs(game).sum(axis=-1)
    chances = np.broadcast_to(game.probabilities, (game.batch, *game.happens.shape))
    best = np.zeros((game.batch, len(game.states)), dtype=game.probabilities.dtype)
    inside = ~game.ends_round
    for _ in range(1 + len(game.states) if inside.any() else 1):
        later = (chances * best[:, game.next_state][:, :, None]).sum(axis=-1) * inside[:, None]
        best = np.where(game.allowed_profiles, joint + later, -np.inf).max(axis=-1)
    first = (game.start > 0).any(axis=0)
    return np.asarray(best[:, first].max(axis=1)).reshape(game.shape)
