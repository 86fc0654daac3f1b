"""The kernel beside a plain loop, move by move, on random games of every kind."""

import draws
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_matches import Xoshiro, plain_match
from profiles import up_to

import gamelab as gl
from gamelab.randomness import LARGEST_SEED
from gamelab.simulate.matches.ending import ending_of
from gamelab.simulate.matches.generator import drawn, seeded
from gamelab.simulate.matches.match_play import play_of
from gamelab.simulate.matches.replay import moves_of

CASES = settings(max_examples=up_to(40), deadline=None)
ENDINGS = st.sampled_from([("random", None), ("random", 3), ("fixed", 4)])


def made(game, automata, kind, rounds, seed):
    """Return a play of a random game with an ending."""
    if rounds is not None:
        game = game.replace(rounds=rounds)
    single = game.take(slice(0, 1))
    ending = ending_of(single, kind if single.rounds is None or rounds else None, fixed=rounds is not None)
    return play_of(single, [automaton.take(slice(0, 1)) for automaton in automata], ending, seed)


@CASES
@given(draws.matches(), ENDINGS, st.integers(0, LARGEST_SEED))
def test_every_move_is_that_of_a_plain_loop(match, ending, seed):
    play = made(*match, *ending, seed)
    plain = [
        (k, number, move, event)
        for k in range(5)
        for number, move, event, *_ in plain_match(play, k)
    ]  # fmt: skip
    traced = np.concatenate(list(moves_of(play, 0, 5, 1000)))
    np.testing.assert_array_equal(traced, plain)


@CASES
@given(draws.matches(), ENDINGS, st.integers(0, LARGEST_SEED))
def test_totals_are_those_of_a_plain_loop(match, ending, seed):
    play = made(*match, *ending, seed)
    columns, game = play.columns, play.game
    totals = play.totals(3, 4)
    own_ratios = np.broadcast_to(play.ending.ratio, game.n)
    others = [own_ratios.max()] * (len(game.accounts) - game.n)  # accounts of no player: the most patient's
    ratios = np.array([*own_ratios, *others])
    for k in range(4):
        paid = {line: np.zeros(len(game.accounts)) for line in game.flows}
        kept = agreed = 0.0
        for number, _, _, s, p, y, amounts in plain_match(play, k + 3):
            weights = ratios**number
            for line, amount in amounts.items():
                paid[line] += weights * (amount - game.ends_round[s] * columns.base[line])
            for i in range(game.n):
                if game.agreement[s, i] >= 0:
                    deed = game.deeds[i, y] if game.deeds[i, y] >= 0 else game.profiles[p, i]
                    agreed += weights.max()
                    kept += weights.max() * game.keeps[s, i, deed]
        own = totals[k, : columns.size]
        for line, amount in paid.items():
            np.testing.assert_allclose(columns.lines[line] @ own, amount, atol=1e-12)
        np.testing.assert_allclose([columns.kept @ own, columns.agreed @ own], [kept, agreed], atol=1e-12)
        assert (totals[k, columns.size :] == 0).all()


@pytest.mark.parametrize("size", [1, 2, 7, 64])
def test_replay_in_pieces_of_any_size_is_the_same(size):
    stage = gl.time_inconsistency(value=10, cost=1, payment=2)
    game = gl.repeated(stage, discount_factor=0.8, tremble=0.1)
    play = gl.simulate(game, "grim", 10).plays[0]
    whole = np.concatenate(list(moves_of(play, 0, 10, 10_000)))
    parts = list(moves_of(play, 0, 10, size))
    assert max(len(part) for part in parts) <= size
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_counting_kinds_and_adding_up_agree():
    """Fines and costs by line are more columns than fit the registers: in long matches kinds are counted."""
    stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    game = gl.monitoring(gl.repeated(stage, rounds=500, tremble=0.2), detection=0.9, false_alarm=0.1)
    game = gl.graduated_sanctions(game, fines=[2], cost_per_act=0.25)
    play = gl.simulate(game, "tit_for_tat", 2).plays[0]
    assert play.counts_kinds
    assert not gl.simulate(game, "tit_for_tat", 2, rounds=5).plays[0].counts_kinds
    columns = play.columns
    for k in range(3):
        added = np.zeros(columns.rows.shape[1])
        for moves in moves_of(play, k, k + 1, 100):
            added += columns.rows[play.kinds[moves[:, 3]]].sum(axis=0)
        np.testing.assert_allclose(play.totals(k, 1)[0], added, rtol=1e-12)


def test_generator_is_xoshiro256plusplus():
    r, *_ = drawn(*(np.uint64(k) for k in (1, 2, 3, 4)))
    assert r == ((1 + 4) << 23) + 1  # by hand: rotl(s0 + s3, 23) + s0
    plain = Xoshiro(123456789, 17)
    state = seeded(np.uint64(123456789), np.uint64(17))
    for _ in range(1000):
        r, *state = drawn(*(np.uint64(word) for word in state))
        assert r == plain.bits()


def test_splitmix_gives_its_known_numbers():
    """Published first numbers of splitmix64 for the seed 1234567."""
    known = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431]
    assert list(seeded(np.uint64(1234567), np.uint64(0))) == known
