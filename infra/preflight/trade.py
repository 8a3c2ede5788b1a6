"""What the bot does about a portal's orders as they are: missed changes, discounts, deals. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence

from infra.preflight import guesses
from infra.preflight.lists import Entries, listed
from infra.preflight.result import Result, failed, passed, unknown
from infra.preflight.shop import untold
from infra.preflight.survey import Survey
from shared.bitrix.errors import BitrixError
from shared.bitrix.form_events import HEARD_OF_DEALS
from shared.bitrix.native import NativeSettings
from shared.bitrix.native.reference_data import Entry
from shared.bitrix.native.survey import NewestOrder

CHANGES, DISCOUNTS, MODE = "missed changes", "discounts", "orders and deals"
_NO_ORDER = "there is no order yet"
_ORDER_FIRST = "make an order at the portal, or run --happy-paths, then look again"
_NOT_FOUND = "is filter dateUpdate heeded? Until then masters hear only what the portal's events tell"


def check_orders(settings: NativeSettings, survey: Survey, stages: Entries = ()) -> list[Result]:
    """Say of each trait how the portal has it and what the bot does about it; `stages` are those of its deals."""
    newest = survey.newest
    if isinstance(newest, BitrixError):
        return [untold(name, newest) for name in (CHANGES, DISCOUNTS, MODE)]
    if newest is None:
        return [unknown(CHANGES, _NO_ORDER, _ORDER_FIRST), _discounts(settings, survey, 0), unknown(MODE, _NO_ORDER)]
    return [_changes(survey, newest), _discounts(settings, survey, newest.discounted), _mode(settings, survey, stages)]


def _changes(survey: Survey, newest: NewestOrder) -> Result:
    """Look for the order that changed last by its own `dateUpdate`, as the search for missed changes does."""
    page = survey.changed
    if page is None or isinstance(page, BitrixError):
        return failed(CHANGES, f"order {newest.id} by its own dateUpdate: {page}", _NOT_FOUND)
    if newest.id not in (it.id for it in page.orders):
        return failed(CHANGES, f"order {newest.id} is not found by its own dateUpdate", _NOT_FOUND)
    return passed(CHANGES, f"order {newest.id} is found by its own dateUpdate: what events do not tell is made good")


def _discounts(settings: NativeSettings, survey: Survey, discounted: int) -> Result:
    """Infer them: rules are nowhere to be read. A line that a person priced by hand looks the same."""
    lines = survey.discounted_lines
    if isinstance(lines, BitrixError):
        return untold(DISCOUNTS, lines)
    if settings.external_order:
        return passed(DISCOUNTS, "kept off the bot's orders by BITRIX_EXTERNAL_ORDER")
    if not lines and not discounted:
        return passed(DISCOUNTS, "none seen in any order; rules cannot be read, and if there are some they hold")
    seen = f"{lines} lines of orders are below their list price, and {discounted} of the newest orders as a whole"
    does = "the bot's orders get them too, and a total may be less than the cart's"
    return passed(DISCOUNTS, f"{seen}: {does}; BITRIX_EXTERNAL_ORDER=true would keep them off")


def _mode(settings: NativeSettings, survey: Survey, stages: Entries) -> Result:
    """Infer the mode, which no method tells, and judge whether `BITRIX_DEAL_STAGE_MAP` fits it."""
    if survey.deal is None or isinstance(survey.deal, BitrixError):
        return unknown(MODE, f"the portal does not tell: {survey.deal}")
    if survey.deal:
        return _deals(settings, listed(stages))
    if settings.deal_stage_map:
        reason = "the newest order has no deal: orders stand alone, and each reading asks for a deal in vain"
        return unknown(MODE, reason, "unset BITRIX_DEAL_STAGE_MAP")
    return passed(MODE, "the newest order has no deal: orders stand alone")


def _funnel(code: str) -> str:
    """Return what precedes the colon of a stage, "" in the general funnel."""
    return code.rpartition(":")[0]


def _deals(settings: NativeSettings, stages: Sequence[Entry]) -> Result:
    """Judge the map of a portal in deals mode, whatever funnel a stage is of."""
    known = {name for it in stages for name in (it.id, it.id.rpartition(":")[2])}
    has_deal = "the newest order has a deal"
    fix = f"BITRIX_DEAL_STAGE_MAP={json.dumps(guesses.deal_stage_map(stages))}"
    if not settings.deal_stage_map:
        reason = f"{has_deal}, and nothing says what its stages mean: masters hear only what changes in the order"
        return unknown(MODE, reason, fix)
    # A funnel that was not read is not judged.
    read = {_funnel(it.id) for it in stages}
    absent = [code for code in settings.deal_stage_map if code not in known and _funnel(code) in read]
    if known and absent:
        return unknown(MODE, f"{has_deal}; the funnels have no {', '.join(absent)}, which the map names", fix)
    does = "its stage is read with the order and merged with it"
    return passed(MODE, f"{has_deal}: {does}; the portal must send {' and '.join(HEARD_OF_DEALS)} too")
