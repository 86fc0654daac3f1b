"""README's examples run, and print what README says."""

import doctest
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_python_examples():
    examples = "\n".join(blocks("python"))
    test = doctest.DocTestParser().get_doctest(examples, {}, "README", "README.md", 0)
    assert len(test.examples) > 10
    assert doctest.DocTestRunner().run(test).failed == 0


def test_output_that_is_shown():
    (shown,) = blocks("text")
    ran = subprocess.run(
        [sys.executable, "-m", "gamelab", "run", "prisoners_dilemma"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8", "COLUMNS": "80", "PATH": ""},
        check=True,
    )
    assert ran.stdout.strip() == shown.strip()


def test_the_scenario_shown_is_the_one_that_ships():
    ships = (ROOT / "scenarios" / "box1" / "prisoners_dilemma.yaml").read_text(encoding="utf-8")
    (shown,) = blocks("yaml")
    for line in shown.splitlines():
        assert line in ships.splitlines(), line


def test_figures_and_files_that_readme_names_are_there():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
