"""What a person sees of a dialogue: screens, their buttons, and whether they lead anywhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.assistant import texts

Json = dict[str, Any]

# What tells a person to do something («напишите», «попробуйте») or that somebody else will.
_WAYS = re.compile(r"(?<![\w<])/[a-z]+|\b\w+(?:ите|йте)\b|\b(?:напишем|пришл[её]т|свяжется|привез[её]м)", re.IGNORECASE)
_COURTESY = re.compile(r"\b(?:здравствуйте|хотите|извините)\b", re.IGNORECASE)
_COMMANDS = re.compile(r"(?<![\w<])/[a-z]+")
_QUOTED = re.compile(r"«[^»]*»")
_NUMBER = re.compile(r"\d+(?:[ \u00a0]\d{3})*(?:,\d+)?")

TROUBLE = (
    texts.trouble.apology(),
    texts.trouble.portal_silent(),
    texts.trouble.portal_silent_checkout(),
    texts.checkout.order_refused(),
    texts.checkout.order_refused(from_cart=False),
    texts.checkout.order_slow(),
    texts.checkout.order_unsure(),
    texts.checkout.order_lost(people=True),
)
"""What a master must never read while the portal and Telegram are well."""


@dataclass(frozen=True)
class Button:
    """A button `under` a message's text; `data` is "" for links, `url` for anything but links."""

    message_id: int
    text: str
    data: str
    url: str = ""
    under: str = ""


@dataclass(frozen=True)
class Screen:
    """A message of the bot as it looks now. `asks` is True when a keyboard of answers stands below the dialogue."""

    message_id: int
    text: str
    buttons: tuple[Button, ...]
    asks: bool = False

    @property
    def signature(self) -> str:
        """What kind of screen it is: no numbers, no goods, no quotations."""
        lines = [plain(line) for line in self.text.splitlines()]
        return " / ".join([*(line for line in lines if line and "#" not in line), *map(label, self.buttons)])

    @property
    def words(self) -> str:
        return "\n".join([self.text, *(button.text for button in self.buttons)])

    @property
    def leads_on(self) -> bool:
        """Whether a person knows what to do next: a button, or words that say so."""
        return bool(self.buttons) or self.asks or bool(_WAYS.search(_COURTESY.sub("", self.text)))


def plain(text: str) -> str:
    """A text without what differs from one master to the next."""
    return _NUMBER.sub("#", _QUOTED.sub("«»", text)).strip()


def label(button: Button) -> str:
    """What a button is for: those of a list are all alike."""
    return plain(button.text)


def screens(view: Json, since: int = -1) -> list[Screen]:
    """The bot's messages in the order of the dialogue; only those that changed after version `since`."""
    asks = view["keyboard"] is not None
    fresh = [message for message in view["messages"] if message["from"] == "bot" and message["changed"] > since]
    return [
        Screen(message["id"], message["text"] or message["caption"], tuple(buttons_of(message, message)), asks)
        for message in fresh
    ]


def old_buttons(view: Json) -> list[Button]:
    return [
        button
        for message in view["messages"]
        if message["from"] == "bot" and message["original"]
        for look in (message["original"], *message["edits"][:-1])
        for button in buttons_of(message, look)
        if button.data
    ]


def commands(text: str) -> set[str]:
    return set(_COMMANDS.findall(text))


def buttons_of(message: Json, look: Json) -> Iterator[Button]:
    under = look["text"] or look["caption"]
    for row in look["buttons"]:
        for button in row:
            yield Button(message["id"], button["text"], button.get("data", ""), button.get("url", ""), under)
