"""The environment of the functions in the sandbox: these defaults, and the real environment wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PROJECT = "local"
LOCATION = f"projects/{PROJECT}/locations/local/queues"
BITRIX_QUEUE = f"{LOCATION}/bitrix"
TELEGRAM_QUEUE = f"{LOCATION}/telegram"

BOT_USERNAME = "assistant_mastera_bot"
BOT_TOKEN = "1000001:sandbox-token-of-the-simulated-bot"  # noqa: S105 - good for nothing but the simulated Telegram
PORTAL_USER = "1"
PORTAL_KEY = "sandbox-key"
BUYER = "17"
"""The Bitrix user whom the invite of the sandbox binds to."""

SECRETS = {
    "TELEGRAM_WEBHOOK_SECRET": "sandbox-telegram-secret",
    "WEBHOOK_SECRET": "sandbox-webhook-secret",
    "INVITE_SECRET": "sandbox-invite-secret",
}


@dataclass(frozen=True)
class Addresses:
    """Where the parts answer. `telegram` and `portal_rest` may be somebody else's."""

    functions: str
    cloud_tasks: str
    secret_manager: str
    telegram: str
    portal_rest: str
    firestore: str | None = None


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
        "BITRIX_BASE_URL": addresses.portal_rest,
        "BITRIX_DIALECT": "contract",
        "BITRIX_DELIVERY_ID": "3",
        "STORE": "firestore" if addresses.firestore else "memory",
        # Keeps the framework's own logging out of the way (gcp reference §1).
        "LOG_EXECUTION_ID": "false",
        "LOG_LEVEL": "WARNING",
        **({"FIRESTORE_EMULATOR_HOST": addresses.firestore} if addresses.firestore else {}),
    }


def merged(addresses: Addresses, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the defaults overruled by what the environment sets (an empty variable sets nothing)."""
    given = {name: value for name, value in environment.items() if value}
    return {**defaults(addresses), **given}
