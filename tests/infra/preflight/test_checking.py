"""Preflight as a whole: it passes where all is well, and each misconfiguration fails in its own line and no other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.responses import PlainTextResponse

from infra.local.sandbox import environment
from infra.preflight import access, goods, probes, reference, returning, surroundings, trade, trial
from infra.preflight import telegram as telegram_checks
from infra.preflight.checking import SETTINGS, TRIAL, Asked
from infra.preflight.result import as_json, as_table
from shared.bitrix.tokens import TokenPair
from shared.status import Status
from tests.bitrix.memory_vault import MemoryVault
from tests.infra.preflight.town import ASKED, UPDATES_URL, Town, town
from tests.support.bot_api import DeleteWebhook
from tests.support.logs import same_logging_afterwards
from tests.support.system import FUNCTIONS, PORTAL, TELEGRAM, rest

__all__ = ["same_logging_afterwards"]

TRYING = replace(ASKED, buyer="17")
OAUTH = {
    "BITRIX_AUTH": "oauth",
    "BITRIX_BASE_URL": f"{PORTAL}/rest/",
    "BITRIX_CLIENT_ID": "local.1",
    "BITRIX_CLIENT_SECRET": "secret-of-the-application",
    "BITRIX_TOKEN_SECRET": "assistant-bitrix-token",
}
BOTH, NATIVE = ("contract", "native"), ("native",)
WRONG_TOKEN = "1000001:another-token-of-another-bot-altogether"


async def nothing(_: Town) -> None:
    """Leave the town as it is."""


@dataclass(frozen=True)
class Case:
    """What is wrong, and how it is told: `line` and only that one has a ✗, `words` are in its reason or its fix."""

    name: str
    line: str
    words: str
    dialects: tuple[str, ...] = BOTH
    settings: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    happens: Callable[[Town], Awaitable[None]] = nothing
    asked: Asked = ASKED


async def elsewhere(here: Town) -> None:
    await here.set_webhook("https://elsewhere.example.test/hook")


async def not_set(here: Town) -> None:
    await here.here.bot(DeleteWebhook())


async def few_kinds(here: Town) -> None:
    await here.set_webhook(kinds=("message", "callback_query"))


async def takes_anything(here: Town) -> None:
    here.streets.open(FUNCTIONS, PlainTextResponse("ok"))


async def unreachable(here: Town) -> None:
    here.streets.shut(FUNCTIONS)


async def clocks_ahead(here: Town) -> None:
    here.streets.drift = timedelta(minutes=7)


async def topics_off(here: Town) -> None:
    here.telegram.world.chats[environment.OPERATORS].forum = False


CASES = [
    Case("wrong webhook key", access.ACCESS, "inbound webhook", settings={"BITRIX_BASE_URL": rest("wrong-key")}),
    Case("no token pair", access.ACCESS, "assistant tokens install", settings=OAUTH),
    Case("another host", access.ACCESS, "host", settings={"BITRIX_BASE_URL": "http://nobody.test/rest/1/some-key/"}),
    Case("missing scope", access.SCOPE, "salescenter", NATIVE, options={
        "native": {"scopes": ("catalog", "sale", "pay_system", "crm", "disk")}}),
    Case("missing method", access.METHODS, "salescenter.payment.getPublicUrl", NATIVE, options={
        "without": frozenset({"salescenter.payment.getpublicurl"})}),
    Case("missing method of the contract", access.METHODS, "app.rma.add", ("contract",), options={
        "without": frozenset({"app.rma.add"})}),
    Case("another catalogue", goods.CATALOGUE, "BITRIX_IBLOCK_ID", NATIVE, {"BITRIX_IBLOCK_ID": "24"}),
    Case("words found nowhere", goods.CATALOGUE, "--query", asked=replace(ASKED, query="звездолёт")),
    Case("another price", goods.PRICES, "BITRIX_PRICE_TYPE_ID", NATIVE, {"BITRIX_PRICE_TYPE_ID": "2"}),
    Case("cash by link", reference.PREPAID, "BITRIX_PAY_SYSTEM_PREPAID=1", NATIVE, {"BITRIX_PAY_SYSTEM_PREPAID": "2"}),
    Case("wrong pay system", reference.COD, "BITRIX_PAY_SYSTEM_COD=2", NATIVE, {"BITRIX_PAY_SYSTEM_COD": "77"}),
    Case("link for cash", reference.COD, "not for cash", NATIVE, {"BITRIX_PAY_SYSTEM_COD": "1"}),
    Case("wrong delivery", reference.DELIVERY, "BITRIX_DELIVERY_ID=3", NATIVE, {"BITRIX_DELIVERY_ID": "33"}),
    Case("wrong property", reference.ADDRESS, "BITRIX_ADDRESS_PROPERTY_ID=26", NATIVE, {
        "BITRIX_ADDRESS_PROPERTY_ID": "99"}),
    Case("address into the phone", reference.ADDRESS, "takes a phone", NATIVE, {"BITRIX_ADDRESS_PROPERTY_ID": "22"}),
    Case("unknown status in the map", reference.STATUSES, "ZZ", NATIVE, {
        "BITRIX_STATUS_MAP": '{"DV": "DELIVERED", "ZZ": "SHIPPED"}'}),
    Case("status without a meaning", reference.STATUSES, '{"DV": "DELIVERED"}', NATIVE, {"BITRIX_STATUS_MAP": "{}"}),
    Case("no returns process", returning.PROCESS, "BITRIX_RETURNS_ENTITY_TYPE_ID=1038", NATIVE, {
        "BITRIX_RETURNS_ENTITY_TYPE_ID": "1040"}),
    Case("fields named otherwise", returning.FIELDS, "BITRIX_RETURNS_FIELD_PREFIX=ufCrm12", NATIVE, {
        "BITRIX_RETURNS_FIELD_PREFIX": "ufCrm77"}),
    Case("stage without a meaning", returning.STAGES, '{"CHECK": "RETURN_IN_PROGRESS"}', NATIVE, {
        "BITRIX_RETURN_STAGE_MAP": "{}"}),
    Case("unknown stage in the map", returning.STAGES, "GONE", NATIVE, {
        "BITRIX_RETURN_STAGE_MAP": '{"CHECK": "RETURN_IN_PROGRESS", "GONE": "RETURN_REJECTED"}'}),
    Case("no disk folder", returning.DISK, "folder 1234", NATIVE, {"BITRIX_DISK_FOLDER_ID": "1234"}),
    Case("disk folder unset", returning.DISK, "BITRIX_DISK_FOLDER_ID", settings={"BITRIX_DISK_FOLDER_ID": ""}),
    Case("bad bot token", telegram_checks.TOKEN, "@BotFather", settings={"TELEGRAM_BOT_TOKEN": WRONG_TOKEN}),
    Case("no Bot API", telegram_checks.TOKEN, "TELEGRAM_API_BASE", settings={"TELEGRAM_API_BASE": "http://nobody.test"}),
    Case("webhook elsewhere", telegram_checks.ADDRESS, "elsewhere.example.test", happens=elsewhere),
    Case("no webhook", telegram_checks.ADDRESS, f"--url {UPDATES_URL}", happens=not_set),
    Case("few kinds of updates", telegram_checks.UPDATES_LINE, "my_chat_member", happens=few_kinds),
    Case("topics off", telegram_checks.OPERATORS, "topics are off", happens=topics_off),
    Case("no operators", telegram_checks.OPERATORS, "TELEGRAM_OPERATORS_CHAT_ID", settings={
        "TELEGRAM_OPERATORS_CHAT_ID": ""}),
    Case("another group", telegram_checks.OPERATORS, "add the bot", settings={"TELEGRAM_OPERATORS_CHAT_ID": "-100777"}),
    Case("another Telegram secret", probes.TELEGRAM, "TELEGRAM_WEBHOOK_SECRET", settings={
        "TELEGRAM_WEBHOOK_SECRET": "not-that-of-the-function"}),
    Case("another event secret", f"{probes.EVENTS} (JSON)", "WEBHOOK_SECRET", settings={"WEBHOOK_SECRET": "not-that"}),
    Case("another application token", f"{probes.EVENTS} (form)", "BITRIX_APPLICATION_TOKEN", settings={
        "BITRIX_APPLICATION_TOKEN": "not-that-of-the-function"}),
    Case("no secret of events", probes.EVENTS, "every event is refused", settings={
        "WEBHOOK_SECRET": "", "BITRIX_APPLICATION_TOKEN": ""}),
    Case("no secret of Telegram", probes.TELEGRAM, "every update is refused", settings={"TELEGRAM_WEBHOOK_SECRET": ""}),
    Case("pay system the proxy lacks", trial.CASH, "PAY_SYSTEM", ("contract",), {
        "BITRIX_PAY_SYSTEM_COD": "77"}, asked=TRYING),
    Case("delivery to choose that is not there", reference.CHOICE, "the portal has no 8", NATIVE, {
        "BITRIX_DELIVERIES": '{"3": {"name": "Курьер"}, "8": {"name": "Почта"}}'}),
    Case("hours nobody has", reference.HOURS, "the portal has no 77", NATIVE, {"BITRIX_SLOT_PROPERTY_ID": "77"}),
    Case("delivery the proxy lacks", trial.PREPAID, "DELIVERY", ("contract",), {
        "BITRIX_DELIVERY_ID": "77"}, asked=TRYING),
    Case("property the proxy lacks", trial.PREPAID, "ADDRESS", ("contract",), {
        "BITRIX_ADDRESS_PROPERTY_ID": "STREET"}, asked=TRYING),
    Case("folder the proxy lacks", trial.RETURN, "could not find", ("contract",), {
        "BITRIX_DISK_FOLDER_ID": "1234"}, asked=TRYING),
    Case("clock off", surroundings.CLOCK, "+4", happens=clocks_ahead),
    Case("settings missing", SETTINGS, "BITRIX_BASE_URL", settings={"BITRIX_BASE_URL": ""}),
    Case("no bot", SETTINGS, "TELEGRAM_BOT_TOKEN", settings={"TELEGRAM_BOT_TOKEN": ""}),
    Case("no address of our own", surroundings.EGRESS, "did not answer", asked=replace(
        ASKED, egress_url="http://nobody.test/")),
]  # fmt: skip


@pytest.mark.parametrize("dialect", BOTH)
async def test_it_passes_where_all_is_well(dialect: str):
    async with town(dialect, {}, {}) as here:
        await here.set_webhook()
        results = await here.look(ASKED)
    assert [result for result in results if result.ok is False] == []
    unclear = [result.name for result in results if result.ok is None]
    no_order = [trade.CHANGES, trade.MODE]
    assert unclear == (no_order if dialect == "native" else ["pay systems, delivery, properties", returning.DISK])
    assert len(results) > 15
    for shown in (as_table(results, here.here.settings.secrets()), as_json(results, here.here.settings.secrets())):
        assert "[hidden]" not in shown, "a check has put a secret into its words"
        assert not [secret for secret in here.here.settings.secrets() if secret in shown]


async def test_a_contract_portal_needs_no_method_for_payment_links():
    """The link comes with the order; nobody asks for it by a method of its own."""
    without = {"without": frozenset({"salescenter.payment.getpublicurl"})}
    async with town("contract", without, {}) as here:
        await here.set_webhook()
        results = await here.look(ASKED)
    assert [result for result in results if result.ok is False] == []


@pytest.mark.parametrize(
    ("lacks", "by_lists", "fix"),
    [
        ("app.rma.add", "false", "BITRIX_RETURN_METHOD=sale.orderreserves.add"),
        ("crm.product.batch", "false", "BITRIX_QUOTE_BY_LISTS=true"),
        ("catalog.price.list", "true", "BITRIX_QUOTE_BY_LISTS=false"),
        ("sale.orderreserves.add", "false", ""),
    ],
)
async def test_of_the_specs_choices_it_says_what_to_set(lacks: str, by_lists: str, fix: str):
    async with town("contract", {"without": frozenset({lacks})}, {"BITRIX_QUOTE_BY_LISTS": by_lists}) as here:
        results = await here.look()
    (told,) = [result for result in results if result.name == access.CHOICES]
    assert (told.ok, told.fix) == (None if fix else True, fix)
    assert lacks not in told.reason.replace(f"METHOD={lacks}", "")


async def test_it_passes_with_a_token_pair_as_well():
    async with town("native", {}, OAUTH) as here:
        await here.set_webhook()
        here.here = here.here.override(vault=MemoryVault())
        grant, soon = here.portal.tokens.issue(), here.here.now() + timedelta(hours=1)
        assert here.here.token_manager is not None
        await here.here.token_manager.install(TokenPair(grant.access_token, grant.refresh_token, soon))
        results = await here.look(ASKED)
    assert [result for result in results if result.ok is False] == []
    assert grant.access_token not in repr(results)


@pytest.mark.parametrize(
    ("case", "dialect"),
    [pytest.param(case, dialect, id=f"{case.name}-{dialect}") for case in CASES for dialect in case.dialects],
)
async def test_a_misconfiguration_fails_in_its_own_line(case: Case, dialect: str):
    async with town(dialect, case.options, case.settings) as here:
        if here.here.settings.telegram_bot_token and case.line != telegram_checks.TOKEN:
            await here.set_webhook()
        await case.happens(here)
        results = await here.look(case.asked)
        secrets = here.here.settings.secrets()
    bad = [result for result in results if result.ok is False]
    assert [result.name for result in bad] == [case.line], as_table(results, secrets)
    assert case.words in f"{bad[0].reason} {bad[0].fix}"
    raw = repr(results)
    assert not [secret for secret in secrets if secret in raw]
    assert environment.BOT_TOKEN not in raw


@pytest.mark.parametrize("dialect", BOTH)
async def test_whoever_takes_unsigned_events_is_found_out(dialect: str):
    async with town(dialect, {}, {}) as here:
        await here.set_webhook()
        await takes_anything(here)
        results = await here.look(ASKED)
    assert [result.name for result in results if result.ok is False] == [
        f"{probes.TELEGRAM}, unsigned",
        f"{probes.EVENTS} (JSON), unsigned",
        f"{probes.EVENTS} (form), unsigned",
    ]


async def test_functions_that_nobody_serves_are_told_once_each():
    async with town("native", {}, {}) as here:
        await here.set_webhook()
        await unreachable(here)
        results = await here.look(ASKED)
    bad = {result.name: result.reason for result in results if result.ok is False}
    assert list(bad) == [probes.TELEGRAM, f"{probes.EVENTS} (JSON)", f"{probes.EVENTS} (form)"]
    assert all("ConnectError" in reason for reason in bad.values())


async def test_what_was_not_told_is_not_held_against_anybody():
    async with town("native", {}, {}) as here:
        await here.set_webhook()
        results = await here.look(Asked())
    assert [result.name for result in results if result.ok is None] == [
        trade.CHANGES,
        trade.MODE,
        telegram_checks.ADDRESS,
        probes.TELEGRAM,
        probes.EVENTS,
    ]
    assert [result for result in results if result.ok is False] == []
    assert httpx.URL(TELEGRAM).host not in {result.name for result in results}


@pytest.mark.parametrize("dialect", BOTH)
async def test_the_happy_paths_leave_nothing_but_a_return(dialect: str):
    async with town(dialect, {}, {}) as here:
        await here.set_webhook()
        results = {result.name: result for result in await here.look(TRYING)}
        orders = here.portal.front.orders.all()
        (left,) = here.portal.front.returns.all()
    names = (trial.GOODS, trial.PREPAID, trial.CASH, trial.RETURN, trial.CLEAN_UP)
    assert [results[name].ok for name in names] == [True] * 5
    # The simulated native portal shows an order with an open return as such, canceled or not.
    assert orders[0].status is Status.CANCELED
    assert orders[1].status is (Status.CANCELED if dialect == "contract" else Status.RETURN_IN_PROGRESS)
    assert "link" in results[trial.PREPAID].reason
    assert left.id in results[trial.RETURN].reason
    assert all(order.id in results[trial.CLEAN_UP].reason for order in orders)


async def test_nothing_is_ordered_where_something_is_wrong():
    async with town("native", {}, {"BITRIX_DELIVERY_ID": "33"}) as here:
        await here.set_webhook()
        results = {result.name: result for result in await here.look(TRYING)}
        assert here.portal.front.orders.all() == []
    assert results[TRIAL].ok is None
    assert trial.GOODS not in results
