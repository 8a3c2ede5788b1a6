"""An event of the portal (spec §4): checked, remembered, and turned into «look again». Loads no aiogram."""

from __future__ import annotations

import logging

from shared.assistant.notifications.events import look_again
from shared.bitrix.events import Event, UnreadableEvent, parse_event, verify_signature
from shared.bitrix.form_events import UntrustedEvent, parse_form_event
from shared.entry.container import container
from shared.entry.http import Incoming, Rejected
from shared.log_events import LogEvent, log_event
from shared.logs import bind
from shared.pipeline.decision import Decision

log = logging.getLogger(__name__)

SIGNATURE_HEADER = "x-webhook-signature"
FORM = "application/x-www-form-urlencoded"


async def receive(incoming: Incoming) -> None:
    """Handle one event. A duplicate, a foreign order or an event we do not use is handled too."""
    event = _read(incoming)

    async def make_decision(decision: Decision) -> None:
        await look_again(event, decision)

    with bind(bitrix_event=event.event_id):
        handled = await container().bitrix_inbox.handle(event.event_id, make_decision)
        kind = event.kind.value
        log_event(log, logging.INFO, LogEvent.WEBHOOK, "webhook", name=event.event, kind=kind, handled=str(handled))


def _read(incoming: Incoming) -> Event:
    """Return the event, once it proves where it is from: JSON by its signature, a form by the token inside."""
    try:
        if incoming.headers.get("content-type", "").lower().startswith(FORM):
            return _read_form(incoming.body)
        return _read_json(incoming)
    except UnreadableEvent as error:
        raise Rejected(400, "not_an_event") from error


def _read_form(body: bytes) -> Event:
    """Read an event as a real portal posts it (reference §9). Without a token in the settings this mode is shut."""
    config = container().settings
    token = config.bitrix_application_token
    returns = config.bitrix_returns_entity_type_id
    try:
        return parse_form_event(
            body,
            token.get_secret_value() if token else None,
            config.bitrix_member_id,
            "" if returns is None else str(returns),
        )
    except UntrustedEvent as error:
        raise Rejected(401, "unauthorized") from error


def _read_json(incoming: Incoming) -> Event:
    """Read an event in the spec's form (§4). Without a secret in the settings this mode is shut."""
    secret = container().settings.webhook_secret
    signature = incoming.headers.get(SIGNATURE_HEADER)
    if not verify_signature(incoming.body, signature, secret.get_secret_value() if secret else None):
        raise Rejected(401, "unauthorized")
    return parse_event(incoming.body)
