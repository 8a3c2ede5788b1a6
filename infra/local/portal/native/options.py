"""What may differ from one native portal to another: ids, statuses, limits, the OAuth application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

SCOPES = ("catalog", "sale", "pay_system", "salescenter", "crm", "disk", "userfieldconfig")

EVENTS = frozenset(
    {
        "ONSALEORDERSAVED",
        "ONORDERENTITYSAVED",
        "ONORDERDELETED",
        "ONPAYMENTENTITYSAVED",
        "ONSHIPMENTENTITYSAVED",
        "ONCRMDYNAMICITEMUPDATE",
        "ONCRMDEALUPDATE",
        "ONCRMDEALDELETE",
    }
)

DOCUMENTED_COSTS: Mapping[str, float] = {
    "catalog.product.list": 0.78,
    "sale.order.add": 2.7,
    "sale.basketitem.addcatalogproduct": 1.6,
    "sale.basketitem.add": 1.5,
    "sale.propertyvalue.modify": 1.1,
    "sale.shipment.add": 1.0,
    "sale.shipmentitem.add": 4.3,
    "sale.order.get": 1.0,
    "sale.payment.add": 3.8,
    "sale.payment.update": 4.6,
    "salescenter.payment.getpublicurl": 0.4,
    "crm.item.add": 2.3,
}
"""Seconds in the documentation's samples: `PortalOptions.costs` of a portal as slow as those."""


@dataclass(frozen=True)
class OAuthOptions:
    """The portal's one local application. Times are seconds.

    `redirect_url` is where a person's consent leads. `refresh_grace` is how long a refresh token still works after it
    was used: not documented, hence 0.
    """

    client_id: str = "local.64f0c0ffee0000.12345678"
    client_secret: str = field(default="local-client-secret", repr=False)
    redirect_url: str = "http://127.0.0.1:9/oauth"
    code_lifetime: float = 30.0
    access_lifetime: int = 3600
    refresh_lifetime: int = 180 * 24 * 3600
    refresh_grace: float = 0.0


@dataclass(frozen=True)
class NativeOptions:
    """Ids of the portal's reference data and what it is strict about.

    `delivered_status` is the portal's own shipment status (there is no built-in one); with `paid_status` an order moves
    to that status when its payments cover it. Managers call orders `account_prefix` and the id, or a count from
    `first_account_number`, as the templates of a portal do (`sale/options.php`). `property_substring` says whether
    `%property<N>` filters at all (not documented; when it does not, the key is dropped like any unknown one).
    `core_rules` holds lists, empty values, `method.get` and events to what the core does where the documentation
    promises more. `operating_limit` is each method's budget in seconds per ten minutes. `events` are those the outgoing
    webhook is subscribed to. `region` is what the portal's plan begins with.
    """

    iblock_id: int = 23
    article_property: int = 105
    offers_iblock_id: int = 25
    offers_article_property: int = 205
    sku_property: int = 110
    trait_property: int = 210
    analogues_property: int = 115
    accessories_property: int = 135
    ean_property: int = 125
    offers_ean_property: int = 225
    price_type_id: int = 1
    wholesale_type_id: int = 4
    site: str = "s1"
    person_type_id: int = 3
    address_property: int = 26
    phone_property: int = 22
    eta_property: int = 30
    slot_property: int = 31
    delivered_status: str = "DV"
    paid_status: str | None = None
    delivery_price: Decimal = Decimal(0)
    account_prefix: str = ""
    first_account_number: int | None = None
    returns_type_id: int = 12
    returns_entity_type_id: int = 1038
    returns_category_id: int = 12
    property_substring: bool = True
    core_rules: bool = True
    scopes: tuple[str, ...] = SCOPES
    operating_limit: float = 480.0
    events: frozenset[str] = EVENTS
    region: str = "ru"
    event_handler_id: str = "975"
    member_id: str = "0f5a4ec1b1c64f6fa0dd0d9f9d1a30e1"
    application_token: str = field(default="local-application-token", repr=False)
