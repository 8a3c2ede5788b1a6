"""setWebhook, deleteWebhook, getUpdates."""

import asyncio

import pytest

from tests.local.telegram.bench import MASTER, Bench


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://bot.example/", "invalid webhook URL specified"),
        ("bot.example", "invalid webhook URL specified"),
        ("https://bot.example:99999/", "invalid webhook URL specified"),
        ("http://bot.example/", "bad webhook: An HTTPS URL must be provided for webhook"),
        ("https://bot.example:8080/", "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
    ],
)
async def test_bad_addresses_are_refused(bench: Bench, url: str, reason: str):
    assert await bench.refusal("setWebhook", url=url) == f"Bad Request: {reason}"


@pytest.mark.parametrize("url", ["https://bot.example:8443/x", "https://bot.example", "http://localhost:8080/x"])
async def test_good_addresses_are_taken(bench: Bench, url: str):
    envelope = await bench.call("setWebhook", url=url)
    assert envelope == {"ok": True, "result": True, "description": "Webhook was set"}


async def test_secrets_are_checked(bench: Bench):
    url = "https://bot.example/"
    assert "unallowed characters" in await bench.refusal("setWebhook", url=url, secret_token="нет!")
    assert "too long" in await bench.refusal("setWebhook", url=url, secret_token="x" * 257)


async def test_the_secret_is_not_in_the_request_log(bench: Bench):
    await bench.open_webhook(secret_token="s3cret")
    log = (await bench.http.get("/_sim/requests")).text
    assert "s3cret" not in log
    assert "made-up-token" not in log


async def test_deleting(bench: Bench):
    assert (await bench.call("deleteWebhook"))["description"] == "Webhook is already deleted"
    await bench.open_webhook()
    assert (await bench.call("setWebhook", url=""))["description"] == "Webhook was deleted"
    assert (await bench.result("getWebhookInfo")) == {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": 0,
    }


async def test_pending_updates_can_be_dropped(bench: Bench):
    await bench.control("messages", user_id=MASTER, text="1")
    await bench.result("deleteWebhook", drop_pending_updates=True)
    assert await bench.result("getUpdates") == []


async def test_the_choice_of_updates_stays_until_changed(bench: Bench):
    await bench.open_webhook(allowed_updates=["message"])
    await bench.open_webhook()
    assert (await bench.result("getWebhookInfo"))["allowed_updates"] == ["message"]
    await bench.open_webhook(allowed_updates=[])
    assert "allowed_updates" not in await bench.result("getWebhookInfo")


async def test_polling_is_impossible_with_a_webhook(bench: Bench):
    await bench.open_webhook()
    envelope = await bench.call("getUpdates")
    assert envelope["error_code"] == 409
    assert envelope["description"].startswith("Conflict: can't use getUpdates method while webhook is active")


async def test_polling_repeats_until_confirmed(bench: Bench):
    for text in ("1", "2", "3"):
        await bench.control("messages", user_id=MASTER, text=text)
    first = await bench.result("getUpdates", limit=2)
    assert [update["message"]["text"] for update in first] == ["1", "2"]
    assert await bench.result("getUpdates", limit=2) == first
    rest = await bench.result("getUpdates", offset=first[-1]["update_id"] + 1)
    assert [update["message"]["text"] for update in rest] == ["3"]
    assert await bench.result("getUpdates", offset=-1) == rest


async def test_a_poll_waits_for_an_update(bench: Bench):
    poll = asyncio.create_task(bench.result("getUpdates", timeout=30))
    await bench.clock.advance(29)
    assert not poll.done()
    await bench.control("messages", user_id=MASTER, text="наконец")
    assert [update["message"]["text"] for update in await poll] == ["наконец"]


async def test_a_poll_ends_empty(bench: Bench):
    poll = asyncio.create_task(bench.result("getUpdates", timeout=30))
    await bench.clock.advance(31)
    assert await poll == []


async def test_a_second_poll_ends_the_first(bench: Bench):
    first = asyncio.create_task(bench.call("getUpdates", timeout=30))
    await bench.clock.settle()
    second = asyncio.create_task(bench.call("getUpdates", timeout=30))
    await bench.clock.settle()
    envelope = await first
    assert envelope["error_code"] == 409
    assert envelope["description"].startswith("Conflict: terminated by other getUpdates request")
    await bench.clock.advance(31)
    assert (await second)["result"] == []


async def test_old_updates_are_not_given_to_a_poll(bench: Bench):
    await bench.control("inline", user_id=MASTER, query="x")
    await bench.clock.advance(31)
    assert await bench.result("getUpdates") == []
