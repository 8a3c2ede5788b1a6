"""The environment: one message that names every bad variable, and never a value."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import get_args, get_origin, get_type_hints

import pytest
from pydantic import SecretStr

from shared.entry import setting_views
from shared.settings import (
    BitrixAuth,
    Dialect,
    Settings,
    SettingsError,
    SettingsView,
    StoreKind,
    read_settings,
    revealed,
)
from shared.status import Status

TOKEN = "123456:AAH-secret_KEY"
BASE = "https://portal.test/rest/17/p0rtalk3y/"

BAD = {
    "FIRESTORE_EMULATOR_HOST": "s3cret",
    "CLOUD_TASKS_EMULATOR_HOST": "http://s3cret:80",
    "SECRET_MANAGER_EMULATOR_HOST": "s3cret:port",
    "BITRIX_QUEUE": "s3cret",
    "TELEGRAM_QUEUE": "projects/p/locations/l/queues/s3cret/more",
    "BITRIX_CALL_URL": "ftp://s3cret",
    "TELEGRAM_SEND_URL": "s3cret",
    "STORE": "s3cret",
    "TELEGRAM_BOT_TOKEN": "s3cret",
    "TELEGRAM_WEBHOOK_SECRET": "s3cret!",
    "TELEGRAM_API_BASE": "https:// s3cret",
    "TELEGRAM_OPERATORS_CHAT_ID": "s3cret",
    "BITRIX_BASE_URL": "https://portal.test/rest/17/s3cret",
    "BITRIX_AUTH": "s3cret",
    "BITRIX_DIALECT": "s3cret",
    "BITRIX_OAUTH_URL": "s3cret",
    "BITRIX_CALLS_PER_SECOND": "0",
    "BITRIX_WRITES_IN_FLIGHT": "0",
    "BITRIX_IBLOCK_ID": "s3cret",
    "BITRIX_STATUS_MAP": '{"N": "s3cret"}',
    "BITRIX_RETURN_STAGE_MAP": "{s3cret",
    "TIMEZONE": "Europe/S3cret",
    "LOG_LEVEL": "s3cret",
}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_an_empty_environment_has_the_documented_defaults():
    made = read_settings()
    assert made.google_cloud_project == "local"
    assert made.firestore_database == "(default)"
    assert made.store is StoreKind.FIRESTORE
    assert made.telegram_api_base == "https://api.telegram.org"
    assert (made.bitrix_auth, made.bitrix_dialect) == (BitrixAuth.WEBHOOK, Dialect.NATIVE)
    assert (made.bitrix_calls_per_second, made.bitrix_writes_in_flight) == (2, 6)
    assert (made.timezone, made.log_level) == ("Europe/Moscow", "INFO")
    assert made.bitrix_status_map == {}
    assert made.telegram_bot_token is None
    assert made.secrets() == ()


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_variable_is_described(name: str):
    field = Settings.model_fields[name]
    assert field.description
    assert not field.is_required()


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.setenv(name.upper(), "")
    assert getattr(read_settings(), name) == getattr(Settings.model_construct(), name)


def test_good_values_are_read(monkeypatch: pytest.MonkeyPatch):
    values = {
        "BITRIX_BASE_URL": BASE,
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "BITRIX_QUEUE": "projects/p/locations/europe-west1/queues/bitrix",
        "CLOUD_TASKS_EMULATOR_HOST": "localhost:8123",
        "TELEGRAM_OPERATORS_CHAT_ID": "-1001",
        "BITRIX_STATUS_MAP": '{"N": "NEW", "F": "CANCELED"}',
        "STORE": "memory",
        "TIMEZONE": "Asia/Yekaterinburg",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    made = read_settings()
    assert made.bitrix_base_url == BASE
    assert made.telegram_operators_chat_id == -1001
    assert made.bitrix_status_map == {"N": Status.NEW, "F": Status.CANCELED}
    assert made.store is StoreKind.MEMORY


@pytest.mark.parametrize("url", ["https://portal.test/rest/", "http://localhost:8080/rest/1/key/", BASE])
def test_a_rest_address_has_one_of_two_shapes(monkeypatch: pytest.MonkeyPatch, url: str):
    monkeypatch.setenv("BITRIX_BASE_URL", url)
    assert read_settings().bitrix_base_url == url


@pytest.mark.parametrize("name", list(BAD))
def test_a_bad_variable_is_named_and_its_value_is_not_shown(monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.setenv(name, BAD[name])
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert str(caught.value).startswith(f"{name}: ")
    assert "s3cret" not in str(caught.value).lower()
    assert caught.value.__suppress_context__


def test_all_bad_variables_are_named_at_once(monkeypatch: pytest.MonkeyPatch):
    for name, value in BAD.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert [problem.partition(":")[0] for problem in str(caught.value).split("; ")] == sorted(BAD)


def test_the_message_says_what_is_wanted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BITRIX_BASE_URL", "https://portal.test/")
    monkeypatch.setenv("STORE", "disk")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert str(caught.value) == (
        "BITRIX_BASE_URL: must end in /rest/ or /rest/<user>/<key>/; STORE: Input should be 'firestore' or 'memory'"
    )


class View(SettingsView):
    """What some part needs."""

    bitrix_queue: str
    store: StoreKind
    bitrix_call_url: str
    telegram_bot_token: SecretStr
    tasks_service_account: str | None = None
    bitrix_buyer_user_id: str = ""


def test_what_a_part_requires_is_named_when_it_is_missing():
    made = read_settings({"BITRIX_QUEUE": "projects/p/locations/l/queues/q"})
    with pytest.raises(SettingsError) as caught:
        made.require(View)
    assert str(caught.value) == "BITRIX_CALL_URL: is required here; TELEGRAM_BOT_TOKEN: is required here"


def test_a_part_gets_what_it_requires_and_its_own_defaults():
    queue = "projects/p/locations/l/queues/q"
    given = {"BITRIX_QUEUE": queue, "BITRIX_CALL_URL": "https://call.test", "TELEGRAM_BOT_TOKEN": TOKEN}
    view = read_settings(given).require(View)
    assert (view.bitrix_queue, view.store, view.bitrix_call_url) == (queue, StoreKind.FIRESTORE, "https://call.test")
    assert (view.telegram_bot_token.get_secret_value(), view.tasks_service_account) == (TOKEN, None)
    assert view.bitrix_buyer_user_id == ""
    assert read_settings({**given, "BITRIX_BUYER_USER_ID": "17"}).require(View).bitrix_buyer_user_id == "17"


REQUIRED = object()
VIEWS = [view for view in vars(setting_views).values() if isinstance(view, type) and issubclass(view, SettingsView)]


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_says_of_each_setting_what_the_settings_say(view: type[SettingsView]):
    """A setting that may be unset is required by a view, optional in it, or has a default of its type there."""
    settings = get_type_hints(Settings)
    for name in view.names():
        declared, seen, usual = settings[name], get_type_hints(view)[name], getattr(view, name, REQUIRED)
        wanted = {declared, *get_args(declared)} - {NoneType} if NoneType in get_args(declared) else {declared}
        assert seen in wanted or (seen == declared and usual is None) or get_origin(seen) is Mapping, name
        assert NoneType in get_args(declared) or usual is REQUIRED, name


def test_an_environment_is_read_as_it_is_handed_in(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    assert read_settings({}).log_level == "INFO"
    assert read_settings({"LOG_LEVEL": "ERROR", "TIMEZONE": ""}).log_level == "ERROR"
    assert read_settings().log_level == "DEBUG"


def test_a_secret_is_revealed_where_it_is_set():
    assert revealed(SecretStr("s3cret")) == "s3cret"
    assert revealed(None) is None


def test_secrets_are_all_that_logs_must_not_show(monkeypatch: pytest.MonkeyPatch):
    secrets = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": "s3cret-1",
        "BITRIX_CLIENT_SECRET": "s3cret-2",
        "WEBHOOK_SECRET": "s3cret-3",
        "BITRIX_APPLICATION_TOKEN": "s3cret-4",
        "INVITE_SECRET": "s3cret-5",
    }
    for name, value in {**secrets, "BITRIX_BASE_URL": BASE, "BITRIX_CLIENT_ID": "public"}.items():
        monkeypatch.setenv(name, value)
    made = read_settings()
    assert set(made.secrets()) == {*secrets.values(), "p0rtalk3y"}
    assert not any(secret in repr(made) for secret in made.secrets())
