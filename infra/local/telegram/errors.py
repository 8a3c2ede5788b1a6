"""Refusals in the words of the Bot API (source: shared/telegram/README.md, «Sending», tdlib/telegram-bot-api)."""


class ApiError(Exception):
    """A Bot API refusal: HTTP status, description, and for 429 the seconds to wait."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def envelope(self) -> dict[str, object]:
        """JSON body of the refusal."""
        body: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


class ControlError(Exception):
    """A control request that makes no sense: HTTP status, message, and what would have made sense."""

    def __init__(self, status: int, message: str, **details: object) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, object] = {"error": message, **details}


def bad_request(text: str) -> ApiError:
    """400 with the prefix every such description has."""
    return ApiError(400, f"Bad Request: {text}")


def too_many_requests(seconds: int) -> ApiError:
    """429 «retry after N»."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", seconds)
