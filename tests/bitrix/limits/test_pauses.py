"""Methods that rest, in one instance and in all."""

from __future__ import annotations

from datetime import timedelta

from shared.bitrix.limits import MethodPauses
from shared.store.port import Conflict, Key
from tests.support.clock import START, Clock
from tests.support.logs import Heard
from tests.support.stores import FaultyStore

METHOD = "sale.order.list"
FIVE = START + timedelta(minutes=5)


async def test_a_method_rests_until_its_time_and_no_other_does(store: FaultyStore, clock: Clock) -> None:
    pauses = MethodPauses(store, clock)
    await pauses.rest(METHOD, FIVE)
    assert await pauses.resting([METHOD, "sale.order.get"]) == {METHOD: FIVE}
    clock.advance(minutes=5)
    assert await pauses.resting([METHOD]) == {}


async def test_all_instances_know(store: FaultyStore, clock: Clock) -> None:
    one, two = MethodPauses(store, clock), MethodPauses(store, clock)
    await one.rest(METHOD, FIVE)
    assert await two.resting([METHOD]) == {METHOD: FIVE}


async def test_who_asked_just_before_knows_five_seconds_later(store: FaultyStore, clock: Clock) -> None:
    one, two = MethodPauses(store, clock), MethodPauses(store, clock)
    assert await two.resting([METHOD]) == {}
    await one.rest(METHOD, FIVE)
    clock.advance(seconds=4.9)
    assert await two.resting([METHOD]) == {}
    clock.advance(seconds=0.1)
    assert await two.resting([METHOD]) == {METHOD: FIVE}


async def test_the_store_is_not_asked_at_every_call(store: FaultyStore, clock: Clock) -> None:
    pauses = MethodPauses(store, clock)
    for _ in range(10):
        await pauses.resting([METHOD, "sale.order.get", "crm.item.get"])
    assert store.reads == 1
    await pauses.rest(METHOD, FIVE)
    reads = store.reads
    clock.advance(minutes=1)
    assert await pauses.resting([METHOD]) == {METHOD: FIVE}
    assert store.reads == reads


async def test_methods_are_the_same_in_any_case(store: FaultyStore, clock: Clock) -> None:
    pauses = MethodPauses(store, clock)
    await pauses.rest("disk.folder.uploadFile", FIVE)
    assert await pauses.resting(["disk.folder.uploadfile"]) == {"disk.folder.uploadfile": FIVE}
    assert await store.get(Key("pauses", "disk.folder.uploadfile")) is not None


async def test_of_two_pauses_the_longer_counts(store: FaultyStore, clock: Clock, events: Heard) -> None:
    one, two = MethodPauses(store, clock), MethodPauses(store, clock)
    await one.rest(METHOD, FIVE)
    await two.rest(METHOD, FIVE - timedelta(minutes=1))
    await one.rest(METHOD, FIVE - timedelta(minutes=1))
    await one.rest(METHOD, FIVE)
    assert await MethodPauses(store, clock).resting([METHOD]) == {METHOD: FIVE}
    await two.rest(METHOD, FIVE + timedelta(minutes=1))
    assert await MethodPauses(store, clock).resting([METHOD]) == {METHOD: FIVE + timedelta(minutes=1)}
    assert events("method_paused") == [("method_paused", "WARNING")] * 3


async def test_what_is_past_is_no_pause(store: FaultyStore, clock: Clock, events: Heard) -> None:
    pauses = MethodPauses(store, clock)
    await pauses.rest(METHOD, START)
    assert await pauses.resting([METHOD]) == {}
    assert events("method_paused") == []
    assert store.commits == 0


async def test_an_absurd_end_is_not_believed(store: FaultyStore, clock: Clock) -> None:
    pauses = MethodPauses(store, clock)
    await pauses.rest(METHOD, START + timedelta(days=999_999))
    assert await pauses.resting([METHOD]) == {METHOD: START + timedelta(minutes=15)}


async def test_the_record_ends_with_the_pause(store: FaultyStore, clock: Clock) -> None:
    await MethodPauses(store, clock).rest(METHOD, FIVE)
    record = await store.get(Key("pauses", METHOD))
    assert record is not None
    assert record.expires_at == FIVE
    clock.advance(minutes=5)
    assert await MethodPauses(store, clock).resting([METHOD]) == {}


async def test_without_the_store_memory_decides(store: FaultyStore, clock: Clock) -> None:
    pauses = MethodPauses(store, clock)
    store.down = True
    assert await pauses.resting([METHOD]) == {}
    await pauses.rest(METHOD, FIVE)
    assert await pauses.resting([METHOD]) == {METHOD: FIVE}
    store.down = False
    assert await MethodPauses(store, clock).resting([METHOD]) == {}


async def test_a_conflict_is_decided_again(store: FaultyStore, clock: Clock) -> None:
    store.errors = [Conflict("somebody was faster")]
    await MethodPauses(store, clock).rest(METHOD, FIVE)
    assert await MethodPauses(store, clock).resting([METHOD]) == {METHOD: FIVE}
