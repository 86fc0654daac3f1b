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
        ("", "neither a file|folder"),
    ],
)
def test_unknown_names(package, name, expected):
    if name == "":
        assert find(name)  # the present folder
        return
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
