from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest

import gamelab as gl
from gamelab.errors import InputError
from gamelab.scenario import Claim, exactly_holds, expected_value, holds, loads

from .example import changed

FIRST = (
    "  - says: Nothing unseen is kept\n    arrangement: none\n    quantity: supported\n    is: impossible\n"
)
FINES = "arrangements.hierarchical.institutions.graduated_sanctions.fines"
COST = "arrangements.hierarchical.institutions.monitoring.cost"


def claimed(text):
    """Return the scenario and the claim that a flow mapping makes."""
    scenario = loads(changed((FIRST, f"  - {text}\n")), "f")
    return scenario, scenario.claims[0]


def refusals(text):
    with pytest.raises(InputError) as refusal:
        claimed(text)
    assert all(problem.line and problem.key.startswith("claims.0") for problem in refusal.value.problems)
    return str(refusal.value)


def expected(text):
    return expected_value(*claimed(text))


def test_a_claim_knows_its_place_and_defaults():
    _, claim = claimed("{quantity: cooperation, arrangement: horizontal, equals: 1/2}")
    assert claim.says == "cooperation of horizontal"
    assert (claim.line, claim.within, claim.profile) == (40, 1e-9, None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{quantity: supported, arrangement: none, is: yes}", "yes"),
        ("{quantity: supported, arrangement: none, is: no candidate}", "no candidate"),
        ("{quantity: supported, arrangement: none, is: null}", None),
        ("{quantity: workable, arrangement: horizontal, is: yes}", True),
        ("{quantity: workable, arrangement: horizontal, is: false}", False),
        ("{quantity: workable, arrangement: none, is: ~}", None),
        ("{quantity: best_arrangement, is: hierarchical}", "hierarchical"),
        ("{quantity: workable_arrangements, is: [horizontal, hierarchical]}", ["horizontal", "hierarchical"]),
        ("{quantity: workable_arrangements, is: []}", []),
        ("{quantity: critical_discount_factor, arrangement: none, is: null}", None),
        (f"{{quantity: break_even, arrangement: hierarchical, path: {COST}, is: unbounded}}", "unbounded"),
        ("{quantity: least, arrangement: horizontal, path: parameters.accuracy, is: null}", None),
        ("{quantity: least, arrangement: horizontal, path: game.sucker, is: unbounded}", "unbounded"),
        (f"{{quantity: least, arrangement: hierarchical, path: {FINES}.0, equals: fines.0}}", Fraction(5, 2)),
        (
            f"{{quantity: least, arrangement: hierarchical, path: {FINES}.0, at_most: 1, with: {{{FINES}: [2]}}}}",
            1,
        ),
        ("{quantity: payoff, player: agency, arrangement: none, equals: punishment}", 1),
        ("{quantity: cooperation, arrangement: horizontal, above: cost*2}", Fraction(1, 10)),
        ("{quantity: cooperation, arrangement: horizontal, above: discount_factor}", Fraction(9, 10)),
        (f"{{quantity: cooperation, arrangement: hierarchical, above: {COST} + fines.0}}", Fraction(53, 20)),
        (f"{{quantity: cooperation, arrangement: hierarchical, above: {FINES}.1}}", 4),
        ("{quantity: cooperation, arrangement: none, above: game.reward, with: {game.reward: 4}}", 4),
        (
            "{quantity: max_gain, arrangement: none, is: accuracy, with: {parameters.accuracy: accuracy/2}}",
            Fraction(49, 100),
        ),
        (
            "{quantity: sustainable_discount_factors, arrangement: none, is: [{from: 1/3, to: 1}]}",
            [{"from": Fraction(1, 3), "to": 1}],
        ),
    ],
)
def test_expected_values(text, value):
    got = expected(text)
    assert got == value
    assert type(got) is type(value) or isinstance(got, Fraction)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{quantity: supported, arrangement: none}", "needs a comparison"),
        ("{quantity: cooperation, arrangement: none, above: 1, below: 2}", "one comparison is enough"),
        ("{quantity: cooperation, above: 1}", "cooperation needs 'arrangement'"),
        ("{quantity: best_arrangement, arrangement: none, is: none}", "remove the arrangement"),
        ("{quantity: best_arrangement, profile: grim, is: none}", "remove the profile"),
        ("{quantity: cooperation, arrangement: nune, above: 1}", "did you mean 'none'"),
        ("{quantity: payoff, arrangement: none, above: 1}", "payoff needs 'player'"),
        ("{quantity: payoff, arrangement: none, player: agent, above: 1}", "no player 'agent'"),
        (
            "{quantity: cooperation, arrangement: none, player: agency, above: 1}",
            "goes with payoff",
        ),
        ("{quantity: break_even, arrangement: hierarchical, above: 1}", "break_even needs 'path'"),
        (
            "{quantity: break_even, arrangement: hierarchical, path: x, above: 1}",
            "is no cost of hierarchical",
        ),
        ("{quantity: break_even, arrangement: none, path: x, above: 1}", "none has no cost"),
        ("{quantity: least, arrangement: hierarchical, above: 1}", "monitoring.detection"),
        ("{quantity: least, arrangement: none, above: 1}", "least needs 'path': any number"),
        ("{quantity: least, arrangement: none, path: game.rewrd, above: 1}", "did you mean 'game.reward'"),
        (f"{{quantity: least, arrangement: hierarchical, path: {FINES}, above: 1}}", "is no single number"),
        ("{quantity: least, arrangement: none, path: time.rounds, above: 1}", "is no single number"),
        ("{quantity: least, arrangement: none, path: information.observe, above: 1}", "is no single number"),
        (
            f"{{quantity: least, arrangement: hierarchical, path: {FINES}.1, above: 1, with: {{{FINES}: [2]}}}}",
            "there is no '1'",
        ),
        (f"{{quantity: least, arrangement: none, path: {FINES}.0, above: 1}}", "a setting of hierarchical"),
        (
            "{quantity: cooperation, arrangement: none, path: x, above: 1}",
            "goes with break_even, least or largest",
        ),
        ("{quantity: cooperation, arrangement: horizontal, profile: comply, above: 1}", "there are: grim"),
        (
            "{quantity: cooperation, arrangement: horizontal, profile: {grim: {x: 1}}, above: 1}",
            "no setting 'x'",
        ),
        ("{quantity: supported, arrangement: none, is: true}", "did you mean 'yes'"),
        ("{quantity: supported, arrangement: none, equals: 1}", "write 'is'"),
        ("{quantity: workable, arrangement: none, is: maybe}", "write yes, no or null"),
        ("{quantity: cooperation, arrangement: none, above: null}", "write a number or an expression"),
        ("{quantity: cooperation, arrangement: none, above: 1/0}", "division by zero"),
        ("{quantity: cooperation, arrangement: none, above: rewrd}", "did you mean 'reward'"),
        ("{quantity: cooperation, arrangement: hierarchical, above: fines.3}", "fines.3"),
        ("{quantity: cooperation, arrangement: hierarchical, above: fines}", "not a number"),
        ("{quantity: cooperation, arrangement: hierarchical, above: cost.0}", "cost.0"),
        ("{quantity: cooperation, arrangement: none, above: rounds}", "'rounds' is not given"),
        ("{quantity: cooperation, arrangement: none, above: 1, within: 2}", "which is strict"),
        ("{quantity: cooperation, arrangement: none, equals: 1, within: -1}", "at least 0"),
        ("{quantity: cooperation, arrangement: none, above: 1, with: {rewards: 2}}", "names no setting"),
        (
            "{quantity: cooperation, arrangement: none, above: 1, with: {game.reward: 9}}",
            "no prisoner's dilemma",
        ),
        ("{quantity: workable_arrangements, is: none}", "a list of arrangements"),
        ("{quantity: sustainable_discount_factors, arrangement: none, is: 1}", "a list of intervals"),
    ],
)
def test_what_is_refused(text, words):
    assert words in refusals(text)


def test_an_ambiguous_name_asks_for_a_path():
    changes = [
        ("cost_per_act: 0.1}", "cost_per_act: 0.1}\n      transparency: {cost: 0.1}"),
        ("above: 0", "above: cost"),
    ]
    with pytest.raises(InputError, match=rf"'cost' could be {COST} or .*transparency.cost"):
        loads(changed(*changes))
    loads(changed(changes[0], ("above: 0", f"above: {COST}")))


def test_a_profile_is_one_of_the_candidates_or_a_stage_equilibrium():
    assert (
        claimed("{quantity: supported, arrangement: horizontal, profile: Grudger, is: yes}")[1].profile
        == ["grim"] * 2
    )
    label = claimed(
        "{quantity: max_gain, arrangement: none, profile: {stage_nash: {equilibrium: 0}}, is: 0}"
    )[1].profile
    assert label == [{"stage_nash": {"equilibrium": 0}}] * 2


def claim(comparison, within=1e-9):
    return Claim("", "net_benefit", "a", comparison, None, within=within)


@dataclass
class Interval:
    low: float
    high: float


@pytest.mark.parametrize(
    ("comparison", "value", "wanted", "verdict"),
    [
        ("equals", 0.5 + 1e-10, Fraction(1, 2), True),
        ("equals", 0.5 + 1e-8, Fraction(1, 2), False),
        ("equals", np.float64(0.5), 0.5, True),
        ("is", 0.5, Fraction(1, 2), True),
        ("above", 0.5, 0.5, False),
        ("above", 0.6, 0.5, True),
        ("below", 0.5, 0.5, False),
        ("below", 0.4, 0.5, True),
        ("at_least", 0.5 - 1e-10, 0.5, True),
        ("at_least", 0.4, 0.5, False),
        ("at_most", 0.5 + 1e-10, 0.5, True),
        ("at_most", 0.6, 0.5, False),
        *[(name, None, 0, False) for name in ("equals", "above", "below", "at_least", "at_most", "is")],
        ("above", "unbounded", 0, False),
        ("above", float("nan"), 0, False),
        ("above", True, 0, False),
        ("is", None, None, True),
        ("is", 0.5, None, False),
        ("is", "yes", "yes", True),
        ("is", True, "yes", False),
        ("is", np.True_, True, True),
        ("is", 1, True, False),
        ("is", "unbounded", "unbounded", True),
        ("is", ("a", "b"), ["a", "b"], True),
        ("is", ["b", "a"], ["a", "b"], False),
        ("is", [], [], True),
        ("is", [Interval(1 / 3, 1)], [{"from": Fraction(1, 3), "to": Fraction(1)}], True),
        ("is", [{"from": 0.3, "to": 1.0}], [{"from": Fraction(1, 3), "to": Fraction(1)}], False),
        ("is", [Interval(0, 1)], [], False),
        ("is", None, [], False),
    ],
)
def test_holds(comparison, value, wanted, verdict):
    assert holds(claim(comparison), value, wanted) is verdict


HALF, BESIDE = Fraction(1, 2), Fraction(1, 2) + Fraction(1, 10**9)


@pytest.mark.parametrize(
    ("comparison", "value", "wanted", "verdict"),
    [
        ("equals", BESIDE, HALF, True),  # within is 1/10^9 exactly, and may be reached
        ("equals", BESIDE + Fraction(1, 10**30), HALF, False),
        ("is", HALF, HALF, True),
        ("is", HALF, BESIDE + Fraction(1, 10**30), False),
        ("above", HALF + Fraction(1, 10**30), HALF, True),
        ("above", HALF, HALF, False),
        ("below", HALF - Fraction(1, 10**30), HALF, True),
        ("below", HALF, HALF, False),
        ("at_least", HALF, BESIDE, True),
        ("at_least", HALF, BESIDE + Fraction(1, 10**30), False),
        ("at_most", BESIDE, HALF, True),
        ("at_most", BESIDE + Fraction(1, 10**30), HALF, False),
        ("is", [{"from": "1/2", "to": "1"}], [{"from": HALF, "to": Fraction(1)}], True),
        ("is", [{"from": "1/3", "to": "1"}], [{"from": HALF, "to": Fraction(1)}], False),
        ("is", [{"from": None, "to": "1"}], [{"from": HALF, "to": Fraction(1)}], None),
        ("is", [], [], True),
        ("is", [{"from": "0", "to": "1"}], [], False),
        ("equals", None, HALF, None),
        ("equals", HALF, 0.5, None),
        ("is", "unbounded", "unbounded", None),
    ],
)
def test_exactly_holds(comparison, value, wanted, verdict):
    assert exactly_holds(claim(comparison), value, wanted) is verdict


WEIGHED = """
gamelab: 1
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: 0.9}
information: {observe: none}
accounting: {public_funds: 0.5}
arrangements:
  seen: {institutions: {transparency: {reach: 0.3, cost: 0.1}}, profiles: [grim]}
  fined:
    institutions: {monitoring: {detection: 0.9, cost: 0.1, paid_by: authority}, graduated_sanctions: {fines: [3]}}
    profiles: [comply]
claims:
  - {arrangement: %s, quantity: %s}
"""


@pytest.mark.parametrize(
    ("arrangement", "quantity"),
    [
        ("{fined: 1, seen: -1}", "net_benefit, is: -0.1"),  # 4 - .3 and 4 - .2
        ("{fined: 1/2, none: -1}", "joint_payoff, equals: 1"),
        ("fined", "gain, of: authority, is: -0.2"),
        ("fined", "gain, of: society, equals: -cost"),
        ("fined", "gain, of: player_2, is: 2"),
        ("{fined: 1, seen: 1}", "advantage, equals: 0"),
    ],
)
@pytest.mark.parametrize("exact", ["no", "yes"])
def test_weighted_sums_and_gains_by_account(arrangement, quantity, exact):
    text = WEIGHED % (arrangement, quantity)
    (claim,) = gl.check(loads(text.replace("gamelab: 1", f"gamelab: 1\nexact: {exact}"))).claims
    assert claim["holds"], claim
    assert ("exact_value" in claim) == (exact == "yes")


@pytest.mark.parametrize(
    ("arrangement", "quantity", "message"),
    [
        ("{find: 1, seen: -1}", "net_benefit, is: 0", "no arrangement 'find'; write none, seen or fined"),
        ("{fined: 1}", "supported, is: yes", "supported is no number of several arrangements; name one"),
        ("{fined: 1}", "break_even, path: monitoring.cost, above: 0", "break_even is no number of several"),
        ("{fined: 1}", "net_benefit, profile: comply, above: 0", "remove the profile"),
        ("{fined: much}", "net_benefit, above: 0", "unknown name 'much'"),
        (
            "fined",
            "gain, of: socity, is: 0",
            "no account 'socity'; write player_1, player_2, authority or society",
        ),
        ("fined", "gain, is: 0", "gain needs 'of': player_1, player_2, authority or society"),
        ("fined", "net_benefit, of: society, is: 0", "'of' goes with"),
    ],
)
def test_weighted_sums_and_accounts_that_are_refused(arrangement, quantity, message):
    with pytest.raises(InputError) as refusal:
        loads(WEIGHED % (arrangement, quantity))
    assert message in str(refusal.value)
