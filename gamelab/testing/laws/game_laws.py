"""Laws about engines: values, ledgers, grids, certificates, each with a wrong engine that it rejects."""

from __future__ import annotations

from typing import Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.combinators import add_signal
from gamelab.model.exactness import in_kind
from gamelab.model.game import Game
from gamelab.testing.descriptions import Comparison, DrawnPlay, GameDescription
from gamelab.testing.laws import engines as wrong
from gamelab.testing.laws.drawn import NEAR, apart, drawn, tight
from gamelab.testing.laws.engines import Engines, GameLaw
from gamelab.testing.plain_play import best_automaton_value, plain_values


def _plain_loop(engines: Engines, case: GameDescription) -> str | None:
    game = case.build()
    automata = case.automata(game)
    valuation = engines.value(game, automata)
    for line, amounts in plain_values(game, automata).items():
        if apart(valuation.ledger[line], amounts):
            return f"{line} is {valuation.ledger[line].tolist()}, by playing round after round {amounts}"
    return None


def _ledger(engines: Engines, case: GameDescription) -> str | None:
    game = case.build()
    result = engines.value(game, case.automata(game))
    kinds = {line: flow.kind for line, flow in game.flows.items()}
    total = sum(np.asarray(result.ledger[line])[..., : game.n] for line in kinds if kinds[line] != "regard")
    if apart(result.payoffs, total):
        return f"payoffs are {result.payoffs.tolist()}, the lines add up to {np.asarray(total).tolist()}"
    regard = sum(np.asarray(result.ledger[line])[..., : game.n] for line in kinds)
    if apart(result.utilities, regard):
        return f"utilities are {result.utilities.tolist()}, the lines add up to {np.asarray(regard).tolist()}"
    for line, kind in kinds.items():
        amounts = np.asarray(result.ledger[line])
        if kind == "transfer" and apart(amounts.sum(axis=-1), 0):
            return f"{line} is a transfer and sums to {amounts.sum():.6g} over all accounts"
        if kind in ("fine", "cost") and (amounts > NEAR).any():
            return f"{line} is a {kind}, and somebody gets {amounts.max():.6g} of it"
    return None


def _points(engines: Engines, case: Comparison) -> str | None:
    try:
        together = case.game.changed(case.path, np.array(case.values)).build()
        singles = [described.build() for described in case.each()]
        profiles = [case.game.automata(game) for game in (together, *singles)]
    except GameError:
        return None  # a strategy refuses what another value of the setting makes of the game
    value, certificate = engines.value(together, profiles[0]), engines.certify(together, profiles[0])
    for k, game in enumerate(singles):
        alone, own = engines.value(game, profiles[k + 1]), engines.certify(game, profiles[k + 1])
        for line, amounts in alone.ledger.items():
            if apart(value.ledger[line][k], amounts):
                here = value.ledger[line][k].tolist()
                return f"{line} at {case.values[k]} is {here}, alone {amounts.tolist()}"
        for name in ("max_gain", "best_response_gain"):
            numbers = getattr(certificate, name)[k], getattr(own, name)
            if apart(*numbers):
                return f"{name} at {case.values[k]} is {float(numbers[0]):.9g}, alone {float(numbers[1]):.9g}"
        if str(certificate.verdict[k]) != str(own.verdict) and not tight(own):
            return f"the verdict at {case.values[k]} is {certificate.verdict[k]}, alone {own.verdict}"
    return None


def _private(engines: Engines, case: GameDescription) -> str | None:
    private, public = case.build(), case.changed("information.observe", "public").build()
    games = (private, public)
    values = [engines.value(game, case.automata(game)) for game in games]
    if apart(values[0].payoffs, values[1].payoffs):
        return f"payoffs are {values[0].payoffs.tolist()}, on a public record {values[1].payoffs.tolist()}"
    certificates = [engines.certify(game, case.automata(game)) for game in games]
    if str(certificates[0].verdict) != str(certificates[1].verdict) and not any(map(tight, certificates)):
        return f"the verdict is {certificates[0].verdict}, on a public record {certificates[1].verdict}"
    return None


def _brute_force(engines: Engines, case: DrawnPlay) -> str | None:
    game = case.game.build()
    automata = list(case.automata)
    certificate = engines.certify(game, automata)
    payoffs = plain_values(game, automata)
    gains = [
        best_automaton_value(game, automata, i) - sum(amounts[i] for amounts in payoffs.values())
        for i in range(game.n)
    ]
    most, bound = max(gains), float(certificate.upper)
    spread = max(float(np.ptp(part)) for part in game.flows["material"].parts())
    scale = NEAR * (1 + spread)
    if most > bound + scale:
        return f"an automaton with two states gains {most:.9g}, the certificate allows {bound:.9g}"
    if case.game.information["observe"] == "public" and bound > most + scale:
        return f"the certificate says that {bound:.9g} can be gained; no automaton gains more than {most:.9g}"
    if str(certificate.nash) == "holds" and most > 10 * scale:
        return f"Nash equilibrium is certified, but an automaton gains {most:.9g}"
    return None


def _exact(engines: Engines, case: GameDescription) -> str | None:
    if engines.run_exact is None:
        return None
    text = case.scenario()
    floats, exact = engines.run(text)["arrangements"], engines.run_exact(text)["arrangements"]
    for name, number in floats.items():
        for quantity in ("supported", "workable", "profile"):
            if number[quantity] != exact[name][quantity]:
                return f"{quantity} of {name} is {number[quantity]}, in fractions {exact[name][quantity]}"
        for quantity in ("joint_payoff", "net_benefit", "cooperation"):
            numbers = [
                np.nan if part[quantity] is None else float(part[quantity]) for part in (number, exact[name])
            ]
            if apart(*numbers):
                return f"{quantity} of {name} is {numbers[0]:.12g}, in fractions {numbers[1]:.12g}"
    return None


UNLIKELY = 1e-12
"""The chance that a right simulation is taken for a wrong one, for each number."""
ROUNDS = 12


def _simulation(engines: Engines, case: GameDescription) -> str | None:
    game = case.build().replace(rounds=ROUNDS)
    try:
        automata = case.automata(game)
    except GameError:
        return None  # a strategy that this number of rounds does not allow
    return _matches_apart(engines, game, automata, engines.value(game, automata))


def _matches_apart(engines: Engines, game: Game, automata: Any, exact: Any) -> str | None:
    """Tell what matches of a game pay other than these values, by more than chance explains."""
    if engines.simulate is None:
        return None
    simulation = engines.simulate(game, automata, ROUNDS)
    doubt = np.log(3 / UNLIKELY)
    moves = 1 if game.ends_round.all() else len(game.states)
    for line, flow in game.flows.items():
        spread = sum(part.max(axis=(0, 1, 2)) - part.min(axis=(0, 1, 2)) for part in flow.parts())
        error = np.sqrt(2 * doubt) * simulation.standard_errors[line]
        error = error + 3 * doubt * moves * spread / simulation.matches  # what rare events may hide
        off = np.abs(simulation.means[line] - exact.ledger[line]) > error + NEAR * (1 + np.abs(spread))
        if off.any():
            return f"{line} is {exact.ledger[line].tolist()}, matches paid {simulation.means[line].tolist()}"
    return None


def _alike(engines: Engines, case: GameDescription) -> str | None:
    game = case.build()
    automata = case.automata(game)
    twice = in_two(game)
    value, cut = engines.value(game, automata), engines.value(twice, automata)
    for line, amounts in value.ledger.items():
        if apart(amounts, cut.ledger[line]):
            return f"{line} is {amounts.tolist()}, with every outcome cut in two {cut.ledger[line].tolist()}"
    certificate, other = engines.certify(game, automata), engines.certify(twice, automata)
    for name in ("max_gain", "best_response_gain", "lower", "upper"):
        numbers = float(getattr(certificate, name)), float(getattr(other, name))
        if apart(*numbers):
            return f"{name} is {numbers[0]:.9g}, with every outcome cut in two {numbers[1]:.9g}"
    for name in ("verdict", "concept", "nash"):
        words = str(getattr(certificate, name)), str(getattr(other, name))
        if words[0] != words[1] and not tight(certificate):
            return f"{name} is {words[0]}, with every outcome cut in two {words[1]}"
    short = twice.replace(rounds=ROUNDS)
    return _matches_apart(engines, short, automata, engines.value(game.replace(rounds=ROUNDS), automata))


def in_two(game: Game) -> Game:
    """Return the game with each outcome cut into two that nothing tells apart, in unequal parts."""
    Y = len(game.outcomes)
    share = in_kind(np.arange(1, Y + 1), game.probabilities) / (Y + 2)
    parts = np.stack([share, 1 - share], axis=-1)
    unseen = np.zeros((game.n, 2), dtype=int)
    return add_signal(game, ("", "again"), unseen, given_outcome=parts[None, None])


VALUE_LAWS: tuple[GameLaw, ...] = (
    GameLaw(
        "plain loop", "values are what playing round after round pays, line by line",
        "definition of a normalised discounted sum", _plain_loop, drawn("any_games"), wrong.LATE,
    ),
    GameLaw(
        "simulation", "values are what matches pay on average, line by line, up to what chance explains",
        "empirical Bernstein bound (Audibert, Munos and Szepesvari 2009, Theorem 1)",
        _simulation, drawn("any_games"), wrong.UNWEIGHTED,
    ),
    GameLaw(
        "alike outcomes", "cutting outcomes into parts that nothing tells apart changes no value, "
        "certificate or simulated mean",
        "definition of an outcome: all that there is to see or to happen after a move",
        _alike, drawn("any_games"), wrong.FIRST_OF_ALIKE,
    ),
    GameLaw(
        "ledger", "lines add up to payoffs, transfers sum to zero, and nobody gains by fines or costs",
        "definition of the ledger's kinds", _ledger, drawn("any_games"), wrong.COSTLESS,
    ),
    GameLaw(
        "grid points", "a grid of games is solved as each of its points alone",
        "nothing is shared between games", _points, drawn("grids"), wrong.FIRST_POINT,
    ),
    GameLaw(
        "private is public", "private readings without mistake are as good as a public record",
        "both tell everybody everything", _private, drawn("read_privately"), wrong.MISREAD,
    ),
    GameLaw(
        "brute force", "no automaton of two states gains more than the certificate says; on a public record "
        "some automaton gains that much, if the others have two states at most",
        "best replies to automata are automata (Abreu and Rubinstein 1988)",
        _brute_force, drawn("small_plays"), wrong.MYOPIC,
    ),
    GameLaw(
        "exact and float agree", "results in fractions and in floats agree up to rounding",
        "both are the same numbers", _exact, drawn("small_scenarios"), Engines(run_exact=wrong.one_payer),
    ),
)  # fmt: skip
"""Laws that hold in every game."""
