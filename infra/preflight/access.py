"""Whether the portal lets us in, and to what: the key, its scopes, the methods."""

from __future__ import annotations

from urllib.parse import urlsplit

from google.auth.exceptions import GoogleAuthError

from infra.preflight.asking import SCOPES, Reader, ask, batches, unanswered
from infra.preflight.methods import methods_of
from infra.preflight.result import Result, failed, passed, unknown
from shared.bitrix.contract import ContractPortal
from shared.bitrix.errors import BitrixError
from shared.bitrix.native import NativePortal
from shared.bitrix.rights import methods_answering, methods_available, scopes
from shared.settings import BitrixAuth, Settings
from shared.store.port import StoreError

ACCESS, SCOPE, METHODS, TOKEN_SERVER = "portal access", "portal scopes", "portal methods", "token server"
_EASTERN = "ru, by, kz, am, az, ge, kg, uz"
"""The regions whose portals have a token server of their own."""
_SERVERS = {
    "oauth.bitrix.info": f"for portals of all regions but {_EASTERN}",
    "oauth.bitrix24.tech": f"for portals of the regions {_EASTERN}",
}
_AT_A_TIME = 20
"""Methods asked about in one request."""
_CALLED_AT_A_TIME = 5
"""Methods called in one request: some of them read a whole page."""


async def check_access(reader: Reader) -> tuple[Result, frozenset[str]]:
    """Tell whether the key or token is taken, and which scopes it has."""
    try:
        answer = await ask(reader, scopes())
    except (StoreError, GoogleAuthError) as error:
        # With OAuth the token is in Secret Manager and its version in Firestore.
        fix = "gcloud auth application-default login, with an account that may read the database and the token's secret"
        return failed(ACCESS, f"the token cannot be read: {type(error).__name__}", fix), frozenset()
    if isinstance(answer, BitrixError):
        return unanswered(ACCESS, answer), frozenset()
    return passed(ACCESS, "the key or token is accepted"), answer


def check_token_server(settings: Settings) -> list[Result]:
    """Say which portals the token server is for; nothing where no token is used.

    The region is the portal's, not its address's ending (shared/bitrix/README.md, «Tokens»), and no method tells it.
    """
    if settings.bitrix_auth is not BitrixAuth.OAUTH:
        return []
    host = urlsplit(str(settings.bitrix_oauth_url)).hostname or ""
    if host in _SERVERS:
        return [passed(TOKEN_SERVER, f"{host}, {_SERVERS[host]}")]
    return [unknown(TOKEN_SERVER, f"{host} is neither of {', '.join(_SERVERS)}", "right for a proxy only")]


def check_scopes(portal: NativePortal | ContractPortal, given: frozenset[str]) -> Result:
    """Compare the scopes with those the dialect needs. What a proxy needs behind the contract is its own affair."""
    needed = SCOPES if isinstance(portal, NativePortal) else ("catalog", "sale")
    missing = [name for name in needed if name not in given]
    if missing:
        return failed(SCOPE, f"missing: {', '.join(missing)}", "add them to the webhook's or application's rights")
    return passed(SCOPE, ", ".join(needed))


async def check_methods(reader: Reader, portal: NativePortal | ContractPortal) -> Result:
    """Find out of every method the bot calls whether it is there and we may call it.

    A proxy behind the contract is asked, for nobody knows what it does with a call that lacks its parameters.
    """
    names = methods_of(portal)
    real = isinstance(portal, NativePortal)
    question, at_a_time = (methods_answering, _CALLED_AT_A_TIME) if real else (methods_available, _AT_A_TIME)
    missing: list[str] = []
    for part in batches(names, at_a_time):
        answer = await ask(reader, question(part))
        if isinstance(answer, BitrixError):
            return unanswered(METHODS, answer)
        missing += [name for name, there in answer.items() if not there]
    if missing:
        fix = "a scope or a module of the portal is missing; with a proxy, it must offer these"
        return failed(METHODS, f"missing: {', '.join(missing)}", fix)
    return passed(METHODS, f"all {len(names)} are there")
