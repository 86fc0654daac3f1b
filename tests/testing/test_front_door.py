"""The room opens on first use, and its names stay what they are whatever is imported first."""

import subprocess
import sys
from pathlib import Path

import pytest

import gamelab
from gamelab import testing

ROOT = Path(gamelab.__file__).parents[1]


def said(program):
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("name", testing.__all__)
def test_public_names_resolve(name):
    assert getattr(testing, name) is not None
    assert name in dir(testing)


def test_nothing_is_loaded_before_it_is_used():
    program = (
        "import sys, gamelab.testing; print([n for n in sys.modules if n.startswith(('gamelab.', 'numpy'))])"
    )
    assert said(program) == "['gamelab.testing']"


@pytest.mark.slow
@pytest.mark.parametrize("first", ["solver_check", "pytest_plugin"])
def test_check_solver_is_a_function_whatever_is_imported_first(first):
    program = f"import gamelab.testing.{first}; from gamelab.testing import check_solver as c, laws; print(callable(c))"
    assert said(program) == "True"


def test_no_file_hides_a_public_name():
    """A file of a public name would take its place once somebody imports the file."""
    files = {path.stem for path in Path(testing.__file__).parent.iterdir()}
    assert files & set(testing.__all__) <= {"draws", "laws"}


def test_unknown_name_is_refused_in_words():
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        testing.nonsense  # noqa: B018
