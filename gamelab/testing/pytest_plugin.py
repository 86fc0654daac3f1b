"""A plugin for pytest: claims of scenario files as tests, payoff tables with failures, hypothesis profiles.

It comes with gamelab and is silent where it is not needed: nothing of gamelab but this file is imported
until a scenario file is collected. ``pytest -p no:gamelab`` turns it off. ``docs/pytest-plugin.md`` explains.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

ENDINGS = (".yaml", ".yml")
INI, OPTION = "gamelab_scenarios", "--gamelab"
PASSED_OVER: pytest.StashKey[list[Path]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switches."""
    words = "collect the claims of gamelab scenario files in folders as tests, not only of files named here"
    parser.getgroup("gamelab").addoption(OPTION, action="store_true", dest="gamelab_scenarios", help=words)
    parser.addini(INI, f"the same as {OPTION}: true or false", type="bool", default=False)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register and choose a profile of hypothesis where this run asks for one of ours."""
    config.stash[PASSED_OVER] = []
    from gamelab.testing import hypothesis_profiles

    option = config.getoption("--hypothesis-profile", default=None)
    name = hypothesis_profiles.chosen(option)
    if name is None:
        return
    try:
        from hypothesis import settings
    except ImportError:
        return
    hypothesis_profiles.register()
    settings.load_profile(name)


# --------------------------------------------------------------------------------------------- scenario files


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a scenario file named on the command line, and those in folders where that is switched on."""
    if file_path.suffix not in ENDINGS or not is_scenario(file_path):
        return None
    config = parent.config
    if not (parent.session.isinitpath(file_path) or config.getoption(INI) or config.getini(INI)):
        config.stash[PASSED_OVER].append(file_path)
        return None
    from gamelab.testing.scenario_items import ScenarioFile

    node: pytest.Collector = ScenarioFile.from_parent(parent, path=file_path)
    return node


def is_scenario(path: Path) -> bool:
    """Tell whether the first key of a YAML file is ``gamelab``, without reading it as YAML."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as stream:
            for line in stream.read(100_000).splitlines():
                text = line.strip()
                if text and not text.startswith(("#", "%")) and text != "---":
                    key, colon, _ = text.partition(":")
                    return bool(colon) and key.strip().strip("'\"") == "gamelab"
    except OSError:
        pass
    return False


def pytest_terminal_summary(terminalreporter: Any, exitstatus: int, config: pytest.Config) -> None:
    """Say how to collect scenario files where a run found nothing else."""
    passed_over = config.stash.get(PASSED_OVER, [])
    if passed_over and exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        files = "a scenario file" if len(passed_over) == 1 else f"{len(passed_over)} scenario files"
        switch = f"{OPTION}, or {INI} = true in the configuration"
        hint = f"gamelab: {files} passed over; {switch}, tests the claims"
        terminalreporter.write_line(hint)


# ---------------------------------------------------------------------------------- payoff tables of failures


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the payoff tables of games that a failed test holds to its report."""
    report = yield
    if report.failed and call.excinfo is not None and "gamelab.model.game" in sys.modules:
        with contextlib.suppress(Exception):  # a report without tables is better than none
            from gamelab.testing.failed_games import sections

            report.sections += sections(item, call.excinfo)
    return report
