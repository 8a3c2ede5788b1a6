"""Wiring: each part is made when first needed, from the settings, and what was opened is closed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import httpx
import pytest

from shared.bitrix.secrets import SecretManagerVault
from shared.entry.container import Container
from shared.pipeline.decision import Decision
from shared.settings import SettingsError
from shared.store.memory import MemoryStore
from tests.bitrix.memory_vault import MemoryVault
from tests.entry.conftest import Environment, Lines
from tests.support.clock import Clock
from tests.support.telegram import BotApi


class Open:
    """Something that can be closed."""

    def __init__(self) -> None:
        self.closed = False

    async def close(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


class Opening(Container):
    """A container whose parts only tell whether they were closed."""

    http, store, queue, vault, token_manager = (cached_property(lambda _: Open()) for _ in range(5))  # type: ignore[assignment]


NAMES = ("http", "store", "queue", "vault", "token_manager")


def test_nothing_is_opened_before_it_is_needed(configured: Environment):
    assert not vars(configured()).keys() & set(NAMES)


async def test_what_was_opened_is_closed_and_nothing_else_is_opened(configured: Environment):
    made = Opening(configured().settings)
    await made.close()
    assert not vars(made).keys() & set(NAMES)
    opened: list[Any] = [getattr(made, name) for name in NAMES]
    await made.close()
    assert [part.closed for part in opened] == [True] * 5


async def test_what_was_handed_in_is_used_and_left_open(configured: Environment, clock: Clock):
    store = MemoryStore(clock)
    async with httpx.AsyncClient() as http:
        made = Container(configured().settings, now=clock, http=http, store=store)
        assert (made.http, made.store, made.now) == (http, store, clock)
        await made.close()
        assert not http.is_closed


def test_another_container_differs_in_what_it_is_told_and_has_nothing_that_this_one_made(
    configured: Environment, clock: Clock
):
    store, vault = MemoryStore(clock), MemoryVault()
    made = Container(configured(BITRIX_TOKEN_SECRET="bitrix-token").settings, now=clock, store=store)
    other = made.override(vault=vault)
    assert (other.settings, other.now, other.store, other.vault) == (made.settings, clock, store, vault)
    assert made.vault is not vault
    assert other.tasks is not made.tasks
    assert made.override(made.settings.model_copy(update={"timezone": "Asia/Omsk"})).zone.key == "Asia/Omsk"


def test_two_containers_share_nothing(configured: Environment):
    one, other = configured(), configured()
    assert one.store is not other.store
    handlers = one.update_handler, other.update_handler
    assert handlers[0].stranger_limit is not handlers[1].stranger_limit
    assert handlers[0].update_limit is not handlers[1].update_limit


async def test_a_webhooks_key_leaves_no_token_manager_to_close(configured: Environment):
    made = configured()
    assert made.token_manager is None
    await made.close()
    assert "vault" not in vars(made)


async def test_the_real_clients_close_too(configured: Environment):
    made = configured(BITRIX_TOKEN_SECRET="bitrix-token")
    assert isinstance(made.vault, SecretManagerVault)
    assert made.http.is_closed is False
    assert isinstance(made.store, MemoryStore)
    assert made.queue is made.queue
    await made.close()
    assert made.http.is_closed


async def test_the_documents_live_in_firestore_unless_told_otherwise(
    configured: Environment, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", "127.0.0.1:1")
    made = configured(STORE="firestore")
    assert type(made.store).__name__ == "FirestoreStore"
    await made.close()


@pytest.mark.parametrize(
    ("unset", "part"),
    [
        ("BITRIX_QUEUE", lambda made: made.tasks),
        ("BITRIX_CALL_URL", lambda made: made.outbox),
        ("TELEGRAM_QUEUE", lambda made: made.bitrix_inbox),
        ("TELEGRAM_SEND_URL", lambda made: made.telegram_inbox),
        ("TELEGRAM_BOT_TOKEN", lambda made: made.bot),
        ("BITRIX_BASE_URL", lambda made: made.client),
        ("BITRIX_TOKEN_SECRET", lambda made: made.vault),
    ],
)
def test_a_part_that_lacks_a_setting_says_which(configured: Environment, unset: str, part: Callable[[Container], Any]):
    with pytest.raises(SettingsError, match=f"^{unset}: is required here$"):
        part(configured(**{unset: ""}))


async def test_an_event_of_the_portal_can_say_nothing(here: Container, telegram: BotApi, lines: Lines):
    """Its function has neither aiogram nor the bot's token: a message is a bug."""

    async def speak(decision: Decision) -> None:
        decision.send({"method": "sendMessage", "params": "{}", "tag": None})

    await here.bitrix_inbox.handle("e1", speak)
    [entry] = lines()
    assert entry["severity"] == "ERROR"
    assert "says nothing to anybody" in entry["stack_trace"]
    assert telegram.asked == []
