"""`assistant preflight` against a running sandbox, over sockets."""

from __future__ import annotations

import asyncio
import json

import pytest

from infra.cli import main
from infra.preflight.goods import CATALOGUE
from tests.support.logs import same_logging_afterwards
from tests.support.sandbox import running_world

__all__ = ["same_logging_afterwards"]


async def run(*arguments: str) -> int:
    return await asyncio.to_thread(main, [*arguments])


@pytest.mark.parametrize("dialect", ["contract", "native"])
async def test_the_sandbox_passes(dialect: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    async with running_world({"BITRIX_DIALECT": dialect}) as world:
        for name, value in world.sandbox.variables.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("BITRIX_CALLS_PER_SECOND", "50")
        updates, events = world.addresses["functions"]["telegram_update"], world.addresses["bitrix_webhook"]
        secrets = world.container.settings.secrets()
        assert await run("preflight", "--telegram-webhook", updates, "--bitrix-webhook", events) == 0
        table = capsys.readouterr().out
        assert "✓ portal events (JSON), unsigned" in table
        assert "✗" not in table
        assert await run("preflight", "--query", "звездолёт", "--json") == 1
        told = capsys.readouterr().out
        assert await run("config", "--tfvars") == 0
        config = capsys.readouterr().out
        assert await run("config", "--make-fields") == 0
        made = capsys.readouterr().out
    rows = json.loads(told[told.index("[\n") :])
    assert [row["name"] for row in rows if row["ok"] is False] == [CATALOGUE]
    assert not [secret for secret in secrets if secret in table + told + config]
    assert ("bitrix_iblock_id = 23" in config) == (dialect == "native")
    assert ("UF_CRM_12_ORDER_ID" in made) == (dialect == "native")


@pytest.mark.parametrize("half", [("--happy-paths",), ("--buyer", "17")])
def test_orders_are_made_only_for_somebody_named(half: tuple[str, ...], capsys: pytest.CaptureFixture[str]):
    assert main(["preflight", *half]) == 1
    assert "--happy-paths and --buyer ID belong together" in capsys.readouterr().err
