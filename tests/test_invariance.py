"""Laws of invariance: added constants, units, names of actions and of players change no verdict and no margin."""

import math

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st
from profiles import ALL

import gamelab as gl
from gamelab.scenario import loads

INSTITUTIONS = {
    "grim": "transparency: {reach: 0.85, misreading: 0.03, cost: %(cost)s}",
    "comply": "monitoring: {detection: 0.9, false_alarm: 0.05, cost: %(cost)s}\n"
    "      graduated_sanctions: {fines: %(fines)s, forgiveness: 0.4, cost_per_act: %(cost)s}",
}
FILE = """
gamelab: 1
game: {kind: normal_form, actions: %(actions)s, payoffs: %(payoffs)s, agreement: %(agreement)s,
  fallback: %(fallback)s}
time: {discount_factor: 0.9}
information: {observe: none}
arrangements:
  ruled:
    institutions:
      %(institutions)s
    profiles: [%(strategy)s]
"""


def solved(payoffs, strategy, scale=1.0, shift=0.0, actions=(("C", "D"), ("C", "D")), swapped=False):
    """Return the results of an arrangement of a two-by-two game, its candidate's margins, and its least values.

    ``payoffs[player][a][b]``, action 0 agreed; ``actions`` is the order in which each player's are written.
    """
    order = [["CD".index(label) for label in labels] for labels in actions]
    table = [[[scale * payoffs[i][a][b] + shift for i in (0, 1)] for b in order[1]] for a in order[0]]
    if swapped:
        table = [[table[a][b][::-1] for a in (0, 1)] for b in (0, 1)]
        actions = actions[::-1]
    fill = {
        "actions": [list(labels) for labels in actions],
        "payoffs": table,
        "agreement": ["C", "C"],
        "fallback": ["D", "D"],
        "strategy": strategy,
    }
    fill["institutions"] = INSTITUTIONS[strategy] % {
        "cost": 0.05 * scale,
        "fines": [3.0 * scale, 6.0 * scale],
    }
    ruled = gl.run(loads(FILE % fill)).arrangements["ruled"]
    candidate = ruled.candidates[0]
    chances = [path for path in ruled.specification.strengths if "fines" not in path]
    money = [path for path in ruled.specification.strengths if "fines" in path]
    return {
        "verdict": candidate.verdict,
        "nash": str(candidate.certificate.nash),
        "supported": ruled.supported(candidate),
        "conduct": ruled.conduct and ruled.conduct.label,
        "workable": ruled.workable(ruled.conduct),
        "best": [(one.low, one.high, one.includes) for one in candidate.sustainable],
        "least": [ruled.quantity(candidate, "least", path=path) for path in chances],
        "least fines": [in_units(ruled.quantity(candidate, "least", path=path), scale) for path in money],
        "break_even": [
            in_units(ruled.quantity(candidate, "break_even", path=path), scale)
            for path in ruled.specification.costs
        ],
        "gain": float(candidate.certificate.max_gain) / scale,
    }


def in_units(amount, scale):
    return amount / scale if isinstance(amount, float) else amount


def same(one, other, within=1e-7):
    """Compare two results: words must be equal, numbers close."""
    if isinstance(one, dict):
        for key in one:
            same(one[key], other[key], within)
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), (one, other)
        for a, b in zip(one, other, strict=True):
            same(a, b, within)
    elif isinstance(one, float) and isinstance(other, float):
        assert math.isclose(one, other, rel_tol=within, abs_tol=within), (one, other)
    else:
        assert one == other


# both gain by what is agreed, and each by deviating from it; not symmetric
DILEMMAS = st.tuples(*(st.tuples(st.sampled_from([4, 5, 7]), st.sampled_from([2.5, 3])) for _ in "ab")).map(
    lambda pairs: (
        [[pairs[0][1], -0.5], [pairs[0][0], 1]],
        [[pairs[1][1], pairs[1][0]], [-0.25, 0.5]],
    )
)
CHANGES = {
    "shift by 1e9": {"shift": 1e9},
    "shift by -1e9": {"shift": -1e9},
    "unit of 1e6": {"scale": 1e6},
    "unit of 1e-6": {"scale": 1e-6},
    "labels of one": {"actions": (("D", "C"), ("C", "D"))},
    "labels of both": {"actions": (("D", "C"), ("D", "C"))},
    "players": {"swapped": True},
}


@pytest.mark.parametrize("strategy", INSTITUTIONS)
@settings(max_examples=2)
@given(payoffs=DILEMMAS, names=st.permutations(sorted(CHANGES)))
def test_nothing_changes_but_the_unit(strategy, payoffs, names):
    plain = solved(payoffs, strategy)
    for name in names if settings.default.max_examples >= ALL else names[:3]:
        note(name)
        change = CHANGES[name]
        # payoffs as written round at 1e-7 of their unit where they are shifted
        same(plain, solved(payoffs, strategy, **change), within=1e-6 if "shift" in change else 1e-7)


def test_these_laws_can_fail():
    payoffs = ([[3, -0.5], [5, 1]], [[3, 5], [-0.25, 0.5]])
    for strategy in INSTITUTIONS:
        plain = solved(payoffs, strategy)
        assert plain["verdict"] == "holds"
        assert all(isinstance(one, float) for one in plain["least"])
        other = solved(([[3, -0.5], [5.01, 1]], payoffs[1]), strategy)
        with pytest.raises(AssertionError):
            same(plain, other)
