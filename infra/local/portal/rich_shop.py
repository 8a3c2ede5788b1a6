"""A shop as managers make it, all at once: stores, variations, metres, prices by quantity, VAT, several articles."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from infra.local.portal.goods_changes import change_product
from infra.local.portal.native_states import NativeStates
from infra.local.portal.params import Params

SETUP: Mapping[str, Any] = {
    "stores": 6,
    "multiple_article": True,
    "account_prefix": "ИМ-",
    "site_dates": True,
    "deals": True,
}
SETTINGS: Mapping[str, str] = {
    "BITRIX_DIALECT": "native",
    "BITRIX_OFFERS_IBLOCK_ID": "25",
    "BITRIX_OFFERS_ARTICLE_PROPERTY": "property205",
    "BITRIX_UNITS": "true",
    "BITRIX_VAT_ON_TOP": "true",
    "BITRIX_DEAL_STAGE_MAP": json.dumps(
        {
            "EXECUTING": "WAITING_FOR_DELIVERY",
            "UC_PACKED": "WAITING_FOR_DELIVERY",
            "UC_COURIER": "SHIPPED",
            "UC_HANDED": "DELIVERED",
            "WON": "FINISHED",
            "LOSE": "CANCELED",
            "APOLOGY": "CANCELED",
        }
    ),
}
"""What the bot has to be told about it."""
METRES, PACKS, TAXED, DOLLARS, ON_REQUEST, SEVERAL, GLOVES = "1315", "1258", "1273", "1270", "1294", "1331", "1225"
"""Ids of the goods that are changed: cable, bolts, sealant, tape, paint, clamps, and gloves in three sizes."""
CHANGES: Mapping[str, Mapping[str, Any]] = {
    METRES: {"measure": "м", "ratio": 0.5, "stock": {"1": 12.5, "4": 100, "6": 30}},
    PACKS: {
        "ratio": 10,
        "ranges": [{"to": 49, "price": 17}, {"from": 50, "to": 199, "price": 15}, {"from": 200, "price": 12.5}],
        "stock": {"1": 400, "5": 2000},
    },
    TAXED: {"vat": 20, "vat_included": False},
    DOLLARS: {"currency": "USD", "price": 9},
    ON_REQUEST: {"price": 0},
    SEVERAL: {"articles": ["221-412", "W-221412", "221 412"]},
}
SIZES: Sequence[Mapping[str, Any]] = (
    {"name": "Перчатки нитриловые чёрные, 100 шт., M", "articles": ["GL-NIT-M"], "price": 890, "stock": {"1": 5}},
    {"name": "Перчатки нитриловые чёрные, 100 шт., L", "articles": ["GL-NIT-L"], "price": 890, "stock": {"6": 12}},
    {"name": "Перчатки нитриловые чёрные, 100 шт., XL", "articles": ["GL-NIT-XL"], "price": 940, "stock": {"2": 0}},
)


def make_rich(states: NativeStates) -> None:
    """Bring a plain portal into this state, by what its control end points do."""
    states.setup.change(Params(SETUP))
    for product_id, changes in CHANGES.items():
        change_product(states.catalogue, states.catalogue.known(product_id), Params(changes))
    for size in SIZES:
        states.add_product(Params({"parent": GLOVES, **size}))
