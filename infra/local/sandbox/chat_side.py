"""The side of the sandbox that people write to: the simulated Telegram, a mirror of the real one, or neither."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import httpx
from starlette.types import ASGIApp

from infra.local.clock import Clock
from infra.local.sandbox import environment
from infra.local.sandbox.options import SandboxOptions
from infra.local.telegram.mirror import Mirror
from infra.local.telegram.options import TelegramOptions
from infra.local.telegram.sim import TelegramSim, create_telegram
from shared.settings import SettingsError

PUBLIC_API = "https://api.telegram.org"
_API = "TELEGRAM_API_BASE"


def simulates_telegram(options: SandboxOptions) -> bool:
    """Tell whether Telegram is the simulated one."""
    return not options.telegram and options.telegram_api is None


def with_real_bot(settings: dict[str, str], given: Mapping[str, str], relay: str) -> dict[str, str]:
    """Return the settings of a real bot, whose functions speak to Telegram through the `relay` that mirrors it.

    Raises SettingsError when no token is `given`.
    """
    if not given.get("TELEGRAM_BOT_TOKEN"):
        raise SettingsError("TELEGRAM_BOT_TOKEN: is required here")
    return {**settings, _API: relay}


def bot_url(variables: Mapping[str, str]) -> str:
    """Return the Bot API's address with the token: never logged."""
    return f"{variables.get(_API, PUBLIC_API).rstrip('/')}/bot{variables['TELEGRAM_BOT_TOKEN']}"


class ChatSide:
    """Makes whichever it is. `invite` gives one more link by which a master comes in."""

    def __init__(self, variables: Mapping[str, str], links: Mapping[str, str], invite: Callable[[], str]) -> None:
        self._token = variables["TELEGRAM_BOT_TOKEN"]
        self._links = links
        self._invite = invite

    def simulated(self, clock: Clock, http: httpx.AsyncClient) -> TelegramSim:
        """Return a simulated Telegram with the operators' group."""
        options = TelegramOptions(
            token=self._token,
            username=environment.BOT_USERNAME,
            invite_link=lambda: [self._invite()],
            groups={environment.OPERATORS: "Операторы"},
            links=self._links,
        )
        return create_telegram(options, clock=clock, http=http)

    def mirror(self, given: Mapping[str, str], clock: Clock, http: httpx.AsyncClient) -> ASGIApp:
        """Return the relay to the real Telegram, with the page that shows what passes."""
        options = TelegramOptions(
            token=self._token, invite_link=lambda: [self._invite()], links=self._links, mirror=True
        )
        return Mirror(options, given.get(_API) or PUBLIC_API, clock, http).app
