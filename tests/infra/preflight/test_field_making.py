"""`assistant config --make-fields`: what the process of returns lacks is made, once, and looked at again."""

from __future__ import annotations

from typing import Any

import pytest

from infra.preflight.asking import Paced
from infra.preflight.field_making import make_fields
from infra.preflight.result import Result, any_failed
from shared.bitrix.native.process_fields import FIELDS
from shared.bitrix.native.returns import OWN_FIELDS
from tests.infra.preflight.town import Town, at_once, town

CODES = [f"UF_CRM_12_{name}" for name in ("ORDER_ID", "REASON", "ITEMS", "DISK_FILES", "REJECT_REASON")]


async def made(here: Town, entity_type_id: str = "1038") -> list[Result]:
    return await make_fields(Paced(here.here.client, 2, at_once), entity_type_id)


def test_the_fields_are_those_that_returns_are_written_to():
    assert tuple(field.name for field in FIELDS) == OWN_FIELDS
    assert [field.code("12") for field in FIELDS] == CODES


@pytest.mark.parametrize("entity_type_id", ["1038", ""])
async def test_every_field_is_made_and_a_return_can_be_registered(entity_type_id: str):
    async with town("native", {}, {}) as here:
        await here.sim("setup", {"returns_fields": False})
        results = await made(here, entity_type_id)
        assert [result.name for result in results] == [*CODES, "returns fields"]
        assert not any_failed(results)
        assert all(result.reason.startswith("made") for result in results[:-1])
        assert results[-1].reason.endswith("BITRIX_RETURNS_FIELD_PREFIX=ufCrm12")
        fields = next(result for result in await here.look() if result.name == "returns fields")
        assert fields.ok


async def test_what_is_there_is_left_alone():
    async with town("native", {}, {}) as here:
        results = await made(here)
        assert {result.reason for result in results[:-1]} == {"is there"}
        assert "userfieldconfig.add" not in {call.method for call in here.portal.rest.calls.since(None)}


async def test_without_the_scope_nothing_is_made_and_it_is_named():
    options: dict[str, Any] = {"native": {"scopes": ("crm",)}}
    async with town("native", options, {}) as here:
        await here.sim("setup", {"returns_fields": False})
        results = await made(here)
        assert [result.ok for result in results] == [False] * 6
        assert "userfieldconfig" in results[0].fix
        assert "missing: ufCrm12OrderId" in results[-1].reason


async def test_an_answer_that_is_lost_is_no_second_field():
    async with town("native", {}, {}) as here:
        await here.sim("setup", {"returns_fields": False})
        await here.sim("faults", {"kind": "done_then_5xx", "count": 1, "method": "userfieldconfig.add"})
        results = await made(here)
        assert results[0].ok is False
        assert results[0].fix
        assert results[-1].ok, "the portal has it all the same"
        assert [result.reason for result in (await made(here))[:-1]] == ["is there"] * 5


async def test_a_process_that_is_not_there_is_named():
    async with town("native", {}, {}) as here:
        (result,) = await made(here, "999")
        assert result.ok is False
        assert "999" in result.reason
