"""A line of text as it is kept and shown: without runs of white space, and without signs that cannot be seen. Pure."""

from __future__ import annotations

import re
from typing import Final

_UNSEEN: Final = re.compile(
    r"[\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
"""They come along with what is copied, and those of direction turn round all that is written behind them.

What joins an emoji of several people stays (U+200D), and what gives one its colours (U+FE0F).
"""


def one_line(text: str) -> str:
    """Return the text as one line; "" when there is nothing to see."""
    return " ".join(_UNSEEN.sub("", text).split())
