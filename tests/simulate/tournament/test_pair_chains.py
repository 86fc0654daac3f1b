"""Pair chains: for every pair the joint states that play comes to, as a plain search finds them."""

import draws
import numpy as np
import pytest
import reference as ref
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

from gamelab.errors import GameError
from gamelab.simulate.tournament import pair_chains as room
from gamelab.simulate.tournament.entrants import entrants_of
from gamelab.simulate.tournament.pair_chains import pair_chains


@settings(max_examples=up_to(40))
@given(
    draws.SEEDS,
    st.sampled_from(["public", "private", "none"]),
    st.sampled_from([1, 2]),
    st.lists(st.tuples(st.booleans(), st.integers(1, 4)), min_size=2, max_size=4),
)
def test_joint_states_and_moves_are_those_of_a_plain_search(seed, observe, states, kinds):
    generator = np.random.default_rng(seed)
    game = ref.random_game(generator, 2, observe, states, 1, None, deeds=seed % 2 == 0).replace(shape=())
    plans = [
        [ref.random_automaton(generator, game, seat, pure, size) for seat in (0, 1)] for pure, size in kinds
    ]
    families = entrants_of(game, plans).families
    chains = pair_chains(game, families)
    for f, first in enumerate(families[0]):
        for g, second in enumerate(families[1]):
            here = np.flatnonzero(chains.pair == f * len(families[1]) + g)
            assert chains.start[here].sum() == pytest.approx(1)
            if len(first.members) == len(second.members) == 1:
                both = [plans[first.members[0]][0], plans[second.members[0]][1]]
                wanted = ref.reachable(game, both, on_path=True)
                assert sorted(chains.state[here]) == sorted(joint[0] for joint in wanted)
    mass = np.zeros((len(chains.state), len(game.profiles)))
    np.add.at(mass, (chains.source, chains.profile), chains.chance)
    one, two = (seat.played[row] for seat, row in zip(chains.seats, chains.rows, strict=True))
    played = one[:, game.profiles[:, 0]] & two[:, game.profiles[:, 1]]
    np.testing.assert_allclose(mass, played, atol=1e-12)  # chances of what follows a profile add up
    assert (chains.pair[chains.source] == chains.pair[chains.target]).all()


def test_play_without_noise_stays_on_its_path():
    game = draws.dilemma(discount_factor=0.9)
    families = entrants_of(game, [{"limited_punishment": {"rounds": 30}}, "grim"]).families
    assert pair_chains(game, families).pair.tolist() == [0, 1, 2, 3]  # one joint state of each pair


def test_too_much_is_refused_in_words(monkeypatch):
    game = draws.dilemma(discount_factor=0.9, tremble=0.1)
    families = entrants_of(game, ["grim", "tit_for_tat"]).families
    monkeypatch.setattr(room, "LARGEST", 3)
    with pytest.raises(GameError, match="shorter punishments"):
        pair_chains(game, families)
