"""Each option of the sandbox: another Bot API server, another portal, a real bot's way, Firestore, the environment."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest

from infra.invites import invite_link
from infra.local.clock import SystemClock
from infra.local.firestore_emulator import EmulatorMissingError
from infra.local.portal.app import Portal, create_portal
from infra.local.portal.options import PortalOptions
from infra.local.portal.rich_shop import METRES
from infra.local.sandbox import polling
from infra.local.sandbox.environment import BITRIX_QUEUE, OPERATORS, SECRETS, Addresses, merged
from infra.local.sandbox.options import RICH, SandboxOptions
from infra.local.sandbox.sandbox import Sandbox
from infra.local.serving import Serving, bind
from infra.local.telegram.options import TelegramOptions
from infra.local.telegram.person import Person
from infra.local.telegram.sim import TelegramSim, create_telegram
from shared.assistant.texts import profile
from shared.settings import SettingsError, StoreKind, revealed
from tests.local.telegram.bench import picture
from tests.sandbox.command import free_ports

TOKEN = "424242:the-other-servers-token"
PATIENCE = 240.0


@asynccontextmanager
async def sandbox(options: SandboxOptions, given: Mapping[str, str] | None = None) -> AsyncIterator[Sandbox]:
    """A sandbox that is stopped in the end."""
    made = Sandbox(options, given or {}, lambda _: None)
    await made.start()
    try:
        yield made
    finally:
        await made.stop()


@asynccontextmanager
async def other_telegram() -> AsyncIterator[tuple[TelegramSim, str]]:
    """Another Bot API server: the simulator, and where it answers."""
    serving = Serving(bind(0))
    async with httpx.AsyncClient(timeout=65) as http:
        made = create_telegram(TelegramOptions(token=TOKEN, username="other_shop_bot"), clock=SystemClock(), http=http)
        await made.start()
        await serving.start(made.app)
        try:
            yield made, serving.url
        finally:
            await made.stop()
            await serving.stop()


@asynccontextmanager
async def other_portal(webhook_url: str | None, secret: str) -> AsyncIterator[tuple[Portal, str]]:
    """Another portal: the simulator, and where it answers."""
    serving = Serving(bind(0))
    options = PortalOptions(
        webhook_user="9",
        webhook_key="other-key",
        webhook_url=webhook_url,
        webhook_secret=secret,
        public_url=serving.url,
    )
    async with httpx.AsyncClient() as http:
        made = create_portal(options, clock=SystemClock(), http=http)
        await serving.start(made.app)
        try:
            yield made, serving.url
        finally:
            await serving.stop()


async def searches(telegram_url: str, invite: str, http: httpx.AsyncClient, user_id: int) -> Person:
    """A master comes in and finds something."""
    master = Person(http, telegram_url, user_id)
    await master.says(f"/start {invite.split('start=')[1]}")
    await master.sees("Доступ открыт", within=PATIENCE)
    await master.says("шуруповёрт")
    await master.sees("Makita DF333DWYE", within=PATIENCE)
    return master


async def test_another_bot_api_server_gets_the_webhook():
    given = {"TELEGRAM_BOT_TOKEN": TOKEN}
    async with (
        other_telegram() as (telegram, url),
        sandbox(SandboxOptions(port=0, telegram_api=url), given) as running,
        httpx.AsyncClient() as http,
    ):
        addresses = running.addresses
        assert (addresses["chat"], addresses["telegram"], running.telegram) == (None, None, None)
        assert running.container.settings.telegram_operators_chat_id is None
        webhook = telegram.delivery.webhook
        assert webhook is not None
        assert webhook.url == addresses["functions"]["telegram_update"]
        assert webhook.secret == SECRETS["TELEGRAM_WEBHOOK_SECRET"]
        assert addresses["invite"].startswith("https://t.me/other_shop_bot?start=")
        await searches(url, addresses["invite"], http, 801)


async def test_the_simulated_telegram_has_a_group_of_operators_that_the_bot_knows():
    async with sandbox(SandboxOptions(port=0)) as running, httpx.AsyncClient() as http:
        about = (await http.get(f"{running.addresses['telegram']}/_sim/about")).json()
        assert about["groups"] == [{"id": OPERATORS, "title": "Операторы"}]
        assert running.container.settings.telegram_operators_chat_id == OPERATORS


async def test_the_simulated_telegrams_people_find_the_bots_commands_and_what_it_is():
    async with sandbox(SandboxOptions(port=0)) as running, httpx.AsyncClient() as http:
        about = f"{running.addresses['telegram']}/_sim/about?chat_id="
        masters, operators = [(await http.get(f"{about}{chat}")).json() for chat in (701, OPERATORS)]
        assert [each["command"] for each in masters["commands"]] == [name for name, _ in profile.COMMANDS]
        assert [each["command"] for each in operators["commands"]] == [name for name, _ in profile.OPERATORS]
        assert masters["description"] == profile.description()


async def test_another_portal_is_asked_and_its_events_are_taken():
    given = {"WEBHOOK_SECRET": "of-both", "BITRIX_DIALECT": "contract"}
    async with other_portal(None, "of-both") as (portal, url), httpx.AsyncClient() as http:
        rest = f"{url}/rest/9/other-key/"
        async with sandbox(SandboxOptions(port=0, portal=rest), given) as running:
            addresses = running.addresses
            assert (addresses["portal"], running.portal) == (None, None)
            portal.webhooks.url = addresses["bitrix_webhook"]
            master = await searches(addresses["telegram"], addresses["invite"], http, 802)
            # The names in all their spellings, then price and stock of what was found.
            assert [call.method for call in portal.rest.calls.since()] == ["batch", "crm.product.batch"]
            await master.taps("5")
            await master.sees("В корзину ·", within=PATIENCE)
            button = next(text for text in await master.buttons() if text.startswith("В корзину ·"))
            for step, seen in (
                (button, "🛒 В корзине"),
                ("🛒 В корзине · 1\u00a0шт.", "Итого:"),
                ("Оформить заказ", "Куда доставить?"),
            ):
                await master.taps(step)
                await master.sees(seen, within=PATIENCE)
            await master.says("Тверь, ул. Советская, 10")
            await master.sees("Как оплатите?", within=PATIENCE)
            await master.taps("💵 Наличными при получении")
            await master.sees("Проверьте заказ", within=PATIENCE)
            await master.taps("✅ Заказать")
            await master.sees("создан.", within=PATIENCE)
            (order,) = portal.shop.orders.all()
            moved = await http.post(f"{url}/_sim/orders/{order.id}", json={"status": "SHIPPED"})
            assert moved.is_success
            await master.sees("Курьер уже в пути", within=PATIENCE)


async def shows_the_same(http: httpx.AsyncClient, real: str, mirror: str, user_id: int) -> None:
    """The mirror has the real dialogue, names the bot as it is called, and takes no acts."""
    there, chat = [(await http.get(f"{url}/_sim/chats/{user_id}")).json() for url in (real, mirror)]
    looks = [
        [(one["id"], one["from"], one["html"], one["buttons"]) for one in view["messages"]] for view in (there, chat)
    ]
    assert looks[0] == looks[1] != []
    (path,) = [one["photo"] for one in chat["messages"] if one["photo"] and one["from"] == "user"]
    assert (await http.get(f"{mirror}{path}")).content == picture("red")
    assert (await http.get(f"{mirror}/_sim/files/nobody")).status_code == 404
    about = (await http.get(f"{mirror}/_sim/about")).json()
    assert (about["mirror"], about["bot"]["username"]) == (True, "other_shop_bot")
    said = await http.post(f"{mirror}/_sim/messages", json={"user_id": user_id, "text": "дрель"})
    assert said.status_code in {404, 405}
    assert (await http.post(f"{mirror}/bot1:wrong/getMe")).status_code == 401


async def test_a_real_bot_by_long_polling():
    async with other_telegram() as (telegram, url), httpx.AsyncClient() as http:
        given = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE": url}
        async with sandbox(SandboxOptions(port=0, telegram=True), given) as running:
            addresses = running.addresses
            assert addresses["telegram"] is None, "nobody acts there"
            master = await searches(url, addresses["invite"], http, 803)
            assert telegram.delivery.webhook is None
            await master.settles()
            await master.sends_photos([picture("red")])
            await master.settles()
            await shows_the_same(http, url, addresses["chat"].rstrip("/"), 803)
            states = {update.state for update in telegram.mailbox.log}
            assert states == {"polled"}


@pytest.mark.parametrize("kind", ["500", "drop_answer"])
@pytest.mark.parametrize("method", ["deleteWebhook", "getUpdates"])
async def test_long_polling_outlasts_trouble(monkeypatch: pytest.MonkeyPatch, kind: str, method: str):
    monkeypatch.setattr(polling, "PAUSE", 0.05)
    async with other_telegram() as (telegram, url), httpx.AsyncClient() as http:
        telegram.faults.add(kind, 2, method)
        given = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE": url}
        async with sandbox(SandboxOptions(port=0, telegram=True), given):
            stranger = Person(http, url, 804)
            await stranger.says("/myorders")
            await stranger.settles(within=PATIENCE)
            assert not telegram.faults.active()


async def test_long_polling_delivers_again_what_was_not_taken(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(polling, "PAUSE", 0.05)
    async with other_telegram() as (_, url), httpx.AsyncClient() as http:
        given = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE": url}
        async with sandbox(SandboxOptions(port=0, telegram=True), given) as running:
            port = int(running.addresses["cloud_tasks"].split(":")[1])
            await searches(url, running.addresses["invite"], http, 805)
            await running.queue.stop(grace=1.0)
            master = Person(http, url, 805)
            await master.says("перчатки")
            await asyncio.sleep(0)
            await running.queue.start(port=port)
            await master.sees("🔎 «перчатки»", within=PATIENCE)


@pytest.mark.emulator
async def test_the_firestore_emulator_of_its_own():
    try:
        async with sandbox(SandboxOptions(port=0, firestore=True)) as running, httpx.AsyncClient() as http:
            host = running.addresses["firestore"]
            assert os.environ["FIRESTORE_EMULATOR_HOST"] == host
            assert running.container.settings.store is StoreKind.FIRESTORE
            await searches(running.addresses["telegram"], running.addresses["invite"], http, 806)
            documents = f"http://{host}/v1/projects/local/databases/(default)/documents/masters/806"
            kept = await http.get(documents, headers={"Authorization": "Bearer owner"})
            assert '"17"' in kept.text
            await running.stop()
            with pytest.raises(httpx.TransportError):
                await http.get(documents)
    except EmulatorMissingError as missing:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no Firestore emulator: {missing}")


async def test_the_environment_wins_over_the_defaults():
    given = {
        "INVITE_SECRET": "my-own",
        "WEBHOOK_SECRET": "",
        "BITRIX_CALLS_PER_SECOND": "7.5",
        "TIMEZONE": "Asia/Omsk",
        "GOOGLE_CLOUD_PROJECT": uuid4().hex,
    }
    before = dict(os.environ)
    async with sandbox(SandboxOptions(port=0), given) as running, httpx.AsyncClient() as http:
        settings = running.container.settings
        assert (settings.timezone, settings.google_cloud_project) == (given["TIMEZONE"], given["GOOGLE_CLOUD_PROJECT"])
        assert revealed(settings.invite_secret) == "my-own"
        assert revealed(settings.webhook_secret) == SECRETS["WEBHOOK_SECRET"]
        assert settings.bitrix_calls_per_second == 7.5
        assert running.queue.queue(BITRIX_QUEUE).limits.rate == 7.5
        assert dict(os.environ) == before
        stranger = Person(http, running.addresses["telegram"], 807)
        foreign = invite_link("assistant_mastera_bot", "17", SECRETS["INVITE_SECRET"])
        await stranger.says(f"/start {foreign.split('start=')[1]}")
        await stranger.sees("Ссылка не подходит", within=PATIENCE)
        await searches(running.addresses["telegram"], invite_link("any_bot_of_ours", "17", "my-own"), http, 807)
    assert dict(os.environ) == before


@pytest.mark.parametrize(
    ("options", "given", "error"),
    [
        (SandboxOptions(), {"LOG_LEVEL": "loud"}, SettingsError),
        (SandboxOptions(), {"BITRIX_QUEUE": "short"}, SettingsError),
        (SandboxOptions(telegram=True), {}, SettingsError),
        (SandboxOptions(telegram_api="http://127.0.0.1:1"), {}, RuntimeError),
    ],
)
async def test_a_start_that_fails_leaves_nothing(
    options: SandboxOptions, given: dict[str, str], error: type[Exception]
):
    before, first = dict(os.environ), free_ports()
    made = Sandbox(replace(options, port=first), given, lambda _: None)
    with pytest.raises(error):
        await made.start()
    assert dict(os.environ) == before
    for port in range(first, first + 3):
        bind(port).close()


async def test_ports_follow_each_other():
    first = free_ports()
    async with sandbox(SandboxOptions(port=first)) as running:
        addresses = running.addresses
        assert addresses["chat"] == f"http://127.0.0.1:{first}/"
        assert addresses["portal"] == f"http://127.0.0.1:{first + 1}"
        assert addresses["bitrix_webhook"] == f"http://127.0.0.1:{first + 2}/webhook/bitrix"


def test_defaults_and_what_overrules_them():
    addresses = Addresses("http://f", "q:1", "s:2", "http://t", "http://p/rest/1/k/", None)
    plain = merged(addresses, {})
    assert (plain["STORE"], "FIRESTORE_EMULATOR_HOST" in plain) == ("memory", False)
    assert plain["BITRIX_CALL_URL"] == "http://f/bitrix_call"
    kept = merged(
        Addresses("http://f", "q:1", "s:2", "http://t", "http://p/rest/", "d:3"), {"STORE": "memory", "X": ""}
    )
    assert (kept["STORE"], kept["FIRESTORE_EMULATOR_HOST"], "X" in kept) == ("memory", "d:3", False)


async def test_a_rich_shop_is_a_native_portal_with_everything():
    async with sandbox(SandboxOptions(port=0, shop=RICH)) as running, httpx.AsyncClient() as http:
        assert running.variables["BITRIX_DIALECT"] == "native"
        portal = running.addresses["portal"]
        assert (await http.get(f"{portal}/_sim/setup")).json()["stores"] == 6
        metres = (await http.get(f"{portal}/_sim/products/{METRES}")).json()
        assert (metres["measure"], metres["ratio"]) == ("м", "0.5")
        assert "GL-NIT-XL" in (await http.get(f"{portal}/goods", params={"q": "GL-NIT-XL"})).text


async def test_a_rich_shop_is_none_of_the_contract():
    with pytest.raises(ValueError, match="--shop rich is a native portal"):
        async with sandbox(SandboxOptions(port=0, shop=RICH), {"BITRIX_DIALECT": "contract"}):
            pass
