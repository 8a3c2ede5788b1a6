"""The options of `assistant sandbox`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, fields

DEFAULT_PORT = 8080
HIGHEST_PORT = 65533
"""Two more ports follow it."""


PLAIN, RICH = "plain", "rich"
"""How managers have set the simulated portal up."""


@dataclass(frozen=True)
class SandboxOptions:
    """See `add_arguments` for what each means. `port` 0 takes free ports."""

    port: int = DEFAULT_PORT
    telegram_api: str | None = None
    portal: str | None = None
    firestore: bool = False
    telegram: bool = False
    as_json: bool = False
    shop: str = PLAIN


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument(
        "--port",
        type=number(0, HIGHEST_PORT),
        default=DEFAULT_PORT,
        help="port of the chat page; the portal is on the next one, the functions on the one after; 0 = free ports",
    )
    telegram = parser.add_mutually_exclusive_group()
    telegram.add_argument(
        "--telegram-api", metavar="URL", help="use another Bot API server; the sandbox sets its webhook there"
    )
    telegram.add_argument(
        "--telegram", action="store_true", help="a real bot by long polling; its token is TELEGRAM_BOT_TOKEN"
    )
    portal = parser.add_mutually_exclusive_group()
    portal.add_argument(
        "--portal",
        metavar="URL",
        help="use another portal, in the dialect and with the settings of the environment; "
        "its events are taken at /webhook/bitrix",
    )
    portal.add_argument(
        "--shop",
        choices=(PLAIN, RICH),
        default=PLAIN,
        help="rich: a native portal with six stores, variations, metres, prices by quantity, VAT",
    )
    parser.add_argument("--firestore", action="store_true", help="use the official Firestore emulator (needs gcloud)")
    parser.add_argument(
        "--json", dest="as_json", action="store_true", help="first line on stdout: one JSON object with every address"
    )


def number(low: int, high: int) -> Callable[[str], int]:
    """Return what reads an option that is a number within limits, for argparse."""

    def read(text: str) -> int:
        if text.isascii() and text.isdigit() and low <= int(text) <= high:
            return int(text)
        raise argparse.ArgumentTypeError(f"{text} is no number from {low} to {high}")

    return read


def from_arguments(arguments: argparse.Namespace) -> SandboxOptions:
    """Return the options that were given."""
    return SandboxOptions(**{option.name: getattr(arguments, option.name) for option in fields(SandboxOptions)})
