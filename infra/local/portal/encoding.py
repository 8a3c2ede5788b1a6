"""How parameters come in: JSON, PHP-style form fields, or the query.

`filter[q]=x&select[]=ID&select[]=NAME` becomes `{"filter": {"q": "x"}, "select": ["ID", "NAME"]}` the way PHP reads it.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Iterable
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from infra.local.portal.errors import RestError

MAX_FIELDS = 1000
MAX_DEPTH = 32

_NAME = re.compile(r"(?P<head>[^\[\]]+)(?P<tail>(?:\[[^\[\]]*\])*)")
_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")


def parse_pairs(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Nest decoded name-value pairs by the brackets in their names.

    Raises `RestError` INVALID_REQUEST for more than 1000 fields or 32 levels.
    """
    root: dict[str, Any] = {}
    for count, (name, value) in enumerate(pairs, start=1):
        if count > MAX_FIELDS:
            raise _unreadable("too many fields")
        _put(root, _path(name), value)
    return {name: _with_lists(value) for name, value in root.items()}


def parse_query(text: str) -> dict[str, Any]:
    """Read a query string or an urlencoded body."""
    return parse_pairs(parse_qsl(text, keep_blank_values=True))


def _path(name: str) -> list[str]:
    match = _NAME.match(name)
    if match is None:
        return [name]
    path = [match["head"], *re.findall(r"\[([^\[\]]*)\]", match["tail"])]
    if len(path) > MAX_DEPTH:
        raise _unreadable("fields are nested too deep")
    return path


def _put(root: dict[str, Any], path: list[str], value: str) -> None:
    node = root
    for step in path[:-1]:
        key = step or _next_index(node)
        if not isinstance(node.get(key), dict):
            node[key] = {}
        node = node[key]
    node[path[-1] or _next_index(node)] = value


def _next_index(node: dict[str, Any]) -> str:
    return str(max((int(key) for key in node if _INDEX.fullmatch(key)), default=-1) + 1)


def _with_lists(value: object) -> object:
    if not isinstance(value, dict):
        return value
    if list(value) == [str(index) for index in range(len(value))]:
        return [_with_lists(item) for item in value.values()]
    return {key: _with_lists(item) for key, item in value.items()}


async def read_params(request: Request, limit: int) -> dict[str, Any]:
    """Return the parameters of a request; those of the body win over those of the query.

    Raises `RestError` INVALID_REQUEST: 413 for a body over `limit` bytes, 400 for one that cannot be read.
    """
    params = parse_query(request.url.query)
    if request.method == "POST":
        params.update(await _read_body(request, limit))
    return params


async def _read_body(request: Request, limit: int) -> dict[str, Any]:
    raw = await read_bytes(request, limit)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not raw.strip():
        return {}
    if kind == "application/json":
        return _parse_json(raw)
    if kind == "multipart/form-data":
        return await _parse_multipart(request, raw)
    return parse_query(raw.decode("utf-8", errors="replace"))


async def read_bytes(request: Request, limit: int) -> bytes:
    """Return the body of a request. Raises `RestError` 413 for one over `limit` bytes."""
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > limit:
            raise RestError("INVALID_REQUEST", "The request is too large", 413)
    return bytes(raw)


def _parse_json(raw: bytes) -> dict[str, Any]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        raise _unreadable("the body is not JSON") from None
    if not isinstance(value, dict):
        raise _unreadable("the body must be a JSON object")
    return value


async def _parse_multipart(request: Request, raw: bytes) -> dict[str, Any]:
    async def chunks() -> AsyncGenerator[bytes, None]:
        yield raw

    parser = MultiPartParser(request.headers, chunks(), max_files=0, max_fields=MAX_FIELDS, max_part_size=len(raw))
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError):
        raise _unreadable("the multipart body cannot be read") from None
    return parse_pairs((name, value) for name, value in form.multi_items() if isinstance(value, str))


async def read_file(request: Request, field: str, limit: int) -> tuple[str, bytes]:
    """Return the name and the bytes of a file posted as multipart. Raises `RestError`."""
    raw = await read_bytes(request, limit)

    async def chunks() -> AsyncGenerator[bytes, None]:
        yield raw

    parser = MultiPartParser(request.headers, chunks(), max_files=1, max_fields=MAX_FIELDS)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError):
        raise _unreadable("the multipart body cannot be read") from None
    try:
        file = form.get(field)
        if not isinstance(file, UploadFile):
            raise _unreadable(f"there is no file «{field}»")
        return file.filename or field, await file.read()
    finally:
        await form.close()


def _unreadable(why: str) -> RestError:
    return RestError("INVALID_REQUEST", f"Invalid request: {why}")
