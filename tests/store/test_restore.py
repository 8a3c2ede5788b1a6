"""A restore as infra/README.md, «Restoring» has it, as far as the emulator goes: a copy, a loss, and on.

It reads a copy back into the database that was copied alone; that a new one has indexes and lifetimes is Terraform's.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from shared.entry.container import Container
from shared.entry.housekeeping import sweep
from shared.pipeline.jobs import Job, JobState, Lane
from shared.settings import read_settings
from shared.store.collections import INBOX_TELEGRAM, ORDERS
from shared.store.port import Create, Put
from tests.entry.world import ENVIRONMENT
from tests.support.clock import Clock
from tests.support.queues import FakeQueue

from .conftest import MakeStore, read

CALL = {"method": "sendMessage", "params": '{"chat_id": 42, "text": "Заказ создан"}', "tag": None}
UNSENT = {"permits": [], "outbox": [CALL], "sent": 0, "tries": 0, "unanswered": 0, "sending": None}


@pytest.mark.emulator
async def test_what_the_copy_holds_goes_on(firestore: MakeStore, firestore_host: str, clock: Clock, tmp_path: Path):
    store = firestore(clock)
    project, long_ago = store._client.project, clock.time - timedelta(minutes=5)
    job = Job("make_order", Lane.WRITE, {"chat_id": 42})
    message, order, later = INBOX_TELEGRAM.key("1"), ORDERS.key("5121"), ORDERS.key("5122")
    versions = await store.commit(
        [
            Create(job.key, job.as_data(), None, long_ago),
            Create(message, UNSENT, clock.time + timedelta(hours=48), long_ago),
            Create(order, {"user_id": 42, "status": "NEW"}, clock.time + timedelta(days=400)),
        ]
    )
    emulator = f"http://{firestore_host}/emulator/v1/projects/{project}"
    async with httpx.AsyncClient(timeout=60) as http:
        copied = {"export_directory": str(tmp_path), "export_name": "copy"}
        whole = {"database": f"projects/{project}/databases/(default)"}
        answer = await http.post(f"{emulator}:export", json={**whole, **copied})
        assert answer.is_success, answer.text
        done = {**job.as_data(), "state": str(JobState.DONE)}
        await store.commit([Put(job.key, done, versions[job.key]), Create(later, {"user_id": 42, "status": "NEW"})])
        copy = str(tmp_path / "copy" / "copy.overall_export_metadata")
        assert (await http.delete(f"{emulator}/databases/(default)/documents")).is_success
        assert await store.get_many([job.key, message, order, later]) == {}
        answer = await http.post(f"{emulator}:import", json={**whole, "export_directory": copy})
        assert answer.is_success, answer.text

    assert (await read(store, order)).data == {"user_id": 42, "status": "NEW"}
    assert await store.get(later) is None, "orders made since are the portal's alone"
    queue = FakeQueue()
    await sweep(Container(read_settings(ENVIRONMENT), now=clock, store=store, queue=queue))
    assert queue.permits == [clock.time], "the job is wanted again, with the idempotency key it had"
    assert Job.from_data((await read(store, job.key)).data).idempotency_key == job.idempotency_key
    assert [key for key, _ in queue.later] == [message], "and who was not told is told"
