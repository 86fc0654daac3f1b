"""Riskiness, frequencies and largest values in a scenario: claims, fractions, maps and what has no answer."""

import pytest

import gamelab as gl
from gamelab.errors import InputError
from gamelab.scenario import loads

FILE = """
gamelab: 1
title: Dal Bo and Frechette
players: [agency, association]
parameters: {{accuracy: 0.9}}
game: {{kind: prisoners_dilemma, temptation: 50, reward: 32, punishment: 25, sucker: 12}}
time: {{discount_factor: 0.75}}
exact: {exact}
arrangements:
  none: {{profiles: [grim, tit_for_tat]}}
  watched:
    institutions:
      monitoring: {{detection: accuracy, false_alarm: 1 - accuracy, cost: 0.1}}
      graduated_sanctions: {{fines: [40]}}
    profiles: [comply]
claims:
  - {{arrangement: none, profile: grim, quantity: basin_of_defection, equals: 13/16, within: 1e-14}}
  - {{arrangement: none, profile: grim, quantity: risk_dominant_from, equals: 31/38, within: 1e-14}}
  - {{arrangement: none, profile: grim, quantity: basin_of_defection, is: 1, with: {{reward: 26}}}}
  - {{arrangement: none, quantity: risk_dominant_from, is: not asked, with: {{time.rounds: 3, discount_factor: 1}}}}
  - {{arrangement: watched, quantity: frequency, of: offence, equals: 1 - accuracy}}
  - {{arrangement: watched, quantity: frequency, of: C, equals: 9/10, with: {{tremble: 0.1}}}}
  - {{arrangement: watched, quantity: largest, path: cost, is: unbounded}}
  - {{arrangement: watched, quantity: largest, path: temptation, equals: reward + 40*(2*accuracy - 1)}}
  - {{arrangement: watched, quantity: least, path: accuracy, equals: 1/2 + (temptation - reward)/80}}
  - {{arrangement: watched, quantity: largest, path: accuracy, equals: 1}}
  - {{arrangement: none, profile: grim, quantity: largest, path: temptation, equals: reward + 3*(reward - punishment)}}
  - {{arrangement: none, profile: grim, quantity: largest, path: temptation, with: {{temptation: 60}},
     equals: reward + 3*(reward - punishment)}}
  - {{arrangement: watched, quantity: basin_of_defection, equals: 0}}
maps:
  - x: {{time.discount_factor: {{from: 0.7, to: 0.9, points: 3}}}}
    y: {{reward: {{from: 32, to: 40, points: 2}}}}
    show: {{quantity: basin_of_defection, arrangement: none, profile: grim}}
  - x: {{time.discount_factor: {{from: 0.7, to: 0.9, points: 2}}}}
    y: {{accuracy: {{from: 0.8, to: 0.9, points: 2}}}}
    show: {{quantity: frequency, of: offence, arrangement: watched, profile: comply}}
"""


@pytest.mark.parametrize("exact", ["no", "yes"])
def test_claims(exact):
    results = gl.run(loads(FILE.format(exact=exact)))
    assert [claim["says"] for claim in results.claims if not claim["holds"]] == []
    basin, from_ = results.claims[:2]
    if exact == "yes":
        assert (basin["exact_value"], from_["exact_value"]) == ("13/16", "31/38")


def test_maps():
    basin, offences = gl.run(loads(FILE.format(exact="no"))).maps

    def share(R, d):
        T, P, S = 50, 25, 12
        form = (1 - d) * (P - S) / ((1 - d) * (R + P - S - T) + d * (R - P))
        return form if d >= (T - R) / (T - P) else 1

    expected = [[share(R, d) for d in (0.7, 0.8, 0.9)] for R in (32, 40)]
    assert basin["numbers"] == [pytest.approx(row) for row in expected]
    assert offences["numbers"] == [pytest.approx([0.2, 0.2]), pytest.approx([0.1, 0.1])]


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (
            "{arrangement: watched, quantity: frequency, above: 0}",
            "frequency needs 'of': C, D, clean, offence",
        ),
        ("{arrangement: watched, quantity: frequency, of: offense, above: 0}", "claims.0.of: no action"),
        ("{arrangement: watched, quantity: frequency, of: offense, above: 0}", "did you mean 'offence'?"),
        ("{arrangement: none, quantity: frequency, of: offence, above: 0}", "no action, finding or outcome"),
        (
            "{arrangement: none, quantity: payoff, of: C, player: agency, above: 0}",
            "'of' goes with gain or frequency",
        ),
        ("{arrangement: none, quantity: largest, above: 0}", "largest needs 'path'"),
    ],
)
def test_what_is_refused(claim, words):
    head, _, _ = FILE.format(exact="no").partition("claims:")
    with pytest.raises(InputError) as refusal:
        loads(f"{head}claims:\n  - {claim}\n")
    assert words in str(refusal.value)


def test_what_has_no_answer():
    three = (
        FILE.format(exact="no").partition("arrangements:")[0].replace("[agency, association]", "[a, b, c]")
    )
    three = three.replace(
        "kind: prisoners_dilemma, temptation: 50, reward: 32, punishment: 25, sucker: 12",
        'kind: normal_form, agreement: ["1", "1", "1"], fallback: ["2", "2", "2"], '
        "payoffs: [[[[2, 2, 2], [0, 0, 0]], [[0, 0, 0], [0, 0, 0]]], [[[0, 0, 0], [0, 0, 0]], [[0, 0, 0], [1, 1, 1]]]]",
    )
    claims = "claims:\n" + "".join(
        f"  - {{arrangement: none, profile: always_cooperate, quantity: {rest}}}\n"
        for rest in ("risk_dominant_from, is: not asked", "basin_of_defection, equals: 2^0.5 - 1")
    )
    results = gl.run(loads(three + "arrangements: {none: {profiles: [always_cooperate]}}\n" + claims))
    assert results.claims[0]["value"] == "not asked"
    # 2 x^2 = (1 - x)^2
    assert results.all_claims_hold, results.claims
