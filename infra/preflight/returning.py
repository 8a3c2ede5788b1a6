"""Returns: the smart process with its fields and stages, and the Disk folder of the photos."""

from __future__ import annotations

import json

from infra.preflight import guesses
from infra.preflight.asking import Reader, ask, unanswered
from infra.preflight.lists import Lists, listed
from infra.preflight.result import Result, failed, passed, unknown
from shared.bitrix.errors import BitrixError
from shared.bitrix.native import NativeSettings
from shared.bitrix.native.returns import OWN_FIELDS, USUAL_STAGES, field_prefix
from shared.bitrix.portal import Portal

PROCESS, FUNNEL, FIELDS, STAGES = "returns process", "returns funnel", "returns fields", "returns stages"
DISK = "disk folder"
_NO_SUCH_PHOTO = "preflight-looks-for-nothing.jpg"


def check_returns(settings: NativeSettings, lists: Lists) -> list[Result]:
    """Compare the settings of returns with the portal's smart processes."""
    process = _check_process(settings, lists)
    if not process.ok:
        return [process]
    return [process, _check_funnel(settings, lists), _check_fields(settings, lists), _check_stages(settings, lists)]


def _check_process(settings: NativeSettings, lists: Lists) -> Result:
    if isinstance(lists.processes, BitrixError):
        return unanswered(PROCESS, lists.processes)
    wanted = settings.returns_entity_type_id
    chosen = next((it for it in lists.processes if it.id == wanted), None)
    if chosen:
        return passed(PROCESS, f"{chosen.id} «{chosen.name}»")
    guess = guesses.returns_process(lists.processes)
    make_one = "make a smart process «Возвраты» (infra/README.md, «Deploying»)"
    fix = f"BITRIX_RETURNS_ENTITY_TYPE_ID={guess.id} ({guess.name})" if guess else make_one
    return failed(PROCESS, f"the portal has no smart process {wanted}" if wanted else "none is set", fix)


def _check_funnel(settings: NativeSettings, lists: Lists) -> Result:
    if isinstance(lists.categories, BitrixError):
        return unanswered(FUNNEL, lists.categories)
    wanted = settings.returns_category_id
    chosen = next((it for it in lists.categories if it.id == wanted), None)
    if chosen:
        return passed(FUNNEL, f"{chosen.id} «{chosen.name}»")
    guess = guesses.returns_category(lists.categories)
    fix = f"BITRIX_RETURNS_CATEGORY_ID={guess.id}" if guess else "BITRIX_RETURNS_CATEGORY_ID: the number of a funnel"
    return failed(FUNNEL, f"the process has no funnel {wanted or '(none is set)'}", fix)


def _check_fields(settings: NativeSettings, lists: Lists) -> Result:
    """Tell whether the process has our fields: what it does not have, the portal drops without a word."""
    if isinstance(lists.fields, BitrixError):
        return unanswered(FIELDS, lists.fields)
    prefix = field_prefix(settings)
    missing = [f"{prefix}{name}" for name in OWN_FIELDS if f"{prefix}{name}" not in lists.fields]
    if not missing:
        return passed(FIELDS, ", ".join(f"{prefix}{name}" for name in OWN_FIELDS))
    found = sorted(name.removesuffix("OrderId") for name in lists.fields if name.endswith("OrderId"))
    fix = (
        f"BITRIX_RETURNS_FIELD_PREFIX={found[0]}" if found else "assistant config --make-fields (right userfieldconfig)"
    )
    return failed(FIELDS, f"missing: {', '.join(missing)}", fix)


def _check_stages(settings: NativeSettings, lists: Lists) -> Result:
    if isinstance(lists.stages, BitrixError):
        return unanswered(STAGES, lists.stages)
    ours = settings.return_stage_map
    names = {it.id: it.id.rpartition(":")[2] for it in lists.stages}
    unmapped = [name for whole, name in names.items() if not {whole, name} & ({*ours} | {*USUAL_STAGES})]
    absent = [stage for stage in ours if stage not in names and stage not in names.values()]
    if not unmapped and not absent:
        return passed(STAGES, ", ".join(names.values()))
    proposed = json.dumps(guesses.stage_map(listed(lists.stages)), ensure_ascii=False)
    reason = f"not in the map: {', '.join(unmapped)}" if unmapped else f"the portal has no stage {', '.join(absent)}"
    return failed(STAGES, reason, f"BITRIX_RETURN_STAGE_MAP={proposed}")


async def check_disk(reader: Reader, portal: Portal, folder_id: str | None) -> Result:
    """Look into the folder of the photos."""
    if not folder_id:
        fix = "BITRIX_DISK_FOLDER_ID: the number in the folder's address on the portal's Disk"
        return failed(DISK, "none is set", fix)
    looking = portal.look_up_photo(_NO_SUCH_PHOTO)
    if looking is None:
        reason = f"the contract has no way to look into folder {folder_id}"
        return unknown(DISK, reason, "assistant preflight --happy-paths puts a picture there and deletes it")
    answer = await ask(reader, looking)
    if isinstance(answer, BitrixError):
        fix = "BITRIX_DISK_FOLDER_ID: a folder that the key's user may write to"
        return failed(DISK, f"folder {folder_id}: {answer}", fix)
    return passed(DISK, f"folder {folder_id}")
