"""Wiring: each part is made when first needed, from the settings, and what was opened is closed."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from shared.bitrix.secrets import SecretManagerVault
from shared.entry.container import Container, container
from shared.settings import SettingsError
from shared.store.memory import MemoryStore
from tests.entry.conftest import Environment


class Open:
    """Something that can be closed."""

    def __init__(self) -> None:
        self.closed = False

    async def close(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


def test_an_instance_has_one_set_of_parts(configured: Environment):
    assert configured() is container()


def test_nothing_is_opened_before_it_is_needed(configured: Environment):
    assert set(vars(configured())) == {"settings", "now", "zone"}


def test_from_now_on_logs_hide_the_secrets_of_the_settings(configured: Environment, capsys: pytest.CaptureFixture[str]):
    made = configured(LOG_LEVEL="WARNING")
    log = logging.getLogger("tests")
    log.warning(" ".join(made.settings.secrets()))
    log.info("not written")
    [entry] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert set(entry["message"].split()) == {"[hidden]"}


async def test_what_was_opened_is_closed_and_nothing_else_is_opened(configured: Environment):
    made = configured()
    await made.close()
    assert "http" not in vars(made)
    opened = Open(), Open(), Open(), Open(), Open()
    vars(made).update(zip(("keeper", "http", "vault", "store", "queue"), opened, strict=True))
    await made.close()
    assert all(part.closed for part in opened)


async def test_a_webhooks_key_leaves_no_keeper_to_close(configured: Environment):
    made = configured()
    assert made.keeper is None
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


async def test_the_documents_live_in_firestore_unless_told_otherwise(configured: Environment):
    made = configured(STORE="firestore", FIRESTORE_EMULATOR_HOST="127.0.0.1:1")
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
