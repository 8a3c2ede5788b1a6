"""The entrance of the portal's events (spec §4): checked, remembered, and turned into «look again»."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta

from shared.assistant.notifications.events import known_by, look_again
from shared.bitrix.events import Event, UnreadableEvent, parse_event, verify_signature
from shared.bitrix.form_events import UntrustedEvent, parse_form_event
from shared.entry.http import Incoming, Rejected
from shared.entry.setting_views import EventSettings
from shared.entry.wiring.events import EventContainer
from shared.log_events import LogEvent, log_event
from shared.logs import bind
from shared.pipeline.decision import Decision
from shared.settings import revealed

log = logging.getLogger(__name__)

OLDEST = timedelta(hours=1)
"""An event that says it is older is a copy: a portal repeats one for minutes, and missed ones are asked for."""

SIGNATURE_HEADER = "x-webhook-signature"
FORM = "application/x-www-form-urlencoded"


def gate(here: EventContainer, headers: Mapping[str, str]) -> None:
    """Refuse by the headers what its body cannot prove any more: nobody waits for the body of one who sends slowly."""
    config = here.event_settings
    if _is_form(headers):
        shut = revealed(config.bitrix_application_token) is None
    else:
        shut = revealed(config.webhook_secret) is None or SIGNATURE_HEADER not in headers
    if shut:
        raise Rejected(401, "unauthorized")


async def receive(here: EventContainer, incoming: Incoming) -> None:
    """Handle one event. A duplicate, a foreign order or an event we do not use is handled too."""
    event = _read(here, incoming)
    if event.sent_at is not None and here.now() - event.sent_at > OLDEST:
        # Its id is long forgotten, so a copy of it would cost a read each time. What it told is known by now.
        raise Rejected(400, "too_old")

    async def make_decision(decision: Decision) -> None:
        await look_again(event, decision)

    with bind(bitrix_event=event.event_id):
        handled = await here.bitrix_inbox.handle(event.event_id, make_decision, known_by(event))
        log_event(
            log,
            logging.INFO,
            LogEvent.WEBHOOK,
            "webhook",
            name=event.event,
            kind=event.kind.value,
            handled=str(handled),
        )


def _read(here: EventContainer, incoming: Incoming) -> Event:
    """Return the event, once it proves where it is from: JSON by its signature, a form by the token inside."""
    config = here.event_settings
    try:
        if _is_form(incoming.headers):
            return _read_form(config, incoming.body, deals=here.hears_deals)
        return _read_json(config, incoming)
    except UnreadableEvent as error:
        raise Rejected(400, "not_an_event") from error


def _is_form(headers: Mapping[str, str]) -> bool:
    return headers.get("content-type", "").lower().startswith(FORM)


def _read_form(config: EventSettings, body: bytes, *, deals: bool) -> Event:
    """Read an event as a real portal posts it. Without a token in the settings this mode is shut."""
    returns = config.bitrix_returns_entity_type_id
    try:
        return parse_form_event(
            body,
            revealed(config.bitrix_application_token),
            config.bitrix_member_id,
            "" if returns is None else str(returns),
            deals=deals,
        )
    except UntrustedEvent as error:
        raise Rejected(401, "unauthorized") from error


def _read_json(config: EventSettings, incoming: Incoming) -> Event:
    """Read an event in the spec's form (§4). Without a secret in the settings this mode is shut."""
    signature = incoming.headers.get(SIGNATURE_HEADER)
    if not verify_signature(incoming.body, signature, revealed(config.webhook_secret)):
        raise Rejected(401, "unauthorized")
    return parse_event(incoming.body)
