"""Files of records: what is read is what was written, by us and by others; broken off files stay readable."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gamelab
from gamelab.errors import GameError, GamelabWarning
from gamelab.model.record_files import read_records, record_file
from gamelab.model.records import COLUMNS, NUMBERS, WORDS, Labels, joined

from .test_records import two_rows

resource = pytest.importorskip("resource", reason="this system has no limit on the size of files")
EACH_FORMAT = pytest.mark.parametrize("ending", ["parquet", "csv"])


def same(one, other):
    assert len(one) == len(other)
    for name in NUMBERS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for name in WORDS:
        assert getattr(one, name).to_list() == getattr(other, name).to_list()
    assert one.lines == other.lines
    for line in one.lines:
        np.testing.assert_array_equal(one.payoffs[line], other.payoffs[line])


@EACH_FORMAT
def test_what_is_read_is_what_was_written(tmp_path, ending):
    path = tmp_path / f"play.{ending}"
    awkward = Labels([0, 1], ('a "b", c\nd', "é,;"))
    first, second = two_rows(), two_rows(match=[2, 2], player=awkward, payoffs={"material": [1 / 3, -1e-300]})
    with record_file(path) as file:
        file.append(first)
        file.append(second)
        assert file.rows == 4
    found = read_records(path)
    assert len(found) == 4
    same(found.take(slice(2)), first)
    same(found.take(slice(2, 4)), second)


@EACH_FORMAT
def test_records_write_themselves(tmp_path, ending):
    two_rows().write(tmp_path / f"play.{ending}")
    same(read_records(tmp_path / f"play.{ending}"), two_rows())


def test_csv_is_plain(tmp_path):
    two_rows().write(tmp_path / "play.csv")
    header, row, *_ = (tmp_path / "play.csv").read_bytes().decode().split("\n")
    assert header == ",".join((*COLUMNS, "payoff_material"))
    assert row == '1,1,1,"Ann",,"C","D",,3,,,0.1'


def test_pandas_reads_both(tmp_path):
    for ending, read in (("csv", pd.read_csv), ("parquet", pd.read_parquet)):
        path = tmp_path / f"play.{ending}"
        two_rows().write(path)
        frame = read(path)
        assert frame["player"].tolist() == ["Ann", "Bob"]
        assert frame["level"].isna().tolist() == [True, False]
        assert frame["read"].isna().tolist() == [True, False]


@EACH_FORMAT
def test_an_interrupt_leaves_whole_blocks(tmp_path, ending):
    path = tmp_path / f"play.{ending}"

    def interrupted():
        with record_file(path) as file:
            for match in range(1, 10):
                file.append(two_rows(match=[match, match]))
                if match == 3:
                    raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert read_records(path).match.tolist() == [1, 1, 2, 2, 3, 3]


@pytest.mark.slow
@EACH_FORMAT
def test_a_full_disk_leaves_whole_blocks(tmp_path, ending):
    """A limit on the size of files stands for the disk."""
    path = tmp_path / f"play.{ending}"
    noise = np.random.default_rng(1).normal(size=(200, 1000, 2))

    def until_full():
        with record_file(path) as file:
            for match, numbers in enumerate(noise, start=1):
                rows = joined(
                    [two_rows(match=[match, match], payoffs={"material": pair}) for pair in numbers]
                )
                file.append(rows)

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
    try:
        with pytest.raises(
            GameError, match=r"cannot go on writing .*: File too large; its first .* rows are whole"
        ):
            until_full()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    found = read_records(path)
    assert len(found) >= 4000
    assert len(found) % 2000 == 0
    np.testing.assert_array_equal(found.payoffs["material"], noise[: len(found) // 2000].ravel())


@EACH_FORMAT
def test_a_disk_that_is_full_from_the_start(tmp_path, ending):
    path = tmp_path / f"play.{ending}"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(GameError, match="nothing was written"):
            two_rows().write(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_places_that_cannot_be_written_to(tmp_path):
    with pytest.raises(GameError, match=r"records: cannot write .*: No such file or directory"):
        record_file(tmp_path / "nowhere" / "play.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(GameError, match=r"cannot write .*: Is a directory"):
        record_file(tmp_path / "folder.csv")
    with pytest.raises(GameError, match=r"'play.txt' given; write a name that ends with .parquet or .csv"):
        record_file("play.txt")


def test_files_that_hold_no_records(tmp_path):
    with pytest.raises(GameError, match=r"cannot read .*: No such file or directory"):
        read_records(tmp_path / "play.csv")
    (tmp_path / "play.csv").write_text("match,round\n1,1\n")
    with pytest.raises(GameError, match="has no column move, player"):
        read_records(tmp_path / "play.csv")
    for ending in ("csv", "parquet"):
        (tmp_path / f"odd.{ending}").write_text("")
        with pytest.raises(GameError, match="holds no records"):
            read_records(tmp_path / f"odd.{ending}")


KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from tests.model.test_records import two_rows
from gamelab.model.record_files import record_file
file = record_file(sys.argv[2])
file.append(two_rows())
file.append(two_rows(match=[2, 2]))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
@EACH_FORMAT
def test_a_killed_run_leaves_the_older_file(tmp_path, ending):
    path = tmp_path / f"play.{ending}"
    two_rows(match=[7, 7]).write(path)
    root = Path(gamelab.__file__).parents[1]
    command = [sys.executable, "-c", KILLED, str(root), str(path)]
    run = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(root)}, timeout=120)
    assert run.returncode == -signal.SIGKILL
    assert read_records(path).match.tolist() == [7, 7]
    two_rows(match=[8, 8]).write(path)
    assert read_records(path).match.tolist() == [8, 8]
    assert [left.name for left in tmp_path.iterdir()] == [path.name]


@EACH_FORMAT
def test_an_interrupt_does_not_replace_an_older_file(tmp_path, ending):
    path = tmp_path / f"play.{ending}"
    two_rows(match=[7, 7]).write(path)

    def interrupted():
        with record_file(path) as file:
            file.append(two_rows())
            raise KeyboardInterrupt

    words = r"is left as it was; the first 2 rows of the new one are in .*play\.unfinished\."
    with pytest.warns(GamelabWarning, match=words), pytest.raises(KeyboardInterrupt):
        interrupted()
    assert read_records(path).match.tolist() == [7, 7]
    same(read_records(tmp_path / f"play.unfinished.{ending}"), two_rows())


@EACH_FORMAT
def test_nothing_written_leaves_the_older_file(tmp_path, ending):
    path = tmp_path / f"play.{ending}"
    two_rows().write(path)
    with record_file(path):
        pass
    same(read_records(path), two_rows())
    assert [left.name for left in tmp_path.iterdir()] == [path.name]


@EACH_FORMAT
def test_a_link_stays_a_link(tmp_path, ending):
    (tmp_path / "real").mkdir()
    path = tmp_path / f"play.{ending}"
    path.symlink_to(tmp_path / "real" / f"play.{ending}")
    two_rows().write(path)
    assert path.is_symlink()
    same(read_records(tmp_path / "real" / f"play.{ending}"), two_rows())


@EACH_FORMAT
def test_what_could_not_be_replaced_is_refused_at_once(tmp_path, ending, monkeypatch):
    path = tmp_path / f"play.{ending}"
    os.mkfifo(path)
    with pytest.raises(GameError, match=r"cannot write .*: it is no regular file"):
        record_file(path)
    with pytest.raises(GameError, match=r"cannot read .*: a pipe, and only regular files are read"):
        read_records(path)
    path.unlink()
    path.touch()
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere
    with pytest.raises(GameError, match=r"cannot write .*: Permission denied"):
        record_file(path)


@EACH_FORMAT
def test_words_that_are_formulas_come_back(tmp_path, ending):
    words = ("=cmd|' /C calc'!A0", "'=x", "@a", "-", "\t=1", "-1")
    for pair in zip(words[::2], words[1::2]):
        rows = two_rows(player=Labels([0, 1], pair))
        rows.write(tmp_path / f"play.{ending}")
        same(read_records(tmp_path / f"play.{ending}"), rows)
    text = (tmp_path / f"play.{ending}").read_bytes()
    assert (b'"\'\t=1"' in text) == (ending == "csv")
