"""`sale.basketitem.*`: lines of an order. There is no cart without an order."""

from __future__ import annotations

from decimal import Decimal

from infra.local.portal.catalogue import Catalogue, Product
from infra.local.portal.dialect import Call, Method, Reply
from infra.local.portal.errors import RestError, out_of_range
from infra.local.portal.native.families import ENTITY
from infra.local.portal.native.field_kinds import fields as kinds
from infra.local.portal.native.finding import find_order
from infra.local.portal.native.listing import Listing, render
from infra.local.portal.native.model import BasketItem, SaleOrder
from infra.local.portal.native.order_repository import Ledger
from infra.local.portal.native.order_views import OrderViews
from infra.local.portal.native.reading import fields_of, flag_of, number, php_int, require, text_of
from infra.local.portal.params import MAX_NUMBER, Params

LINES = Listing(
    "basketItems",
    kinds(ints="id orderId productId", floats="quantity price basePrice discountPrice", texts="name currency xmlId"),
    ENTITY,
)


class BasketMethods:
    """The methods about lines."""

    def __init__(self, catalogue: Catalogue, ledger: Ledger, views: OrderViews) -> None:
        self._catalogue = catalogue
        self._ledger = ledger
        self._views = views

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "sale.basketitem.add": Method(self.add, modifies=True, scope="sale"),
            "sale.basketitem.addcatalogproduct": Method(self.add_catalog_product, modifies=True, scope="sale"),
            "sale.basketitem.list": Method(self.list, scope="sale"),
        }

    def add(self, call: Call) -> Reply:
        """Add a line; `customPrice: "Y"` takes the caller's price in place of the catalogue's."""
        fields = fields_of(call.params)
        order, item = self._add(fields)
        if flag_of(fields, "customPrice") and number(fields.raw("price")) is not None:
            item.custom_price = True
            item.price = number(fields.raw("price")) or Decimal(0)
            item.base_price = number(fields.raw("basePrice")) or item.price
        return self._saved(order, item)

    def add_catalog_product(self, call: Call) -> Reply:
        """Add a line at the catalogue's price."""
        return self._saved(*self._add(fields_of(call.params)))

    def _add(self, fields: Params) -> tuple[SaleOrder, BasketItem]:
        if not fields.has("orderId"):
            raise RestError(200140400008, "Required fields: orderId")
        require(fields, "productId", "quantity", "currency")
        order = find_order(self._ledger, php_int(fields.raw("orderId")), 200140400009)
        product = self._product(fields)
        if text_of(fields, "currency") != order.currency:
            raise RestError(200140400011, "The currency of the line is not that of the order")
        quantity = number(fields.raw("quantity"))
        if quantity is None or not 0 < quantity <= MAX_NUMBER:
            raise out_of_range("fields[quantity]", "must be above zero")
        item = self._ledger.add_line(order, product, quantity)
        item.xml_id = text_of(fields, "xmlId") or item.xml_id
        return order, item

    def _product(self, fields: Params) -> Product:
        product = self._catalogue.get(str(php_int(fields.raw("productId"))))
        if product is None:
            raise RestError(200140400007, "basket item is not saved - bad data")
        return product

    def _saved(self, order: SaleOrder, item: BasketItem) -> Reply:
        self._ledger.save(order)
        return Reply({"basketItem": render(self._views.line(item))}, total=1)

    def list(self, call: Call) -> Reply:
        """Return a page of lines."""
        rows = [self._views.line(item) for order in self._ledger.all() for item in order.basket]
        return LINES.reply(call.params, rows)
