"""The vaults: one contract for both, and what is Secret Manager's own, on its emulator over a socket."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import grpc
import pytest
from google.cloud.secretmanager_v1 import AddSecretVersionRequest, SecretVersion
from google.cloud.secretmanager_v1.services.secret_manager_service.transports import (
    SecretManagerServiceGrpcAsyncIOTransport,
)

from infra.local.cloud_tasks import ManualClock
from infra.local.rpc import Method, RefusedError, RpcServer
from infra.local.secret_manager import SecretManagerEmulator
from infra.local.secret_manager.service import SERVICE
from shared.bitrix.secrets import SecretManagerVault, SecretVault, VaultUnavailable, VersionMissing
from tests.bitrix.memory_vault import MemoryVault
from tests.bitrix.test_secrets import everything_logged, traces_of
from tests.support.door import LONGEST
from tests.support.servers import silent

SECRET = "projects/p/secrets/bitrix-token"
PAYLOAD = b"access-and-refresh-token"


@pytest.fixture
async def emulator() -> AsyncIterator[SecretManagerEmulator]:
    emulator = SecretManagerEmulator(latest_lag=timedelta(hours=1), clock=ManualClock())
    emulator.add_secret(SECRET)
    yield emulator
    await emulator.stop()


@pytest.fixture
async def real(emulator: SecretManagerEmulator) -> AsyncIterator[SecretManagerVault]:
    vault = SecretManagerVault(SECRET, emulator_host=await emulator.start(), timeout_seconds=LONGEST)
    yield vault
    await vault.close()


@pytest.fixture(params=["memory", "secret manager"])
async def vault(request: pytest.FixtureRequest, real: SecretManagerVault) -> AsyncIterator[SecretVault]:
    chosen: SecretVault = MemoryVault() if request.param == "memory" else real
    yield chosen
    await chosen.close()


class TestContract:
    async def test_versions_count_up_and_are_read_by_number(self, vault: SecretVault) -> None:
        assert [await vault.add(data) for data in (b"one", b"two")] == ["1", "2"]
        assert [await vault.read(version) for version in ("2", "1")] == [b"two", b"one"]

    @pytest.mark.parametrize("version", ["2", "0", "latest", "-1", "", "1/../2", "²"])
    async def test_what_is_not_there(self, vault: SecretVault, version: str) -> None:
        await vault.add(PAYLOAD)
        with pytest.raises(VersionMissing):
            await vault.read(version)
        with pytest.raises(VersionMissing):
            await vault.destroy(version)

    async def test_a_destroyed_version_is_gone_and_its_number_too(self, vault: SecretVault) -> None:
        await vault.add(b"one")
        await vault.destroy("1")
        with pytest.raises(VersionMissing):
            await vault.read("1")
        with pytest.raises(VersionMissing):
            await vault.destroy("1")
        assert await vault.add(b"two") == "2"


async def test_an_absent_secret_takes_no_version(emulator: SecretManagerEmulator) -> None:
    vault = SecretManagerVault(f"{SECRET}-other", emulator_host=await emulator.start(), timeout_seconds=LONGEST)
    with pytest.raises(VaultUnavailable, match=f"^{SECRET}-other: NotFound$"):
        await vault.add(PAYLOAD)
    with pytest.raises(VersionMissing, match="NotFound"):
        await vault.read("1")
    await vault.close()


async def test_nobody_there(emulator: SecretManagerEmulator) -> None:
    address = await emulator.start()
    await emulator.stop()
    vault = SecretManagerVault(SECRET, emulator_host=address, timeout_seconds=0.3)
    with pytest.raises(VaultUnavailable):
        await vault.read("1")
    await vault.close()


class Faltering:
    """A Secret Manager that is UNAVAILABLE a few times, then refuses and quotes the payload, then works."""

    def __init__(self, failures: int, refusals: int = 0) -> None:
        self.calls = 0
        self._failures = failures
        self._refusals = refusals

    def add(self, request: AddSecretVersionRequest) -> SecretVersion:
        self.calls += 1
        if self.calls <= self._failures:
            raise RefusedError(grpc.StatusCode.UNAVAILABLE, "not now")
        if self.calls <= self._failures + self._refusals:
            raise RefusedError(grpc.StatusCode.INVALID_ARGUMENT, f"bad {request.payload.data.decode()}")
        return SecretVersion(name=f"{request.parent}/versions/7")


async def test_unavailable_for_a_moment_is_retried_soon() -> None:
    service = Faltering(2)
    server = RpcServer(
        "A test", SERVICE, {"AddSecretVersion": Method(service.add, AddSecretVersionRequest, SecretVersion)}
    )
    vault = SecretManagerVault(SECRET, emulator_host=await server.start("127.0.0.1", 0), timeout_seconds=LONGEST)
    assert await vault.add(PAYLOAD) == "7"
    assert service.calls == 3
    await vault.close()
    await server.stop()


async def test_no_failure_tells_the_payload() -> None:
    service = Faltering(0, refusals=1)
    server = RpcServer(
        "A test", SERVICE, {"AddSecretVersion": Method(service.add, AddSecretVersionRequest, SecretVersion)}
    )
    vault = SecretManagerVault(SECRET, emulator_host=await server.start("127.0.0.1", 0), timeout_seconds=LONGEST)
    memory = MemoryVault()
    await memory.add(PAYLOAD)
    with everything_logged() as logged, pytest.raises(VaultUnavailable, match="InvalidArgument") as caught:
        await vault.add(PAYLOAD)
    told = traces_of(caught.value) + logged.getvalue() + repr(vault) + repr(vars(vault)) + repr(memory)
    assert PAYLOAD.decode() not in told
    await vault.close()
    await server.stop()


async def test_a_service_that_never_answers_is_given_up() -> None:
    with silent() as host:
        vault = SecretManagerVault(SECRET, emulator_host=host, timeout_seconds=0.2)
        with pytest.raises(VaultUnavailable):
            await vault.read("1")
        await vault.close()


async def test_without_credentials_the_vault_is_unavailable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "absent.json"))
    vault = SecretManagerVault(SECRET)
    with pytest.raises(VaultUnavailable, match="DefaultCredentialsError"):
        await vault.read("1")
    await vault.close()


async def test_after_a_close_a_new_connection_is_made(real: SecretManagerVault) -> None:
    for _ in range(2):
        await real.add(PAYLOAD)
        transport = real._connected().transport
        assert isinstance(transport, SecretManagerServiceGrpcAsyncIOTransport)
        await real.close()
        assert transport.grpc_channel.get_state() is grpc.ChannelConnectivity.SHUTDOWN


def test_a_cold_start_does_not_pay_for_the_google_libraries() -> None:
    code = """
import sys
from shared.bitrix.secrets import SecretManagerVault
from tests.bitrix.memory_vault import MemoryVault
from shared.bitrix.limits import LimitedClient
from shared.bitrix.tokens import TokenManager
SecretManagerVault("projects/p/secrets/s", "localhost:1")
heavy = ("pydantic", "aiogram", "grpc", "proto", "google.api_core", "google.auth", "google.protobuf", "google.cloud.")
print([name for name in sys.modules if name.startswith(heavy)])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
