"""Plug-ins of other packages: the example of the docs runs as it stands, and a broken one breaks nothing else."""

import importlib.util
import os
import re
import subprocess
import sys
import warnings
from importlib import metadata
from pathlib import Path

import pytest

import gamelab as gl
from gamelab.errors import GameError, GamelabWarning
from gamelab.model import plug_ins
from gamelab.model.plug_ins import WithOthers

ROOT = Path(gl.__file__).parents[1]
PAGE = (ROOT / "docs" / "plug-ins.md").read_text(encoding="utf-8")


def block(language):
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)
    return found


def entry_points():
    """Return the entry points of the docs' pyproject.toml as an installed package has them."""
    text = block("toml")
    groups = re.findall(r'\[project\.entry-points\."([^"]+)"\]\n(.*?)\n\n', text, flags=re.DOTALL)
    assert len(groups) == 2
    return "\n".join(f"[{group}]\n" + lines.replace('"', "") + "\n" for group, lines in groups)


def installed(folder, package, points, **modules):
    """Lay a package out as an installer would, without one."""
    info = folder / f"{package.replace('-', '_')}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(points)
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")


def command(folder, *arguments, code=0):
    path = os.pathsep.join([str(folder), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-m", "gamelab", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"},
    )
    assert done.returncode == code, done.stderr + done.stdout
    return done


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text(block("yaml"))
    return str(path)


def test_the_example_of_the_docs_runs_on_the_command_line(tmp_path, scenario):
    """Its claims are closed forms: grim with a bounty of 1/2 holds from (5 - 3 - 1/2) / (5 - 1) on."""
    installed(tmp_path / "site", "gamelab-bounty", entry_points(), bounty=block("python"))
    done = command(tmp_path / "site", "check", scenario)
    assert "2 claims hold, 0 fail" in done.stdout
    assert done.stderr == ""
    listed = command(tmp_path / "site", "list").stdout
    assert "Bounty: the authority pays everybody who does what was agreed." in listed
    assert "Keeps the agreement by chance" in listed
    described = command(tmp_path / "site", "describe", "bounty").stdout
    assert "Paid to each, per round." in described


def test_without_the_package_the_names_are_unknown(tmp_path, scenario):
    done = command(tmp_path, "check", scenario, code=2)
    assert "'bounty' is not a known institution" in done.stderr
    assert "'by_chance' is not" in done.stderr


@pytest.mark.skipif(importlib.util.find_spec("hatchling") is None, reason="needs hatchling, to build offline")
def test_the_example_installs(tmp_path, scenario):
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "bounty.py").write_text(block("python"))
    (tmp_path / "package" / "pyproject.toml").write_text(block("toml"))
    options = [
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--target",
        str(tmp_path / "site"),
    ]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, str(tmp_path / "package")],
        check=True,
        capture_output=True,
    )
    assert "2 claims hold, 0 fail" in command(tmp_path / "site", "check", scenario).stdout


BROKEN = """
from gamelab.model.settings import Probability
number = 3
class Thing: pass
def loose(game, share): return game
def bare(game, *, share): return game
def many(game, **settings): return game
def nowhere(game, *, share: "Nonsense"): return game
def sound(game, *, share: Probability = 1):
    '''Sound: does nothing.'''
    return game
def falls(game, *, share: Probability):
    '''Falls: always.'''
    raise RuntimeError("out of order\\nand more")
def other(game, *, share: Probability): return 3
"""
POINTS = """[gamelab.institutions]
missing = broken:missing
gone = no_such_module:thing
number = broken:number
thing = broken:Thing
loose = broken:loose
bare = broken:bare
many = broken:many
nowhere = broken:nowhere
monitoring = broken:sound
two-words = broken:sound
twice = broken:sound
sound = broken:sound
falls = broken:falls
other = broken:other
[gamelab.strategies]
TFT = broken:sound
"""
SAID = {
    "missing": "it cannot be loaded: AttributeError",
    "gone": "it cannot be loaded: ModuleNotFoundError: No module named 'no_such_module'",
    "number": "it is a int, not a function",
    "thing": "it is a type, not a function",
    "loose": "its settings must be keyword-only",
    "bare": "the setting 'share' has no annotation",
    "many": "its settings must be keyword-only",
    "nowhere": "it cannot be loaded: NameError: name 'Nonsense' is not defined",
    "monitoring": "gamelab has this name already; give it another one",
    "two-words": "a name is made of letters, digits and _",
    "twice": "second-package and shaky have the same name",
}


@pytest.fixture
def shaky(tmp_path, monkeypatch):
    """Put a package with all these mistakes on the path, and forget what was found before and after."""
    installed(tmp_path, "shaky", POINTS, broken=BROKEN)
    installed(tmp_path, "second-package", "[gamelab.institutions]\ntwice = broken:sound\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    caches = (plug_ins._found, plug_ins._warn_once)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()
    sys.modules.pop("broken", None)


def test_a_broken_plug_in_is_told_and_breaks_nothing_else(shaky):
    from gamelab.institutions import INSTITUTIONS

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        known = WithOthers("institutions", INSTITUTIONS)
        assert list(known) == [*INSTITUTIONS, "falls", "other", "sound"]
        assert known["monitoring"] is INSTITUTIONS["monitoring"]
        list(known)
    told = [str(entry.message) for entry in caught]
    assert all(issubclass(entry.category, GamelabWarning) for entry in caught)
    assert len(told) == len(set(told)) == len(SAID) + 1, "each once, and 'twice' for both packages"
    for name, words in SAID.items():
        (sentence, *_) = [
            words_ for words_ in told if words_.startswith(f"plug-in '{name}' of the package s")
        ]
        assert "(entry point gamelab.institutions) is left out: " in sentence
        assert words in sentence


def test_what_goes_wrong_inside_is_a_sentence(shaky):
    game = gl.repeated(gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0), rounds=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        known = WithOthers("institutions", {})
        list(known)
    assert known["sound"](game) is game
    with pytest.raises(GameError, match=r"share: 2 is not a number from 0 to 1"):
        known["sound"](game, share=2)
    with pytest.raises(GameError, match=r"^falls of the package shaky fails: RuntimeError: out of order$"):
        known["falls"](game, share=0.5)
    with pytest.raises(GameError, match=r"^other of the package shaky returns int, not Game$"):
        known["other"](game, share=0.5)


def test_an_alias_is_a_name_too(shaky):
    with pytest.warns(GamelabWarning, match="plug-in 'TFT' of the package shaky .* is left out"):
        assert list(WithOthers("strategies", {}, ["TFT"])) == []


def test_our_own_names_need_no_search(monkeypatch):
    def search(**_):
        raise AssertionError("packages were searched")

    monkeypatch.setattr(metadata, "entry_points", search)
    plug_ins._found.cache_clear()
    own = {"mine": lambda: None}
    known = WithOthers("stages", own)
    assert known["mine"] is own["mine"]
    assert "mine" in known


def test_warnings_are_sentences_on_the_command_line(tmp_path, scenario):
    points = entry_points().replace("bounty = bounty:bounty", "bounty = bounty:bounty\nlost = bounty:lost")
    installed(tmp_path / "site", "gamelab-bounty", points, bounty=block("python"))
    done = command(tmp_path / "site", "check", scenario)
    assert "2 claims hold, 0 fail" in done.stdout
    (line,) = done.stderr.splitlines()
    assert line.startswith(
        "plug-in 'lost' of the package gamelab-bounty (entry point gamelab.institutions) is left out"
    )
    assert "module 'bounty' has no attribute 'lost'" in line


def test_strategies_are_known_by_name_in_python(tmp_path):
    installed(tmp_path, "gamelab-bounty", entry_points(), bounty=block("python"))
    program = """
import gamelab as gl
from bounty import bounty
game = gl.repeated(gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0), discount_factor=0.9)
print(gl.value(bounty(game, amount=0.5), {"by_chance": {"keep": 0.5}}).payoffs)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
    )
    assert done.stdout.split() == ["[2.5", "2.5]"]  # (3 + 0 + 5 + 1) / 4 and half of the bounty
