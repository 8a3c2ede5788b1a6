"""Who may do what, told from an update and a record alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.assistant.access import Author, Denied, Granted, access_of, is_operators, look_up, opens, private_author
from shared.domain.invites import Invite, sign
from shared.domain.masters import Master
from shared.store.memory import MemoryStore
from shared.store.unit_of_work import UnitOfWork
from shared.telegram.webhook import summarize

NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
MASTER = Master(42, "17", "Иван", NOW)
OPERATORS = -1001
SECRET = "invite-secret-1"


def message(**changes: Any) -> dict[str, Any]:
    """A private message; None takes a field away."""
    usual = {
        "message_id": 1,
        "text": "дрель",
        "chat": {"id": 42, "type": "private"},
        "from": {"id": 42, "is_bot": False, "first_name": " Иван "},
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def author(update: dict[str, Any]) -> Author | None:
    return private_author(update, summarize(update))


def test_a_master_is_served_whoever_is_none_or_was_shut_out_is_not():
    assert access_of(MASTER) == Granted(MASTER)
    assert access_of(None) is Denied.STRANGER
    assert access_of(replace(MASTER, blocked=True)) is Denied.BLOCKED


def test_who_stopped_the_bot_is_served_when_he_writes_again():
    quiet = replace(MASTER, reachable=False)
    assert access_of(quiet) == Granted(quiet)


async def test_access_is_looked_up_by_the_record_of_the_person():
    store = MemoryStore(lambda: NOW)
    unit = UnitOfWork(store, lambda: NOW)
    assert await look_up(unit, 42) is Denied.STRANGER
    replace(MASTER, blocked=True).save(unit)
    await unit.commit()
    assert await look_up(UnitOfWork(store, lambda: NOW), 42) is Denied.BLOCKED
    assert await look_up(UnitOfWork(store, lambda: NOW), 43) is Denied.STRANGER


def test_who_writes_or_taps_in_private_is_answered():
    tap = {"id": "7", "from": {"id": 42, "first_name": "Иван"}, "message": message()}
    assert author({"update_id": 1, "message": message()}) == Author(42, 42, "Иван")
    assert author({"update_id": 1, "callback_query": tap}) == Author(42, 42, "Иван")
    assert author({"update_id": 1, "edited_message": message()}) == Author(42, 42, "Иван")


@pytest.mark.parametrize("name", [None, "", "  ", 0])
def test_who_has_no_name_is_called_a_master(name: object):
    assert author({"update_id": 1, "message": message(**{"from": {"id": 42, "first_name": name}})}) == Author(
        42, 42, "мастер"
    )


@pytest.mark.parametrize(
    "update",
    [
        {"message": message(chat={"id": OPERATORS, "type": "supergroup"})},
        {"message": message(chat={"id": 43})},
        {"message": message(**{"from": None})},
        {"message": message(chat=None)},
        {"message": message(text=None, pinned_message={"message_id": 1})},
        {"message": message(text=None, chat_background_set={"type": {}})},
        {"message": message(text=None, from_the_future={})},
        {"channel_post": message()},
        {"inline_query": {"id": "1", "from": {"id": 42}, "query": "дрель"}},
        {},
    ],
)
def test_nobody_else_is(update: dict[str, Any]):
    assert author({"update_id": 1, **update}) is None


def test_any_person_in_the_operators_chat_is_an_operator():
    assert is_operators(message(chat={"id": OPERATORS}), OPERATORS)


def test_an_administrator_who_writes_as_the_group_is_an_operator():
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    group = {"id": OPERATORS, "type": "supergroup"}
    assert is_operators(message(chat=group, sender_chat=group, **{"from": anonymous}), OPERATORS)
    channel = {"id": OPERATORS - 7, "type": "channel"}
    assert not is_operators(message(chat=group, sender_chat=channel, **{"from": anonymous}), OPERATORS)


@pytest.mark.parametrize(
    ("changes", "chat"),
    [
        ({}, OPERATORS),
        ({"chat": {"id": OPERATORS}}, None),
        ({"chat": {"id": None}}, None),
        ({"chat": {"id": OPERATORS - 1}}, OPERATORS),
        ({"chat": OPERATORS}, OPERATORS),
        ({"chat": {"id": OPERATORS}, "from": {"id": 1, "is_bot": True}}, OPERATORS),
        ({"chat": {"id": OPERATORS}, "from": {"id": 1}}, OPERATORS),
        ({"chat": {"id": OPERATORS}, "from": None}, OPERATORS),
    ],
)
def test_nobody_else_is_an_operator(changes: dict[str, Any], chat: int | None):
    assert not is_operators(message(**changes), chat)


def test_a_good_invite_lets_in():
    token = sign(Invite("17", NOW + timedelta(days=1)), SECRET)
    assert opens(token, SECRET, NOW)
    assert not opens(token, None, NOW)
    assert not opens(token, "another secret", NOW)
    assert not opens(token, SECRET, NOW + timedelta(days=1))
    assert not opens("", SECRET, NOW)
    assert not opens("p_7", SECRET, NOW)
