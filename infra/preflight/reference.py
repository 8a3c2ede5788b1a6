"""Our settings against a real portal's lists. Pure: each check gets the settings and the lists.

Sale's lists of a real portal name what an order needs; the contract has no such lists (`unlisted`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from infra.preflight import guesses
from infra.preflight.asking import unanswered
from infra.preflight.lists import Entries, Lists, listed
from infra.preflight.result import Result, failed, passed, unknown
from shared.bitrix.errors import BitrixError
from shared.bitrix.native.reference_data import Entry
from shared.bitrix.native.statuses import USUAL
from shared.settings import Settings
from shared.status import Status

PERSON_TYPE, PREPAID, COD, DELIVERY = "person type", "pay system by link", "pay system in cash", "delivery service"
CHOICE, HOURS = "delivery services to choose", "delivery hours property"
ADDRESS, PHONE, ETA = "address property", "phone property", "delivery day property"
REQUIRED = "other required properties"
STATUSES, DELIVERED = "order statuses", "status «delivered»"
_IN_CASH = "Y"

Guess = Callable[[Sequence[Entry]], Entry | None]


def check_reference(config: Settings, lists: Lists) -> list[Result]:
    """Compare everything an order is made with, and the statuses."""
    return [
        _check_person_type(config, lists),
        *_check_pay_systems(config, lists.pay_systems),
        _known(DELIVERY, "BITRIX_DELIVERY_ID", config.bitrix_delivery_id, lists.deliveries, guesses.delivery),
        *_check_choice(config, lists.deliveries),
        *_check_properties(config, lists.properties),
        *check_statuses(config, lists.statuses),
    ]


def unlisted() -> list[Result]:
    """Say what cannot be compared in the contract: the spec has no method that lists it."""
    reason = "the contract has no list of them: only an order tells"
    fix = "assistant preflight --happy-paths --buyer ID makes one of each kind and cancels it"
    return [unknown("pay systems, delivery, properties", reason, fix)]


def _check_person_type(config: Settings, lists: Lists) -> Result:
    wanted = "" if config.bitrix_person_type_id is None else str(config.bitrix_person_type_id)
    return _known(PERSON_TYPE, "BITRIX_PERSON_TYPE_ID", wanted, lists.person_types, guesses.person_type)


def _check_pay_systems(config: Settings, entries: Entries) -> list[Result]:
    prepaid, cod = config.bitrix_pay_system_prepaid, config.bitrix_pay_system_cod
    by_link = _known(PREPAID, "BITRIX_PAY_SYSTEM_PREPAID", prepaid, entries, guesses.pay_system_prepaid)
    in_cash = _known(COD, "BITRIX_PAY_SYSTEM_COD", cod, entries, guesses.pay_system_cod)
    kinds = {it.id: it.kind for it in listed(entries)}
    if by_link.ok and kinds[prepaid] == _IN_CASH:
        guess = guesses.pay_system_prepaid(listed(entries))
        by_link = failed(PREPAID, f"{by_link.reason} is for cash", _line("BITRIX_PAY_SYSTEM_PREPAID", guess))
    if in_cash.ok and kinds[cod] != _IN_CASH:
        guess = guesses.pay_system_cod(listed(entries))
        in_cash = failed(COD, f"{in_cash.reason} is not for cash", _line("BITRIX_PAY_SYSTEM_COD", guess))
    return [by_link, in_cash]


def _check_choice(config: Settings, entries: Entries) -> list[Result]:
    """Tell whether the portal has each delivery service that masters may choose; it tells of active ones only."""
    if not config.bitrix_deliveries:
        return []
    if isinstance(entries, BitrixError):
        return [unanswered(CHOICE, entries)]
    there = {it.id for it in entries}
    if absent := [number for number in config.bitrix_deliveries if number not in there]:
        reason = f"the portal has no {', '.join(absent)}; it has {_names(entries) or 'none'}"
        return [failed(CHOICE, reason, "take them out of BITRIX_DELIVERIES, or switch them on at the portal")]
    return [passed(CHOICE, ", ".join(f"{number} «{it.name}»" for number, it in config.bitrix_deliveries.items()))]


def _check_properties(config: Settings, entries: Entries) -> list[Result]:
    found = listed(entries)
    address, phone = config.bitrix_address_property_id, config.bitrix_phone_property_id
    where = _known(ADDRESS, "BITRIX_ADDRESS_PROPERTY_ID", address, entries, guesses.address_property)
    results = [
        _not_a_phone(where, address, found),
        _known(PHONE, "BITRIX_PHONE_PROPERTY_ID", phone, entries, guesses.phone_property),
    ]
    if (eta := config.bitrix_eta_property_id) is not None:
        by_code = next((it.id for it in found if it.code == eta), eta)
        results.append(_known(ETA, "BITRIX_ETA_PROPERTY_ID", by_code, entries, guesses.eta_property))
    slot = config.bitrix_slot_property_id
    if slot is not None:
        results.append(_known(HOURS, "BITRIX_SLOT_PROPERTY_ID", slot, entries, lambda _: None))
    others = [it for it in found if it.required and it.id not in (address, phone)]
    if others:
        reason = f"the portal also asks for {_names(others)}, which the bot does not fill in"
        results.append(unknown(REQUIRED, reason, "make them optional, or try an order with --happy-paths"))
    return results


def _not_a_phone(result: Result, address: str, entries: Sequence[Entry]) -> Result:
    """Let an address go to whatever a person chose, but not into what is surely something else."""
    if not any(it.id == address and it.is_phone for it in entries):
        return result
    fix = _line("BITRIX_ADDRESS_PROPERTY_ID", guesses.address_property(entries))
    return failed(ADDRESS, f"{result.reason} takes a phone", fix)


def check_statuses(config: Settings, entries: Entries) -> list[Result]:
    """Tell whether each code of the portal means one of the ten, and the map names no code that is not there."""
    if isinstance(entries, BitrixError):
        return [unanswered(STATUSES, entries)]
    ours = config.bitrix_status_map
    codes = {it.id: it for it in entries}
    unmapped = [it for it in entries if it.id not in USUAL and it.id not in ours and it.id not in Status.__members__]
    absent = [code for code in ours if code not in codes]
    kept = {code: status for code, status in ours.items() if code in codes}
    proposed = kept | guesses.status_map(unmapped)
    fix = f"BITRIX_STATUS_MAP={json.dumps(proposed, ensure_ascii=False)}"
    if absent:
        return [failed(STATUSES, f"the map has {', '.join(absent)}, which the portal does not know", fix)]
    if unmapped:
        return [failed(STATUSES, f"not in the map: {_names(unmapped)}", fix)]
    whole = passed(STATUSES, f"all {len(codes)} are known; {fix}")
    if Status.DELIVERED in ours.values():
        return [whole]
    reason = "no code of the portal leads to DELIVERED: masters are not told, and cash is not asked about"
    return [whole, unknown(DELIVERED, reason, "add a delivery status at the portal and to BITRIX_STATUS_MAP")]


def _known(name: str, variable: str, wanted: str, entries: Entries, guess: Guess) -> Result:
    if isinstance(entries, BitrixError):
        return unanswered(name, entries)
    chosen = next((it for it in entries if it.id == wanted), None)
    if chosen is None:
        there = _names(entries) or "none"
        return failed(name, f"the portal has no {wanted or 'such'}; it has {there}", _line(variable, guess(entries)))
    return passed(name, f"{chosen.id} «{chosen.name or chosen.code}»")


def _line(variable: str, guess: Entry | None) -> str:
    return f"{variable}={guess.id} ({guess.name})" if guess else f"make one at the portal and set {variable}"


def _names(entries: Sequence[Entry]) -> str:
    return ", ".join(f"{it.id} «{it.name or it.code}»" for it in entries)
