"""What a person reads off the bot's screens: goods, sums, order numbers, statuses. Knows nothing of the bot's code.

The sentences are those of the spec's §3, in the order of an order's (and of a return's) life.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

LIFE = (
    "Заказ принят, ждём оплату",
    "Оплата получена",
    "Собираем заказ, готовим к отправке",
    "Курьер уже в пути",
    "Заказ доставлен",
    "Заказ закрыт",
    "Заказ отменён. Причина: ",
)
LIFE_OF_A_RETURN = (
    "Возврат на рассмотрении",
    "Возврат принят, средства будут возвращены",
    "Возврат отклонён: ",
)

_TAG = re.compile(r"<[^>]+>")
_LINE = re.compile(r"(?:\d+\. )?(?P<name>.+) — (?P<pieces>[\d ]+) шт\. × (?P<price>[\d ]+(?:,\d\d)?) ₽")
_TOTAL = re.compile(r"^Итого: ([\d ]+(?:,\d\d)?) ₽$", re.MULTILINE)
_NUMBER = re.compile(r"№ (\S+?)(?=[\s.,·]|$)")
_TOLD = re.compile(r"(?P<what>Заказ|Возврат) № (?P<id>\S+?)(?: создан\.| зарегистрирован\.)?(?: · .*)?")


@dataclass(frozen=True)
class Goods:
    """Lines of a cart, a confirmation or a quoted list: pieces and price by the name shown, and the sum below them."""

    pieces: Mapping[str, int]
    prices: Mapping[str, Decimal]
    total: Decimal

    @property
    def sum(self) -> Decimal:
        """What the lines come to."""
        return sum((self.prices[name] * count for name, count in self.pieces.items()), Decimal(0))


@dataclass(frozen=True)
class Told:
    """A status told: of which `thing` («Заказ 5121»), and its place in that thing's life."""

    thing: str
    rank: int


def plain(markup: str) -> str:
    """Return the text that a message's HTML shows, with ordinary spaces."""
    return spaced(html.unescape(_TAG.sub("", markup)))


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ")


def goods(text: str) -> Goods | None:
    """Return what a cart, a confirmation or a quoted list shows; None for any other screen."""
    total = _TOTAL.search(text)
    if total is None or not text.startswith(("🛒 Корзина", "Проверьте заказ", "📋 Ваш список")):
        return None
    lines = [found for line in text.splitlines() if (found := _LINE.fullmatch(line.strip()))]
    return Goods(
        {line["name"]: int(line["pieces"].replace(" ", "")) for line in lines},
        {line["name"]: _money(line["price"]) for line in lines},
        _money(total[1]),
    )


def is_confirmation(text: str) -> bool:
    """Whether a tap on «Заказать» under it orders what it shows."""
    return text.startswith("Проверьте заказ")


def is_list(text: str) -> bool:
    return text.startswith("📋 Ваш список")


def told(text: str) -> Told | None:
    """Return the status that a message tells: its first line names the thing, its second says the sentence.

    A screen that a person asked for shows a status too, but with the goods or as a list.
    """
    head, _, rest = text.partition("\n")
    named = _TOLD.fullmatch(head)
    if named is None or _TOTAL.search(text):
        return None
    second = rest.partition("\n")[0]
    for life in (LIFE, LIFE_OF_A_RETURN):
        for rank, sentence in enumerate(life):
            if sentence in second:
                return Told(f"{named['what']} {named['id']}", rank)
    return None


def restored(text: str) -> str | None:
    """Return the thing («Заказ 5121») that a message says to be under way again."""
    return _thing(text, "Заказ снова в работе")


def unpaid(text: str) -> str | None:
    """Return the thing whose payment a message says to be none any more."""
    return _thing(text, "Оплата больше не числится")


def _thing(text: str, sentence: str) -> str | None:
    head, _, rest = text.partition("\n")
    named = _TOLD.fullmatch(head)
    return f"{named['what']} {named['id']}" if named is not None and sentence in rest else None


def numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(text))


def _money(text: str) -> Decimal:
    return Decimal(text.replace(" ", "").replace(",", "."))
