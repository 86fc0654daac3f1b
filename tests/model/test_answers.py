"""Answers that are no number: words that carry their reason, in JSON, in copies and in comparisons."""

import copy
import json
import pickle

from gamelab.model.answers import NOT_ASKED, NOT_KNOWN, not_asked, not_known


def test_words_with_their_reasons():
    known, asked = not_known("readings are private"), not_asked("nothing is discounted")
    assert (known, asked) == (NOT_KNOWN, NOT_ASKED) == ("not known", "not asked")
    assert known != asked
    assert json.loads(json.dumps([known, asked])) == ["not known", "not asked"]
    for other in (copy.deepcopy(known), pickle.loads(pickle.dumps(known))):
        assert (other, other.reason) == ("not known", "readings are private")
