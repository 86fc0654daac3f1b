"""Quantities: all that a claim or a map can ask for, each defined once: how it is read, and its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from gamelab.model.answers import NOT_ASKED, NOT_KNOWN

Kind = Literal["number", "word", "truth", "intervals", "arrangement", "arrangements"]
JOINT = "payoff per round, summed over the players"
PAYOFF = "payoff per round"
SHARE = "a share, 1 is all"
WEIGHT = "weight of the next round"
TIMES = "times per round"
SUPPORTED = ("yes", "no candidate", "undecided", "impossible", None)
"""Whether the agreement is supported; None where nothing is agreed."""


@dataclass(frozen=True)
class Quantity:
    """One quantity, wherever it is asked for: runs, claims, maps, fractions, descriptions.

    Parameters
    ----------
    sentence : str
        What it is, for the documentation.
    value : callable
        From a comparison (``gamelab.experiment.comparison``) to an array (b,) or to the answer of a single
        point: floats of a comparison in floats, fractions of one in fractions. A second argument is the
        player, the path or the event that it needs. For a quantity of the whole scenario, from a
        ``ScenarioResult``.
    unit : str
        Of numbers.
    kind : str
        What a claim compares it with.
    needs : str
        ``player``, ``account``, ``event`` (an action, finding or outcome), or ``path`` to a cost or to any
        setting that can vary; empty for nothing.
    words : tuple of str
        What may stand in place of the number.
    whole : bool
        Whether it is of the whole scenario.
    listed : bool
        Whether results list it among the numbers of an arrangement.
    compares : bool
        Whether it compares with the baseline's conduct.
    one_by_one : bool
        Whether it is found for one game at a time.
    not_mapped : str
        Why a map cannot show it.
    example : str
        The comparison in an example of a claim.
    """

    sentence: str
    value: Callable[[Any, str | None], Any]
    unit: str = ""
    kind: Kind = "number"
    needs: Literal["", "player", "cost", "setting", "event", "account"] = ""
    words: tuple[str, ...] = ()
    whole: bool = False
    listed: bool = False
    compares: bool = False
    one_by_one: bool = False
    not_mapped: str = ""
    example: str = "above: 0"

    @property
    def relative(self) -> bool:
        """Whether it has no unit of payoffs."""
        return self.unit in (SHARE, WEIGHT, TIMES)

    @property
    def key(self) -> str:
        """The key that a claim needs beside it; empty for none."""
        return {"cost": "path", "setting": "path", "event": "of", "account": "of"}.get(self.needs, self.needs)


_NO_NUMBER = (NOT_KNOWN, NOT_ASKED)

QUANTITIES = {
    "supported": Quantity(
        "whether the conduct is certified and keeps the agreement while nobody was seen to deviate: "
        "`yes`, `no candidate`, `undecided`, `impossible` (with a proof), `null` where nothing is "
        "agreed",
        lambda c, _: c.supported,
        kind="word",
        example="is: yes",
    ),
    "workable": Quantity(
        "certified; supported where something is agreed; an institution, or a profile that the file lists; "
        "and net benefit above 0: `yes`, `no`, `null` for the baseline, and where nothing is certified "
        "without institutions, to compare with",
        lambda c, _: c.workable,
        kind="truth",
        compares=True,
        example="is: yes",
    ),
    "robust": Quantity(
        "whether `workable` stays the same whichever certified candidates are played, of those that no other "
        "Pareto-dominates, in the baseline and in the arrangement; `null` as for `workable`",
        lambda c, _: c.choices.robust,
        kind="truth",
        compares=True,
        example="is: yes",
    ),
    "guaranteed": Quantity(
        "whether the arrangement is workable in each of its certified candidates, the worst among them; "
        "`null` as for `workable`, and where an undecided candidate would not be",
        lambda c, _: c.choices.guaranteed,
        kind="truth",
        compares=True,
        example="is: yes",
    ),
    "gross_benefit": Quantity(
        "joint material payoff, less the baseline's conduct's",
        lambda c, _: c.accounts.gross_benefit,
        JOINT,
        listed=True,
        compares=True,
    ),
    "transaction_cost": Quantity(
        "all costs, whoever bears them, and all fines that nobody receives, less the baseline's",
        lambda c, _: c.accounts.transaction_cost,
        JOINT,
        listed=True,
        compares=True,
    ),
    "net_benefit": Quantity(
        "gross benefit less transaction cost",
        lambda c, _: c.accounts.net_benefit,
        JOINT,
        listed=True,
        compares=True,
    ),
    "accepted": Quantity(
        "whether no player loses beside the baseline, at the own discount factor, and no account spends more "
        "than it is financed with; `null` for the baseline and where nothing can be compared",
        lambda c, _: c.accepted,
        kind="truth",
        compares=True,
        example="is: yes",
    ),
    "coverable": Quantity(
        "whether lump sums that are agreed once could make up for all that players lose; `null` as for "
        "`accepted`",
        lambda c, _: c.coverable,
        kind="truth",
        compares=True,
        example="is: yes",
    ),
    "gain": Quantity(
        "what the account `of:`, a player, the authority or society, gets beside the baseline, at its own "
        "discount factor",
        lambda c, account: c.consent.gain(account),
        PAYOFF,
        needs="account",
        compares=True,
    ),
    "compensation": Quantity(
        "what the players who lose lose together",
        lambda c, _: c.compensation,
        JOINT,
        listed=True,
        compares=True,
    ),
    "advantage": Quantity(
        "net benefit of a workable arrangement less the highest of all other workable ones, the baseline's "
        "0 among them; `null` for the baseline and for what is not workable",
        lambda c, _: c.advantage,
        JOINT,
        listed=True,
        compares=True,
    ),
    "share_of_gains": Quantity(
        "the part of the joint gain over the baseline that is reached; `null` where there is none",
        lambda c, _: c.accounts.share_of_gains,
        SHARE,
        listed=True,
        compares=True,
    ),
    "efficiency": Quantity(
        "joint material payoff by the best joint payoff of one round",
        lambda c, _: c.accounts.efficiency,
        SHARE,
        listed=True,
    ),
    "cooperation": Quantity(
        "discounted share of moves on the agreement: noise shows there",
        lambda c, _: c.value.cooperation,
        SHARE,
        listed=True,
    ),
    "payoff": Quantity(
        "of one `player:`, everything but regard", lambda c, player: c.payoff(player), PAYOFF, needs="player"
    ),
    "joint_payoff": Quantity(
        "of all players together, everything but regard",
        lambda c, _: c.stated.joint_payoff,
        JOINT,
        listed=True,
    ),
    "max_gain": Quantity(
        "largest gain from one deviation after any history, per round; below 0 there is slack",
        lambda c, _: c.max_gain,
        PAYOFF,
    ),
    "best_response_gain": Quantity(
        "what the best deviation gains from the start", lambda c, _: c.best_response_gain, PAYOFF
    ),
    "critical_discount_factor": Quantity(
        "the least from which on the profile holds; `null` where there is none, `not known` (as with "
        "private readings), `not asked` (finitely many undiscounted rounds)",
        lambda c, _: c.critical_discount_factor,
        WEIGHT,
        words=_NO_NUMBER,
        one_by_one=True,
    ),
    "sustainable_discount_factors": Quantity(
        "all of them, as intervals: `[{from: 1/2, to: 1}]`, `[]` where there are none; `not known`, "
        "`not asked`",
        lambda c, _: c.sustainable_discount_factors,
        WEIGHT,
        kind="intervals",
        words=_NO_NUMBER,
        one_by_one=True,
        not_mapped="is a list of intervals; map critical_discount_factor",
        example="is: [{from: 1/2, to: 1}]",
    ),
    "break_even": Quantity(
        "with `path:` to a cost: up to which value the profile stays workable; `null` at "
        "none, `unbounded`, `not known`, `not asked`",
        lambda c, path: c.break_even(path),
        "that of the cost",
        needs="cost",
        words=(*_NO_NUMBER, "unbounded"),
        one_by_one=True,
        not_mapped="has a map of its own: map workable with the cost along one axis",
    ),
    "least": Quantity(
        "with `path:` to any number, such as `parameters.accuracy`: the least value down to which "
        "the profile still holds, going down from its present one with all else as it is; where "
        "it does not hold at present, the next above at which it does; `null` where there is none, "
        "`unbounded`, `not known`, `not asked`",
        lambda c, path: c.least(path),
        "that of the setting",
        needs="setting",
        words=(*_NO_NUMBER, "unbounded"),
        one_by_one=True,
        not_mapped="has a map of its own: map workable with that setting along one axis",
    ),
    "largest": Quantity(
        "the mirror of `least`: with `path:` to any number, the largest value up to which the profile still "
        "holds, going up from its present one; where it does not hold at present, the next below at which "
        "it does; `null`, `unbounded`, `not known`, `not asked` as there",
        lambda c, path: c.largest(path),
        "that of the setting",
        needs="setting",
        words=(*_NO_NUMBER, "unbounded"),
        one_by_one=True,
        not_mapped="has a map of its own: map workable with that setting along one axis",
    ),
    "basin_of_defection": Quantity(
        "the share of the others who must follow the profile, each independently, the rest playing the "
        "fallback for ever, so that from this share on following it is at least as good for everybody as "
        "the fallback; 0: always, 1: at most if all do; `not known` for more than ten players, `not asked` "
        "without a fallback",
        lambda c, _: c.basin_of_defection,
        SHARE,
        words=_NO_NUMBER,
        one_by_one=True,
        example="at_most: 1/2",
    ),
    "risk_dominant_from": Quantity(
        "of two players: the least discount factor from which on the profile risk-dominates the fallback: "
        "both lose by deviating alone, and the product of these losses is at least that of deviating alone "
        "from the fallback; `null` where there is none, `not known`, `not asked`",
        lambda c, _: c.risk_dominant_from,
        WEIGHT,
        words=_NO_NUMBER,
        one_by_one=True,
        example="at_most: 1/2",
    ),
    "frequency": Quantity(
        "with `of:` an action, a finding (`clean`, `offence`) or an outcome by its name: how often a round "
        "brings it, discounted; of actions and findings on average of the players who have them, moves "
        "without a choice left out",
        lambda c, event: c.frequency(event),
        TIMES,
        needs="event",
        words=_NO_NUMBER,
        one_by_one=True,
    ),
    "best_arrangement": Quantity(
        "of the whole scenario: the workable one with the highest net benefit, "
        "of equals the first in the file, else `none`",
        lambda result, _: result.best_arrangement,
        kind="arrangement",
        whole=True,
        example="is: watched",
    ),
    "workable_arrangements": Quantity(
        "of the whole scenario: the list of those that are workable",
        lambda result, _: result.workable_arrangements,
        kind="arrangements",
        whole=True,
        example="is: [watched]",
    ),
}
"""What a claim can be about; what a map can show are the numbers and words of these."""

WHOLE = tuple(name for name, quantity in QUANTITIES.items() if quantity.whole)
LISTED = tuple(name for name, quantity in QUANTITIES.items() if quantity.listed)


def with_key(key: str) -> list[str]:
    """Return the quantities that need a key beside them in a claim: ``player``, ``path`` or ``of``."""
    return [name for name, quantity in QUANTITIES.items() if quantity.key == key]


_NEEDS = {
    "player": "player: agency",
    "cost": "path: monitoring.cost",
    "setting": "path: detection",
    "event": "of: offence",
    "account": "of: authority",
    "": "",
}


def example_claim(name: str) -> str:
    """Return a claim about a quantity, as it stands in a file.

    >>> print(example_claim("net_benefit"))
    claims:
      - says: a sentence
        arrangement: watched
        quantity: net_benefit
        above: 0
    """
    quantity = QUANTITIES[name]
    lines = ["says: a sentence", "" if quantity.whole else "arrangement: watched", f"quantity: {name}"]
    rest = [line for line in (*lines, _NEEDS[quantity.needs], quantity.example) if line]
    return "claims:\n  - " + "\n    ".join(rest)
