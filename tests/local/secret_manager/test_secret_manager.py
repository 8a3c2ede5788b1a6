"""The calls as the unchanged client libraries make them, over a socket."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta

import grpc
import grpc.aio
import pytest
from google.api_core import exceptions as errors
from google.cloud.secretmanager_v1 import (
    SecretManagerServiceAsyncClient,
    SecretManagerServiceClient,
    SecretPayload,
    SecretVersion,
)
from google.cloud.secretmanager_v1.services.secret_manager_service.transports import (
    SecretManagerServiceGrpcAsyncIOTransport,
    SecretManagerServiceGrpcTransport,
)

from infra.local.cloud_tasks import ManualClock
from infra.local.secret_manager import SecretManagerEmulator
from infra.local.secret_manager.vault import Secret, crc32c

PROJECT = "projects/p"
SECRET = f"{PROJECT}/secrets/bitrix-token"
AUTOMATIC: dict[str, object] = {"replication": {"automatic": {}}}
State = SecretVersion.State


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def latest_lag() -> timedelta:
    return timedelta(0)


@pytest.fixture
async def emulator(clock: ManualClock, latest_lag: timedelta) -> AsyncIterator[SecretManagerEmulator]:
    emulator = SecretManagerEmulator(latest_lag=latest_lag, clock=clock)
    yield emulator
    await emulator.stop()


@pytest.fixture
async def client(emulator: SecretManagerEmulator) -> AsyncIterator[SecretManagerServiceAsyncClient]:
    """The unchanged client library, speaking to the emulator over a socket."""
    channel = grpc.aio.insecure_channel(await emulator.start())
    yield SecretManagerServiceAsyncClient(transport=SecretManagerServiceGrpcAsyncIOTransport(channel=channel))
    await channel.close()


async def refused(error: type[errors.GoogleAPICallError], call: Awaitable[object]) -> str:
    """Expect a call to be refused so, and return the text."""
    with pytest.raises(error) as caught:
        await call
    return str(caught.value)


async def add(client: SecretManagerServiceAsyncClient, data: bytes) -> str:
    """Add a version and return its name."""
    return (await client.add_secret_version(parent=SECRET, payload=SecretPayload(data=data))).name


async def read(client: SecretManagerServiceAsyncClient, version: object) -> bytes:
    return (await client.access_secret_version(name=f"{SECRET}/versions/{version}")).payload.data


class TestSecrets:
    async def test_making_getting_and_deleting(self, client: SecretManagerServiceAsyncClient, clock: ManualClock):
        request = {"parent": PROJECT, "secret_id": "bitrix-token", "secret": {**AUTOMATIC, "labels": {"app": "bot"}}}
        made = await client.create_secret(request=request)
        assert made.name == SECRET
        assert made.labels == {"app": "bot"}
        assert made.create_time == clock.now()
        assert await client.get_secret(name=SECRET) == made
        await refused(errors.AlreadyExists, client.create_secret(request=request))
        await client.delete_secret(name=SECRET)
        await refused(errors.NotFound, client.get_secret(name=SECRET))
        await refused(errors.NotFound, client.delete_secret(name=SECRET))

    async def test_listing_in_pages(self, client: SecretManagerServiceAsyncClient, emulator: SecretManagerEmulator):
        for name in ("c", "a", "b"):
            emulator.add_secret(f"{PROJECT}/secrets/{name}")
        emulator.add_secret("projects/other/secrets/x")
        pages = await client.list_secrets(request={"parent": PROJECT, "page_size": 2})
        found = [[secret.name[-1] for secret in page.secrets] async for page in pages.pages]
        assert found == [["a", "b"], ["c"]]

    @pytest.mark.parametrize(
        ("parent", "secret_id", "secret"),
        [
            ("p", "x", AUTOMATIC),
            (PROJECT, "", AUTOMATIC),
            (PROJECT, "with space", AUTOMATIC),
            (PROJECT, "x" * 256, AUTOMATIC),
            (f"{PROJECT}/locations/europe-west1", "x", AUTOMATIC),
            (PROJECT, "x", {}),
        ],
    )
    async def test_bad_secrets(
        self, client: SecretManagerServiceAsyncClient, parent: str, secret_id: str, secret: dict[str, object]
    ):
        request = {"parent": parent, "secret_id": secret_id, "secret": secret}
        await refused(errors.InvalidArgument, client.create_secret(request=request))

    async def test_what_it_would_have_to_ignore(self, client: SecretManagerServiceAsyncClient):
        secret = {**AUTOMATIC, "version_destroy_ttl": timedelta(days=1)}
        request = {"parent": PROJECT, "secret_id": "x", "secret": secret}
        await refused(errors.MethodNotImplemented, client.create_secret(request=request))
        listing = {"parent": PROJECT, "filter": "labels.app=bot"}
        await refused(errors.MethodNotImplemented, client.list_secrets(request=listing))
        text = await refused(errors.MethodNotImplemented, client.update_secret(request={"secret": {"name": SECRET}}))
        assert "The Secret Manager emulator does not emulate" in text


class TestVersions:
    @pytest.fixture(autouse=True)
    def _secret(self, emulator: SecretManagerEmulator):
        emulator.add_secret(SECRET)

    async def test_numbers_count_up_and_latest_is_the_newest(self, client: SecretManagerServiceAsyncClient):
        assert [await add(client, data) for data in (b"one", b"two")] == [
            f"{SECRET}/versions/1",
            f"{SECRET}/versions/2",
        ]
        assert [await read(client, version) for version in (1, 2, "latest")] == [b"one", b"two", b"two"]
        answer = await client.access_secret_version(name=f"{SECRET}/versions/latest")
        assert answer.name == f"{SECRET}/versions/2"

    async def test_the_checksum_is_made_kept_and_checked(self, client: SecretManagerServiceAsyncClient):
        version = await client.add_secret_version(parent=SECRET, payload=SecretPayload(data=b"token"))
        assert not version.client_specified_payload_checksum
        answer = await client.access_secret_version(name=version.name)
        assert answer.payload.data_crc32c == crc32c(b"token")
        right = SecretPayload(data=b"token", data_crc32c=crc32c(b"token"))
        assert (await client.add_secret_version(parent=SECRET, payload=right)).client_specified_payload_checksum
        wrong = SecretPayload(data=b"token", data_crc32c=0)
        await refused(errors.InvalidArgument, client.add_secret_version(parent=SECRET, payload=wrong))

    @pytest.mark.parametrize("data", [b"", b"x" * 65_537])
    async def test_too_little_and_too_much(self, client: SecretManagerServiceAsyncClient, data: bytes):
        await refused(errors.InvalidArgument, add(client, data))

    async def test_the_largest_payload(self, client: SecretManagerServiceAsyncClient):
        await add(client, b"x" * 65_536)
        assert len(await read(client, 1)) == 65_536

    @pytest.mark.parametrize("version", ["1", "0", "9999999999", "latest", "current"])
    async def test_versions_that_are_not_there(self, client: SecretManagerServiceAsyncClient, version: str):
        await refused(errors.NotFound, read(client, version))

    async def test_bad_names(self, client: SecretManagerServiceAsyncClient):
        for name in ("", SECRET, f"{SECRET}/versions/", f"{SECRET}/versions/1/x", f"{SECRET}/versions/a b"):
            await refused(errors.InvalidArgument, client.access_secret_version(name=name))
        await refused(errors.InvalidArgument, client.get_secret(name="bitrix-token"))

    async def test_into_a_secret_that_is_not_there(self, client: SecretManagerServiceAsyncClient):
        other = f"{PROJECT}/secrets/other"
        payload = SecretPayload(data=b"x")
        await refused(errors.NotFound, client.add_secret_version(parent=other, payload=payload))
        await refused(errors.NotFound, client.access_secret_version(name=f"{other}/versions/1"))

    async def test_a_disabled_version_cannot_be_read_until_it_is_enabled(self, client: SecretManagerServiceAsyncClient):
        name = await add(client, b"one")
        assert (await client.disable_secret_version(name=name)).state == State.DISABLED
        text = await refused(errors.FailedPrecondition, read(client, 1))
        assert "DISABLED" in text
        # The alias means the newest version, readable or not.
        await refused(errors.FailedPrecondition, read(client, "latest"))
        assert (await client.enable_secret_version(name=name)).state == State.ENABLED
        assert await read(client, 1) == b"one"

    async def test_a_destroyed_version_stays_so(self, client: SecretManagerServiceAsyncClient, clock: ManualClock):
        name = await add(client, b"one")
        destroyed = await client.destroy_secret_version(name=name)
        assert destroyed.state == State.DESTROYED
        assert destroyed.destroy_time == clock.now()
        assert "DESTROYED" in await refused(errors.FailedPrecondition, read(client, 1))
        for call in (client.enable_secret_version, client.disable_secret_version, client.destroy_secret_version):
            await refused(errors.FailedPrecondition, call(name=name))
        assert await add(client, b"two") == f"{SECRET}/versions/2"

    async def test_states_change_by_number_only(self, client: SecretManagerServiceAsyncClient):
        await add(client, b"one")
        await refused(errors.NotFound, client.disable_secret_version(name=f"{SECRET}/versions/latest"))

    async def test_an_outdated_etag_is_refused(self, client: SecretManagerServiceAsyncClient):
        name = await add(client, b"one")
        etag = (await client.get_secret_version(name=name)).etag
        await client.disable_secret_version(request={"name": name, "etag": etag})
        await refused(errors.FailedPrecondition, client.enable_secret_version(request={"name": name, "etag": etag}))

    async def test_listing_newest_first_in_pages(self, client: SecretManagerServiceAsyncClient):
        for data in (b"one", b"two", b"three"):
            await add(client, data)
        pages = await client.list_secret_versions(request={"parent": SECRET, "page_size": 2})
        assert [[version.name[-1] for version in page.versions] async for page in pages.pages] == [["3", "2"], ["1"]]
        bad = {"parent": SECRET, "page_token": "none of ours"}
        await refused(errors.InvalidArgument, client.list_secret_versions(request=bad))

    async def test_an_own_alias(self, client: SecretManagerServiceAsyncClient):
        secret = {**AUTOMATIC, "version_aliases": {"stable": 1}}
        await client.delete_secret(name=SECRET)
        await client.create_secret(request={"parent": PROJECT, "secret_id": "bitrix-token", "secret": secret})
        for data in (b"one", b"two"):
            await add(client, data)
        assert await read(client, "stable") == b"one"

    async def test_payloads_are_in_no_log_and_no_text(
        self, client: SecretManagerServiceAsyncClient, caplog: pytest.LogCaptureFixture
    ):
        with caplog.at_level(logging.DEBUG, logger="infra"):
            name = await add(client, b"s3cret")
            await read(client, 1)
            await client.disable_secret_version(name=name)
            text = await refused(errors.FailedPrecondition, read(client, 1))
            text += await refused(
                errors.InvalidArgument,
                client.add_secret_version(parent=SECRET, payload=SecretPayload(data=b"s3cret", data_crc32c=1)),
            )
        assert "s3cret" not in caplog.text + text

    def test_a_version_does_not_show_its_payload(self, clock: ManualClock):
        secret = Secret(SECRET, clock.now())
        secret.add(b"s3cret", None, clock.now())
        assert "s3cret" not in repr(secret)


class TestLaggingLatest:
    @pytest.fixture
    def latest_lag(self) -> timedelta:
        return timedelta(seconds=60)

    async def test_latest_answers_the_version_before_for_a_while(
        self, client: SecretManagerServiceAsyncClient, emulator: SecretManagerEmulator, clock: ManualClock
    ):
        emulator.add_secret(SECRET, b"one")
        await refused(errors.NotFound, read(client, "latest"))
        await clock.advance(60)
        assert await read(client, "latest") == b"one"
        await add(client, b"two")
        assert await read(client, 2) == b"two"
        await clock.advance(59)
        assert await read(client, "latest") == b"one"
        seen = await client.get_secret_version(name=f"{SECRET}/versions/latest")
        assert seen.name == f"{SECRET}/versions/1"
        await clock.advance(1)
        assert await read(client, "latest") == b"two"


async def test_the_synchronous_client_is_served_too(emulator: SecretManagerEmulator):
    emulator.add_secret(SECRET, b"token")
    with grpc.insecure_channel(await emulator.start()) as channel:
        client = SecretManagerServiceClient(transport=SecretManagerServiceGrpcTransport(channel=channel))
        answer = await asyncio.to_thread(client.access_secret_version, name=f"{SECRET}/versions/1")
    assert answer.payload.data == b"token"


async def test_secrets_outlive_a_restart(emulator: SecretManagerEmulator, client: SecretManagerServiceAsyncClient):
    emulator.add_secret(SECRET, b"token")
    assert await read(client, 1) == b"token"
    await emulator.stop()
    with grpc.insecure_channel(await emulator.start()) as channel:
        again = SecretManagerServiceClient(transport=SecretManagerServiceGrpcTransport(channel=channel))
        answer = await asyncio.to_thread(again.access_secret_version, name=f"{SECRET}/versions/1")
    assert answer.payload.data == b"token"
