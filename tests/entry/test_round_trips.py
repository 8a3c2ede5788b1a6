"""How often an update, an event and the permits of a search ask the store and the queue: what their time is made of."""

from __future__ import annotations

from shared.entry.container import Container
from tests.entry.test_bitrix_webhook import event, order_of_ours
from tests.entry.world import call, enrol, text, update
from tests.support.clock import Clock
from tests.support.portal import FakePortal
from tests.support.queues import FakeQueue
from tests.support.stores import FaultyStore

FOUND = {"items": [{"ID": 1, "NAME": "Дрель", "SKU": "A1"}], "total": 1}


def asked(store: FaultyStore, queue: FakeQueue) -> tuple[int, int, int]:
    """Return reads, commits and calls of the queue since the last time."""
    counts = store.reads, store.commits, len(queue.tasks)
    store.reads = store.commits = 0
    queue.tasks.clear()
    return counts


async def test_a_search_reads_what_it_needs_together(
    here: Container, store: FaultyStore, queue: FakeQueue, portal: FakePortal, clock: Clock
) -> None:
    await enrol(store)
    asked(store, queue)
    await update(here, text("дрель"))
    assert asked(store, queue) == (1, 1, 1), "a sign of typing and a permit do no harm twice, so nobody notes them"
    assert [[key.collection for key in keys] for keys in store.read] == [
        ["inbox_telegram", "queue_state", "masters", "sessions", "search_cache", "trade_words"],
    ]
    portal.result(FOUND)
    clock.advance(1)
    store.read.clear()
    await call(here, "bitrix_call")
    assert asked(store, queue) == (5, 2, 1), "due and under way at once, pauses and portal at once; lease, result"
    assert [key.collection for key in store.read[-1]] == ["searches", "search_cache"], "and nothing of the jobs"
    assert len(portal.requests) == 1


async def test_an_event(here: Container, store: FaultyStore, queue: FakeQueue, clock: Clock) -> None:
    await order_of_ours(store, clock)
    asked(store, queue)
    await event(here, {"event": "ONSALEORDER_ENTITY_SAVED", "event_id": "1", "data": {"ORDER_ID": "77"}})
    assert asked(store, queue) == (1, 1, 1)
