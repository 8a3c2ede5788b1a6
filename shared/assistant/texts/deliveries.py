"""The texts of the ways to get an order."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from shared.domain.deliveries import DeliveryService
from shared.telegram.formatting import escape, money


def price(amount: Decimal, currency: str) -> str:
    """«350 ₽», «бесплатно»"""
    return money(amount, currency) if amount else "бесплатно"


def price_line(amount: Decimal, currency: str) -> str:
    """What bringing the goods costs, above the total."""
    return f"Доставка: {money(amount, currency)}"


def service_line(service: DeliveryService) -> str:
    """Who brings the order and how long it takes, on the confirmation."""
    named = f"🚚 {_named(service)}"
    return named if service.price is not None else f"{named}\n   Стоимость доставки покажем до оплаты."


def _named(service: DeliveryService) -> str:
    return " · ".join(escape(part) for part in (service.name, service.term) if part)


def ask(services: Sequence[DeliveryService], currency: str) -> str:
    """Ask which delivery service shall bring the order."""
    told = [f"{_named(service)} · {_price(service, currency)}" for service in services]
    return "\n".join(["🚚 <b>Как доставить?</b>", "", *told])


def _price(service: DeliveryService, currency: str) -> str:
    return "стоимость покажем до оплаты" if service.price is None else price(service.price, currency)
