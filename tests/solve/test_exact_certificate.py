"""Certificates in fractions: against dictionaries and loops, closed forms, and a check without the solver."""

from fractions import Fraction

import pytest
import reference as ref
from draws import matches
from exact_games import exact_twin
from hypothesis import given, settings
from profiles import up_to

import gamelab as gl
from gamelab.model.exactness import exactly
from gamelab.solve import certificate
from gamelab.solve.exact_certificate import exact_certify
from gamelab.strategies.profile import profile_of

F = Fraction
HALF = F(1, 2)


def dilemma(discount_factor=HALF, payoffs=(5, 3, 1, 0), **settings):
    with exactly():
        T, R, P, S = payoffs
        stage = gl.prisoners_dilemma(temptation=T, reward=R, punishment=P, sucker=S)
    return gl.repeated(stage, discount_factor=discount_factor, **settings)


@settings(max_examples=up_to(30))
@given(matches())
def test_gains_equal_plain_loops_in_fractions(match):
    game, automata = match
    twin, twins = exact_twin(game, automata)
    found = exact_certify(twin, twins)
    plain, loops = ref.both_exact(game, automata)
    informed = max(ref.best_response_gain(plain, loops, i) for i in range(game.n))
    assert found.upper == informed
    if found.concept != "Nash":
        assert found.max_gain == ref.max_gain(plain, loops, normalised=True)[0]
        assert found.best_response_gain == informed
        assert found.holds == (found.max_gain is None or found.max_gain <= 0)


@settings(max_examples=up_to(20))
@given(matches())
def test_floats_come_to_the_same(match):
    game, automata = match
    found, rounded = exact_certify(*exact_twin(game, automata)), certificate.certify(game, automata)
    assert found.concept == str(rounded.concept.reshape(-1)[0])
    assert float(found.upper) == pytest.approx(float(rounded.upper.reshape(-1)[0]), abs=1e-9)
    if found.max_gain is not None:
        assert float(found.max_gain) == pytest.approx(float(rounded.max_gain.reshape(-1)[0]), abs=1e-9)
        if found.verdict != str(rounded.verdict.reshape(-1)[0]):
            assert abs(found.max_gain) < 1e-8
    if found.verdict is not None and abs(found.upper) > 1e-8:
        assert found.nash == str(rounded.nash.reshape(-1)[0])


def test_the_verdict_has_no_tolerance():
    """Grim holds from (T-R)/(T-P) on: the smallest step below it fails, in fractions only."""
    at, below = dilemma(F(1, 2)), dilemma(F(1, 2) - F(1, 10**30))
    assert gl.certify(at, "grim").max_gain == 0
    assert gl.certify(at, "grim").holds
    found = gl.certify(below, "grim")
    assert found.verdict == "fails"
    assert 0 < found.max_gain < F(1, 10**29)
    assert found.where["action"] == "D"
    assert str(gl.certify(below.replace(exact=False), "grim").verdict) == "holds"


@pytest.mark.parametrize("e", [F(0), F(1, 50), F(1, 10)])
def test_grim_with_a_noisy_public_record(e):
    T, R, P = 5, 3, 1
    least = F(T - R) / ((T - R) * (1 - e) ** 2 + (1 - e) * (1 - 2 * e) * (R - P))
    assert gl.certify(dilemma(least, misreading=e), "grim").max_gain == 0


@pytest.mark.parametrize("paid_by", ["participants", "authority"])
def test_a_flat_fine(paid_by):
    """Comply holds iff r(q-f)(F + share of the act's cost) >= T-R; the gain is linear in the rest."""
    q, f, r, fine, act, d = F(9, 10), F(1, 50), F(7, 10), F(5, 2), F(1, 10), F(9, 10)
    game = gl.monitoring(dilemma(d, observe="none"), detection=q, false_alarm=f)
    game = gl.graduated_sanctions(game, fines=[fine], enforcement=r, cost_per_act=act, paid_by=paid_by)
    share = act / 2 if paid_by == "participants" else 0
    found = gl.certify(game, "comply")
    assert found.max_gain == (1 - d) * (2 - r * (q - f) * (fine + share))


def test_transparency_and_monitoring():
    p, e, q, f = F(4, 5), F(1, 50), F(9, 10), F(1, 50)
    g = 1 - p * (1 - (1 - e) ** 2)
    published = 2 / (2 * g + p * (1 - e) * (1 - 2 * e) * 2)
    game = gl.transparency(dilemma(published, observe="none"), reach=p, misreading=e)
    assert gl.certify(game, "grim").max_gain == 0
    watched = 2 / (2 * (1 - f) ** 2 + (1 - f) * (q - f) * 2)
    game = gl.monitoring(dilemma(watched, observe="none"), detection=q, false_alarm=f)
    assert gl.certify(game, "grim").max_gain == 0


def test_finitely_many_rounds_unravel():
    found = gl.certify(dilemma(F(9, 10), rounds=4), "grim")
    weights = sum(F(9, 10) ** t for t in range(4))
    assert found.max_gain == 2 / weights
    assert found.where["round"] == 3
    assert found.value_function is None


def test_private_readings_are_bounded_from_above():
    game = dilemma(F(9, 10), observe="private", misreading=F(1, 20))
    found = gl.certify(game, "always_defect")
    assert (found.verdict, found.upper) == ("holds", F(0) if found.concept == "Nash" else found.upper)
    unsure = gl.certify(game, "tit_for_tat")
    assert (unsure.concept, unsure.verdict, unsure.max_gain) == ("Nash", None, None)
    assert float(unsure.upper) == pytest.approx(0.1809, abs=5e-5)
    assert unsure.to_dict()["bounds"] == [None, str(unsure.upper)]


def test_nobody_has_a_choice():
    with exactly():
        stage = gl.normal_form(payoffs=[[[1, 2]]])
    found = gl.certify(gl.repeated(stage, discount_factor=F(1, 2)), "stage_nash")
    assert (found.verdict, found.max_gain, found.where) == ("holds", None, None)


def recheck(game, profile, report):
    """Check a certificate's inequalities from its value function with plain fractions, without the solver."""
    automata = profile_of(game, profile)
    plain, loops = ref.plain(game), [ref.plain_automaton(a, 0, len(game.states)) for a in automata]
    names = [automaton.states for automaton in automata]
    worth = {
        (
            game.states.index(row["state"]),
            *(own.index(q) for own, q in zip(names, row["automaton_states"], strict=True)),
        ): [F(row["values"][player]) for player in game.players]
        for row in report["value_function"]
    }
    most = None
    for joint, here in worth.items():
        for i in range(game.n):
            d = F(game.one_discount[0, min(i, game.one_discount.shape[1] - 1)])
            by_action = {}
            for profile_done in plain.profiles[joint[0]]:
                chance = F(1)
                for j, action in enumerate(profile_done):
                    if j != i:
                        chance *= F(loops[j].action[joint[0], joint[1 + j]].get(action, 0))
                now = sum((F(plain.payoffs[line, joint[0], profile_done][i]) for line in plain.lines), F(0))
                later = sum(
                    (
                        F(share) * worth[after][i]
                        for _, share, after in ref.following(plain, loops, joint, profile_done)
                    ),
                    F(0),
                )
                own = profile_done[i]
                by_action[own] = by_action.get(own, F(0)) + chance * ((1 - d) * now + d * later)
            mixture = loops[i].action[joint[0], joint[1 + i]]
            assert here[i] == sum((F(p) * by_action[a] for a, p in mixture.items()), F(0))
            for action, amount in by_action.items():
                if action not in mixture or len(mixture) > 1:
                    most = amount - here[i] if most is None else max(most, amount - here[i])
    assert F(report["max_gain"]) == most
    assert report["verdict"] == ("holds" if most <= 0 else "fails")


@pytest.mark.parametrize("profile", ["grim", "tit_for_tat", "penance", "always_cooperate"])
@pytest.mark.parametrize("e", [F(0), F(1, 10)])
def test_a_certificate_can_be_checked_without_the_solver(profile, e):
    game = dilemma(F(4, 5), misreading=e)
    recheck(game, profile, gl.certify(game, profile).to_dict())


def test_the_certificate_of_a_ladder_can_be_checked_without_the_solver():
    game = gl.monitoring(dilemma(F(9, 10), observe="none"), detection=F(9, 10), false_alarm=F(1, 10))
    game = gl.graduated_sanctions(game, fines=[F(9, 5), 6, 20], forgiveness=F(1, 2))
    report = gl.certify(game, "comply").to_dict()
    assert len(report["value_function"]) == 9
    recheck(game, "comply", report)
    assert report["verdict"] == "holds"  # although the first fine alone does not deter: 0.8 x 1.8 < 2
    mild = gl.certify(game, {"comply_until": {"level": 1}}).to_dict()
    recheck(game, {"comply_until": {"level": 1}}, mild)
