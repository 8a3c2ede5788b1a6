"""The table of the dialect `contract`."""

from __future__ import annotations

from infra.local.portal.contract.aftersales import Aftersales
from infra.local.portal.contract.beyond import Beyond
from infra.local.portal.contract.goods import Goods
from infra.local.portal.contract.lists import OfferLists
from infra.local.portal.contract.sales import Sales
from infra.local.portal.dialect import Dialect, Method
from infra.local.portal.shop import Shop

SPEC = frozenset(
    {
        "catalog.product.list",
        "catalog.price.list",
        "catalog.storeproduct.list",
        "crm.product.batch",
        "sale.basketitem.add",
        "sale.order.add",
        "sale.order.get",
        "sale.orderreserves.add",
        "app.rma.add",
        "disk.folder.uploadfile",
    }
)
"""The methods the spec names, beside `batch`; all others are conveniences a portal may lack."""


def contract_dialect(shop: Shop) -> Dialect:
    """Return the methods of the spec's §2 over a shop, and those the bot needs beside them."""
    goods = Goods(shop)
    sales = Sales(shop)
    aftersales = Aftersales(shop, sales)
    beyond = Beyond(shop, sales)
    table = {
        "catalog.product.list": Method(goods.product_list),
        "catalog.section.list": Method(goods.section_list),
        "crm.product.batch": Method(goods.product_batch),
        **OfferLists(shop).table(),
        "sale.basketitem.add": Method(sales.basket_add, modifies=True),
        "sale.order.add": Method(sales.order_add, modifies=True),
        "sale.order.get": Method(sales.order_get),
        "sale.orderreserves.add": Method(aftersales.return_add, modifies=True),
        "app.rma.add": Method(aftersales.return_add, modifies=True),
        "disk.folder.uploadfile": Method(aftersales.upload, modifies=True),
        "disk.file.delete": Method(aftersales.delete, modifies=True),
        **beyond.table(),
    }
    named = SPEC if shop.options.spec_only else table.keys()
    offered = {name: method for name, method in table.items() if name in named and name not in shop.options.without}
    beyond.known = frozenset({*offered, "batch"})
    return offered
