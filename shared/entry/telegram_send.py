"""The entrance of messages that could not go out at once: it goes on with a record's outbox. Private: IAM."""

from __future__ import annotations

import json
import logging

from shared.entry.http import Incoming, Rejected
from shared.entry.wiring.telegram import TelegramContainer
from shared.store.port import Key
from shared.store.values import check_key

log = logging.getLogger(__name__)


async def receive(here: TelegramContainer, incoming: Incoming) -> None:
    """Send what is left of a record's outbox. A record that is gone or settled needs nothing."""
    await here.outbox.take_up(_read(incoming.body))


def _read(body: bytes) -> Key:
    try:
        task = json.loads(body)
        key = Key(str(task["collection"]), str(task["id"]))
        check_key(key)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Rejected(400, "not_a_task") from error
    return key
