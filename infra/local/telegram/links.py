"""Addresses a message or a button may carry, checked as tdlib's `LinkManager::check_link` does."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*):")
_USER = re.compile(r"^tg:(?://)?user\?id=([0-9]+)$")
INTERNAL_SCHEMES = {"tg", "ton", "tonsite"}


class CheckedLink(NamedTuple):
    """A usable address, or "" and the reason in Telegram's words."""

    url: str
    problem: str = ""


def linked_user(address: str) -> int | None:
    """The user a `tg://user?id=…` address means."""
    match = _USER.match(address)
    return int(match[1]) if match else None


def checked_link(address: str) -> CheckedLink:
    """The address as Telegram stores it: with a scheme, with a path; or why it is refused."""
    scheme = _SCHEME.match(address)
    name = scheme[1].lower() if scheme and not _is_host_and_port(address) else ""
    if name in INTERNAL_SCHEMES:
        return CheckedLink(address)
    if name not in {"", "http", "https"}:
        return CheckedLink("", "Unsupported URL protocol")
    full = address if name else f"http://{address}"
    try:
        parts = urlsplit(full)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return CheckedLink("", "Wrong HTTP URL")
    if ("." not in host and ":" not in host) or " " in full or "\n" in full:
        return CheckedLink("", "Wrong HTTP URL")
    return CheckedLink(parts._replace(path=parts.path or "/").geturl())


def _is_host_and_port(address: str) -> bool:
    """`shop.example:8080/x` has a colon but no scheme."""
    return re.match(r"^[\w.-]+\.[\w-]+:\d", address) is not None


def is_loopback(address: str) -> bool:
    """True for http(s) addresses of this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and (host in {"localhost", "::1"} or host.startswith("127."))
