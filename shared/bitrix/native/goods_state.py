"""The goods' own rows in a quote: whether they are sold today, how many there are, their unit and VAT.

Orders look at the same: the portal lets nothing be ordered that is not active today, and compares quantities with the
product's own, which with inventory management is what the active stores hold without what is reserved
(shared/bitrix/CORE.md, «5. Catalogue»).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shared.bitrix.descriptions import on_order
from shared.bitrix.encoding import as_sent
from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, find, flag, moment, need_id, text
from shared.bitrix.native.answers import listed
from shared.bitrix.native.blocks import blocks
from shared.bitrix.native.price_rows import bound
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.portal import Answer, Command
from shared.bitrix.sensible import Reader, sensible

_METHOD = "catalog.product.list"
_NOTHING: Sequence[object] = (None, "", 0, "0")
_FIELDS = (
    "id",
    "iblockId",
    "active",
    "dateActiveFrom",
    "dateActiveTo",
    "quantity",
    "canBuyZero",
    "quantityTrace",
    "measure",
    "vatId",
    "vatIncluded",
)


@dataclass(frozen=True)
class GoodsState:
    """What a product's row says beside its words.

    `quantity` is what lies ready to be ordered, `counted` whether orders lessen it, `on_order` whether more than that
    can be ordered. `measure` is the id of its unit, `vat_id` that of its VAT, both "" for the usual ones of the shop
    and of the information block. `net`: VAT comes on top of its prices.
    """

    block: str
    quantity: Decimal
    counted: bool
    on_order: bool
    measure: str
    vat_id: str
    net: bool


def goods_lists(settings: NativeSettings, product_ids: Sequence[str]) -> dict[str, Command]:
    """Ask for the rows of up to 50 products, in every information block that goods lie in."""
    ids = [as_sent(one) for one in product_ids]
    return {
        f"goods{n}": Command(_METHOD, {"select": list(_FIELDS), "filter": {"iblockId": as_sent(block.id), "id": ids}})
        for n, block in enumerate(blocks(settings))
    }


def goods_on_sale(answers: Mapping[str, Answer], product_ids: Sequence[str], now: datetime) -> dict[str, GoodsState]:
    """Return the products that are sold now. `BadAnswer` when the portal dropped the filter."""
    lists = [answer for key, answer in answers.items() if key.startswith("goods")]
    found = sensible([row for answer in lists for row in listed(answer, "products")], _METHOD, _NEEDED)
    if any(need_id(row, "id") not in product_ids for row in found):
        raise BadAnswer("the products are other ones than asked: the portal dropped the filter")
    return {need_id(row, "id"): _state(row) for row in found if _is_on_sale(row, now)}


def _is_on_sale(row: Row, now: datetime) -> bool:
    return is_in_time(row, now) and flag(find(row, "active"), "active")


def is_in_time(row: Row, now: datetime) -> bool:
    """Tell whether an active product is so today; both of its days, if it has them, are part of that time."""
    first, last = moment(row, "dateActiveFrom"), moment(row, "dateActiveTo")
    return (first is None or first <= now) and (last is None or now <= last)


def _state(row: Row) -> GoodsState:
    return GoodsState(
        block=need_id(row, "iblockId"),
        quantity=max(Decimal(0), bound(row, "quantity")),
        counted=text(row, "quantityTrace").upper() != "N",
        on_order=on_order(row),
        measure=id_or_none(row, "measure"),
        vat_id=id_or_none(row, "vatId"),
        net=not flag(find(row, "vatIncluded") or "N", "vatIncluded"),
    )


def id_or_none(row: Row, name: str) -> str:
    """Return an id, "" where the portal has none."""
    return "" if find(row, name) in _NOTHING else need_id(row, name)


def _date(name: str) -> Reader:
    def read(row: Row) -> None:
        if text(row, name) and moment(row, name) is None:
            raise BadAnswer(f"{name} is no moment")

    return read


_NEEDED: Mapping[str, Reader] = {
    "id": lambda row: need_id(row, "id"),
    "iblockId": lambda row: need_id(row, "iblockId"),
    "active": lambda row: flag(find(row, "active"), "active"),
    "dateActiveFrom": _date("dateActiveFrom"),
    "dateActiveTo": _date("dateActiveTo"),
    "quantity": lambda row: bound(row, "quantity"),
    "measure": lambda row: id_or_none(row, "measure"),
    "vatId": lambda row: id_or_none(row, "vatId"),
    "vatIncluded": lambda row: flag(find(row, "vatIncluded") or "N", "vatIncluded"),
}
"""What a row is nothing without."""
