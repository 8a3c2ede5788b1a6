"""What a simulated portal can be told when it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from infra.local.portal.catalogue import Catalogue, build_catalogue
from infra.local.portal.deliveries import Delivery
from infra.local.portal.native.options import NativeOptions, OAuthOptions

DEFAULT_COSTS: Mapping[str, float] = {
    "catalog.product.list": 0.04,
    "crm.product.batch": 0.06,
    "sale.basketitem.add": 0.03,
    "sale.order.add": 0.06,
    "sale.order.get": 0.02,
    "disk.folder.uploadfile": 0.05,
}


@dataclass(frozen=True)
class PortalOptions:
    """Everything that may differ from one simulated portal to another. Times are seconds.

    `dialect` decides what the methods are called and how they behave; a portal speaks one. `renamed_to` is the address
    (`https://host:port`) of a portal that was renamed: every request to another host is answered with 302.
    `webhook_user` and `webhook_key` make up `/rest/<user>/<key>/…`; `access_tokens` are good for `auth=…`, and
    `expired_tokens` get `expired_token`. `webhook_url` is where events go (None: nowhere). `public_url` is the address
    put into picture and payment links; without it they repeat the host the request came to. `costs` is how long one
    command of a method takes, `silence` how long a request that is never answered is held. `goods` makes what it
    sells. `without` are methods (in lower case) that this portal does not offer. `spec_only` offers the methods that
    the spec names and not one more, in the dialect `contract`. `room_url` is where the bot's own records are shown.
    """

    dialect: Literal["contract", "native"] = "contract"
    native: NativeOptions = field(default_factory=NativeOptions)
    oauth: OAuthOptions = field(default_factory=OAuthOptions)
    renamed_to: str | None = None
    webhook_user: str = "1"
    webhook_key: str = field(default="local-webhook-key", repr=False)
    access_tokens: tuple[str, ...] = field(default=(), repr=False)
    expired_tokens: tuple[str, ...] = field(default=(), repr=False)
    webhook_url: str | None = None
    webhook_secret: str = field(default="local-webhook-secret", repr=False)
    webhook_attempts: int = 6
    webhook_backoff: float = 1.0
    webhook_timeout: float = 10.0
    room_url: str = ""
    public_url: str | None = None
    rate: float = 2.0
    burst: int = 50
    costs: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_COSTS))
    default_cost: float = 0.03
    request_limit: float = 60.0
    silence: float = 90.0
    body_limit: int = 48 * 1024 * 1024
    pay_system_prepaid: str = "1"
    pay_system_cod: str = "2"
    deliveries: tuple[Delivery, ...] = (Delivery("3"),)
    disk_folder_id: str = "8930"
    seed: int = 1
    goods: Callable[[], Catalogue] = build_catalogue
    without: frozenset[str] = frozenset()
    spec_only: bool = False
