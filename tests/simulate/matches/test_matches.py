"""Matches: means beside exact values, threads, endings, grids, interrupts, and what is refused."""

import subprocess
import sys
from fractions import Fraction

import draws
import numpy as np
import pytest
import reference as ref
from scipy import stats

import gamelab as gl
from gamelab.simulate.matches.estimates import averages, share_on_agreement
from gamelab.simulate.matches.matches import Interrupted, sum_of_lines

STAGE = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
NOISY = gl.repeated(STAGE, discount_factor=0.9, misreading=0.05, tremble=0.1)


def random_plays(count):
    """Yield random games of every kind with random automata, half of them as they are, the rest of some rounds."""
    generator = np.random.default_rng(7)
    for k in range(count):
        game = ref.random_game(
            generator,
            players=2 + k % 2,
            observe=("public", "private", "none")[k % 3],
            states=1 + k % 2,
            rounds=(None, None, 3)[k % 3],
            deeds=bool(k % 2),
        )
        automata = [ref.random_automaton(generator, game, i, pure=bool(k % 4)) for i in range(game.n)]
        yield game, automata, ({}, {"rounds": 6}, {"rounds": 3, "ending": "random"})[generator.integers(3)]


def arranged_plays():
    """Yield the dilemma under every arrangement of institutions."""
    settings = dict.fromkeys(draws.NAMES, 0.1)
    settings |= {
        "discount_factor": 0.8,
        "reach": 0.7,
        "detection": 0.9,
        "forgiveness": 0.4,
        "enforcement": 0.8,
    }
    for name in draws.ARRANGEMENTS:
        game = draws.arranged(name, settings)
        for strategy in ("grim", {"generous_tit_for_tat": {"generosity": 0.3}}, "comply"):
            try:
                gl.value(game, strategy)
            except gl.GameError:
                continue
            yield game, strategy, {}


def deviations(plays, matches):
    """Return how many standard errors simulated means lie from exact values, each of another play."""
    found = []
    for k, (game, profile, settings) in enumerate(plays):
        simulated = gl.simulate(game, profile, matches, seed=k, **settings)
        exact = gl.value(simulated.game, profile)
        pairs = [(simulated.utilities[0], exact.utilities[0], simulated.utility_errors[0])]
        pairs += [(simulated.cooperation, exact.cooperation, simulated.cooperation_error)]
        for line, mean in simulated.means.items():
            pairs += list(zip(mean, exact.ledger[line], simulated.standard_errors[line], strict=True))
        for mean, value, error in pairs:
            if np.isnan(value):
                assert np.isnan(mean)
            elif error == 0:
                assert mean == pytest.approx(value, abs=1e-9)
        # one number of each play: they are independent
        mean, value, error = pairs[k % 2] if np.isfinite(pairs[1][1]) else pairs[0]
        if error > 0:
            found.append((mean - value) / error)
    return np.array(found)


@pytest.mark.slow
def test_means_of_many_games_agree_with_exact_values_jointly():
    """The squares of all deviations add up to a chi-square number: not too large, not too small."""
    far = deviations([*random_plays(150), *arranged_plays()], 20_000)
    assert len(far) > 100
    chance = stats.chi2.sf((far**2).sum(), len(far))
    assert 1e-3 < chance < 1 - 1e-3
    assert abs(far.mean()) * np.sqrt(len(far)) < 3.5


def test_the_joint_test_hears_a_small_bias():
    """Where the exact values belong to trembles of .104 in place of .1, the same sum is far too large."""
    far = []
    for factor in np.linspace(0.5, 0.95, 30):
        played, meant = (gl.repeated(STAGE, discount_factor=factor, tremble=t) for t in (0.1, 0.104))
        found = gl.simulate(played, "tit_for_tat", 40_000, seed=int(1000 * factor))
        far.append((found.payoffs[0] - gl.value(meant, "tit_for_tat").payoffs[0]) / found.payoff_errors[0])
    assert stats.chi2.sf(np.square(far).sum(), len(far)) < 1e-3


def repeated_averages(play, matches, times):
    """Yield the moments of many simulations of few matches."""
    for k in range(times):
        yield play.moments(2 * matches * k, matches)


@pytest.mark.slow
@pytest.mark.parametrize("matches", [1, 4, 11])
def test_few_matches_have_no_bias(matches):
    """Their average over and over is the exact value, whatever is taken out for the lengths of matches."""
    game = gl.repeated(STAGE, discount_factor=0.6, tremble=0.1)
    play, exact = gl.simulate(game, "tit_for_tat", 2).plays[0], gl.value(game, "tit_for_tat").payoffs
    found = repeated_averages(play, matches, 4000)
    means = np.array(
        [sum_of_lines(play, averages(some, play.columns), ("material",), 2)[0] for some in found]
    )
    error = means.std(axis=0) / np.sqrt(len(means))
    assert (np.abs(means.mean(axis=0) - exact) < 4 * error).all()


def test_standard_errors_are_the_scatter_of_means():
    play = gl.simulate(NOISY, "tit_for_tat", 2).plays[0]
    found = list(repeated_averages(play, 400, 1000))
    for pairs in (
        [sum_of_lines(play, averages(some, play.columns), ("material",), 1) for some in found],
        [share_on_agreement(some, play.columns) for some in found],
    ):
        means, errors = (np.ravel(numbers) for numbers in zip(*pairs, strict=True))
        np.testing.assert_allclose(means.std(), np.sqrt(np.mean(errors**2)), rtol=0.1)


def test_players_of_different_patience():
    game = gl.repeated(STAGE, discount_factor=0.9, tremble=0.1)
    weight = np.array([0.9, 0.7]).reshape(1, 1, 2)
    game = game.replace(discount_factor=weight)
    far = deviations([(game, "grim", {}), (game, "grim", {"rounds": 5}), (game, "tit_for_tat", {})], 50_000)
    assert (np.abs(far) < 4).all()


def test_what_is_certain_has_no_error():
    found = gl.simulate(gl.repeated(STAGE, discount_factor=0.9), ["grim", "always_defect"], 1000)
    np.testing.assert_allclose(found.payoffs, [0.9, 1.4], rtol=1e-12)
    assert (found.payoff_errors < 1e-7).all()


def test_a_large_shift_of_payoffs_changes_no_error():
    def shifted(by):
        stage = gl.prisoners_dilemma(temptation=5 + by, reward=3 + by, punishment=1 + by, sucker=by)
        return gl.simulate(gl.repeated(stage, discount_factor=0.9, tremble=0.1), "grim", 5000)

    here, there = shifted(0), shifted(2.0**30)
    np.testing.assert_allclose(there.payoffs - 2.0**30, here.payoffs, rtol=1e-6)
    np.testing.assert_allclose(there.payoff_errors, here.payoff_errors, rtol=1e-9)


def test_threads_change_nothing():
    one, two, five = (gl.simulate(NOISY, "grim", 300_001, threads=threads) for threads in (1, 2, 5))
    for other in (two, five):
        np.testing.assert_array_equal(one.payoffs, other.payoffs)
        np.testing.assert_array_equal(one.payoff_errors, other.payoff_errors)
        assert one.cooperation == other.cooperation


def test_a_match_does_not_depend_on_where_its_block_begins():
    play = gl.simulate(NOISY, "grim", 2).plays[0]
    whole = play.totals(0, 50)
    parts = np.concatenate([play.totals(0, 1), play.totals(1, 30), play.totals(31, 19)])
    np.testing.assert_array_equal(whole, parts)


def test_other_seeds_give_other_matches():
    assert (
        gl.simulate(NOISY, "grim", 100, seed=1).payoffs[0]
        != gl.simulate(NOISY, "grim", 100, seed=2).payoffs[0]
    )


def test_every_point_of_a_grid_is_a_simulation_of_its_own():
    factors = np.array([[0.0, 0.5, 0.9], [0.6, 0.7, 0.8]])
    grid = gl.simulate(gl.repeated(STAGE, discount_factor=factors, tremble=0.1), "tit_for_tat", 500)
    assert grid.payoffs.shape == (2, 3, 2)
    assert grid.cooperation.shape == (2, 3)
    for place in np.ndindex(2, 3):
        game = gl.repeated(STAGE, discount_factor=factors[place], tremble=0.1)
        single = gl.simulate(game, "tit_for_tat", 500)
        np.testing.assert_array_equal(grid.payoffs[place], single.payoffs)
        np.testing.assert_array_equal(grid.means["material"][place], single.means["material"])
    with pytest.raises(gl.GameError, match="records are of one game, and this is a grid"):
        grid.records()


def test_exact_games_are_played_in_floats():
    with gl.exactly():
        stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
        game = gl.repeated(stage, discount_factor=Fraction(9, 10))
    assert gl.simulate(game, "grim", 10).payoffs.tolist() == [3, 3]


def test_frame_has_a_row_for_each_line_and_account():
    frame = gl.simulate(gl.monitoring(NOISY, detection=0.9, cost=0.1), "grim", 100).to_frame()
    assert list(frame.columns) == ["line", "kind", "account", "payoff", "standard_error"]
    assert len(frame) == 2 * 3


def test_one_match_has_no_standard_error():
    found = gl.simulate(NOISY, "grim", 1)
    assert np.isfinite(found.payoffs).all()
    assert np.isnan(found.payoff_errors).all()


def test_an_interrupt_brings_the_matches_that_were_finished():
    def stop(done, matches):
        if done > matches / 2:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as caught:
        gl.simulate(NOISY, "grim", 10**6, progress=stop)
    found = caught.value.simulation
    assert 500_000 < found.matches < 700_000
    np.testing.assert_array_equal(found.payoffs, gl.simulate(NOISY, "grim", found.matches).payoffs)


def test_progress_ends_with_all_matches():
    told = []
    gl.simulate(NOISY, "grim", 10**6, progress=lambda done, matches: told.append((done, matches)))
    assert told == sorted(told)
    assert told[-1] == (10**6, 10**6)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"matches": 0}, "matches: 0 is not a whole number from 1 to 1e+12"),
        ({"matches": 2.5}, "matches: 2.5 is not a whole number"),
        ({"matches": True}, "matches: True is not a whole number"),
        ({"rounds": -3}, "rounds: -3 is not a whole number"),
        ({"threads": 0}, "threads: 0 is not a whole number"),
        ({"ending": "late"}, "ending: 'late' is not allowed; write random or fixed"),
        ({"ending": "fixed"}, "rounds: this game is open-ended: a fixed ending needs rounds"),
        ({"seed": -1}, "seed: -1 is not a whole number from 0"),
        (
            {"records": "play.xlsx"},
            "records: 'play.xlsx' given; write a name that ends with .parquet or .csv",
        ),
    ],
)
def test_refusals_say_what_is_allowed(settings, sentence):
    with pytest.raises(gl.GameError) as caught:
        gl.simulate(NOISY, "grim", **settings)
    assert str(caught.value).startswith(sentence)


def test_unknown_strategies_and_blind_ones_are_refused():
    with pytest.raises(gl.GameError, match="no strategy is called 'gim'; did you mean 'grim'"):
        gl.simulate(NOISY, "gim")
    with pytest.raises(gl.GameError, match="needs to see"):
        gl.simulate(gl.repeated(STAGE, discount_factor=0.9, observe="none"), "tit_for_tat")


def test_without_numba_one_sentence_says_what_to_install(monkeypatch):
    for name in ("kernel", "generator"):
        monkeypatch.delitem(sys.modules, f"gamelab.simulate.matches.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(gl.GameError) as caught:
        gl.simulate(NOISY, "grim", 10)
    assert str(caught.value) == "simulating matches needs numba; pip install 'gamelab[simulate]'"


def test_a_room_does_not_hide_the_function_of_its_name():
    program = "import gamelab.simulate.matches.table, gamelab; print(gamelab.simulate.__name__, callable(gamelab.simulate))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["simulate", "True"]


@pytest.mark.slow
def test_few_matches_claim_no_certainty():
    """A regression on a few matches fits them all, and would leave no error: so they have none."""
    game = gl.repeated(STAGE, discount_factor=0.9, tremble=0.1)
    exact = gl.value(game, "always_defect").payoffs
    for matches, least in ((3, 0.6), (50, 0.86)):
        found = [gl.simulate(game, "always_defect", matches=matches, seed=seed) for seed in range(200)]
        inside = [abs(one.payoffs - exact) <= 1.96 * one.payoff_errors for one in found]
        assert np.mean(inside) > least
    assert repr(found[0]).startswith("<Simulation of always_defect, always_defect: 50 matches, payoffs ")
