"""Signals, records and flows compared with dictionaries filled by plain loops."""

import itertools

import example_games as examples
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.model.combinators import (
    add_flow,
    add_record,
    add_signal,
    authority,
    charge,
    joined,
    paired,
    per_round,
)

SEEDS = st.integers(0, 2**32 - 1)
MANY = {
    ("team", "private tremble"),
    ("team", "published"),
    ("team", "private findings"),
    ("team", "ladder that ends"),
}
GROUND = st.sampled_from([pair for pair in examples.PAIRS if pair not in MANY])


def lottery(generator, shape):
    weights = generator.integers(0, 4, size=shape)
    weights[..., 0] += weights.sum(axis=-1) == 0
    return weights / weights.sum(axis=-1, keepdims=True)


def chance(table, *place):
    """Read an entry of an array in which size-1 axes stand for all."""
    return table[
        tuple(0 if size == 1 and k != slice(None) else k for size, k in zip(table.shape, place, strict=True))
    ]


def profile_done(game, p, y):
    """Return the place of the profile that was really done when p was chosen and y came of it."""
    done = [game.deeds[i, y] if game.deeds[i, y] >= 0 else game.profiles[p, i] for i in range(game.n)]
    return [list(row) for row in game.profiles.tolist()].index([int(a) for a in done])


def places(game):
    return itertools.product(range(len(game.states)), range(len(game.profiles)))


@settings(max_examples=up_to(25))
@given(
    pick=GROUND,
    seed=SEEDS,
    Z=st.integers(1, 3),
    by=st.sampled_from(["profile", "outcome", "both"]),
    wide=st.booleans(),
)
def test_add_signal(pick, seed, Z, by, wide):
    game = examples.ground(*pick)
    generator = np.random.default_rng(seed)
    S, P, Y = len(game.states), len(game.profiles), len(game.outcomes)
    rows = {"profile": (P if generator.random() < 0.8 else 1,), "outcome": (Y,), "both": (P, Y)}[by]
    given_ = lottery(generator, (1, S if wide else 1, *rows, Z))
    sees = generator.integers(0, 3, size=(game.n, Z))
    for i in range(game.n):  # what is read must be seen
        sees[i] = np.arange(Z)
    blind = int(generator.integers(game.n))
    sees[blind] = 0
    conduct = np.full((game.n, game.n, Z), -1)
    finding = np.zeros((game.n, Z), dtype=int)
    reader = (blind + 1) % game.n
    for z in range(Z):
        if (game.conduct[blind, blind] < 0).all():
            conduct[reader, blind, z] = generator.integers(-1, game.sizes[blind])
    names = tuple(f"z{z}" for z in range(Z))
    after = add_signal(game, names, sees, **{f"given_{by}": given_}, conduct=conduct, finding=finding)
    assert after.outcomes == tuple(joined(y, z) for y in game.outcomes for z in names)
    for s, p in places(game):
        for (y, z), k in zip(itertools.product(range(Y), range(Z)), itertools.count()):
            done = profile_done(game, p, y)
            row = {"profile": (done,), "outcome": (y,), "both": (done, y)}[by]
            expected = chance(game.probabilities, 0, s, p, y) * chance(given_, 0, s, *row, z)
            assert abs(chance(after.probabilities, 0, s, p, k) - expected) < 1e-15
            assert after.next_state[s, k] == game.next_state[s, y]
    for i in range(game.n):
        seen = {}
        for k, (y, z) in enumerate(itertools.product(range(Y), range(Z))):
            seen.setdefault((game.views[i, y], sees[i, z]), set()).add(int(after.views[i, k]))
            assert after.deeds[i, k] == game.deeds[i, y]
            assert after.finding[i, k] == game.finding[i, y]
            for j in range(game.n):
                late = conduct[i, j, z]
                assert after.conduct[i, j, k] == (late if late >= 0 else game.conduct[i, j, y])
        symbols = [symbol for (symbol,) in seen.values()]
        assert sorted(symbols) == list(range(len(seen))), (
            "one symbol for each pair of things seen, without gaps"
        )
    for line, flow in game.flows.items():
        new = after.flows[line]
        assert (new.kind, new.by_profile is None) == (flow.kind, flow.by_profile is None)
        if flow.by_outcome is not None:
            np.testing.assert_array_equal(
                new.by_outcome, flow.by_outcome[:, :, [y for y in range(Y) for _ in range(Z)]]
            )
        old, new = (examples.paid_on_average(one, line) for one in (game, after))
        np.testing.assert_allclose(new, old, atol=1e-12)


@pytest.mark.parametrize("tables", [(), ("profile", "outcome"), ("profile", "both"), ("outcome", "both")])
def test_signal_needs_probabilities_of_one_kind(tables):
    given_ = {f"given_{by}": np.ones((1, 1, 1, 1, 1) if by == "both" else (1, 1, 1, 1)) for by in tables}
    with pytest.raises(GameError, match="by profile, by outcome or by both: one of them") as refusal:
        add_signal(examples.dilemma(), ("x",), np.zeros((2, 1), dtype=int), **given_)
    assert refusal.value.key == "add_signal"


@pytest.mark.parametrize("tremble", [0, 0.25])
def test_verdict_on_what_was_done_and_on_what_was_found(tremble):
    """An appeal upholds a finding of offence with probability 0.7, and one that is wrong with 0.2 only."""
    unseen = gl.repeated(examples.dilemma(), discount_factor=0.9, observe="none", tremble=tremble)
    game = gl.monitoring(unseen, detection=0.9, false_alarm=0.1)
    kept = game.keeps[0, 0, game.profiles[:, 0]]
    accused = game.finding[0] == 2
    upheld = np.where(accused, np.where(kept, 0.2, 0.7)[:, None], 0)[None, None]
    verdict = np.array([[1, 2], [0, 0]])  # on the first player only
    after = add_signal(
        game,
        ("acquitted", "convicted"),
        np.array([[0, 1], [0, 1]]),
        given_both=np.stack([1 - upheld, upheld], axis=-1),
        finding=verdict,
    )
    convicted = (after.probabilities[0, 0] * (after.finding[0] == 2)).sum(axis=-1)
    innocent, guilty = 0.1 * 0.2, 0.9 * 0.7
    slips = (1 - tremble) * np.array([innocent, guilty]) + tremble * np.array([guilty, innocent])
    np.testing.assert_allclose(convicted, np.where(kept, *slips))


def test_signal_that_is_too_large_is_refused_before_it_is_built():
    game = examples.ground("dilemma", "public")
    names = ("",) * 320_000
    table = np.broadcast_to(np.array(1 / 320_000), (1, 1, 4, len(names)))
    with pytest.raises(
        GameError, match="would need a table of 5,120,000 probabilities, the limit is 5,000,000"
    ):
        add_signal(game, names, np.zeros((2, 1), dtype=int), given_profile=table)


def test_findings_are_overridden_only_by_findings():
    game = examples.ground("dilemma", "findings")
    found = np.array([[0, 2], [1, 0]])
    after = add_signal(
        game,
        ("silent", "loud"),
        np.array([[0, 1], [0, 1]]),
        given_outcome=np.full((1, 1, 4, 2), 0.5),
        finding=found,
    )
    for k, (y, z) in enumerate(itertools.product(range(4), range(2))):
        for i in range(2):
            assert after.finding[i, k] == (found[i, z] or game.finding[i, y])


@settings(max_examples=up_to(30))
@given(pick=GROUND, seed=SEEDS, R=st.integers(1, 3), levelled=st.booleans())
def test_add_record(pick, seed, R, levelled):
    game = examples.ground(*pick)
    generator = np.random.default_rng(seed)
    S, Y = len(game.states), len(game.outcomes)
    moves = generator.integers(0, R, size=(R, Y))
    levels = generator.integers(0, 3, size=(R, game.n)) if levelled else None
    names = tuple(f"r{r}" for r in range(R))
    after = add_record(game, names, moves, levels)
    pairs = list(itertools.product(range(S), range(R)))
    assert after.states == tuple(joined(game.states[s], names[r]) for s, r in pairs)
    for k, (s, r) in enumerate(pairs):
        assert after.start[0, k] == (game.start[0, s] if r == 0 else 0)
        for y in range(Y):
            assert pairs[after.next_state[k, y]] == (game.next_state[s, y], moves[r, y])
        for field in ("allowed", "ends_round", "agreement", "keeps"):
            np.testing.assert_array_equal(getattr(after, field)[k], getattr(game, field)[s])
        for field in ("fallback", "discount_factor"):
            np.testing.assert_array_equal(getattr(after, field)[:, k], getattr(game, field)[:, s])
        np.testing.assert_array_equal(after.levels[k], game.levels[s] if levels is None else levels[r])
        for p, y in itertools.product(range(len(game.profiles)), range(Y)):
            assert chance(after.probabilities, 0, k, p, y) == chance(game.probabilities, 0, s, p, y)
        for line, flow in game.flows.items():
            for old, new in zip(flow.parts(), after.flows[line].parts(), strict=True):
                assert new.shape[1] == (1 if old.shape[1] == 1 else S * R)
                np.testing.assert_array_equal(
                    new[:, 0 if new.shape[1] == 1 else k], old[:, 0 if old.shape[1] == 1 else s]
                )
    assert (after.outcomes, after.views.tolist()) == (game.outcomes, game.views.tolist())


@settings(max_examples=up_to(30))
@given(pick=GROUND, seed=SEEDS, wide=st.booleans(), few=st.booleans())
def test_add_flow_by_profile_and_outcome(pick, seed, wide, few):
    """What is paid depends on what was done and on what came of it, together; nobody sees more than before."""
    game = examples.ground(*pick)
    generator = np.random.default_rng(seed)
    S, P, Y, c = len(game.states), len(game.profiles), len(game.outcomes), len(game.accounts)
    amounts = -generator.integers(0, 2 if few else 100, size=(1, S if wide else 1, P, Y, c)).astype(float)
    after = add_flow(game, "toll", "cost", by_both=amounts)
    old = add_flow(game, "toll", "cost", by_outcome=np.zeros((1, 1, Y, c)))
    seen = {}
    for s, p in places(game):
        expected, paid = {}, {}
        for y in range(Y):
            owed = chance(amounts, 0, s, profile_done(game, p, y), y, slice(None))
            key = (tuple(old.views[:, y]), old.next_state[s, y], tuple(old.deeds[:, y]), tuple(owed))
            expected[key] = expected.get(key, 0) + chance(old.probabilities, 0, s, p, y)
        for k in range(len(after.outcomes)):
            owed = chance(after.flows["toll"].by_outcome, 0, s, k, slice(None))
            key = (tuple(after.views[:, k]), after.next_state[s, k], tuple(after.deeds[:, k]), tuple(owed))
            paid[key] = paid.get(key, 0) + chance(after.probabilities, 0, s, p, k)
            seen.setdefault(tuple(after.views[:, k]), set()).add(tuple(after.conduct[:, :, k].flat))
        assert {key: share for key, share in paid.items() if share} == pytest.approx(
            {key: share for key, share in expected.items() if share}
        )
    for line in game.flows:
        np.testing.assert_allclose(
            examples.paid_on_average(after, line), examples.paid_on_average(game, line), atol=1e-12
        )
    assert all(len(readings) == 1 for readings in seen.values())
    assert [int(own.max()) for own in after.views] == [int(own.max()) for own in game.views]


@settings(max_examples=up_to(40))
@given(pick=GROUND, seed=SEEDS, sides=st.sampled_from(["profile", "outcome", "both", "flat"]))
def test_add_flow(pick, seed, sides):
    """A flow by profile is paid by what was done; with trembles that is the deed."""
    game = examples.ground(*pick)
    generator = np.random.default_rng(seed)
    S, P, Y, c = len(game.states), len(game.profiles), len(game.outcomes), len(game.accounts)
    by_profile = -generator.random((1, S, 1 if sides == "flat" else P, c)) if sides != "outcome" else None
    by_outcome = -generator.random((1, 1, Y, c)) if sides in ("outcome", "both") else None
    after = add_flow(game, "toll", "cost", by_profile=by_profile, by_outcome=by_outcome)
    paid = examples.paid_on_average(after, "toll")
    for s, p in places(game):
        expected = np.zeros(c)
        for y in range(Y):
            probability = chance(game.probabilities, 0, s, p, y)
            if by_profile is not None:
                row = 0 if sides == "flat" else profile_done(game, p, y)
                expected += probability * by_profile[0, s, row]
            if by_outcome is not None:
                expected += probability * by_outcome[0, 0, y]
        np.testing.assert_allclose(paid[0, s, p], expected, atol=1e-12)
    assert list(after.flows) == [*game.flows, "toll"]
    assert after.flows["toll"].kind == "cost"


def test_a_line_is_there_once():
    game = examples.ground("dilemma", "findings")
    with pytest.raises(GameError, match=r"the ledger has a line 'monitoring.cost' already") as refusal:
        add_flow(game, "monitoring.cost", "cost", by_profile=np.zeros((1, 1, 1, 3)))
    assert refusal.value.key == "flows"


def test_nothing_comes_after_altruism():
    game = gl.altruism(examples.ground("dilemma", "public"), weight=0.5)
    for late in (
        lambda: add_flow(game, "toll", "cost", by_profile=np.zeros((1, 1, 1, 3))),
        lambda: gl.monitoring(game, detection=0.5),
        lambda: gl.transparency(game),
    ):
        with pytest.raises(GameError, match="comes too late: altruism is always applied last"):
            late()


def test_costs_per_round_are_charged_where_a_round_ends():
    game = examples.ground("dilemma", "ladder that ends")
    amounts = -np.ones((1, 3))
    assert per_round(game, amounts).shape == (1, 5, 1, 3)
    assert per_round(game, amounts)[0, :, 0, 0].tolist() == [-1, -1, -1, -1, 0]
    assert per_round(examples.ground("dilemma", "ladder"), amounts).shape == (1, 1, 1, 3)
    two_moves = game.replace(
        ends_round=np.array([True, True, True, False, True]),
        discount_factor=np.where(np.arange(5) == 3, 1, 0.9)[None, :, None],
        next_state=np.where(np.arange(5)[:, None] == 3, 0, game.next_state),
    )
    assert per_round(two_moves, amounts)[0, :, 0, 0].tolist() == [-1, -1, -1, 0, 0]


@pytest.mark.parametrize(
    ("payer", "amounts"), [("participants", [-0.5, -0.5, -0.5, 0]), ("authority", [0, 0, 0, -1.5])]
)
def test_charge(payer, amounts):
    assert charge(examples.team(), np.array([[0.5]]), payer).tolist() == [amounts]


def test_the_authority_may_be_missing():
    stage = examples.dilemma()
    material = stage.flows["material"]
    alone = stage.replace(
        accounts=stage.players, flows={"material": type(material)("material", material.by_profile[..., :2])}
    )
    with pytest.raises(GameError, match="no account 'authority' among player_1, player_2") as refusal:
        authority(alone)
    assert refusal.value.key == "paid_by"
    watched = gl.monitoring(gl.repeated(alone, discount_factor=0.5, observe="none"), detection=0.5, cost=1)
    assert watched.accounts == alone.players


@pytest.mark.parametrize(
    ("first", "second", "text"), [("", "", ""), ("a", "", "a"), ("", "b", "b"), ("a", "b", "a; b")]
)
def test_joined(first, second, text):
    assert joined(first, second) == text


def test_paired_symbols_have_no_gaps():
    both = paired(np.array([[0, 1], [0, 0]]), np.array([[0, 2], [1, 1]]))
    assert both.tolist() == [[0, 1, 2, 3], [0, 0, 0, 0]]
