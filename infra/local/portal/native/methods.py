"""The table of the dialect `native`."""

from __future__ import annotations

from infra.local.clock import Clock
from infra.local.portal.dialect import Dialect
from infra.local.portal.native.basket import BasketMethods
from infra.local.portal.native.catalog import CatalogMethods
from infra.local.portal.native.contacts import ContactMethods
from infra.local.portal.native.deals import DealMethods, by_type
from infra.local.portal.native.disk import DiskMethods
from infra.local.portal.native.goods_pictures import GoodsPictures
from infra.local.portal.native.goods_rows import GoodsRows
from infra.local.portal.native.order_views import OrderViews
from infra.local.portal.native.orders import OrderMethods
from infra.local.portal.native.payments import PaymentMethods
from infra.local.portal.native.reference import ReferenceMethods
from infra.local.portal.native.shipments import ShipmentMethods
from infra.local.portal.native.shop import NativeShop
from infra.local.portal.native.smart_process import SmartProcessMethods
from infra.local.portal.native.trade import TradeMethods
from infra.local.portal.native.user_fields import UserFieldMethods
from infra.local.portal.options import PortalOptions
from infra.local.portal.pictures import Pictures


def native_dialect(
    options: PortalOptions, shop: NativeShop, disk: DiskMethods, pictures: Pictures, clock: Clock
) -> Dialect:
    """Return the methods of a real portal over a shop."""
    views = OrderViews(options, shop.ledger.deliveries)
    ledger = shop.ledger
    rows = GoodsRows(options.native, shop.catalogue, ledger.stockroom)
    reference = ReferenceMethods(options, ledger, clock)
    deals = DealMethods(options.native, ledger)
    table = {
        **reference.table(),
        **CatalogMethods(options.native, shop.catalogue, rows).table(),
        **TradeMethods(options.native, shop.catalogue, ledger).table(),
        **GoodsPictures(shop.catalogue, pictures).table(),
        **OrderMethods(options, ledger, views).table(),
        **BasketMethods(shop.catalogue, ledger, views).table(),
        **PaymentMethods(options, ledger, views).table(),
        **ShipmentMethods(options, ledger, views).table(),
        **deals.table(),
        **ContactMethods(shop.contacts).table(),
        **shop.timeline.table(),
        **by_type(deals.items(), SmartProcessMethods(options, shop.items, shop.contacts).table()),
        **UserFieldMethods(options, shop.items).table(),
        **disk.table(),
    }
    offered = {name: method for name, method in table.items() if name not in options.without}
    reference.known = frozenset({*offered, "batch"})
    return offered
