"""The entrance of Telegram's updates: known by the secret of the webhook, read, and handed to the assistant."""

from __future__ import annotations

from collections.abc import Mapping

from shared.entry.http import Incoming, Rejected
from shared.entry.wiring.updates import UpdateContainer
from shared.logs import bind
from shared.settings import revealed
from shared.telegram.webhook import UpdateError, check_secret, parse_update

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - the header's name


def gate(here: UpdateContainer, headers: Mapping[str, str]) -> None:
    """Let only Telegram in. Without a secret in the settings nobody is (fail closed)."""
    if not check_secret(headers.get(SECRET_HEADER), revealed(here.update_settings.telegram_webhook_secret)):
        raise Rejected(401, "unauthorized")


async def receive(here: UpdateContainer, incoming: Incoming) -> None:
    """Handle one update. Returns normally for whatever was handled, ignored or buried: a 5xx would block the chat."""
    try:
        update = parse_update(incoming.body)
    except UpdateError as error:
        raise Rejected(400, "not_an_update") from error
    with bind(update=str(update["update_id"])):
        await here.update_handler.handle(update)
