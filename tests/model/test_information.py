"""Who sees what, and with what probability, against plain enumeration of slips and readings."""

import itertools
import time
import tracemalloc

import example_games as examples
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.model.information import reads_privately, slips, symbol_outcomes
from gamelab.model.settings import settings_of

CHANCE = st.sampled_from([0.0, 0.1, 0.5, 1.0]) | st.floats(0, 1).map(lambda x: round(x, 2))


def slipped(chosen, done, rate, size):
    """Return the probability that one action turns into another."""
    if size == 1:
        return float(chosen == done)
    return 1 - rate if chosen == done else rate / (size - 1)


def product_of(first, second, rate, sizes):
    chance = 1.0
    for a, b, size in zip(first, second, sizes, strict=True):
        chance *= slipped(a, b, rate, size)
    return chance


def label(game, profile):
    return f"({', '.join(game.actions[i][a] for i, a in enumerate(profile))})"


def lines_of_sight(game):
    return [(i, j) for i in range(game.n) for j in range(game.n) if i != j]


def enumerated(stage, profile, observe, e, t):
    """Return {(deed or None, record or None, readings or None): probability} after a profile was chosen."""
    everything = list(itertools.product(*(range(size) for size in stage.sizes)))
    pairs = lines_of_sight(stage)
    found = {}
    for deed in everything if t > 0 else [profile]:
        slip = product_of(profile, deed, t, stage.sizes) if t > 0 else 1.0
        shown = deed if t > 0 else None
        if observe == "none":
            found[shown, None, None] = slip
        elif observe == "public":
            for record in everything:
                found[shown, record, None] = slip * product_of(deed, record, e, stage.sizes)
        else:
            for row in itertools.product(*(range(stage.sizes[j]) for _, j in pairs)):
                chance = slip
                for (_, j), action in zip(pairs, row, strict=True):
                    chance *= slipped(deed[j], action, e, stage.sizes[j])
                found[shown, None, row] = chance
    return found


def outcome_name(stage, deed, record, row):
    parts = [f"done {label(stage, deed)}"] if deed is not None else []
    parts += [f"read {label(stage, record)}"] if record is not None else []
    if row is not None:
        parts.append(
            ", ".join(
                f"{stage.players[i]} reads {stage.actions[j][a]} of {stage.players[j]}"
                for (i, j), a in zip(lines_of_sight(stage), row, strict=True)
            )
        )
    return "; ".join(parts)


@pytest.mark.parametrize("observe", ["public", "private", "none"])
@pytest.mark.parametrize("name", examples.SIMPLE)
@settings(max_examples=6)
@given(e=CHANCE, t=CHANCE)
def test_probabilities_by_enumeration(name, observe, e, t):
    stage = examples.STAGES[name]()
    game = gl.repeated(stage, discount_factor=0.5, observe=observe, misreading=e, tremble=t)
    place = {outcome: y for y, outcome in enumerate(game.outcomes)}
    assert len(place) == len(game.outcomes)
    material = examples.paid_on_average(game, "material")
    for p, profile in enumerate(map(tuple, game.profiles.tolist())):
        expected = np.zeros(len(game.outcomes))
        pay = np.zeros(game.n)
        for (deed, record, row), chance in enumerated(stage, profile, observe, e, t).items():
            expected[place[outcome_name(stage, deed, record, row)]] += chance
            done = game.profiles.tolist().index(list(deed or profile))
            pay += chance * stage.flows["material"].by_profile[0, 0, done, : game.n]
        row = np.broadcast_to(game.probabilities, (1, 1, len(game.profiles), len(game.outcomes)))[0, 0, p]
        np.testing.assert_allclose(row, expected, atol=1e-14)
        np.testing.assert_allclose(material[0, 0, p, : game.n], pay, atol=1e-12)


@pytest.mark.parametrize("observe", ["public", "private", "none"])
@pytest.mark.parametrize("tremble", [0, 0.1])
@pytest.mark.parametrize("name", examples.SIMPLE)
def test_reading_tables(name, observe, tremble):
    """What each player sees of an outcome: the own deed, the common record, the own readings; no more."""
    stage = examples.STAGES[name]()
    game = gl.repeated(stage, discount_factor=0.5, observe=observe, misreading=0.1, tremble=tremble)
    place = {outcome: y for y, outcome in enumerate(game.outcomes)}
    pairs = lines_of_sight(game)
    seen = [{} for _ in range(game.n)]
    for deed, record, row in enumerated(stage, (0,) * game.n, observe, 0.1, tremble):
        y = place[outcome_name(stage, deed, record, row)]
        assert game.deeds[:, y].tolist() == list(deed or [-1] * game.n)
        for i in range(game.n):
            own = [a for (viewer, _), a in zip(pairs, row or (), strict=row is not None) if viewer == i]
            sight = (deed and deed[i], record, tuple(own))
            assert seen[i].setdefault(sight, game.views[i, y]) == game.views[i, y]
            for j in range(game.n):
                reading = -1
                if record is not None:
                    reading = record[j]
                elif row is not None and i != j:
                    reading = row[pairs.index((i, j))]
                assert game.conduct[i, j, y] == reading
    for sights in seen:
        assert sorted(sights.values()) == list(range(len(sights))), "different sights, different symbols"
    assert not game.finding.any()
    for i in range(game.n):
        assert reads_privately(game, i).tolist() == [observe == "private"] * len(game.outcomes)


def test_symbols_have_an_outcome_each():
    game = examples.ground("team", "private noise")
    for i in range(3):
        outcomes = symbol_outcomes(game, i)
        assert game.views[i, outcomes].tolist() == list(range(4))


def test_slips_stay_among_what_is_allowed():
    game = examples.ground("dilemma", "ladder that ends")
    kernels = slips(game, np.array([[0.0], [0.2]]))
    for kernel in kernels:
        assert kernel.shape == (2, 5, 2, 2)
        np.testing.assert_allclose(kernel.sum(axis=-1), 1)
        np.testing.assert_allclose(kernel[1, 0], [[0.8, 0.2], [0.2, 0.8]])
        np.testing.assert_allclose(
            kernel[:, 4], np.eye(2)[None].repeat(2, axis=0), err_msg="nothing slips at the end"
        )


def test_slips_keep_one_state_where_all_allow_the_same():
    assert slips(examples.ground("dilemma", "ladder"), np.array([[0.1]]))[0].shape == (1, 1, 2, 2)
    (_, three) = slips(gl.normal_form(payoffs=[[[1, 1], [2, 2], [3, 3]]]), np.array([[0.3]]))
    np.testing.assert_allclose(three[0, 0], [[0.7, 0.15, 0.15], [0.15, 0.7, 0.15], [0.15, 0.15, 0.7]])


def test_somebody_without_a_choice_does_not_slip():
    stage = gl.normal_form(payoffs=[[[1, 1], [2, 2]]], actions=[["only"], ["a", "b"]])
    game = gl.repeated(stage, discount_factor=0.5, misreading=0.2, tremble=0.3)
    assert {name.split(", ")[0] for name in game.outcomes} == {"done (only"}
    np.testing.assert_allclose(game.probabilities.sum(axis=-1), 1)


# ----------------------------------------------------------------------------------------------------- time


@pytest.mark.parametrize(
    ("given_settings", "factor", "rounds"),
    [
        ({"discount_factor": 0.9}, 0.9, None),
        ({"continuation_probability": 0.8}, 0.8, None),
        ({"discount_factor": 0.9, "continuation_probability": 0.5}, 0.45, None),
        ({"discount_factor": 1, "continuation_probability": 0.5}, 0.5, None),
        ({"rounds": 3}, 1, 3),
        ({"rounds": 3, "discount_factor": 1}, 1, 3),
        ({"rounds": 3, "discount_factor": 0.5}, 0.5, 3),
        ({"discount_factor": 0}, 0, None),
        ({"rounds": 1.0}, 1, 1),
    ],
)
def test_time(given_settings, factor, rounds):
    game = gl.repeated(examples.dilemma(), **given_settings)
    assert game.discount_factor.tolist() == [[[pytest.approx(factor)]]]
    assert game.rounds == rounds


@pytest.mark.parametrize(
    ("given_settings", "key"),
    [
        ({}, "discount_factor"),
        ({"discount_factor": 1}, "discount_factor"),
        ({"continuation_probability": 1}, "continuation_probability"),
        ({"discount_factor": 1, "continuation_probability": 1}, "discount_factor"),
        ({"discount_factor": np.array([0.5, 1.0])}, "discount_factor"),
        ({"discount_factor": 1.1, "rounds": 2}, "discount_factor"),
        ({"discount_factor": -0.1}, "discount_factor"),
        ({"rounds": 0}, "rounds"),
        ({"rounds": 2.5}, "rounds"),
        ({"rounds": 10_001}, "rounds"),
    ],
)
def test_bad_time_is_refused(given_settings, key):
    with pytest.raises(GameError) as refusal:
        gl.repeated(examples.dilemma(), **given_settings)
    assert refusal.value.key == key


def test_an_open_end_says_what_to_write():
    with pytest.raises(GameError, match="write a number below 1, or give rounds"):
        gl.repeated(examples.dilemma(), discount_factor=1)


@pytest.mark.parametrize("name", ["public", "private", "tremble", "three rounds"])
def test_a_repeated_game_is_not_repeated_again(name):
    with pytest.raises(GameError, match="this one is repeated already"):
        gl.repeated(examples.ground("dilemma", name), discount_factor=0.5)


def test_grids_of_time_that_do_not_match():
    with pytest.raises(GameError, match="do not broadcast"):
        gl.repeated(
            examples.dilemma(), discount_factor=np.full(2, 0.5), continuation_probability=np.full(3, 0.5)
        )


@settings(max_examples=8)
@given(data=st.data(), observe=st.sampled_from(["public", "private", "none"]))
def test_a_batch_pays_what_its_points_pay(data, observe):
    """Also where only some points tremble or misread: structure may differ, what is paid does not."""
    names = [setting.name for setting in settings_of(gl.repeated) if setting.kind == "number"]
    assert names == ["discount_factor", "continuation_probability", "misreading", "tremble"]
    points = [
        {name: data.draw(st.sampled_from([0.0, 0.3, 0.9]), label=name) for name in names} for _ in range(3)
    ]
    stage = examples.dilemma()
    grid = {name: np.array([point[name] for point in points]) for name in names}
    batched = gl.repeated(stage, observe=observe, **grid)
    profile = "always_defect" if observe == "none" else ["grim", "tit_for_tat"]
    together = gl.value(batched, profile)
    for k, point in enumerate(points):
        alone = gl.value(gl.repeated(stage, observe=observe, **point), profile)
        np.testing.assert_allclose(together.payoffs[k], alone.payoffs, atol=1e-9)
        np.testing.assert_allclose(together.cooperation[k], alone.cooperation, atol=1e-9)


@settings(max_examples=up_to(10))
@given(data=st.data())
def test_verdicts_of_a_batch_are_those_of_its_points(data):
    chance = st.sampled_from([0.0, 0.1])
    points = [
        {
            "discount_factor": data.draw(st.sampled_from([0.3, 0.6, 0.9])),
            "misreading": data.draw(chance),
            "tremble": data.draw(chance),
        }
        for _ in range(3)
    ]
    stage = examples.dilemma()
    batched = gl.repeated(stage, **{name: np.array([p[name] for p in points]) for name in points[0]})
    together = gl.certify(batched, "grim")
    for k, point in enumerate(points):
        alone = gl.certify(gl.repeated(stage, **point), "grim")
        assert together.verdict[k] == alone.verdict
        assert together.max_gain[k] == pytest.approx(alone.max_gain, abs=1e-9)


def test_monitoring_before_repetition_is_the_same_as_after():
    """Order does not matter where it cannot: findings first, then trembles, or the other way round."""
    stage = examples.dilemma()
    first = gl.repeated(
        gl.monitoring(stage, detection=0.8, false_alarm=0.1), discount_factor=0.9, observe="none", tremble=0.1
    )
    then = gl.monitoring(
        gl.repeated(stage, discount_factor=0.9, observe="none", tremble=0.1), detection=0.8, false_alarm=0.1
    )
    assert gl.value(first, "grim").payoffs == pytest.approx(gl.value(then, "grim").payoffs)
    assert sorted(first.probabilities[0, 0, 0]) == pytest.approx(sorted(then.probabilities[0, 0, 0]))
    assert gl.value(first, "grim").cooperation == pytest.approx(gl.value(then, "grim").cooperation)
    for game in (first, then):
        for y, outcome in enumerate(game.outcomes):
            done = game.profiles[[outcome.startswith(f"done {name}") for name in game.profile_names]]
            assert game.deeds[:, y].tolist() == done[0].tolist()


# ----------------------------------------------------------------------------------------------------- size


def many(n):
    """Return a dilemma of n players."""
    profiles = np.array(list(itertools.product((0, 1), repeat=n)))
    table = (1.2 * (n - profiles.sum(axis=1)))[:, None] - 2 * (profiles == 0)
    return gl.normal_form(payoffs=table.reshape((2,) * n + (n,)).tolist(), agreement=["1"] * n)


@pytest.mark.parametrize(
    ("build", "advice"),
    [
        (
            lambda stage: gl.repeated(stage, discount_factor=0.5, observe="private"),
            "a public record or fewer players",
        ),
        (
            lambda stage: gl.repeated(
                stage, discount_factor=np.full(10_000, 0.5), misreading=np.full(10_000, 0.1)
            ),
            "fewer",
        ),
        (lambda stage: gl.repeated(stage, discount_factor=0.5, tremble=np.full(10_000, 0.1)), "fewer"),
        (
            lambda stage: gl.graduated_sanctions(
                gl.monitoring(gl.repeated(stage, discount_factor=0.5, observe="none"), detection=0.5),
                fines=[1] * 10,
            ),
            "fewer fines",
        ),
    ],
    ids=["private", "grid", "trembling grid", "ladder"],
)
def test_what_is_too_large_is_refused_at_once(build, advice):
    stage = many(6)
    tracemalloc.start()
    start = time.perf_counter()
    with pytest.raises(GameError, match=r"would need a table of [\d,]+ .*limit is (5|20),000,000") as refusal:
        build(stage)
    seconds = time.perf_counter() - start
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert advice in str(refusal.value)
    assert seconds < 5
    assert peak < 20e6, f"{peak:,} bytes were taken before the refusal"


def test_six_players_with_a_public_record_are_small():
    game = gl.repeated(many(6), discount_factor=0.5, misreading=0.01)
    assert game.probabilities.shape == (1, 1, 64, 64)
