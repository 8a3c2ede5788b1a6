"""What is not as a master was shown it: today's offers against his confirmation, and what was set aside. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shared.domain.cart_lines import CartLine, Obstacle, first_priced
from shared.domain.offers import Offer


@dataclass(frozen=True)
class PriceChange:
    """A price is not what the master was shown."""

    line: CartLine
    old: Decimal


@dataclass(frozen=True)
class StepChange:
    """It is sold in other steps or units than the master was shown, so there is more of it."""

    line: CartLine
    old: CartLine


@dataclass(frozen=True)
class LimitChange:
    """It is sold from stock only and there is less than the master wanted, so there is less of it in the order."""

    line: CartLine
    old: Decimal


@dataclass(frozen=True)
class StockChange:
    """The stores hold too few now, and did not when the master was told."""

    line: CartLine
    available: Decimal


@dataclass(frozen=True)
class NoLongerSold:
    """The product is not sold any more; it was taken out."""

    line: CartLine


@dataclass(frozen=True)
class NotForSale:
    """The portal tells of the product, but the bot cannot order it so; it was taken out."""

    line: CartLine
    why: Obstacle


Change = PriceChange | StepChange | LimitChange | StockChange | NoLongerSold | NotForSale


def compare(
    lines: tuple[CartLine, ...], told: Mapping[str, Decimal] | None, offers: Mapping[str, Offer]
) -> tuple[tuple[CartLine, ...], list[Change]]:
    """Return the lines at today's prices and what differs from what the master was shown; a line may have no price yet.

    `told` is the stock he was told; None = he was told none (the cart's first confirmation), which is no difference.
    """
    fresh: list[CartLine] = []
    changes: list[Change] = []
    for line in lines:
        offer = offers.get(line.product_id)
        now = first_priced(line, offer) if offer else line
        if offer is None:
            changes.append(NoLongerSold(line))
        elif now.obstacle:
            changes.append(NotForSale(now, now.obstacle))
        else:
            fresh.append(now)
            changes += _changes(line, now)
            if told is not None and offer.available < now.quantity <= told.get(line.product_id, Decimal(0)):
                changes.append(StockChange(now, offer.available))
    return tuple(fresh), changes


@dataclass(frozen=True)
class ShortReserve:
    """Less was set aside for an order than its line says, of goods that are sold from stock only."""

    line: CartLine
    reserved: Decimal


def short_reserves(lines: Sequence[CartLine], reserved: Mapping[str, Decimal]) -> list[ShortReserve]:
    """Return the lines that were not set aside in full.

    None where nothing is set aside at all: then the shop does it later, at the payment or when it hands over.
    """
    if not any(reserved.values()):
        return []
    there = [(line, reserved.get(line.product_id, Decimal(0))) for line in lines if not line.on_order]
    return [ShortReserve(line, amount) for line, amount in there if amount < line.quantity]


def _changes(line: CartLine, now: CartLine) -> list[Change]:
    changes: list[Change] = []
    if now.exceeds_stock(line.quantity):
        changes.append(LimitChange(now, line.quantity))
    elif line.currency and (now.quantity, now.unit) != (line.quantity, line.unit):
        changes.append(StepChange(now, line))
    if line.currency and (now.price, now.currency) != (line.price, line.currency):
        changes.append(PriceChange(now, line.price))
    return changes
