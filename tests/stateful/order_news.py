"""What a person reads in news of his order beside its status: edits, sums, money, parcels.

Knows nothing of the bot's code. Texts are plain, with ordinary spaces (`reading.plain`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tests.stateful.reading import money, thing_of, told

_SUM = r"[\d ]+(?:,\d+)?"
_ADDED = re.compile(rf"Добавлено: (?P<name>.+) — (?P<now>{_SUM}) \S+ × (?P<price_now>{_SUM}) ₽")
_GONE = re.compile(rf"Убрано: (?P<name>.+) — (?P<was>{_SUM}) \S+")
_PRICE = re.compile(rf"(?P<name>.+): цена была (?P<price_was>{_SUM}) ₽, стала (?P<price_now>{_SUM}) ₽")
_COUNT = re.compile(
    rf"(?P<name>.+): было (?P<was>{_SUM}) [^\s,]+(?: × (?P<price_was>{_SUM}) ₽)?, "
    rf"стало (?P<now>{_SUM}) \S+(?: × (?P<price_now>{_SUM}) ₽)?"
)
_TOTAL = re.compile(rf"Итого: (?:было (?P<was>{_SUM}) ₽, стало )?(?P<now>{_SUM}) ₽")
_TOTAL_LINE = re.compile("^Итого: ", re.MULTILINE)
_REPRICED = re.compile(rf"изменилась цена: (?P<old>.+) → (?P<price>{_SUM}) ₽")
_MADE = re.compile(rf"Заказ № (?P<id>\S+) создан\.\n(?:.*\n)*К оплате(?: курьеру| при получении)?: (?P<sum>{_SUM}) ₽")
_COUNTED = re.compile(
    rf"Заказ № (?P<id>\S+) создан, но сумма другая\.\n"
    rf"Вы подтверждали (?P<agreed>{_SUM}) ₽, магазин посчитал (?P<sum>{_SUM}) ₽:"
)
_PART = re.compile(rf"^Оплачено (?P<part>{_SUM}) ₽ из (?P<total>{_SUM}) ₽$", re.MULTILINE)
_DUE = re.compile(rf"^К оплате по ссылке: ({_SUM}) ₽$", re.MULTILINE)
_BACK = re.compile(rf"^Деньги возвращены: ({_SUM}) ₽$", re.MULTILINE)
_BILL = re.compile(rf"Счёт на (?P<sum>{_SUM}) ₽ по заказу № (?P<id>\S+): ")
_PARCEL = re.compile(r"^\S+ Отправление (?P<number>\d+) из (?P<count>\d+): (?P<stage>.+)$", re.MULTILINE)
_NUMBER = re.compile(r"^Трек-номер: (\S+)$", re.MULTILINE)
_DAY = re.compile(r"^Доставка: (.+)$", re.MULTILINE)
_DOUBT = re.compile(rf"⚠️ Заказ № (?P<id>\S+): сумма заказа (?P<sum>{_SUM}) ₽, а платежи в нём на (?P<bill>{_SUM}) ₽\.")
_EDITED = "✏️ Менеджер изменил заказ"


@dataclass(frozen=True)
class EditTold:
    """What one line of an edit says of a product; None: nothing. A quantity of 0: it was not there, or is not."""

    name: str
    was: Decimal | None
    now: Decimal | None
    price_was: Decimal | None
    price_now: Decimal | None


@dataclass(frozen=True)
class Edited:
    """An edit as it was told; `total_was` is None where the total stayed."""

    order: str
    edits: tuple[EditTold, ...]
    total_was: Decimal | None
    total: Decimal


@dataclass(frozen=True)
class MadeTold:
    """A new order as it was told; `agreed` is what its master is said to have confirmed, where that is another sum.

    `prices` are those of goods that cost something else than was confirmed; a name ends where the old price begins,
    and both may hold digits.
    """

    order: str
    total: Decimal
    agreed: Decimal | None = None
    prices: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class PaidInPart:
    """How much is paid of how much, and what the link is said to be of."""

    order: str
    part: Decimal
    total: Decimal
    due: Decimal | None


@dataclass(frozen=True)
class ParcelTold:
    """The `number`-th of `count` parcels; `there`: it came."""

    number: int
    count: int
    there: bool


def order_of(text: str) -> str | None:
    """Return the order whose news a message is: its first line names it alone.

    A screen that a person asked for begins so too, but has the goods and what they come to.
    """
    thing = thing_of(text)
    asked_for = f"\n{_EDITED}\n" not in text and _TOTAL_LINE.search(text)
    return thing.removeprefix("Заказ ") if thing and thing.startswith("Заказ ") and not asked_for else None


def edited(text: str) -> Edited | None:
    """Return what managers are said to have changed; None for any other message."""
    order, lines = order_of(text), text.splitlines()
    if order is None or len(lines) < len(("head", "edited", "", "total")) or lines[1] != _EDITED:
        return None
    totals = [found for line in lines if (found := _TOTAL.fullmatch(line))]
    (total,) = totals
    was = money(total["was"]) if total["was"] else None
    told = lines[3 : lines.index(total[0])]
    return Edited(order, tuple(_edit(line) for line in told), was, money(total["now"]))


def _edit(line: str) -> EditTold:
    found = next(found for way in (_ADDED, _GONE, _PRICE, _COUNT) if (found := way.fullmatch(line)))
    told = {name: money(value) for name, value in found.groupdict().items() if name != "name" and value}
    nothing = {"was": Decimal(0)} if found.re is _ADDED else {"now": Decimal(0)} if found.re is _GONE else {}
    values = {**dict.fromkeys(("was", "now", "price_was", "price_now")), **told, **nothing}
    return EditTold(name=found["name"], **values)


def made(text: str) -> MadeTold | None:
    """Return the new order that a message tells with its sum."""
    if found := _MADE.match(text):
        return MadeTold(found["id"], money(found["sum"]))
    if found := _COUNTED.match(text):
        prices = {one["old"]: money(one["price"]) for one in _REPRICED.finditer(text)}
        return MadeTold(found["id"], money(found["sum"]), money(found["agreed"]), prices)
    return None


def paid_in_part(text: str) -> PaidInPart | None:
    """Return the part payment a message tells."""
    order, found = order_of(text), _PART.search(text)
    if order is None or found is None:
        return None
    due = _DUE.search(text)
    return PaidInPart(order, money(found["part"]), money(found["total"]), money(due[1]) if due else None)


def given_back(text: str) -> tuple[str, Decimal] | None:
    """Return the order and the money that is said to have gone back."""
    order, found = order_of(text), _BACK.search(text)
    return None if order is None or found is None else (order, money(found[1]))


def bill(text: str) -> tuple[str, Decimal] | None:
    """Return the order and the sum of a bill for a client."""
    found = _BILL.match(text)
    return None if found is None else (found["id"], money(found["sum"]))


def doubt(text: str) -> tuple[str, Decimal, Decimal] | None:
    """Return the order whose payments are said to be of another sum: what it costs, what they are of."""
    found = _DOUBT.match(text)
    return None if found is None else (found["id"], money(found["sum"]), money(found["bill"]))


def parcels(text: str) -> Iterator[ParcelTold]:
    """Return the parcels that a message says to have left or come."""
    for found in _PARCEL.finditer(text):
        yield ParcelTold(int(found["number"]), int(found["count"]), found["stage"] == "доставлено")


def way(text: str) -> tuple[str, ...]:
    """Return the days and tracking numbers that a message tells."""
    return (*_DAY.findall(text), *_NUMBER.findall(text))


def is_news(text: str) -> bool:
    """Whether it is news of an order or a return, or the question about cash that comes with them."""
    asked_for_cash = text.startswith("Заказ № ") and "Оплатили курьеру" in text
    return asked_for_cash or order_of(text) is not None or told(text) is not None


def is_deleted(text: str) -> bool:
    """Whether a message says that the order is there no more."""
    return "🗑 Заказа больше нет в системе магазина." in text


def is_way_changed(text: str) -> bool:
    """Whether a message says that the day or a tracking number became another one."""
    return "🚚 Уточнили доставку" in text
