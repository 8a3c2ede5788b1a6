"""`sale.payment.*` and the public link of a payment."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlencode

from infra.local.portal.dialect import Call, Method, Reply
from infra.local.portal.errors import RestError
from infra.local.portal.native.constants import pay_systems
from infra.local.portal.native.families import ENTITY
from infra.local.portal.native.field_kinds import fields as kinds
from infra.local.portal.native.finding import find_order, find_payment
from infra.local.portal.native.listing import Listing, render
from infra.local.portal.native.model import Payment
from infra.local.portal.native.order_repository import Ledger
from infra.local.portal.native.order_views import OrderViews
from infra.local.portal.native.reading import fields_of, flag_of, number, php_int, require, text_of
from infra.local.portal.options import PortalOptions
from infra.local.portal.params import Params

PAYMENTS = Listing(
    "payments",
    kinds(
        ints="id orderId paySystemId",
        floats="sum",
        texts="accountNumber xmlId",
        flags="paid isReturn paySystemIsCash",
        moments="datePaid dateBill",
    ),
    ENTITY,
)

_QR = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
"""A white dot as PNG in base64: nobody scans it."""


class PaymentMethods:
    """The methods about payments."""

    def __init__(self, options: PortalOptions, ledger: Ledger, views: OrderViews) -> None:
        self._ledger = ledger
        self._views = views
        self._pay_systems = pay_systems(options)

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "sale.payment.add": Method(self.add, modifies=True, scope="sale"),
            "sale.payment.update": Method(self.update, modifies=True, scope="sale"),
            "sale.payment.get": Method(self.get, scope="sale"),
            "sale.payment.list": Method(self.list, scope="sale"),
            "salescenter.payment.getpublicurl": Method(self.public_url, scope="salescenter"),
        }

    def add(self, call: Call) -> Reply:
        """Add a payment. The sum is what the caller says, zero when he says nothing."""
        fields = fields_of(call.params)
        require(fields, "orderId", "paySystemId")
        order = find_order(self._ledger, php_int(fields.raw("orderId")))
        system = self._pay_system(fields)
        amount = number(fields.raw("sum")) or Decimal(0)
        payment = self._ledger.add_payment(order, system, amount, text_of(fields, "xmlId"))
        self._write(payment, fields)
        self._ledger.payment_saved(order, payment)
        return self._one(payment)

    def update(self, call: Call) -> Reply:
        """Change a payment; the pay system must be named again."""
        order, payment = find_payment(self._ledger, call.params)
        fields = fields_of(call.params)
        require(fields, "paySystemId")
        payment.pay_system_id = self._pay_system(fields)
        amount = number(fields.raw("sum"))
        payment.amount = payment.amount if amount is None else amount
        self._write(payment, fields)
        self._ledger.payment_saved(order, payment)
        return self._one(payment)

    def _write(self, payment: Payment, fields: Params) -> None:
        payment.comments = text_of(fields, "comments", payment.comments)
        if fields.has("paid"):
            self._ledger.set_paid(payment, paid=flag_of(fields, "paid"))

    def _pay_system(self, fields: Params) -> int:
        number_ = php_int(fields.raw("paySystemId"))
        if number_ not in self._pay_systems:
            raise RestError("SALE_PAYMENT_WRONG_PAYMENT_SERVICE", "Wrong payment service")
        return number_

    def _one(self, payment: Payment) -> Reply:
        return Reply({"payment": render(self._views.payment(payment))})

    def get(self, call: Call) -> Reply:
        """Return one payment; the way from a payment's event to its order."""
        return self._one(find_payment(self._ledger, call.params)[1])

    def list(self, call: Call) -> Reply:
        """Return a page of payments."""
        rows = [self._views.payment(payment) for order in self._ledger.all() for payment in order.payments]
        return PAYMENTS.reply(call.params, rows)

    def public_url(self, call: Call) -> Reply:
        """Return the link a payment is paid by; both addresses hold its secret."""
        _order, payment = find_payment(self._ledger, call.params)
        short = f"{call.host}/pay/{payment.pay_token}"
        query = urlencode({"orderId": payment.order_id, "paymentId": payment.id})
        return Reply({"payment": {"url": f"{short}?{query}", "shortUrl": short, "qr": _QR}})
