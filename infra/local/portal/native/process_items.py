"""The items of the smart process «returns»: their stages and own fields."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import count
from typing import Any

from infra.local.clock import Clock
from infra.local.portal.errors import RestError
from infra.local.portal.native.events import NativeEvents
from infra.local.portal.native.reading import text_of
from infra.local.portal.options import PortalOptions
from infra.local.portal.params import Params
from shared.status import Status

FIRST_ITEM = 342
_FILE_IDS = 60_001
_NAME_AND_CONTENT = 2


class Stage(StrEnum):
    """The stages of the funnel, in their order; the full id has the funnel before it (`DT1038_12:NEW`)."""

    NEW = "NEW"
    CHECK = "CHECK"
    SUCCESS = "SUCCESS"
    FAIL = "FAIL"

    @property
    def label(self) -> str:
        """What the portal's people see."""
        return _LABELS[self]


_LABELS: Mapping[Stage, str] = {
    Stage.NEW: "Новый возврат",
    Stage.CHECK: "Проверка",
    Stage.SUCCESS: "Принят",
    Stage.FAIL: "Отклонён",
}

STATUS_OF: Mapping[Stage, Status] = {
    Stage.NEW: Status.RETURN_IN_PROGRESS,
    Stage.CHECK: Status.RETURN_IN_PROGRESS,
    Stage.SUCCESS: Status.RETURN_COMPLETED,
    Stage.FAIL: Status.RETURN_REJECTED,
}


@dataclass(frozen=True)
class OwnField:
    """A field of the process (`ufCrm…`)."""

    is_multiple: bool = False
    is_file: bool = False


OWN_FIELDS: Mapping[str, OwnField] = {
    "OrderId": OwnField(),
    "Items": OwnField(),
    "Reason": OwnField(),
    "RejectReason": OwnField(),
    "Phone": OwnField(),
    "DiskFiles": OwnField(is_multiple=True),
    "Photos": OwnField(is_multiple=True, is_file=True),
}


@dataclass
class Item:
    """An item; `values` are those of its own fields by their full name."""

    id: int
    title: str
    xml_id: str
    stage: Stage
    created_at: datetime
    updated_at: datetime
    values: dict[str, Any] = field(default_factory=dict)
    previous: Stage | None = None
    contact_id: int | None = None


class ProcessItems:
    """All items of the process."""

    def __init__(self, options: PortalOptions, clock: Clock, events: NativeEvents) -> None:
        self._native = options.native
        self._clock = clock
        self._events = events
        self._items: dict[int, Item] = {}
        self._ids = count(FIRST_ITEM)
        self._file_ids = count(_FILE_IDS)
        self.fields = {self.name(short): own for short, own in OWN_FIELDS.items()}

    def name(self, short: str) -> str:
        """Return the full name of an own field: `ufCrm12OrderId`."""
        return f"ufCrm{self._native.returns_type_id}{short}"

    @property
    def has_fields(self) -> bool:
        """Whether the process has every field it was thought up with."""
        return {self.name(short) for short in OWN_FIELDS} <= self.fields.keys()

    def keep_fields(self, *, kept: bool) -> None:
        """Give the process its fields, or leave it without any, as the portal's page makes it."""
        self.fields = {self.name(short): own for short, own in OWN_FIELDS.items()} if kept else {}

    def add_field(self, name: str, made: OwnField) -> bool:
        """Add a field; False when there is one of this name."""
        return self.fields.setdefault(name, made) is made

    def stage_id(self, stage: Stage) -> str:
        """Return the full id of a stage."""
        return f"DT{self._native.returns_entity_type_id}_{self._native.returns_category_id}:{stage.value}"

    def stage_of(self, stage_id: str) -> Stage | None:
        """Return the stage of a full id, or None."""
        return next((stage for stage in Stage if self.stage_id(stage) == stage_id), None)

    def all(self) -> list[Item]:
        """Return every item, oldest first."""
        return list(self._items.values())

    def get(self, item_id: int) -> Item | None:
        """Return an item, or None."""
        return self._items.get(item_id)

    def known(self, item_id: int) -> Item:
        """Return an item that is there."""
        return self._items[item_id]

    def of_order(self, order_id: str) -> list[Item]:
        """Return the returns of an order, oldest first."""
        return [item for item in self.all() if item.values.get(self.name("OrderId")) == order_id]

    def add(self, title: str, xml_id: str, values: Mapping[str, Any], stage: Stage = Stage.NEW) -> Item:
        """Make an item and announce it. `xml_id` may be another item's."""
        now = self._now()
        item = Item(next(self._ids), title, xml_id, stage, now, now, dict(values))
        self._items[item.id] = item
        self._events.item_added(item.id, self._native.returns_entity_type_id)
        return item

    def save(self, item: Item, stage: Stage) -> None:
        """Save a changed item, perhaps in another stage, and announce it."""
        if stage is not item.stage:
            item.previous, item.stage = item.stage, stage
        item.updated_at = self._now()
        self._events.item_updated(item.id, self._native.returns_entity_type_id)

    def _now(self) -> datetime:
        return self._clock.now().replace(microsecond=0)

    def read_values(self, fields: Params) -> dict[str, Any]:
        """Return the own fields that are given; names the process does not have are ignored. Raises `RestError`."""
        return {name: self._read(fields, name, own) for name, own in self.fields.items() if fields.has(name)}

    def _read(self, fields: Params, name: str, own: OwnField) -> Any:  # noqa: ANN401 - text, texts or files
        if own.is_file:
            return [self._file(one) for one in fields.values(name)]
        if own.is_multiple:
            return [str(value) for value in fields.values(name)]
        return text_of(fields, name)

    def _file(self, given: object) -> dict[str, Any]:
        """Read `["name.jpg", "<base64>"]`."""
        parts = list(given.values()) if isinstance(given, Mapping) else given
        if not isinstance(parts, list) or len(parts) != _NAME_AND_CONTENT:
            raise RestError("ERROR_ARGUMENT", "A file must be an array of a name and base64")
        try:
            base64.b64decode(str(parts[1]), validate=True)
        except (binascii.Error, ValueError):
            raise RestError("ERROR_ARGUMENT", "The content of a file must be base64") from None
        number = next(self._file_ids)
        return {"id": number, "name": str(parts[0]), "url": f"/bitrix/services/main/ajax.php?fileId={number}"}
