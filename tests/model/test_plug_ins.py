"""Plug-ins of other packages: the example of the docs runs as it stands, and a broken one breaks nothing else."""

import importlib.util
import json
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
from gamelab.model import entry_points, plug_ins
from gamelab.model.budget import BudgetSpentError, at_most, spend
from gamelab.model.plug_ins import WithOthers

ROOT = Path(gl.__file__).parents[1]
PAGE = (ROOT / "docs" / "plug-ins.md").read_text(encoding="utf-8")


def block(language):
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)
    return found


def declared():
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


@pytest.mark.slow
def test_the_example_of_the_docs_runs_on_the_command_line(tmp_path, scenario):
    """Its claims are closed forms: grim with a bounty of 1/2 holds from (5 - 3 - 1/2) / (5 - 1) on."""
    installed(tmp_path / "site", "gamelab-bounty", declared(), bounty=block("python"))
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
from typing import Annotated, Literal
from gamelab.model.settings import Number, Probability
number = 3
class Thing: pass
def loose(game, share): return game
def bare(game, *, share): return game
def many(game, **settings): return game
def nowhere(game, *, share: "Nonsense"): return game
def vague(game, *, share: float = 1): return game
def empty(game, *, share: Annotated[float, "a share"]): return game
def digits(game, *, share: Literal[1, 2] = 1): return game
def beyond(game, *, share: Probability = 2): return game
def choice(game, *, share: Literal["a", "b"] = "c"): return game
def sound(game, *, share: Probability = 0.5):
    '''Sound: does nothing.'''
    print("sound is asked")
    return game
def falls(game, *, share: Probability):
    '''Falls: always.'''
    raise RuntimeError("out of order\\nand more")
def leaves(game): raise SystemExit(3)
def other(game, *, share: Probability): return 3
def called(*, kind: Number = 1): raise ValueError
"""
POINTS = """[gamelab.institutions]
missing = broken:missing
gone = no_such_module:thing
misspelt = no such module
number = broken:number
thing = broken:Thing
loose = broken:loose
bare = broken:bare
many = broken:many
nowhere = broken:nowhere
vague = broken:vague
empty = broken:empty
digits = broken:digits
beyond = broken:beyond
choice = broken:choice
monitoring = broken:sound
two-words = broken:sound
twice = broken:sound
sound = broken:sound
falls = broken:falls
leaves = broken:leaves
other = broken:other
ends = ends:plugin
stops = stops:plugin
silent = silent:plugin
garbled = garbled:plugin
[gamelab.stages]
called = broken:called
[gamelab.strategies]
TFT = broken:sound
"""
MODULES = {
    "broken": BROKEN,
    "ends": "print('loud')\nimport sys\nsys.exit(7)\n",
    "stops": "class Stop(KeyboardInterrupt): pass\nraise Stop('halt')\n",
    "silent": "class Silent(Exception):\n    def __str__(self): raise self\nraise Silent\n",
    "garbled": "def plugin(game)\n",
}
SAID = {
    "missing": "it cannot be loaded: AttributeError",
    "gone": "it cannot be loaded: ModuleNotFoundError: No module named 'no_such_module'",
    "misspelt": "it cannot be loaded: ",
    "number": "it is a int, not a function",
    "thing": "it is a type, not a function",
    "loose": "its settings must be keyword-only: the signature must have the form .*, at .*broken.py:6$",
    "bare": "the setting 'share' has no annotation.*, at .*broken.py:7$",
    "many": "its settings must be keyword-only.*, at .*broken.py:8$",
    "nowhere": "cannot be read: NameError: name 'Nonsense' is not defined, at .*broken.py:9$",
    "vague": "the setting 'share' has an annotation that says nothing: 'float' .*, at .*broken.py:10$",
    "empty": "the setting 'share' has an annotation that says nothing: .*, at .*broken.py:11$",
    "digits": "the setting 'share' has an annotation that says nothing: .*, at .*broken.py:12$",
    "beyond": "the setting 'share' has a wrong default: 2 is not a number from 0 to 1, at .*broken.py:13$",
    "choice": "the setting 'share' has a wrong default: 'c' is not allowed; .*, at .*broken.py:14$",
    "monitoring": "gamelab has this name already; give it another one",
    "two-words": "a name is made of letters, digits and _",
    "twice": "second-package and shaky have the same name",
    "ends": "it cannot be loaded: SystemExit: 7, at .*ends.py:3$",
    "stops": "it cannot be loaded: Stop: halt, at .*stops.py:2$",
    "silent": "it cannot be loaded: Silent: it cannot say what, at .*silent.py:3$",
    "garbled": "it cannot be loaded: SyntaxError: .*, at .*garbled.py:1$",
}


def forget():
    """Forget what was found in packages and loaded."""
    plug_ins._LOADED.clear()
    plug_ins._warn_once.cache_clear()
    entry_points.declared.cache_clear()
    entry_points._every.cache_clear()


@pytest.fixture
def shaky(tmp_path, monkeypatch):
    """Put a package with all these mistakes on the path, and forget what was found before and after."""
    installed(tmp_path, "shaky", POINTS, **MODULES)
    installed(tmp_path, "second-package", "[gamelab.institutions]\ntwice = broken:sound\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    forget()
    yield tmp_path
    forget()
    for name in MODULES:
        sys.modules.pop(name, None)


def told(action):
    """Return what comes out, and the sentences of the warnings on the way."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = action()
    assert all(issubclass(entry.category, GamelabWarning) for entry in caught)
    return found, [str(entry.message) for entry in caught]


def test_a_broken_plug_in_is_told_with_its_place_and_breaks_nothing_else(shaky, capsys):
    from gamelab.institutions import INSTITUTIONS

    known = WithOthers("institutions", INSTITUTIONS)
    names, sentences = told(lambda: [list(known), list(known)])
    assert names == [[*INSTITUTIONS, "falls", "leaves", "other", "sound"]] * 2
    assert known["monitoring"] is INSTITUTIONS["monitoring"]
    assert known.names == names[0]
    assert len(sentences) == len(set(sentences)) == len(SAID), "each once"
    for name, words in SAID.items():
        (sentence,) = [said for said in sentences if said.startswith(f"plug-in '{name}' of the package s")]
        assert "(entry point gamelab.institutions: " in sentence
        assert re.search(f" is left out: .*{words}", sentence), sentence
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "loud\n")


def test_only_what_is_named_is_loaded(shaky):
    known = WithOthers("institutions", {})
    names, sentences = told(lambda: known.names)
    assert sentences == []
    assert {"sound", "ends", "stops"} <= set(names)
    assert sys.modules.keys().isdisjoint(MODULES)
    found, sentences = told(lambda: "ends" in known)
    assert not found
    assert len(sentences) == 1
    assert "ends" not in known.names
    assert sys.modules.keys().isdisjoint(MODULES)


def test_a_setting_of_a_stage_called_kind_is_refused(shaky):
    """In a file ``kind`` says which stage game is meant, so that nobody could write this setting."""
    found, sentences = told(lambda: "called" in WithOthers("stages", {}))
    assert not found
    (sentence,) = sentences
    assert re.search("no setting can be called 'kind': in a file, .*, at .*broken.py:24$", sentence), sentence


def test_what_goes_wrong_inside_is_a_sentence(shaky, capsys):
    game = gl.repeated(gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0), rounds=1)
    known = WithOthers("institutions", {})
    assert known["sound"](game) is game
    with pytest.raises(GameError, match=r"share: 2 is not a number from 0 to 1"):
        known["sound"](game, share=2)
    message = r"^falls of the package shaky fails: RuntimeError: out of order, at broken.py:21$"
    with pytest.raises(GameError, match=message):
        known["falls"](game, share=0.5)
    with pytest.raises(
        GameError, match=r"^leaves of the package shaky fails: SystemExit: 3, at broken.py:22$"
    ):
        known["leaves"](game)
    with pytest.raises(GameError, match=r"^other of the package shaky returns int, not Game$"):
        known["other"](game, share=0.5)
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "sound is asked\n")


def test_a_spent_budget_is_no_fault_of_a_plug_in(shaky, monkeypatch):
    """A file whose tables are too large to be tried is tried in part; nothing is refused for that."""
    known = WithOthers("institutions", {})
    known["sound"]
    game = gl.repeated(gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0), rounds=1)
    monkeypatch.setattr(sys.modules["broken"], "print", lambda _: spend(2), raising=False)
    with at_most(1), pytest.raises(BudgetSpentError):
        known["sound"](game)


def test_an_interrupt_stays_one(shaky, monkeypatch):
    """An interrupt of the user's ends the command; it says what was being loaded."""

    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(metadata.EntryPoint, "load", interrupted)
    message = "'sound' .* an interrupt came while it was loaded"
    with pytest.warns(GamelabWarning, match=message), pytest.raises(KeyboardInterrupt):
        WithOthers("institutions", {})["sound"]


def test_settings_are_checked_in_floats_whatever_is_asked_for_meanwhile(shaky):
    with gl.exactly():
        assert told(lambda: "sound" in WithOthers("institutions", {})) == (True, [])


def test_an_alias_is_a_name_too(shaky):
    with pytest.warns(GamelabWarning, match="plug-in 'TFT' of the package shaky .* is left out"):
        assert list(WithOthers("strategies", {}, ["TFT"])) == []


def test_the_same_name_as_ours_is_told_where_it_is_used(shaky):
    stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    (found, sentences) = told(lambda: gl.value(gl.repeated(stage, rounds=1), "TFT").payoffs.tolist())
    assert found == [3, 3]
    (sentence,) = sentences
    assert sentence.startswith("plug-in 'TFT' of the package shaky (entry point gamelab.strategies: ")
    assert sentence.endswith("gamelab has this name already; give it another one")


def test_our_own_names_need_no_loading(shaky):
    own = {"mine": lambda: None}
    known = WithOthers("stages", own)
    assert known["mine"] is own["mine"]
    assert "mine" in known
    assert sys.modules.keys().isdisjoint(MODULES)


@pytest.mark.parametrize(
    ("content", "reported"),
    [(b"[gamelab.stages]\nno sign\n", True), (b"[gamelab.stages]\nx = \xff:y\n", True), (b"[x]\ny\n", False)],
)
def test_a_list_that_cannot_be_read_breaks_nothing(shaky, content, reported):
    """A package that has nothing to do with gamelab is none of our business, whatever its files hold."""
    installed(shaky, "spoilt", "")
    (shaky / "spoilt-1.0.dist-info" / "entry_points.txt").write_bytes(content)
    forget()
    found, sentences = told(lambda: "sound" in WithOthers("institutions", {}))
    assert found
    assert len(sentences) == reported
    assert all("plug-ins of the package spoilt are left out: its entry points" in said for said in sentences)


LOUD = """
import os
from gamelab.model.settings import Number
from gamelab.stages import prisoners_dilemma
print("loaded")
open(os.environ["MARK"], "a").write("x")
def dilemma(*, temptation: Number = 5, reward: Number = 3, punishment: Number = 1, sucker: Number = 0):
    '''A dilemma: talks.'''
    print("asked")
    return prisoners_dilemma(temptation=temptation, reward=reward, punishment=punishment, sucker=sucker)
"""
LOUD_POINTS = """[gamelab.stages]
loud = loud:dilemma
claim = loud:dilemma
scenario = loud:dilemma
monitoring = loud:dilemma
prisoners_dilemma = loud:dilemma
[gamelab.institutions]
ends = ends:plugin
claim = loud:dilemma
"""
LOUD_FILE = """gamelab: 1
game: {kind: loud}
time: {discount_factor: 0.9}
arrangements:
  agreed: {profiles: [grim]}
"""


@pytest.fixture
def noisy(tmp_path, monkeypatch):
    installed(tmp_path / "site", "noisy", LOUD_POINTS, loud=LOUD, ends=MODULES["ends"])
    (tmp_path / "loud.yaml").write_text(LOUD_FILE)
    monkeypatch.setenv("MARK", str(tmp_path / "mark"))
    return tmp_path


def test_results_on_standard_output_hold_nothing_else(noisy):
    done = command(noisy / "site", "run", "--json", str(noisy / "loud.yaml"))
    (scenario,) = json.loads(done.stdout)["scenarios"]
    assert scenario["arrangements"]["agreed"]["payoffs"] == {"player_1": 3, "player_2": 3}
    assert {"loaded", "asked"} == set(done.stderr.split())
    assert (noisy / "mark").read_text() == "x"


def test_a_scenario_that_names_none_loads_none_but_hears_of_a_name_that_is_ours(noisy):
    done = command(noisy / "site", "check", "box1/prisoners_dilemma")
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith(
        "plug-in 'prisoners_dilemma' of the package noisy (entry point gamelab.stages: "
    )
    assert sentence.endswith("gamelab has this name already; give it another one")
    assert not (noisy / "mark").exists()


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["list"], ["describe", "ends"], ["describe", "loud"], ["schema"]])
def test_what_needs_all_of_them_survives_a_bad_one(noisy, arguments):
    code = 2 if arguments == ["describe", "ends"] else 0
    done = command(noisy / "site", *arguments, code=code)
    assert ("is left out: it cannot be loaded: SystemExit: 7, at " in done.stderr) == (
        arguments[-1] != "loud"
    )
    assert "loaded" not in done.stdout
    if arguments == ["schema"]:
        schema = json.loads(done.stdout)
        kinds = [part["$ref"] for part in schema["properties"]["game"]["oneOf"]]
        assert len(set(kinds)) == len(kinds) == 8
        for kind in kinds:  # a name that sections of the file have, too, means the stage game here
            settings = schema["$defs"][kind.removeprefix("#/$defs/")]["properties"]
            assert "kind" in settings, kind
        assert "detection" in schema["$defs"]["institutions-monitoring"]["properties"]
        assert "quantity" in schema["$defs"]["claim"]["properties"]


@pytest.mark.slow
def test_warnings_are_sentences_on_the_command_line(tmp_path, scenario):
    points = declared().replace("bounty = bounty:bounty", "bounty = bounty:bounty\nlost = bounty:lost")
    installed(tmp_path / "site", "gamelab-bounty", points, bounty=block("python"))
    assert command(tmp_path / "site", "check", scenario).stderr == "", "the file does not name it"
    done = command(tmp_path / "site", "list")
    (line,) = done.stderr.splitlines()
    assert line.startswith(
        "plug-in 'lost' of the package gamelab-bounty (entry point gamelab.institutions: bounty:lost) is left out"
    )
    assert "module 'bounty' has no attribute 'lost'" in line


def test_strategies_are_known_by_name_in_python(tmp_path):
    installed(tmp_path, "gamelab-bounty", declared(), bounty=block("python"))
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
