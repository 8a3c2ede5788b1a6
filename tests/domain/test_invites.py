"""Invite links: what is signed comes back; what is forged, cut, old or written otherwise does not."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain import invites
from shared.domain.invites import Invite
from tests.assistant.samples import NOW

SECRET = "long enough to be a secret"
LATER = NOW + timedelta(days=3)
TOKEN = invites.sign(Invite("501", LATER), SECRET)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@given(user=st.integers(1, 2**64 - 1), seconds=st.integers(1, 10**8))
def test_what_is_signed_comes_back(user: int, seconds: int) -> None:
    invite = Invite(str(user), NOW + timedelta(seconds=seconds))
    token = invites.sign(invite, SECRET)
    assert invites.read(token, SECRET, NOW) == invite
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", token)


@pytest.mark.parametrize("place", range(len(TOKEN)))
def test_no_character_can_be_another(place: int) -> None:
    """A link written otherwise would count as unused, so that one invite would let in several people."""
    for other in ALPHABET:
        changed = TOKEN[:place] + other + TOKEN[place + 1 :]
        assert (invites.read(changed, SECRET, NOW) is not None) is (changed == TOKEN)


@pytest.mark.parametrize("place", [0, 7, len(TOKEN)])
@pytest.mark.parametrize("more", ["=", ".", "....", " ", "    ", "*", "A", "\n", "é", "=="])
def test_nothing_can_be_put_in(place: int, more: str) -> None:
    assert invites.read(TOKEN[:place] + more + TOKEN[place:], SECRET, NOW) is None


@pytest.mark.parametrize("length", range(len(TOKEN)))
def test_a_cut_token_is_none(length: int) -> None:
    assert invites.read(TOKEN[:length], SECRET, NOW) is None


@given(st.text(max_size=80))
def test_any_text_is_just_no_invite(text: str) -> None:
    assert invites.read(text, SECRET, NOW) is None


@pytest.mark.parametrize(
    ("now", "valid"), [(LATER - timedelta(seconds=1), True), (LATER, False), (LATER + timedelta(days=1), False)]
)
def test_it_ends(now: datetime, valid: bool) -> None:
    assert (invites.read(TOKEN, SECRET, now) is not None) is valid


@pytest.mark.parametrize("secret", ["another secret", SECRET + " ", None, ""])
def test_another_secret_or_none_reads_nothing(secret: str | None) -> None:
    assert invites.read(TOKEN, secret, NOW) is None


def test_a_version_of_the_future_is_not_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invites, "_USER", 9)
    token = invites.sign(Invite("501", LATER), SECRET)
    monkeypatch.undo()
    assert invites.read(token, SECRET, NOW) is None


@pytest.mark.parametrize("user", ["", "0", "-1", "abc", "1.5", str(2**64), " 5", "1_0", "٥"])
def test_a_bad_user_id_is_refused(user: str) -> None:
    with pytest.raises(ValueError, match="an id at Bitrix"):
        invites.sign(Invite(user, LATER), SECRET)


def test_the_record_of_its_use_does_not_hold_the_token() -> None:
    key = invites.key(TOKEN)
    assert key.collection == "invites"
    assert TOKEN not in key.id
    assert invites.key(TOKEN) == key != invites.key(TOKEN + "x")
