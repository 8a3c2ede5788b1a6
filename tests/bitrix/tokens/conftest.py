"""A small world of tokens: a strict OAuth server, a store, a vault, a clock, and managers that share them."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.bitrix.secrets import SecretVault, VaultUnavailable
from shared.bitrix.tokens import OAuthServer, RefreshPolicy, TokenManager, TokenPair
from shared.bitrix.tokens.version_record import VersionRecord, version_record_of
from shared.store.collections import TOKENS
from shared.store.memory import MemoryStore
from shared.store.port import Key, Store
from tests.bitrix.memory_vault import MemoryVault
from tests.support.clock import Clock
from tests.support.stores import FaultyStore

URL = "https://oauth.example/oauth/token/"
NAME = "bitrix-token"
HOUR = timedelta(hours=1)
CLIENT_ID = "app.0123456789"
CLIENT_SECRET = "very-secret-client-secret"
GRANT_REFUSED = httpx.Response(400, json={"error": "invalid_grant"})


Reply = httpx.Response | Exception


@dataclass
class OAuth:
    """An OAuth server that takes each refresh token once. Queued replies come before its own."""

    clock: Clock
    refresh: str = "refresh-token-0"
    issued: int = 0
    alive: set[str] = field(default_factory=set)
    requests: list[httpx.Request] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    life: int = 3600

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self.replies:
            reply = self.replies.pop(0)
            if isinstance(reply, Exception):
                raise reply
            return reply
        said = request.url.params
        if (said["client_id"], said["client_secret"]) != (CLIENT_ID, CLIENT_SECRET):
            return httpx.Response(400, json={"error": "invalid_client"})
        if said["grant_type"] != "refresh_token" or said["refresh_token"] != self.refresh:
            return httpx.Response(400, json={"error": "invalid_grant", "error_description": f"bad {self.refresh}"})
        return httpx.Response(200, json=self.issue())

    def issue(self) -> dict[str, Any]:
        self.issued += 1
        access, self.refresh = f"access-token-{self.issued}", f"refresh-token-{self.issued}"
        self.alive = {access}
        return {
            "access_token": access,
            "refresh_token": self.refresh,
            "expires": 1788003600,
            "expires_in": self.life,
            "client_endpoint": "https://masters.bitrix24.ru/rest/",
            "server_endpoint": "https://oauth.bitrix24.tech/rest/",
            "domain": "oauth.bitrix24.tech",
            "member_id": "0f00e1",
            "scope": "catalog,sale",
            "status": "L",
            "user_id": 17,
        }


@dataclass
class World:
    """What all instances share, and a maker of instances."""

    clock: Clock
    oauth: OAuth
    store: Store
    vault: SecretVault
    http: httpx.AsyncClient

    def server(self) -> OAuthServer:
        return OAuthServer(self.http, URL, CLIENT_ID, CLIENT_SECRET, now=self.clock)

    def manager(
        self, store: Store | None = None, vault: SecretVault | None = None, policy: RefreshPolicy = RefreshPolicy.AUTO
    ) -> TokenManager:
        return TokenManager(
            store or self.store,
            vault or self.vault,
            self.server(),
            NAME,
            now=self.clock,
            sleep=self.clock.sleep,
            policy=policy,
        )

    def first_pair(self, **changes: Any) -> TokenPair:
        fields = {"access": "access-token-0", "refresh": "refresh-token-0", "expires_at": self.clock() + HOUR}
        return TokenPair(**{**fields, **changes})

    async def installed(self, **changes: Any) -> None:
        await self.manager().install(self.first_pair(**changes))
        self.oauth.alive = {"access-token-0"}

    async def version_record(self) -> VersionRecord:
        record = await self.store.get(TOKENS.key(NAME))
        assert record is not None
        return version_record_of(record.data)

    async def leased(self) -> bool:
        return await self.store.get(Key("leases", "bitrix_token")) is not None


@pytest.fixture
async def world(clock: Clock) -> Any:
    oauth = OAuth(clock)
    async with httpx.AsyncClient(transport=httpx.MockTransport(oauth.answer)) as http:
        yield World(clock, oauth, MemoryStore(clock), MemoryVault(), http)


class SickVault(MemoryVault):
    """Refuses as many additions as it is told to, and every read or destruction while `sick`."""

    def __init__(self) -> None:
        super().__init__()
        self.refusals = 0
        self.tries = 0
        self.sick = False

    async def add(self, data: bytes) -> str:
        self.tries += 1
        if self.refusals:
            self.refusals -= 1
            raise VaultUnavailable("projects/p/secrets/s: ServiceUnavailable")
        return await super().add(data)

    async def read(self, version: str) -> bytes:
        if self.sick:
            raise VaultUnavailable("projects/p/secrets/s: ServiceUnavailable")
        return await super().read(version)


@pytest.fixture
def store(world: World) -> FaultyStore:
    world.store = store = FaultyStore(MemoryStore(world.clock))
    return store


@pytest.fixture
def vault(world: World) -> SickVault:
    world.vault = SickVault()
    return world.vault
