"""Updates on their way to the webhook: order, retries, life times, replies."""

import asyncio
from typing import Any

import httpx
import pytest
from starlette.responses import JSONResponse, Response

from infra.local.telegram import ManualClock, TelegramOptions, create_telegram
from tests.local.telegram.bench import MASTER, TOKEN, Bench, reply


async def say(bench: Bench, text: str = "привет", user_id: int = MASTER) -> int:
    return int((await bench.control("messages", user_id=user_id, text=text))["update_id"])


async def button_message(bench: Bench) -> int:
    keyboard = {"inline_keyboard": [[{"text": "Да", "callback_data": "yes"}]]}
    message = await bench.result("sendMessage", chat_id=MASTER, text="?", reply_markup=keyboard)
    return int(message["message_id"])


async def test_the_secret_goes_in_its_header(bench: Bench):
    await bench.open_webhook(secret_token="s3cret_-")
    await say(bench)
    await bench.clock.settle()
    assert bench.bot.headers[0]["x-telegram-bot-api-secret-token"] == "s3cret_-"
    assert bench.bot.headers[0]["content-type"] == "application/json"


async def test_without_a_secret_there_is_no_header(bench: Bench):
    await bench.open_webhook()
    await say(bench)
    await bench.clock.settle()
    assert "x-telegram-bot-api-secret-token" not in bench.bot.headers[0]


async def test_a_message_is_complete(bench: Bench):
    await bench.open_webhook()
    update_id = await say(bench, "/start inv_1")
    await bench.clock.settle()
    (update,) = bench.bot.received
    assert update["update_id"] == update_id
    message = update["message"]
    assert message["text"] == "/start inv_1"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert message["chat"]["type"] == "private"
    assert message["chat"]["id"] == message["from"]["id"] == MASTER
    assert message["date"] == int(bench.clock.now().timestamp())


async def test_ids_grow_by_one(bench: Bench):
    first = await say(bench)
    assert [await say(bench), await say(bench, user_id=7)] == [first + 1, first + 2]


async def test_the_next_message_of_a_chat_waits_for_the_first(bench: Bench):
    await bench.open_webhook()
    gate = asyncio.Event()

    async def slow(_: dict[str, Any]) -> Response:
        await gate.wait()
        return Response()

    bench.bot.answers.append(slow)
    first, second = await say(bench), await say(bench)
    other = await say(bench, user_id=7)
    await bench.clock.settle()
    assert bench.bot.ids == [first, other]
    gate.set()
    await bench.clock.settle()
    assert bench.bot.ids == [first, other, second]


async def test_a_tap_does_not_wait_for_a_message_of_the_same_person(dialogue: Bench):
    await button_message(dialogue)
    await dialogue.result("setWebhook", url="http://127.0.0.1:9/webhook", drop_pending_updates=True)
    dialogue.bot.answers.append(Response(status_code=500))
    dialogue.bot.answers.append(Response(status_code=500))
    stuck = await say(dialogue)
    await dialogue.clock.settle()
    tap = (await dialogue.control("taps", user_id=MASTER, button="Да"))["update_id"]
    await dialogue.clock.settle()
    assert dialogue.bot.ids == [stuck, stuck, tap]


async def test_at_most_max_connections_at_a_time(bench: Bench):
    await bench.open_webhook(max_connections=2)
    gate = asyncio.Event()

    async def slow(_: dict[str, Any]) -> Response:
        await gate.wait()
        return Response()

    bench.bot.answers.extend([slow, slow, slow])
    ids = [await say(bench, user_id=user_id) for user_id in (1, 2, 3)]
    await bench.clock.settle()
    assert bench.bot.ids == ids[:2]
    gate.set()
    await bench.clock.settle()
    assert bench.bot.ids == ids


async def test_failures_are_repeated_on_schedule(bench: Bench):
    await bench.open_webhook()
    moments: list[float] = []
    began = bench.clock.now()

    async def failing(_: dict[str, Any]) -> Response:
        moments.append((bench.clock.now() - began).total_seconds())
        return Response(status_code=500)

    bench.bot.answers.extend([failing] * 6)
    await say(bench)
    await bench.clock.advance(62)
    assert moments == [0, 0, 2, 6, 14, 30]
    assert len(set(bench.bot.ids)) == 1
    assert len(bench.bot.ids) == 7
    assert not bench.sim.mailbox.pending()


async def test_retry_after_is_honoured(bench: Bench):
    await bench.open_webhook()
    bench.bot.answers.append(Response(status_code=503, headers={"Retry-After": "45"}))
    await say(bench)
    await bench.clock.advance(44)
    assert len(bench.bot.received) == 1
    await bench.clock.advance(1)
    assert len(bench.bot.received) == 2


@pytest.mark.parametrize(("kind", "life"), [("message", 24 * 3600), ("callback", 150), ("inline", 30)])
async def test_an_update_is_dropped_when_its_life_ends(dialogue: Bench, kind: str, life: int):
    await button_message(dialogue)
    await dialogue.result("setWebhook", url="http://127.0.0.1:9/webhook", drop_pending_updates=True)
    dialogue.bot.answers.extend([Response(status_code=500) for _ in range(3000)])
    if kind == "message":
        await say(dialogue)
    elif kind == "callback":
        await dialogue.control("taps", user_id=MASTER, button="Да")
    else:
        await dialogue.control("inline", user_id=MASTER, query="дисплей")
    while dialogue.sim.mailbox.pending():
        await dialogue.clock.advance(600)
    update = dialogue.sim.mailbox.log[-1]
    assert update.state == "dropped"
    ages = [(attempt.at - update.created_at).total_seconds() for attempt in update.attempts]
    assert life - 121 <= ages[-1] <= life


async def test_silence_of_a_minute_is_a_failure(bench: Bench):
    await bench.open_webhook()
    never = asyncio.Event()

    async def silent(_: dict[str, Any]) -> Response:
        await never.wait()
        return Response()

    bench.bot.answers.append(silent)
    await say(bench)
    await bench.clock.advance(59)
    assert len(bench.bot.received) == 1
    await bench.clock.advance(1)
    assert len(bench.bot.received) == 2
    info = await bench.result("getWebhookInfo")
    assert info["last_error_message"] == "Read timeout expired"


async def test_webhook_info_tells_of_trouble(bench: Bench):
    await bench.open_webhook(max_connections=5, allowed_updates=["message", "callback_query"])
    bench.bot.answers.extend([Response(status_code=500)] * 2)
    await say(bench)
    await say(bench)
    await bench.clock.settle()
    info = await bench.result("getWebhookInfo")
    assert info["url"] == "http://127.0.0.1:9/webhook"
    assert info["max_connections"] == 5
    assert info["allowed_updates"] == ["callback_query", "message"]
    assert info["pending_update_count"] == 2
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    assert info["last_error_date"] == int(bench.clock.now().timestamp())


@pytest.mark.parametrize(
    ("error", "message"),
    [(httpx.ConnectError("no"), "Connection refused"), (httpx.ReadError("no"), "Webhook connection closed")],
)
async def test_a_broken_connection_is_a_failure(options: TelegramOptions, error: httpx.HTTPError, message: str):
    clock = ManualClock()
    failures = [error]

    def answer(_: httpx.Request) -> httpx.Response:
        if failures:
            raise failures.pop()
        return httpx.Response(204)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as webhooks:
        sim = create_telegram(options, clock=clock, http=webhooks)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(sim.app), base_url="http://t.test") as http:
            await sim.start()
            await http.post(f"/bot{TOKEN}/setWebhook", data={"url": "https://bot.example/hook"})
            await http.post("/_sim/messages", json={"user_id": MASTER, "text": "привет"})
            assert await sim.settled(MASTER)
            info = (await http.get(f"/bot{TOKEN}/getWebhookInfo")).json()["result"]
            await sim.stop()
    assert info["last_error_message"] == message
    assert [attempt.outcome for attempt in sim.mailbox.log[0].attempts] == [message, "204"]


async def test_a_webhook_gone_for_23_hours_is_removed(bench: Bench):
    await bench.open_webhook()
    bench.bot.answers.extend([Response(status_code=410) for _ in range(3000)])
    await say(bench)
    await bench.clock.advance(23 * 3600 + 200)
    assert (await bench.result("getWebhookInfo"))["url"] == ""


@pytest.mark.parametrize("form", [False, True])
async def test_the_reply_of_the_webhook_is_executed(bench: Bench, form: bool):
    await bench.open_webhook()
    answer: Response = reply("sendMessage", chat_id=MASTER, text="<b>Принято</b>", parse_mode="HTML")
    if form:
        answer = Response(
            f"method=sendMessage&chat_id={MASTER}&text=%3Cb%3E%D0%9F%D1%80%D0%B8%D0%BD%D1%8F%D1%82%D0%BE%3C/b%3E&parse_mode=HTML",
            media_type="application/x-www-form-urlencoded",
        )
    bench.bot.answers.append(answer)
    await say(bench)
    await bench.clock.settle()
    message = (await bench.chat())["messages"][-1]
    assert (message["from"], message["html"]) == ("bot", "<b>Принято</b>")
    requests = (await bench.http.get("/_sim/requests")).json()["requests"]
    assert [item["method"] for item in requests if item["way"] == "webhook_reply"] == ["sendMessage"]


async def test_a_multipart_reply_is_executed(bench: Bench):
    """The form aiogram's own webhook handler writes."""
    await bench.open_webhook()
    body = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in {"method": "sendMessage", "chat_id": str(MASTER), "text": "Принято"}.items()
    )
    bench.bot.answers.append(Response(f"{body}--b--\r\n", media_type="multipart/form-data; boundary=b"))
    await say(bench)
    await bench.clock.settle()
    assert (await bench.chat())["messages"][-1]["text"] == "Принято"


@pytest.mark.parametrize("method", ["setWebhook", "deleteWebhook", "close", "logOut", "getMe"])
async def test_some_replies_are_not_executed(bench: Bench, method: str):
    await bench.open_webhook()
    bench.bot.answers.append(reply(method))
    await say(bench)
    await bench.clock.settle()
    requests = (await bench.http.get("/_sim/requests")).json()["requests"]
    assert [item for item in requests if item["way"] == "webhook_reply"] == []
    assert (await bench.result("getWebhookInfo"))["url"]


@pytest.mark.parametrize("answer", [Response("ok"), JSONResponse([1]), Response("{", media_type="application/json")])
async def test_other_replies_just_acknowledge(bench: Bench, answer: Response):
    await bench.open_webhook()
    bench.bot.answers.append(answer)
    await say(bench)
    await bench.clock.settle()
    assert not bench.sim.mailbox.pending()
    assert len(bench.bot.received) == 1


async def test_a_refused_reply_is_seen_in_the_log_only(bench: Bench):
    await bench.open_webhook()
    bench.bot.answers.append(reply("sendMessage", chat_id=MASTER, text="<b>", parse_mode="HTML"))
    await say(bench)
    await bench.clock.settle()
    assert bench.sim.calls.log[-1].error.startswith("Bad Request: can't parse entities")
    assert not bench.sim.mailbox.pending()


async def test_unwanted_kinds_are_not_sent(bench: Bench):
    await bench.open_webhook(allowed_updates=["callback_query"])
    answer = await bench.control("messages", user_id=MASTER, text="привет")
    assert answer["update_id"] is None
    await bench.clock.settle()
    assert bench.bot.received == []


async def test_stopping_keeps_what_was_not_delivered(bench: Bench):
    await bench.open_webhook()
    never = asyncio.Event()

    async def silent(_: dict[str, Any]) -> Response:
        await never.wait()
        return Response()

    bench.bot.answers.append(silent)
    await say(bench)
    await bench.clock.settle()
    await bench.sim.stop()
    assert len(bench.sim.mailbox.pending()) == 1
    await bench.sim.start()
    await bench.clock.settle()
    assert len(bench.bot.received) == 2
    assert not bench.sim.mailbox.pending()


async def test_a_new_webhook_starts_afresh(bench: Bench):
    await bench.open_webhook()
    bench.bot.answers.extend([Response(status_code=503, headers={"Retry-After": "3000"})])
    await say(bench)
    await bench.clock.settle()
    await bench.open_webhook()
    await bench.clock.settle()
    assert len(bench.bot.received) == 2
    assert not bench.sim.mailbox.pending()
