"""Comparative statics that are true, each with its proof; and one that is not, with what refutes it.

Not a law: *a public signal that is better in Blackwell's sense lowers the discount factor from which grim
trigger holds*. What cannot shrink is the set of all equilibrium payoffs (Kandori 1992); one fixed strategy
may do better with less. Let the findings be garbled: an offence is found, but reported with probability b
only, so that q and f both become b times as large. Grim holds from
``(T-R) / [(T-R)(1-bf)^2 + b(1-bf)(q-f)(R-P)]`` on. With T-R = 1, R-P = 4, q = 1, f = 0.45 that is 0.661 for
b = 1 and 0.651 for b = 0.8: fewer false alarms keep the agreement alive for longer, and that is worth more
than what is detected less.
"""

from __future__ import annotations

import dataclasses
import math

from gamelab.model.answers import Missing
from gamelab.testing.descriptions import Comparison, GameDescription
from gamelab.testing.laws import engines as wrong
from gamelab.testing.laws.drawn import NEAR, apart, drawn
from gamelab.testing.laws.engines import Engines, GameLaw


def _ladder(engines: Engines, case: GameDescription) -> str | None:
    """Compare the gain with and without the ladder.

    Proof. Everybody complies whatever happened, so findings change nothing but fines. W(k), a player's
    discounted fines to come at level k, does not fall in k: run two copies of the player with the same
    findings and coins from levels k <= l; up by one (at most K-1) and down by one (at least 0) keep that
    order, and the fines of the higher level are at least those of the lower. A deviation makes the step up
    more likely, r q >= r f, and the step down less, (1-q) g <= (1-f) g: it pays r (q - f) fines[k] >= 0 more
    at once, and the level that follows is higher in the order of first-order dominance, so that W is at
    least as large on average. What a player receives of the others' fines does not depend on the own action.
    So the gain is at most what it was without the ladder. Costs of acts, shared or not, do no harm: acts are
    as frequent at every level, and a deviation only makes one more likely now.

    The conditions are needed: with q < f obeying is what is fined; where fines fall, a record is worth
    having; and those whom the fallback pays more like the end that comes after the last step.
    """
    game, bare = case.build(), case.without("graduated_sanctions").build()
    with_ladder = float(engines.certify(game, case.automata(game)).max_gain)
    without = float(engines.certify(bare, case.automata(bare)).max_gain)
    if with_ladder > without + NEAR * (1 + abs(without)):
        return f"the largest gain is {with_ladder:.9g} with the ladder and {without:.9g} without"
    return None


def _flat_fine(engines: Engines, case: GameDescription) -> str | None:
    """Compare the gain with the closed form.

    Proof. With one step on the ladder there is one joint state. Deviating brings T-R, and an act with
    probability r q in place of r f: a fine F and, where participants pay the acts, half of its cost e.
    """
    stage, watch = case.stage.settings, case.institutions["monitoring"]
    ladder = case.institutions["graduated_sanctions"]
    net = ladder["enforcement"] * (watch["detection"] - watch.get("false_alarm", 0))
    shared = ladder["cost_per_act"] / 2 if ladder["paid_by"] == "participants" else 0
    gain = stage["temptation"] - stage["reward"] - net * (ladder["fines"][0] + shared)
    game = case.build()
    most = float(engines.certify(game, case.automata(game)).max_gain)
    wanted = (1 - case.time["discount_factor"]) * gain
    return f"the largest gain is {most:.9g}, by the closed form {wanted:.9g}" if apart(most, wanted) else None


def _threshold(engines: Engines, case: Comparison) -> str | None:
    """Compare the discount factors from which grim holds at a worse and at a better value of a setting.

    Proofs, with a = T-R > 0 and b = R-P > 0; grim holds from a/D on, and nowhere where D <= a.
    Misreading e, from 0 to 1/2, on a public record: D = a(1-e)^2 + b(1-e)(1-2e), and
    D' = -2a(1-e) - b(3-4e) < 0.
    Detection q >= f: D = a(1-f)^2 + b(1-f)(q-f) rises in q.
    False alarm f <= q: D' = -2a(1-f) - b[(q-f) + (1-f)] < 0.
    Reach p, with misreading e up to 1/2: D = a + p[b(1-e)(1-2e) - a(1-(1-e)^2)]; where the bracket is above
    0 it rises in p, and else D <= a at every p: grim holds nowhere, with more reach and with less.
    """
    worse, better = (
        engines.critical_discount_factor(described.build(), list(described.profile))
        for described in case.each()
    )
    if isinstance(worse, Missing) or isinstance(better, Missing):
        return None
    limits = [math.inf if factor is None else factor for factor in (worse, better)]
    if limits[1] > limits[0] + 1e-7:
        return f"grim holds from {worse} on at {case.values[0]}, from {better} on at {case.values[1]}"
    return None


def _patience(engines: Engines, case: Comparison) -> str | None:
    """Compare the verdicts at two discount factors.

    Proof. Grim holds where d D >= T-R, with D as above, which does not depend on d; both actions of the
    fallback are best replies to each other at any d.
    """
    verdicts = [engines.certify(described.build(), list(described.profile)) for described in case.each()]
    first, second = verdicts
    if str(first.verdict) == "holds" and str(second.verdict) == "fails" and float(second.max_gain) > 1e-7:
        return f"grim holds at the discount factor {case.values[0]} and fails at {case.values[1]}"
    return None


def _altruism(engines: Engines, case: Comparison) -> str | None:
    """Compare the gains of deviating from unconditional cooperation.

    Proof. A deviation changes nothing later. It brings T-R now, and the other S-R < 0, which counts w
    times: (T-R) - w(R-S) falls in w.
    """
    gains = [
        float(engines.certify(described.build(), list(described.profile)).max_gain)
        for described in case.each()
    ]
    if gains[1] > gains[0] + NEAR * (1 + abs(gains[0])):
        return (
            f"deviating gains {gains[0]:.9g} at weight {case.values[0]}, {gains[1]:.9g} at {case.values[1]}"
        )
    return None


def _units(engines: Engines, case: GameDescription) -> str | None:
    """Compare the threshold in other units: payoffs times 4, plus 7 (von Neumann and Morgenstern 1944)."""
    moved = {name: 4 * amount + 7 for name, amount in case.stage.settings.items()}
    other = dataclasses.replace(case, stage=dataclasses.replace(case.stage, settings=moved))
    ends = [engines.critical_discount_factor(g.build(), list(g.profile)) for g in (case, other)]
    numbers = [factor for factor in ends if isinstance(factor, float)]
    if len(numbers) == 1 or (len(numbers) == 2 and apart(*numbers)) or (not numbers and ends[0] != ends[1]):
        return f"the profile holds from {ends[0]} on, in other units from {ends[1]} on"
    return None


def _break_even(engines: Engines, case: GameDescription) -> str | None:
    """Compare verdicts on both sides of the break-even cost of monitoring.

    Proof. The fine deters, so compliance is certified whatever monitoring costs, since that cost is the same
    whatever anybody does. It brings 2(R-P) a round; false alarms take 2 f F of it, which nobody receives, and
    monitoring 2 m. The net benefit is above 0 iff m < (R-P) - f F.
    """
    stage, watch = case.stage.settings, case.institutions["monitoring"]
    fines = watch["false_alarm"] * case.institutions["graduated_sanctions"]["fines"][0]
    break_even = stage["reward"] - stage["punishment"] - fines
    if break_even <= 0.01:
        return None
    for cost, wanted in ((break_even - 0.005, True), (break_even + 0.005, False)):
        text = case.changed("institutions.monitoring.cost", cost).scenario()
        workable = engines.run(text)["arrangements"]["drawn"]["workable"]
        if workable is not wanted:
            return f"at the cost {cost:.6g} workable is {workable}; the break-even is {break_even:.6g}"
    return None


GRIM = "formula of grim trigger's threshold (Green and Porter 1984); proof in the docstring"

STATICS_LAWS: tuple[GameLaw, ...] = (
    GameLaw(
        "ladder", "a repeating ladder of fines that never fall never raises the gain of deviating from a "
        "profile that keeps the agreement in every state, where detection is at least false alarm",
        "coupling of records; proof in the docstring", _ladder, drawn("ladders"), wrong.FINES_AS_INCOME,
    ),
    GameLaw(
        "flat fine", "one fine F takes r(q-f)(F + share of the act's cost) from the gain of deviating",
        "Becker (1968); proof in the docstring", _flat_fine, drawn("flat_fines"), wrong.FINES_UNSEEN,
    ),
    *(
        GameLaw(
            f"grim and {name}", f"{words} never raises the discount factor from which grim trigger holds",
            GRIM, _threshold, drawn("grim_with", path), wrong.IMPATIENT,
        )
        for name, words, path in (
            ("misreading", "less misreading", "information.misreading"),
            ("detection", "more detection", "institutions.monitoring.detection"),
            ("false alarm", "fewer false alarms, where they are rarer than detections,",
             "institutions.monitoring.false_alarm"),
            ("reach", "more reach of transparency", "institutions.transparency.reach"),
        )
    ),
    GameLaw(
        "patience", "where grim trigger holds it holds for the more patient, too",
        "Friedman (1971); proof in the docstring", _patience, drawn("patience"), wrong.IMPATIENT,
    ),
    GameLaw(
        "altruism", "regard for others never raises the gain of deviating from unconditional cooperation",
        "Becker (1974); proof in the docstring", _altruism, drawn("altruism"), wrong.FINES_AS_INCOME,
    ),
    GameLaw(
        "units", "the units of payoffs change no threshold",
        "von Neumann and Morgenstern (1944)", _units, drawn("dilemmas"), wrong.BY_LEVEL,
    ),
    GameLaw(
        "break-even", "workability flips at the break-even of monitoring's cost",
        "Williamson (1985); proof in the docstring", _break_even, drawn("effective_fines"), wrong.ONE_PAYER,
    ),
)  # fmt: skip
"""Laws about what happens when one thing changes; the draws keep to the conditions that each states."""
