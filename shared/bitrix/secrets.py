"""Where the token pair is kept: numbered versions of one secret (shared/bitrix/README.md, «Where the pair is kept»).

Versions are asked for by number, never as `latest`: by number a read is strongly consistent, the alias may point to the
version before for minutes. Which number is the present one is written in the store (`shared.bitrix.tokens`).

Errors::

    VaultError
    ├── VaultUnavailable   no answer, no permission, a refusal: nothing is known about the last `add`
    └── VersionMissing     there is no such version, or it was disabled or destroyed

Payloads are in no message, cause or context of an error and in no repr. Importing this module does not import the
Google libraries: the first call does, inside the running loop.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from google.cloud.secretmanager_v1 import SecretManagerServiceAsyncClient

T = TypeVar("T")

FIRST_RETRY_SECONDS = 0.1
"""The library's own first pause is 2 s, and for `add` it does not retry at all."""
LONGEST_RETRY_SECONDS = 1.0


class VaultError(Exception):
    """Base of everything a vault raises."""


class VaultUnavailable(VaultError):  # noqa: N818 - named by what is wrong, like the store's errors
    """The vault did not do it, or did not say so."""


class VersionMissing(VaultError):  # noqa: N818 - the same
    """This version cannot be read, and will not be."""


class SecretVault(Protocol):
    """One secret with its versions. Numbers count up from 1 and are never used again."""

    async def add(self, data: bytes) -> str:
        """Keep `data` as the next version and return its number. Raises VaultUnavailable.

        A lost answer may leave a version behind that nobody knows of: the next one's number then skips it.
        """
        ...

    async def read(self, version: str) -> bytes:
        """Return a version's data. Raises VersionMissing, VaultUnavailable."""
        ...

    async def destroy(self, version: str) -> None:
        """Forget a version's data for good. Raises VersionMissing when it is gone already, VaultUnavailable."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class SecretManagerVault:
    """A secret of Secret Manager, `projects/<project>/secrets/<name>`, or of its emulator at `emulator_host`.

    The client is made by the first call and belongs to that call's loop. `timeout_seconds` bounds each call, its
    retries included. Needs the roles `secretAccessor` to read and `secretVersionManager` to add and destroy.
    """

    def __init__(self, secret: str, emulator_host: str | None = None, timeout_seconds: float = 5.0) -> None:
        self._secret = secret
        self._emulator_host = emulator_host
        self._timeout_seconds = timeout_seconds
        self._client: SecretManagerServiceAsyncClient | None = None

    async def add(self, data: bytes) -> str:
        """Keep data as the next version; UNAVAILABLE is retried while the time lasts, at the risk of a second one."""

        async def ask(client: SecretManagerServiceAsyncClient, options: dict[str, Any]) -> str:
            made = await client.add_secret_version(
                request={"parent": self._secret, "payload": {"data": data}}, **options
            )
            return str(made.name.rpartition("/")[2])

        try:
            return await self._asked(ask)
        except VersionMissing as error:
            # Here it is the secret that is missing, or closed to new versions.
            problem = VaultUnavailable(str(error))
        raise problem

    async def read(self, version: str) -> bytes:
        """Return a version's data."""

        async def ask(client: SecretManagerServiceAsyncClient, options: dict[str, Any]) -> bytes:
            answer = await client.access_secret_version(name=self._name(version), **options)
            return bytes(answer.payload.data)

        return await self._asked(ask)

    async def destroy(self, version: str) -> None:
        """Forget a version's data. Needs no read before it: a version that is gone already is told by the error."""

        async def ask(client: SecretManagerServiceAsyncClient, options: dict[str, Any]) -> None:
            await client.destroy_secret_version(name=self._name(version), **options)

        await self._asked(ask)

    async def close(self) -> None:
        """Let go of the connection; a later call makes a new one."""
        client, self._client = self._client, None
        if client is not None:
            await client.transport.close()  # type: ignore[no-untyped-call] # the library leaves it untyped

    def _name(self, version: str) -> str:
        """Return a version's full name; a number only, so that no alias gets in."""
        if not (version.isascii() and version.isdigit()):
            raise VersionMissing("a version is asked for by its number")
        return f"{self._secret}/versions/{version}"

    async def _asked(self, ask: Callable[[SecretManagerServiceAsyncClient, dict[str, Any]], Awaitable[T]]) -> T:
        """Make one call; translate its errors."""
        from google.api_core import exceptions  # noqa: PLC0415 - cold start
        from google.api_core.retry_async import AsyncRetry, if_exception_type  # noqa: PLC0415 - cold start
        from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415 - cold start

        retry = AsyncRetry(
            predicate=if_exception_type(exceptions.ServiceUnavailable),
            initial=FIRST_RETRY_SECONDS,
            maximum=LONGEST_RETRY_SECONDS,
            timeout=self._timeout_seconds,
        )
        try:
            return await ask(self._connected(), {"retry": retry, "timeout": self._timeout_seconds})
        except (exceptions.NotFound, exceptions.FailedPrecondition) as error:
            # NotFound is also what an absent secret says: then every version is missing, and that is true.
            problem: VaultError = VersionMissing(f"{self._secret}: {type(error).__name__}")
        except (exceptions.GoogleAPIError, GoogleAuthError) as error:
            problem = VaultUnavailable(f"{self._secret}: {type(error).__name__}")
        # Raised outside the handlers: the library's error may quote the request, and must not even be the context.
        raise problem

    def _connected(self) -> SecretManagerServiceAsyncClient:
        """Return the client, made on first use."""
        if self._client is None:
            from google.cloud.secretmanager_v1 import SecretManagerServiceAsyncClient  # noqa: PLC0415 - cold start

            if self._emulator_host is None:
                self._client = SecretManagerServiceAsyncClient()
            else:
                self._client = _emulator_client(self._emulator_host)
        return self._client


def _emulator_client(host: str) -> SecretManagerServiceAsyncClient:
    """Return a client that speaks to an emulator."""
    import grpc.aio  # noqa: PLC0415 - cold start
    from google.cloud.secretmanager_v1 import SecretManagerServiceAsyncClient  # noqa: PLC0415 - cold start
    from google.cloud.secretmanager_v1.services.secret_manager_service.transports import (  # noqa: PLC0415 - cold start
        SecretManagerServiceGrpcAsyncIOTransport,
    )

    # A proxy from the environment is for the world outside, not for an emulator.
    channel = grpc.aio.insecure_channel(host, options=[("grpc.enable_http_proxy", 0)])
    return SecretManagerServiceAsyncClient(transport=SecretManagerServiceGrpcAsyncIOTransport(channel=channel))
