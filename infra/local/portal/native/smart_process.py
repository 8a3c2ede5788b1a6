"""Returns as items of a smart process: `crm.type.list`, `crm.category.list`, `crm.status.list`, `crm.item.*`.

Bitrix24 has no returns of its own. Names of fields that the process does not have are ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.local.portal.dialect import Call, Method, Reply
from infra.local.portal.errors import RestError, missing, out_of_range
from infra.local.portal.native.contact_book import ContactBook
from infra.local.portal.native.deal_book import FUNNEL, OTHER_FUNNEL, STAGES, STAGES_OF_OTHER
from infra.local.portal.native.families import CRM_ITEM, DICTIONARY
from infra.local.portal.native.field_kinds import Kind, fields
from infra.local.portal.native.listing import Listing, render
from infra.local.portal.native.process_items import Item, ProcessItems, Stage
from infra.local.portal.native.reading import fields_of, object_id, php_int, text_of
from infra.local.portal.options import PortalOptions
from infra.local.portal.params import Params

_TYPES = Listing("types", fields(ints="id entityTypeId", texts="title code"), CRM_ITEM)
_STATUSES = Listing("", fields(ints="ID SORT CATEGORY_ID", texts="ENTITY_ID STATUS_ID NAME SEMANTICS"), DICTIONARY)


class SmartProcessMethods:
    """The methods about the process of returns."""

    def __init__(self, options: PortalOptions, items: ProcessItems, contacts: ContactBook) -> None:
        self._native = options.native
        self._items = items
        self._contacts = contacts

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "crm.type.list": Method(self.types, scope="crm"),
            "crm.category.list": Method(self.categories, scope="crm"),
            "crm.status.list": Method(self.stages, scope="crm"),
            "crm.item.fields": Method(self.fields, scope="crm"),
            "crm.item.add": Method(self.add, modifies=True, scope="crm"),
            "crm.item.get": Method(self.get, scope="crm"),
            "crm.item.list": Method(self.list, scope="crm"),
            "crm.item.update": Method(self.update, modifies=True, scope="crm"),
        }

    def types(self, call: Call) -> Reply:
        """`crm.type.list`: the process of returns."""
        row = {
            "id": self._native.returns_type_id,
            "title": "Возвраты",
            "code": "RETURNS",
            "entityTypeId": self._native.returns_entity_type_id,
            "isCategoriesEnabled": "Y",
            "isStagesEnabled": "Y",
        }
        return _TYPES.reply(call.params, [row])

    def categories(self, call: Call) -> Reply:
        """`crm.category.list`: the one funnel."""
        self._check_type(call.params)
        row = {
            "id": self._native.returns_category_id,
            "name": "Общая",
            "sort": 100,
            "entityTypeId": self._native.returns_entity_type_id,
            "isDefault": "Y",
        }
        return Reply({"categories": [row]}, total=1)

    def stages(self, call: Call) -> Reply:
        """`crm.status.list`: the stages, in `DYNAMIC_<entity type>_STAGE_<category>` and `DEAL_STAGE`; `SOURCE`."""
        entity = f"DYNAMIC_{self._native.returns_entity_type_id}_STAGE_{self._native.returns_category_id}"
        semantics = {Stage.SUCCESS: "S", Stage.FAIL: "F"}
        of_returns = [
            (entity, self._items.stage_id(stage), stage.label, semantics.get(stage), self._native.returns_category_id)
            for stage in Stage
        ]
        of_deals = [(FUNNEL, code, stage.name, stage.semantics or None, 0) for code, stage in STAGES.items()]
        of_other = [
            (f"{FUNNEL}_{OTHER_FUNNEL}", code, stage.name, stage.semantics or None, OTHER_FUNNEL)
            for code, stage in STAGES_OF_OTHER.items()
        ]
        sources = [("SOURCE", code, name, None, 0) for code, name in self._contacts.sources.items()]
        rows = [
            {
                "ID": str(500 + place),
                "ENTITY_ID": entity,
                "STATUS_ID": code,
                "NAME": name,
                "SORT": str(place * 10),
                "SEMANTICS": letter,
                "CATEGORY_ID": str(funnel),
            }
            for place, (entity, code, name, letter, funnel) in enumerate(
                [*of_returns, *of_deals, *sources, *of_other], start=1
            )
        ]
        return _STATUSES.reply(call.params, rows)

    def fields(self, call: Call) -> Reply:
        """`crm.item.fields`: what an item may hold."""
        self._check_type(call.params)
        system = {name: {"type": "string", "isMultiple": False} for name in _SYSTEM_FIELDS}
        own = {
            name: {"type": "file" if field.is_file else "string", "isMultiple": field.is_multiple}
            for name, field in self._items.fields.items()
        }
        return Reply({"fields": {**system, **own}})

    def add(self, call: Call) -> Reply:
        """`crm.item.add`."""
        self._check_type(call.params)
        given = fields_of(call.params)
        stage = self._stage(given)
        values = self._items.read_values(given)
        item = self._items.add(text_of(given, "title"), text_of(given, "xmlId"), values, stage or Stage.NEW)
        item.contact_id = php_int(given.raw("contactId")) or None
        return self._one(item)

    def update(self, call: Call) -> Reply:
        """`crm.item.update`."""
        item = self._find(call)
        given = fields_of(call.params)
        stage = self._stage(given)
        item.values.update(self._items.read_values(given))
        item.title = text_of(given, "title", item.title)
        item.xml_id = text_of(given, "xmlId", item.xml_id)
        self._items.save(item, stage or item.stage)
        return self._one(item)

    def get(self, call: Call) -> Reply:
        """`crm.item.get`."""
        return self._one(self._find(call))

    def list(self, call: Call) -> Reply:
        """`crm.item.list`."""
        self._check_type(call.params)
        listing = Listing("items", {**_SYSTEM_FIELDS, **dict.fromkeys(self._items.fields, Kind.TEXT)}, CRM_ITEM)
        return listing.reply(call.params, [self._row(item) for item in self._items.all()])

    def _check_type(self, params: Params) -> None:
        if not params.has("entityTypeId"):
            raise missing("entityTypeId")
        if php_int(params.raw("entityTypeId")) != self._native.returns_entity_type_id:
            raise RestError("NOT_FOUND", "Смарт-процесс не найден")

    def _find(self, call: Call) -> Item:
        self._check_type(call.params)
        item = self._items.get(object_id(call.params))
        if item is None:
            raise RestError("NOT_FOUND", "Элемент не найден")
        return item

    def _stage(self, given: Params) -> Stage | None:
        if not given.has("stageId"):
            return None
        stage = self._items.stage_of(text_of(given, "stageId"))
        if stage is None:
            raise out_of_range("fields[stageId]", "there is no such stage")
        return stage

    def _one(self, item: Item) -> Reply:
        return Reply({"item": render(self._row(item))})

    def _row(self, item: Item) -> Mapping[str, Any]:
        return {
            "id": item.id,
            "entityTypeId": self._native.returns_entity_type_id,
            "title": item.title,
            "xmlId": item.xml_id,
            "stageId": self._items.stage_id(item.stage),
            "previousStageId": self._items.stage_id(item.previous) if item.previous else "",
            "categoryId": self._native.returns_category_id,
            "contactId": item.contact_id,
            "opened": "N",
            "createdTime": item.created_at,
            "updatedTime": item.updated_at,
            **{
                name: item.values.get(name, [] if field.is_multiple else "")
                for name, field in self._items.fields.items()
            },
        }


_SYSTEM_FIELDS = fields(
    ints="id entityTypeId categoryId contactId",
    texts="title xmlId stageId previousStageId opened",
    moments="createdTime updatedTime",
)
