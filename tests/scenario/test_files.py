import os

import pytest

from gamelab.errors import InputError
from gamelab.scenario import files, find, holds_several, packaged


@pytest.fixture
def package(tmp_path, monkeypatch):
    root = tmp_path / "scenarios"
    for name in (
        "box1/free_riding.yaml",
        "box1/battle.yml",
        "box1/deep/more.yaml",
        "box2/battle.yaml",
        "one.yaml",
        "notes.txt",
    ):
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("gamelab: 1\n")
    monkeypatch.setattr(files, "root", lambda: root)
    monkeypatch.chdir(tmp_path)
    return root


def test_a_name_is_a_file_a_folder_or_a_packaged_scenario(package):
    assert len(packaged()) == 5
    assert find("one") == [package / "one.yaml"]
    assert find("free_riding") == [package / "box1/free_riding.yaml"]
    assert find("box1/battle") == [package / "box1/battle.yml"]
    assert [file.name for file in find("box1")] == ["battle.yml", "more.yaml", "free_riding.yaml"]
    assert find(package / "one.yaml") == [package / "one.yaml"]
    assert len(find(str(package))) == 5


def test_an_existing_path_goes_first(package, tmp_path):
    (tmp_path / "one").write_text("gamelab: 1\n")
    assert [file.name for file in find("one")] == ["one"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bx1", "did you mean 'box1'"),
        ("free_rider", "did you mean 'free_riding'"),
        ("battle", "neither a file nor a packaged scenario"),
        ("a\0b", "neither a file"),
        ("", "an empty name; name a file, a folder or a scenario"),
    ],
)
def test_unknown_names(package, name, expected):
    with pytest.raises(InputError, match=expected):
        find(name)


def test_a_file_named_without_its_ending(package, tmp_path):
    (tmp_path / "lot.yaml").write_text("gamelab: 1\n")
    (tmp_path / "out_lot").mkdir()
    with pytest.raises(InputError, match=r"did you mean 'lot\.yaml'"):
        find("lot")


def test_a_folder_without_scenarios(tmp_path):
    with pytest.raises(InputError, match="a folder without scenarios"):
        find(tmp_path)


def test_what_holds_several_is_a_folder_however_many_are_in_it(package, tmp_path):
    assert [holds_several(name) for name in ("box1", "box2", "box1/deep", str(package))] == [True] * 4
    assert [holds_several(name) for name in ("one", "box1/battle", "free_riding", "nothing", "a\0b")] == [
        False
    ] * 5
    (tmp_path / "box2").write_text("a file of that name goes first")
    assert not holds_several("box2")


def test_a_folder_with_too_much_in_it(package, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MOST_ENTRIES", 12)
    assert len(find("scenarios")) == 5
    (tmp_path / "more" / "a" / "b").mkdir(parents=True)
    with pytest.raises(InputError, match=r"^\.: more than 12 files and folders .*; name a smaller folder$"):
        find(".")


def test_the_whole_disk_is_not_searched():
    with pytest.raises(InputError, match=r"^/: more than 20,000 files and folders"):
        find("/")


def test_a_folder_that_cannot_be_read(tmp_path, monkeypatch):
    """Root may read all, so that the system's refusal is put in its place."""

    def no(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(files.os, "scandir", no)
    with pytest.raises(InputError, match="cannot be read: Permission denied"):
        find(tmp_path)


def test_pipes_in_a_folder_are_passed_over(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "one.yaml").write_text("gamelab: 1\n")
    assert find(tmp_path) == [tmp_path / "one.yaml"]
