"""Answers without a word: a thumb up is a yes, a cross is a no."""

from __future__ import annotations

import re

# The colour of the skin and the form of the sign say nothing more.
_LOOK = re.compile("[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f\u200d\\s]")
_YES = frozenset("\U0001f44d\U0001f44c\u2705\u2714\u2611\U0001f197")
_NO = frozenset("\U0001f44e\u274c\u2716\u274e\U0001f6ab")


def spelled_out(text: str) -> str:
    """A message of nothing but signs that agree, or that refuse, as a word; any other as it is."""
    signs = set(_LOOK.sub("", text))
    if signs and signs <= _YES:
        return "yes"
    return "no" if signs and signs <= _NO else text
