"""How long the fuzzers go on, and the functions over fakes."""

import os

from tests.entry.conftest import clock, configured, here, lines, outside, portal, queue, store, telegram
from tests.support.logs import same_logging_afterwards
from tests.support.stores import no_waiting

__all__ = [
    "clock",
    "configured",
    "here",
    "lines",
    "no_waiting",
    "outside",
    "portal",
    "queue",
    "same_logging_afterwards",
    "store",
    "telegram",
]

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "8"))
"""Of each kind of input; `make fuzz` takes more."""
