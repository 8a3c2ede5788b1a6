"""What may follow `start=`, and what a link looks like."""

from __future__ import annotations

import pytest

from shared.assistant import deep_links
from shared.assistant.deep_links import DeepLink, LinkTarget


@pytest.mark.parametrize(
    ("payload", "link"),
    [
        ("p_7", DeepLink(LinkTarget.PRODUCT, "7")),
        ("o_5121", DeepLink(LinkTarget.ORDER, "5121")),
        ("l_42_0a1b2c3d4e", DeepLink(LinkTarget.LIST, "42_0a1b2c3d4e")),
        ("o_A-1_b", DeepLink(LinkTarget.ORDER, "A-1_b")),
        ("p_" + "9" * 62, DeepLink(LinkTarget.PRODUCT, "9" * 62)),
    ],
)
def test_a_link_is_read_and_written_alike(payload: str, link: DeepLink) -> None:
    assert deep_links.read(payload) == link
    assert deep_links.address("shop_bot", link) == f"https://t.me/shop_bot?start={payload}"
    assert deep_links.behind(f"https://t.me/shop_bot?start={payload}") == link


@pytest.mark.parametrize(
    "payload",
    ["", "p", "p_", "P_7", "x_7", "p_7 8", "p_7\n", "p__7", "p_-7", "p_7/../8", "p_ё", "p_" + "9" * 63, "inline"],
)
def test_anything_else_is_no_link(payload: str) -> None:
    assert deep_links.read(payload) is None


@pytest.mark.parametrize(
    ("payload", "ours"), [("p_7", True), ("o_7", True), ("bot", True), ("promo2027", False), ("", False)]
)
def test_what_the_bot_gave_out_is_told_from_an_invite(payload: str, ours: bool) -> None:
    assert deep_links.is_ours(payload) is ours


@pytest.mark.parametrize("url", ["https://t.me/shop_bot", "https://pay.test/p_7", "https://t.me/shop_bot?start=promo"])
def test_another_address_is_no_link(url: str) -> None:
    assert deep_links.behind(url) is None


@pytest.mark.parametrize("id_", ["7:8", "7.8", "", "9" * 63])
def test_an_id_that_no_payload_may_have_has_no_address(id_: str) -> None:
    assert deep_links.address("shop_bot", DeepLink(LinkTarget.PRODUCT, id_)) is None


@pytest.mark.parametrize("bot", ["", "a b", "@@x"])
def test_without_the_bots_name_there_is_no_address(bot: str) -> None:
    assert deep_links.address(bot, DeepLink(LinkTarget.PRODUCT, "7")) is None
