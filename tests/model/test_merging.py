"""Outcomes that nothing tells apart are one: how many stay, which, and that nothing else changes."""

import itertools
from unittest import mock

import example_games as examples
import numpy as np
import pytest
from draws import STRATEGIES, dilemma
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.model import combinators
from gamelab.model.combinators import add_flow, add_signal
from gamelab.model.game import LARGEST_POINT
from gamelab.model.merging import Pairs, column_classes, row_codes
from gamelab.strategies.profile import profile_of

CHANCE = st.sampled_from([0.0, 0.1, 0.5, 1.0])


def every_pair(game, conduct):
    """Keep every pair of an outcome and a signal, as if nothing were ever replaced."""
    Y, Z = len(game.outcomes), conduct.shape[-1]
    outcome, signal = np.divmod(np.arange(Y * Z), Z)
    return Pairs(outcome, signal, np.arange(Y * Z).reshape(Y, Z), game.views[:, outcome])


def unmerged(build):
    """Return the game that ``build`` makes when no outcomes are merged."""
    with mock.patch.object(combinators, "pairs_of", every_pair):
        return build()


def three_in_private(reach, **noise):
    """Return three players with private readings, whose conduct is published, watched and fined."""
    game = gl.repeated(examples.team(), discount_factor=0.9, observe="private", **noise)
    game = gl.transparency(game, reach=reach, misreading=0.02)
    game = gl.monitoring(game, detection=0.9, false_alarm=0.02)
    return gl.graduated_sanctions(game, fines=[2, 4], forgiveness=0.5)


def test_readings_that_a_full_transparency_makes_useless_leave_nothing():
    """Deeds, records, findings and coins of three players, 8 each: with their 64 readings 294,912 outcomes.

    Unpublished rounds, which a reach of 1 leaves without a chance, are read as before.
    """
    for reach in (1, 0.5):
        game = three_in_private(reach, misreading=0.05, tremble=0.05)
        assert len(game.outcomes) == (8 * 64 + 8 * 8) * 8 * 8
    assert len(three_in_private(1, misreading=0.05, tremble=0.05).occurs) == 8 * 8 * 3**3, (
        "no offence is let off"
    )


@pytest.mark.slow
def test_merged_games_are_not_refused_for_what_is_merged():
    """Four players read each other: 16 deeds x 4,096 readings; beside 16 records it would be too much."""
    stage = gl.normal_form(payoffs=np.zeros((2, 2, 2, 2, 4)), agreement=["1"] * 4)
    private = gl.repeated(stage, discount_factor=0.9, observe="private", misreading=0.1, tremble=0.1)
    assert len(private.outcomes) * 16 * 16 > LARGEST_POINT
    assert len(gl.transparency(private).outcomes) == 16 * 4096 + 16 * 16
    with pytest.raises(GameError, match="would need a table of 17,825,792 probabilities"):
        unmerged(lambda: gl.transparency(private))


def test_names_say_how_many_outcomes_are_one():
    game = gl.transparency(dilemma(discount_factor=0.9, observe="private"))
    assert game.outcomes[1] == (
        "player_1 reads C of player_2, player_2 reads C of player_1 (or 3 alike); read (C, C)"
    )


@settings(max_examples=up_to(30))
@given(
    stage=st.sampled_from(["dilemma", "team", "three actions", "trust"]),
    e=CHANCE,
    t=st.sampled_from([0.0, 0.1]),
    reach=CHANCE,
    secret=st.booleans(),
)
def test_what_stays_is_what_something_tells_apart(stage, e, t, reach, secret):
    """As a plain loop: two pairs are one iff they differ in nothing but readings that the record replaces."""
    before = gl.repeated(
        examples.STAGES[stage](), discount_factor=0.9, observe="private", misreading=e, tremble=t
    )
    if secret:  # a fine that is drawn by chance and only felt
        before = add_signal(before, ("mild", "harsh"), np.zeros((before.n, 2), dtype=int),
                            given_outcome=np.full((1, 1, 1, 2), 0.5))  # fmt: skip
        before = add_flow(before, "fines", "fine",
                          by_outcome=-np.tile([1.0, 2.0], len(before.outcomes) // 2)[None, None, :, None]
                          * np.ones(len(before.accounts)))  # fmt: skip
    after = gl.transparency(before, reach=reach, misreading=0.1)
    records = len(before.profiles)
    kinds = set()
    for y in range(len(before.outcomes)):
        deeds, follows = before.deeds[:, y].tolist(), before.next_state[:, y].tolist()
        felt = before.flows["fines"].by_outcome[0, 0, y].tolist() if secret else None
        kinds |= {(tuple(deeds), tuple(follows), str(felt), record) for record in range(records)}
    assert len(after.outcomes) == len(kinds) + len(before.outcomes)
    for p in range(len(before.profiles)):  # and the chances are those of every pair together
        chances = after.probabilities[0, -1, min(p, after.probabilities.shape[2] - 1)]
        assert chances.sum() == pytest.approx(1)
        assert chances[after.conduct[0, 0] >= 0].sum() == pytest.approx(reach)
    for i, old in itertools.product(range(after.n), (False, True)):
        places = np.flatnonzero((after.conduct[0, 0] < 0) == old)
        mine = after.deeds[i, places]
        told = np.stack([mine, *after.conduct[i][:, places], *after.finding[:, places]])
        assert len(np.unique(after.views[i, places])) == len(np.unique(told, axis=1).T), (
            "one symbol for each thing that is read or known of oneself"
        )


@pytest.mark.parametrize("reach", [0.5, 1])
@pytest.mark.parametrize(
    "noise",
    [{}, pytest.param({"misreading": 0.1}, marks=pytest.mark.slow), {"misreading": 0.1, "tremble": 0.05}],
)
@pytest.mark.parametrize("fined", [False, True])
def test_merging_changes_nothing(reach, noise, fined):
    """Values, certificates, support and cooperation of every strategy are those without merging."""

    def build():
        game = gl.transparency(
            dilemma(discount_factor=0.9, observe="private", **noise), reach=reach, misreading=0.05
        )
        if fined:
            game = gl.monitoring(game, detection=0.9, false_alarm=0.1)
            game = gl.graduated_sanctions(game, fines=[1, 2.5], forgiveness=0.5, cost_per_act=0.3)
        return game

    game, wide = build(), unmerged(build)
    assert len(game.outcomes) < len(wide.outcomes)
    some = STRATEGIES if reach == 1 else ["grim", "tit_for_tat", "comply", "always_defect"]
    for strategy in some:
        try:
            profiles = [profile_of(one, strategy) for one in (game, wide)]
        except GameError:
            continue
        values = [gl.value(one, profile) for one, profile in zip((game, wide), profiles, strict=True)]
        for line, amounts in values[0].ledger.items():
            assert amounts == pytest.approx(values[1].ledger[line], abs=1e-12)
        assert values[0].cooperation == pytest.approx(values[1].cooperation, abs=1e-12)
        found = [gl.certify(one, profile) for one, profile in zip((game, wide), profiles, strict=True)]
        assert found[0].verdict == found[1].verdict
        assert found[0].upper == pytest.approx(found[1].upper, abs=1e-9)
        assert found[0].max_gain == pytest.approx(found[1].max_gain, abs=1e-9, nan_ok=True)


def test_a_grid_is_merged_as_its_points():
    """Where the record reaches everybody at some points only, nothing differs from each point alone."""
    reach, misreading = np.array([0, 0.5, 1, 1]), np.array([0.1, 0, 0.1, 0])

    def build(reach, misreading):
        game = dilemma(discount_factor=0.9, observe="private", misreading=misreading)
        return gl.monitoring(gl.transparency(game, reach=reach, misreading=misreading), detection=0.9)

    together = gl.certify(build(reach, misreading), "grim")
    payoffs = gl.value(build(reach, misreading), "grim").payoffs
    for k in range(4):
        alone = gl.certify(build(reach[k], misreading[k]), "grim")
        assert together.verdict[k] == alone.verdict
        assert together.upper[k] == pytest.approx(float(alone.upper), abs=1e-12)
        assert payoffs[k] == pytest.approx(gl.value(build(reach[k], misreading[k]), "grim").payoffs)


def secretly(game, chances=(0.3, 0.7)):
    """Return the game in which player 0 alone gets a signal from which nothing is read."""
    sees = np.zeros((game.n, 2), dtype=int)
    sees[0] = [0, 1]
    return add_signal(game, ("low", "high"), sees, given_outcome=np.array(chances).reshape(1, 1, 1, 2))


def test_what_else_a_player_saw_stays_seen():
    """A secret of one player looks like a reading, but no record replaces it."""
    private = dilemma(discount_factor=0.9, observe="private", misreading=0.1)
    game = gl.transparency(secretly(private))
    secret = ["high" in name for name in game.outcomes]
    assert not (set(game.views[0, secret]) & set(game.views[0, np.logical_not(secret)]))
    published = gl.transparency(secretly(dilemma(discount_factor=0.9, observe="none")))
    assert len(game.outcomes) > len(published.outcomes), "the readings of who has a secret are kept with it"
    assert len(game.outcomes) == 4 * 2 + 4 * 2 * 2, "unpublished; records, secrets and readings of player 0"


def test_what_is_paid_and_where_it_leads_keep_outcomes_apart():
    private = dilemma(discount_factor=0.9, observe="private")
    reads = private.conduct[0, 1]
    paid = np.where(reads == 1, -1.0, 0.0)[None, None, :, None] * np.array([1.0, 0, 0])
    fined = add_flow(private, "reader's fine", "fine", by_outcome=paid)
    assert len(gl.transparency(private).outcomes) == 4 + 4
    assert len(gl.transparency(fined).outcomes) == 4 + 8
    remembered = combinators.add_record(private, ("fine", "bad"), np.stack([reads, reads]))
    assert len(gl.transparency(remembered).outcomes) == 4 + 8


def test_only_a_public_record_replaces_readings():
    private = dilemma(discount_factor=0.9, observe="private")
    again = np.full((2, 2, 2), -1)
    again[0, 1] = [0, 1]
    sees = np.array([[0, 1], [0, 0]])
    even = np.full((1, 1, 1, 2), 0.5)
    twice = add_signal(private, ("looks good", "looks bad"), sees, given_outcome=even, conduct=again)
    assert len(twice.outcomes) == 8
    public = gl.transparency(dilemma(discount_factor=0.9, misreading=0.1))
    assert len(public.outcomes) == 4 + 16, "what everybody knows, everybody goes on knowing"


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 3), st.booleans())
def test_chances_of_pairs_that_are_one_add_up(seed, Y, Z, by_outcome):
    generator = np.random.default_rng(seed)
    older, signal = generator.random((2, 1, 3, Y, 1)), generator.random((1, 2, 1, Y if by_outcome else 1, Z))
    first = np.array([[min(y, generator.integers(Y)) * Z + z for z in range(Z)] for y in range(Y)])
    places, member = np.unique(first, return_inverse=True)
    pairs = Pairs(places // Z, places % Z, member.reshape(Y, Z), np.zeros((1, len(places)), dtype=int))
    expected = np.zeros((2, 2, 3, len(places)))
    for y, z in itertools.product(range(Y), range(Z)):
        expected[..., pairs.member[y, z]] += older[..., y, 0] * signal[..., y if by_outcome else 0, z]
    np.testing.assert_allclose(pairs.chances(older, signal), expected)


def test_columns_that_are_equal_have_one_class():
    classes = column_classes(np.array([[1, 2, 1, 1], [0, 0, 0, 1]]))
    assert (classes[:, None] == classes).tolist() == [
        [True, False, True, False],
        [False, True, False, False],
        [True, False, True, False],
        [False, False, False, True],
    ]


@given(
    st.lists(
        st.lists(st.sampled_from([0, 1, 2, 7, 2**40, 2**61]), min_size=3, max_size=3), min_size=1, max_size=6
    )
)
def test_codes_number_rows_in_their_order(columns):
    codes = row_codes(np.array(column) for column in columns)
    rows = list(zip(*columns))
    for a in range(3):
        for b in range(3):
            assert (codes[a] < codes[b]) == (rows[a] < rows[b])
