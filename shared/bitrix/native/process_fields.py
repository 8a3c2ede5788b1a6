"""Own fields of a smart process, made for whoever sets a portal up.

See shared/bitrix/CORE.md, «11. Own fields of a process».
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from shared.bitrix.fields import need_id, one
from shared.bitrix.portal import Answer, Command, Operation

METHOD = "userfieldconfig.add"
_WORD = re.compile(r"[A-Z][a-z]*")


@dataclass(frozen=True)
class ProcessField:
    """A text field: what it is for in `crm.item.*` (`OrderId`), what people see, whether it holds many texts."""

    name: str
    label: str
    is_multiple: bool = False

    def item_name(self, process_number: str) -> str:
        """Return its name in `crm.item.*`: `ufCrm12OrderId`."""
        return f"ufCrm{process_number}{self.name}"

    def code(self, process_number: str) -> str:
        """Return its code at the portal: `UF_CRM_12_ORDER_ID`."""
        return "_".join((f"UF_CRM_{process_number}", *(word.upper() for word in _WORD.findall(self.name))))


FIELDS = (
    ProcessField("OrderId", "Заказ"),
    ProcessField("Reason", "Причина возврата"),
    ProcessField("Items", "Товары"),
    ProcessField("DiskFiles", "Фото на Диске", is_multiple=True),
    ProcessField("RejectReason", "Причина отказа"),
)
"""What the process of returns needs (`returns.OWN_FIELDS`)."""


def add_field(process_number: str, field: ProcessField) -> Operation[str]:
    """`userfieldconfig.add`; return the field's id. A second one of the same code is refused by the portal."""
    wanted = {
        "entityId": f"CRM_{process_number}",
        "fieldName": field.code(process_number),
        "userTypeId": "string",
        "multiple": "Y" if field.is_multiple else "N",
        "editFormLabel": {"ru": field.label},
    }
    return Operation({"field": Command(METHOD, {"moduleId": "crm", "field": wanted})}, _made)


def _made(answers: Mapping[str, Answer]) -> str:
    return need_id(one(answers["field"], "field"), "id")
