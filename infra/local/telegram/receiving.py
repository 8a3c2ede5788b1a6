"""Bot API methods about getting updates: the webhook and long polling.

See shared/telegram/README.md, «The webhook», «Delivery».
"""

import asyncio
import json
import re
from typing import Any
from urllib.parse import urlsplit

from infra.local.clock import within
from infra.local.telegram.core import Core, Described, Method
from infra.local.telegram.delivery import Webhook
from infra.local.telegram.errors import ApiError, bad_request
from infra.local.telegram.links import is_loopback
from infra.local.telegram.mailbox import KINDS, Update
from infra.local.telegram.objects import unix
from infra.local.telegram.params import Params

PORTS = {443, 80, 88, 8443}
MAX_SECRET = 256
DEFAULT_CONNECTIONS = 40
MAX_CONNECTIONS = 100
MAX_POLL_SECONDS = 50
MAX_UPDATES = 100
_SECRET = re.compile(r"[A-Za-z0-9_-]*")
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
OTHER_POLL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


def _allow(core: Core, params: Params) -> None:
    """Take over `allowed_updates`; absent keeps the previous choice, an empty list asks for the usual ones."""
    raw = params.text("allowed_updates")
    if not raw:
        return
    try:
        names = json.loads(raw)
    except ValueError:
        return
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        core.mailbox.allowed = frozenset(name.lower() for name in names) & KINDS or None


def _checked_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise bad_request("invalid webhook URL specified") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise bad_request("invalid webhook URL specified")
    if is_loopback(url):  # The sandbox: as a local Bot API server, any port and plain HTTP.
        return
    if parts.scheme == "http":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port is not None and port not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


async def set_webhook(core: Core, params: Params) -> object:
    """setWebhook; an empty address deletes it."""
    url, secret = params.text("url"), params.text("secret_token")
    if not url:
        return await delete_webhook(core, params)
    _checked_url(url)
    if len(secret) > MAX_SECRET:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = params.integer("max_connections", DEFAULT_CONNECTIONS, 1, MAX_CONNECTIONS)
    if params.flag("drop_pending_updates"):
        core.mailbox.drop(core.mailbox.pending())
    _allow(core, params)
    await core.delivery.use(Webhook(url, secret, connections))
    return Described(result=True, description="Webhook was set")


async def delete_webhook(core: Core, params: Params) -> object:
    """Bot API deleteWebhook."""
    was_set = core.delivery.webhook is not None
    if was_set:
        await core.delivery.use(None)
    if params.flag("drop_pending_updates"):
        core.mailbox.drop(core.mailbox.pending())
    return Described(result=True, description="Webhook was deleted" if was_set else "Webhook is already deleted")


async def get_webhook_info(core: Core, _: Params) -> object:
    """Bot API getWebhookInfo."""
    webhook = core.delivery.webhook
    info: dict[str, Any] = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(core.mailbox.pending()),
    }
    if webhook:
        info |= {"max_connections": webhook.max_connections, "ip_address": "127.0.0.1"}
        if webhook.last_error_date:
            info["last_error_date"] = unix(webhook.last_error_date)
            info["last_error_message"] = webhook.last_error_message
    if core.mailbox.allowed:
        info["allowed_updates"] = sorted(core.mailbox.allowed)
    return info


class Polls:
    """The one `getUpdates` that may wait at a time: a newer one ends it with 409."""

    def __init__(self) -> None:
        self._current: asyncio.Future[None] | None = None

    async def get_updates(self, core: Core, params: Params) -> object:
        """getUpdates: confirms what is before `offset`, then waits for something to give."""
        if core.delivery.webhook is not None:
            raise ApiError(409, WEBHOOK_ACTIVE)
        if self._current is not None and not self._current.done():
            self._current.set_result(None)
        ended = self._current = asyncio.get_running_loop().create_future()
        _allow(core, params)
        offset = params.integer("offset", 0, -(2**31), 2**31)
        limit = params.integer("limit", MAX_UPDATES, 1, MAX_UPDATES)
        _confirm(core, offset)
        seconds = params.integer("timeout", 0, 0, MAX_POLL_SECONDS)
        try:
            await within(core.clock, seconds, _something(core, ended))
        except TimeoutError:
            return []
        if ended.done():
            raise ApiError(409, OTHER_POLL)
        return [update.body for update in core.mailbox.pending()[:limit]]


def _confirm(core: Core, offset: int) -> None:
    core.mailbox.drop_expired()
    pending = core.mailbox.pending()
    read: list[Update] = []
    if offset > 0:
        read = [update for update in pending if update.id < offset]
    elif offset < 0:
        read = pending[:offset]
    for update in read:
        core.mailbox.settle(update, "polled")


async def _something(core: Core, ended: asyncio.Future[None]) -> None:
    """Return when there are updates or when a newer poll came."""
    while not core.mailbox.pending() and not ended.done():
        version = core.world.changes.version
        change = asyncio.ensure_future(core.world.changes.after(version))
        waits: set[asyncio.Future[Any]] = {change, ended}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            change.cancel()


def methods() -> dict[str, Method]:
    """The methods of this module; each simulator has polls of its own."""
    return {
        "setwebhook": set_webhook,
        "deletewebhook": delete_webhook,
        "getwebhookinfo": get_webhook_info,
        "getupdates": Polls().get_updates,
    }
