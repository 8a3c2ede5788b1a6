"""What the cold starts ask for is what they say: a search that is waiting, answered by its first and only permit."""

from __future__ import annotations

from infra.bench import cold
from infra.bench.outside import MESSAGES, outside


async def test_the_search_ends_in_a_message() -> None:
    async with outside() as world:
        starts = {start.name: start for start in await cold.starts(world)}
        search = next(start for name, start in starts.items() if "a search answered" in name)
        asked = len(world.said)
        taken = await cold.measure(search, world)
    assert MESSAGES & set(world.said[asked:])
    assert taken["memory"] > 10
    assert taken["CPU"] > 0
