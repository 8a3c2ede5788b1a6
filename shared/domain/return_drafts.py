"""A return that a master is putting together (collection `return_drafts`, 24 h).

Its id is born with the choice of goods and travels in every button, so a second tap, an old button or a repeated update
finds the same record. The photos of an album arrive as updates of their own, side by side: each adds itself. States::

    OPEN ──«Оформить»──▶ SENDING ──all photos settled, return registered──▶ DONE
      └──«Отмена»──▶ CLOSED ◀──refused, or nobody knows──┘
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from shared.domain.orders import LineItem, Order
from shared.domain.returns import NewReturn, Photo
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
    """A product of the order: how many pieces may come back, and how many shall."""

    product_id: str
    name: str
    most: int
    quantity: int = 0


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

    def with_quantity(self, index: int, quantity: int) -> ReturnDraft:
        """Return the draft with that many pieces of a good, as far as there are so many."""
        if not 0 <= index < len(self.goods):
            return self
        good = self.goods[index]
        changed = replace(good, quantity=min(max(quantity, 0), good.most))
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


def goods_of(order: Order, left: Mapping[str, int]) -> tuple[ReturnItem, ...]:
    """Return what of an order may come back; a single piece is chosen at once."""
    names = {line.product_id: line.name for line in reversed(order.lines)}
    goods = [
        ReturnItem(line_id, names[line_id], left[line_id]) for line_id in dict.fromkeys(_ids(order)) if line_id in left
    ]
    if len(goods) == 1 and goods[0].most == 1:
        return (replace(goods[0], quantity=1),)
    return tuple(goods[:MOST_GOODS])


def _ids(order: Order) -> list[str]:
    return [line.product_id for line in order.lines]


def as_data(draft: ReturnDraft) -> dict[str, Any]:
    """Return the draft as plain data: of its record, and of the jobs that finish it."""
    pictures = [{**asdict(picture), "upload": str(picture.upload)} for picture in draft.pictures]
    goods = [asdict(good) for good in draft.goods]
    data = {**asdict(draft), "goods": goods, "pictures": pictures, "stage": str(draft.stage)}
    if not draft.account_number:
        del data["account_number"]  # the version before refuses what it does not know
    return data


def from_data(data: Mapping[str, Any]) -> ReturnDraft:
    """Read plain data."""
    pictures = tuple(
        DraftPhoto(**{**picture, "upload": PhotoUpload(picture["upload"])}) for picture in data["pictures"]
    )
    goods = tuple(ReturnItem(**good) for good in data["goods"])
    return ReturnDraft(**{**data, "goods": goods, "pictures": pictures, "stage": DraftStage(data["stage"])})


def key(draft_id: str) -> Key:
    """Where the record lives."""
    return RETURN_DRAFTS.key(draft_id)


async def load(unit: UnitOfWork, draft_id: str) -> ReturnDraft | None:
    """Return the draft, or None when it is too old."""
    data = await unit.get(key(draft_id))
    return None if data is None else from_data(data)
