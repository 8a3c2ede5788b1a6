"""Deep links, `https://t.me/<bot>?start=<payload>`, to what a master may open.

`p_<product id>` opens a card, `o_<order id>` an order, `l_<token>` copies another master's list. What
follows `start=` is typed by anybody, so it is read by a bounded pattern and looked up as any id a person typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.telegram.formatting import deep_link

_LINK: Final = re.compile(r"([pol])_([A-Za-z0-9][A-Za-z0-9_-]{0,61})")
"""Prefix and id fill the 64 characters a payload may have (shared/telegram/README.md, «Sizes»)."""

HOME: Final = "bot"
"""The payload that only opens the dialogue with the bot: the button above the results of inline mode."""


class LinkTarget(StrEnum):
    """What a link opens, as its payload begins."""

    PRODUCT = "p"
    ORDER = "o"
    LIST = "l"


@dataclass(frozen=True)
class DeepLink:
    """Where a link leads: a product's or an order's id, a list's token."""

    target: LinkTarget
    id: str


def read(payload: str) -> DeepLink | None:
    """Return where the payload leads; None when it is no such link."""
    found = _LINK.fullmatch(payload)
    return DeepLink(LinkTarget(found[1]), found[2]) if found else None


def is_ours(payload: str) -> bool:
    """Whether the bot gave this payload out as anything but an invite."""
    return payload == HOME or read(payload) is not None


def behind(url: str) -> DeepLink | None:
    """Return the link whose address this is; None when it is another address."""
    _, _, payload = url.partition("?start=")
    return read(payload)


def address(bot: str, link: DeepLink) -> str | None:
    """Return the link's address; None when the id has characters that no payload may have, or the bot's name is none.

    `bot` is its user name, without «@».
    """
    payload = f"{link.target}_{link.id}"
    if read(payload) != link:
        return None
    try:
        return deep_link(bot, payload)
    except ValueError:
        return None
