"""Certificates: verdict, largest gain and its place, best response, invariance, known cases."""

import itertools

import draws
import numpy as np
import pytest
import reference as ref
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.model.ledger import Flow
from gamelab.solve.certificate import certify
from gamelab.solve.moves import TOLERANCE, material_spread
from gamelab.strategies.profile import profile_of

NUMBERS = ("max_gain", "best_response_gain", "lower", "upper")
WORDS = ("verdict", "concept", "nash")


def close(number, wanted, scale=1.0):
    np.testing.assert_allclose(number, wanted, rtol=1e-9, atol=1e-9 * scale)


def with_flows(game, change):
    """Return the game with ``change(line, array, kind of array)`` in place of every array of payoffs."""
    flows = {
        line: Flow(
            flow.kind,
            None if flow.by_profile is None else change(line, flow.by_profile, "profile"),
            None if flow.by_outcome is None else change(line, flow.by_outcome, "outcome"),
        )
        for line, flow in game.flows.items()
    }
    return game.replace(flows=flows)


@settings(max_examples=up_to(60))
@given(draws.matches())
def test_largest_gain_place_and_best_response_equal_the_reference(match):
    game, _ = match
    found = certify(*match)
    plain_game, _ = ref.both(*match)
    best = max(ref.best_response_gain(*match, i) for i in range(game.n))
    close(found.upper, best)
    if not ref.inferable(*match, last_round=False):
        assert found.concept == "Nash"
        assert np.isnan(found.max_gain)
        assert found.lower <= found.upper + 1e-9
        assert found.verdict == found.nash
        return
    close(found.best_response_gain, best)
    gains = ref.one_shot_gains(*match)
    slack = TOLERANCE * float(material_spread(game)[0])
    largest = max(gains.values(), default=-np.inf)
    if abs(largest - slack) > 1e-12:
        assert found.verdict == ("holds" if largest <= slack else "fails")
    if not gains:
        assert found.where is None
        return
    close(found.max_gain, ref.max_gain(*match, normalised=True)[0])
    at = {key: entry.tolist() for key, entry in found.place.items()}
    place = (
        None if game.rounds is None else at["round"],
        (at["state"], *at["automaton_states"]),
        at["player"],
        at["action"],
    )
    close(gains[place] * ref.normaliser(plain_game, at["player"]), found.max_gain)


def same_point(found, place, alone):
    for name in NUMBERS:
        close(getattr(found, name)[place], getattr(alone, name).reshape(()))
    for name in WORDS:
        assert getattr(found, name)[place] == getattr(alone, name).reshape(())
    if np.isfinite(alone.max_gain).all():
        for key, entry in found.place.items():
            assert entry[place].tolist() == alone.place[key].reshape(entry[place].shape).tolist()


@settings(max_examples=up_to(15))
@given(draws.matches(points=4))
def test_a_batch_is_its_points(match):
    game, automata = match
    found = certify(game, automata)
    for k in range(4):
        same_point(found, k, certify(game.take(slice(k, k + 1)), [a.take(slice(k, k + 1)) for a in automata]))


@settings(max_examples=up_to(15))
@given(
    draws.grids(),
    st.sampled_from(sorted(draws.ARRANGEMENTS)),
    st.sampled_from(draws.STRATEGIES),
    st.sampled_from([None, None, 3]),
)
def test_a_grid_of_a_built_game_is_its_points(grid, name, strategy, rounds):
    game = draws.arranged(name, grid, rounds)
    try:
        automata = profile_of(game, strategy)
    except GameError:
        assume(False)
    found = certify(game, automata)
    for k in range(3):
        point = {key: entry[k] for key, entry in grid.items()}
        same_point(found, k, gl.certify(draws.arranged(name, point, rounds), strategy))


# ------------------------------------------------------------------------------------------- invariance


@settings(max_examples=up_to(25))
@given(draws.matches(), st.sampled_from([1e-6, 1e6]))
def test_scaled_payoffs_scale_the_numbers(match, scale):
    game, automata = match
    found = certify(game, automata)
    scaled = certify(with_flows(game, lambda line, array, part: array * scale), automata)
    for name in WORDS:
        assert getattr(scaled, name) == getattr(found, name)
    for name in NUMBERS:
        close(getattr(scaled, name) / scale, getattr(found, name))


@settings(max_examples=up_to(25))
@given(draws.matches())
def test_a_shift_of_all_material_payoffs_changes_nothing_but_values(match):
    game, automata = match
    owed = np.array([1e9] * game.n + [0])
    # in eighths, so that 1e9 more is no other game by rounding
    exact = with_flows(game, lambda line, array, _: np.round(array * 8) / 8 if line == "material" else array)

    def shift(line, array, part):
        if line != "material" or part != "profile":
            return array
        return array + owed * game.ends_round[None, :, None, None]

    shifted = with_flows(exact, shift)
    found, moved = certify(exact, automata), certify(shifted, automata)
    spread = float(material_spread(exact)[0])
    for name in WORDS:
        assert getattr(moved, name) == getattr(found, name)
    for name in NUMBERS:
        np.testing.assert_allclose(
            getattr(moved, name), getattr(found, name), rtol=0, atol=1e-6 * spread + 1e-9
        )
    before, after = gl.value(exact, automata), gl.value(shifted, automata)
    np.testing.assert_allclose(after.payoffs - 1e9, before.payoffs, rtol=0, atol=1e-6)
    np.testing.assert_allclose(after.cooperation, before.cooperation)


@pytest.mark.parametrize("shift", [0, 1e9])
@pytest.mark.parametrize(("d", "verdict"), [(0.5 - 1e-6, "fails"), (0.5, "holds"), (0.5 + 1e-6, "holds")])
def test_a_knife_edge_stays_where_it_is(shift, d, verdict):
    for scale in (1e-6, 1, 1e6):
        T, R, P, S = scale * np.array([5.0, 3, 1, 0]) + shift * scale
        found = gl.certify(draws.dilemma((T, R, P, S), discount_factor=d), "grim")
        assert found.verdict == found.nash == verdict


def test_best_responses_see_small_gains_in_small_units():
    # the same game, in millionths: a gain of 2e-8 of the spread fails, whatever the unit
    for scale in (1, 1e-3, 1e-6, 1e-9):
        T, R, P, S = scale * np.array([5.0, 3, 1, 0])
        found = gl.certify(draws.dilemma((T, R, P, S), discount_factor=0.5 - 1e-8), "grim")
        assert (found.verdict, found.nash) == ("fails", "fails"), scale


# ------------------------------------------------------------------------------ the value function is proof


def proves(game, joint_states, values, automata):
    """Check the values that a certificate carries in plain loops: Bellman's equation and every deviation."""
    game, automata = ref.both(game, automata)
    worth = {tuple(joint): row for joint, row in zip(joint_states.tolist(), values, strict=True)}
    d = game.one_discount[0]

    def after(joint, profile, i):
        now = (1 - d) * ref.stage_utility(game, joint[0], profile, i)
        return now + sum(
            d * chance * worth[to][i] for _, chance, to in ref.following(game, automata, joint, profile)
        )

    for joint, i in itertools.product(worth, range(game.players)):
        played = ref.prescribed(game, automata, joint)
        if abs(sum(chance * after(joint, profile, i) for profile, chance in played) - worth[joint][i]) > 1e-8:
            return False
        for action in game.allowed[joint[0], i]:
            changed = [((*profile[:i], action, *profile[i + 1 :]), chance) for profile, chance in played]
            if sum(chance * after(joint, profile, i) for profile, chance in changed) > worth[joint][i] + 1e-8:
                return False
    return True


def test_a_certificate_carries_what_proves_it():
    ladder = gl.graduated_sanctions(
        gl.monitoring(draws.dilemma(discount_factor=0.9, observe="none"), detection=0.9, false_alarm=0.1),
        fines=[1.8, 6, 20],
        forgiveness=0.5,
    )
    cases = [
        (draws.dilemma(discount_factor=0.6), "grim", "holds"),
        (draws.dilemma(discount_factor=0.6, misreading=0.02, tremble=0.01), "grim", "holds"),
        (ladder, "comply", "holds"),
        (draws.dilemma(discount_factor=0.4), "grim", "fails"),
        (draws.dilemma(discount_factor=0.9), "tit_for_tat", "fails"),
    ]
    for game, strategy, verdict in cases:
        found = gl.certify(game, strategy)
        assert found.verdict == verdict
        assert proves(game, found.joint_states, found.values, found.automata) is (verdict == "holds")
        for place in np.ndindex(found.values.shape):
            tampered = found.values.copy()
            tampered[place] += 1e-3
            assert not proves(game, found.joint_states, tampered, found.automata)


@settings(max_examples=up_to(30))
@given(
    draws.matches(rounds=st.none(), states=st.just(1), counts_own=st.just(False), observe=st.just("public"))
)
def test_carried_values_prove_exactly_the_verdict(match):
    game, automata = match
    game = game.replace(discount_factor=game.discount_factor[..., :1])
    found = certify(game, automata)
    assert set(map(tuple, found.joint_states.tolist())) == ref.reachable(game, automata)
    at_start = [tuple(row[1:]) == tuple(a.start for a in automata) for row in found.joint_states.tolist()]
    close(found.values[at_start][0], gl.value(game, automata).utilities)
    if not 0 < found.max_gain < 1e-6:
        assert proves(game, found.joint_states, found.values, automata) is bool(found.holds)


# ------------------------------------------------------------------------------------------- known cases


@pytest.mark.parametrize("e", [0, 0.02, 0.1, 0.3])
@pytest.mark.parametrize("payoffs", [(5, 3, 1, 0), (3, 2, 0, -1), (50, 32, 25, 12)])
def test_grim_on_either_side_of_its_threshold(payoffs, e):
    T, R, P, _ = payoffs
    least = (T - R) / ((T - R) * (1 - e) ** 2 + (1 - e) * (1 - 2 * e) * (R - P))
    d, wanted = [0.999999], ["fails"]
    if least < 1:
        d, wanted = [least - 1e-7, least, least + 1e-7, 0.999999], ["fails", "holds", "holds", "holds"]
    found = gl.certify(draws.dilemma(payoffs, discount_factor=np.array(d), misreading=e), "grim")
    assert found.verdict.tolist() == wanted


def test_one_shot_gains_on_the_path_do_not_certify_nash():
    game = draws.dilemma((5, 3, 2.9, 0), discount_factor=0.8)
    found = gl.certify(game, "tit_for_tat")
    gains = ref.one_shot_gains(game, found.automata)
    assert (1 - 0.8) * gains[None, (0, 0, 0), 0, 1] == pytest.approx(5 / 1.8 - 3)  # -0.22
    assert found.best_response_gain == pytest.approx(0.32, abs=1e-9)
    assert found.nash == "fails"


@pytest.mark.parametrize(("false_alarm", "gain", "verdict"), [(0.1, -0.0292, "holds"), (0, 0.0380, "fails")])
def test_with_false_alarms_the_record_itself_is_worth_protecting(false_alarm, gain, verdict):
    game = draws.dilemma(discount_factor=0.9, observe="none")
    game = gl.monitoring(game, detection=0.9, false_alarm=false_alarm)
    found = gl.certify(gl.graduated_sanctions(game, fines=[1.8, 6, 20], forgiveness=0.5), "comply")
    assert found.max_gain == pytest.approx(gain, abs=5e-5)
    assert found.verdict == verdict


@pytest.mark.parametrize("paid_by", ["participants", "authority"])
@pytest.mark.parametrize(("q", "f", "r", "e"), [(0.9, 0, 1, 0), (0.9, 0.1, 0.8, 0.5), (0.7, 0.2, 1, 1.5)])
@pytest.mark.parametrize("d", [0, 0.5, 0.999999])
def test_a_flat_fine_deters_at_every_discount_factor_or_at_none(paid_by, q, f, r, e, d):
    least = (5 - 3) / (r * (q - f)) - (e / 2 if paid_by == "participants" else 0)
    for fine, verdict in [(least + 1e-6, "holds"), (least, "holds"), (least - 1e-6, "fails")]:
        game = gl.monitoring(draws.dilemma(discount_factor=d, observe="none"), detection=q, false_alarm=f)
        game = gl.graduated_sanctions(game, fines=[fine], enforcement=r, cost_per_act=e, paid_by=paid_by)
        found = gl.certify(game, "comply")
        assert found.verdict == verdict
        assert found.max_gain == pytest.approx((1 - d) * r * (q - f) * (least - fine), abs=1e-9)


@pytest.mark.parametrize("d", [0, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("fines", [[0, 100], [0, 50, 100], [0, 2.2, 100]])
def test_a_free_first_warning_never_deters(d, fines):
    game = gl.monitoring(draws.dilemma(discount_factor=d, observe="none"), detection=0.95)
    found = gl.certify(gl.graduated_sanctions(game, fines=fines, forgiveness=0.3), "comply")
    assert found.verdict == "fails"
    assert found.max_gain >= (1 - d) * 2 - 1e-9
    assert found.where["state"].startswith("levels 0")


def test_a_free_warning_that_is_the_last_before_the_end_can_deter():
    game = gl.monitoring(draws.dilemma(discount_factor=0.9, observe="none"), detection=0.95)
    ended = gl.graduated_sanctions(game, fines=[0], after_last="end")
    # staying away costs 3 - 1 a round for ever, one deviation brings 2 now
    assert gl.certify(ended, "comply").max_gain == pytest.approx(0.1 * (2 - 0.95 * 0.9 / 0.1 * 2), abs=1e-9)


@pytest.mark.parametrize(
    ("payoffs", "least"), [((5, 3, 1, 0), 2 / 3), ((3, 2, 0, -1), 1 / 3), ((6, 4, 3, 0), 1)]
)
def test_altruism_makes_cooperation_dominant(payoffs, least):
    T, R, P, S = payoffs
    assert least == pytest.approx(max((T - R) / (R - S), (P - S) / (T - P)))
    for weight, verdict in [(least + 1e-6, "holds"), (least, "holds"), (least - 1e-6, "fails")]:
        for time in ({"discount_factor": 0.3, "observe": "none"}, {"rounds": 1}):
            game = gl.altruism(draws.dilemma(payoffs, **time), weight=weight)
            defected = gl.certify(game, "always_defect").max_gain
            kept = gl.certify(game, "always_cooperate").max_gain
            # dominant: keeping is best against C, and defecting is not better than keeping against D
            assert bool(max(kept, -defected) <= 1e-9) is (verdict == "holds")


@pytest.mark.parametrize("rounds", [1, 2, 7])
@pytest.mark.parametrize("d", [1, 0.9])
def test_finite_horizons_unravel_from_the_last_round(rounds, d):
    game = draws.dilemma(discount_factor=d, rounds=rounds)
    assert gl.certify(game, "always_defect").verdict == "holds"
    found = gl.certify(game, "grim")
    assert found.verdict == found.nash == "fails"
    assert found.where["round"] == rounds - 1
    assert found.where["action"] == "D"
    assert found.max_gain == pytest.approx(2 / sum(d**t for t in range(rounds)))
    assert found.best_response_gain == pytest.approx(2 * d ** (rounds - 1) / sum(d**t for t in range(rounds)))


@pytest.mark.parametrize(("fine", "verdict"), [(2.0, "holds"), (1.999, "fails")])
def test_one_round_with_a_fine(fine, verdict):
    game = gl.monitoring(draws.dilemma(rounds=1, observe="none"), detection=1)
    found = gl.certify(gl.graduated_sanctions(game, fines=[fine]), "comply")
    assert (found.verdict, found.nash) == (verdict, verdict)
    assert found.max_gain == pytest.approx(2 - fine)


# -------------------------------------------------------------------------- offers that are made in turn


def promise(d=0.5, rounds=None, value=4.0, cost=1.0, payment=2.0):
    """Return time inconsistency: the partner participates or declines, the gainer honours or reneges."""
    template = ref.random_game(np.random.default_rng(0), states=3, perfect=True, sizes=(2, 2), rounds=rounds)
    allowed = np.array([[[1, 1], [1, 0]], [[1, 0], [1, 1]], [[1, 0], [1, 0]]], dtype=bool)
    pay = np.zeros((1, 3, 4, 3))
    pay[0, 0, :2, :2] = -cost, value  # participates
    pay[0, 1, [0, 2], :2] = payment, -payment  # honours
    keeps = np.zeros((3, 2, 2), dtype=bool)
    keeps[0, 0, 0] = keeps[1, 1, 0] = True
    ends = np.array([False, True, True])
    return template.replace(
        actions=(("participate", "decline"), ("honour", "renege")),
        allowed=allowed,
        ends_round=ends,
        next_state=np.array([[1, 1, 2, 2], [0] * 4, [0] * 4]),
        start=np.array([[1.0, 0, 0]]),
        flows={"material": Flow("material", pay)},
        conduct=np.broadcast_to(template.profiles.T, (2, 2, 4)),
        levels=-np.ones((3, 2), dtype=int),
        agreement=np.array([[0, -1], [-1, 0], [-1, -1]]),
        keeps=keeps,
        fallback=(allowed & (np.cumsum(allowed[..., ::-1], axis=-1) == 1)[..., ::-1])[None].astype(float),
        discount_factor=np.where(ends, d, 1.0)[None, :, None],
    )


@pytest.mark.parametrize(("d", "verdict"), [(0.5, "holds"), (0.5 - 1e-6, "fails"), (0.9, "holds")])
def test_a_promise_holds_from_payment_over_value(d, verdict):
    assert gl.certify(promise(d), "grim").verdict == verdict


@pytest.mark.parametrize("rounds", [1, 2, 5])
def test_finite_dealings_unravel(rounds):
    declined = gl.certify(promise(1, rounds), "always_defect")
    assert (declined.verdict, declined.nash) == ("holds", "holds")
    assert declined.max_gain == pytest.approx(-1 / rounds)  # to participate costs 1, and nothing is honoured
    kept = gl.certify(promise(1, rounds), "always_cooperate")
    assert kept.max_gain == pytest.approx(2 / rounds)
    assert kept.best_response_gain == pytest.approx(2)
    grim = gl.certify(promise(1, rounds), "grim")
    assert grim.max_gain == pytest.approx(2 / rounds)
    assert grim.where == {
        "state": "s1",
        "automaton_states": ["keeps", "keeps"],
        "player": "player_2",
        "action": "renege",
        "round": rounds - 1,
    }


# ---------------------------------------------------------------------------------------- degenerate games


@pytest.mark.parametrize("constant", [0, 0.1, 1e9 + 0.1])
@pytest.mark.parametrize(
    "strategy", ["grim", "tit_for_tat", {"memory_one": {"cc": 0.3, "cd": 0.7, "dc": 0.1, "dd": 0.9}}]
)
def test_where_nothing_matters_everything_holds(constant, strategy):
    stage = gl.normal_form(payoffs=[[[constant] * 2] * 2] * 2, agreement=["1", "1"], fallback=["2", "2"])
    found = gl.certify(gl.repeated(stage, discount_factor=0.9, misreading=0.1, tremble=0.07), strategy)
    assert found.verdict == found.nash == "holds"
    assert found.max_gain == found.best_response_gain == 0


def test_who_has_one_action_cannot_deviate():
    stage = gl.normal_form(payoffs=[[[4, 1]], [[2, 5]], [[3, 0]]], agreement=["3", "1"], fallback=["1", "1"])
    found = gl.certify(gl.repeated(stage, discount_factor=0.5), "grim")
    assert found.where["player"] == "player_1"
    assert found.max_gain == pytest.approx(0.5 * (4 - 3) + 0.5 * (4 - 3))
    nobody = gl.normal_form(payoffs=[[[4, 1]]])
    found = gl.certify(gl.repeated(nobody, discount_factor=0.5), "stage_nash")
    assert (found.verdict, found.nash, found.where) == ("holds", "holds", None)
    assert found.to_dict()["max_gain"] is None
    assert found.best_response_gain == 0


def test_the_impatient_and_the_patient():
    game = draws.dilemma(discount_factor=0.5)
    for pair, verdict in [
        ((0.5, 0.9), "holds"),
        ((0.49, 0.9), "fails"),
        ((0.9, 0.49), "fails"),
        ((0, 0), "fails"),
    ]:
        found = gl.certify(game.replace(discount_factor=np.array([[pair]])), "grim")
        assert found.verdict == found.nash == verdict
        if verdict == "fails":
            assert found.where["player"] == f"player_{1 + int(np.argmin(pair))}"


def test_a_long_ladder():
    game = gl.monitoring(draws.dilemma(discount_factor=0.9, observe="none"), detection=0.9, false_alarm=0.1)
    game = gl.graduated_sanctions(game, fines=np.linspace(2.6, 20, 12), forgiveness=0.5)
    found = gl.certify(game, "comply")
    assert found.verdict == "holds"
    assert len(found.joint_states) == 144


def test_asking_for_less_gives_the_same_verdict():
    game = draws.dilemma(discount_factor=np.array([0.4, 0.6]))
    found = gl.certify(game, "grim", best_response_gain=False)
    assert found.verdict.tolist() == ["fails", "holds"]
    assert found.nash.tolist() == ["unknown", "holds"]
    assert np.isnan(found.best_response_gain).all()
