"""The settings of a real portal: the ids and names its owner gave things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.domain import buyers
from shared.domain.deliveries import DeliveryService
from shared.domain.orders import PaymentKind
from shared.status import Status


@dataclass(frozen=True, kw_only=True)
class NativeSettings:
    """The portal's own ids; all are text, as in our settings. "" stands for what the portal does not have.

    `iblock_id` is the catalogue's information block, `article_property` its property with the article (`property105`),
    `price_type_id` the kind of price that is sold at. `buyer_user_id` is the one portal user all orders are made for;
    without it each master's own. `eta_property_id` is the id or the code of the order property with the day of
    delivery, `slot_property_id` the id of the one with the hours a master may choose. `status_map` adds to (and
    overrides) the portal's usual codes of orders and shipments, `return_stage_map` the stages of returns.
    `deal_stage_map` says what the stages of the deals mean that orders hang on; without one deals are not looked at.

    The fields of a return are named `<prefix>OrderId`, `<prefix>Reason`, `<prefix>Items`, `<prefix>DiskFiles` and
    `<prefix>RejectReason`. The portal names them after the process's own number (`id` in `crm.type.list`), which is
    neither its entity type nor its category; without a `returns_field_prefix` they are taken for `ufCrm<category>`.

    `delivery_id` is the delivery service of orders, `services` those that masters may choose from, none where all go
    by that one. `phases` is for slow portals, where an order in one request would exceed the 60 seconds a request may
    take.
    `analogues_property` is the property, of the kind «E», with what may stand in for a product, `accessories_property`
    that with what goes with it.
    `ean_property` is the property with the number under a good's barcode, `offers_ean_property` that of the variations.
    `offers_iblock_id` is the information block of the variations, "" where goods have none,
    `offers_article_property` their own property with the article, `variation_properties` those that tell them apart.
    `stores` is how many stores a product may lie in at most, `price_ranges` how many ranges of quantity its prices may
    have. Without `inventory` nothing is counted by store. `units`: goods are sold in other units or steps than whole
    pieces; `vat_on_top`: VAT is not in the prices. `currency` is the one the shop sells in.
    `external_order` keeps the portal's discounts and coupons off the bot's orders.
    """

    iblock_id: str
    price_type_id: str
    person_type_id: str
    pay_systems: Mapping[PaymentKind, str]
    delivery_id: str
    services: Sequence[DeliveryService] = ()
    address_property_id: str
    phone_property_id: str = ""
    eta_property_id: str = ""
    slot_property_id: str = ""
    article_property: str = ""
    analogues_property: str = ""
    accessories_property: str = ""
    ean_property: str = ""
    offers_iblock_id: str = ""
    offers_article_property: str = ""
    offers_ean_property: str = ""
    variation_properties: Sequence[str] = ()
    currency: str = "RUB"
    buyer_user_id: str = ""
    site: str = "s1"
    returns_entity_type_id: str = ""
    returns_category_id: str = ""
    returns_field_prefix: str = ""
    disk_folder_id: str = ""
    status_map: Mapping[str, Status] = field(default_factory=dict)
    return_stage_map: Mapping[str, Status] = field(default_factory=dict)
    deal_stage_map: Mapping[str, Status] = field(default_factory=dict)
    phases: bool = False
    stores: int = 10
    price_ranges: int = 10
    inventory: bool = True
    units: bool = False
    vat_on_top: bool = False
    external_order: bool = False

    def buyer(self, buyer_id: str) -> str | None:
        """Return the portal user that orders of a master are made for; None: the portal's anonymous one."""
        return self.buyer_user_id or (buyer_id if buyers.contact_of(buyer_id) is None else None)

    def kind_of(self, pay_system_id: str) -> PaymentKind | None:
        """Return which kind of payment a pay system is for."""
        return next((kind for kind, known in self.pay_systems.items() if known == pay_system_id), None)
