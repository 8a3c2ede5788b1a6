"""The settings of a portal that offers the spec's methods: what differs from portal to portal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from shared.domain.deliveries import DeliveryService
from shared.domain.orders import PaymentKind
from shared.status import Status


@dataclass(frozen=True, kw_only=True)
class ContractSettings:
    """The portal's own ids; all are text, as in our settings.

    `pay_systems` has the portal's pay system of each kind of payment, `delivery_id` its delivery service, `services`
    those that masters may choose from, none where all orders go by that one. The address, the phone and the comment go
    into order properties of these names (or ids). `status_map` translates the portal's own status codes; the ten words
    of the spec need no translation. `quote_by_lists` asks for prices and stock with the
    spec's second way, where `stores` is how many stores a product may lie in at most. `currency` is the one the shop
    sells in, `return_method` the one of the spec's two that the portal has.
    """

    pay_systems: Mapping[PaymentKind, str]
    delivery_id: str
    services: Sequence[DeliveryService] = ()
    address_property: str = "ADDRESS"
    phone_property: str = "PHONE"
    comment_property: str = "COMMENT"
    status_map: Mapping[str, Status] = field(default_factory=dict)
    quote_by_lists: bool = False
    currency: str = "RUB"
    stores: int = 10
    return_method: Literal["app.rma.add", "sale.orderreserves.add"] = "app.rma.add"
    disk_folder_id: str = ""

    @property
    def statuses(self) -> Mapping[str, Status]:
        """The portal's own codes, in small letters."""
        return {code.casefold(): status for code, status in self.status_map.items()}
