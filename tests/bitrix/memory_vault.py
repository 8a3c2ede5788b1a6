"""A vault without Secret Manager."""

import asyncio

from shared.bitrix.secrets import VersionMissing


class MemoryVault:
    """A secret in this process's memory, for tests.

    Like a call over the network, every call lets other tasks run first.
    """

    def __init__(self) -> None:
        self._versions: list[bytes | None] = []

    async def add(self, data: bytes) -> str:
        await asyncio.sleep(0)
        self._versions.append(data)
        return str(len(self._versions))

    async def read(self, version: str) -> bytes:
        await asyncio.sleep(0)
        data = self._versions[self._index(version)]
        if data is None:
            raise VersionMissing("the version was destroyed")
        return data

    async def destroy(self, version: str) -> None:
        await self.read(version)
        self._versions[self._index(version)] = None

    async def close(self) -> None:
        """Do nothing: others may still hold this vault."""

    def _index(self, version: str) -> int:
        known = version.isascii() and version.isdigit() and 1 <= int(version) <= len(self._versions)
        if not known:
            raise VersionMissing("there is no such version")
        return int(version) - 1
