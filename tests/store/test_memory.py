"""What is particular to the memory adapter."""

import asyncio
import threading

from shared.store.memory import MemoryStore
from shared.store.port import Conflict, Create, Key, Put

from .conftest import read

KEY = Key("carts", "1")


async def test_closing_keeps_the_documents_for_the_others(clock):
    store = MemoryStore(clock)
    await store.commit([Create(KEY, {"n": 1})])
    await store.close()
    assert (await read(store, KEY)).data == {"n": 1}


async def test_versions_tell_nothing_about_another_document(clock):
    """A version of one document must not pass for one of another just because both are young."""
    store = MemoryStore(clock)
    first = await store.commit([Create(KEY, {})])
    other = await store.commit([Create(Key("carts", "2"), {})])
    assert first[KEY] != other[Key("carts", "2")]


def test_event_loops_of_several_threads_share_it(clock):
    store = MemoryStore(clock)
    asyncio.run(store.commit([Create(KEY, {"n": 0})]))

    async def increment() -> None:
        for _ in range(50):
            while True:
                record = await read(store, KEY)
                try:
                    await store.commit([Put(KEY, {"n": record.data["n"] + 1}, record.version)])
                except Conflict:
                    continue
                break

    threads = [threading.Thread(target=asyncio.run, args=(increment(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asyncio.run(read(store, KEY)).data == {"n": 200}
