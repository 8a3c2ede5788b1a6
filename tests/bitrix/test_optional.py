"""Commands of an operation that may fail."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from shared.bitrix.client import BitrixClient
from shared.bitrix.errors import BitrixError, NotFound, OutcomeUnknown, PartlyDone, PortalFailed
from shared.bitrix.portal import Answer, Command, Operation
from tests.support.portal import FakePortal


def together(answers: Mapping[str, Answer]) -> list[object]:
    return [answer.error or answer.result for answer in answers.values()]


TWO = Operation({"a": Command("x.a", {}), "b": Command("x.b", {})}, together, weight=2, optional=frozenset({"b"}))


async def test_a_read_goes_on_without_it(client: BitrixClient, portal: FakePortal) -> None:
    portal.result({"result": {"o0_a": 1}, "result_error": {"o0_b": {"error": "ERROR_NOT_FOUND"}}})
    (told,) = await client.read([TWO])
    assert not isinstance(told, BitrixError)
    first, error = told
    assert (first, type(error)) == (1, NotFound)


async def test_a_read_without_a_word_about_it(client: BitrixClient, portal: FakePortal) -> None:
    portal.result({"result": {"o0_a": 1}, "result_error": []})
    (told,) = await client.read([TWO])
    assert not isinstance(told, BitrixError)
    first, error = told
    assert (first, type(error)) == (1, PortalFailed)


async def test_what_is_not_optional_still_fails(client: BitrixClient, portal: FakePortal) -> None:
    portal.result({"result": {"o0_b": 1}, "result_error": {"o0_a": {"error": "ERROR_NOT_FOUND"}}})
    (error,) = await client.read([TWO])
    assert isinstance(error, NotFound)


@pytest.mark.parametrize(("errors", "kind"), [({"b": {"error": "ERROR_NOT_FOUND"}}, NotFound), ([], OutcomeUnknown)])
async def test_a_write_is_done_without_it(
    client: BitrixClient, portal: FakePortal, errors: object, kind: type[Exception]
) -> None:
    portal.result({"result": {"a": 1}, "result_error": errors})
    first, error = await client.write(TWO, "k")
    assert (first, type(error)) == (1, kind)


async def test_a_write_that_stopped_before_it(client: BitrixClient, portal: FakePortal) -> None:
    three = Operation({**TWO.commands, "c": Command("x.c", {})}, together, weight=3, optional=frozenset({"c"}))
    portal.result({"result": {"a": 1}, "result_error": {"b": {"error": "ERROR_NOT_FOUND"}}})
    with pytest.raises(PartlyDone):
        await client.write(three, "k")
