"""Whether players can tell the others' automaton states, and whether they see everything."""

import draws
import numpy as np
import pytest
import reference as ref
from hypothesis import given, settings
from profiles import up_to

import gamelab as gl
from gamelab.solve.inference import infers_others, monitors_perfectly
from gamelab.solve.joint import chain_of
from gamelab.strategies.profile import profile_of


@settings(max_examples=up_to(75))
@given(draws.matches())
def test_inference_equals_the_reference(match):
    assert infers_others(chain_of(*match)) == ref.inferable(*match, last_round=False)


@settings(max_examples=up_to(60))
@given(draws.matches())
def test_whoever_knows_after_every_deviation_knows_on_the_path(match):
    chain = chain_of(*match)
    assert not infers_others(chain) or infers_others(chain, after_deviations=False)


@settings(max_examples=up_to(60))
@given(draws.matches())
def test_perfect_monitoring_means_that_symbols_tell_profiles(match):
    game, automata = match
    plain_game, _ = ref.both(game, automata)
    told = True
    for s in plain_game.states:
        for i in range(game.n):
            profiles = {}
            for profile in plain_game.profiles[s]:
                for y, _ in plain_game.lottery[s, profile]:
                    seen = (profile[i], plain_game.views[i, y], plain_game.next_state[s, y])
                    told &= profiles.setdefault(seen, profile) == profile
    one_move = game.rounds == 1 and game.ends_round[(game.start > 0).any(axis=0)].all()
    assert monitors_perfectly(chain_of(game, automata)) == (told or one_move)


@pytest.mark.parametrize(
    ("observe", "misreading", "strategy", "inferred"),
    [
        ("public", 0.1, "tit_for_tat", True),
        ("private", 0, "tit_for_tat", True),
        ("private", 0.1, "tit_for_tat", False),
        ("private", 0.1, "grim", False),
        ("private", 0.1, "always_defect", True),
        ("none", 0, "always_defect", True),
    ],
)
def test_known_cases(observe, misreading, strategy, inferred):
    game = draws.dilemma(discount_factor=0.9, observe=observe, misreading=misreading)
    assert infers_others(chain_of(game, profile_of(game, strategy))) is inferred


def test_nobody_needs_to_know_after_the_last_move():
    once = draws.dilemma(rounds=1, observe="private", misreading=0.1)
    twice = draws.dilemma(rounds=2, observe="private", misreading=0.1)
    assert infers_others(chain_of(once, profile_of(once, "grim")))
    assert not infers_others(chain_of(twice, profile_of(twice, "grim")))


def test_trembles_and_partial_publication_hide_conduct():
    game = draws.dilemma(discount_factor=0.9, observe="none")
    for seen, perfect in [(1, True), (0.5, False)]:
        shown = gl.transparency(game, reach=seen)
        assert monitors_perfectly(chain_of(shown, profile_of(shown, "grim"))) is perfect
    trembling = draws.dilemma(discount_factor=0.9, tremble=0.1)
    assert not monitors_perfectly(chain_of(trembling, profile_of(trembling, "grim")))
    assert gl.certify(trembling, "grim").concept == "public perfect"
    assert gl.certify(draws.dilemma(discount_factor=0.9), "grim").concept == "subgame perfect"
    assert np.array_equal(
        gl.certify(draws.dilemma(discount_factor=0.9, misreading=np.array([0, 0.1])), "grim").concept,
        ["subgame perfect", "public perfect"],
    )
