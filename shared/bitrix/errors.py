"""What can go wrong with a portal, and what follows from it.

The tree; each class has its verdict::

    BitrixError
    ├── NotRun                 the portal surely did nothing
    │   ├── RateLimited        LATER      too many requests; costs no attempt
    │   ├── OperationPaused    PAUSED     this method's time budget is used up until `until`
    │   ├── TokenExpired       REFRESH    a new token, then the same again
    │   └── NotSent            TRANSIENT  no connection could be made
    ├── PortalFailed           TRANSIENT  a read met a 5xx, a timeout, a broken connection
    ├── OutcomeUnknown         UNKNOWN    a write met one of these after it was sent
    │   └── PartlyDone         UNKNOWN    some commands of a write were done, then `cause` stopped the rest
    ├── Refused                REFUSED    the portal said no, and would say it again
    │   ├── NotFound           REFUSED    there is no such product or order
    │   ├── OutOfStock         REFUSED    there is less than is ordered of what is sold from stock only
    │   ├── DeliveryGone       REFUSED    there is no such delivery service any more
    │   ├── PaySystemGone      REFUSED    there is no such pay system any more
    │   ├── TooLateToCancel    REFUSED    the order has a payment, or a shipment that was handed over
    │   ├── BadAnswer          REFUSED    the answer makes no sense (of a write: UNKNOWN, for it may have been done)
    │   ├── UnknownStatus      REFUSED    an order's status is none of the ten and is not in the status map
    │   └── PictureRefused     REFUSED    a picture that is elsewhere, too large or not a picture
    └── NeedsOperators         OPERATORS  nothing will work until a person does something
        ├── AuthFailed         OPERATORS  the key or token is not accepted
        ├── AccessDenied       OPERATORS  plan, rights or confirmation are missing
        ├── MissingScope       OPERATORS
        ├── MethodMissing      OPERATORS  this portal does not have the method
        ├── Overloaded         OPERATORS  REST was blocked by hand; only the support can lift it
        └── PortalGone         OPERATORS  the portal was deleted, or redirects in a circle

On a write, every verdict but UNKNOWN means that nothing was changed, so the same write may be sent again.

Which `error` string of a portal becomes which class is the table in `shared.bitrix.error_codes`. Messages are safe to
show to operators: they hold no address, key, token or request parameter.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from shared.bitrix.redact import safe_code


class Verdict(StrEnum):
    """What to do about an error."""

    LATER = "later"
    """Not run. Push everything back; it does not count as an attempt."""
    PAUSED = "paused"
    """Not run. Leave this method alone until the error's `until`."""
    TRANSIENT = "transient"
    """Try again soon; it counts as an attempt. A write with this verdict was not run."""
    REFRESH = "refresh"
    """Not run. Get a new token first."""
    REFUSED = "refused"
    """The portal said no. Trying again changes nothing."""
    UNKNOWN = "unknown"
    """A write that may have been done, wholly or in part. Look it up before sending it again."""
    OPERATORS = "operators"
    """Not run. A person must mend the portal, its rights or our settings."""


class BitrixError(Exception):
    """Base of everything that goes wrong with a portal.

    `code` is the portal's `error` string or a word of ours, `message` a short line for operators, `methods` the REST
    methods concerned, `http_status` the answer's status when there was one.
    """

    usual_verdict: ClassVar[Verdict] = Verdict.REFUSED
    usual_code: ClassVar[str] = "bitrix_error"

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        methods: Sequence[str] = (),
        verdict: Verdict | None = None,
        http_status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.usual_code
        self.methods = tuple(methods)
        self.verdict = verdict or self.usual_verdict
        self.http_status = http_status

    def __str__(self) -> str:
        where = f" ({', '.join(self.methods)})" if self.methods else ""
        return f"{self.code}: {self.message}{where}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self})"


class NotRun(BitrixError):  # noqa: N818 - it reads as what it is at every `except`
    """The portal surely did nothing."""

    usual_verdict = Verdict.TRANSIENT


class RateLimited(NotRun):
    """Too many requests (2 a second sustained, bursts of 50)."""

    usual_verdict = Verdict.LATER
    usual_code = "query_limit_exceeded"


class OperationPaused(NotRun):
    """The ten-minute time budget of one method is used up; it comes back at `until` (aware)."""

    usual_verdict = Verdict.PAUSED
    usual_code = "operation_time_limit"

    def __init__(
        self, message: str, *, until: datetime, methods: Sequence[str] = (), http_status: int | None = None
    ) -> None:
        super().__init__(message, methods=methods, http_status=http_status)
        self.until = until


class TokenExpired(NotRun):
    """The access token is too old."""

    usual_verdict = Verdict.REFRESH
    usual_code = "expired_token"


class NotSent(NotRun):
    """No connection could be made, so nothing was sent."""

    usual_code = "not_sent"


class PortalFailed(BitrixError):  # noqa: N818 - the same
    """A read did not get its answer."""

    usual_verdict = Verdict.TRANSIENT
    usual_code = "portal_failed"


class OutcomeUnknown(BitrixError):  # noqa: N818 - the same
    """A write was sent and its answer did not come, or was a 5xx."""

    usual_verdict = Verdict.UNKNOWN
    usual_code = "outcome_unknown"


class PartlyDone(OutcomeUnknown):
    """The commands `done` of a write were carried out; `cause` stopped the rest, at the command `at`."""

    usual_code = "partly_done"

    def __init__(self, cause: BitrixError, done: Sequence[str], at: str = "") -> None:
        text = f"stopped after {len(done)} of its commands by {cause.code}: {cause.message}"
        super().__init__(text, methods=cause.methods, http_status=cause.http_status)
        self.cause = cause
        self.done = tuple(done)
        self.at = at


class Refused(BitrixError):  # noqa: N818 - the same
    """The portal understood and said no."""

    usual_code = "refused"


class NotFound(Refused):
    """There is no such record."""

    usual_code = "not_found"


class OutOfStock(Refused):
    """There is less than was ordered of what is sold from stock only."""

    usual_code = "out_of_stock"


class DeliveryGone(Refused):
    """There is no such delivery service any more."""

    usual_code = "delivery_gone"


class PaySystemGone(Refused):
    """There is no such pay system any more."""

    usual_code = "pay_system_gone"


class TooLateToCancel(Refused):
    """The order is paid for, or some of it was handed over."""

    usual_code = "too_late_to_cancel"


class BadAnswer(Refused):
    """The portal's answer makes no sense; the message names the field."""

    usual_code = "bad_answer"


class UnknownStatus(Refused):
    """An order's status that neither the spec's §3 nor the status map knows; `status` is the portal's word."""

    usual_code = "unknown_status"

    def __init__(self, status: str) -> None:
        self.status = safe_code(status)
        super().__init__(f"status {self.status} is not in BITRIX_STATUS_MAP")


class PictureRefused(Refused):
    """A picture that is not on the portal, too large, or not a picture."""

    usual_code = "picture_refused"


class NeedsOperators(BitrixError):  # noqa: N818 - the same
    """Nothing will work until a person does something."""

    usual_verdict = Verdict.OPERATORS
    usual_code = "needs_operators"


class AuthFailed(NeedsOperators):
    """The key or token is not accepted."""

    usual_code = "auth_failed"


class AccessDenied(NeedsOperators):
    """The portal's plan, the user's rights or an administrator's confirmation are missing."""

    usual_code = "access_denied"


class MissingScope(NeedsOperators):
    """The webhook or application lacks a scope."""

    usual_code = "insufficient_scope"


class MethodMissing(NeedsOperators):
    """The portal has no such method (or its module or scope is absent)."""

    usual_code = "error_method_not_found"


class Overloaded(NeedsOperators):
    """The portal's REST was blocked by hand."""

    usual_code = "overload_limit"


class PortalGone(NeedsOperators):
    """The portal was deleted or cannot be found where it says it is."""

    usual_code = "portal_deleted"
