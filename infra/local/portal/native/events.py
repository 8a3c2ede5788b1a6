"""Events of a native portal: form posts, unsigned, without an id, never repeated."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from infra.local.clock import Clock
from infra.local.portal.hits import first_in_hit
from infra.local.portal.native.model import Payment, SaleOrder, Shipment
from infra.local.portal.options import PortalOptions
from infra.local.portal.webhooks import Delivery, WebhookSender

_FORM = "application/x-www-form-urlencoded"


class NativeEvents:
    """Announces what was saved to the outgoing webhook, as far as it is subscribed."""

    def __init__(self, options: PortalOptions, clock: Clock, webhooks: WebhookSender) -> None:
        self._options = options
        self._clock = clock
        self._webhooks = webhooks

    def order_saved(self, order: SaleOrder) -> None:
        r"""Announce a saved order: every sub-call that touches it saves it.

        `OnSaleOrderSaved` comes once for a handler and a request (`Sale\Rest\RestManager`): of many orders that are
        saved together only the first is told.
        """
        fields = {"ID": str(order.id), "XML_ID": order.xml_id, "ACTION": "save"}
        if not self._options.native.core_rules or first_in_hit("ONSALEORDERSAVED"):
            self._announce("ONSALEORDERSAVED", fields, order.id)
        self._announce("ONORDERENTITYSAVED", {"ID": str(order.id)}, order.id)

    def order_deleted(self, order: SaleOrder) -> None:
        """Announce that an order is gone."""
        fields = {"ID": str(order.id), "XML_ID": order.xml_id, "ACTION": "delete"}
        self._announce("ONSALEBEFOREORDERDELETE", fields, order.id)
        first_in_hit("ONSALEORDERSAVED")  # a request that deletes tells of no saved orders any more
        self._announce("ONORDERDELETED", {"ID": str(order.id)}, order.id)

    def payment_saved(self, payment: Payment) -> None:
        """Announce a saved payment; the event names the payment, not the order."""
        self._announce("ONPAYMENTENTITYSAVED", {"ID": str(payment.id)}, payment.order_id)

    def shipment_saved(self, shipment: Shipment) -> None:
        """Announce a saved shipment."""
        self._announce("ONSHIPMENTENTITYSAVED", {"ID": str(shipment.id)}, shipment.order_id)

    def property_saved(self, order: SaleOrder, value_id: int) -> None:
        """Announce a saved property value."""
        self._announce("ONPROPERTYVALUEENTITYSAVED", {"ID": str(value_id)}, order.id)

    def deal_updated(self, deal_id: int) -> None:
        """Announce a changed deal."""
        self._announce("ONCRMDEALUPDATE", {"ID": str(deal_id)}, f"deal {deal_id}")

    def deal_deleted(self, deal_id: int) -> None:
        """Announce that a deal is gone."""
        self._announce("ONCRMDEALDELETE", {"ID": str(deal_id)}, f"deal {deal_id}")

    def item_added(self, item_id: int, entity_type_id: int) -> None:
        """Announce a new item of a smart process."""
        self._item("ONCRMDYNAMICITEMADD", item_id, entity_type_id)

    def item_updated(self, item_id: int, entity_type_id: int) -> None:
        """Announce a changed item of a smart process."""
        self._item("ONCRMDYNAMICITEMUPDATE", item_id, entity_type_id)

    def _item(self, event: str, item_id: int, entity_type_id: int) -> None:
        self._announce(event, {"ID": str(item_id), "ENTITY_TYPE_ID": str(entity_type_id)}, f"item {item_id}")

    def _announce(self, event: str, fields: Mapping[str, str], lane: object) -> None:
        url = self._webhooks.url
        if url is None or event not in self._options.native.events:
            return
        now = self._clock.now()
        body = urlencode(self._pairs(event, fields, int(now.timestamp()))).encode()
        self._webhooks.send(Delivery("", event, fields, now, body, {"Content-Type": _FORM}), url, str(lane))

    def _pairs(self, event: str, fields: Mapping[str, str], moment: int) -> list[tuple[str, str]]:
        native = self._options.native
        host = (self._options.public_url or "http://portal.test").rstrip("/")
        auth = {
            "domain": urlsplit(host).netloc,
            "client_endpoint": f"{host}/rest/",
            "server_endpoint": f"{host}/rest/",
            "member_id": native.member_id,
            "application_token": native.application_token,
        }
        return [
            ("event", event),
            ("event_handler_id", native.event_handler_id),
            *((f"data[FIELDS][{name}]", value) for name, value in fields.items()),
            ("ts", str(moment)),
            *((f"auth[{name}]", value) for name, value in auth.items()),
        ]
