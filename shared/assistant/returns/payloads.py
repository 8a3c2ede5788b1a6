"""The payloads of the jobs that make a return: its goods, its photos, the return itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from shared.assistant.job_handler import ChatPayload
from shared.domain.orders import OrderRef
from shared.domain.return_drafts import ReturnDraft
from shared.pipeline.payloads import UNLESS_DEFAULT, stored_as


@dataclass(frozen=True)
class ListGoodsPayload(ChatPayload):
    """Who asks what of an order may come back, and what people call it."""

    user_id: int
    order: str
    account_number: str = field(default="", metadata=UNLESS_DEFAULT)

    @property
    def ref(self) -> OrderRef:
        """The order."""
        return OrderRef(self.order, self.account_number)


@dataclass(frozen=True)
class UploadPhotoPayload(ChatPayload):
    """One photo of a draft: Telegram's file, its name on the Disk, its place, which try this is.

    `until` says as ISO 8601 until when Telegram is asked for the bytes.
    """

    draft: str
    order: str
    user_id: int
    index: int
    file_id: str
    name: str
    until: str
    attempt: int = field(metadata=stored_as("try"))
    account_number: str = field(default="", metadata=UNLESS_DEFAULT)

    @property
    def number(self) -> str:
        """What people call the order."""
        return self.account_number or self.order

    @property
    def deadline(self) -> datetime:
        """`until` as a moment. ValueError when it is none."""
        return datetime.fromisoformat(self.until)


@dataclass(frozen=True)
class RegisterReturnPayload(ChatPayload):
    """The draft as it was when its photos were settled, the return's idempotency key, which try this is."""

    draft: ReturnDraft
    key: str
    attempt: int = field(metadata=stored_as("try"))
