"""A pytest plugin for runs on a planted fault: hypothesis draws the same each time and does not shrink."""

from pathlib import Path

from hypothesis import HealthCheck, Phase, settings

import gamelab

settings.register_profile(
    "without_shrinking",
    max_examples=50,  # as many as a run of all tests
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)


def pytest_configure(config):
    """Refuse to run on another gamelab than the one beside the tests: no fault is planted there."""
    home = Path(gamelab.__file__).resolve()
    if not home.is_relative_to(config.rootpath.resolve()):
        raise RuntimeError(f"this is gamelab in {home.parent}, not the copy in {config.rootpath}")
