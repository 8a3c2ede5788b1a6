"""Masters: who may use the bot, and what is remembered of each (collection `masters`, kept until removed)."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.domain.deliveries import PickupPoint
from shared.domain.orders import PaymentKind
from shared.domain.preferences import Importance, QuietHours, Sound, known
from shared.store.collections import MASTERS
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork

ADDRESSES = 3
"""How many addresses are remembered, the latest first, beside those that have a name."""

NAMED = 7
"""How many addresses may have a name: a keyboard has room for so many."""


@dataclass(frozen=True)
class Master:
    """A person in Telegram bound to a buyer in Bitrix. `reachable` is False once he has blocked the bot.

    `bitrix_user_id` is the buyer's id (`shared.domain.buyers`): records had it before a buyer could be a contact.
    `blocked`: the operators have shut him out; to the bot he is a stranger. `phone` is in E.164, "" until he gave one;
    `phone_asked`: a checkout has asked him for it, which is done once. `sound` and `quiet_hours` are his own choice
    (/settings). `price_type`: the portal's kind of price he buys at, by the operators' word; "" is the usual one.
    `company`: the one his contact belongs to, as it was read last, `company_id` its id; "" without one.
    `pays`: how he chose to pay last, None until he did. `delivery`: the delivery service he chose last, "" without one;
    `pickup`: the store where he fetched goods last. `address_names` are his own names of addresses, by their marks.
    """

    telegram_id: int
    bitrix_user_id: str
    name: str
    joined_at: datetime
    addresses: tuple[str, ...] = ()
    reachable: bool = True
    blocked: bool = False
    phone: str = field(default="", repr=False)
    sound: Sound = Sound.ALL
    quiet_hours: QuietHours = QuietHours.OFF
    phone_asked: bool = False
    price_type: str = ""
    company: str = ""
    company_id: str = ""
    pays: PaymentKind | None = None
    delivery: str = ""
    pickup: PickupPoint | None = None
    address_names: Mapping[str, str] = field(default_factory=dict, repr=False)

    def with_address(self, address: str) -> Master:
        """Return the master with this address remembered first."""
        latest = (address, *(known for known in self.addresses if known != address))
        named = [known for known in latest if self.name_of(known)][:NAMED]
        others = [known for known in latest if not self.name_of(known)][:ADDRESSES]
        return replace(self, addresses=tuple(known for known in latest if known in named or known in others))

    def choosing(
        self, address: str, pays: PaymentKind, delivery: str = "", pickup: PickupPoint | None = None
    ) -> Master:
        """Return the master with what he chose for an order remembered; "" and None are no choice."""
        kept = self.with_address(address) if address else self
        return replace(kept, pays=pays, delivery=delivery or self.delivery, pickup=pickup or self.pickup)

    def name_of(self, address: str) -> str:
        """Return his own name of an address, "" when he gave none."""
        return self.address_names.get(mark_of(address), "")

    def naming(self, mark: str, name: str) -> Master:
        """Return the master with a name for the address of this mark."""
        return replace(self, address_names={**self.address_names, mark: name})

    def without_address(self, mark: str) -> Master:
        """Return the master with the address of this mark (`mark_of`) forgotten."""
        names = {known: name for known, name in self.address_names.items() if known != mark}
        left = tuple(known for known in self.addresses if mark_of(known) != mark)
        return replace(self, addresses=left, address_names=names)

    def save(self, unit: UnitOfWork) -> None:
        """Put the record into the unit (which must have read it)."""
        plain = {"addresses": list(self.addresses), "sound": str(self.sound), "quiet_hours": str(self.quiet_hours)}
        pays = {"pays": None if self.pays is None else str(self.pays)}
        unit.put(key(self.telegram_id), {**asdict(self), **plain, **pays})


def mark_of(address: str) -> str:
    """Return what tells one of a master's addresses in a button, where the address itself has no room."""
    return f"{zlib.crc32(address.encode()):08x}"


def key(telegram_id: int) -> Key:
    """Where the master's record lives."""
    return MASTERS.key(str(telegram_id))


def from_data(data: Mapping[str, Any]) -> Master:
    """Read a record's data, of an older version too; what a newer one added to it is of no use here."""
    told = {each.name: data[each.name] for each in fields(Master) if each.name in data}
    pays = data.get("pays")
    choices = {
        "pickup": PickupPoint.from_data(data.get("pickup")),
        "pays": PaymentKind(pays) if pays in list(PaymentKind) else None,
        "sound": known(Sound, data.get("sound"), Sound.ALL),
        "quiet_hours": known(QuietHours, data.get("quiet_hours"), QuietHours.OFF),
    }
    return Master(**{**told, **choices, "addresses": tuple(data["addresses"])})


async def load(unit: UnitOfWork, telegram_id: int) -> Master | None:
    """Return the master, or None for a stranger."""
    data = await unit.get(key(telegram_id))
    return None if data is None else from_data(data)


def is_silent(master: Master | None, news: Importance, now: datetime, zone: ZoneInfo) -> bool:
    """Whether a message that comes by itself reaches this master without sound. Nothing is ever held back for it.

    Who is no master any more has chosen nothing.
    """
    if master is None:
        return False
    if master.sound is Sound.NONE or (master.sound is Sound.IMPORTANT and news is not Importance.IMPORTANT):
        return True
    return master.quiet_hours.holds(now.astimezone(zone).time())
