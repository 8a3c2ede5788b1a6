"""Events as a portal posts them: signed JSON (spec §4), or forms with a token inside.

See shared/bitrix/README.md, «Events».
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from infra.local.portal.webhooks import SIGNATURE_HEADER, sign
from infra.local.sandbox import environment
from shared.settings import Dialect

WEBHOOK_SECRET = environment.SECRETS["WEBHOOK_SECRET"]
APPLICATION_TOKEN = environment.SECRETS["BITRIX_APPLICATION_TOKEN"]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Post:
    """The request of an event."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class SignedEvents:
    """The contract's. `secret` is what proves them, `setting` the name it has in the settings."""

    secret = WEBHOOK_SECRET
    setting = "webhook_secret"

    def about(self, order_id: str, number: int = 0, secret: str | None = None) -> Post:
        """An order was saved: JSON with an `event_id`, and its signature. `secret`: another than ours."""
        return self.named("ONSALEORDER_ENTITY_SAVED", f"event-{order_id}-{number}", secret, ORDER_ID=order_id)

    def named(self, name: str, event_id: str, secret: str | None = None, **data: str) -> Post:
        """Another event."""
        event = {"event": name, "event_id": event_id, "data": data}
        return self._signed(json.dumps(event).encode(), self.secret if secret is None else secret)

    def forged(self, order_id: str) -> Sequence[Post]:
        """Signatures that are missing, cut, guessed, or another body's."""
        body = self.about(order_id).body
        good = sign(body, self.secret)
        bad = ("", "0" * 64, good[:-1], good + "0", sign(body, "guess"), sign(body + b" ", self.secret))
        return [Post(body), *(Post(body, {SIGNATURE_HEADER: one}) for one in bad)]

    def unreadable(self) -> Sequence[Post]:
        """Bodies that are not JSON, or not an event."""
        return [self._signed(body, self.secret) for body in (b"", b"{}", b"[1]", b'{"event_id": "1"}', b"\xff")]

    def _signed(self, body: bytes, secret: str) -> Post:
        return Post(body, {SIGNATURE_HEADER: sign(body, secret)})


class FormEvents:
    """A real portal's, with the same methods."""

    secret = APPLICATION_TOKEN
    setting = "bitrix_application_token"

    def about(self, order_id: str, number: int = 0, secret: str | None = None) -> Post:
        """A form with the token; two events differ in their second."""
        return _form(_fields(order_id, number, self.secret if secret is None else secret))

    def forged(self, order_id: str) -> Sequence[Post]:
        """Tokens that are missing, cut or guessed, and the right token of another portal."""
        good = _fields(order_id, 0, self.secret)
        without = {name: value for name, value in good.items() if name != "auth[application_token]"}
        bad = ("", "0" * len(self.secret), self.secret[:-1], self.secret + "0", "guess", self.secret.upper())
        foreign = {**good, "auth[member_id]": "of-another-portal"}
        return [_form(without), *(self.about(order_id, secret=one) for one in bad), _form(foreign)]

    def unreadable(self) -> Sequence[Post]:
        """Bodies that are no form, or not an event."""
        good = _fields("1", 0, self.secret)
        odd = ({**good, "event": ""}, {**good, "event": "ON ORDER!"}, {**good, "data[FIELDS][ID]": ""})
        crowded = {**good, **{f"more[{number}]": "" for number in range(300)}}
        return [Post(b"\xff", FORM), *map(_form, (*odd, crowded))]


def _fields(order_id: str, number: int, token: str) -> dict[str, str]:
    return {
        "event": "ONSALEORDERSAVED",
        "event_handler_id": environment.NATIVE.event_handler_id,
        "data[FIELDS][ID]": order_id,
        "data[FIELDS][ACTION]": "save",
        "ts": str(1_780_000_000 + number),
        "auth[member_id]": environment.NATIVE.member_id,
        "auth[application_token]": token,
    }


def _form(fields: Mapping[str, str]) -> Post:
    return Post(urlencode(fields).encode(), FORM)


Events = SignedEvents | FormEvents


def events_of(dialect: Dialect) -> Events:
    return SignedEvents() if dialect is Dialect.CONTRACT else FormEvents()
