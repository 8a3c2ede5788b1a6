"""Price and stock of a real portal (shared/bitrix/README.md, «Price and stock»).

A quote asks for prices and for the goods' own rows, which say whether a product is sold today and how many can be
ordered: however many stores there are, that is one row a product. Only a card shows what lies where; it asks for one
product's stock store by store. Units, steps and VAT are asked for where the settings say that the shop has any.

Whether a portal heeds a list in a filter is not certain: every row must be about a product asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from shared.bitrix.native import goods_state, price_rows, units, vat
from shared.bitrix.native.goods_state import GoodsState
from shared.bitrix.native.price_rows import PriceTag
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.native.store_rows import stock_of, stores_lists
from shared.bitrix.native.units import Units
from shared.bitrix.native.vat import VatRates
from shared.bitrix.portal import Answer, Command, Operation
from shared.clock import Now
from shared.domain.offers import Offer, Stock

MOST_PRODUCTS = 50

Answers = Mapping[str, Answer]


@dataclass(frozen=True)
class QuoteQuestion:
    """What a quote is about; `by_store`: of one product also what each store holds."""

    settings: NativeSettings
    products: Sequence[str]
    price_type: str
    by_store: bool

    @property
    def reads_stores(self) -> bool:
        """Whether stores are asked; a portal without inventory management has nothing in them."""
        return self.by_store and self.settings.inventory

    def commands(self) -> dict[str, Command]:
        """Return what is asked."""
        settings, products = self.settings, self.products
        return {
            **price_rows.price_lists(products, self.price_type, settings.price_ranges),
            **goods_state.goods_lists(settings, products),
            **(stores_lists(products[0], settings.stores) if self.reads_stores else {}),
            **(units.unit_lists(products) if settings.units else {}),
            **(vat.vat_lists() if settings.vat_on_top else {}),
        }


def quote(
    settings: NativeSettings, product_ids: Sequence[str], price_type: str, now: Now, *, by_store: bool = False
) -> Operation[dict[str, Offer]]:
    """Ask what products cost and how many there are, `by_store` of one product also where.

    ValueError for none or more than 50 products, by store for more than one.
    """
    wanted = tuple(dict.fromkeys(product_ids))
    most = 1 if by_store else MOST_PRODUCTS
    if not 0 < len(wanted) <= most:
        raise ValueError(f"a quote is for 1 to {most} products, not {len(wanted)}")
    question = QuoteQuestion(settings, wanted, price_type, by_store)
    commands = question.commands()
    optional = frozenset({"parents"} & commands.keys())
    return Operation(commands, partial(_offers, question, now), weight=len(commands), optional=optional)


def _offers(question: QuoteQuestion, now: Now, answers: Answers) -> dict[str, Offer]:
    """Join the lists. A product that is not sold now, or has no price of our kind, is left out."""
    tags = price_rows.price_tags(answers, question.products, question.price_type)
    known = goods_state.goods_on_sale(answers, question.products, now())
    sold = [product_id for product_id in question.products if product_id in tags and product_id in known]
    measured = units.read_units(answers, question.products) if question.settings.units else None
    rates = vat.read_vat(answers) if question.settings.vat_on_top else None
    stocks = _stocks(question, known, answers)
    offers = {}
    for product_id in sold:
        state = known[product_id]
        offer = _offer(product_id, _taxed(tags[product_id], state, rates), question.settings.currency)
        here = stocks or _in_all(state)
        offers[product_id] = _measured(replace(offer, stocks=here, on_order=state.on_order), state, measured)
    return offers


def _stocks(question: QuoteQuestion, known: Mapping[str, GoodsState], answers: Answers) -> Sequence[Stock]:
    """Return what each store can sell of the one product; nothing where stores are not asked."""
    product_id = question.products[0]
    if not question.reads_stores or product_id not in known:
        return ()
    state = known[product_id]
    return stock_of(answers, product_id, state.quantity if state.counted else None)


def _taxed(tag: PriceTag, state: GoodsState, rates: VatRates | None) -> PriceTag:
    return tag.with_vat(rates.on_top(state)) if rates and state.net else tag


def _offer(product_id: str, tag: PriceTag, currency: str) -> Offer:
    """Return the offer of a price tag. A single price for any quantity has no ranges."""
    first = tag.ranges[0]
    one_price = len(tag.ranges) == 1 and not first.first and first.last is None
    ranges = () if one_price else tuple(tag.ranges)
    return Offer(product_id, first.price, tag.currency, ranges=ranges, foreign=tag.currency != currency)


def _in_all(state: GoodsState) -> Sequence[Stock]:
    """Return what can be ordered, wherever it lies."""
    return (Stock("", state.quantity),) if state.quantity else ()


def _measured(offer: Offer, state: GoodsState, measured: Units | None) -> Offer:
    """Return the offer with its unit, its step, and the price of the fewest that are sold."""
    if measured:
        offer = replace(offer, unit=measured.symbol(state.measure), step=measured.step(offer.product_id))
    fewest = offer.price_for(offer.least or Decimal(0))
    return offer if fewest is None else replace(offer, price=fewest)
