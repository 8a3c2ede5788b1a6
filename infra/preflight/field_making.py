"""Fields of the returns' process, made where they are missing: the portal's own page gives codes of its own."""

from __future__ import annotations

from infra.preflight import guesses
from infra.preflight.asking import Client, ask, fix_of, unanswered
from infra.preflight.result import Result, failed, passed
from infra.preflight.returning import FIELDS, PROCESS
from shared.bitrix.errors import BitrixError, MissingScope
from shared.bitrix.native import process_fields, reference_data
from shared.bitrix.native.process_fields import ProcessField
from shared.bitrix.native.reference_data import Entry

_SCOPES = "give the key the scope userfieldconfig as well, for as long as this takes"
_AGAIN = "run this again: what is there is not made twice"


async def make_fields(client: Client, entity_type_id: str) -> list[Result]:
    """Make what the process lacks and look at it again; one line a field. `entity_type_id` "" leaves it to a guess."""
    process = await _find_process(client, entity_type_id)
    if isinstance(process, Result):
        return [process]
    there = await ask(client, reference_data.process_fields(process.id))
    if isinstance(there, BitrixError):
        return [unanswered(FIELDS, there)]
    results = [await _make(client, process.kind, field, there) for field in process_fields.FIELDS]
    return [*results, await _look_again(client, process)]


async def _find_process(client: Client, entity_type_id: str) -> Entry | Result:
    processes = await ask(client, reference_data.smart_processes())
    if isinstance(processes, BitrixError):
        return unanswered(PROCESS, processes)
    if entity_type_id:
        found = next((it for it in processes if it.id == entity_type_id), None)
        fix = "BITRIX_RETURNS_ENTITY_TYPE_ID: the number that crm.type.list has as entityTypeId"
        return found or failed(PROCESS, f"the portal has no smart process {entity_type_id}", fix)
    return guesses.returns_process(processes) or failed(PROCESS, "none is there", "make a smart process «Возвраты»")


async def _make(client: Client, number: str, field: ProcessField, there: frozenset[str]) -> Result:
    code = field.code(number)
    if field.item_name(number) in there:
        return passed(code, "is there")
    try:
        await client.write(process_fields.add_field(number, field), code)
    except BitrixError as error:
        fix = _SCOPES if isinstance(error, MissingScope) else fix_of(error) or _AGAIN
        return failed(code, str(error), fix)
    return passed(code, f"made, «{field.label}»")


async def _look_again(client: Client, process: Entry) -> Result:
    """Only what the portal shows counts as there."""
    there = await ask(client, reference_data.process_fields(process.id))
    if isinstance(there, BitrixError):
        return unanswered(FIELDS, there)
    names = [field.item_name(process.kind) for field in process_fields.FIELDS]
    missing = [name for name in names if name not in there]
    if missing:
        return failed(FIELDS, f"missing: {', '.join(missing)}", _AGAIN)
    return passed(FIELDS, f"all there: BITRIX_RETURNS_FIELD_PREFIX=ufCrm{process.kind}")
