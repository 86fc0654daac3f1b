import pytest

from gamelab.errors import GameError
from gamelab.testing import laws

PATIENCE, WATCHING = (laws.named(name) for name in ("patience for grim", "cost of watching"))


@pytest.mark.parametrize("law", laws.ANSWER_LAWS, ids=lambda law: law.name)
def test_each_law_rejects_the_wrong_answer_it_comes_with(law):
    finding = law.check(law.wrong)
    assert finding.kind == "wrong"
    assert finding.law == law.name
    namespace = {}
    exec(finding.snippet(), namespace)  # the snippet runs
    assert namespace["game"] is not None


def test_right_answers_pass():
    assert (
        PATIENCE.check(
            lambda temptation, reward, punishment: (temptation - reward) / (temptation - punishment)
        )
        is None
    )
    assert (
        WATCHING.check(lambda reward, punishment, false_alarm, fine: reward - punishment - false_alarm * fine)
        is None
    )


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: 0.5,
        lambda: None,
        lambda: 0,
        lambda: 1,
        lambda temptation, reward, punishment: (temptation - reward) / (reward - punishment),
        lambda temptation, reward, punishment: (reward - punishment) / (temptation - punishment),
        lambda temptation, reward, punishment: (temptation - reward) / (temptation - punishment) + 0.02,
        lambda temptation, reward, punishment: (temptation - reward) / (temptation - punishment) - 0.02,
        lambda temptation, reward: (temptation - reward) / temptation,
    ],
)
def test_other_wrong_answers_about_patience(wrong):
    assert PATIENCE.check(wrong).kind == "wrong"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: None,
        lambda: 1,
        lambda reward, punishment: 2 * (reward - punishment),
        lambda reward, punishment, false_alarm, fine: reward - punishment - 2 * false_alarm * fine,
        lambda reward, punishment, detection, fine: reward - punishment - detection * fine,
        lambda reward, punishment, false_alarm, fine: reward - punishment - false_alarm * fine + 0.03,
        lambda reward, punishment, false_alarm, fine: reward - punishment - false_alarm * fine - 0.03,
    ],
)
def test_other_wrong_answers_about_watching(wrong):
    assert WATCHING.check(wrong).kind == "wrong"


def test_the_smallest_game_comes_first():
    finding = PATIENCE.check(lambda: None)
    assert dict(finding.game.stage.settings) == {"temptation": 3, "reward": 2, "punishment": 1, "sucker": 0}
    # (R - P)/(T - P) happens to be right where T - R = R - P, as in the smallest: the next one shows it
    finding = PATIENCE.check(
        lambda temptation, reward, punishment: (reward - punishment) / (temptation - punishment)
    )
    settings = finding.game.stage.settings
    assert settings["temptation"] == 4
    assert settings["temptation"] - settings["reward"] != settings["reward"] - settings["punishment"]


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (lambda temptation: temptation / 0, "raises", "raises ZeroDivisionError"),
        (lambda: "half", "malformed", "says 'half', which is no number"),
        (lambda: float("nan"), "malformed", "which is no number"),
        (lambda: True, "malformed", "says True"),
        (lambda: [0.5], "malformed", "says [0.5]"),
    ],
)
def test_what_is_no_answer_is_a_finding(answer, kind, words):
    finding = PATIENCE.check(answer)
    assert finding.kind == kind
    assert words in finding.words


def test_an_answer_that_asks_for_what_is_not_there_is_told_what_is():
    with pytest.raises(GameError, match="can use temptation, reward, punishment or sucker, not 'patience'"):
        PATIENCE.check(lambda patience: patience)


def test_watching_is_about_fines_that_deter():
    """Premise of the law: in each of its games r(q-f)F >= T-R, so that compliance holds whatever watching costs."""
    games = list(WATCHING.games())
    assert {game.institutions["monitoring"]["false_alarm"] for game in games} == {0, 0.1, 0.25}
    for game in games:
        watch, (fine,) = game.institutions["monitoring"], game.institutions["graduated_sanctions"]["fines"]
        gain = game.stage.settings["temptation"] - game.stage.settings["reward"]
        assert (watch["detection"] - watch["false_alarm"]) * fine >= gain
