"""Experiments: a scenario run as a whole; the one place that joins engines."""

from gamelab.experiment.run import ScenarioResult, check, run
from gamelab.experiment.sources import load_scenario as load

__all__ = ["ScenarioResult", "check", "load", "run"]
