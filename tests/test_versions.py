"""What pyproject.toml declares has a lowest version, once; the tests' run with these asks for just them."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / ".ci" / "lowest_versions.py"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = {
    re.split(r"[>=<\[ ]", words)[0]: words
    for name, extra in [("", PROJECT["dependencies"]), *PROJECT["optional-dependencies"].items()]
    for words in extra
    if name != "lint" and not words.startswith("gamelab")
}

needs_script = pytest.mark.skipif(not SCRIPT.exists(), reason="only a checkout has .ci")


@pytest.mark.parametrize("name", NEEDED)
def test_each_dependency_has_a_lowest_version(name):
    assert re.fullmatch(rf"{re.escape(name)}>=\d+(\.\d+)*", NEEDED[name])


@needs_script
def test_the_lowest_versions_are_those_of_pyproject():
    printed = subprocess.check_output([sys.executable, SCRIPT], text=True).split()
    assert printed == [words.replace(">=", "==") for words in NEEDED.values()]


@needs_script
@pytest.mark.parametrize("wrong", ["numpy", "numpy<3", "numpy>=1.26,<3", "numpy~=2.0"])
def test_a_dependency_without_one_is_refused(wrong, tmp_path):
    (tmp_path / ".ci").mkdir()
    copy = tmp_path / ".ci" / SCRIPT.name
    copy.write_bytes(SCRIPT.read_bytes())
    text = f'[project]\ndependencies = ["{wrong}"]\n[project.optional-dependencies]\nlint = ["ruff"]\n'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, copy], text=True, capture_output=True)
    assert done.returncode == 1
    assert wrong in done.stderr
