"""Running Bot API calls and remembering them."""

from collections import deque
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from infra.local.telegram import answering, editing, profile, receiving, relaying, sending, topics
from infra.local.telegram.core import Core, Described, Method
from infra.local.telegram.errors import ApiError
from infra.local.telegram.params import Params

LOG_SIZE = 2000
SECRET_FIELDS = {"secret_token"}


@dataclass
class Call:
    """One Bot API call: when, what, how it ended (`error` is "" for success), and by which way it came."""

    at: datetime
    method: str
    params: dict[str, str]
    files: dict[str, int]
    way: str
    status: int = 200
    error: str = ""

    def view(self) -> dict[str, Any]:
        """The call as `GET /_sim/requests` shows it."""
        return asdict(self) | {"at": self.at.isoformat()}


async def _unknown(_: Core, __: Params) -> object:
    raise ApiError(404, "Not Found: method not found")


class Calls:
    """All methods of the simulated Bot API, and the log of calls."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._methods: dict[str, Method] = {
            **sending.METHODS,
            **relaying.METHODS,
            **topics.METHODS,
            **editing.METHODS,
            **answering.METHODS,
            **profile.METHODS,
            **receiving.methods(),
        }
        self.log: deque[Call] = deque(maxlen=LOG_SIZE)

    @property
    def methods(self) -> list[str]:
        """Names of what is there, lower case."""
        return sorted(self._methods)

    def note(self, method: str, params: Params, way: str) -> Call:
        """Remember a call; secrets are not kept."""
        values = {name: "***" if name in SECRET_FIELDS else value for name, value in params.values.items()}
        files = {name: len(upload.content) for name, upload in params.files.items()}
        call = Call(self._core.clock.now(), method, values, files, way)
        self.log.append(call)
        return call

    async def run(self, call: Call, params: Params) -> dict[str, Any]:
        """Do the call; the JSON envelope of its answer. `call` gets the outcome."""
        try:
            result = await self._methods.get(call.method.lower(), _unknown)(self._core, params)
        except ApiError as error:
            return self.refuse(call, error)
        if isinstance(result, Described):
            return {"ok": True, "result": result.result, "description": result.description}
        return {"ok": True, "result": result}

    def refuse(self, call: Call, error: ApiError) -> dict[str, Any]:
        """The envelope of a refusal, noted in the log."""
        call.status, call.error = error.code, error.description
        return error.envelope()

    async def run_reply(self, method: str, params: Params) -> None:
        """Do what a webhook's answer asked for; nobody hears how it ended, but the log knows."""
        await self.run(self.note(method, params, "webhook_reply"), params)
