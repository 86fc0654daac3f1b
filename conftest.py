"""Brings the pytest plugin in where gamelab is on the path but not installed, so that no entry point does."""


def pytest_addoption(parser, pluginmanager):
    """Load the plugin under the name of its entry point; the key in pyproject.toml stays known without it."""
    if pluginmanager.is_blocked("gamelab"):
        parser.addini("gamelab_scenarios", "left unread: the plugin is switched off", default=False)
    elif not pluginmanager.has_plugin("gamelab"):
        from gamelab.testing import pytest_plugin

        pluginmanager.register(pytest_plugin, "gamelab")
