"""Whether the portal lets us in, and to what: the key, its scopes, the methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from google.auth.exceptions import GoogleAuthError

from infra.preflight.asking import SCOPES, Reader, ask, batches, unanswered
from infra.preflight.methods import methods_of
from infra.preflight.result import Result, failed, passed, unknown
from shared.bitrix.contract import ContractPortal
from shared.bitrix.errors import BitrixError, MethodMissing
from shared.bitrix.native import NativePortal
from shared.bitrix.native.survey import licence
from shared.bitrix.rights import MethodAccess, methods_answering, methods_available, scopes
from shared.settings import BitrixAuth, Settings
from shared.store.port import StoreError

ACCESS, SCOPE, METHODS, TOKEN_SERVER = "portal access", "portal scopes", "portal methods", "token server"
BEYOND = "methods beyond the spec"
CHOICES = "the spec's choices"
CONTRACT = frozenset(
    {
        "app.rma.add",
        "catalog.price.list",
        "catalog.product.list",
        "catalog.storeproduct.list",
        "crm.product.batch",
        "disk.folder.uploadfile",
        "sale.basketitem.add",
        "sale.order.add",
        "sale.order.get",
        "sale.orderreserves.add",
    }
)
"""What the bot calls of the spec's table (§2), in each of its ways; a proxy may lack all else."""
_CHOICES = (
    (
        "BITRIX_QUOTE_BY_LISTS",
        ("false", "true"),
        (("crm.product.batch",), ("catalog.price.list", "catalog.storeproduct.list")),
    ),
    (
        "BITRIX_RETURN_METHOD",
        ("app.rma.add", "sale.orderreserves.add"),
        (("app.rma.add",), ("sale.orderreserves.add",)),
    ),
)
"""Where the spec's table leaves a choice: the setting, its values, and the methods of each."""
_EASTERN = ("ru", "by", "kz", "am", "az", "ge", "kg", "uz")
"""The regions whose portals have a token server of their own."""
_EAST, _WEST = "oauth.bitrix24.tech", "oauth.bitrix.info"
_SERVERS = {
    _WEST: f"for portals of all regions but {', '.join(_EASTERN)}",
    _EAST: f"for portals of the regions {', '.join(_EASTERN)}",
}
_SELF_HOSTED = "selfhosted"
_AT_A_TIME = 20
"""Methods asked about in one request."""
_CALLED_AT_A_TIME = 5
"""Methods called in one request: some of them read a whole page."""
_LACKING = (
    (MethodAccess.MISSING, "missing", "a module of the portal is missing; with a proxy, it must offer these"),
    (MethodAccess.DENIED, "not allowed", "the user behind the key needs more rights, or the portal another plan"),
)
"""Methods that the bot cannot call: what they are called, and what helps."""
_HAPPY_PATHS = "assistant preflight --happy-paths --buyer ID calls them"

AnyPortal = NativePortal | ContractPortal


async def check_access(reader: Reader, *, by_contract: bool = False) -> tuple[Result, frozenset[str] | None]:
    """Tell whether the key or token is taken, and which scopes it has; None where a proxy has no `scope`."""
    try:
        answer = await ask(reader, scopes())
    except (StoreError, GoogleAuthError) as error:
        # With OAuth the token is in Secret Manager and its version in Firestore.
        fix = "gcloud auth application-default login, with an account that may read the database and the token's secret"
        return failed(ACCESS, f"the token cannot be read: {type(error).__name__}", fix), None
    if isinstance(answer, MethodMissing) and by_contract:
        return passed(ACCESS, "the portal answers"), None
    if isinstance(answer, BitrixError):
        return unanswered(ACCESS, answer), None
    return passed(ACCESS, "the key or token is accepted"), answer


async def check_token_server(reader: Reader | None, settings: Settings) -> list[Result]:
    """Say which portals the token server is for, and whether this one is among them; nothing where no token is used.

    The region is the portal's, not its address's ending (shared/bitrix/README.md, «Tokens»); its plan begins with it
    (shared/bitrix/CORE.md, «7. Counted before launch»). Without a `reader` the portal is not asked.
    """
    if settings.bitrix_auth is not BitrixAuth.OAUTH:
        return []
    host = urlsplit(str(settings.bitrix_oauth_url)).hostname or ""
    if host not in _SERVERS:
        return [unknown(TOKEN_SERVER, f"{host} is neither of {', '.join(_SERVERS)}", "right for a proxy only")]
    reason, region = f"{host}, {_SERVERS[host]}", await _region(reader)
    if not region:
        return [unknown(TOKEN_SERVER, f"{reason}; this one's region is not told", "look at the portal's plan")]
    right = server_of(region)
    if host != right:
        # No failure: that a plan begins with the very region is inferred, and a renewal tells for sure.
        fix = f"BITRIX_OAUTH_URL=https://{right}/oauth/token/"
        return [unknown(TOKEN_SERVER, f"{reason}; this one's plan is of the region {region}", fix)]
    return [passed(TOKEN_SERVER, f"{reason}; this one's plan is of the region {region}")]


async def _region(reader: Reader | None) -> str:
    """Return the region a portal's plan begins with, "" when it is not told: a portal of one's own has none there."""
    plan = await ask(reader, licence()) if reader is not None else ""
    region, _, kind = ("", "", "") if isinstance(plan, BitrixError) else plan.partition("_")
    return "" if kind == _SELF_HOSTED else region


def server_of(region: str) -> str:
    """Return the token server of a region's portals."""
    return _EAST if region in _EASTERN else _WEST


def check_scopes(portal: AnyPortal, given: frozenset[str] | None) -> Result:
    """Compare the scopes with those the dialect needs. What a proxy needs behind the contract is its own affair."""
    if given is None:
        return unknown(SCOPE, "the portal has no method that tells them, and the contract asks for none")
    needed = SCOPES if isinstance(portal, NativePortal) else ("catalog", "sale")
    missing = [name for name in needed if name not in given]
    if missing:
        return failed(SCOPE, f"missing: {', '.join(missing)}", "add them to the webhook's or application's rights")
    return passed(SCOPE, ", ".join(needed))


async def check_methods(reader: Reader, portal: AnyPortal) -> list[Result]:
    """Find out of every method the bot calls whether it is there and we may call it.

    A proxy behind the contract is asked, for nobody knows what it does with a call that lacks its parameters.
    """
    real = isinstance(portal, NativePortal)
    called = methods_of(portal)
    names = called if real else sorted({*called, *(name for _, _, ways in _CHOICES for way in ways for name in way)})
    question, at_a_time = (methods_answering, _CALLED_AT_A_TIME) if real else (methods_available, _AT_A_TIME)
    told: dict[str, MethodAccess] = {}
    for part in batches(names, at_a_time):
        answer = await ask(reader, question(part))
        if isinstance(answer, MethodMissing) and not real:
            return [unknown(METHODS, "the portal has no method that tells which it has", _HAPPY_PATHS)]
        if isinstance(answer, BitrixError):
            return [unanswered(METHODS, answer)]
        told |= answer
    if real:
        return [_method_line(told)]
    needed = {name: told[name] for name in called if name in CONTRACT}
    lacking = [name for name in called if name not in CONTRACT and told[name] is not MethodAccess.OPEN]
    return [_method_line(needed), _choices(called, told), *_beyond(lacking)]


def _method_line(told: Mapping[str, MethodAccess]) -> Result:
    by_access = {kind: [name for name, access in told.items() if access is kind] for kind in MethodAccess}
    lacking = [(words, by_access[kind], fix) for kind, words, fix in _LACKING if by_access[kind]]
    if not lacking:
        return passed(METHODS, f"all {len(told)} are there")
    reason = "; ".join(f"{words}: {', '.join(names)}" for words, names, _ in lacking)
    return failed(METHODS, reason, "; ".join(fix for _, _, fix in lacking))


def _choices(called: Sequence[str], told: Mapping[str, MethodAccess]) -> Result:
    """Say of each choice of the spec's table which of its ways the portal has, and what is to be set for it.

    What is set and not there is a failure of the methods' own line.
    """
    reasons, fixes = [], []
    for setting, values, ways in _CHOICES:
        there = [all(told[name] is MethodAccess.OPEN for name in way) for way in ways]
        chosen = next(number for number, way in enumerate(ways) if way[0] in called)
        offered = [" and ".join(way) for way, open_ in zip(ways, there, strict=True) if open_]
        reasons.append(f"{setting}={values[chosen]}, the portal has {' as well as '.join(offered) or 'neither way'}")
        if not there[chosen] and any(there):
            fixes.append(f"{setting}={values[there.index(True)]}")
    reason = "; ".join(reasons)
    return unknown(CHOICES, reason, ", ".join(fixes)) if fixes else passed(CHOICES, reason)


def _beyond(missing: Sequence[str]) -> list[Result]:
    """Name what a proxy lacks of the conveniences: the spec does not ask for them."""
    if not missing:
        return []
    reason = f"missing: {', '.join(missing)}: the bot tells what the portal's events say, and does without the rest"
    return [unknown(BEYOND, reason)]
