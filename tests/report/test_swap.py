"""Swaps: whatever happens at whatever step, a folder holds the older set or the new one, or soon will."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

import gamelab
from gamelab.report import swap
from gamelab.report.folder import check_folder, write_contents

ROOT = Path(gamelab.__file__).parents[1]
HEAD = '{\n  "gamelab": "'
OLDER = {"results.json": f"{HEAD}old", "a.json": f"{HEAD}a", "figures/one.json": f"{HEAD}old 1"}
NEWER = {"results.json": f"{HEAD}new", "figures/one.json": f"{HEAD}new 1", "tables/two.json": f"{HEAD}new 2"}
FOREIGN = {"notes.txt": "mine", "figures/mine.svg": "mine", ".gamelab-notes": "mine"}
BEFORE, AFTER = OLDER | FOREIGN, OLDER | NEWER | FOREIGN

EVERY_STEP = """
import errno, os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests.report.test_swap import BEFORE, AFTER, NEWER, contents, filled
from gamelab.report.folder import check_folder, write_contents

STEPS = {"open", "os.rename", "os.mkdir", "os.link", "os.remove", "os.rmdir", "shutil.rmtree"}

def failing(how, step, folder):
    "Write the newer set, and let it end in some way just before the given step; say how it ended."
    child = os.fork()
    if child:
        status = os.waitpid(child, 0)[1]
        return "killed" if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    steps = 0
    def hook(event, arguments):
        nonlocal steps
        if event not in STEPS or not any(str(folder) in str(a) for a in arguments[:2]):
            return
        steps += 1
        if steps == step:
            if how == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            raise KeyboardInterrupt if how == "interrupt" else OSError(errno.ENOSPC, "full")
    sys.addaudithook(hook)
    try:
        write_contents(NEWER, folder)
    except KeyboardInterrupt:
        os._exit(3)
    except ValueError:
        os._exit(2)
    except BaseException as error:
        os.write(2, repr(error).encode())
        os._exit(9)
    os._exit(0)

os.fsync = lambda descriptor: None  # a process that ends loses nothing that was written
top, ended, seen = Path(sys.argv[2]), {}, set()
for how in ("kill", "error", "interrupt"):
    for step in range(1, 1000):
        folder = top / f"{how}-{step}"
        filled(folder, BEFORE)
        ended[how, step] = code = failing(how, step, folder)
        there = contents(folder)
        visible = {name: text for name, text in there.items() if not name.startswith(".gamelab-") or "/" not in name}
        # at any moment every older name is there, with its older or its newer content, and foreign files are as they were
        assert set(BEFORE) <= set(visible) <= set(AFTER), (how, step, visible)
        assert all(text in (BEFORE.get(name), AFTER[name]) for name, text in visible.items()), (how, step)
        if how != "kill":
            # nothing in between is left where the program could still do something
            assert visible in (BEFORE, AFTER), (how, step, visible)
            assert code != 2 or visible == BEFORE, (how, step)
        seen.add((how, visible == BEFORE, visible == AFTER))
        assert check_folder(folder, ["results.json"]) == [], (how, step)
        assert contents(folder) in (BEFORE, AFTER), (how, step, contents(folder))
        if code == 0 and step > 1:
            break
    else:
        raise AssertionError("it never ends")
assert {("kill", True, False), ("kill", False, False), ("kill", False, True)} <= seen, seen
assert {("error", True, False), ("interrupt", True, False)} <= seen, seen
print(sum(1 for how, _ in ended if how == "kill"))
"""


def filled(folder, contents):
    for name, text in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in sorted(folder.rglob("*"))
        if not path.is_dir()
    }


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are killed and watched as POSIX has them")
def test_a_run_that_ends_at_any_step_leaves_the_older_set_or_the_new_one(tmp_path):
    """Before every single step on the disk the run is killed, fails, or is interrupted."""
    said = subprocess.run(
        [sys.executable, "-c", EVERY_STEP, str(ROOT), str(tmp_path)],
        capture_output=True, text=True, timeout=120, env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=ROOT,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr[-3000:]
    assert int(said.stdout) > 30


def left_at(monkeypatch, folder, name, content=None):
    """Write the newer set, and stop as a killed run does just before a file of this name gets its place."""
    moved = os.replace

    def stopping(source, target):
        if Path(target).name == name:
            raise SystemExit
        moved(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", stopping)
        patch.setattr(swap, "_undo", lambda stage: None)
        with pytest.raises(SystemExit):
            write_contents(NEWER if content is None else content, folder)


def test_what_a_killed_run_began_to_move_is_moved_on(tmp_path, monkeypatch):
    filled(tmp_path, BEFORE)
    left_at(monkeypatch, tmp_path, "two.json")
    assert contents(tmp_path)["results.json"] == NEWER["results.json"]
    assert not (tmp_path / "tables").exists() or not list((tmp_path / "tables").iterdir())
    assert check_folder(tmp_path, []) == []
    assert contents(tmp_path) == AFTER


def test_what_a_killed_run_cannot_finish_any_more_is_undone(tmp_path, monkeypatch):
    filled(tmp_path, BEFORE)
    left_at(monkeypatch, tmp_path, "two.json")
    filled(tmp_path, {"tables/two.json": "somebody else's"})
    assert check_folder(tmp_path, []) == []
    assert contents(tmp_path) == BEFORE | {"tables/two.json": "somebody else's"}


def test_a_move_that_fails_for_good_says_so_and_is_undone_later(tmp_path, monkeypatch):
    filled(tmp_path, BEFORE)
    moved = os.replace

    def broken(source, target):
        if Path(target).name in ("one.json", swap.BACK):
            raise OSError(errno.EIO, "Input/output error")
        moved(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", broken)
        with pytest.raises(ValueError, match="the next run that writes there puts right"):
            write_contents(NEWER, tmp_path)
    write_contents({"a.json": f"{HEAD}b"}, tmp_path)
    assert contents(tmp_path) == AFTER | {"a.json": f"{HEAD}b"}


def test_where_files_cannot_be_linked_they_are_copied(tmp_path, monkeypatch):
    def no_links(*_, **__):
        raise OSError(errno.EPERM, "Operation not permitted")

    filled(tmp_path, BEFORE)
    monkeypatch.setattr(os, "link", no_links)
    write_contents(NEWER, tmp_path)
    assert contents(tmp_path) == AFTER


@pytest.mark.parametrize(
    ("name", "inside"),
    [(".gamelab-mine", {}), (".gamelab-abcdefg1", {"thesis.tex": "x"}), ("gamelab-abcdefg1", {})],
)
def test_what_only_looks_like_a_leftover_stays(tmp_path, name, inside):
    (tmp_path / name).mkdir()
    filled(tmp_path / name, inside)
    write_contents(NEWER, tmp_path)
    assert contents(tmp_path / name) == inside


def test_a_list_that_names_places_outside_is_refused(tmp_path):
    folder = tmp_path / "out"
    stage = folder / ".gamelab-abcdefg1"
    filled(folder, BEFORE | {".gamelab-abcdefg1/new/x": "evil", "../victim.json": f"{HEAD}victim"})
    for name in ("../victim.json", str(tmp_path / "victim.json")):
        (stage / swap.FORWARD).write_text(f'{{"files": ["{name}"], "fresh": ["{name}"], "folders": []}}')
        (problem,) = check_folder(folder, [])
        assert "names a place outside" in str(problem)
    (stage / swap.FORWARD).write_text("[]")
    (problem,) = check_folder(folder, [])
    assert "is no list of files" in str(problem)
    assert (tmp_path / "victim.json").read_text() == f"{HEAD}victim"
