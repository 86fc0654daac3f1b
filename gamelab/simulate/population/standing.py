"""Standing: who deviates is in bad standing, partners who see it deviate in turn; whether that deters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from gamelab.errors import GameError
from gamelab.model.arguments import checked, whole
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Game
from gamelab.model.settings import Range, Setting
from gamelab.simulate.population.pair_payoffs import Number, PairPayoffs, least_factor, pair_payoffs, plain
from gamelab.solve.exact_linear import solve

LONGEST = 500
SEEN = ("partner's record not seen", "partner seen in good standing", "partner seen in bad standing")
UNSEEN, GOOD, BAD = 0, 1, 2


@frozen_result
@dataclass(frozen=True, eq=False)
class Standing:
    """Whether records of standing keep the agreement in a large population.

    Everybody plays ``discriminate``: keeps the agreement unless the partner is seen in bad standing. Gains
    are normalised averages per round, from deviating once and going on as prescribed.

    Parameters
    ----------
    discount_factor : float or Fraction
    verdict : str
        ``holds`` or ``fails``.
    max_gain : number
        The largest gain; below 0 it is slack.
    where : tuple of str
        The own standing, what is seen of the partner, and the action, where that is.
    gains : mapping of (own standing, what is seen) to number
        The largest gain in each place.
    values : tuple of numbers
        Expected payoff per round from good standing on, then with 1, 2, ... rounds of bad standing left; in
        good standing and in bad where that is for ever.
    least_discount_factor : float or None
        From which on it holds; None where it does not hold for patient persons.
    """

    discount_factor: Number
    verdict: Literal["holds", "fails"]
    max_gain: Number
    where: tuple[str, str, str]
    gains: Mapping[tuple[str, str], Number]
    values: tuple[Number, ...]
    least_discount_factor: float | None


@checked
def standing(
    game: Game,
    *,
    reach: Any = 1,
    punishment: int | None = None,
    record: Literal["standing", "conduct"] = "standing",
    bad: Any = 0,
) -> Standing:
    """Return whether persons keep the agreement because partners may see their standing.

    A single person decides against a large population whose other persons discriminate. Who deviates is in
    bad standing, for some rounds or for ever, and the record is seen with probability p. For ever, in the
    prisoner's dilemma, bad standing is worth pP + (1-p)T, so the agreement is kept from
    ``(T-R) / (p(T-P))`` on. For a number of rounds in which the person keeps the agreement and is punished,
    it is kept where ``T-R <= p(R-S)(d + ... + d^rounds)`` and, so that the person goes through with it,
    ``p(P-S) + (1-p)(T-R) <= d^rounds p(R-S)``.

    Parameters
    ----------
    game : Game
        Open-ended, of one state, with seats that are alike. What a match shows does not matter here.
    reach : number
        Probability p that the partner's record is seen.
    punishment : int, optional
        Rounds in bad standing; default for ever, and then persons in bad standing always deviate.
    record : str
        ``standing``: to deviate from a partner seen in bad standing does no harm to one's own; ``conduct``:
        it does (image scoring), and then punishing does not pay.
    bad : number
        Share of persons who always deviate, all of them in bad standing; only where that is for ever.

    Raises
    ------
    GameError
        For settings out of range, or a game of another kind.

    References
    ----------
    Kandori (1992), Social norms and community enforcement, section 5; Sugden (1986), The economics of
    rights, co-operation and welfare; Leimar and Hammerstein (2001), Evolution of cooperation through indirect
    reciprocity.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> result = gl.standing(gl.repeated(stage, discount_factor=0.9), reach=0.8)
    >>> result.verdict, round(result.least_discount_factor, 9)  # 2 / (0.8 * 4)
    ('holds', 0.625)
    """
    table = pair_payoffs(game)
    number = Fraction if table.exact else float
    p, share = (_share(value, key, number) for value, key in ((reach, "reach"), (bad, "bad")))
    if punishment is not None:
        punishment = whole(punishment, "punishment", 1, LONGEST)
        if share:
            raise GameError("a share of shirkers needs bad standing for ever: leave out punishment", "bad")
    choice = Choice(table, p, punishment, record == "standing", share)
    d = table.discount_factor
    gains = choice.gains(d)
    place = max(gains, key=lambda at: gains[at][0])
    floats = choice.in_floats() if table.exact else choice
    slack = float(np.ptp(floats.table.pay)) * 1e-13

    def holds(factor: float) -> bool:
        return all(gain / (1 - factor) <= slack for gain, _ in floats.gains(factor).values())

    largest = gains[place][0]
    return Standing(
        discount_factor=d,
        verdict="holds" if table.small(largest / (1 - d)) else "fails",
        max_gain=plain(largest),
        where=(choice.name(place[0]), SEEN[place[1]], gains[place][1]),
        gains={(choice.name(z), SEEN[seen]): plain(gain) for (z, seen), (gain, _) in gains.items()},
        values=tuple(choice.values(d)),
        least_discount_factor=least_factor(holds),
    )


@dataclass(frozen=True, eq=False)
class Choice:
    """One person's decisions: own standing z (0 good, else rounds left, or 1 for ever) and what is seen."""

    table: PairPayoffs
    reach: Number
    punishment: int | None
    lenient: bool
    bad: Number

    @property
    def worst(self) -> int:
        """The standing that a deviation brings."""
        return self.punishment or 1

    def in_floats(self) -> Choice:
        """Return the same in floats."""
        table = self.table
        loose = PairPayoffs(
            table.pay.astype(float), table.labels, table.keeps, table.agreed, table.fallback,
            float(table.discount_factor), False,
        )  # fmt: skip
        return Choice(loose, float(self.reach), self.punishment, self.lenient, float(self.bad))

    def name(self, z: int) -> str:
        """Return a standing in words."""
        if z == 0:
            return "good standing"
        if self.punishment is None:
            return "bad standing"
        return f"bad standing, {z} round{'s' * (z > 1)} left"

    def prescribed(self, z: int, seen: int) -> int:
        """Return what everybody does in a place."""
        hopeless = z > 0 and self.punishment is None
        return self.table.fallback if seen == BAD or hopeless else self.table.agreed

    def chance(self, seen: int) -> Number:
        """Return the probability of seeing this of a partner."""
        return (1 - self.reach, self.reach * (1 - self.bad), self.reach * self.bad)[seen]

    def pay(self, action: int, z: int, seen: int) -> Number:
        """Return the expected payoff of an action in a place."""
        table, row = self.table, self.table.pay[action]
        punished = self.reach if z else 0
        against_good = punished * row[table.fallback] + (1 - punished) * row[table.agreed]
        # a partner in bad standing deviates for ever, or else keeps with all but those seen in bad standing
        against_bad = row[table.fallback] if self.punishment is None else against_good
        share = (self.bad, 0, 1)[seen]
        return (1 - share) * against_good + share * against_bad

    def next(self, action: int, z: int, seen: int) -> int:
        """Return the standing that follows an action in a place."""
        if not self.table.keeps[action] and not (seen == BAD and self.lenient):
            return self.worst
        return z if self.punishment is None else max(z - 1, 0)

    def places(self) -> Iterator[tuple[int, int]]:
        """Yield own standings and what is seen of partners."""
        for z in range(self.worst + 1):
            for seen in (UNSEEN, GOOD, BAD):
                if self.reach < 1 or seen != UNSEEN:
                    yield z, seen

    def values(self, d: Number) -> list[Number]:
        """Return what each standing is worth per round where everybody does what is prescribed."""
        rows: list[dict[int, Any]] = []
        right: list[Any] = []
        for z in range(self.worst + 1):
            row: dict[int, Any] = {z: d * 0 + 1}
            now: Any = 0
            for seen in (UNSEEN, GOOD, BAD):
                action, chance = self.prescribed(z, seen), self.chance(seen)
                after = self.next(action, z, seen)
                row[after] = row.get(after, 0) - d * chance
                now = now + (1 - d) * chance * self.pay(action, z, seen)
            rows.append({column: entry for column, entry in row.items() if entry})
            right.append(now)
        if self.table.exact:
            return [value for (value,) in solve(rows, [[Fraction(now)] for now in right])]
        matrix = np.zeros((len(rows), len(rows)))
        for z, row in enumerate(rows):
            matrix[z, list(row)] = list(row.values())
        return list(map(float, np.linalg.solve(matrix, np.array(right, dtype=float))))

    def gains(self, d: Number) -> dict[tuple[int, int], tuple[Any, str]]:
        """Return what deviating from the prescription once gains at most in each place, and by what."""
        values, gains = self.values(d), {}
        for z, seen in self.places():
            due = self.prescribed(z, seen)
            total = [
                (1 - d) * self.pay(a, z, seen) + d * values[self.next(a, z, seen)]
                for a in range(len(self.table.labels))
            ]
            other = max((a for a in range(len(total)) if a != due), key=lambda a: total[a])
            gains[z, seen] = (total[other] - total[due], self.table.labels[other])
        return gains


def _share(value: Any, key: str, number: Any) -> Any:
    """Return a probability, as a fraction in an exact game."""
    array = np.asarray(Setting(key, "number", range=Range(0, 1)).check(value))
    if array.ndim:
        raise GameError("one number is needed, and this is an array", key)
    if number is Fraction and isinstance(value, float):
        raise GameError(f"{value:g} is a rounded number; an exact game needs a fraction such as 4/5", key)
    return number(value) if number is Fraction else float(array)
