"""Parameters of a Bot API call, however they were sent: query, form, multipart or JSON.

As in the real server every value becomes a string (nested JSON values: their JSON text), so a method
reads them in one way only.
"""

import json
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message as AsgiMessage

from infra.local.telegram.errors import ApiError, bad_request

MAX_BODY = 52 * 1024 * 1024
"""Bytes of one request: a 50 MB upload and its other fields."""


@dataclass(frozen=True)
class Upload:
    """A file that came with a request; `mime` as the sender called it, "" if he did not."""

    name: str
    content: bytes
    mime: str = ""


@dataclass(frozen=True)
class Params:
    """Arguments of one call."""

    values: dict[str, str] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The argument as sent, "" when absent."""
        return self.values.get(name, "")

    def flag(self, name: str) -> bool:
        """True for the spellings the real server takes as true."""
        return self.text(name).strip().lower() in {"true", "yes", "1"}

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        """The argument as a number, moved into its limits; what is not a number counts as 0."""
        if name not in self.values:
            return default
        return max(low, min(high, whole_number(self.text(name)) or 0))

    def structure(self, name: str, what: str) -> object:
        """A JSON argument decoded, None when absent; ApiError «Can't parse <what> JSON object»."""
        raw = self.text(name)
        if not raw:
            return None
        try:
            decoded: object = json.loads(raw)
        except ValueError as error:
            raise bad_request(f"can't parse {what} JSON object") from error
        return decoded

    def upload(self, name: str) -> Upload | None:
        """A file sent under this name, or referred to as `attach://…` from it."""
        return self.files.get(name) or self.attached(self.text(name))

    def attached(self, reference: str) -> Upload | None:
        """The file an `attach://name` reference means."""
        return self.files.get(reference.removeprefix("attach://")) if reference.startswith("attach://") else None


def whole_number(text: str) -> int | None:
    """The integer written in `text`, or None."""
    try:
        return int(text.strip())
    except ValueError:
        return None


async def read_params(query: str, content_type: str, body: bytes) -> Params:
    """Arguments from a query string and a body of the given type; a body wins over the query.

    Raises ApiError (400) when the body is not what its type says.
    """
    values = dict(parse_qsl(query, keep_blank_values=True))
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    if kind == "application/json" and body.strip():
        return Params(values | _json_values(body))
    if kind == "application/x-www-form-urlencoded":
        return Params(values | dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)))
    if kind == "multipart/form-data":
        fields, files = await _multipart(content_type, body)
        return Params(values | fields, files)
    return Params(values)


def _json_values(body: bytes) -> dict[str, str]:
    try:
        decoded = json.loads(body)
    except ValueError as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(decoded, dict):
        raise bad_request("JSON object expected in the request body")
    return {str(name): as_argument(value) for name, value in decoded.items() if value is not None}


def as_argument(value: object) -> str:
    """A JSON value as the argument string it stands for."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


async def _multipart(content_type: str, body: bytes) -> tuple[dict[str, str], dict[str, Upload]]:
    async def receive() -> AsgiMessage:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", content_type.encode())]}
    values: dict[str, str] = {}
    files: dict[str, Upload] = {}
    try:
        async with Request(scope, receive).form() as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    files[name] = Upload(value.filename or name, await value.read(), value.content_type or "")
                else:
                    values[name] = value
    except (MultiPartException, KeyError) as error:
        raise bad_request("can't parse multipart/form-data") from error
    return values, files


async def read_body(request: Request) -> bytes:
    """The whole body of a request; ApiError 413 when it is over MAX_BODY."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY:
            raise ApiError(413, "Request Entity Too Large")
        chunks.append(chunk)
    return b"".join(chunks)
