"""What a REST method or the transport around it may refuse with."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


class RestError(Exception):
    """A refusal in Bitrix's shape.

    `code` is the value of `error` (a number for the sale and catalogue modules, a string for the rest), `status` the
    HTTP status it travels with.
    """

    def __init__(self, code: str | int, description: str, status: int = 400) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description
        self.status = status

    def body(self) -> dict[str, Any]:
        """Return the error envelope of a whole request."""
        return {"error": self.code, "error_description": self.description}

    def in_batch(self) -> dict[str, str]:
        """Return the entry for `result_error`, where codes are always strings."""
        return {"error": str(self.code), "error_description": self.description}


class RequestTimeoutError(Exception):
    """The request ran longer than the cloud allows (60 s); what was done by then stays done."""


def not_enough(left: Decimal | int, message: str) -> RestError:
    """Less is there than is wanted of what is sold from stock only, or nothing at all."""
    code = "SALE_BASKET_AVAILABLE_QUANTITY" if left > 0 else "SALE_BASKET_ITEM_WRONG_AVAILABLE_QUANTITY"
    return RestError(code, message)


def missing(name: str) -> RestError:
    """Refuse because a mandatory parameter is absent or empty."""
    return RestError(100, f"Could not find value for parameter {{{name}}}")


def mistyped(name: str, expected: str) -> RestError:
    """Refuse because a parameter is of another type than expected."""
    return RestError(100, f"Invalid value to match with parameter {{{name}}}. Should be value of type {expected}.")


def out_of_range(name: str, why: str) -> RestError:
    """Refuse a value of the right type that makes no sense."""
    return RestError("BX_INVALID_VALUE", f"Parameter {{{name}}}: {why}")


def method_not_found() -> RestError:
    """Refuse a method the portal does not have."""
    return RestError("ERROR_METHOD_NOT_FOUND", "Method not found!", 404)


def no_auth() -> RestError:
    """Refuse a wrong webhook key or token."""
    return RestError("NO_AUTH_FOUND", "Wrong authorization data", 401)


def expired_token() -> RestError:
    """Refuse an access token that has run out."""
    return RestError("expired_token", "The access token provided has expired.", 401)


def query_limit() -> RestError:
    """Refuse because the rate bucket is full; nothing was run."""
    return RestError("QUERY_LIMIT_EXCEEDED", "Too many requests", 503)


def internal() -> RestError:
    """Answer as a portal with a fault inside."""
    return RestError("INTERNAL_SERVER_ERROR", "Internal server error", 500)


def overload() -> RestError:
    """Refuse because the portal's REST was blocked by hand."""
    return RestError("OVERLOAD_LIMIT", "REST API is blocked due to overload.", 503)


def access_denied() -> RestError:
    """Refuse because the portal's plan has no REST."""
    return RestError("ACCESS_DENIED", "REST is available only on commercial plans.", 403)


def insufficient_scope() -> RestError:
    """Refuse because the webhook or application lacks the method's scope."""
    return RestError("insufficient_scope", "The request requires higher privileges than provided.", 403)


def invalid_token() -> RestError:
    """Refuse an access token whose application is gone."""
    return RestError("invalid_token", "Unable to get application by token", 401)


def operation_limit() -> RestError:
    """Refuse because the method has used up its time of the last ten minutes; it was not run."""
    return RestError("OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.", 429)


def warned() -> RestError:
    """Answer a warning of what was saved as if it were an error."""
    return RestError("ERROR_NOT_ENOUGH_QUANTITY", "Not enough goods to set aside")


def not_in_batch() -> RestError:
    """Refuse a method that may not stand in a batch."""
    return RestError("ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage", 405)
