"""Folders: what is in the way is told before anything is solved, and stays; runs wait for each other."""

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from gamelab.errors import InputError
from gamelab.report import files, folder
from gamelab.report.folder import MARKS, check_folder, is_ours, write_contents
from tests.report.test_swap import BEFORE, HEAD, NEWER, contents, filled

NAMES = files.OF_A_RUN
OLDER = {"results.json": f"{HEAD}old"}


def refused(place, names=NAMES):
    """Return the one sentence with which a folder is refused, by the check and when it is written to."""
    before = contents(place) if os.path.isdir(place) else None
    (problem,) = check_folder(place, names)
    with pytest.raises(InputError) as caught:
        write_contents({name if "." in name else f"{name}/x.svg": "new" for name in names}, place)
    assert [p.message for p in caught.value.problems] == [problem.message]
    assert before == (contents(place) if before is not None else None)
    assert "\n" not in str(problem)
    return str(problem)


def test_a_folder_is_checked_without_a_trace(tmp_path):
    assert check_folder(tmp_path / "a" / "b", NAMES) == []
    assert list(tmp_path.iterdir()) == []
    assert check_folder(Path("results"), NAMES) == []


def test_a_folder_below_a_file(tmp_path):
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        assert "not a directory" in refused(place)


LINKED = "is a link, and results go to a folder of that name; move it"


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("claims.csv", Path.mkdir, "is a folder, and results go to a file of that name; move it"),
        ("figures", Path.touch, "is a file, and results go to a folder of that name; move it"),
        ("figures", lambda path: path.symlink_to(os.devnull), LINKED),
        ("index.html", lambda path: path.symlink_to(os.devnull), "is a link, and is left as it is; move it"),
        ("index.html", os.mkfifo, "is not a regular file, and is left as it is; move it, or name another"),
    ],
)
def test_what_stands_in_a_place_of_ours(tmp_path, name, make, words):
    filled(tmp_path, OLDER)
    path = tmp_path / name
    make(path)
    (problem,) = check_folder(tmp_path, NAMES)
    assert f"'{path}' {words}" in str(problem)
    if not stat.S_ISFIFO(path.lstat().st_mode):  # what such a pipe holds cannot be compared
        refused(tmp_path)


@pytest.mark.parametrize(
    "name", ["index.html", "claims.csv", "results.json", "figures/a.svg", "tables/a.tex"]
)
def test_files_of_others_are_not_replaced(tmp_path, name):
    filled(tmp_path, BEFORE | {name: "<html><title>Gamelab, my home page</title>"})
    words = refused(tmp_path, [name])
    assert words == (
        f"--out: '{tmp_path / name}' was not written by gamelab, and is left as it is; "
        "move it, or name another folder"
    )


def test_every_file_that_is_written_is_known_as_ours(solved, result, tmp_path):
    paths = files.write_results([solved, result], tmp_path, "0.1.0")
    assert {path.suffix for path in paths} == set(MARKS)
    for path in paths:
        assert is_ours(path), path
        path.write_bytes(b"mine" + path.read_bytes()[-100:])
        assert not is_ours(path), path


def test_all_that_is_in_the_way_is_told_at_once(tmp_path):
    filled(tmp_path, {"index.html": "mine", "claims.csv": "mine"})
    assert len(check_folder(tmp_path, NAMES)) == 2


def test_links_to_folders_are_followed_and_those_to_nowhere_refused(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "dangling").symlink_to("nowhere")
    write_contents(NEWER, tmp_path / "link")
    assert contents(tmp_path / "real") == NEWER
    (problem,) = check_folder(tmp_path / "dangling", NAMES)
    assert "is a link that leads nowhere" in str(problem)
    with pytest.raises(InputError, match="cannot be written"):
        write_contents(NEWER, tmp_path / "dangling")


def test_a_name_that_is_too_long(tmp_path):
    assert "name too long" in refused(tmp_path / ("x" * 300))


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.ENOSPC])
@pytest.mark.parametrize("there", [True, False])
def test_places_that_cannot_be_written_to(tmp_path, monkeypatch, code, there):
    """Root may write everywhere, so that the system's refusal is put in its place."""
    place = tmp_path / "out"
    if there:
        filled(place, BEFORE)

    def no(*_, **__):
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(folder.tempfile, "TemporaryFile", no)
        patch.setattr(folder.tempfile, "mkdtemp", no)
        assert os.strerror(code).lower() in refused(place)
    assert place.exists() == there


def test_a_failure_leaves_no_new_folders(tmp_path, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="no space left"):
        write_contents(NEWER, tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []


HOLDS = "import fcntl, os, sys; fcntl.flock(os.open(sys.argv[1], 0), fcntl.LOCK_EX); print(1, flush=True); input()"


def test_what_a_living_run_stages_is_left_alone_and_waited_for(tmp_path, monkeypatch):
    pytest.importorskip("fcntl", reason="this system has no such locks")
    filled(tmp_path, {**BEFORE, ".gamelab-abcdefg1/new/x.json": "half"})
    command = [sys.executable, "-c", HOLDS, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        assert check_folder(tmp_path, ["results.json"]) == []
        monkeypatch.setattr(folder, "PATIENCE", 0.1)
        with pytest.raises(InputError, match="another run is writing there; wait for it"):
            write_contents(NEWER, tmp_path)
        assert (tmp_path / ".gamelab-abcdefg1" / "new" / "x.json").exists()
        other.kill()
    write_contents(NEWER, tmp_path)
    assert contents(tmp_path) == BEFORE | NEWER


def test_where_there_are_no_locks_only_old_leftovers_are_swept(tmp_path, monkeypatch):
    fcntl = pytest.importorskip("fcntl", reason="this system has no such locks")

    def unknown(*_):
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", unknown)
    filled(tmp_path, {f".gamelab-{age}/new/x.json": "half" for age in ("oldoldo1", "newnewn1")})
    os.utime(tmp_path / ".gamelab-oldoldo1", (1e9, 1e9))
    write_contents(NEWER, tmp_path)
    assert contents(tmp_path) == {**NEWER, ".gamelab-newnewn1/new/x.json": "half"}
    assert HEAD in NEWER["results.json"]
