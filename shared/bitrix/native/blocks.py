"""The information blocks that goods lie in, and how a page of one is asked for.

Products lie in one block, the variations of those that have any in another, with properties of their own
(shared/bitrix/README.md, «Variations»).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.bitrix.encoding import as_sent
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.portal import Answer, Command

_FIELDS = ("id", "iblockId", "name", "code", "type", "detailPicture", "quantityTrace", "canBuyZero")
_BY_ID: Mapping[str, str] = {"id": "asc"}


@dataclass(frozen=True)
class Block:
    """A block: its id, its property with the article ("" for none), and what else is read of each row.

    `prefix` is what the keys of commands about it begin with; `traits` are the properties that tell variations apart;
    `ean` is the property with the number under a barcode, "" for none.
    """

    id: str
    article: str
    prefix: str = ""
    more: Sequence[str] = ()
    traits: Sequence[str] = ()
    ean: str = ""

    def page(
        self,
        narrowed: Mapping[str, Any],
        start: int,
        order: Mapping[str, str] = _BY_ID,
        more: Sequence[str] = (),
        method: str = "catalog.product.list",
    ) -> Command:
        """Ask for a page of the active goods, narrowed by these filters; `more` are further fields to tell."""
        own = (self.article,) if self.article else ()
        filters = {"iblockId": as_sent(self.id), "active": "Y", **narrowed}
        select = [*_FIELDS, *self.more, *more, *own, *self.traits]
        return Command(method, {"select": select, "filter": filters, "order": dict(order), "start": start})


def goods_block(settings: NativeSettings) -> Block:
    """Return the block of the products."""
    return Block(settings.iblock_id, settings.article_property, ean=settings.ean_property)


def offers_block(settings: NativeSettings) -> Block | None:
    """Return the block of the variations, None where goods have none."""
    if not settings.offers_iblock_id:
        return None
    article, traits = settings.offers_article_property, tuple(settings.variation_properties)
    return Block(settings.offers_iblock_id, article, "offer_", ("parentId",), traits, settings.offers_ean_property)


def blocks(settings: NativeSettings) -> Sequence[Block]:
    """Return all blocks of goods, that of the products first."""
    offers = offers_block(settings)
    return [goods_block(settings), offers] if offers else [goods_block(settings)]


def has_page(answer: Answer, start: int) -> bool:
    """Tell whether a list goes as far as this: a start beyond its last page brings the first one again."""
    return start == 0 or answer.total is None or answer.total > start
