"""No secret of the settings is in a log, a record, a task, an answer or a message, whatever people do.

And who is forgotten after all that is in no record any more.
"""

from __future__ import annotations

import asyncio
import io
import logging
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from infra.forgetting import forget
from shared.logs import JsonFormatter
from shared.pipeline.tasks import Task
from shared.store.port import Store
from tests.stateful.machine import MASTERS, AnyOrder
from tests.support.stores import documents
from tests.support.system import FUNCTIONS, TELEGRAM, System

STEPS = 40
FEWEST_SECRETS = 5
"""The bot's token, the portal's key, and what opens the entrances and signs invites."""


class Ear:
    """Keeps what leaves a system: its log at the lowest level, tasks, what it answers, and what it says to Telegram."""

    def __init__(self, system: System) -> None:
        self.log = io.StringIO()
        self.told: list[bytes] = []
        self._handler = logging.StreamHandler(self.log)
        # As in production, but without the secrets' values: it must know them by their shape, or not write them.
        self._handler.setFormatter(JsonFormatter())
        self._root = logging.getLogger()
        self._level = self._root.level
        self._root.addHandler(self._handler)
        self._root.setLevel(logging.DEBUG)
        system.http.event_hooks = {"request": [self._asks], "response": [self._answers]}
        self._add, system.queues.add = system.queues.add, self._adds  # type: ignore[method-assign] # the test listens

    async def _asks(self, request: httpx.Request) -> None:
        if str(request.url).startswith(TELEGRAM):
            self.told.append(await request.aread())

    async def _answers(self, response: httpx.Response) -> None:
        if str(response.request.url).startswith(FUNCTIONS):
            self.told.append(await response.aread())

    async def _adds(self, task: Task) -> None:
        self.told.append(repr(task).encode())
        await self._add(task)

    def close(self) -> None:
        self._root.removeHandler(self._handler)
        self._root.setLevel(self._level)


class Overheard(AnyOrder):
    """The street with an ear at all that leaves the system."""

    def __init__(self) -> None:
        super().__init__()
        self.ear = Ear(self.street.system)
        self.said: list[str] = []

    def teardown(self) -> None:
        """Look for the secrets once the street is empty."""
        store = self.street.system.here.store
        secrets = self.street.system.here.settings.secrets()
        try:
            super().teardown()
        finally:
            self.ear.close()
        kept: dict[str, Any] = {"log": self.ear.log.getvalue(), "records": repr(documents(store))}
        kept["told"] = b"\n".join(self.ear.told).decode(errors="replace")
        assert len(secrets) >= FEWEST_SECRETS
        assert all(kept.values()), "something was heard everywhere"
        assert [(where, secret) for secret in secrets for where, text in kept.items() if secret in text] == []
        asyncio.run(self._forget(store))

    async def _forget(self, store: Store) -> None:
        """Whatever a master did, nothing names him once he is forgotten, and the others keep what is theirs."""
        others = sum(str(MASTERS[1]) in repr(record) for record in documents(store).values())
        assert await forget(store, MASTERS[0], self.said.append) == 0
        assert self.said[-1] == f"nothing is kept of {MASTERS[0]}"
        kept = documents(store).values()
        assert [record for record in kept if str(MASTERS[0]) in repr(record)] == []
        assert sum(str(MASTERS[1]) in repr(record) for record in kept) == others


@pytest.mark.parametrize("dialect", ["contract", "native"])
@pytest.mark.timeout(600)
def test_no_secret_leaves_the_system(dialect: str):
    machine = seed(7)(type("OverheardAtOnePortal", (Overheard,), {"dialect": dialect}))
    how = settings(
        # The first one is the simplest there is.
        max_examples=2,
        stateful_step_count=STEPS,
        database=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    run_state_machine_as_test(machine, settings=how, _min_steps=STEPS // 2)
