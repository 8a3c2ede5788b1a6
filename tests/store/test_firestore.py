"""What is particular to the Firestore adapter: how documents look, versions, making and closing the client."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.api_core.datetime_helpers import DatetimeWithNanoseconds
from hypothesis import given
from hypothesis import strategies as st

from shared.store.firestore import connect
from shared.store.firestore.documents import moment_of, version_at
from shared.store.port import Create, Key, Put

KEY = Key("orders", "7")


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(0, 999_999_999),
)
def test_a_version_keeps_every_nanosecond(second: datetime, nanosecond: int) -> None:
    whole = second.replace(microsecond=0).timetuple()[:6]
    moment = DatetimeWithNanoseconds(*whole, nanosecond=nanosecond, tzinfo=UTC)
    back = moment_of(version_at(moment))
    assert back == moment
    assert back.nanosecond == nanosecond


def test_versions_a_nanosecond_apart_differ() -> None:
    moments = [DatetimeWithNanoseconds(2026, 11, 23, nanosecond=n, tzinfo=UTC) for n in (123456788, 123456789)]
    assert version_at(moments[0]) != version_at(moments[1])


def test_connect_wants_a_running_loop() -> None:
    with pytest.raises(RuntimeError, match="no running event loop"):
        connect("some-project", "(default)")


async def test_connect_tells_the_time_itself(monkeypatch) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", "127.0.0.1:9")
    store = connect("some-project", "(default)")
    assert abs(store._now() - datetime.now(UTC)) < timedelta(minutes=1)
    await store.close()


@pytest.mark.emulator
class TestLayout:
    async def fields(self, store) -> dict[str, Any]:
        fields: dict[str, Any] = (await store._client.document("orders", "7").get()).to_dict()
        return fields

    async def test_a_document_has_these_fields(self, firestore_store, clock) -> None:
        expires, due = clock.time + timedelta(days=1), clock.time
        await firestore_store.commit([Create(KEY, {"n": 1}, expires_at=expires, due_at=due)])
        fields = await self.fields(firestore_store)
        attempt = fields.pop("attempt")
        assert fields == {"data": {"n": 1}, "expires_at": expires, "due_at": due, "created_by": attempt}

    async def test_a_put_signs_as_itself_and_leaves_the_creator(self, firestore_store, clock) -> None:
        write = Create(KEY, {}, expires_at=clock.time, due_at=clock.time)
        versions = await firestore_store.commit([write])
        first = await self.fields(firestore_store)
        await firestore_store.commit([Put(KEY, {}, versions[KEY])])
        second = await self.fields(firestore_store)
        assert second.keys() == {"data", "attempt", "created_by"}
        assert second["created_by"] == first["created_by"]
        assert second["attempt"] != first["attempt"]

    async def test_a_take_over_is_a_new_creation(self, firestore_store, clock) -> None:
        await firestore_store.commit([Create(KEY, {}, expires_at=clock.time, due_at=clock.time)])
        first = await self.fields(firestore_store)
        await firestore_store.commit([Create(KEY, {"n": 2})])
        second = await self.fields(firestore_store)
        assert second == {"data": {"n": 2}, "attempt": second["attempt"], "created_by": second["attempt"]}
        assert second["attempt"] != first["attempt"]

    async def test_all_documents_of_a_commit_have_one_version(self, firestore_store) -> None:
        """The recovery of lost answers leans on it."""
        versions = await firestore_store.commit([Create(Key("orders", str(i)), {}) for i in range(10)])
        assert len(set(versions.values())) == 1
