"""The habits of the house, as tests: floors, sizes, names, map, docstrings, quick import, no addresses."""

import ast
import functools
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import source_layout
from scipy.sparse.csgraph import connected_components

import gamelab

ROOT = Path(gamelab.__file__).parents[1]
HOUSE = ROOT / "gamelab"
FILES = sorted(HOUSE.rglob("*.py"))
NAMES = [str(path.relative_to(ROOT)) for path in FILES]


def each_file(rule):
    """Make one test of a rule for all files, which names each that breaks it."""

    def test():
        wrong = []
        for name, path in zip(NAMES, FILES, strict=True):
            try:
                rule(path)
            except AssertionError as broken:
                wrong.append(f"{name}: {broken}")
        assert not wrong, "\n".join(wrong)

    test.__doc__ = rule.__doc__
    return test


FLOORS = [
    re.findall(r"`(\w+)`", rooms)
    for rooms in re.findall(
        r"^\| \d \| (.*) \|$", source_layout.PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
]
"""The rooms of each floor, as docs/source-layout.md lists them."""
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
FLOOR["errors"] = FLOOR["arithmetic"] = -1  # the cellar: the other files of the ground floor stand on it

MOST_LINES, MOST_LINES_OF_A_FUNCTION = 400, 60
NOUNS_OF_NOTHING = {"manager", "helper", "helpers", "util", "utils", "misc"}
NAMES_OF_NOTHING = NOUNS_OF_NOTHING | {"base", "common", "core"}
HEAVY = ("scipy", "matplotlib", "pandas", "pydantic", "numba")


@functools.cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree_of(path)) if isinstance(node, kinds)]


def room_of(path):
    first = path.relative_to(HOUSE).parts[0]
    return first.removesuffix(".py")


def imported(path):
    """Yield (line, dotted name) of everything that a file imports from the house, wherever it does so."""
    package = list(path.relative_to(ROOT).parent.parts)
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


# ------------------------------------------------------------------------------------------------ (a) floors


def test_every_room_has_a_floor():
    unknown = {room_of(path) for path in FILES} - set(FLOOR) - {"__init__"}
    assert not unknown, f"rooms without a floor: {sorted(unknown)}; say in this test where they stand"


@each_file
def test_rooms_import_lower_floors_only(path):
    room = room_of(path)
    if room == "__init__":
        return
    wrong = []
    for line, name in imported(path):
        parts = name.split(".")
        if parts[0] != "gamelab" or name == "gamelab.__version__":
            continue
        other = parts[1] if len(parts) > 1 else "__init__"
        if other != room and FLOOR.get(other, len(FLOORS)) >= FLOOR[room]:
            wrong.append(
                f"line {line}: {room} (floor {FLOOR[room]}) imports {name} (floor {FLOOR.get(other)})"
            )
    assert not wrong, "\n".join(wrong)


LEFT_CIRCLES = [
    {
        "model/expectation",
        "model/game",
        "model/memory",
        "model/payoff_table",
        "model/payoff_text",
        "model/soundness",
    },
    {"model/record_files", "model/records"},
    {"solve/bimatrix", "solve/second_opinion"},
]
"""What still imports itself around, for types and inside functions; a circle that is cut leaves this list."""
LONGEST_CHAIN = 26
"""Of files that import one another in a row; the aim is 15."""


@functools.cache
def ties():
    """Return which file imports which, (f, f), whether for types, inside functions or at once."""
    dotted = {
        name.removesuffix(".py").replace("/", ".").removesuffix(".__init__"): k
        for k, name in enumerate(NAMES)
    }
    matrix = np.zeros((len(FILES), len(FILES)), dtype=bool)
    for k, path in enumerate(FILES):
        for _, name in imported(path):
            other = dotted.get(name, dotted.get(name.rpartition(".")[0]))
            if other is not None and other != k and FILES[other].name != "__init__.py":
                matrix[k, other] = True
    return matrix


def test_no_new_circle_of_files():
    count, member = connected_components(ties(), directed=True, connection="strong")
    circles = [
        {str(FILES[k].relative_to(HOUSE).with_suffix("")) for k in np.flatnonzero(member == circle)}
        for circle in range(count)
        if (member == circle).sum() > 1
    ]
    assert sorted(map(sorted, circles)) == sorted(map(sorted, LEFT_CIRCLES))


def test_chains_of_imports_are_short():
    """A chain goes from file to file by imports; a circle counts as one link."""
    _, member = connected_components(ties(), directed=True, connection="strong")
    links = np.zeros((member.max() + 1,) * 2, dtype=bool)
    links[member[ties().nonzero()[0]], member[ties().nonzero()[1]]] = True
    np.fill_diagonal(links, False)
    length = np.ones(len(links), dtype=int)
    for _ in range(len(links)):
        length = 1 + (links * length).max(axis=1)
    assert length.max() <= LONGEST_CHAIN, f"{length.max()} files"


def test_nothing_is_imported_by_name():
    by_name = [name for name, path in zip(NAMES, FILES, strict=True) if "import_module(" in path.read_text()]
    assert not by_name, "an import that is made by name escapes the test of floors"


# ------------------------------------------------------------------------------------------------- (b) sizes


@each_file
def test_files_are_read_in_one_sitting(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES, f"{lines} lines, more than {MOST_LINES}"


@each_file
def test_functions_fit_a_screen(path):
    """A function has at most 60 lines; its docstring does not count."""
    long = []
    for node in functions(path):
        lines = node.end_lineno - node.lineno + 1
        if ast.get_docstring(node) is not None:
            lines -= node.body[0].end_lineno - node.body[0].lineno + 1
        if lines > MOST_LINES_OF_A_FUNCTION:
            long.append(f"{node.name}: {lines} lines")
    assert not long, long


# ------------------------------------------------------------------------------------------------- (c) names


@each_file
def test_names_say_something(path):
    classes = [node.name for node in ast.walk(tree_of(path)) if isinstance(node, ast.ClassDef)]
    names = [path.stem, path.parent.name, *(node.name for node in functions(path)), *classes]
    empty = []
    for name in names:
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().strip("_").split("_")
        if "_".join(words) in NAMES_OF_NOTHING or set(words) & NOUNS_OF_NOTHING:
            empty.append(name)
    assert not empty, empty


# --------------------------------------------------------------------------------------------------- (d) map


def test_the_map_is_as_the_docstrings_say():
    written = source_layout.PAGE.read_text(encoding="utf-8")
    assert written == source_layout.page(), "python tests/source_layout.py writes it anew"


# ---------------------------------------------------------------------------------------- (e) the front door


def test_import_is_quick():
    program = "import sys, json, gamelab; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True
    )
    loaded = json.loads(done.stdout)
    assert not [name for name in HEAVY if name in loaded]
    assert not [name for name in loaded if name.startswith("gamelab.")], "rooms open on first use"


PUBLIC = [
    (node.module, alias.name)
    for node in ast.parse((HOUSE / "__init__.pyi").read_text(encoding="utf-8")).body
    if isinstance(node, ast.ImportFrom)
    for alias in node.names
]
"""Each public name of the stub, after the file or room that it comes from."""

TOUR = """
import importlib, pkgutil, sys, types, gamelab
for module in pkgutil.walk_packages(gamelab.__path__, "gamelab."):
    if module.name != "gamelab.__main__":
        importlib.import_module(module.name)
for pair in sys.argv[1:]:
    home, name = pair.split(":")
    public = getattr(gamelab, name)
    assert public is getattr(sys.modules["gamelab." + home], name), f"{name} is another one now"
    assert not isinstance(public, types.ModuleType), f"a room hides {name}"
"""


@pytest.mark.parametrize(("home", "name"), PUBLIC)
def test_public_names_are_what_they_are_at_home(home, name):
    assert getattr(gamelab, name) is getattr(sys.modules[f"gamelab.{home}"], name)
    assert name in dir(gamelab)


def test_no_room_hides_a_public_name():
    """``gamelab.simulate`` is a room and a function; whichever files were imported, the name is the function."""
    assert "simulate" in gamelab.__all__
    assert (HOUSE / "simulate").is_dir()
    pairs = [f"{home}:{name}" for home, name in PUBLIC]
    done = subprocess.run([sys.executable, "-c", TOUR, *pairs], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr


def test_public_names_stand_once():
    names = [name for _, name in PUBLIC]
    assert sorted(names) == gamelab.__all__
    assert len(set(names)) == len(names)


def test_unknown_name_is_refused_with_the_nearest():
    with pytest.raises(AttributeError, match="no attribute 'certfy'; did you mean 'certify'"):
        gamelab.certfy  # noqa: B018
    with pytest.raises(AttributeError, match=r"no attribute 'nonsense'$"):
        gamelab.nonsense  # noqa: B018


# -------------------------------------------------------------------------------------------- (f) docstrings


@each_file
def test_everything_public_has_a_docstring(path):
    bare = []
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

    def walk(body, prefix):
        for node in body:
            if isinstance(node, kinds) and not node.name.startswith("_"):
                names = {ast.unparse(decorator) for decorator in getattr(node, "decorator_list", ())}
                if ast.get_docstring(node) is None and "overload" not in names:
                    bare.append(f"{prefix}{node.name}, line {node.lineno}")
                if isinstance(node, ast.ClassDef):
                    walk(node.body, f"{node.name}.")

    walk(tree_of(path).body, "")
    assert not bare, bare


@each_file
def test_file_docstring_begins_with_a_sentence(path):
    first = (ast.get_docstring(tree_of(path)) or "").splitlines()[:1]
    assert first, "no docstring"
    assert first[0].endswith("."), first[0]
    assert "|" not in first[0], "a row of the map could not hold it"


# --------------------------------------------------------------------------------------------- (g) addresses

# put together here so that this file does not hold them itself
NEEDLES = ["/" + "work" + "/", "pypi" + "." + "org"]
PLACES = [
    "gamelab",
    "tests",
    "README.md",
    "CONTRIBUTING.md",
    "CITATION.cff",
    ".ci",
    ".pre-commit-config.yaml",
    "docs",
    "pyproject.toml",
    "CHANGELOG.md",
    "scenarios",
    "benchmarks",
]


def texts():
    for place in PLACES:
        path = ROOT / place
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts and file.suffix not in (".pyc", ".png"):
                yield file, file.read_bytes().decode("utf-8", errors="replace")


@pytest.mark.parametrize("needle", NEEDLES)
def test_no_address_of_a_machine_or_registry(needle):
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if needle in line
    ]
    assert not found, f"'{needle}' in {found}"
