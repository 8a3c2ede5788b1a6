"""The timeline of CRM records over REST, as far as comments go: `crm.timeline.comment.add`.

See shared/bitrix/CORE.md, «10. Timeline».
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from infra.local.portal.dialect import Call, Method, Reply
from infra.local.portal.errors import RestError, missing
from infra.local.portal.native.contact_book import ContactBook
from infra.local.portal.native.deal_book import DealBook
from infra.local.portal.native.reading import php_int, text_of
from infra.local.portal.params import Params

_FIRST_COMMENT = 7001


@dataclass(frozen=True)
class TimelineComment:
    """A comment in the timeline of a record: a `deal` or a `contact`, by its id."""

    id: int
    owner_type: str
    owner_id: int
    text: str


class Timeline:
    """The comments, oldest first, and who may have some."""

    def __init__(self, contacts: ContactBook, deals: DealBook) -> None:
        self._owners: Mapping[str, Callable[[int], object | None]] = {"contact": contacts.get, "deal": deals.get}
        self.comments: list[TimelineComment] = []

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {"crm.timeline.comment.add": Method(self.add, modifies=True, scope="crm")}

    def add(self, call: Call) -> Reply:
        """`crm.timeline.comment.add`: answers the bare id."""
        given = _fields(call.params)
        for name in ("ENTITY_ID", "ENTITY_TYPE"):
            if not given.has(name):
                raise missing(given.name(name))
        owner_type, owner_id = text_of(given, "ENTITY_TYPE"), php_int(given.raw("ENTITY_ID"))
        find = self._owners.get(owner_type)
        if find is None or find(owner_id) is None:
            raise RestError("OWNER_NOT_FOUND", "Owner was not found")
        if not text_of(given, "COMMENT"):
            raise RestError("INVALID_ARG_VALUE", "Comment is empty")
        comment = TimelineComment(_FIRST_COMMENT + len(self.comments), owner_type, owner_id, text_of(given, "COMMENT"))
        self.comments.append(comment)
        return Reply(comment.id)


def _fields(params: Params) -> Params:
    if not params.has("fields"):
        raise missing("fields")
    return params.section("fields")
