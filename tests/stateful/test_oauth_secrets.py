"""No secret of the OAuth settings, and no token of the pair they keep, leaves the system, whatever becomes of it.

Tokens end in the middle of an order, the token server fails and keeps silent, the refresh token is refused for good.
"""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from shared.bitrix.tokens import TokenPair
from shared.entry.container import Container
from shared.settings import read_settings
from tests.bitrix.memory_vault import MemoryVault
from tests.stateful.test_secrets import Ear
from tests.support.clock import run
from tests.support.master import CASH, CONFIRM, Master
from tests.support.stores import documents
from tests.support.system import PORTAL, TELEGRAM, System, running_system, settings_of

MASTER = 910_900
OAUTH, NO_ANSWER = "oauth.token", "Магазин не отвечает. "
FAILING = ({"kind": "5xx", "count": 1}, {"kind": "timeout_before", "count": 1})
"""What the token server does, each while the access token has ended."""

LOST = {"kind": "timeout_after", "count": 1}
"""Its answer is lost, and with it the only pair that is good: nothing is accepted any more."""


def _with_oauth(system: System) -> Container:
    """Return the functions' parts as they are where the portal's credential is a pair of tokens."""
    known = system.portal.tokens.options
    given = {
        "BITRIX_AUTH": "oauth",
        "BITRIX_BASE_URL": f"{PORTAL}/rest/",
        "BITRIX_OAUTH_URL": f"{PORTAL}/oauth/token/",
        "BITRIX_CLIENT_ID": known.client_id,
        "BITRIX_CLIENT_SECRET": known.client_secret,
        "BITRIX_TOKEN_SECRET": "assistant-bitrix-token",
    }
    settings = read_settings({**settings_of(system.dialect), **given})
    return Container(settings, now=system.clock.now, http=system.http, queue=system.queues, vault=MemoryVault())


async def _lives_through_it(system: System) -> None:
    """Search, order and look while tokens end, the token server fails, and in the end nothing is accepted any more."""
    tokens = system.portal.tokens
    master = Master(system.http, TELEGRAM, MASTER, str(MASTER), f"?start={system.invite(str(MASTER))}")
    master.patience = 20.0
    await master.comes_in()
    for failing in FAILING:
        tokens.expire()
        await system.shop._post("faults", method=OAUTH, **failing)
        await master.says("шуруповёрт")
        await master.sees_one_of("🔎 «шуруповёрт»", NO_ANSWER)
        await system.rests()
        await system.shop.works()
    await master.fills_cart()
    await master.checks_out(CASH)
    tokens.expire()
    await master.taps(CONFIRM)
    await master.sees("создан.")
    await system.calls("token_refresh", b"{}")
    tokens.expire()
    await system.shop._post("faults", method=OAUTH, **LOST)
    await master.says("дрель")
    await master.sees(NO_ANSWER)
    await system.calls("token_refresh", b"{}")
    await system.calls("housekeeping", b"{}")
    await system.rests()


@pytest.mark.parametrize("dialect", ["contract", "native"])
def test_no_secret_of_the_application_leaves_the_system(dialect: str) -> None:
    async def story() -> None:
        async with running_system(dialect, random.Random(1)) as system:  # noqa: S311 - the queues' dice
            system.here = _with_oauth(system)
            token_manager = system.here.token_manager
            assert token_manager is not None
            grant = system.portal.tokens.issue()
            ends = system.clock.now() + timedelta(seconds=grant.expires_in)
            await token_manager.install(TokenPair(grant.access_token, grant.refresh_token, ends))
            ear = Ear(system)
            try:
                await _lives_through_it(system)
            finally:
                ear.close()
            pairs = system.portal.tokens._pairs
            assert len(pairs) > len(FAILING), "it was renewed"
            secrets = {
                *system.here.settings.secrets(),
                *(token for pair in pairs for token in (pair.access, pair.refresh)),
            }
            assert system.portal.tokens.options.client_secret in secrets
            kept = {"log": ear.log.getvalue(), "records": repr(documents(system.here.store))}
            kept["told"] = b"\n".join(ear.told).decode(errors="replace")
            assert all(kept.values()), "something was heard everywhere"
            assert [(where, secret) for secret in secrets for where, text in kept.items() if secret in text] == []

    run(story())
