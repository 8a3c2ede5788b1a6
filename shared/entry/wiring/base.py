"""The parts of a container that every function has: settings, clock, HTTP connections and the document store.

Parts are made when first needed: gRPC channels made at import break when the server forks, and a function must not load
what it does not use. Whatever is heavy is imported by the property that makes it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypedDict, Unpack
from zoneinfo import ZoneInfo

from shared.clock import Now, utc_now
from shared.entry.setting_views import InstanceSettings, StoreSettings
from shared.settings import Settings, StoreKind
from shared.store.memory import MemoryStore
from shared.store.port import Store

if TYPE_CHECKING:
    from typing import Self

    import httpx

    from shared.assistant.telegram_delivery import TelegramDelivery
    from shared.bitrix.client import BitrixClient
    from shared.bitrix.portal import Portal
    from shared.bitrix.secrets import SecretVault
    from shared.bitrix.tokens import OAuthServer, TokenManager
    from shared.pipeline.tasks import TaskQueue
    from shared.pipeline.worker import Worker
    from shared.telegram.api import Bot, Dispatcher
    from shared.telegram.sender import Sender
    from shared.tracing import SpanExporter

_SNIFFIO = "sniffio"
TIMEOUT = 10.0
"""Seconds a Bot API call may take; a slower one is sent again later."""


class Parts(TypedDict, total=False):
    """The parts that can be handed to a container instead of being made by it; who hands one in closes it."""

    http: httpx.AsyncClient
    store: Store
    queue: TaskQueue
    bot: Bot
    sender: Sender
    delivery: TelegramDelivery
    dispatcher: Dispatcher
    portal: Portal
    client: BitrixClient
    worker: Worker
    vault: SecretVault
    oauth_server: OAuthServer
    token_manager: TokenManager | None
    span_exporter: SpanExporter | None


class BaseContainer:
    """What every function needs. The parts in `parts` are used as they are; all others are made of the settings."""

    def __init__(
        self,
        settings: Settings,
        *,
        now: Now = utc_now,
        timer: Callable[[], float] = time.perf_counter,
        **parts: Unpack[Parts],
    ) -> None:
        """`now` tells the time, `timer` the seconds that something takes."""
        self.settings = settings
        self.now = now
        self.timer = timer
        self._handed_in = parts
        # A cached property that is there already is never computed.
        vars(self).update(parts)

    def override(self, settings: Settings | None = None, **parts: Unpack[Parts]) -> Self:
        """Return a container that differs in these: nothing this one has made is in it, what it was handed is."""
        given: Parts = {**self._handed_in, **parts}
        return type(self)(settings or self.settings, now=self.now, timer=self.timer, **given)

    @cached_property
    def instance_settings(self) -> InstanceSettings:
        """What every instance reads."""
        return self.settings.require(InstanceSettings)

    @cached_property
    def span_exporter(self) -> SpanExporter | None:
        """Where spans of sampled requests go; None where nobody asked for them."""
        config = self.instance_settings
        if not config.trace_export:
            return None
        from shared.cloud_trace import CloudTrace  # noqa: PLC0415 - who exports nothing needs none

        return CloudTrace(config.google_cloud_project)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of the dates shown to masters."""
        return ZoneInfo(self.instance_settings.timezone)

    @cached_property
    def http(self) -> httpx.AsyncClient:
        """The one connection pool, for Bitrix and Telegram alike."""
        import httpx  # noqa: PLC0415 - who asks nobody needs none

        if find_spec(_SNIFFIO) is None:
            # httpcore looks for it on the disk four times a request, as long as it is not known to be missing.
            sys.modules.setdefault(_SNIFFIO, None)  # type: ignore[arg-type] # that is how it is known
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=20)
        return httpx.AsyncClient(limits=limits, timeout=TIMEOUT)

    @cached_property
    def store(self) -> Store:
        """The document store."""
        config = self.settings.require(StoreSettings)
        if config.store is StoreKind.MEMORY:
            return MemoryStore(self.now)
        from shared.store.firestore import connect  # noqa: PLC0415 - 0.2 s that the memory store does not need

        return connect(config.google_cloud_project, config.firestore_database, self.now)

    async def close(self) -> None:
        """Let go of what was opened here. Only the sandbox and tests do: an instance of a function just ends."""
        opened: dict[str, Any] = {name: part for name, part in vars(self).items() if name not in self._handed_in}
        if opened.get("token_manager") is not None:
            # A renewal under way still needs everything else.
            await opened["token_manager"].close()
        if "http" in opened:
            await opened["http"].aclose()
        for name in ("vault", "store", "queue"):
            if name in opened:
                await opened[name].close()
