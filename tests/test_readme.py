"""README's examples run, and print what README says."""

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_it_is_read_in_two_minutes():
    assert len(README.splitlines()) <= 160


def test_python_examples():
    (examples,) = blocks("python")
    test = doctest.DocTestParser().get_doctest(examples, {}, "README", "README.md", 0)
    assert len(test.examples) > 8
    assert doctest.DocTestRunner().run(test).failed == 0


def test_output_that_is_shown():
    """What is left out is three dots, on a line of their own."""
    (shown,) = blocks("text")
    ran = subprocess.run(
        [sys.executable, "-m", "gamelab", "run", "prisoners_dilemma"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8", "COLUMNS": "80", "PATH": ""},
        check=True,
    )
    parts = re.split(r"^ *\.\.\.\n", shown, flags=re.MULTILINE)
    assert len(parts) > 3
    assert ran.stdout.startswith(parts[0])
    assert ran.stdout.strip().endswith(parts[-1].strip())
    rest = ran.stdout
    for part in parts:
        _, there, rest = rest.partition(part)
        assert there, part


def test_the_scenario_shown_is_the_one_that_ships():
    ships = (ROOT / "scenarios" / "box1" / "prisoners_dilemma.yaml").read_text(encoding="utf-8")
    (shown,) = blocks("yaml")
    for line in shown.splitlines():
        assert line in ships.splitlines(), line


PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "scenarios" / "README.md",
    *sorted(page for page in (ROOT / "docs").rglob("*.md") if "_build" not in page.parts),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_files_that_a_page_names_are_there(page):
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


def test_the_page_about_python():
    page = ROOT / "docs" / "how-to" / "python.md"
    failed, tried = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert tried > 20
    assert failed == 0
