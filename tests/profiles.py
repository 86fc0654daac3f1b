"""How many examples hypothesis draws: all of them where a change is judged, fewer in a run in between."""

from hypothesis import settings

ALL = settings.get_profile("ci").max_examples
"""Of a test that does not say how many; ``conftest.py`` says so, and how many by default."""
FEWEST = 8
"""A test that asks for no more than these gets them always."""


def up_to(number):
    """Return how many examples a test draws that asks for a number of them: by default the same part of it."""
    part = min(settings.default.max_examples / ALL, 1)
    return max(min(number, FEWEST), round(part * number))
