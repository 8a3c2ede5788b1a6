"""`userfieldconfig.add`: own fields of the smart process, as `main/lib/controller/userfieldconfig.php` makes them.

See shared/bitrix/CORE.md, «11. Own fields of a process». What it does not know of a field is dropped without a word.
Refusals have an empty code and the portal's own sentence.
"""

from __future__ import annotations

import re

from infra.local.portal.dialect import Call, Method, Reply
from infra.local.portal.errors import RestError, missing
from infra.local.portal.native.process_items import OwnField, ProcessItems
from infra.local.portal.native.reading import section
from infra.local.portal.options import PortalOptions
from infra.local.portal.params import Params

_LONGEST = 50
_FORM = re.compile(r"[A-Z0-9_]+")
_TYPES = frozenset({"string", "integer", "double", "boolean", "datetime", "file", "url", "money", "employee"})
_FIRST_FIELD = 6953


class UserFieldMethods:
    """The one method about fields that the bot's people need."""

    def __init__(self, options: PortalOptions, items: ProcessItems) -> None:
        self._number = options.native.returns_type_id
        self._entity = f"CRM_{self._number}"
        self._items = items

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {"userfieldconfig.add": Method(self.add, modifies=True, scope="userfieldconfig")}

    def add(self, call: Call) -> Reply:
        """`userfieldconfig.add`."""
        if not call.params.has("moduleId"):
            raise missing("moduleId")
        given = Params(section(call.params, "field"), "field")
        name, kind = self._name(given), str(given.raw("userTypeId") or "")
        if kind not in _TYPES:
            raise RestError("", "The 'USER_TYPE_ID' field is not found")
        multiple = given.raw("multiple") == "Y"
        known_as = item_name(self._number, name.removeprefix(f"UF_{self._entity}_"))
        if not self._items.add_field(known_as, OwnField(is_multiple=multiple, is_file=kind == "file")):
            raise RestError("", f"Поле {name} для объекта {self._entity} уже существует.")
        row = {
            "id": str(_FIRST_FIELD + len(self._items.fields)),
            "entityId": self._entity,
            "fieldName": name,
            "userTypeId": kind,
            "multiple": "Y" if multiple else "N",
            "mandatory": "N",
            "editFormLabel": section(given, "editFormLabel"),
        }
        return Reply({"field": row})

    def _name(self, given: Params) -> str:
        """Return the field's code. Another module's, or one that does not begin with its entity, may not be made."""
        name = str(given.raw("fieldName") or "")
        if given.raw("entityId") != self._entity or not name.startswith(f"UF_{self._entity}_"):
            raise RestError("", "Вы не можете создавать пользовательские поля")
        if len(name) > _LONGEST or not _FORM.fullmatch(name):
            raise RestError("", "Код поля: латинские буквы, цифры и подчёркивание, не больше 50 знаков.")
        return name


def item_name(number: int, postfix: str) -> str:
    """Return the name that `crm.item.*` has for the field `UF_CRM_<number>_<postfix>`.

    `ufCrm12OrderId` for letters, `ufCrm12_1699` for digits; where both are in it, it stays as it is: `ufCrm_12_SIZE2`.
    """
    if postfix.isdigit():
        return f"ufCrm{number}_{postfix}"
    if any(sign.isdigit() for sign in postfix):
        return f"ufCrm_{number}_{postfix}"
    return f"ufCrm{number}" + "".join(word.title() for word in postfix.split("_"))
