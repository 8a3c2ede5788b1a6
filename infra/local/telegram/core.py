"""What every Bot API method works with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple

import httpx

from infra.local.clock import Clock
from infra.local.telegram.delivery import Delivery
from infra.local.telegram.mailbox import Mailbox
from infra.local.telegram.objects import Objects
from infra.local.telegram.options import TelegramOptions
from infra.local.telegram.params import Params
from infra.local.telegram.state import World


class Described(NamedTuple):
    """A result with the `description` some methods add to it."""

    result: object
    description: str


@dataclass(frozen=True)
class Core:
    """The parts of one simulator."""

    options: TelegramOptions
    clock: Clock
    http: httpx.AsyncClient
    world: World
    objects: Objects
    mailbox: Mailbox
    delivery: Delivery


Method = Callable[[Core, Params], Awaitable[object]]
