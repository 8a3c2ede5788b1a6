"""All checks, in the order a person would mend what they find."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from infra.preflight.access import check_access, check_methods, check_scopes, check_token_server
from infra.preflight.asking import Paced, Reader, Sleep
from infra.preflight.goods import check_goods
from infra.preflight.lists import Known, read_lists
from infra.preflight.probes import check_events, check_telegram_function
from infra.preflight.reference import check_reference, unlisted
from infra.preflight.result import Result, any_failed, failed, unknown
from infra.preflight.returning import check_disk, check_returns
from infra.preflight.shop import check_shop
from infra.preflight.surroundings import Clocks, check_clock, check_egress
from infra.preflight.survey import offers_block, take_survey
from infra.preflight.telegram import check_telegram
from infra.preflight.trade import check_orders
from infra.preflight.trial import Trial
from shared.bitrix.native import NativePortal, NativeSettings
from shared.bitrix.portal import Portal
from shared.entry.container import Container
from shared.settings import Settings, SettingsError

SETTINGS, TRIAL = "settings", "happy paths"
_MEND = "see infra/README.md, «Settings»; assistant config proposes the portal's ids"


@dataclass(frozen=True)
class Asked:
    """What cannot be read from the settings; "" for what is not told.

    Where the functions are, what must be found, from which address we must be seen, and the `buyer` for whom the happy
    paths are gone; without one they are not.
    """

    telegram_webhook: str = ""
    bitrix_webhook: str = ""
    query: str = ""
    egress_url: str = ""
    egress_ip: str = ""
    buyer: str = ""


async def check_all(here: Container, asked: Asked, sleep: Sleep = asyncio.sleep) -> list[Result]:
    """Look at everything, at the portal's pace; what does not answer is a line, never an exception."""
    clocks = Clocks(here.now)
    here.http.event_hooks = {"response": [clocks.hear]}
    results = [
        *await _portal(here, asked, sleep),
        *await _telegram(here, asked),
        *await check_events(here.http, here.settings, asked.bitrix_webhook),
        *await check_egress(here.http, asked.egress_url, asked.egress_ip),
    ]
    return [*results, check_clock(clocks.offsets)]


async def _portal(here: Container, asked: Asked, sleep: Sleep) -> list[Result]:
    try:
        client, portal = Paced(here.client, here.settings.bitrix_calls_per_second, sleep), here.portal
    except SettingsError as error:
        return [failed(SETTINGS, str(error), _MEND)]
    access, scopes = await check_access(client, by_contract=not isinstance(portal, NativePortal))
    if not access.ok:
        return [access, *await check_token_server(None, here.settings)]
    results = [access, *await check_token_server(client, here.settings)]
    results += [check_scopes(portal, scopes), *await check_methods(client, portal)]
    goods = await check_goods(client, portal, asked.query)
    results += goods
    if isinstance(portal, NativePortal):
        results += await _native(client, portal.settings, here.settings, has_goods=goods[0].ok is True)
    else:
        results += unlisted()
    results.append(await check_disk(client, portal, here.settings.bitrix_disk_folder_id))
    return [*results, *await _trial(client, portal, asked, results)] if asked.buyer else results


async def _native(reader: Reader, ids: NativeSettings, config: Settings, *, has_goods: bool) -> list[Result]:
    """Look at what only a real portal tells: its lists, and what its managers have made of it.

    Of a catalogue in which nothing is found nothing more is said.
    """
    lists = await read_lists(reader, Known(ids.person_type_id, ids.returns_entity_type_id, ids.returns_category_id))
    survey = await take_survey(reader, ids, offers_block(lists.catalogues, ids.iblock_id))
    shop = [*(check_shop(ids, survey) if has_goods else ()), *check_orders(ids, survey, lists.deal_stages)]
    return [*shop, *check_reference(config, lists), *check_returns(ids, lists)]


async def _trial(client: Paced, portal: Portal, asked: Asked, results: Sequence[Result]) -> list[Result]:
    if any_failed(results):
        return [unknown(TRIAL, "not tried", "mend the portal's ✗ first")]
    return await Trial(client, portal, asked.buyer).run(asked.query)


async def _telegram(here: Container, asked: Asked) -> list[Result]:
    config, url = here.settings, asked.telegram_webhook
    try:
        bot = here.bot
    except SettingsError as error:
        return [failed(SETTINGS, str(error), _MEND)]
    results = await check_telegram(bot, url, config.telegram_operators_chat_id, here.now())
    return [*results, *await check_telegram_function(here.http, config, url)]
