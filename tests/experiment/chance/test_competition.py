"""The tournaments of a scenario: who plays where, what is told of those who do not."""

import warnings

import pytest

import gamelab as gl
from gamelab.errors import InputError
from gamelab.experiment.chance.competition import compete, known_strategies
from gamelab.scenario import loads
from gamelab.simulate.tournament.tournament import Tournament

TEXT = """gamelab: 1
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: 0.9}
information: {observe: none}
arrangements:
  seen:
    institutions:
      transparency: {reach: 1, cost: 0.1}
    profiles: [grim, {limited_punishment: {rounds: 2}}, [tit_for_tat, comply]]
"""


def scenario(more=""):
    return loads(TEXT + more)


def test_candidates_and_the_catalogue_play_by_default():
    found = known_strategies(scenario(), {})
    assert found[:3] == ["grim", {"limited_punishment": {"rounds": 2}}, ["tit_for_tat", "comply"]]
    assert {"always_defect", "win_stay_lose_shift"} <= {plan for plan in found if isinstance(plan, str)}
    assert found.count("grim") == 1
    played = compete(scenario()).tournaments
    assert "grim" in played["none"].left_out
    assert "tit_for_tat / comply" in played["seen"].names
    assert "limited_punishment(rounds=2)" in played["seen"].names


def test_it_is_the_tournament_of_the_arrangements_game():
    stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    game = gl.transparency(gl.repeated(stage, discount_factor=0.5, observe="none"), reach=1, cost=0.1)
    found = compete(
        scenario(),
        {"time.discount_factor": 0.5},
        arrangement="seen",
        strategies=["grim", "always_defect"],
        self_play=False,
    )
    assert list(found.tournaments) == ["seen"]
    alone = gl.tournament(game, ["grim", "always_defect"], self_play=False)
    assert found.tournaments["seen"].payoffs == pytest.approx(alone.payoffs)
    report = found.to_dict()
    assert report["overrides"] == {"time.discount_factor": 0.5}
    assert report["sampled"] is None
    assert report["tournaments"]["seen"]["strategies"] == ["grim", "always_defect"]
    assert report["tournaments"]["seen"]["self_play"] is False


SECTION = """
simulate:
  matches: 30
  seed: 5
  rounds: 4
  strategies: [tit_for_tat, always_defect]
"""


def test_the_section_says_who_plays_and_how_much():
    found = compete(scenario(SECTION), arrangement="seen")
    assert found.tournaments["seen"].names == ("tit_for_tat", "always_defect")
    pytest.importorskip("numba")
    drawn = compete(scenario(SECTION), arrangement="seen", chance={})
    assert drawn.sampled == {"matches": 30, "seed": 5, "rounds": 4}
    asked = compete(scenario(SECTION), arrangement="seen", chance={"matches": 7, "seed": 0})
    assert asked.sampled == {"matches": 7, "seed": 0, "rounds": 4}
    # without noise four rounds are four rounds: 0 once, then 1, less 0.1 a round
    weights = [1, 0.9, 0.81, 0.729]
    assert drawn.tournaments["seen"].payoffs[0, 1] == pytest.approx(sum(weights[1:]) / sum(weights) - 0.1)


def test_a_strategy_that_plays_somewhere_is_left_out_elsewhere():
    found = compete(scenario(), strategies=["grim", "always_defect"])
    assert found.tournaments["none"].names == ("always_defect",)
    assert found.tournaments["seen"].names == ("grim", "always_defect")
    alone = compete(scenario(), strategies=["grim"])
    assert list(alone.tournaments) == ["seen"]
    assert alone.notes[0].startswith("none: strategies: this game admits none of them; grim needs to see")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"strategies": ["grym", "comply"]}, "no arrangement lets grym play.*did you mean 'grim'"),
        ({"strategies": ["grim"], "arrangement": "none"}, "none: strategies: .* grim needs to see"),
        ({"arrangement": "sen"}, "no arrangement 'sen'.*did you mean 'seen'"),
        ({"strategies": ["comply"], "self_play": False}, "without self-play"),
    ],
)
def test_what_is_refused(options, words):
    with pytest.raises(InputError, match=words):
        compete(scenario(), **options)


def test_an_interrupt_keeps_what_was_finished(monkeypatch):
    from gamelab.experiment.chance import competition

    def stops_at_the_second(game, strategies, **options):
        if "transparency.cost" in game.flows:
            raise KeyboardInterrupt
        return gl.tournament(game, strategies, **options)

    monkeypatch.setattr(competition, "tournament", stops_at_the_second)
    found = compete(scenario())
    assert found.interrupted
    assert list(found.tournaments) == ["none"]
    assert isinstance(found.tournaments["none"], Tournament)
    with pytest.raises(KeyboardInterrupt):
        compete(scenario(), arrangement="seen")


def test_warnings_become_notes():
    text = TEXT.replace(
        "transparency: {reach: 1, cost: 0.1}",
        "monitoring: {detection: 0.9}\n      graduated_sanctions: {fines: [4, 2]}",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = compete(loads(text))
    assert any(note.startswith("seen: ") for note in found.notes)
