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
from shared.bitrix.encoding import Reference, as_sent
from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, find, flag, listed, moment, need_id, text
from shared.bitrix.native.blocks import Block, blocks, goods_block, offers_block
from shared.bitrix.native.goods_rows import parent_of
from shared.bitrix.native.price_rows import bound
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.portal import Answer, Command
from shared.bitrix.sensible import Reader, left_out, sensible

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
_OF_PARENTS = ("id", "iblockId", "active", "dateActiveFrom", "dateActiveTo")


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
    """Ask for the rows of up to 50 products, in every information block that goods lie in.

    And for the products that these are variations of, whose ids the portal takes from its own answer.
    """
    ids = [as_sent(one) for one in product_ids]
    lists = {f"goods{n}": _list(block, ids, _FIELDS) for n, block in enumerate(blocks(settings))}
    if offers_block(settings):
        lists["goods1"] = _list(blocks(settings)[1], ids, (*_FIELDS, "parentId"))
        lists["parents"] = parents_list(settings, "goods1", len(ids))
    return lists


def parents_list(settings: NativeSettings, key: str, rows: int, more: Sequence[str] = ()) -> Command:
    """Ask for the products that the first so many rows of a list are variations of. A row more finds nothing.

    `more` are further fields to tell of them.
    """
    way = [("products", place, "parentId", "value") for place in range(rows)]
    return _list(goods_block(settings), [Reference(key, path, lead="0") for path in way], (*_OF_PARENTS, *more))


def _list(block: Block, ids: Sequence[object], fields: Sequence[str]) -> Command:
    return Command(_METHOD, {"select": list(fields), "filter": {"iblockId": as_sent(block.id), "id": ids}})


def goods_on_sale(answers: Mapping[str, Answer], product_ids: Sequence[str], now: datetime) -> dict[str, GoodsState]:
    """Return the products that are sold now. `BadAnswer` when the portal dropped the filter."""
    lists = [answer for key, answer in answers.items() if key.startswith("goods")]
    found = sensible([row for answer in lists for row in listed(answer, "products")], _METHOD, _NEEDED)
    if any(need_id(row, "id") not in product_ids for row in found):
        raise BadAnswer("the products are other ones than asked: the portal dropped the filter")
    off = parents_off_sale(answers.get("parents"), now)
    return {need_id(row, "id"): _state(row) for row in found if _is_on_sale(row, now) and parent_of(row) not in off}


def parents_off_sale(answer: Answer | None, now: datetime) -> frozenset[str]:
    """Return the products whose variations are not sold now. What is not told of one has nothing against it."""
    if answer is None or answer.error is not None:
        return frozenset()
    rows = sensible(listed(answer, "products"), _METHOD, {name: _NEEDED[name] for name in ("id", "active")})
    return frozenset(need_id(row, "id") for row in rows if not _is_on_sale(row, now))


def _is_on_sale(row: Row, now: datetime) -> bool:
    return is_in_time(row, now) and flag(find(row, "active"), "active")


def is_in_time(row: Row, now: datetime) -> bool:
    """Tell whether an active product is so today; both of its days, if it has them, are part of that time.

    A day that makes no sense is none: the portal has the last word at the order.
    """
    first, last = _day(row, "dateActiveFrom"), _day(row, "dateActiveTo")
    return (first is None or first <= now) and (last is None or now <= last)


def _day(row: Row, name: str) -> datetime | None:
    found = moment(row, name)
    if found is None and find(row, name) not in (None, ""):
        left_out(_METHOD, name)
    return found


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


_NEEDED: Mapping[str, Reader] = {
    "id": lambda row: need_id(row, "id"),
    "iblockId": lambda row: need_id(row, "iblockId"),
    "active": lambda row: flag(find(row, "active"), "active"),
    "quantity": lambda row: bound(row, "quantity"),
    "measure": lambda row: id_or_none(row, "measure"),
    "vatId": lambda row: id_or_none(row, "vatId"),
    "vatIncluded": lambda row: flag(find(row, "vatIncluded") or "N", "vatIncluded"),
}
"""What a row is nothing without."""
