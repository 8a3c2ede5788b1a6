"""What an order costs at the portal against what its master confirmed, part by part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from shared.domain import money
from shared.domain.cart_lines import CartLine
from shared.domain.checkout_changes import PriceChange
from shared.domain.checkouts import Checkout
from shared.domain.order_progress import OrderProgress


@dataclass(frozen=True)
class TotalDifference:
    """The portal's total is not the one confirmed. Sums are in the order's currency.

    `repriced` are the lines at the portal's price, `delivery` is what bringing them costs beyond what was confirmed.
    """

    confirmed: Decimal
    total: Decimal
    repriced: tuple[PriceChange, ...] = ()
    delivery: Decimal = Decimal(0)

    @property
    def rest(self) -> Decimal:
        """What is in the difference and neither delivery nor a line's price: a tax, a discount on the whole order."""
        lines = sum((change.line.total - _before(change).total for change in self.repriced), Decimal(0))
        return self.total - self.confirmed - self.delivery - lines


def difference(checkout: Checkout, made: OrderProgress) -> TotalDifference | None:
    """Return what the portal charges otherwise than was confirmed; None when the sum is the same, or was not told."""
    if made.total is None or money.rounded(made.total) == money.rounded(checkout.total):
        return None
    charged = ((line, made.prices.get(line.product_id, line.price)) for line in checkout.lines)
    repriced = (PriceChange(replace(line, price=price), line.price) for line, price in charged if price != line.price)
    return TotalDifference(checkout.total, made.total, tuple(repriced), made.delivery - checkout.delivery_price)


def _before(change: PriceChange) -> CartLine:
    return replace(change.line, price=change.old)
