"""How results are shown."""

from __future__ import annotations

import json

from infra.preflight.result import any_failed, as_json, as_table, failed, passed, unknown

RESULTS = [passed("key", "accepted"), failed("delivery", "none", "BITRIX_DELIVERY_ID=3"), unknown("disk", "who knows")]


def test_a_table():
    assert as_table(RESULTS, ()).splitlines() == [
        "✓ key       accepted",
        "✗ delivery  none",
        "            → BITRIX_DELIVERY_ID=3",
        "– disk      who knows",
    ]
    assert as_table([], ()) == ""


def test_json():
    assert json.loads(as_json(RESULTS, ()))[1:] == [
        {"name": "delivery", "ok": False, "reason": "none", "fix": "BITRIX_DELIVERY_ID=3"},
        {"name": "disk", "ok": None, "reason": "who knows", "fix": ""},
    ]


def test_what_counts_as_a_failure():
    assert any_failed(RESULTS)
    assert not any_failed([RESULTS[0], RESULTS[2]])


def test_a_secret_would_not_get_through():
    told = [
        failed(
            "key", "https://p.test/rest/1/k3y-of-the-portal/ and abc, abcdef", "token 123456789:AAAAAAAAAAAAAAAAAAAAAA"
        )
    ]
    for show in (as_table, as_json):
        shown = show(told, ["abc", "abcd", "abcdef"])
        assert "k3y-of-the-portal" not in shown
        assert "AAAA" not in shown
        assert "abc, [hidden]" in shown
