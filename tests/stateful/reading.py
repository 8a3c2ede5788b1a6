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
_DELIVERY = re.compile(r"^Доставка: ([\d ]+(?:,\d\d)?) ₽$", re.MULTILINE)
_SERVICE = re.compile(r"^🚚 (.+?)(?: · .*)?$", re.MULTILINE)
_NUMBER = re.compile(r"№ (\S+?)(?=[\s.,·]|$)")
_TOLD = re.compile(r"(?P<what>Заказ|Возврат) № (?P<id>\S+?)(?: создан\.| зарегистрирован\.)?(?: · .*)?")


@dataclass(frozen=True)
class Goods:
    """Lines of a cart, a confirmation or a quoted list: pieces and price by the name shown, and the sum below them.

    `delivery` is what bringing them costs, `service` who brings them, "" where the shop offers no choice.
    """

    pieces: Mapping[str, int]
    prices: Mapping[str, Decimal]
    total: Decimal
    delivery: Decimal = Decimal(0)
    service: str = ""

    @property
    def sum(self) -> Decimal:
        """What the lines and the delivery come to."""
        return sum((self.prices[name] * count for name, count in self.pieces.items()), self.delivery)


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
        {line["name"]: money(line["price"]) for line in lines},
        money(total[1]),
        money(delivery[1]) if (delivery := _DELIVERY.search(text)) else Decimal(0),
        service[1] if (service := _SERVICE.search(text)) else "",
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
    return thing_of(text) if sentence in text else None


def thing_of(text: str) -> str | None:
    """Return the thing («Заказ 5121») whose news a message is: its first line names it and nothing else."""
    named = _TOLD.fullmatch(text.partition("\n")[0])
    return f"{named['what']} {named['id']}" if named is not None else None


def numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(text))


def money(text: str) -> Decimal:
    """Return a number as it is shown: «1 234,50»."""
    return Decimal(text.replace(" ", "").replace(",", "."))
