"""Whether a profile keeps the agreement while nobody was seen to depart, and proofs that none can."""

import draws
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import gamelab as gl
from gamelab.errors import GameError
from gamelab.solve.agreement import departure_seen, has_agreement, prescribes_agreement, why_impossible
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


def test_findings_and_publications_show_departures():
    unseen = draws.dilemma(discount_factor=0.9, observe="none")
    watched = gl.monitoring(unseen, detection=0.9, false_alarm=0.1)
    laddered = gl.graduated_sanctions(watched, fines=[1, 2])
    assert supports(watched, "grim")
    assert supports(gl.transparency(unseen, reach=0.5, misreading=0.1), "grim")
    assert supports(laddered, "comply")
    assert not supports(gl.graduated_sanctions(watched, fines=[1, 2]), {"comply_until": {"level": 0}})
    assert supports(laddered, {"comply_until": {"level": 1}})  # only after an offence was found


def test_own_departures_count_as_seen_where_players_read_each_other_privately():
    game = draws.dilemma(discount_factor=0.9, observe="private", misreading=0.1)
    assert supports(game, "grim")
    assert supports(game, "tit_for_tat")


@settings(max_examples=60)
@given(draws.grids(points=1), st.sampled_from(sorted(draws.ARRANGEMENTS)), st.sampled_from(draws.STRATEGIES))
def test_a_walk_over_histories_gives_the_same_answer(grid, name, strategy):
    game = draws.arranged(name, {key: entry[0] for key, entry in grid.items()} | {"discount_factor": 0.8})
    try:
        automata = profile_of(game, strategy)
    except GameError:
        assume(False)
    seen = departure_seen(game)
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


@settings(max_examples=40)
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

    The second's coin is fair whatever the first does, so that a departure alone changes nothing that the
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


def test_a_departure_that_costs_knowledge_is_no_proof_against_the_one_who_departs():
    assert why_impossible(whispers(tells=False)).startswith("when player_1 does D")
    # the second's departure still changes nothing for anybody, so the proof names the second
    assert why_impossible(whispers(tells=True)).startswith("when player_2 does D")
