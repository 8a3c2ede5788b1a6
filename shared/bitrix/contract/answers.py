"""What the spec's answers say of something just made, and in the portal's own codes."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from shared.bitrix.errors import UnknownStatus
from shared.bitrix.fields import find, need_id
from shared.status import Status

log = logging.getLogger(__name__)


def made_id(result: object, wrapper: str, name: str) -> str:
    """Return the id of something just made: bare, `{"ORDER_ID": …}`, `{"id": …}` or `{"order": {"id": …}}`."""
    if isinstance(result, Mapping):
        inner = find(result, wrapper)
        return need_id(inner if isinstance(inner, Mapping) else result, name, "ID")
    return need_id({name: result}, name)


def known_status(code: str, statuses: Mapping[str, Status]) -> Status | None:
    """Return what a code means; `statuses` are the portal's own codes, in small letters. None for others."""
    return statuses.get(code.casefold()) or Status.__members__.get(code.upper())


def status_of(code: str, statuses: Mapping[str, Status]) -> Status:
    """Return the same; `UnknownStatus` for others."""
    found = known_status(code, statuses)
    if found is not None:
        return found
    error = UnknownStatus(code)
    log.error("an order or a return has the unknown status %s; add it to BITRIX_STATUS_MAP", error.status)
    raise error
