"""Makes ``import reference`` and ``import draws`` work from every test folder: pytest puts this folder on the path."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # test workers share the cores already

from hypothesis import HealthCheck, settings

settings.register_profile(
    "gamelab",
    max_examples=20,  # HYPOTHESIS_PROFILE=deep draws 2,000 where a test does not say how many
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# the same draws each time: all that a change is judged by, and few where another version is tried
settings.register_profile("ci", settings.get_profile("gamelab"), derandomize=True, max_examples=50)
settings.register_profile("few", settings.get_profile("gamelab"), derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "gamelab"))


def pytest_addoption(parser, pluginmanager):
    """Bring the pytest plugin in where gamelab is on the path but not installed, under the name of its entry point.

    The key in pyproject.toml stays known without it.
    """
    if pluginmanager.is_blocked("gamelab"):
        parser.addini("gamelab_scenarios", "left unread: the plugin is switched off", default=False)
    elif not pluginmanager.has_plugin("gamelab"):
        from gamelab.testing import pytest_plugin

        pluginmanager.register(pytest_plugin, "gamelab")
