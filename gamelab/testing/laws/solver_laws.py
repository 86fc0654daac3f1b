"""Laws about solvers of games of two players, each with its source and a wrong solver that it rejects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from gamelab.testing import wrong_solvers as wrong
from gamelab.testing.bimatrix import Bimatrix, Number, Table
from gamelab.testing.laws.finding import SolverLaw, is_generic
from gamelab.testing.oracles import LARGEST, Pair, exact_equilibria, gains, transposed
from gamelab.testing.solvers import Demand, Solver, SolverError

PRECISION = Fraction(1, 1_000_000)
"""What a solver in floats may be off, in probabilities and in payoffs by their spread; exact ones nothing."""


def precision(solver: Solver) -> Fraction:
    """Return how far off a solver may be."""
    return Fraction(0) if solver.exact else PRECISION


def spread(table: Table) -> Fraction:
    """Return the largest payoff less the smallest."""
    entries = [Fraction(entry) for row in table for entry in row]
    return max(entries) - min(entries)


def near(first: Pair, second: Pair, off: Fraction) -> bool:
    """Tell whether two pairs of mixtures are the same, up to so much in each probability."""
    return all(
        abs(p - q) <= off for z, w in zip(first, second, strict=True) for p, q in zip(z, w, strict=True)
    )


def shown(pair: Pair) -> str:
    """Return a pair of mixtures as text.

    >>> shown(((Fraction(1, 2), Fraction(1, 2)), (Fraction(1), Fraction(0))))
    '(1/2, 1/2 | 1, 0)'
    """
    texts = [
        ", ".join(str(p) if p.denominator < 10**6 else f"{float(p):.9g}" for p in mixture) for mixture in pair
    ]
    return f"({texts[0]} | {texts[1]})"


# ------------------------------------------------------------------------------------- each equilibrium alone


def _answers(solver: Solver, game: Bimatrix) -> str | None:
    solver.equilibria(game)
    return None


def _mixtures(solver: Solver, game: Bimatrix) -> str | None:
    off = precision(solver)
    for pair in solver.equilibria(game):
        if any(any(p < -off for p in z) or abs(sum(z, Fraction(-1))) > off * len(z) for z in pair):
            return f"{shown(pair)} is reported: probabilities are at least 0 and sum to 1"
    return None


def _proper(pair: Pair) -> Pair | None:
    """Return a pair scaled so that it sums to exactly 1; None where it cannot be."""
    if any(sum(z) <= 0 for z in pair):
        return None
    x, y = (tuple(p / sum(z) for p in z) for z in pair)
    return x, y


def _nobody_gains(solver: Solver, game: Bimatrix) -> str | None:
    limits = [precision(solver) * spread(table) for table in (game.A, game.B)]
    for pair in filter(None, map(_proper, solver.equilibria(game))):
        for player, (gain, limit) in enumerate(zip(gains(game, *pair), limits, strict=True)):
            if gain > limit:
                who = ("first", "second")[player]
                return f"{shown(pair)} is reported, but the {who} player gains {float(gain):.6g} by deviating"
    return None


def _minmax(solver: Solver, game: Bimatrix) -> str | None:
    if max(game.shape) > LARGEST:
        return None
    A, B = game.exact()
    levels = exact_equilibria(game).minmax
    sums = {a + b for rows in zip(A, B, strict=True) for a, b in zip(*rows, strict=True)}
    for pair in filter(None, map(_proper, solver.equilibria(game))):
        for player, (table, level) in enumerate(zip((A, B), levels, strict=True)):
            x, y = pair
            paid = sum(p * q * table[i][j] for i, p in enumerate(x) for j, q in enumerate(y))
            limit = precision(solver) * spread((game.A, game.B)[player])
            if paid < level - limit or (len(sums) == 1 and paid > level + limit):
                what = "value" if len(sums) == 1 else "minmax"
                who = ("first", "second")[player]
                numbers = f"{float(paid):.6g} to the {who} player, whose {what} is {float(level):.6g}"
                return f"{shown(pair)} is reported and pays {numbers}"
    return None


# ---------------------------------------------------------------------------------------- the list as a whole


def _at_least_one(solver: Solver, game: Bimatrix) -> str | None:
    return None if solver.equilibria(game) else "nothing is reported; every game has an equilibrium"


def _every_component(solver: Solver, game: Bimatrix) -> str | None:
    if max(game.shape) > LARGEST:
        return None
    exact, off = exact_equilibria(game), precision(solver)
    reached, others = set(), []
    for pair in solver.equilibria(game):
        places = [k for k, known in enumerate(exact.extreme) if near(pair, known, off)]
        reached |= {exact.components[k] for k in places}
        others += [] if places else [_labels(game, pair, off)]
    if others:
        for known, component in zip(exact.extreme, exact.components, strict=True):
            labels = _labels(game, known, off)
            if any(mine[0] <= labels[0] and mine[1] <= labels[1] for mine in others):
                reached.add(component)
    for known, component in zip(exact.extreme, exact.components, strict=True):
        if component not in reached:
            return f"nothing is reported of the component that {shown(known)} belongs to"
    return None


def _labels(game: Bimatrix, pair: Pair, off: Fraction) -> tuple[frozenset[int], frozenset[int]]:
    """Return for each mixture what it leaves out and what it makes best replies, up to rounding.

    An equilibrium belongs to the component of every extreme one whose mixtures have at least its labels.
    """
    A, B = game.exact()
    labels = []
    for mixture, rows in zip(pair, (transposed(B), A), strict=True):
        out = frozenset(k for k, p in enumerate(mixture) if p <= off)
        limit = off * max(max(map(max, rows)) - min(map(min, rows)), Fraction(0))
        paid = [sum((a * p for a, p in zip(row, mixture, strict=True)), Fraction(0)) for row in rows]
        best = frozenset(len(mixture) + k for k, u in enumerate(paid) if u >= max(paid) - limit)
        labels.append(out | best)
    return labels[0], labels[1]


def _every_extreme(solver: Solver, game: Bimatrix) -> str | None:
    if max(game.shape) > LARGEST:
        return None
    return _missing(solver, solver.equilibria(game), exact_equilibria(game).extreme, "is not reported")


def _missing(solver: Solver, pairs: Sequence[Pair], wanted: Sequence[Pair], words: str) -> str | None:
    lost = [pair for pair in wanted if not any(near(pair, other, precision(solver)) for other in pairs)]
    if not lost:
        return None
    more = f", nor are {len(lost) - 1} more of {len(wanted)}" if len(lost) > 1 else ""
    return f"{shown(lost[0])} {words}{more}"


def _no_duplicates(solver: Solver, game: Bimatrix) -> str | None:
    pairs = solver.equilibria(game)
    for k, pair in enumerate(pairs):
        if any(near(pair, other, precision(solver)) for other in pairs[:k]):
            return f"{shown(pair)} is reported twice"
    return None


def _odd(solver: Solver, game: Bimatrix) -> str | None:
    if not is_generic(game):
        return None
    distinct: list[Pair] = []
    for pair in solver.equilibria(game):
        if not any(near(pair, other, precision(solver)) for other in distinct):
            distinct.append(pair)
    return None if len(distinct) % 2 else f"{len(distinct)} are reported; the game is not degenerate"


# ----------------------------------------------------------------------------------- what must change nothing


def _same_after(
    solver: Solver, game: Bimatrix, other: Bimatrix, back: Callable[[Pair], Pair], words: str
) -> str | None:
    """Compare the list for a game with that for another one, taken back to the first by a function."""
    if not (solver.exact or (fits_floats(game) and fits_floats(other))):
        return None
    before = solver.equilibria(game)
    try:
        after = [back(pair) for pair in solver.equilibria(other)]
    except SolverError as failure:
        return f"{words} the solver {failure.kind}: {failure}"
    return _missing(solver, after, before, f"is no longer reported {words}") or _missing(
        solver, before, after, f"is reported only {words}"
    )


def fits_floats(game: Bimatrix) -> bool:
    """Tell whether floats hold every payoff exactly; else solvers in floats are asked about another game."""

    def fits(number: Number) -> bool:
        try:
            return Fraction(float(number)) == Fraction(number)
        except OverflowError:
            return False

    return all(fits(entry) for table in (game.A, game.B) for row in table for entry in row)


def _each(table: Table, change: Callable[[Fraction], Fraction]) -> Table:
    return tuple(tuple(change(Fraction(entry)) for entry in row) for row in table)


def _shift(solver: Solver, game: Bimatrix) -> str | None:
    moved = game.changed(lambda A: _each(A, lambda a: a + 7), lambda B: _each(B, lambda b: b - 3))
    return _same_after(solver, game, moved, lambda pair: pair, "once 7 is added to A and 3 taken from B")


def _scale(solver: Solver, game: Bimatrix) -> str | None:
    moved = game.changed(lambda A: _each(A, lambda a: a * 1024), lambda B: _each(B, lambda b: b / 8))
    return _same_after(solver, game, moved, lambda pair: pair, "once A is multiplied by 1024 and B by 1/8")


def _relabel(solver: Solver, game: Bimatrix) -> str | None:
    m, n = game.shape
    rows, columns = list(reversed(range(m))), [*range(1, n), 0]
    other = game.kept(rows, columns)

    def back(pair: Pair) -> Pair:
        x, y = pair
        return tuple(x[rows.index(i)] for i in range(m)), tuple(y[columns.index(j)] for j in range(n))

    return _same_after(solver, game, other, back, "with rows reversed and the first column last")


def _swap(solver: Solver, game: Bimatrix) -> str | None:
    return _same_after(
        solver, game, game.swapped(), lambda pair: (pair[1], pair[0]), "with the players swapped"
    )


def _dominated(solver: Solver, game: Bimatrix) -> str | None:
    other = game.changed(
        lambda A: (*A, tuple(Fraction(entry) - 1 for entry in A[0])), lambda B: (*B, tuple(reversed(B[0])))
    )
    if solver.demand == "generic" and not is_generic(other):
        return None
    return _same_after(
        solver,
        other,
        game,
        lambda pair: ((*pair[0], Fraction(0)), pair[1]),
        "without the last row, which is strictly dominated by the first",
    )


EACH: tuple[Demand, ...] = ("all", "generic", "component", "one")
LISTS: tuple[Demand, ...] = ("all", "generic")

SOLVER_LAWS: tuple[SolverLaw, ...] = (
    SolverLaw(
        "answers", "each game is answered in time, with pairs of vectors",
        "the contract of a solver", EACH, _answers, wrong.square_games_only,
    ),
    SolverLaw(
        "mixtures", "what is reported are mixtures: nothing below 0, and a sum of 1",
        "definition of a mixed action", EACH, _mixtures, wrong.forgets_to_normalise,
    ),
    SolverLaw(
        "nobody gains", "no reported equilibrium has a profitable deviation",
        "Nash (1951), definition of equilibrium", EACH, _nobody_gains, wrong.asks_the_first_player_only,
    ),
    SolverLaw(
        "minmax", "each player gets at least the minmax payoff; in a zero-sum game exactly the value",
        "von Neumann (1928)", EACH, _minmax, wrong.worst_for_both,
    ),
    SolverLaw(
        "at least one", "every game has an equilibrium, and one is reported",
        "Nash (1951), Theorem 1", EACH, _at_least_one, wrong.pure_only, about_the_list=True,
    ),
    SolverLaw(
        "every component", "of each connected set of equilibria at least one is reported",
        "Kohlberg and Mertens (1986): components are finitely many",
        ("all", "generic", "component"), _every_component, wrong.first_found, about_the_list=True,
    ),
    SolverLaw(
        "every extreme equilibrium", "every extreme equilibrium is reported (games of up to 5 by 5)",
        "Mangasarian (1964); oracle: all pairs of supports, in fractions",
        LISTS, _every_extreme, wrong.equal_supports_only, about_the_list=True,
    ),
    SolverLaw(
        "no duplicates", "no equilibrium is reported twice",
        "definition of a set", LISTS, _no_duplicates, wrong.one_for_each_action, about_the_list=True,
    ),
    SolverLaw(
        "odd", "a game that is not degenerate has an odd number of equilibria",
        "Lemke and Howson (1964); Wilson (1971)", LISTS, _odd, wrong.never_mixes_fully, about_the_list=True,
    ),
    SolverLaw(
        "shift", "adding a number to all payoffs of a player changes nothing",
        "von Neumann and Morgenstern (1944)", LISTS, _shift, wrong.positive_payoffs_only, about_the_list=True,
    ),
    SolverLaw(
        "scale", "multiplying a player's payoffs by a positive number changes nothing",
        "von Neumann and Morgenstern (1944)", LISTS, _scale, wrong.rounds_payoffs, about_the_list=True,
    ),
    SolverLaw(
        "relabelling", "the order of actions changes nothing but the order",
        "Harsanyi and Selten (1988)", LISTS, _relabel, wrong.first_two_actions_only, about_the_list=True,
    ),
    SolverLaw(
        "player swap", "the order of players changes nothing but the order",
        "Harsanyi and Selten (1988)", LISTS, _swap, wrong.first_player_never_mixes, about_the_list=True,
    ),
    SolverLaw(
        "dominated action", "a further action that is strictly dominated changes nothing",
        "Luce and Raiffa (1957)", LISTS, _dominated, wrong.forgets_the_last_row, about_the_list=True,
    ),
)  # fmt: skip
"""All laws about solvers, from what each equilibrium must be to what the list must be."""


def laws_for(solver: Solver) -> tuple[SolverLaw, ...]:
    """Return the laws that what is asked of a solver makes it obey."""
    return tuple(law for law in SOLVER_LAWS if solver.demand in law.demands)
