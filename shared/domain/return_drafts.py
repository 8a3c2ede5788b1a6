"""A return that a master is putting together (collection `return_drafts`, 24 h).

Its id is born with the choice of goods and travels in every button, so a second tap, an old button or a repeated update
finds the same record. The photos of an album arrive as updates of their own, side by side: each adds itself. States::

    OPEN ──«Оформить»──▶ SENDING ──all photos settled, return registered──▶ DONE
      └──«Отмена»──▶ CLOSED ◀──refused, or nobody knows──┘
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from shared.domain import quantities
from shared.domain.orders import LineItem, Order, OrderLine
from shared.domain.quantities import ONE, PIECE
from shared.domain.returns import NewReturn, Photo
from shared.domain.stored_fields import COUNT, UNLESS_DEFAULT
from shared.domain.text import shorten
from shared.store.collections import RETURN_DRAFTS
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork

MOST_PHOTOS = 10
NOTE_LIMIT = 300
"""Characters of what was written under the photos."""

MOST_GOODS = 20
"""Products that are offered: each has a row of buttons, and the text has to fit into one message."""


class DraftStage(StrEnum):
    """Where a draft stands."""

    OPEN = "open"
    SENDING = "sending"
    DONE = "done"
    CLOSED = "closed"


class ReturnReason(StrEnum):
    """What happened, as the buttons say; the master words `OTHER` himself."""

    DEFECT = "defect"
    UNSUITABLE = "unsuitable"
    WRONG = "wrong"
    OTHER = "other"


class PhotoUpload(StrEnum):
    """What became of a photo."""

    WAITING = "waiting"
    KEPT = "kept"
    LOST = "lost"


@dataclass(frozen=True)
class ReturnItem:
    """A product of the order: how much may come back, and how much shall, in which steps."""

    product_id: str
    name: str
    most: Decimal = field(metadata=COUNT)
    quantity: Decimal = field(default=Decimal(0), metadata=COUNT)
    unit: str = field(default=PIECE, metadata=UNLESS_DEFAULT)
    step: Decimal = field(default=ONE, metadata=UNLESS_DEFAULT)

    def of(self, quantity: Decimal) -> ReturnItem:
        """Return the good with this quantity coming back, in whole steps and as far as there is so much."""
        within = min(max(quantity, Decimal(0)), self.most)
        return replace(self, quantity=min(quantities.upwards(within, self.step), self.most))


@dataclass(frozen=True)
class DraftPhoto:
    """A photo as Telegram knows it; once it is on the Disk, its id there and its page."""

    file_id: str
    unique_id: str
    extension: str
    upload: PhotoUpload = PhotoUpload.WAITING
    photo_id: str = ""
    link: str = ""


@dataclass(frozen=True)
class ReturnDraft:
    """A return in the making. `message_id` is the message that shows it, None until a button of it was tapped.

    `note` is what was written under the photos: it goes to the portal behind the reason. `account_number` is what
    people call the order, "" where that is its id.
    """

    id: str
    user_id: int
    chat_id: int
    order_id: str
    goods: tuple[ReturnItem, ...]
    message_id: int | None = None
    reason: str = ""
    pictures: tuple[DraftPhoto, ...] = ()
    stage: DraftStage = DraftStage.OPEN
    note: str = ""
    account_number: str = field(default="", metadata={"unless_default": True})

    @property
    def order_number(self) -> str:
        """What people call the order."""
        return self.account_number or self.order_id

    @property
    def chosen(self) -> tuple[ReturnItem, ...]:
        """The goods that shall come back."""
        return tuple(good for good in self.goods if good.quantity)

    @property
    def ready(self) -> bool:
        """Whether nothing is missing. Photos are a parameter the spec requires (§2, row 6)."""
        return bool(self.chosen and self.reason and self.pictures)

    @property
    def full(self) -> bool:
        """Whether no more photos are taken."""
        return len(self.pictures) >= MOST_PHOTOS

    @property
    def settled(self) -> bool:
        """Whether it is known of every photo what became of it."""
        return all(picture.upload is not PhotoUpload.WAITING for picture in self.pictures)

    @property
    def lost(self) -> int:
        """How many photos did not get to the Disk."""
        return sum(picture.upload is PhotoUpload.LOST for picture in self.pictures)

    def with_quantity(self, index: int, quantity: Decimal) -> ReturnDraft:
        """Return the draft with so much of a good, as far as there is so much."""
        if not 0 <= index < len(self.goods):
            return self
        changed = self.goods[index].of(quantity)
        return replace(self, goods=(*self.goods[:index], changed, *self.goods[index + 1 :]))

    def has(self, unique_id: str) -> bool:
        """Whether this photo has been taken: the same file has the same unique id, however it was sent."""
        return any(picture.unique_id == unique_id for picture in self.pictures)

    @property
    def complaint(self) -> str:
        """What happened, in all the words there are."""
        return " — ".join(filter(None, (self.reason, self.note)))

    def with_picture(self, picture: DraftPhoto, caption: str = "") -> ReturnDraft:
        """Return the draft with one more photo and what was written under it, once, as far as there is room."""
        words = " ".join(caption.split())
        note = self.note if words in self.note else "; ".join(filter(None, (self.note, words)))
        return replace(self, pictures=(*self.pictures, picture), note=shorten(note, NOTE_LIMIT))

    def uploaded(self, index: int, photo: Photo) -> ReturnDraft:
        """Return the draft with a photo on the Disk."""
        return self._settled(index, upload=PhotoUpload.KEPT, photo_id=photo.id, link=photo.link)

    def without(self, index: int) -> ReturnDraft:
        """Return the draft with a photo given up."""
        return self._settled(index, upload=PhotoUpload.LOST)

    def _settled(self, index: int, **changes: Any) -> ReturnDraft:  # noqa: ANN401 - the fields of a picture
        changed = replace(self.pictures[index], **changes)
        return replace(self, pictures=(*self.pictures[:index], changed, *self.pictures[index + 1 :]))

    def at(self, stage: DraftStage) -> ReturnDraft:
        """Return the draft at another stage."""
        return replace(self, stage=stage)

    def wanted(self, key: str) -> NewReturn:
        """Return what is asked of the portal; `key` is the return's idempotency key."""
        return NewReturn(
            key=key,
            order_id=self.order_id,
            order_number=self.order_number,
            lines=[LineItem(good.product_id, good.quantity) for good in self.chosen],
            reason=self.complaint,
            photos=[Photo(item.photo_id, item.link) for item in self.pictures if item.upload is PhotoUpload.KEPT],
        )

    def save(self, unit: UnitOfWork) -> None:
        """Put the record into the unit (which must have read it)."""
        unit.put(key(self.id), as_data(self), ttl=RETURN_DRAFTS.kept)


def goods_of(order: Order, left: Mapping[str, Decimal]) -> tuple[ReturnItem, ...]:
    """Return what of an order may come back; a single piece is chosen at once."""
    first = {line.product_id: line for line in reversed(order.lines)}
    lines = [first[product] for product in dict.fromkeys(line.product_id for line in order.lines) if product in left]
    goods = tuple(_item(line, left[line.product_id]) for line in lines[:MOST_GOODS])
    if len(goods) == 1 and goods[0].most == goods[0].step:
        return (goods[0].of(goods[0].most),)
    return goods


def _item(line: OrderLine, most: Decimal) -> ReturnItem:
    return ReturnItem(line.product_id, line.name, most, unit=line.unit, step=quantities.step_of(most, line.unit))


def as_data(draft: ReturnDraft) -> dict[str, Any]:
    """Return the draft as plain data: of its record, and of the jobs that finish it."""
    pictures = [{**asdict(picture), "upload": str(picture.upload)} for picture in draft.pictures]
    goods = [item_data(good) for good in draft.goods]
    data = {**asdict(draft), "goods": goods, "pictures": pictures, "stage": str(draft.stage)}
    if not draft.account_number:
        del data["account_number"]  # the version before refuses what it does not know
    return data


def item_data(good: ReturnItem) -> dict[str, Any]:
    """Return a good as records hold it; what is usual is left out, for a version before knows nothing of it."""
    counts = {"most": quantities.as_data(good.most), "quantity": quantities.as_data(good.quantity)}
    usual = {"unit": PIECE, "step": "1"}
    new = {name: value for name, value in {"unit": good.unit, "step": str(good.step)}.items() if value != usual[name]}
    return {"product_id": good.product_id, "name": good.name, **counts, **new}


def item_from_data(data: Mapping[str, Any]) -> ReturnItem:
    """Read what `item_data` wrote."""
    counts = {name: quantities.from_data(data[name]) for name in ("most", "quantity")}
    return ReturnItem(**{**data, **counts, "step": Decimal(data.get("step", ONE))})


def from_data(data: Mapping[str, Any]) -> ReturnDraft:
    """Read plain data, of this version or of one before."""
    pictures = tuple(
        DraftPhoto(**{**picture, "upload": PhotoUpload(picture["upload"])}) for picture in data["pictures"]
    )
    goods = tuple(map(item_from_data, data["goods"]))
    return ReturnDraft(**{**data, "goods": goods, "pictures": pictures, "stage": DraftStage(data["stage"])})


def key(draft_id: str) -> Key:
    """Where the record lives."""
    return RETURN_DRAFTS.key(draft_id)


async def load(unit: UnitOfWork, draft_id: str) -> ReturnDraft | None:
    """Return the draft, or None when it is too old."""
    data = await unit.get(key(draft_id))
    return None if data is None else from_data(data)
