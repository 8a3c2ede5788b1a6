"""The questions of a list: which counts must be asked, what price and stock say of them, and the answers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from shared.domain import quantities
from shared.domain.catalogue import Product
from shared.domain.offers import Offer
from shared.domain.pasted_lists.lines import UNUSUAL
from shared.domain.pasted_lists.matching import LookUpStage, SoughtLine
from shared.domain.pasted_lists.numbers import measure_in
from shared.domain.searches import product_data

UNUSUAL_SUM: Final = Decimal(300_000)
"""A line that costs more, of more than a hundred pieces, is asked back even if its count was said surely."""


def with_evidence(lines: Iterable[SoughtLine], offers: Mapping[str, Offer]) -> tuple[SoughtLine, ...]:
    """Return the lines after their prices were seen: some counts are settled by them, others must be asked."""
    return tuple(_with_evidence(line, offers.get(line.product.id)) if line.product else line for line in lines)


def _with_evidence(line: SoughtLine, offer: Offer | None) -> SoughtLine:
    if offer is None:
        # What nobody sells is not asked about.
        return replace(line, options=())
    if line.answered:
        return line
    others = [count for count in line.options if count != offer.price]
    if len(others) == 1 and len(line.options) > 1:
        # One of two numbers is the price that the shop has: the other counts.
        return replace(line, quantity=others[0], options=()) if others[0] <= UNUSUAL else _asked(line, others[0], offer)
    if line.pieces and measure_in(offer.unit):
        # «10 шт» of what is cut or weighed: ten metres, or ten of some other thing.
        return _asked(line, line.quantity, offer)
    costs = line.quantity * offer.price
    doubtful = bool(line.options) or (line.quantity > UNUSUAL and costs > UNUSUAL_SUM)
    return _asked(line, line.quantity, offer) if doubtful else line


def _asked(line: SoughtLine, count: Decimal, offer: Offer) -> SoughtLine:
    """Return the line to be asked, in the measure it is sold in: the buttons say what the answer will be."""
    return replace(line, options=line.options or (count,), measure=line.measure or measure_in(offer.unit))


def with_count(line: SoughtLine, count: Decimal) -> SoughtLine | None:
    """Return the line with the master's answer; None when this was not asked, or is answered."""
    return replace(line, quantity=count, options=(), answered=True) if count in line.options else None


def with_product(line: SoughtLine, product_id: str) -> SoughtLine | None:
    """Return the line with the product the master chose; None when there is nothing to choose, or not this."""
    chosen = next((product for product in line.products if product.id == product_id), None)
    if chosen is None or chosen.has_variations or not line.is_unclear:
        return None
    return replace(line, products=(chosen,), total=1, guessed=False)


def line_data(line: SoughtLine) -> dict[str, Any]:
    """Return a settled line as the record of a list holds it."""
    return {
        "text": line.text,
        "quantity": quantities.as_data(line.quantity),
        "products": [product_data(product) for product in line.products],
        "total": line.total,
        "measure": line.measure,
        "options": [quantities.as_data(option) for option in line.options],
        "answered": line.answered,
        "pieces": line.pieces,
        **({"guessed": True} if line.guessed else {}),
    }


def line_from_data(data: Mapping[str, Any]) -> SoughtLine:
    """Read what `line_data` wrote."""
    return SoughtLine(
        data["text"],
        quantities.from_data(data["quantity"]),
        LookUpStage.SETTLED,
        tuple(Product(**product) for product in data["products"]),
        data["total"],
        data["measure"],
        tuple(map(quantities.from_data, data["options"])),
        data["answered"],
        data.get("pieces", False),
        data.get("guessed", False),
    )
