"""The environment of the functions in the sandbox: these defaults, and the real environment wins."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from infra.local.portal.native.options import NativeOptions
from infra.local.portal.options import PortalOptions
from infra.local.sandbox.options import DEFAULT_PORT

PROJECT = "local"
LOCATION = f"projects/{PROJECT}/locations/local/queues"
BITRIX_QUEUE = f"{LOCATION}/bitrix"
TELEGRAM_QUEUE = f"{LOCATION}/telegram"

BOT_USERNAME = "assistant_mastera_bot"
BOT_TOKEN = "1000001:sandbox-token-of-the-simulated-bot"  # noqa: S105 - good for nothing but the simulated Telegram
PORTAL_USER = "1"
PORTAL_KEY = "sandbox-key"
OPERATORS = -1_000_000_000_001
"""The operators' group of the simulated Telegram: a forum where the bot is an administrator."""

BUYER = "17"
"""The Bitrix user whom the invite of the sandbox binds to."""

NATIVE = NativeOptions()
"""What the simulated portal is like when it speaks native; the settings below say the same."""

SECRETS = {
    "TELEGRAM_WEBHOOK_SECRET": "sandbox-telegram-secret",
    "WEBHOOK_SECRET": "sandbox-webhook-secret",
    "INVITE_SECRET": "sandbox-invite-secret",
    "BITRIX_APPLICATION_TOKEN": "sandbox-application-token",
}


@dataclass(frozen=True)
class Addresses:
    """Where the parts answer. `telegram` and `portal_rest` may be somebody else's, who has no group `operators`."""

    functions: str
    cloud_tasks: str
    secret_manager: str
    telegram: str
    portal_rest: str
    firestore: str | None = None
    operators: int | None = None


def defaults(addresses: Addresses) -> dict[str, str]:
    """Return what the functions get to see unless the environment says otherwise."""
    return {
        **SECRETS,
        "GOOGLE_CLOUD_PROJECT": PROJECT,
        "CLOUD_TASKS_EMULATOR_HOST": addresses.cloud_tasks,
        "SECRET_MANAGER_EMULATOR_HOST": addresses.secret_manager,
        "BITRIX_QUEUE": BITRIX_QUEUE,
        "TELEGRAM_QUEUE": TELEGRAM_QUEUE,
        "BITRIX_CALL_URL": f"{addresses.functions}/bitrix_call",
        "TELEGRAM_SEND_URL": f"{addresses.functions}/telegram_send",
        "TASKS_SERVICE_ACCOUNT": "tasks-invoker@local.iam.gserviceaccount.com",
        "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
        "TELEGRAM_API_BASE": addresses.telegram,
        # Whoever tries the bot by script is no spammer.
        "TELEGRAM_UPDATES_PER_MINUTE": "100000",
        "BITRIX_BASE_URL": addresses.portal_rest,
        "BITRIX_DIALECT": "contract",
        "BITRIX_DELIVERY_ID": "3",
        "BITRIX_DISK_FOLDER_ID": PortalOptions().disk_folder_id,
        "STORE": "firestore" if addresses.firestore else "memory",
        "LOG_LEVEL": "WARNING",
        **({"TELEGRAM_OPERATORS_CHAT_ID": str(addresses.operators)} if addresses.operators else {}),
        **({"FIRESTORE_EMULATOR_HOST": addresses.firestore} if addresses.firestore else {}),
    }


def rest(portal_url: str) -> str:
    """Return the REST address of the simulated portal."""
    return f"{portal_url}/rest/{PORTAL_USER}/{PORTAL_KEY}/"


def full(portal_url: str) -> str:
    """Return the REST address of a portal that was named by its host alone."""
    return portal_url if "/rest/" in portal_url else f"{portal_url.rstrip('/')}/rest/"


def for_commands() -> dict[str, str]:
    """Return what a command needs to know of the sandbox that runs at its usual ports."""
    portal = rest(f"http://127.0.0.1:{DEFAULT_PORT + 1}")
    return {"INVITE_SECRET": SECRETS["INVITE_SECRET"], "BITRIX_BASE_URL": portal}


def native_defaults() -> dict[str, str]:
    """Return the ids of the simulated portal's reference data, for BITRIX_DIALECT=native."""
    return {
        "BITRIX_IBLOCK_ID": str(NATIVE.iblock_id),
        "BITRIX_ARTICLE_PROPERTY": f"property{NATIVE.article_property}",
        "BITRIX_PRICE_TYPE_ID": str(NATIVE.price_type_id),
        "BITRIX_PERSON_TYPE_ID": str(NATIVE.person_type_id),
        "BITRIX_ADDRESS_PROPERTY_ID": str(NATIVE.address_property),
        "BITRIX_PHONE_PROPERTY_ID": str(NATIVE.phone_property),
        "BITRIX_ETA_PROPERTY_ID": str(NATIVE.eta_property),
        "BITRIX_MEMBER_ID": NATIVE.member_id,
        "BITRIX_RETURNS_ENTITY_TYPE_ID": str(NATIVE.returns_entity_type_id),
        "BITRIX_RETURNS_CATEGORY_ID": str(NATIVE.returns_category_id),
        "BITRIX_STATUS_MAP": json.dumps({NATIVE.delivered_status: "DELIVERED"}),
        "BITRIX_RETURN_STAGE_MAP": json.dumps({"CHECK": "RETURN_IN_PROGRESS"}),
    }


def merged(addresses: Addresses, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the defaults overruled by what the environment sets (an empty variable sets nothing)."""
    given = {name: value for name, value in environment.items() if value}
    native = native_defaults() if given.get("BITRIX_DIALECT") == "native" else {}
    return {**defaults(addresses), **native, **given}
