"""`assistant webhooks`: what Telegram is told about the bot — where its updates go, and what people see of it.

Every step replaces what was there, so the command may be run again and again. The token never leaves the address of the
requests: errors name the method only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from shared.assistant.texts import profile
from shared.bitrix import events, form_events
from shared.entry.setting_views import BotSettings
from shared.settings import Dialect, Settings, SettingsView

TIMEOUT: Final = 10.0
UPDATES: Final = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
"""What the function understands; Telegram sends nothing else."""

CONNECTIONS: Final = 40
"""Updates that Telegram delivers at the same time at most."""

Say = Callable[[str], None]


class _WebhookSettings(SettingsView):
    """What Telegram sends with each update: without it the function would turn every one away."""

    telegram_webhook_secret: SecretStr


class BotApi:
    """The Bot API of the settings' bot. SettingsError without TELEGRAM_BOT_TOKEN."""

    def __init__(self, settings: Settings) -> None:
        bot = settings.require(BotSettings)
        self._url = f"{bot.telegram_api_base}/bot{bot.telegram_bot_token.get_secret_value()}"

    def call(self, method: str, **params: object) -> Any:  # noqa: ANN401 - the Bot API's result
        """Return the method's result; RuntimeError says why there is none."""
        try:
            answer = httpx.post(f"{self._url}/{method}", json=params, timeout=TIMEOUT).json()
        except (httpx.HTTPError, ValueError) as error:
            # Not the library's text: it holds the address, and the address holds the token.
            raise RuntimeError(f"{method}: {type(error).__name__}") from None
        match answer:
            case {"ok": True, "result": result}:
                return result
            case {"ok": False, "description": str() as why}:
                raise RuntimeError(f"{method}: {why}")
        raise RuntimeError(f"{method}: this is no answer of a Bot API")


def set_up(settings: Settings, url: str, say: Say) -> None:
    """Send updates to `url` and write the bot's profile. ValueError when the address is no HTTPS one."""
    _check(url)
    secret = settings.require(_WebhookSettings).telegram_webhook_secret
    api = BotApi(settings)
    # First the profile: from the moment the webhook is set, people find a bot that is ready.
    for method, params in profile_calls(settings.telegram_operators_chat_id):
        api.call(method, **params)
    api.call(
        "setWebhook",
        url=url,
        secret_token=secret.get_secret_value(),
        allowed_updates=list(UPDATES),
        max_connections=CONNECTIONS,
    )
    show(settings, say)


def _check(url: str) -> None:
    parts = urlsplit(url)
    here = parts.hostname in ("127.0.0.1", "localhost")
    if not parts.hostname or (parts.scheme != "https" and not (here and parts.scheme == "http")):
        raise ValueError("--url must be the https:// address of the function")


def profile_calls(operators: int | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what the Bot API is called with, so that people see of the bot what they shall. `operators`: their chat."""
    # Nothing by default: in groups that are not the operators' the bot does nothing.
    yield "deleteMyCommands", {"scope": {"type": "default"}}
    yield "setMyCommands", {"commands": _commands(profile.COMMANDS), "scope": {"type": "all_private_chats"}}
    yield "setMyDescription", {"description": profile.description()}
    yield "setMyShortDescription", {"short_description": profile.short_description()}
    yield "setChatMenuButton", {"menu_button": {"type": "commands"}}
    if operators is not None:
        scope = {"type": "chat", "chat_id": operators}
        yield "setMyCommands", {"commands": _commands(profile.OPERATORS), "scope": scope}


def _commands(listed: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"command": name, "description": text} for name, text in listed]


def show(settings: Settings, say: Say) -> None:
    """Say how the bot and its webhook stand."""
    api = BotApi(settings)
    bot, webhook = api.call("getMe"), api.call("getWebhookInfo")
    say(f"bot:      @{bot.get('username')}")
    say(f"webhook:  {webhook.get('url') or 'none'}")
    say(f"updates:  {', '.join(webhook.get('allowed_updates') or ['the usual ones'])}")
    say(f"pending:  {webhook.get('pending_update_count', 0)}")
    if webhook.get("last_error_message"):
        say(f"error:    {webhook['last_error_message']}")
    if not bot.get("supports_inline_queries"):
        say("inline:   off; @BotFather turns it on (/setinline)")


def tell_events(settings: Settings, url: str, say: Say) -> None:
    """Say what the portal's people set up, so that its events come to `url`. ValueError when it is no HTTPS one.

    A webhook's key may not bind events (shared/bitrix/README.md, «Events»), so a person makes the outgoing webhook.
    """
    _check(url)
    say(f"address:  {url}")
    if settings.bitrix_dialect is Dialect.CONTRACT:
        say(f"events:   {', '.join(events.HEARD)}")
        say("form:     JSON as in the spec's §4, X-Webhook-Signature: hex HMAC-SHA256 of the body with WEBHOOK_SECRET")
        return
    heard = (*form_events.HEARD_OF_DEALS, *form_events.HEARD) if settings.bitrix_deal_stage_map else form_events.HEARD
    say(f"events:   {', '.join(heard)}")
    say("form:     an outgoing webhook of the portal; the application token it shows is BITRIX_APPLICATION_TOKEN")
    if settings.bitrix_returns_entity_type_id is not None:
        say(f"returns:  the last one is for smart process {settings.bitrix_returns_entity_type_id}")


def remove(settings: Settings, say: Say) -> None:
    """Stop the updates: Telegram keeps them for a day. The profile stays."""
    BotApi(settings).call("deleteWebhook")
    show(settings, say)
