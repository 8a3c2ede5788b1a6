from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.telegram.webhook import (
    NotAnUpdateError,
    NotJsonError,
    UpdateError,
    UpdateSummary,
    check_secret,
    parse_update,
    summarize,
)

CHAT = {"id": 42, "type": "private"}
USER = {"id": 42, "is_bot": False, "first_name": "Иван"}


@pytest.mark.parametrize(
    ("given_secret", "wanted", "right"),
    [
        ("s3cret", "s3cret", True),
        ("s3cret", "S3cret", False),
        ("s3cret ", "s3cret", False),
        (None, "s3cret", False),
        ("", "s3cret", False),
        ("", "", False),
        (None, None, False),
        ("s3cret", None, False),
        ("s3cret", "", False),
        ("ключ", "s3cret", False),
        ("\udce9", "?", False),
    ],
)
def test_secret(given_secret: str | None, wanted: str | None, right: bool) -> None:
    assert check_secret(given_secret, wanted) is right


def test_an_update_is_read() -> None:
    assert parse_update(b'{"update_id": 5, "message": {}}') == {"update_id": 5, "message": {}}


@pytest.mark.parametrize(
    "body", [b"", b"hello", b'{"update_id": 5', b"\xff\xfe\x00", b'{"update_id": NaN}', b"[" * 200_000]
)
def test_what_is_no_json(body: bytes) -> None:
    with pytest.raises(NotJsonError) as caught:
        parse_update(body)
    assert caught.value.__suppress_context__
    assert str(caught.value) == "the body is no JSON"


@pytest.mark.parametrize("half", [b"\xed\xa0\xbd", b"\xed\xb8\x80", b"\xff", b"\\ud83d"])
def test_a_text_that_no_store_takes_is_made_storable_and_the_rest_is_kept(half: bytes) -> None:
    update = parse_update(b'{"update_id": 5, "message": {"text": "a' + half + b'b"}}')
    text = update["message"]["text"]
    assert (text[0], text[-1], text.encode().decode()) == ("a", "b", text)


def test_a_mark_of_the_encoding_is_no_part_of_it() -> None:
    assert parse_update(b'\xef\xbb\xbf{"update_id": 5}') == {"update_id": 5}


def test_a_chat_that_does_not_say_its_type_is_private_where_it_is_the_persons_own() -> None:
    assert seen("message", {"from": USER, "chat": {"id": 42}}).chat_type == "private"
    assert seen("message", {"from": USER, "chat": {"id": -100}}).chat_type is None


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"null",
        b"5",
        b"{}",
        b'{"update_id": "5"}',
        b'{"update_id": true}',
        b'{"update_id": 5.0}',
        b'{"message": {}}',
    ],
)
def test_what_is_no_update(body: bytes) -> None:
    with pytest.raises(NotAnUpdateError):
        parse_update(body)


def test_both_errors_are_of_one_family() -> None:
    for error in (NotJsonError, NotAnUpdateError):
        assert issubclass(error, UpdateError)


def seen(kind: str, event: dict[str, Any]) -> UpdateSummary:
    return summarize({"update_id": 5, kind: event})


def test_a_message() -> None:
    assert seen("message", {"from": USER, "chat": CHAT, "text": "дрель"}) == UpdateSummary(
        update_id="5", kind="message", user_id="42", chat_id="42", chat_type="private"
    )


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("/start", ""),
        ("/start ", ""),
        ("/start abc_-9", "abc_-9"),
        ("/start@master_bot abc", "abc"),
        ("/start a b", None),
        ("/started", None),
        ("скажи /start", None),
        ("/stop", None),
        (None, None),
        (5, None),
    ],
)
def test_start(text: object, payload: str | None) -> None:
    assert seen("message", {"chat": CHAT, "from": USER, "text": text}).start_payload == payload


def test_an_edited_start_is_no_start() -> None:
    assert seen("edited_message", {"chat": CHAT, "from": USER, "text": "/start x"}).start_payload is None


def test_a_callback_knows_its_chat_through_its_message() -> None:
    event = {"id": "77", "from": USER, "message": {"message_id": 1, "chat": {"id": -100, "type": "group"}}, "data": "x"}
    assert seen("callback_query", event) == UpdateSummary(
        update_id="5",
        kind="callback_query",
        user_id="42",
        chat_id="-100",
        chat_type="group",
        callback_query_id="77",
        message_id="1",
    )


def test_an_inline_query_has_no_chat() -> None:
    assert seen("inline_query", {"id": "9", "from": USER, "query": "бита"}) == UpdateSummary(
        update_id="5", kind="inline_query", user_id="42"
    )


def test_a_block_is_seen_with_its_chat() -> None:
    look = seen("my_chat_member", {"chat": CHAT, "from": USER, "new_chat_member": {"status": "kicked"}})
    assert (look.kind, look.user_id, look.chat_type) == ("my_chat_member", "42", "private")


def test_a_reaction_calls_its_user_user() -> None:
    assert seen("message_reaction", {"chat": CHAT, "user": USER}).user_id == "42"


def test_an_update_without_an_event() -> None:
    assert summarize({"update_id": 5}) == UpdateSummary(update_id="5", kind="")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
EVENT = st.dictionaries(st.sampled_from(["from", "chat", "message", "user", "id", "text"]), JSON, max_size=5)


@given(st.dictionaries(st.sampled_from(["message", "callback_query", "poll"]), EVENT | JSON, max_size=2))
def test_a_glance_never_raises(event: dict[str, Any]) -> None:
    update = parse_update(json.dumps({"update_id": 1, **event}).encode())
    assert summarize(update).update_id == "1"


def test_halves_of_surrogate_pairs_are_made_storable() -> None:
    body = b'{"update_id": 5, "message": {"text": "a\\ud800b", "\\uDFFF": ["\\ud83d\\ude00", "\\uD83D"]}}'
    update = parse_update(body)
    assert update["message"] == {"text": "a?b", "?": ["😀", "?"]}


def test_numbers_beyond_64_bits_are_nobodys() -> None:
    body = b'{"update_id": 5, "message": {"chat": {"id": 18446744073709551616, "type": "private"}, "date": 1}}'
    update = parse_update(body)
    assert update["message"]["chat"]["id"] == 0
    assert parse_update(b'{"update_id": 9223372036854775807}')["update_id"] == 2**63 - 1
