"""Who gains and who loses, set-up cost, public funds and budgets: by hand, in floats and in fractions."""

import itertools
from fractions import Fraction

import pytest

import gamelab as gl
from gamelab.errors import InputError
from gamelab.scenario import loads

# one player gains much from the agreement, the other loses a little: 4, 1.2 | 0, 1.3 | 6, -1 | 1, 1
UNEQUAL = """
gamelab: 1
game:
  kind: normal_form
  actions: [C, D]
  agreement: [C, C]
  fallback: [D, D]
  tables:
    - [[4, 0], [6, 1]]
    - [[1.2, 1.3], [-1, 1]]
time: {discount_factor: 0.9}
information: {observe: none}
arrangements:
  fined:
    institutions:
      monitoring: {detection: 1, cost: 0.5}
      graduated_sanctions: {fines: [3]}
    profiles: [comply]
"""
EXACT = ("gamelab: 1", "gamelab: 1\nexact: yes")


def fined(text):
    """Return the arrangement as results have it."""
    return gl.run(loads(text)).to_dict()["arrangements"]["fined"]


@pytest.mark.parametrize("text", [UNEQUAL, UNEQUAL.replace(*EXACT)])
def test_the_best_arrangement_may_have_a_loser(text):
    report = fined(text)
    assert report["workable"] is True
    assert report["gains"] == {
        k: pytest.approx(v) for k, v in dict(player_1=2.5, player_2=-0.3, authority=0).items()
    }
    assert (report["accepted"], report["coverable"]) == (False, True)
    assert report["losers"] == {"player_2": pytest.approx(0.3)}
    assert report["compensation"] == pytest.approx(0.3)
    assert sum(report["gains"].values()) == pytest.approx(report["net_benefit"])


def test_compensation_in_fractions():
    assert fined(UNEQUAL.replace(*EXACT))["exact"]["compensation"] == "3/10"


def test_nobody_loses_where_watching_is_free():
    report = fined(UNEQUAL.replace("cost: 0.5", "cost: 0.1"))
    assert (report["accepted"], report["losers"], report["compensation"]) == (True, {}, 0)


@pytest.mark.parametrize(("budget", "accepted"), [(0.3, False), (0.4, True), ("2/5", True)])
def test_a_budget_that_is_overdrawn(budget, accepted):
    """By hand: the authority watches two players at .2 each."""
    paid = UNEQUAL.replace("cost: 0.5", "cost: 0.2, paid_by: authority")
    paid = paid.replace("arrangements:", f"accounting: {{financed: {{authority: {budget}}}}}\narrangements:")
    report = fined(paid)
    assert report["accepted"] is accepted
    assert report["overdrawn"] == ({} if accepted else {"authority": pytest.approx(0.1)})
    assert fined(paid.replace(*EXACT))["accepted"] is accepted


def test_public_funds_cost_society_more():
    paid = UNEQUAL.replace("cost: 0.5", "cost: 0.5, paid_by: authority")
    plain = fined(paid)
    report = fined(paid.replace("arrangements:", "accounting: {public_funds: 0.3}\narrangements:"))
    assert report["gains"]["society"] == pytest.approx(-0.3)
    assert report["transaction_cost"] == pytest.approx(1.3)
    assert report["net_benefit"] == pytest.approx(plain["net_benefit"] - 0.3)
    assert sum(report["gains"].values()) == pytest.approx(report["net_benefit"])


@pytest.mark.parametrize("exact", [False, True])
def test_a_discount_factor_that_is_written_down_is_the_same_one(exact):
    """By hand: 3 are gained and .5 lost, 2 are paid from public funds, and society bears .3 x 2 beyond them.

    Net benefit is -.1, and so losses are not coverable where all discount alike; without society it is .5.
    """
    text = UNEQUAL.replace("cost: 0.5", "cost: 1, paid_by: authority").replace("1.2, 1.3", "0.5, 1.3")
    apiece = text.replace("discount_factor: 0.9", "discount_factor: {player_1: 0.9, player_2: 0.9}")
    for written, more, coverable in (
        (text, "", False),
        (text, ", discount_factor: 0.9", False),
        (apiece, "", False),
        (text, ", discount_factor: 0.8", True),
    ):
        terms = f"accounting: {{public_funds: 0.3{more}}}\narrangements:"
        result = gl.check(loads(written.replace("arrangements:", terms)), exact=exact)
        arrangement = result.arrangements["fined"]
        assert arrangement.quantity(arrangement.conduct, "net_benefit") == pytest.approx(-0.1)
        assert arrangement.quantity(arrangement.conduct, "coverable") is coverable


@pytest.mark.parametrize(
    ("time", "each_round"),
    [
        ("discount_factor: 0.9", 0.1),
        ("discount_factor: 0.8, continuation_probability: 0.5", 0.6),
        ("rounds: 4", 1 / 4),
        ("rounds: 3, discount_factor: 0.5", 1 / 1.75),
    ],
)
@pytest.mark.parametrize("payer", ["participants", "authority"])
def test_set_up_is_paid_once(time, each_round, payer):
    set_up = f"    set_up: {{cost: 2, paid_by: {payer}}}\n"
    text = UNEQUAL.replace("discount_factor: 0.9", time)
    before, after = fined(text), fined(text + set_up)
    assert after["transaction_cost"] - before["transaction_cost"] == pytest.approx(2 * each_round)
    share = {"participants": -each_round, "authority": 0}[payer]
    assert after["gains"]["player_1"] - before["gains"]["player_1"] == pytest.approx(share)
    for key in ("max_gain", "best_response_gain", "verdict"):
        assert after["certificate"][key] == before["certificate"][key], "it changes no incentive"
    assert after["sustainable_discount_factors"] == before["sustainable_discount_factors"]


def test_up_to_which_set_up_cost_an_arrangement_pays():
    """By hand: 2.2 a round are left without it, and a tenth of it is borne in each round."""
    text = UNEQUAL + "    set_up: {cost: 2}\n"
    path = "arrangements.fined.set_up.cost"
    assert fined(text)["break_even"][path] == pytest.approx(22)
    assert Fraction(fined(text.replace(*EXACT))["exact"]["break_even"][path]) == 22


def test_a_map_over_set_up_cost_and_public_funds():
    """By hand: 2.2 >= .1 cost (1 + rate) along the edge."""
    maps = "maps:\n  - {x: {public_funds: {from: 0, to: 1, points: 3}}, y: {set_up.cost: {from: 10, to: 30, points: 3}},"
    text = UNEQUAL.replace("arrangements:", "accounting: {public_funds: 0}\narrangements:")
    text += (
        "    set_up: {cost: 2, paid_by: authority}\n"
        + maps
        + " show: {quantity: workable, arrangement: fined}}\n"
    )
    (drawn,) = gl.run(loads(text)).maps
    expected = [[int(0.1 * cost * (1 + rate) < 2.2) for rate in (0, 0.5, 1)] for cost in (10, 20, 30)]
    assert drawn["cells"] == expected


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("accounting: {financed: {authorty: 0.3}}", "'authorty' is no account; did you mean 'authority'?"),
        ("accounting: {financed: 3}", "is not amounts by account"),
        ("accounting: {financed: {authority: -1}}", "-1 is not a number of at least 0"),
        ("accounting: {public_funds: -0.1}", "-0.1 is not a number of at least 0"),
        ("accounting: {public_fund: 0.1}", "did you mean 'public_funds'?"),
        (
            "accounting: {discount_factor: 1}",
            "accounting.discount_factor: must be below 1 in an open-ended game",
        ),
    ],
)
def test_terms_that_are_refused(wrong, message):
    with pytest.raises(InputError, match="accounting") as refusal:
        loads(UNEQUAL.replace("arrangements:", f"{wrong}\narrangements:"))
    assert message in str(refusal.value)


def test_a_negative_set_up_cost_is_refused_where_it_stands():
    with pytest.raises(InputError, match=r"set_up.cost: -2 is not a number of at least 0"):
        loads(UNEQUAL + "    set_up: {cost: -2}\n")


def test_where_fines_go_is_said():
    """False alarms of .1 cost two compliant players .1 x 3 each, if nobody receives the fines."""
    text = UNEQUAL.replace("detection: 1", "detection: 1, false_alarm: 0.1")
    report = fined(text)
    assert report["transaction_cost"] == pytest.approx(1 + 0.6)
    assert report["fines"]["other"] == "authority"
    assert report["fines"]["transaction_cost"] == pytest.approx(1)
    assert report["fines"]["workable"] is True
    received = fined(text.replace("fines: [3]", "fines: [3], paid_to: authority"))
    assert received["fines"]["transaction_cost"] == pytest.approx(1.6)


def test_society_pays_no_lump_sum():
    """By hand: the players gain 3.2 and the authority spends 1; society's 5 are nobody's to pay."""
    paid = UNEQUAL.replace("cost: 0.5", "cost: 0.5, paid_by: authority")
    terms = "accounting: {public_funds: 5, discount_factor: 0.5}"
    report = fined(paid.replace("arrangements:", f"{terms}\narrangements:"))
    assert report["net_benefit"] == pytest.approx(3.2 - 1 - 5)
    assert report["coverable"] is True


def test_where_all_discount_alike_net_benefit_decides():
    """Nobody can pay society, but the sum of all gains is what is compared with nothing."""
    paid = UNEQUAL.replace("cost: 0.5", "cost: 0.5, paid_by: authority")
    report = fined(paid.replace("arrangements:", "accounting: {public_funds: 5}\narrangements:"))
    assert report["net_benefit"] == pytest.approx(3.2 - 1 - 5)
    assert report["coverable"] is False


def test_set_up_cost_by_name():
    """By hand: 2 and 1 are paid once, a tenth of each in every round."""
    text = UNEQUAL + "    set_up: {cost: {player_1: 2, player_2: 1}}\n"
    for given_text in (text, text.replace(*EXACT)):
        report = fined(given_text)
        assert report["ledger"]["set_up"] == {
            "player_1": pytest.approx(-0.2),
            "player_2": pytest.approx(-0.1),
            "authority": 0,
        }
        assert report["gains"]["player_2"] == pytest.approx(-0.4)
    changed = gl.run(loads(text), {"set_up.cost.player_2": 0}).arrangements["fined"]
    assert changed.quantity(changed.conduct, "compensation") == pytest.approx(0.3)
    # 2.2 are left without it, .2 of them go to the first: the second may pay ten times the rest
    path = "arrangements.fined.set_up.cost.player_2"
    assert fined(text)["break_even"][path] == pytest.approx(20)


@pytest.mark.parametrize(
    ("set_up", "message"),
    [
        ("{cost: {player_1: 2}}", "has nothing for player_2"),
        ("{cost: {player_1: 2, playr_2: 1}}", "no player is called 'playr_2'"),
        ("{cost: {player_1: 2, player_2: 1}, paid_by: authority}", "costs by name are borne by who is named"),
        ("", "arrangements.fined.set_up: needs 'cost': a number of at least 0"),
        ("{}", "arrangements.fined.set_up: needs 'cost': a number of at least 0"),
        ("{paid_by: authority}", "arrangements.fined.set_up: needs 'cost': a number of at least 0"),
        ("{cost: }", "arrangements.fined.set_up.cost: nothing is given; write a number"),
    ],
)
def test_set_up_costs_that_are_refused(set_up, message):
    with pytest.raises(InputError) as refusal:
        loads(UNEQUAL + f"    set_up: {set_up}\n")
    assert message in str(refusal.value)
    assert len(refusal.value.problems) == 1


def test_the_baseline_costs_nothing_to_establish():
    text = UNEQUAL.replace("arrangements:\n", "arrangements:\n  none: {set_up: {cost: 2}}\n")
    with pytest.raises(InputError) as refusal:
        loads(text)
    (problem,) = refusal.value.problems
    line = 1 + text.split("\n").index("  none: {set_up: {cost: 2}}")
    assert (problem.line, problem.key) == (line, "arrangements.none.set_up")
    assert (
        problem.message
        == "the baseline 'none' costs nothing to establish; give this arrangement another name"
    )


@pytest.mark.parametrize(
    ("financed", "key", "message"),
    [
        ("{authority: }", "financed.authority", "nothing is given; write a number of at least 0"),
        ("{authority: -1}", "financed.authority", "-1 is not a number of at least 0"),
        ("{authority: ten}", "financed.authority", "'ten' is not a number of at least 0"),
        ("", "financed", "nothing is given; write a list or a mapping"),
    ],
)
def test_an_account_that_is_not_financed_by_a_number_is_named(financed, key, message):
    text = UNEQUAL.replace("arrangements:", f"accounting:\n  financed: {financed}\narrangements:")
    with pytest.raises(InputError) as refusal:
        loads(text)
    (problem,) = refusal.value.problems
    assert (problem.key, problem.message) == (f"accounting.{key}", message)


def test_a_share_of_one_total_cannot_be_changed():
    with pytest.raises(InputError, match="is one total here"):
        gl.run(loads(UNEQUAL + "    set_up: {cost: 2}\n"), {"set_up.cost.player_1": 1}).to_dict()


TERMS = (
    UNEQUAL.replace("cost: 0.5", "cost: 0.5, paid_by: authority").replace(
        "arrangements:",
        "accounting: {financed: {authority: 0.3}, discount_factor: 0.5, public_funds: 1}\narrangements:",
    )
    + "    set_up: {cost: 2, paid_by: authority}\n"
)
LIMITS = {
    "accounting.financed.authority": (0, 2),
    "accounting.discount_factor": (0.1, 0.9),
    "accounting.public_funds": (0, 2),
    "arrangements.fined.set_up.cost": (0, 8),
    "arrangements.fined.institutions.monitoring.cost": (0, 1),
}


SHOWN = itertools.cycle(("accepted", "coverable", "net_benefit"))


@pytest.mark.parametrize(("paths", "show"), list(zip(itertools.combinations(LIMITS, 2), SHOWN)))
def test_a_map_over_terms_that_no_game_depends_on(paths, show, monkeypatch):
    """Every cell is a run of its own, also where the game is the same all over the map."""
    monkeypatch.setattr("gamelab.experiment.grid.maps.WITHIN", 1.0)  # cells are tried, not boundaries
    x, y = paths
    ranges = [f"{{{path}: {{from: {LIMITS[path][0]}, to: {LIMITS[path][1]}, points: 2}}}}" for path in paths]
    drawn = f"maps:\n  - {{x: {ranges[0]}, y: {ranges[1]}, show: {{quantity: {show}, arrangement: fined}}}}\n"
    scenario = loads(TERMS + drawn)
    (found,) = gl.run(scenario).maps
    for (i, b), (j, a) in itertools.product(enumerate(found["y"]["values"]), enumerate(found["x"]["values"])):
        arrangement = gl.run(scenario, {x: a, y: b}).arrangements["fined"]
        wanted = arrangement.quantity(arrangement.conduct, show)
        cell = found["numbers"][i][j] if "numbers" in found else found["cells"][i][j]
        assert cell == pytest.approx(float(wanted)), (a, b)
