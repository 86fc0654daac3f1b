import pytest

from gamelab.errors import GameError, GamelabError, GamelabWarning, InputError, Problem, listed, nearest


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("is wrong"), "is wrong"),
        (Problem("is wrong", key="stage.reward"), "stage.reward: is wrong"),
        (Problem("is wrong", "stage", "a.yaml", 3, 7), "a.yaml:3:7: stage: is wrong"),
        (Problem("is wrong", file="a.yaml"), "a.yaml: is wrong"),
        (Problem("is wrong", line=3), "3: is wrong"),
        (Problem("is wrong", file="a.yaml", line=0), "a.yaml:0: is wrong"),
    ],
)
def test_problem_says_where_and_what(problem, text):
    assert str(problem) == text


def test_input_error_carries_every_problem():
    problems = [Problem("one", "a"), Problem("two", "b")]
    error = InputError(iter(problems))
    assert error.problems == tuple(problems)
    assert str(error) == "a: one\nb: two"


def test_input_error_from_one_problem_or_a_text():
    assert InputError(Problem("one")).problems == (Problem("one"),)
    assert InputError("one").problems == (Problem("one"),)
    assert str(InputError("one")) == "one"


def test_game_error_names_its_key():
    error = GameError("2 is too much", "reach")
    assert (error.key, error.message, str(error)) == ("reach", "2 is too much", "reach: 2 is too much")
    assert str(GameError("it cannot be")) == "it cannot be"


def test_kinds_of_errors():
    assert issubclass(GameError, GamelabError)
    assert issubclass(GameError, ValueError)
    assert issubclass(InputError, GamelabError)
    assert issubclass(InputError, ValueError)
    assert issubclass(GamelabWarning, UserWarning)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("monitorng", "; did you mean 'monitoring'?"),
        ("MONITORING", "; did you mean 'monitoring'?"),
        ("xyz", ""),
        ("", ""),
    ],
)
def test_nearest(name, hint):
    assert nearest(name, ["monitoring", "transparency"]) == hint


def test_nearest_keeps_the_case_of_the_known_name():
    assert nearest("pavlof", ["Pavlov"]) == "; did you mean 'Pavlov'?"


@pytest.mark.parametrize(
    ("names", "text"),
    [([], "nothing"), (["a"], "a"), (["a", "b"], "a or b"), (iter(["a", "b", "c"]), "a, b or c")],
)
def test_listed(names, text):
    assert listed(names) == text


@pytest.mark.parametrize("letter", ["x", "\u202e", "\U000e0041", "\n"])
@pytest.mark.parametrize("count", [1, 700, 1_000, 100_000])
def test_long_texts_are_cut_once_they_can_be_seen(letter, count):
    """Hidden characters are written as escapes of up to ten: what is cut is what would be shown."""
    long = letter * count
    problem = Problem(f"{long} is no number; write a number from 0 to 1", f"key {long}", f"{long}.yaml", 3, 7)
    for text in (str(problem), str(InputError(problem)), str(GameError(problem.message, problem.key))):
        assert len(text) <= 1_700
        assert text.isprintable()
        assert text.endswith("is no number; write a number from 0 to 1")
    assert ".yaml:3:7: key " in str(problem)
    assert problem.message.startswith(long)


def test_many_mistakes_are_counted():
    problems = [Problem(f"mistake {k} " + "x" * 90, "key", "a.yaml", k) for k in range(500)]
    error = InputError(problems)
    *shown, last = str(error).split("\n")
    assert len(str(error)) <= 8_100
    assert shown == [str(problem) for problem in problems[: len(shown)]]
    assert last == f"... and {500 - len(shown)} more mistakes"
    assert len(error.problems) == 500
    assert "more" not in str(InputError(problems[:60]))
