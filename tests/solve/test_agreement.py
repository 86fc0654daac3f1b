"""Whether a profile keeps the agreement while nobody was seen to deviate, and proofs that none can."""

import dataclasses

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
from gamelab.solve.agreement import deviation_seen, has_agreement, prescribes_agreement, why_impossible
from gamelab.strategies.constant import constant
from gamelab.strategies.profile import profile_of


def supports(game, strategy):
    return prescribes_agreement(game, profile_of(game, strategy))


@pytest.mark.parametrize(
    ("strategy", "keeps"),
    [
        ("always_cooperate", True),
        ("grim", True),
        ("tit_for_tat", True),
        ("tit_for_two_tats", True),
        ("win_stay_lose_shift", True),
        ({"limited_punishment": {"rounds": 2}}, True),
        ("penance", True),
        ({"memory_one": {"cc": 1, "cd": 0, "dc": 0, "dd": 0}}, True),
        ({"memory_one": {"cc": 0.999, "cd": 0, "dc": 0, "dd": 0}}, False),
        ({"memory_one": {"cc": 1, "cd": 0, "dc": 0, "dd": 0, "first": 0.999}}, False),
        ({"extortion": {"factor": 2}}, False),
        ("always_defect", False),
        ("turn_taking", False),
        ("stage_nash", False),
        (["grim", "always_defect"], False),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "time", [{"discount_factor": 0.9}, {"discount_factor": 0.9, "misreading": 0.1}, {"rounds": 3}], ids=str
)
def test_the_catalogue_with_a_public_record(strategy, keeps, time):
    assert supports(draws.dilemma(**time), strategy) == keeps


def test_a_grid_has_an_answer_for_each_point():
    game = draws.dilemma(discount_factor=np.full(3, 0.9))
    assert (
        supports(game, {"generous_tit_for_tat": {"generosity": np.array([0, 0.5, 1])}}).tolist() == [True] * 3
    )
    first = {"memory_one": {"cc": 1, "cd": 0, "dc": 0, "dd": 0, "first": np.array([1, 0.5, 0])}}
    assert supports(game, first).tolist() == [True, False, False]


def test_findings_and_publications_show_deviations():
    unseen = draws.dilemma(discount_factor=0.9, observe="none")
    watched = gl.monitoring(unseen, detection=0.9, false_alarm=0.1)
    laddered = gl.graduated_sanctions(watched, fines=[1, 2])
    assert supports(watched, "grim")
    assert supports(gl.transparency(unseen, reach=0.5, misreading=0.1), "grim")
    assert supports(laddered, "comply")
    assert not supports(gl.graduated_sanctions(watched, fines=[1, 2]), {"comply_until": {"level": 0}})
    assert supports(laddered, {"comply_until": {"level": 1}})  # only after an offence was found


def test_own_deviations_count_as_seen_where_players_read_each_other_privately():
    game = draws.dilemma(discount_factor=0.9, observe="private", misreading=0.1)
    assert supports(game, "grim")
    assert supports(game, "tit_for_tat")


@settings(max_examples=up_to(30))
@given(draws.grids(points=1), st.sampled_from(sorted(draws.ARRANGEMENTS)), st.sampled_from(draws.STRATEGIES))
def test_a_walk_over_histories_gives_the_same_answer(grid, name, strategy):
    game = draws.arranged(name, {key: entry[0] for key, entry in grid.items()} | {"discount_factor": 0.8})
    try:
        automata = profile_of(game, strategy)
    except GameError:
        assume(False)
    seen = deviation_seen(game)
    states, profiles, outcomes = np.nonzero(game.happens)
    moves = {s: [] for s in range(len(game.states))}
    for s, p, y in zip(states, profiles, outcomes, strict=True):
        if not seen[s, p, y]:
            moves[s].append((game.profiles[p], y))
    first = tuple(a.start for a in automata)
    waiting = [(int(s), *first) for s in np.flatnonzero(game.start[0] > 0)]
    found, kept = set(waiting), True
    while waiting:
        s, *inner = waiting.pop()
        for i, automaton in enumerate(automata):
            action = automaton.action[0, min(s, automaton.action.shape[1] - 1), inner[i]]
            if game.agreement[s, i] >= 0:
                kept &= not (action[~game.keeps[s, i]] > 0).any()
        for profile, y in moves[s]:
            after = [
                int(a.next[min(s, a.next.shape[0] - 1), inner[i], profile[i], game.views[i, y]])
                for i, a in enumerate(automata)
            ]
            joint = (int(game.next_state[s, y]), *after)
            if joint not in found:
                found.add(joint)
                waiting.append(joint)
    assert prescribes_agreement(game, automata) == kept


# ------------------------------------------------------------------------------------------------- proofs


@pytest.mark.parametrize("d", [0, 0.5, 0.999])
def test_what_is_never_seen_is_not_kept_at_any_discount_factor(d):
    unseen = draws.dilemma(discount_factor=d, observe="none")
    assert "nobody ever sees it" in why_impossible(unseen)
    assert "nobody ever sees it" in why_impossible(gl.transparency(unseen, reach=0))
    assert "nobody ever sees it" in why_impossible(gl.monitoring(unseen, detection=0.3, false_alarm=0.3))
    assert "nobody ever sees it" in why_impossible(draws.dilemma(discount_factor=d, misreading=0.5))
    assert "nobody ever sees it" in why_impossible(
        draws.dilemma(discount_factor=d, observe="private", misreading=0.5)
    )


@pytest.mark.parametrize("d", [0.5, 0.999])
def test_what_is_seen_or_acted_upon_is_not_proved_impossible(d):
    unseen = draws.dilemma(discount_factor=d, observe="none")
    watched = gl.monitoring(unseen, detection=0.3, false_alarm=0.2)
    for game in (
        draws.dilemma(discount_factor=d),
        draws.dilemma(discount_factor=d, observe="private", misreading=0.4),
        gl.transparency(unseen, reach=0.01),
        watched,
        gl.graduated_sanctions(watched, fines=[1]),
        gl.altruism(unseen, weight=0.8),
    ):
        assert why_impossible(game) is None


@pytest.mark.parametrize("rounds", [1, 2, 10])
def test_finitely_many_rounds_unravel_from_the_only_stage_equilibrium(rounds):
    assert "backward induction" in why_impossible(draws.dilemma(rounds=rounds))
    stage = gl.normal_form(
        payoffs=[[[3, 3], [0, 4]], [[4, 0], [0, 0]]], agreement=["1", "1"], fallback=["2", "2"]
    )
    assert why_impossible(gl.repeated(stage, rounds=rounds)) is None  # ties: several stage equilibria
    fined = gl.graduated_sanctions(
        gl.monitoring(draws.dilemma(rounds=rounds, observe="none"), detection=1), fines=[3]
    )
    assert why_impossible(fined) is None


def test_nothing_is_proved_where_nothing_is_agreed():
    battle = gl.repeated(gl.normal_form(payoffs=[[[2, 1], [0, 0]], [[0, 0], [1, 2]]]), discount_factor=0.5)
    assert not has_agreement(battle)
    assert why_impossible(battle) is None
    assert has_agreement(draws.dilemma(discount_factor=0.5))


@settings(max_examples=up_to(20))
@given(draws.grids(points=1), st.sampled_from(sorted(draws.ARRANGEMENTS)), st.sampled_from(draws.STRATEGIES))
def test_no_certified_profile_contradicts_a_proof(grid, name, strategy):
    game = draws.arranged(name, {key: entry[0] for key, entry in grid.items()} | {"discount_factor": 0.9})
    if why_impossible(game) is None:
        return
    try:
        automata = profile_of(game, strategy)
    except GameError:
        assume(False)
    if prescribes_agreement(game, automata):
        assert gl.certify(game, strategy).nash != "holds"


def whispers(tells):
    """A dilemma in which both hear a coin; the first hears the same one only while keeping the agreement.

    The second's coin is fair whatever the first does, so that a deviation alone changes nothing that the
    second hears - but with ``tells`` the first no longer knows what that was.
    """
    game = draws.dilemma(discount_factor=0.9, observe="none")
    same, apart = [0.5, 0, 0, 0.5], [0.25, 0.25, 0.25, 0.25]  # coins (0, 0), (0, 1), (1, 0), (1, 1)
    chances = np.array([same, same, apart, apart] if tells else [apart] * 4)
    return game.replace(
        outcomes=("00", "01", "10", "11"),
        probabilities=chances[None, None],
        next_state=np.zeros((1, 4), dtype=int),
        views=np.array([[0, 0, 1, 1], [0, 1, 0, 1]]),
        conduct=-np.ones((2, 2, 4), dtype=int),
        deeds=-np.ones((2, 4), dtype=int),
        finding=np.zeros((2, 4), dtype=int),
    )


def test_a_deviation_that_costs_knowledge_is_no_proof_against_the_one_who_deviates():
    assert why_impossible(whispers(tells=False)).startswith("when player_1 does D")
    # the second's deviation still changes nothing for anybody, so the proof names the second
    assert why_impossible(whispers(tells=True)).startswith("when player_2 does D")


# -------------------------------------------------------------------------------- rounds of several moves


def trust(V=10, c=2, t=4, **time):
    return gl.repeated(gl.time_inconsistency(value=V, cost=c, payment=t), **time)


@pytest.mark.parametrize("rounds", [1, 2, 7])
@pytest.mark.parametrize("observe", ["public", "private", "none"])
def test_dealings_of_known_length_unravel(rounds, observe):
    words = why_impossible(trust(rounds=rounds, observe=observe))
    if observe == "none":
        assert "when player_2 does renege in place of honour, nobody ever sees it" in words
        assert "pays 4 more at once" in words
    else:
        assert "player_2 does renege, player_1 does decline" in words
        assert "backward induction" in words


def test_what_nobody_sees_is_not_paid_for():
    unseen = trust(discount_factor=0.99, observe="none")
    assert "nobody ever sees it" in why_impossible(unseen)
    assert "nobody ever sees it" in why_impossible(trust(discount_factor=0.99, misreading=0.5))
    assert "nobody ever sees it" in why_impossible(gl.transparency(unseen, reach=0))
    assert "nobody ever sees it" in why_impossible(gl.monitoring(unseen, detection=0.3, false_alarm=0.3))
    for game in (
        trust(discount_factor=0.1),
        gl.transparency(unseen, reach=0.01),
        gl.monitoring(unseen, detection=0.3, false_alarm=0.2),
        gl.altruism(unseen, weight=1.1),
    ):
        assert why_impossible(game) is None


def test_fines_end_the_unravelling():
    watched = gl.monitoring(trust(rounds=3, observe="none"), detection=0.9)
    assert "backward induction" in why_impossible(watched)
    for fine, proof in [(4.4, True), (4.5, False)]:  # 0.9 x 4.45 would be 4
        fined = gl.graduated_sanctions(watched, fines=[fine])
        assert bool(why_impossible(fined)) == proof
        assert (gl.certify(fined, "comply").verdict == "holds") != proof


def test_ties_give_no_proof():
    """With weight 1 the gainer does not care who holds the value: to honour is as good as to renege."""
    assert why_impossible(gl.altruism(trust(rounds=3), weight=1)) is None
    assert "backward induction" in why_impossible(gl.altruism(trust(rounds=3), weight=0.99))
    assert gl.certify(gl.altruism(trust(rounds=3), weight=1), "comply").verdict == "holds"


SEEDS = st.integers(0, 2**32 - 1)


def random_tree(generator, rounds, observe):
    """One moves first, the other then in one of two places; payoffs everywhere, and an agreement by chance."""
    movers = (0, 1, 1)
    choice = np.array([[mover == i for i in (0, 1)] for mover in movers])
    agreement = np.where(choice, generator.integers(0, 2, size=(3, 2)), -1)
    allowed = np.stack([np.ones_like(choice), choice], axis=-1)
    keeps = np.where(choice[..., None], agreement[..., None] == np.arange(2), allowed)
    base = gl.time_inconsistency(value=10, cost=2, payment=4)
    pay = np.zeros((1, 3, 4, 3))
    pay[..., :2] = generator.integers(-50, 50, size=(1, 3, 4, 2)) / 10
    slip = generator.choice([0.0, 0.2])
    chances = np.array([[1 - slip, slip]] * 2 + [[slip, 1 - slip]] * 2)
    stage = base.replace(
        allowed=allowed, agreement=agreement, keeps=keeps, probabilities=chances[None, None],
        flows={"material": Flow("material", by_profile=pay)},
        fallback=(np.arange(2) == np.where(choice, 1, 0)[..., None])[None].astype(float),
    )  # fmt: skip
    d = 1.0 if rounds else 0.9
    return gl.repeated(stage, rounds=rounds, discount_factor=d, observe=observe)


def best_in_a_round(game):
    """Return the best action in each state of the tree, by plain backward induction."""
    told = ref.plain(game)
    worth, best = {}, {}
    for s, mover in ((2, 1), (1, 1), (0, 0)):
        for profile in told.profiles[s]:
            now = list(told.payoffs["material", s, profile])
            if s == 0:
                for y, chance in told.lottery[s, profile]:
                    now = [x + chance * z for x, z in zip(now, worth[told.next_state[s, y]], strict=True)]
            if s not in worth or now[mover] > worth[s][mover]:
                worth[s], best[s] = now, profile[mover]
    return best


@settings(max_examples=up_to(40))
@given(SEEDS, st.integers(1, 3), st.sampled_from(["public", "none"]))
def test_proofs_in_random_rounds_of_two_moves(seed, rounds, observe):
    """Where nothing ties, what is best in one round is the only equilibrium of any number of them."""
    game = random_tree(np.random.default_rng(seed), rounds, observe)
    best = best_in_a_round(game)
    movers = (0, 1, 1)
    wanted = [
        np.array([np.eye(2)[best[s]] if movers[s] == i else [1.0, 0] for s in range(3)]) for i in (0, 1)
    ]
    automata = [constant(game, i, "best", "best", wanted[i][None]) for i in (0, 1)]
    certificate = gl.certify(game, automata)
    assert certificate.verdict == "holds"
    if certificate.max_gain > -1e-6:  # a tie
        return
    kept = prescribes_agreement(game, automata)
    proof = why_impossible(game)
    if proof is not None:
        assert not kept
    if observe == "public" and not kept:
        assert proof is not None


@pytest.mark.slow
@settings(max_examples=up_to(10))
@given(SEEDS, st.sampled_from(["public", "none"]))
def test_no_small_machine_contradicts_a_proof(seed, observe):
    """All pairs of machines with two states, one per player, that keep the agreement: none is certified."""
    generator = np.random.default_rng(seed)
    for _ in range(40):
        game = random_tree(generator, None, observe)
        if why_impossible(game) is not None:
            break
    else:
        return
    for _ in range(40):
        automata = [ref.random_automaton(generator, game, i, True, 2) for i in (0, 1)]
        keeping = []
        for i, automaton in enumerate(automata):  # keep the agreement in the first state at least
            action = automaton.action.copy()
            for s in range(3):
                if game.agreement[s, i] >= 0:
                    action[:, s, automaton.start] = np.eye(2)[game.agreement[s, i]]
            keeping.append(dataclasses.replace(automaton, action=action))
        if prescribes_agreement(game, keeping):
            assert gl.certify(game, keeping).nash != "holds"


def test_a_place_that_only_a_seen_deviation_leads_to_proves_nothing():
    """What is agreed after a decline counts only for those who may be there without a seen deviation."""
    stage = gl.time_inconsistency(value=10, cost=2, payment=4)
    allowed = stage.allowed.copy()
    allowed[2, 1] = True  # after a decline the gainer may pay, or not
    agreement, keeps = stage.agreement.copy(), stage.keeps.copy()
    agreement[2, 1] = 0
    fallback = stage.fallback.copy()
    fallback[:, 2, 1] = [0, 1]
    pay = stage.flows["material"].by_profile.copy()
    pay[:, 1, 1, :2] = [-2, 5]  # to renege does not pay
    pay[:, 2, 1::2, 1] = 1  # and nobody pays after a decline
    game = gl.repeated(
        stage.replace(
            allowed=allowed, agreement=agreement, keeps=keeps, fallback=fallback,
            flows={"material": Flow("material", by_profile=pay)},
        ),
        rounds=2,
    )  # fmt: skip
    assert why_impossible(game) is None
    moves = [[[1.0, 0], [1, 0], [1, 0]], [[1.0, 0], [1, 0], [0, 1]]]
    automata = [constant(game, i, "mine", "does", np.array([moves[i]])) for i in (0, 1)]
    assert gl.certify(game, automata).verdict == "holds"
    assert prescribes_agreement(game, automata)


def test_where_two_actions_keep_the_agreement_no_proof_takes_one_of_them():
    game = draws.dilemma(rounds=2)
    both = game.replace(keeps=np.ones_like(game.keeps))
    assert why_impossible(both) is None
    assert (
        why_impossible(draws.dilemma(discount_factor=0.5, observe="none").replace(keeps=both.keeps)) is None
    )
