"""What a portal says went wrong → which error of `shared.bitrix.errors` it is.

The `error` string decides, case-insensitive and numbers too, because HTTP statuses differ between sources for the same
error (shared/bitrix/README.md, «Errors»). The status decides only when the string is absent or unknown, and then on the
safe side.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType

from shared.bitrix.errors import (
    AccessDenied,
    AuthFailed,
    BitrixError,
    DeliveryGone,
    MethodMissing,
    MissingScope,
    NotFound,
    OperationPaused,
    OutcomeUnknown,
    OutOfStock,
    Overloaded,
    PaySystemGone,
    PortalFailed,
    PortalGone,
    RateLimited,
    Refused,
    TokenExpired,
    TooLateToCancel,
)

log = logging.getLogger(__name__)

_CODES: Mapping[type[BitrixError], str] = MappingProxyType({
    RateLimited: "query_limit_exceeded",
    OperationPaused: "operation_time_limit",
    TokenExpired: "expired_token",
    PortalFailed: "internal_server_error error_unexpected_answer",
    # The long numbers are the sale module's (shared/bitrix/README.md, «Errors»); 0 is «anything else», 100 a missing
    # parameter, 200040300010 to …50 are rights to the record or its catalogue.
    Refused: (
        "0 100 200040300010 200040300020 200040300030 200040300040 200040300050"
        " 200140400007 200140400008 200140400011 201240400002 201240400003 201250000001"
        " error_not_enough_quantity error_core error_argument bx_invalid_value"
        " error_batch_method_not_allowed error_batch_length_exceeded"
        " error_manifest_is_not_available"
    ),
    # shared/bitrix/CORE.md, «6. Deals, payments, refusals».
    OutOfStock: (
        "sale_basket_available_quantity sale_basket_item_wrong_available_quantity"
        " sale_shipment_item_less_available_quantity"
    ),
    DeliveryGone: "sale_shipment_wrong_delivery_service",
    PaySystemGone: "sale_payment_wrong_payment_service",
    TooLateToCancel: "sale_order_cancel_payment_exist_active sale_order_cancel_shipment_exist_shipped",
    NotFound: "error_not_found not_found 200540400001 201240400001 200140400009 200640400001 201140400001",
    AuthFailed: (
        "no_auth_found invalid_token invalid_credentials authorization_error error_oauth application_not_found"
        " wrong_client wrong_auth_type invalid_grant invalid_client not_installed"
    ),
    AccessDenied: (
        "access_denied user_access_error payment_required method_confirm_waiting method_confirm_denied"
        " allowed_only_intranet_user invalid_request"
    ),
    MissingScope: "insufficient_scope invalid_scope",
    MethodMissing: "error_method_not_found",
    Overloaded: "overload_limit",
    PortalGone: "portal_deleted",
})  # fmt: skip

BY_CODE: Mapping[str, type[BitrixError]] = MappingProxyType({
    code: kind for kind, codes in _CODES.items() for code in codes.split()
})  # fmt: skip
"""The one table: the portal's `error` string in lower case → what it means."""


_BY_STATUS: Mapping[int, type[BitrixError]] = MappingProxyType({
    HTTPStatus.UNAUTHORIZED: AuthFailed,
    HTTPStatus.REQUEST_TIMEOUT: PortalFailed,
    HTTPStatus.TOO_MANY_REQUESTS: RateLimited,
})  # fmt: skip
# Without a code it was not the REST that answered, but a firewall or a wrong address.
_BY_STATUS_WITHOUT_CODE: Mapping[int, type[BitrixError]] = MappingProxyType({
    HTTPStatus.FORBIDDEN: AccessDenied,
    HTTPStatus.NOT_FOUND: MethodMissing,
})  # fmt: skip


_TOLD_BY_CLASS = frozenset({NotFound, MethodMissing, OutOfStock, DeliveryGone, PaySystemGone, TooLateToCancel})
"""Whose codes are many: who goes on by what happened should not have to know them all."""


@dataclass(frozen=True)
class PortalError:
    """What a portal said instead of an answer, already safe to show. `status` is None inside a batch."""

    code: str = ""
    message: str = ""
    status: int | None = None
    until: datetime | None = None


def classify(fault: PortalError, *, write: bool, methods: Sequence[str], default_until: datetime) -> BitrixError:
    """Turn a fault into its error. `default_until` ends a pause whose end the portal did not tell."""
    kind = BY_CODE.get(fault.code.strip().lower())
    if kind is None:
        kind = _by_status(fault)
        if fault.code:
            text = "unknown error code %s from the portal (HTTP %s), taken as %s"
            log.warning(text, fault.code, fault.status, kind.__name__, extra={"fields": {"methods": list(methods)}})
    if kind is PortalFailed and write:
        kind = OutcomeUnknown
    message = fault.message or f"HTTP {fault.status}"
    if kind is OperationPaused:
        until = fault.until or default_until
        return OperationPaused(message, until=until, methods=methods, http_status=fault.status)
    if kind in _TOLD_BY_CLASS:
        return kind(f"{message} [{fault.code}]", methods=methods, http_status=fault.status)
    return kind(message, code=fault.code, methods=methods, http_status=fault.status)


def _by_status(fault: PortalError) -> type[BitrixError]:
    """Return the class that the HTTP status alone suggests, the safe one where it says little."""
    status = fault.status or HTTPStatus.OK
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return PortalFailed
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return PortalGone
    known = _BY_STATUS if fault.code else {**_BY_STATUS, **_BY_STATUS_WITHOUT_CODE}
    return known.get(status, Refused)
