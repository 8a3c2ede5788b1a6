"""Whether a product that no store holds can be ordered all the same (bitrix24 reference §5.3)."""

from __future__ import annotations

from shared.bitrix.fields import Row, text


def on_order(row: Row) -> bool:
    """Tell by a product's row: «N» for `canBuyZero` while its stock is counted means that it is sold from stock only.

    It is a setting of the product, not its stock, so it may be remembered. «D», the shop's default, and a portal that
    does not tell (the spec's table has no such field) are taken for a yes: the portal has the last word at the order.
    """
    return text(row, "canBuyZero").upper() != "N" or text(row, "quantityTrace").upper() == "N"
