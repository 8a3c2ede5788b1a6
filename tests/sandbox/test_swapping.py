"""The other dialect by a button: the sandbox begins anew at the same ports."""

from __future__ import annotations

import asyncio

import httpx

from infra.local.sandbox.options import SandboxOptions
from infra.local.sandbox.running import run
from infra.local.sandbox.sandbox import Sandbox
from tests.sandbox.command import free_ports


async def test_a_button_changes_the_dialect_and_what_was_known_is_forgotten():
    port, stopping = free_ports(), asyncio.Event()
    begun: asyncio.Queue[Sandbox] = asyncio.Queue()
    room = f"http://127.0.0.1:{port}/room"
    running = asyncio.create_task(run(SandboxOptions(port=port), {}, stopping, begun.put_nowait, lambda _: None))
    async with httpx.AsyncClient() as http:
        assert (await begun.get()).variables["BITRIX_DIALECT"] == "contract"
        await http.post(f"http://127.0.0.1:{port}/_sim/users", json={"user_id": 501})
        assert (await http.get(f"{room}/picture")).json()["portal"] == {"dialect": "contract", "swaps": True}
        assert (await http.post(f"{room}/dialect")).is_success
        second = await begun.get()
        assert (await http.get(f"{room}/picture")).json()["portal"]["dialect"] == "native"
        assert (await http.get(f"http://127.0.0.1:{port}/_sim/users")).json() == []
        assert second.portal is not None
        assert second.portal.states is not None
        stopping.set()
        await running
