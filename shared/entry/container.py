"""The container of everything: all functions in one process, for the sandbox, the commands and tests.

A deployed function has the part of it that it needs (`shared/entry/wiring/`).
"""

from __future__ import annotations

from shared.entry.wiring.events import EventContainer
from shared.entry.wiring.updates import UpdateContainer
from shared.entry.wiring.worker import WorkerContainer


class Container(UpdateContainer, EventContainer, WorkerContainer):
    """All parts, by name: `Container(settings, now=clock, http=http, queue=queue)`."""
