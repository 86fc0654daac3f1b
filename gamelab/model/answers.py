"""Answers that are no number: not known and not asked, each a word that carries its reason."""

from __future__ import annotations

NOT_KNOWN = "not known"
NOT_ASKED = "not asked"


class Missing(str):
    """A word where a number is missing, with the reason in ``reason``; it compares and prints as the word.

    *None* - there is no such number, and that is known - is ``None``, or an empty list of intervals.

    Parameters
    ----------
    word : str
        ``not known``: there may be one, but it cannot be found or confirmed. ``not asked``: the question has
        no meaning here.
    reason : str
        A sentence without a full stop.

    Examples
    --------
    >>> answer = Missing(NOT_KNOWN, "readings are private")
    >>> answer, answer.reason, answer == "not known"
    ('not known', 'readings are private', True)
    """

    reason: str

    def __new__(cls, word: str, reason: str) -> Missing:  # noqa: D102
        made = super().__new__(cls, word)
        made.reason = reason
        return made

    def __reduce__(self) -> tuple[type[Missing], tuple[str, str]]:
        return Missing, (str(self), self.reason)


def not_known(reason: str) -> Missing:
    """Return the word for what may exist but is not known, with the reason."""
    return Missing(NOT_KNOWN, reason)


def not_asked(reason: str) -> Missing:
    """Return the word for what has no meaning here, with the reason."""
    return Missing(NOT_ASKED, reason)
