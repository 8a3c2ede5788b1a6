"""The forms that a setting's text may have: addresses, names, secrets, maps; each says briefly what it must be."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Json, SecretStr

from shared.status import Status


def _is_http(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", url):
        raise ValueError("must be an http(s) address")
    return url


def _is_rest(url: str) -> str:
    if not re.search(r"/rest/(\d+/[^/\s]+/)?$", _is_http(url)):
        raise ValueError("must end in /rest/ or /rest/<user>/<key>/")
    return url


def _is_queue(name: str) -> str:
    if not re.fullmatch(r"projects/[^/]+/locations/[^/]+/queues/[^/]+", name):
        raise ValueError("must be projects/<project>/locations/<region>/queues/<queue>")
    return name


def _is_host_port(value: str) -> str:
    if not re.fullmatch(r"[^\s:/]+:\d{1,5}", value):
        raise ValueError("must be host:port")
    return value


def _is_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("must be a time zone such as Europe/Moscow") from error
    return name


def _is_bot_token(token: SecretStr) -> SecretStr:
    if not re.fullmatch(r"\d+:[\w-]+", token.get_secret_value()):
        raise ValueError("must look like <digits>:<letters>")
    return token


def _is_webhook_secret(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[\w-]{1,256}", secret.get_secret_value()):
        raise ValueError("must be 1-256 characters of A-Z a-z 0-9 _ -")
    return secret


HttpUrl = Annotated[str, AfterValidator(_is_http)]
RestUrl = Annotated[str, AfterValidator(_is_rest)]
QueueName = Annotated[str, AfterValidator(_is_queue)]
HostPort = Annotated[str, AfterValidator(_is_host_port)]
Zone = Annotated[str, AfterValidator(_is_zone)]
BotToken = Annotated[SecretStr, AfterValidator(_is_bot_token)]
WebhookSecret = Annotated[SecretStr, AfterValidator(_is_webhook_secret)]
StatusMap = Json[dict[str, Status]]


class DeliverySetting(BaseModel):
    """What masters are told of a delivery service: its name, price and term, as far as the shop says them.

    `pickup`: goods are fetched at a store (native).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=40)]
    price: Annotated[Decimal | None, Field(ge=0, le=1_000_000)] = None
    term: Annotated[str, Field(max_length=60)] = ""
    pickup: bool = False


DeliveryMap = Json[Annotated[dict[str, DeliverySetting], Field(max_length=10)]]
