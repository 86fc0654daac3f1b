"""Input files: whatever is no regular file is refused at once and in words, at every door."""

import os
import socket
from pathlib import Path

import pytest

import gamelab as gl
from gamelab.errors import GameError, GamelabError, InputError
from gamelab.input_files import bytes_of


def read(path, most=10):
    return bytes_of(Path(path), most=most, too_large="too long", what="a letter")


def refusal(path):
    with pytest.raises(InputError) as caught:
        read(path)
    return str(caught.value)


def test_regular_files(tmp_path):
    (tmp_path / "a").write_bytes(b"0123456789")
    (tmp_path / "link").symlink_to("a")
    assert read(tmp_path / "a") == read(tmp_path / "link") == b"0123456789"
    (tmp_path / "a").write_bytes(b"0123456789+")
    assert refusal(tmp_path / "a") == f"{tmp_path / 'a'}:1:1: too long"


def test_what_is_no_regular_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    with socket.socket(socket.AF_UNIX) as plug:
        before = Path.cwd()
        os.chdir(tmp_path)  # names of sockets are short
        plug.bind("socket")
        os.chdir(before)
        kinds = {"pipe": "a pipe", "link": "a pipe", "socket": "a socket", "/dev/zero": "a device"}
        for name, kind in kinds.items():
            words = f"{kind}, and only regular files are read; save the text to a letter first"
            assert refusal(tmp_path / name) == f"{tmp_path / name}: {words}"
    assert refusal(tmp_path) == f"{tmp_path}: a folder, and a letter is needed here"


def test_names_of_nothing(tmp_path):
    (tmp_path / "letter.txt").write_text("")
    (tmp_path / "loop").symlink_to("loop")
    missing = f"{tmp_path / 'leter.txt'}: there is no such file; did you mean 'letter.txt'?"
    assert refusal(tmp_path / "leter.txt") == missing
    assert "there is no such file" in refusal(tmp_path / "letter.txt" / "below")
    assert refusal(tmp_path / ("x" * 256)).endswith(": cannot be read: File name too long")
    assert "symbolic links" in refusal(tmp_path / "loop")
    assert "null" in refusal("a\0b")


def test_a_pipe_that_takes_the_place_of_a_file_does_not_block(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_text("")
    looked = os.stat

    def late(path, **options):
        return looked(tmp_path / "file" if Path(path) == tmp_path / "pipe" else path, **options)

    monkeypatch.setattr(os, "stat", late)
    assert "a pipe, and only regular files" in refusal(tmp_path / "pipe")


NFG_SCENARIO = """\
gamelab: 1
game:
  kind: normal_form
  file: {}
  agreement: [C, C]
time: {{discount_factor: 0.9}}
"""


def doors(tmp_path):
    """Return every way to a file that a user can name, by its own name."""

    def named(path):
        (tmp_path / "named.yaml").write_text(NFG_SCENARIO.format(Path(path).name))
        return gl.load(tmp_path / "named.yaml")

    return {
        "load": gl.load,
        "run": gl.run,
        "check": gl.check,
        "read_nfg": gl.read_nfg,
        "normal_form": lambda path: gl.normal_form(file=str(path)),
        "a scenario's file": named,
    }


@pytest.mark.parametrize("door", doors(Path()))
def test_every_door_refuses_pipes_and_long_names(tmp_path, door):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(GamelabError, match="a pipe, and only regular files are read"):
        doors(tmp_path)[door](tmp_path / "pipe")
    with pytest.raises(GamelabError, match=r"File name too long|neither a file nor"):
        doors(tmp_path)[door](tmp_path / ("x" * 256))


@pytest.mark.parametrize("odd", [None, 5, 2.5, True, b"box1", object(), {"title": "x"}, {1}])
def test_what_is_no_name_of_a_scenario(odd):
    for key, door in (("source", gl.load), ("scenario", gl.run), ("scenario", gl.check)):
        with pytest.raises(
            GameError, match=f"^{key}: a {type(odd).__name__} given; write a file, a folder or"
        ):
            door(odd)


@pytest.mark.parametrize("empty", ["", " ", "\t"])
def test_an_empty_name_is_not_the_current_folder(empty):
    for door in (gl.load, gl.run, gl.check):
        with pytest.raises(InputError, match=r"^an empty name; name a file, a folder"):
            door(empty)


def test_standard_input_is_not_read():
    with pytest.raises(InputError, match=r"^-: standard input is not read; save the text to a file first"):
        gl.load("-")
