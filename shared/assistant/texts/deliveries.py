"""The texts of the ways to get an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from shared.domain.deliveries import DeliveryService, DeliverySlot, PickupPoint, StockedPoint
from shared.domain.text import NBSP, shorten
from shared.telegram.formatting import counted, escape, money


def price(amount: Decimal, currency: str) -> str:
    """«350 ₽», «бесплатно»"""
    return money(amount, currency) if amount else "бесплатно"


def icon(service: DeliveryService) -> str:
    """Tell what is brought from what is fetched."""
    return "🏬" if service.pickup else "🚚"


def price_line(amount: Decimal, currency: str) -> str:
    """What bringing the goods costs, above the total."""
    return f"Доставка: {money(amount, currency)}"


def service_line(service: DeliveryService) -> str:
    """Who brings the order and how long it takes, on the confirmation."""
    named = f"{icon(service)} {_named(service)}"
    return named if service.price is not None else f"{named}\n   Стоимость доставки покажем до оплаты."


def _named(service: DeliveryService) -> str:
    return " · ".join(escape(part) for part in (service.name, service.term) if part)


def ask(services: Sequence[DeliveryService], currency: str) -> str:
    """Ask which delivery service shall bring the order."""
    told = [f"{_named(service)} · {_price(service, currency)}" for service in services]
    return "\n".join(["🚚 <b>Как доставить?</b>", "", *told])


def _price(service: DeliveryService, currency: str) -> str:
    return "стоимость покажем до оплаты" if service.price is None else price(service.price, currency)


def fetched_at(point: PickupPoint) -> str:
    """«Самовывоз: Склад на Советской, Тверь, ул. Советская, 12», as the portal gets it in place of an address."""
    return f"Самовывоз: {', '.join(filter(None, (point.name, point.address)))}"


def point_lines(point: PickupPoint) -> Sequence[str]:
    """Where an order is fetched, and when."""
    place = f"📍 {escape(', '.join(filter(None, (point.name, point.address))))}"
    return [place, *([f"🕒 {escape(point.schedule)}"] if point.schedule else [])]


def hours_line(slot: DeliverySlot) -> str:
    """When an order shall be brought, on the confirmation."""
    return f"🕒 {escape(slot.name)}"


def will_fetch() -> str:
    """Say that the master will fetch the order, before he is asked where."""
    return "🏬 Заберёте сами. Где — покажем на следующем шаге."


def no_point() -> str:
    """Say on the confirmation that nobody knows as yet where the order is fetched."""
    return "📍 Пункт выдачи пока не выбран."


def no_pickup() -> str:
    """Say that nothing can be fetched any more, above the confirmation."""
    return "Забрать заказ самому сейчас нельзя: магазин отключил самовывоз. Привезём по адресу."


def service_gone(service: DeliveryService) -> str:
    """Say above a confirmation that its delivery service was switched off meanwhile."""
    name = escape(service.name)
    return f"Магазин отключил доставку «{name}». Заказ не создан, деньги не списаны. Проверьте, как его получите."


def store_gone(point: PickupPoint) -> str:
    """Say above a confirmation that its store hands out no orders any more."""
    name = escape(shorten(point.name, 60))
    return f"Пункт «{name}» больше не выдаёт заказы. Заказ не создан, деньги не списаны. Выберите другой."


def hours_gone(slot: DeliverySlot) -> str:
    """Say above a confirmation that its hours can be had no more."""
    return f"Времени «{escape(slot.name)}» больше нет. Заказ не создан, деньги не списаны. Выберите другое или любое."


def ask_hours() -> str:
    """Ask when an order shall be brought."""
    return "🕒 <b>Когда привезти?</b>"


def ask_store(stores: Sequence[str]) -> str:
    """Ask at which store the order shall be fetched."""
    return "\n".join(["🏬 <b>Где заберёте?</b>", *(f"\n{store}" for store in stores)])


def store(number: int, stocked: StockedPoint, wanted: Mapping[str, Decimal]) -> str:
    """A store to fetch an order at: where it is, when it is open, how much of the order it has just now.

    Short enough for ten of them in one message, whatever is written in the portal's fields.
    """
    point, held = stocked.point, stocked.holds(wanted)
    lines = [f"{number}. {escape(shorten(point.name, 60))}", f"   {escape(shorten(point.address, 150))}"]
    lines += [f"   {escape(shorten(point.schedule, 80))}"] if point.schedule else []
    return "\n".join(lines if held is None else [*lines, f"   {_held(held, len(wanted))}"])


def _held(held: int, wanted: int) -> str:
    if held == wanted:
        return "✅ сейчас есть всё"
    if not held:
        return "сейчас ничего из заказа нет"
    return f"сейчас есть {held} из {counted(wanted, 'товара', 'товаров', 'товаров')}"


def no_stores() -> str:
    """Say that nothing can be fetched just now."""
    return "Сейчас забрать заказ негде: магазин не назвал ни одного пункта. Выберите доставку."


def map_url(point: PickupPoint) -> str:
    """The address of a map with the store on it."""
    north, east = point.place.split(", ")
    return f"https://yandex.ru/maps/?pt={east},{north}&z=16&l=map"


def ready(point: PickupPoint) -> str:
    """Say that an order can be fetched: what the portal calls «sent» of an order that nobody brings."""
    return "\n".join(["📦 Заказ готов к выдаче", *point_lines(point)])


def ready_short() -> str:
    """The same in a list."""
    return f"📦 Готов к{NBSP}выдаче"
