"""What a caller reads at setup: reference data of the shop and of itself.

`sale.paysystem.*` and `sale.delivery.*` take UPPERCASE parameters and answer with a bare array.

See shared/bitrix/README.md, «Goods», «What a portal is set up with», «Rights and keys».
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from infra.local.clock import Clock
from infra.local.portal.dialect import Call, Method, Reply
from infra.local.portal.errors import missing
from infra.local.portal.native.constants import ORDER_STATUSES, order_properties, pay_systems, shipment_statuses
from infra.local.portal.native.families import DELIVERIES, ENTITY, PAY_SYSTEMS, VIEW
from infra.local.portal.native.field_kinds import fields
from infra.local.portal.native.listing import Listing
from infra.local.portal.native.order_repository import Ledger
from infra.local.portal.options import PortalOptions
from infra.local.portal.timing import iso

_PERSON_TYPES = Listing("personTypes", fields(ints="id sort", texts="lid name code", flags="active"), VIEW)
_PROPERTIES = Listing(
    "properties",
    fields(ints="id personTypeId", texts="code name type", flags="required active multiple isAddress isPhone"),
    ENTITY,
)
_VARIANTS = Listing("propertyVariants", fields(ints="id orderPropsId sort", texts="name value description"), VIEW)
_STATUSES = Listing("statuses", fields(ints="sort", texts="id type color xmlId", flags="notify"), VIEW)
_STATUS_NAMES = Listing("statusLangs", fields(texts="statusId lid name description"), VIEW)
_PAY_SYSTEMS = Listing(
    "",
    fields(
        ints="ID PERSON_TYPE_ID SORT",
        texts="NAME PSA_NAME DESCRIPTION ACTION_FILE ENTITY_REGISTRY_TYPE XML_ID",
        flags="ACTIVE IS_CASH NEW_WINDOW",
    ),
    PAY_SYSTEMS,
)
_DELIVERIES = Listing(
    "", fields(ints="ID PARENT_ID SORT LOGOTIP", texts="NAME DESCRIPTION CURRENCY", flags="ACTIVE"), DELIVERIES
)


def _of_controller(method: str) -> bool:
    """Say whether a method is a controller's action; all others stand in a table."""
    return method.startswith(("catalog.", "sale.", "salescenter.", "crm.item", "crm.type", "crm.category")) and (
        not method.startswith(("sale.paysystem.", "sale.delivery."))
    )


class ReferenceMethods:
    """The methods about what the portal is set up with."""

    def __init__(self, options: PortalOptions, ledger: Ledger, clock: Clock) -> None:
        self._options = options
        self._ledger = ledger
        self._clock = clock
        self.known: frozenset[str] = frozenset()
        """Names of all methods of the portal, for `method.get`."""

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "sale.persontype.list": Method(self.person_types, scope="sale"),
            "sale.property.list": Method(self.properties, scope="sale"),
            "sale.propertyvariant.list": Method(self.variants, scope="sale"),
            "sale.status.list": Method(self.statuses, scope="sale"),
            "sale.statuslang.list": Method(self.status_names, scope="sale"),
            "sale.paysystem.list": Method(self.pay_systems, scope="pay_system"),
            "sale.delivery.getlist": Method(self.deliveries, scope="sale"),
            "crm.currency.list": Method(self.currencies, scope="crm"),
            "scope": Method(self.scopes),
            "method.get": Method(self.method),
            "server.time": Method(self.time),
            "profile": Method(self.profile),
            "app.info": Method(self.application),
        }

    def person_types(self, call: Call) -> Reply:
        """`sale.persontype.list`."""
        native = self._options.native
        row = {
            "id": native.person_type_id,
            "lid": native.site,
            "name": "Физическое лицо",
            "code": "CRM_CONTACT",
            "sort": 100,
            "active": "Y",
        }
        return _PERSON_TYPES.under(self._options.native).reply(call.params, [row])

    def properties(self, call: Call) -> Reply:
        """`sale.property.list`."""
        rows = [
            {
                "id": one.id,
                "personTypeId": self._options.native.person_type_id,
                "code": one.code,
                "name": one.name,
                "type": one.type,
                "required": "N",
                "multiple": "N",
                "active": "Y",
                "isAddress": "Y" if one.is_address else "N",
                "isPhone": "Y" if one.is_phone else "N",
            }
            for one in order_properties(self._options).values()
            if one.id != self._options.native.slot_property or self._ledger.slots
        ]
        return _PROPERTIES.reply(call.params, rows)

    def variants(self, call: Call) -> Reply:
        """`sale.propertyvariant.list`: the hours of delivery (shared/bitrix/CORE.md, «12. Delivery»)."""
        rows = [
            {
                "id": number,
                "orderPropsId": self._options.native.slot_property,
                "name": name,
                "value": f"S{number}",
                "sort": 100 * number,
                "description": "",
            }
            for number, name in enumerate(self._ledger.slots, start=1)
        ]
        return _VARIANTS.under(self._options.native).reply(call.params, rows)

    def statuses(self, call: Call) -> Reply:
        """`sale.status.list`: those of orders (type O) and of shipments (type D)."""
        return _STATUSES.under(self._options.native).reply(call.params, list(self._statuses()))

    def status_names(self, call: Call) -> Reply:
        """`sale.statusLang.list`: what they are called (`sale-status-lang-list.md` of b24restdocs)."""
        names = {**ORDER_STATUSES, **shipment_statuses(self._options)}
        rows = [{"statusId": code, "lid": "ru", "name": name, "description": ""} for code, name in names.items()]
        return _STATUS_NAMES.under(self._options.native).reply(call.params, rows)

    def _statuses(self) -> Iterator[dict[str, Any]]:
        both = (("O", ORDER_STATUSES), ("D", shipment_statuses(self._options)))
        for kind, names in both:
            for place, status in enumerate(names, start=1):
                yield {"id": status, "type": kind, "notify": "Y", "color": "", "sort": 100 * place, "xmlId": ""}

    def pay_systems(self, call: Call) -> Reply:
        """`sale.paysystem.list`."""
        return _PAY_SYSTEMS.reply(call.params, pay_systems(self._options).values())

    def deliveries(self, call: Call) -> Reply:
        """`sale.delivery.getlist`."""
        return _DELIVERIES.reply(call.params, self._ledger.deliveries.rows())

    def currencies(self, _call: Call) -> Reply:
        """`crm.currency.list`."""
        rouble = {"CURRENCY": "RUB", "AMOUNT_CNT": "1", "AMOUNT": "1.0000", "SORT": "100", "BASE": "Y", "LID": "ru"}
        return Reply([rouble], total=1)

    def scopes(self, _call: Call) -> Reply:
        """`scope`: what the webhook or application may do."""
        return Reply(list(self._options.native.scopes))

    def method(self, call: Call) -> Reply:
        """`method.get`: whether a method exists and may be called."""
        if not call.params.has("name"):
            raise missing("name")
        name = str(call.params.raw("name"))
        known = self._exists(name) if self._options.native.core_rules else name.lower() in self.known
        return Reply({"isExisting": known, "isAvailable": known})

    def _exists(self, name: str) -> bool:
        """Say what the core says: methods of its table are found as they are written there, in small letters.

        For all others it looks whether their controller is there, and never for the action.
        """
        controllers = {one.rpartition(".")[0] for one in self.known if _of_controller(one)}
        return name in self.known or name.lower().rpartition(".")[0] in controllers

    def time(self, _call: Call) -> Reply:
        """`server.time`."""
        return Reply(iso(self._clock.now()))

    def profile(self, _call: Call) -> Reply:
        """`profile`: whom the caller acts as."""
        return Reply(
            {
                "ID": self._options.webhook_user,
                "ADMIN": True,
                "NAME": "Служба",
                "LAST_NAME": "Заказов",
                "PERSONAL_GENDER": "",
                "PERSONAL_PHOTO": "",
                "TIME_ZONE": "Europe/Moscow",
                "TIME_ZONE_OFFSET": 0,
            }
        )

    def application(self, call: Call) -> Reply:
        """`app.info`: of a webhook the portal tells less (shared/bitrix/CORE.md, «7. Counted before launch»)."""
        licence = f"{self._options.native.region}_basic"
        if not call.caller.is_application:
            return Reply({"SCOPE": list(self._options.native.scopes), "LICENSE": licence})
        oauth = self._options.oauth
        return Reply(
            {
                "ID": 1,
                "CODE": oauth.client_id,
                "VERSION": 1,
                "STATUS": "L",
                "INSTALLED": True,
                "PAYMENT_EXPIRED": "N",
                "DAYS": None,
                "LANGUAGE_ID": "ru",
                "LICENSE": licence,
            }
        )
