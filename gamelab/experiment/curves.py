"""Curves: what pictures of a solved scenario show, computed here so that reports compute nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gamelab.analysis import number
from gamelab.errors import GameError
from gamelab.experiment.arrangements import Arrangement
from gamelab.experiment.candidates import Candidate, intervals
from gamelab.expressions import dotted
from gamelab.model.answers import Missing
from gamelab.model.expectation import material_payoffs
from gamelab.model.game import Floats, Game
from gamelab.model.settings import Setting
from gamelab.scenario import Scenario, assemble
from gamelab.scenario.assembly import as_json
from gamelab.scenario.values import Values, plain
from gamelab.solve.crossings import excess
from gamelab.solve.incentives import gains_by_state
from gamelab.solve.moves import usual_size
from gamelab.solve.path import path_of_play
from gamelab.solve.values import with_discount_factor
from gamelab.strategies.profile import profile_of

FACTORS = np.linspace(0.005, 0.995, 199)
"""The discount factors at which slack is drawn."""
LAST_ROUND = 40
NOISE = 1e-12
"""Slack below this times the spread of payoffs is none: a mixture's is 0 and comes out as rounding."""


def curves(
    scenario: Scenario, overrides: Mapping[str, Any], arrangements: Mapping[str, Arrangement]
) -> dict[str, Any]:
    """Return the material of a scenario's pictures and of its page, as plain numbers and words.

    Parameters
    ----------
    scenario : Scenario
    overrides : mapping of str to number
    arrangements : mapping of str to Arrangement
        Solved, the baseline among them.
    """
    values = Values(scenario, overrides)
    baseline = next(arrangement for arrangement in arrangements.values() if arrangement.baseline is None)
    return {
        "game": stage(scenario, baseline.name, overrides),
        "settings": {
            section: settings(values, section)
            for section in ("parameters", "game", "time", "information", "preferences", "accounting")
        },
        "arrangements": {
            name: {
                "institutions": [
                    {"name": path.split(".")[-1], "settings": settings(values, path)}
                    for path in _parts(scenario, name)
                ],
                "waterfall": waterfall(arrangement),
                "slack": slack(arrangement),
                "levels": levels(arrangement),
                "path": path(arrangement),
            }
            for name, arrangement in arrangements.items()
        },
    }


def _parts(scenario: Scenario, arrangement: str) -> list[str]:
    """Return the paths of an arrangement's institutions, and of its set-up cost where the file has one."""
    own = ("arrangements", arrangement)
    paths = [dotted((*own, "institutions", name)) for name in scenario.institutions[arrangement]]
    set_up = dotted((*own, "set_up"))
    return [*paths, set_up] if set_up in scenario.sections else paths


def stage(scenario: Scenario, arrangement: str, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the stage game pays: each move's allowed profiles and their material payoffs.

    Deeds as intended: trembles are left out. So are moves in which nobody has a choice and nothing is paid.
    """
    steady = assemble(scenario, arrangement, {**overrides, "information.tremble": 0})
    payoffs = material_payoffs(steady)[0]
    moves = [
        {
            "state": steady.states[s] if len(steady.states) > 1 else "",
            "choosing": [p for p, choice in zip(steady.players, steady.has_choice[s].tolist()) if choice],
            "rows": [
                {"profile": _labels(steady, p), "payoffs": as_json(payoffs[s, p].tolist())}
                for p in np.flatnonzero(steady.allowed_profiles[s]).tolist()
            ],
        }
        for s in range(len(steady.states))
        if steady.has_choice[s].any() or payoffs[s][steady.allowed_profiles[s]].any()
    ]
    return {
        "kind": scenario.kind,
        "players": list(steady.players),
        "actions": [list(labels) for labels in steady.actions],
        "moves": moves,
    }


def _labels(game: Game, p: int) -> list[str]:
    return [labels[a] for labels, a in zip(game.actions, game.profiles[p].tolist())]


def settings(values: Values, prefix: str) -> dict[str, Any]:
    """Return the settings of one section or plug-in, written and defaulted, as JSON holds them."""
    values_by_name = {}
    for name, entry in values.scenario.sections.get(prefix, {}).items():
        setting: Setting = entry.setting
        value = values.of(entry.path)
        if value is not None:
            values_by_name[name] = as_json(plain(value, setting))
    return values_by_name


def waterfall(arrangement: Arrangement) -> dict[str, Any] | None:
    """Return gross benefit, what each cost and fine line takes beyond the baseline's, and what is left.

    None for the baseline, and where it or the arrangement has no certified conduct.
    """
    conduct, before = arrangement.conduct, arrangement.baseline and arrangement.baseline.conduct
    if conduct is None or not before:
        return None
    accounts = arrangement.comparison.accounts
    here, there = conduct.valuation.stated, before.valuation.stated
    taken = []
    for line, kind in {**there.kinds, **here.kinds}.items():
        if kind in ("cost", "fine"):
            amount = _outlay(here.ledger.get(line)) - _outlay(there.ledger.get(line))
            taken.append({"line": line, "kind": kind, "amount": amount + 0.0})
    return {
        "gross": number(accounts.gross_benefit),
        "taken": taken,
        "cost": number(accounts.transaction_cost),
        "net": number(accounts.net_benefit),
    }


def _outlay(flow: Floats | None) -> float:
    return 0.0 if flow is None else -float(np.sum(flow))


def slack(arrangement: Arrangement) -> list[dict[str, Any]]:
    """Return for each candidate of the file how far it is from failing, over the discount factor.

    Slack is what the most tempting deviation loses, per round: below 0 the candidate fails. For open-ended
    games where the one-shot test applies; strategies that depend on the discount factor are made anew.
    """
    if arrangement.game.rounds is not None:
        return []
    entries = []
    for candidate in arrangement.candidates:
        if candidate.place is None or isinstance(candidate.sustainable, Missing):
            continue
        ends = [end for interval in candidate.sustainable for end in (interval.low, interval.high)]
        inside = [end for end in ends if 0 < end < 1]
        factors = np.unique(np.concatenate([FACTORS, np.array(inside)]))
        drawn = _slack(candidate, factors)
        if drawn is not None:
            entries.append(
                {
                    "profile": candidate.label,
                    "discount_factor": factors.tolist(),
                    "slack": [float(at) + 0.0 if np.isfinite(at) else None for at in drawn],
                    "thresholds": intervals(candidate.sustainable),
                    "here": _factors_here(arrangement.game),
                }
            )
    return entries


def _factors_here(game: Game) -> dict[str, float]:
    """Return the game's own discount factor under the name ``here``, or each player's where they differ."""
    factors = game.one_discount[0].astype(float).tolist()
    return dict(zip(game.players, factors)) if len(factors) > 1 else {"here": factors[0]}


def _slack(candidate: Candidate, factors: Floats) -> Floats | None:
    game = candidate.game.replace(shape=())

    def build(at: Floats) -> tuple[Game, Any]:
        there = with_discount_factor(game, at)
        return there, profile_of(there, candidate.strategies)

    try:
        margins = -excess(build, factors, tolerance=0.0)
    except GameError:  # a strategy that does not exist at some of the discount factors
        return None
    noise = NOISE * usual_size(game)
    return np.where(np.abs(margins) <= noise, 0.0, margins) * (1 - factors)


def levels(arrangement: Arrangement) -> dict[str, Any] | None:
    """Return what the best deviation gains at each level of the public record, player by player.

    Of the conduct, where that supports the agreement; else of the candidate of the file that comes nearest to
    an equilibrium among those that would. None without a record, or where the one-shot test does not apply.
    """
    game = arrangement.game
    recorded = np.flatnonzero((game.levels >= 0).all(axis=1))
    shown = _kept_to(arrangement)
    if len(recorded) == 0 or shown is None:
        return None
    gains = gains_by_state(game, shown.automata)
    if gains is None:
        return None
    most, limit = gains[0][0], gains[1][0]
    entries = [
        {
            "player": player,
            "levels": [int(game.levels[s, i]), *(int(game.levels[s, j]) for j in range(game.n) if j != i)],
            "state": game.states[s],
            "gain": float(most[s, i]) + 0.0,
            "pays": bool(most[s, i] > limit[s, i]),
        }
        for i, player in enumerate(game.players)
        for s in recorded.tolist()
        if np.isfinite(most[s, i])
    ]
    return {"profile": shown.label, "verdict": shown.verdict, "entries": entries} if entries else None


def _kept_to(arrangement: Arrangement) -> Candidate | None:
    """Return the conduct if it keeps the agreement, else the nearest candidate of the file that would."""
    if arrangement.conduct is not None and arrangement.conduct.supports.all():
        return arrangement.conduct
    willing = [one for one in arrangement.candidates if one.place is not None and one.supports.all()]
    return min(willing, key=lambda one: one.gain, default=arrangement.conduct)


def path(arrangement: Arrangement) -> dict[str, Any] | None:
    """Return the expected conduct, payoffs and levels of each round under the selected profile."""
    conduct, game = arrangement.conduct, arrangement.game
    if conduct is None:
        return None
    play = path_of_play(game, conduct.automata, LAST_ROUND + 1)
    recorded = bool((game.levels >= 0).any())
    return {
        "rounds": list(range(len(play.cooperation))),
        "cooperation": _each(play.cooperation),
        "payoffs": by_round(game, play.payoffs),
        "levels": by_round(game, play.levels) if recorded else None,
        "highest_level": int(game.levels.max()) if recorded else None,
    }


def by_round(game: Game, amounts: Floats) -> dict[str, list[float | None]]:
    """Return amounts (t, n) as a list over the rounds for each player."""
    return {player: _each(amounts[:, i]) for i, player in enumerate(game.players)}


def _each(amounts: Floats) -> list[float | None]:
    return [None if not np.isfinite(amount) else float(amount) + 0.0 for amount in amounts]
