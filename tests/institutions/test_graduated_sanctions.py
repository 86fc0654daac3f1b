"""The ladder against a plain simulation of its rules, written down once more in dictionaries."""

import itertools
import warnings

import example_games as examples
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError, GamelabWarning

CHANCE = st.sampled_from([0.0, 0.3, 1.0])
MONEY = st.sampled_from([0.0, 0.5, 1.0, 2.5])


@st.composite
def ladders(draw):
    """Draw the settings of a monitor and of a ladder."""
    return {
        "q": draw(st.sampled_from([0.9, 1.0, 0.0])),
        "f": draw(st.sampled_from([0.0, 0.2])),
        "fines": sorted(draw(st.lists(MONEY, min_size=1, max_size=3))),
        "forgiveness": draw(CHANCE),
        "enforcement": draw(CHANCE),
        "cost_per_act": draw(MONEY),
        "paid_by": draw(st.sampled_from(["participants", "authority"])),
        "paid_to": draw(st.sampled_from(["nobody", "others", "authority"])),
        "after_last": draw(st.sampled_from(["repeat", "end"])),
    }


def build(before, rules):
    watched = gl.monitoring(before, detection=rules["q"], false_alarm=rules["f"])
    return gl.graduated_sanctions(watched, **{name: rule for name, rule in rules.items() if name not in "qf"})


def one_player(action, agreed, level, rules):
    """Yield (probability, fine paid or None, level after) of one player in one move; None: all is over."""
    offence = rules["f"] if action == agreed else rules["q"]
    top = len(rules["fines"]) - 1
    rise = None if rules["after_last"] == "end" and level == top else min(level + 1, top)
    yield offence * rules["enforcement"], rules["fines"][level], rise
    yield offence * (1 - rules["enforcement"]), None, level
    yield (1 - offence) * rules["forgiveness"], None, max(level - 1, 0)
    yield (1 - offence) * (1 - rules["forgiveness"]), None, level


def simulated(n, done, agreed, levels, rules):
    """Return {(fine line per account, cost line per account, next state): probability} for one move."""
    found = {}
    each = [list(one_player(a, g, level, rules)) for a, g, level in zip(done, agreed, levels, strict=True)]
    for combination in itertools.product(*each):
        chance, fines, costs = 1.0, [0.0] * (n + 1), [0.0] * (n + 1)
        for i, (probability, fine, _) in enumerate(combination):
            chance *= probability
            if fine is None:
                continue
            fines[i] -= fine
            if rules["paid_to"] == "authority":
                fines[n] += fine
            if rules["paid_to"] == "others":
                for j in set(range(n)) - {i}:
                    fines[j] += fine / (n - 1)
            for payer in range(n) if rules["paid_by"] == "participants" else [n]:
                costs[payer] -= rules["cost_per_act"] / (n if payer < n else 1)
        after = [level for *_, level in combination]
        state = "ended" if None in after else "levels " + ", ".join(map(str, after))
        key = (*rounded(fines), *rounded(costs), state)
        found[key] = found.get(key, 0.0) + chance
    return {key: chance for key, chance in found.items() if chance > 0}


def rounded(amounts):
    return tuple(round(float(amount), 9) + 0.0 for amount in amounts)


def computed(game, s, p, paid_to):
    """Return the same dictionary, read off the arrays of the game."""
    line = "graduated_sanctions." + ("fine" if paid_to == "nobody" else "transfer")
    fines, costs = (game.flows[name].by_outcome[0] for name in (line, "graduated_sanctions.cost"))
    found = {}
    row = game.probabilities[
        0, min(s, game.probabilities.shape[1] - 1), min(p, game.probabilities.shape[2] - 1)
    ]
    for y in np.flatnonzero(row):
        paid, cost = (part[min(s, len(part) - 1), y] for part in (fines, costs))
        state = game.states[game.next_state[s, y]]
        key = (*rounded(paid), *rounded(cost), state)
        found[key] = found.get(key, 0.0) + row[y]
    return found


def same(ours, theirs):
    assert ours.keys() == theirs.keys()
    for key, chance in ours.items():
        assert abs(chance - theirs[key]) < 1e-12


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name == "team")) for name in examples.SIMPLE]
)
@settings(max_examples=up_to(20))
@given(rules=ladders())
def test_rules_of_the_ladder(name, rules):
    before = examples.ground(name, "none")
    game = build(before, rules)
    K, n = len(rules["fines"]), before.n
    every = list(itertools.product(range(K), repeat=n))
    ends = rules["after_last"] == "end"
    assert (
        list(game.states) == [f"levels {', '.join(map(str, levels))}" for levels in every] + ["ended"] * ends
    )
    assert game.levels.tolist() == [list(levels) for levels in every] + [[-1] * n] * ends
    assert game.start[0].tolist() == [1.0] + [0.0] * (len(game.states) - 1)
    for s, levels in enumerate(every):
        for p, done in enumerate(before.profiles.tolist()):
            same(
                computed(game, s, p, rules["paid_to"]), simulated(n, done, before.agreement[0], levels, rules)
            )


@pytest.mark.parametrize("ground", ["public noise", "private noise", "tremble", "transparent"])
@settings(max_examples=8)
@given(rules=ladders())
def test_the_ladder_follows_deeds_and_not_readings(ground, rules):
    """Whatever players read of each other, the ladder acts on findings, and those on what was really done."""
    before = examples.ground("dilemma", ground)
    game = build(before, rules)
    deeds = before.profiles.tolist()
    for s, levels in enumerate(itertools.product(range(len(rules["fines"])), repeat=2)):
        for p, chosen in enumerate(deeds):
            slip = {tuple(chosen): 1.0}
            if (before.deeds >= 0).any():
                slip = {
                    tuple(d): 0.95 ** sum(map(np.equal, d, chosen))
                    * 0.05 ** sum(map(np.not_equal, d, chosen))
                    for d in deeds
                }
            expected = {}
            for done, chance in slip.items():
                for key, part in simulated(2, done, [0, 0], levels, rules).items():
                    expected[key] = expected.get(key, 0.0) + chance * part
            same(computed(game, s, p, rules["paid_to"]), expected)


@pytest.mark.parametrize("name", examples.SIMPLE)
@pytest.mark.parametrize("ground", ["none", "tremble"])
def test_after_the_end_nothing_moves(name, ground):
    before = examples.ground(name, ground)
    rules = {
        "q": 0.9,
        "f": 0.1,
        "fines": [1, 2],
        "cost_per_act": 0.5,
        "after_last": "end",
        "paid_to": "others",
    }
    game = build(before, rules)
    end = game.states.index("ended")
    assert end == len(game.states) - 1
    assert (game.next_state[end] == end).all()
    assert game.allowed[end].sum(axis=1).tolist() == [1] * before.n
    assert not game.has_choice[end].any()
    assert game.agreement[end].tolist() == [-1] * before.n
    assert game.over.tolist() == [False] * end + [True]
    table = examples.paid_on_average(before, "material")[0, 0]
    weights = [np.prod([before.fallback[0, 0, i, a] for i, a in enumerate(p)]) for p in before.profiles]
    for line in game.flows:
        paid = examples.paid_on_average(game, line)[0, end]
        expected = np.dot(weights, table) if line == "material" else 0
        np.testing.assert_allclose(paid, np.broadcast_to(expected, paid.shape), atol=1e-12)


def test_the_end_pays_a_mixed_fallback():
    pennies = [[[1, -1], [-1, 1]], [[-1, 1], [1.5, -1]]]
    stage = gl.normal_form(
        payoffs=pennies, agreement=["1", "1"], fallback=[{"1": 0.25, "2": 0.75}, {"1": 0.5, "2": 0.5}]
    )
    rules = {"q": 1, "f": 0, "fines": [1], "after_last": "end"}
    game = build(gl.repeated(stage, discount_factor=0.5, observe="none"), rules)
    expected = sum(
        w * np.array(pennies[a][b])
        for (a, b), w in zip(itertools.product((0, 1), repeat=2), [0.125, 0.125, 0.375, 0.375], strict=True)
    )
    for p in range(4):
        assert examples.paid_on_average(game, "material")[0, 1, p, :2] == pytest.approx(expected)


def test_the_end_may_differ_between_points():
    stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=np.array([0.5, 1.0]), sucker=0)
    game = build(
        gl.repeated(stage, discount_factor=0.5, observe="none"),
        {"q": 1, "f": 0, "fines": [1], "after_last": "end"},
    )
    assert examples.paid_on_average(game, "material")[:, 1, :, 0].tolist() == [[0.5] * 4, [1.0] * 4]


def test_batched_fines():
    watched = examples.ground("dilemma", "findings")
    game = gl.graduated_sanctions(watched, fines=[1, np.array([2.0, 3.0])])
    assert game.shape == (2,)
    paid = game.flows["graduated_sanctions.fine"].by_outcome
    assert (paid.min(axis=(1, 2))[:, :2] == [[-2, -2], [-3, -3]]).all()


@pytest.mark.parametrize("fines", [[2, 1], [1, 3, 2], [np.array([1, 5]), np.array([2, 4])]])
def test_falling_fines_warn(fines):
    with pytest.warns(
        GamelabWarning, match="fine .* is lower than fine .*; graduated fines never fall"
    ) as caught:
        gl.graduated_sanctions(examples.ground("dilemma", "findings"), fines=fines)
    assert [warning.filename for warning in caught] == [__file__], "the warning points to the caller's line"


@pytest.mark.parametrize("fines", [[1], [0, 0], [1, 1, 2], [np.array([1, 2]), 2]])
def test_level_or_rising_fines_do_not_warn(fines):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gl.graduated_sanctions(examples.ground("dilemma", "findings"), fines=fines)


@pytest.mark.parametrize("ground", ["stage", "public", "private noise", "tremble", "transparent"])
def test_findings_are_needed(ground):
    with pytest.raises(GameError, match="graduated_sanctions needs findings: put monitoring before it"):
        gl.graduated_sanctions(examples.ground("dilemma", ground), fines=[1])


@pytest.mark.parametrize("ground", ["ladder", "ladder that ends"])
def test_second_ladder_is_refused(ground):
    with pytest.raises(GameError, match="a ladder of sanctions is there already"):
        gl.graduated_sanctions(examples.ground("dilemma", ground), fines=[1])


def test_monitoring_after_the_ladder_is_refused():
    with pytest.raises(GameError, match="findings are made already"):
        gl.monitoring(examples.ground("dilemma", "ladder"), detection=0.5)


def test_nobody_else_to_pay():
    alone = gl.normal_form(payoffs=[[1], [2]], agreement=["1"])
    watched = gl.monitoring(gl.repeated(alone, discount_factor=0.5, observe="none"), detection=0.5)
    with pytest.raises(GameError, match="there are no others to pay") as refusal:
        gl.graduated_sanctions(watched, fines=[1], paid_to="others")
    assert refusal.value.key == "paid_to"
    assert gl.graduated_sanctions(watched, fines=[1]).n == 1


def test_kinds_of_lines():
    for paid_to, line, kind in [
        ("nobody", "fine", "fine"),
        ("others", "transfer", "transfer"),
        ("authority", "transfer", "transfer"),
    ]:
        game = gl.graduated_sanctions(examples.ground("team", "findings"), fines=[1], paid_to=paid_to)
        assert game.flows[f"graduated_sanctions.{line}"].kind == kind
        assert game.flows["graduated_sanctions.cost"].kind == "cost"


@settings(max_examples=up_to(15))
@given(
    q=st.floats(0.5, 1).map(lambda x: round(x, 2)),
    f=st.floats(0, 0.3).map(lambda x: round(x, 2)),
    r=st.floats(0.3, 1).map(lambda x: round(x, 2)),
    e=st.sampled_from([0.0, 0.5]),
    payer=st.sampled_from(["participants", "authority"]),
    d=st.sampled_from([0.0, 0.5, 0.95]),
    above=st.booleans(),
)
def test_a_flat_fine_deters_from_the_closed_form(q, f, r, e, payer, d, above):
    """r(q-f)(F + e/n) >= T-R where participants pay the acts, r(q-f)F >= T-R where the authority does."""
    fine = 2 / (r * (q - f)) - (e / 2 if payer == "participants" else 0)
    fine = max(fine * (1.001 if above else 0.999), 0)
    watched = gl.monitoring(
        gl.repeated(examples.dilemma(), discount_factor=d, observe="none"), detection=q, false_alarm=f
    )
    game = gl.graduated_sanctions(watched, fines=[fine, fine], enforcement=r, cost_per_act=e, paid_by=payer)
    assert gl.certify(game, "comply", best_response_gain=False).verdict == ("holds" if above else "fails")


def test_a_long_ladder_over_two_moves_is_refused_before_it_is_built():
    """Its chances differ by state and are kept for every level; they were not counted and took a gigabyte."""
    stage = gl.time_inconsistency(value=10, cost=2, payment=4)
    game = gl.monitoring(gl.repeated(stage, discount_factor=0.6), detection=0.9, cost=0.2)
    with pytest.raises(GameError, match="fewer fines"):
        gl.graduated_sanctions(game, fines=[*range(100)])
    ladder = gl.graduated_sanctions(game, fines=[*range(10)])
    assert ladder.probabilities.size == 10**2 * game.probabilities.shape[1] * 4 * len(ladder.outcomes)
