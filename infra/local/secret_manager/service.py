"""The methods of `google.cloud.secretmanager.v1.SecretManagerService`, one function per call."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar

from google.cloud import secretmanager_v1 as api

from infra.local import rpc
from infra.local.clock import Clock
from infra.local.secret_manager.vault import Secret, State, Vault, Version

SERVICE = "google.cloud.secretmanager.v1.SecretManagerService"
MOST_A_PAGE = 25_000

_PROJECT = r"projects/[A-Za-z0-9.:-]+"
_ID = r"[A-Za-z0-9_-]{1,255}"
_IGNORED = ("expire_time", "ttl", "rotation", "topics", "version_destroy_ttl", "customer_managed_encryption")

Change = api.EnableSecretVersionRequest | api.DisableSecretVersionRequest | api.DestroySecretVersionRequest
T = TypeVar("T")


class SecretManagerService:
    """Answers the calls of the client libraries.

    `latest_lag`: for so long after a version was added the alias `latest` answers the one before. Numbers never lag.
    """

    def __init__(self, vault: Vault, clock: Clock, latest_lag: timedelta) -> None:
        self._vault = vault
        self._clock = clock
        self._latest_lag = latest_lag

    def methods(self) -> dict[str, rpc.Method]:
        """Return what is served, by method name."""
        method = rpc.Method

        def turn(state: State) -> Callable[[Change], api.SecretVersion]:
            return partial(self.turn_version, state)

        return {
            "ListSecrets": method(self.list_secrets, api.ListSecretsRequest, api.ListSecretsResponse),
            "GetSecret": method(self.get_secret, api.GetSecretRequest, api.Secret),
            "CreateSecret": method(self.create_secret, api.CreateSecretRequest, api.Secret),
            "DeleteSecret": method(self.delete_secret, api.DeleteSecretRequest),
            "AddSecretVersion": method(self.add_version, api.AddSecretVersionRequest, api.SecretVersion),
            "GetSecretVersion": method(self.get_version, api.GetSecretVersionRequest, api.SecretVersion),
            "ListSecretVersions": method(
                self.list_versions, api.ListSecretVersionsRequest, api.ListSecretVersionsResponse
            ),
            "AccessSecretVersion": method(
                self.access_version, api.AccessSecretVersionRequest, api.AccessSecretVersionResponse
            ),
            "EnableSecretVersion": method(turn(State.ENABLED), api.EnableSecretVersionRequest, api.SecretVersion),
            "DisableSecretVersion": method(turn(State.DISABLED), api.DisableSecretVersionRequest, api.SecretVersion),
            "DestroySecretVersion": method(turn(State.DESTROYED), api.DestroySecretVersionRequest, api.SecretVersion),
        }

    def list_secrets(self, request: api.ListSecretsRequest) -> api.ListSecretsResponse:
        """List a project's secrets by name. Filters are not emulated."""
        parent = _checked(_PROJECT, request.parent, "projects/*")
        _refuse_filter(request.filter)
        here = sorted(
            (one for one in self._vault.all() if one.name.startswith(f"{parent}/secrets/")), key=lambda one: one.name
        )
        page, token = _page(here, request.page_size, request.page_token)
        secrets = [_secret_message(secret) for secret in page]
        return api.ListSecretsResponse(secrets=secrets, next_page_token=token, total_size=len(here))

    def get_secret(self, request: api.GetSecretRequest) -> api.Secret:
        """Return a secret, without payloads."""
        return _secret_message(self._secret(request.name))

    def create_secret(self, request: api.CreateSecretRequest) -> api.Secret:
        """Make a secret without versions. Settings the emulator would have to ignore are UNIMPLEMENTED."""
        parent = _checked(_PROJECT, request.parent, "projects/*")
        _checked(_ID, request.secret_id, "letters, digits, «-» and «_», at most 255")
        if "replication" not in request.secret:
            raise rpc.invalid("Secret.replication is required")
        for setting in _IGNORED:
            if setting in request.secret:
                raise rpc.unimplemented(f"Secret.{setting} is not emulated")
        secret = Secret(
            name=f"{parent}/secrets/{request.secret_id}",
            created_at=self._clock.now(),
            labels=dict(request.secret.labels),
            aliases=dict(request.secret.version_aliases),
        )
        self._vault.create(secret)
        return _secret_message(secret)

    def delete_secret(self, request: api.DeleteSecretRequest) -> None:
        """Delete a secret with all its versions."""
        self._vault.delete(self._secret(request.name).name)

    def add_version(self, request: api.AddSecretVersionRequest) -> api.SecretVersion:
        """Add a payload as the next version; `data_crc32c` is checked when it is given."""
        secret = self._secret(request.parent)
        payload = request.payload
        checksum = payload.data_crc32c if "data_crc32c" in payload else None
        return _version_message(secret, secret.add(payload.data, checksum, self._clock.now()))

    def get_version(self, request: api.GetSecretVersionRequest) -> api.SecretVersion:
        """Return what is known of a version, by number or alias."""
        secret, number = self._split(request.name)
        return _version_message(secret, secret.resolve(number, self._clock.now(), self._latest_lag))

    def list_versions(self, request: api.ListSecretVersionsRequest) -> api.ListSecretVersionsResponse:
        """List a secret's versions, newest first. Filters are not emulated."""
        secret = self._secret(request.parent)
        _refuse_filter(request.filter)
        page, token = _page(secret.versions[::-1], request.page_size, request.page_token)
        versions = [_version_message(secret, version) for version in page]
        return api.ListSecretVersionsResponse(versions=versions, next_page_token=token, total_size=len(secret.versions))

    def access_version(self, request: api.AccessSecretVersionRequest) -> api.AccessSecretVersionResponse:
        """Return a payload with its checksum, by number or alias; the answer's name tells the number."""
        secret, number = self._split(request.name)
        version = secret.resolve(number, self._clock.now(), self._latest_lag)
        payload = api.SecretPayload(data=secret.read(version), data_crc32c=version.checksum)
        return api.AccessSecretVersionResponse(name=_version_name(secret, version), payload=payload)

    def turn_version(self, state: State, request: Change) -> api.SecretVersion:
        """Make a version readable, unreadable for now, or forget its payload; by number only, as the service does."""
        secret, number = self._split(request.name)
        version = secret.version(number)
        secret.turn(version, state, request.etag, self._clock.now())
        return _version_message(secret, version)

    def _secret(self, name: str) -> Secret:
        return self._vault.get(_checked(rf"{_PROJECT}/secrets/{_ID}", name, "projects/*/secrets/*"))

    def _split(self, name: str) -> tuple[Secret, str]:
        """Return the secret of a version's name, and the number or alias."""
        form = rf"{_PROJECT}/secrets/{_ID}/versions/[A-Za-z0-9_-]{{1,63}}"
        secret, _, number = _checked(form, name, "projects/*/secrets/*/versions/*").rpartition("/versions/")
        return self._vault.get(secret), number


def _checked(pattern: str, name: str, form: str) -> str:
    """Return `name` when it has the right form. Regional names are not emulated."""
    if not re.fullmatch(pattern, name):
        raise rpc.invalid(f"«{name[:200]}» is not of the form «{form}»")
    return name


def _refuse_filter(text: str) -> None:
    if text:
        raise rpc.unimplemented("Filters are not emulated")


def _page(items: list[T], size: int, token: str) -> tuple[list[T], str]:
    """Return one page of a list and the token of the next: how many items came before it."""
    if size < 0 or not (token.isdigit() or not token):
        raise rpc.invalid("page_size must not be negative, page_token must be one we gave")
    start = int(token or 0)
    end = start + min(size or MOST_A_PAGE, MOST_A_PAGE)
    return items[start:end], str(end) if end < len(items) else ""


def _version_name(secret: Secret, version: Version) -> str:
    return f"{secret.name}/versions/{version.number}"


def _secret_message(secret: Secret) -> api.Secret:
    return api.Secret(
        name=secret.name,
        create_time=secret.created_at,
        replication=api.Replication(automatic=api.Replication.Automatic()),
        labels=dict(secret.labels),
        version_aliases=dict(secret.aliases),
    )


def _version_message(secret: Secret, version: Version) -> api.SecretVersion:
    """Return a version as a client sees it: all but the payload."""
    message = api.SecretVersion(
        name=_version_name(secret, version),
        create_time=version.created_at,
        state=version.state.value,
        etag=str(version.etag),
        client_specified_payload_checksum=version.checked_by_client,
    )
    if version.destroyed_at is not None:
        message.destroy_time = version.destroyed_at
    return message
