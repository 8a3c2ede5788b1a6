"""The Secret Manager emulator as a whole: a gRPC server for the unchanged Google clients."""

from __future__ import annotations

from datetime import timedelta

from google.cloud import secretmanager_v1 as api

from infra.local.clock import Clock, SystemClock
from infra.local.rpc import RpcServer
from infra.local.secret_manager.service import SERVICE, SecretManagerService
from infra.local.secret_manager.vault import Vault


class SecretManagerEmulator:
    """Secret Manager on one machine, in memory. Payloads are never logged.

    `latest_lag`: how long the alias `latest` keeps answering the version before the newest one, as it may happen with
    the real service, for minutes or hours. `clock` is a seam for tests.
    """

    def __init__(self, *, latest_lag: timedelta = timedelta(0), clock: Clock | None = None) -> None:
        self._service = SecretManagerService(Vault(), clock or SystemClock(), latest_lag)
        self._server = RpcServer("The Secret Manager emulator", SERVICE, self._service.methods())

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Serve and return `host:port`. Secrets of an earlier run are still there."""
        return await self._server.start(host, port)

    async def stop(self) -> None:
        """Stop serving."""
        await self._server.stop()

    def add_secret(self, name: str, data: bytes | None = None) -> None:
        """Make a secret without a client, with a first version if `data` is given. `name` is the full one."""
        parent, _, secret_id = name.partition("/secrets/")
        replication = api.Replication(automatic=api.Replication.Automatic())
        secret = api.Secret(replication=replication)
        self._service.create_secret(api.CreateSecretRequest(parent=parent, secret_id=secret_id, secret=secret))
        if data is not None:
            payload = api.SecretPayload(data=data)
            self._service.add_version(api.AddSecretVersionRequest(parent=name, payload=payload))
