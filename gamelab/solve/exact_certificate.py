"""Certificates in fractions: every gain from deviating, and a verdict without any tolerance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gamelab.model.automaton import Automaton
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Game
from gamelab.solve.continuation import alternatives
from gamelab.solve.exact_chain import ONE, ZERO, ExactChain, Numbers, exact_chain
from gamelab.solve.exact_linear import Row, solve
from gamelab.solve.inference import infers_others, monitors_perfectly
from gamelab.solve.judgement import FAILS, HOLDS

LONGEST = 13_000
"""Fractions with more binary digits than this are not written out."""

Gain = tuple[Fraction, int, int, int, int]
"""A gain in payoffs of its own round, with joint state, player, action and round (-1 open-ended)."""


@frozen_result
@dataclass(frozen=True, eq=False)
class ExactCertificate:
    """Whether a profile of an exact game is an equilibrium, in fractions.

    Parameters
    ----------
    verdict : str or None
        ``holds`` or ``fails``; None where the exact bound does not settle it.
    concept : str
        ``subgame perfect``, ``public perfect`` or ``Nash``.
    max_gain : Fraction or None
        Largest one-shot gain over all histories, normalised per round; None for ``Nash``, and where nobody
        has a choice.
    best_response_gain : Fraction or None
        What the best deviation gains from the start; None where only ``upper`` is known.
    nash : str or None
        The verdict for Nash equilibrium.
    upper : Fraction
        At least what the best deviation gains from the start.
    where : mapping or None
        The place of the largest gain, in words.
    value_function : list of mappings, or None
        For an open-ended game: what each player gets from every joint state on, normalised per round.
    """

    game: Game
    automata: tuple[Automaton, ...]
    verdict: str | None
    concept: str
    max_gain: Fraction | None
    best_response_gain: Fraction | None
    nash: str | None
    upper: Fraction
    where: dict[str, Any] | None = None
    value_function: list[dict[str, Any]] | None = None

    @property
    def holds(self) -> bool:
        """Whether the verdict is ``holds``."""
        return self.verdict == HOLDS

    def __repr__(self) -> str:
        names = ", ".join(automaton.name for automaton in self.automata)
        gain = f"gain at most {self.upper}" if self.concept == "Nash" else f"largest gain {self.max_gain}"
        return f"<Certificate of {names}: {self.concept} {self.verdict or 'undecided'}, {gain}>"

    def to_dict(self) -> dict[str, Any]:
        """Return the certificate with every fraction as a text such as ``-1/10``."""
        report: dict[str, Any] = {
            "verdict": self.verdict,
            "concept": self.concept,
            "max_gain": text(self.max_gain),
            "where": self.where,
            "best_response_gain": text(self.best_response_gain),
            "nash": self.nash,
        }
        if self.concept == "Nash":
            report["bounds"] = [None, text(self.upper)]
        if self.value_function is not None:
            report["value_function"] = [
                {**row, "values": {name: text(amount) for name, amount in row["values"].items()}}
                for row in self.value_function
            ]
        return report


def text(value: Fraction | None) -> str | None:
    """Return a fraction as results hold it; None for one too long to be written.

    >>> text(Fraction(5, 2)), text(Fraction(1, 3**10_000))
    ('5/2', None)
    """
    if value is None or max(value.numerator.bit_length(), value.denominator.bit_length()) > LONGEST:
        return None
    return str(value)


def exact_certify(game: Game, automata: Sequence[Automaton]) -> ExactCertificate:
    """Return the certificate of a profile of an exact game; see ``gamelab.solve.certificate.certify``.

    Where players cannot tell the others' automaton states, the gain is bounded from above only: by a
    deviator who can.

    Raises
    ------
    GameError
        For automata that do not fit the game, or a game that is not exact.
    """
    chain = exact_chain(game, automata)
    values = continuation(chain) if game.rounds is None else None
    norm = [normaliser(chain, i) for i in range(game.n)]
    informed = [norm[i] * informed_gain(chain, values, i) for i in range(game.n)]
    most = max(informed)
    nash = HOLDS if most <= 0 else FAILS
    if not infers_others(chain.chain):
        known = infers_others(chain.chain, after_deviations=False)
        settled = nash if known or nash == HOLDS else None
        exact_gain = most if known else None
        return ExactCertificate(game, tuple(automata), settled, "Nash", None, exact_gain, settled, most)
    best: Gain | None = None
    for gain in gains(chain, values):
        scaled = gain[0] * norm[gain[2]]
        if best is None or scaled > best[0]:
            best = (scaled, *gain[1:])
    return ExactCertificate(
        game,
        tuple(automata),
        FAILS if best is not None and best[0] > 0 else HOLDS,
        "subgame perfect" if monitors_perfectly(chain.chain) else "public perfect",
        None if best is None else best[0],
        most,
        nash,
        most,
        None if best is None else _place(chain, best),
        None if values is None else _carried(chain, values, norm),
    )


def _place(chain: ExactChain, gain: Gain) -> dict[str, Any]:
    game = chain.game
    _, x, i, a, t = gain
    return {
        "state": game.states[chain.chain.state[x]],
        "automaton_states": _inner(chain, x),
        "player": game.players[i],
        "action": game.actions[i][a],
        "round": None if t < 0 else t,
    }


def _inner(chain: ExactChain, x: int) -> list[str]:
    return [automaton.states[q] for automaton, q in zip(chain.chain.automata, chain.chain.inner[x])]


def _carried(chain: ExactChain, values: list[Numbers], norm: Numbers) -> list[dict[str, Any]]:
    names = chain.game.players
    return [
        {
            "state": chain.game.states[chain.chain.state[x]],
            "automaton_states": _inner(chain, x),
            "values": {name: amounts[x] * scale for name, amounts, scale in zip(names, values, norm)},
        }
        for x in range(chain.size)
    ]


def normaliser(chain: ExactChain, player: int) -> Fraction:
    """Return what turns a player's discounted sum into an average per round."""
    d = chain.factor(player)
    if chain.game.rounds is None:
        return 1 - d
    return ONE / sum((d**t for t in range(chain.game.rounds)), ZERO)


def continuation(chain: ExactChain) -> list[Numbers]:
    """Return what each player's utilities are worth from each joint state on, not normalised.

    Solves W = u + d M W.
    """
    n = chain.game.n
    flow = [
        [
            sum((chance * chain.utility[x][p][i] for p, chance in chain.weights[x].items()), ZERO)
            for i in range(n)
        ]
        for x in range(chain.size)
    ]
    if chain.game.discount_factor.shape[2] == 1:
        solution = solve(_system(chain, chain.matrix, 0), flow)
        return [[row[i] for row in solution] for i in range(n)]
    return [
        [value for (value,) in solve(_system(chain, chain.matrix, i), [[row[i]] for row in flow])]
        for i in range(n)
    ]


def _system(chain: ExactChain, matrix: list[Row], player: int) -> list[Row]:
    """Return I - d M."""
    rows = []
    for x, weight in enumerate(chain.discount(player)):
        row = {after: -weight * chance for after, chance in matrix[x].items()}
        row[x] = row.get(x, ZERO) + 1
        rows.append(row)
    return rows


def action_values(chain: ExactChain, x: int, player: int, after: Sequence[Fraction]) -> dict[int, Fraction]:
    """Return what each allowed own action is worth at a joint state, when ``after`` says what follows is."""
    values: dict[int, Fraction] = {}
    weight = chain.weight(x, player)
    for p, chance in chain.others[player][x].items():
        later = sum((share * after[k] for k, share in (chain.follow[x][p] or {}).items()), ZERO)
        action = chain.profiles[p][player]
        now = chance * (chain.utility[x][p][player] + weight * later)
        values[action] = values.get(action, ZERO) + now
    return values


def gains(chain: ExactChain, values: list[Numbers] | None = None) -> Iterator[Gain]:
    """Yield what every single deviation gains, after every history, in payoffs of its own round."""
    counted = [alternatives(chain.chain, i) for i in range(chain.game.n)]
    if chain.game.rounds is not None:
        yield from _gains_by_round(chain, counted)
        return
    values = continuation(chain) if values is None else values
    for x in range(chain.size):
        for i, own in enumerate(values):
            for a, amount in sorted(action_values(chain, x, i, own).items()):
                if counted[i][x, a]:
                    yield amount - own[x], x, i, a, -1


def _gains_by_round(chain: ExactChain, counted: list[Any]) -> Iterator[Gain]:
    for t, now, actions in backwards(chain):
        for x in range(chain.size):
            if chain.chain.layers[t][x]:
                for i in range(chain.game.n):
                    for a, amount in sorted(actions[i][x].items()):
                        if counted[i][x, a]:
                            yield amount - now[i][x], x, i, a, t


def backwards(
    chain: ExactChain, best: int | None = None
) -> Iterator[tuple[int, list[Numbers], list[list[dict[int, Fraction]]]]]:
    """Walk a game of finitely many rounds from its end: yield round, values and values of own actions.

    With ``best``, that player does what is best at every move, and the others what they are prescribed.
    """
    game, size = chain.game, chain.size
    later = [[ZERO] * size for _ in range(game.n)]
    order = inside_first(chain)
    for t in reversed(range(game.rounds or 0)):
        now = [[ZERO] * size for _ in range(game.n)]
        actions: list[list[dict[int, Fraction]]] = [[{} for _ in range(size)] for _ in range(game.n)]
        for x in order:
            for i in range(game.n):
                actions[i][x] = action_values(chain, x, i, later[i] if chain.ends[x] else now[i])
                now[i][x] = (
                    max(actions[i][x].values())
                    if best == i
                    else sum((chain.play[i][x][a] * amount for a, amount in actions[i][x].items()), ZERO)
                )
        yield t, now, actions
        later = now


def inside_first(chain: ExactChain) -> list[int]:
    """Return the joint states in an order in which what follows inside a round comes before."""
    done: dict[int, None] = {x: None for x in range(chain.size) if chain.ends[x]}
    while len(done) < chain.size:
        for x in range(chain.size):
            after = {k for row in chain.follow[x] if row is not None for k in row}
            if x not in done and all(k in done for k in after):
                done[x] = None
    return list(done)


def informed_gain(chain: ExactChain, values: list[Numbers] | None, player: int) -> Fraction:
    """Return what the best response gains at the start, seeing everybody's automaton state."""
    if values is None:
        now = _first(chain, None)[player]
        best = _first(chain, player)[player]
    else:
        now = values[player]
        best = best_response(chain, player, now)
    return sum((chance * (b - v) for chance, b, v in zip(chain.start, best, now)), ZERO)


def _first(chain: ExactChain, best: int | None) -> list[Numbers]:
    return [now for _, now, _ in backwards(chain, best)][-1]


def best_response(chain: ExactChain, player: int, values: Numbers) -> Numbers:
    """Return the most that a player can get from each joint state on, by policy iteration in fractions."""
    matrix = list(chain.matrix)
    flow = [
        sum((chance * chain.utility[x][p][player] for p, chance in weights.items()), ZERO)
        for x, weights in enumerate(chain.weights)
    ]
    while True:
        better = {}
        for x in range(chain.size):
            actions = action_values(chain, x, player, values)
            action = max(actions, key=lambda a: actions[a])
            if actions[action] > values[x]:
                better[x] = action
        if not better:
            return values
        for x, action in better.items():
            weights = {
                p: c for p, c in chain.others[player][x].items() if chain.profiles[p][player] == action
            }
            matrix[x] = chain.mixed(x, weights)
            flow[x] = sum((c * chain.utility[x][p][player] for p, c in weights.items()), ZERO)
        values = [value for (value,) in solve(_system(chain, matrix, player), [[pay] for pay in flow])]
