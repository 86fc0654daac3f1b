"""Who is in a population."""

import numpy as np
import pytest

import gamelab as gl
from gamelab.simulate.population.persons import BAD, Shown, alike, groups_of, memberships

STAGE = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
GAME = gl.repeated(STAGE, discount_factor=0.9)
KNOWN = Shown("standing", None, 1, 0)


def sizes(strategies, population=10):
    return {group.name: group.size for group in groups_of(GAME, strategies, population, KNOWN)}


def test_ways_to_say_who_is_there():
    assert sizes("grim") == {"grim": 10}
    assert sizes({"limited_punishment": {"rounds": 2}}) == {"limited_punishment rounds 2": 10}
    assert sizes({"grim": 0.7, "ALLD": 0.3}) == {"grim": 7, "ALLD": 3}
    assert sizes({"grim": 9, "always_defect": 1}) == {"grim": 9, "always_defect": 1}
    assert sizes([("grim", 0.5), ({"limited_punishment": {"rounds": 2}}, 0.5)]) == {
        "grim": 5,
        "limited_punishment rounds 2": 5,
    }
    assert sizes([["grim", 0.5], ["grim", 0.5]]) == {"grim": 5, "grim (2)": 5}
    assert sizes(["grim", "always_defect"]) == {"grim / always_defect": 10}
    assert sizes([(["grim", "always_defect"], 4), ("comply", 6)]) == {
        "grim / always_defect": 4,
        "comply": 6,
    }


@pytest.mark.parametrize("population", [7, 10, 11, 1000])
def test_largest_remainders(population):
    shares = {"grim": 1 / 3, "always_defect": 1 / 2, "comply": 1 / 6}
    found = sizes(shares, population)
    assert sum(found.values()) == population
    assert all(abs(found[name] - share * population) < 1 for name, share in shares.items())


@pytest.mark.parametrize(
    ("strategies", "words"),
    [
        ({"grim": 0.7, "always_defect": 0.2}, "add up to 0.9; write shares that add up to 1"),
        ({"grim": 3, "always_defect": 2}, "the population, 10"),
        ({"grim": 1.2, "always_defect": -0.2}, "every share needs to be above 0"),
        ({"grim": float("nan"), "always_defect": 0.5}, "every share needs to be above 0"),
        ({"grim": 0.99, "always_defect": 0.01}, "'always_defect' has too small a share"),
        ({"grim": 0.5, "always_defect": "half"}, "write {name: share} with a number for each"),
        ({}, "write {name: share}"),
        ([], "a list of (strategy, share)"),
        ([("grim", 0.5), "always_defect"], "a list of (strategy, share)"),
        (["grim", "grim", "grim"], "3 strategies given for the 2 seats"),
        ("grin", "did you mean 'grim'? (a population also knows 'discriminate')"),
        ({"discriminate": {"when_bed": "keep"}}, "settings of discriminate are when_bad or when_unseen"),
        ({"discriminate": {"when_bad": "punish"}}, "write keep or depart"),
        (3, "no strategy"),
        (np.array([1, 2]), "no strategy"),
    ],
)
def test_refused_in_words(strategies, words):
    with pytest.raises(gl.GameError) as refused:
        sizes(strategies)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (Shown("none", None, 1, 0), "no records are kept"),
        (Shown("standing", None, 0, 0), "the reach is 0"),
    ],
)
def test_what_is_not_shown_cannot_be_told_apart(known, words):
    with pytest.raises(gl.GameError, match=words):
        groups_of(GAME, "discriminate", 10, known)


def test_strategies_of_the_catalogue_need_to_see_too():
    unseen = gl.repeated(STAGE, discount_factor=0.9, observe="none")
    with pytest.raises(gl.GameError, match="grim needs to see what player_2 does"):
        groups_of(unseen, "grim", 10, KNOWN)
    assert groups_of(unseen, "discriminate", 10, KNOWN)[0].size == 10  # the record is all it needs
    battle = gl.repeated(gl.battle(high=3, low=2), discount_factor=0.9)
    with pytest.raises(gl.GameError, match="discriminate needs an agreement"):
        groups_of(battle, "discriminate", 10, KNOWN)


def test_discriminate():
    for punishment, hopeful in ((None, 1), (3, 0)):
        (group,) = groups_of(GAME, "discriminate", 2, Shown("standing", punishment, 0.5, 0))
        action = group.seats[0].action[:, :, 0].argmax(axis=-1)
        assert action[0].tolist() == [0, 0, 1]  # own standing good: deviates from those seen in bad standing
        assert action[1].tolist() == [hopeful, hopeful, 1]
        assert action[:, BAD].tolist() == [1, 1]
    (group,) = groups_of(GAME, {"discriminate": {"when_unseen": "depart", "when_bad": "keep"}}, 2, KNOWN)
    assert group.seats[1].action[:, :, 0].argmax(axis=-1).tolist() == [[1, 0, 1], [1, 0, 1]]


@pytest.mark.parametrize(
    ("institution", "settings"),
    [
        ("monitoring", {"detection": {"a": 0.9, "b": 0.5}}),
        ("monitoring", {"detection": 0.9, "false_alarm": {"a": 0, "b": 0.1}}),
        ("monitoring", {"detection": 0.9, "cost": {"a": 0, "b": 0.1}}),
        ("transparency", {"misreading": {"a": 0, "b": 0.1}}),
        ("altruism", {"weight": {"a": 0, "b": 0.1}}),
        ("graduated_sanctions", {"fines": {"a": [1, 2], "b": [1]}}),
        ("graduated_sanctions", {"fines": {"a": [1, 2], "b": [1, 3]}}),
    ],
)
def test_seats_of_players_who_differ_are_not_alike(institution, settings):
    names = ["a", "b"]
    stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0, players=names)
    game = gl.repeated(stage, discount_factor=0.9)
    if institution == "graduated_sanctions":
        game = gl.monitoring(game, detection=0.9)
    apply = getattr(gl, institution)
    ((name, each),) = [(name, own) for name, own in settings.items() if isinstance(own, dict)]
    assert not alike(apply(game, **settings))
    assert alike(apply(game, **{**settings, name: each["a"]}))
    assert not alike(gl.repeated(stage, discount_factor={"a": 0.9, "b": 0.8}))


def test_seats_that_are_alike():
    assert alike(GAME)
    assert not alike(gl.repeated(gl.time_inconsistency(value=10, cost=2, payment=4), discount_factor=0.9))
    assert not alike(gl.normal_form(payoffs=[[[3, 3], [0, 5]], [[4, 0], [1, 1]]]))
    assert not alike(gl.normal_form(payoffs=[[[3, 3], [0, 5], [0, 0]], [[5, 0], [1, 1], [0, 0]]]))


def test_fixed_seats_split_every_group():
    groups = groups_of(GAME, {"grim": 7, "always_defect": 4}, 11, KNOWN)
    member, seated = memberships(groups, True)
    assert seated == 6
    assert np.bincount(member[:6]).tolist() == [4, 2]
    assert np.bincount(member[6:]).tolist() == [3, 2]
    member, seated = memberships(groups, False)
    assert (seated, np.bincount(member).tolist()) == (0, [7, 4])
