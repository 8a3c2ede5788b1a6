"""The table of errors: each code, each status, each verdict."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from shared.bitrix import error_codes, errors
from shared.bitrix.error_codes import BY_CODE, PortalError, classify
from shared.bitrix.errors import (
    BitrixError,
    MethodMissing,
    NotFound,
    OperationPaused,
    OutOfStock,
    PartlyDone,
    TooLateToCancel,
    UnknownStatus,
    Verdict,
)
from tests.bitrix.conftest import NOW


def verdict_of(fault: PortalError, *, write: bool = False) -> Verdict:
    return classify(fault, write=write, methods=("sale.order.add",), default_until=NOW).verdict


@pytest.mark.parametrize(
    ("code", "read", "write"),
    [
        ("QUERY_LIMIT_EXCEEDED", Verdict.LATER, Verdict.LATER),
        ("OPERATION_TIME_LIMIT", Verdict.PAUSED, Verdict.PAUSED),
        ("expired_token", Verdict.REFRESH, Verdict.REFRESH),
        ("EXPIRED_TOKEN", Verdict.REFRESH, Verdict.REFRESH),
        ("INTERNAL_SERVER_ERROR", Verdict.TRANSIENT, Verdict.UNKNOWN),
        ("ERROR_UNEXPECTED_ANSWER", Verdict.TRANSIENT, Verdict.UNKNOWN),
        ("0", Verdict.REFUSED, Verdict.REFUSED),
        ("100", Verdict.REFUSED, Verdict.REFUSED),
        ("200040300010", Verdict.REFUSED, Verdict.REFUSED),
        ("200040300020", Verdict.REFUSED, Verdict.REFUSED),
        ("200140400007", Verdict.REFUSED, Verdict.REFUSED),
        ("200540400001", Verdict.REFUSED, Verdict.REFUSED),
        ("ERROR_NOT_FOUND", Verdict.REFUSED, Verdict.REFUSED),
        ("ERROR_CORE", Verdict.REFUSED, Verdict.REFUSED),
        ("BX_INVALID_VALUE", Verdict.REFUSED, Verdict.REFUSED),
        ("ERROR_BATCH_LENGTH_EXCEEDED", Verdict.REFUSED, Verdict.REFUSED),
        ("NO_AUTH_FOUND", Verdict.OPERATORS, Verdict.OPERATORS),
        ("INVALID_CREDENTIALS", Verdict.OPERATORS, Verdict.OPERATORS),
        ("WRONG_CLIENT", Verdict.OPERATORS, Verdict.OPERATORS),
        ("OVERLOAD_LIMIT", Verdict.OPERATORS, Verdict.OPERATORS),
        ("ACCESS_DENIED", Verdict.OPERATORS, Verdict.OPERATORS),
        ("insufficient_scope", Verdict.OPERATORS, Verdict.OPERATORS),
        ("PORTAL_DELETED", Verdict.OPERATORS, Verdict.OPERATORS),
        ("ERROR_METHOD_NOT_FOUND", Verdict.OPERATORS, Verdict.OPERATORS),
        ("METHOD_CONFIRM_WAITING", Verdict.OPERATORS, Verdict.OPERATORS),
    ],
)
@pytest.mark.parametrize("status", [None, 200, 400, 403, 429, 500, 503])
def test_the_code_decides_whatever_the_status(code: str, read: Verdict, write: Verdict, status: int | None) -> None:
    assert verdict_of(PortalError(code, "text", status)) is read
    assert verdict_of(PortalError(code, "text", status), write=True) is write


@pytest.mark.parametrize(
    ("status", "read", "write"),
    [
        (302, Verdict.OPERATORS, Verdict.OPERATORS),
        (400, Verdict.REFUSED, Verdict.REFUSED),
        (401, Verdict.OPERATORS, Verdict.OPERATORS),
        (403, Verdict.OPERATORS, Verdict.OPERATORS),
        (404, Verdict.OPERATORS, Verdict.OPERATORS),
        (408, Verdict.TRANSIENT, Verdict.UNKNOWN),
        (413, Verdict.REFUSED, Verdict.REFUSED),
        (429, Verdict.LATER, Verdict.LATER),
        (500, Verdict.TRANSIENT, Verdict.UNKNOWN),
        (502, Verdict.TRANSIENT, Verdict.UNKNOWN),
        (503, Verdict.TRANSIENT, Verdict.UNKNOWN),
        (504, Verdict.TRANSIENT, Verdict.UNKNOWN),
    ],
)
def test_the_status_decides_when_there_is_no_code(status: int, read: Verdict, write: Verdict) -> None:
    assert verdict_of(PortalError(status=status)) is read
    assert verdict_of(PortalError(status=status), write=True) is write


@pytest.mark.parametrize(
    ("status", "read", "write"),
    [
        (None, Verdict.REFUSED, Verdict.REFUSED),
        (200, Verdict.REFUSED, Verdict.REFUSED),
        (400, Verdict.REFUSED, Verdict.REFUSED),
        (401, Verdict.OPERATORS, Verdict.OPERATORS),
        (403, Verdict.REFUSED, Verdict.REFUSED),
        (404, Verdict.REFUSED, Verdict.REFUSED),
        (500, Verdict.TRANSIENT, Verdict.UNKNOWN),
    ],
)
def test_an_unknown_code_gets_a_safe_verdict_and_a_log_line(
    status: int | None, read: Verdict, write: Verdict, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert verdict_of(PortalError("NEVER_SEEN", "text", status)) is read
        assert verdict_of(PortalError("NEVER_SEEN", "text", status), write=True) is write
    assert [record.getMessage().count("NEVER_SEEN") for record in caplog.records] == [1, 1]


def test_a_known_code_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    verdict_of(PortalError("ERROR_CORE", "text", 400))
    assert caplog.records == []


def test_a_pause_ends_when_the_portal_says_or_else_by_default() -> None:
    until = NOW + timedelta(minutes=7)
    told = classify(
        PortalError("OPERATION_TIME_LIMIT", "t", 429, until), write=False, methods=("m",), default_until=NOW
    )
    untold = classify(PortalError("operation_time_limit", "t", 429), write=False, methods=("m",), default_until=NOW)
    assert isinstance(told, OperationPaused)
    assert isinstance(untold, OperationPaused)
    assert (told.until, untold.until) == (until, NOW)


def test_the_table_is_in_lower_case_and_has_each_code_once() -> None:
    assert all(code == code.lower() for code in BY_CODE)
    assert len(BY_CODE) == sum(len(codes.split()) for codes in error_codes._CODES.values())


def test_the_picture_shows_every_class() -> None:
    picture = errors.__doc__ or ""
    classes = [thing for thing in vars(errors).values() if isinstance(thing, type) and issubclass(thing, BitrixError)]
    assert len(classes) > 15
    for kind in classes:
        line = next(line for line in picture.splitlines() if line.strip("│├└─ ").split(" ")[0] == kind.__name__)
        if kind is not BitrixError and len(line.split()) > 2 and line.split()[-1].isupper():
            assert kind.usual_verdict.name in line.split()


def test_an_error_says_its_code_message_and_methods() -> None:
    error = classify(
        PortalError("ERROR_CORE", "no such field", 400), write=False, methods=("a.b", "c.d"), default_until=NOW
    )
    assert str(error) == "ERROR_CORE: no such field (a.b, c.d)"
    assert repr(error) == "Refused(ERROR_CORE: no such field (a.b, c.d))"
    assert error.http_status == 400
    assert (
        str(classify(PortalError(status=502), write=False, methods=(), default_until=NOW)) == "portal_failed: HTTP 502"
    )


def test_partly_done_keeps_its_cause() -> None:
    cause = classify(PortalError("100", "bad", None), write=True, methods=("sale.basketitem.add",), default_until=NOW)
    error = PartlyDone(cause, ("item0",))
    assert error.verdict is Verdict.UNKNOWN
    assert (error.cause, error.done, error.methods) == (cause, ("item0",), ("sale.basketitem.add",))
    assert "stopped after 1 of its commands by 100: bad" in str(error)


def test_a_strange_status_is_not_repeated() -> None:
    assert UnknownStatus("Z9").status == "Z9"
    assert "Ленина" not in str(UnknownStatus("ул. Ленина"))


@pytest.mark.parametrize("code", ["200540400001", "ERROR_NOT_FOUND", "NOT_FOUND", "201240400001"])
def test_whatever_is_absent_has_one_code(code: str) -> None:
    error = classify(PortalError(code, "нет заказа", 400), write=False, methods=("m",), default_until=NOW)
    assert (type(error), error.code) == (NotFound, "not_found")
    assert str(error) == f"not_found: нет заказа [{code}] (m)"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("SALE_BASKET_AVAILABLE_QUANTITY", OutOfStock),
        ("SALE_BASKET_ITEM_WRONG_AVAILABLE_QUANTITY", OutOfStock),
        ("SALE_SHIPMENT_ITEM_LESS_AVAILABLE_QUANTITY", OutOfStock),
        ("SALE_ORDER_CANCEL_PAYMENT_EXIST_ACTIVE", TooLateToCancel),
        ("SALE_ORDER_CANCEL_SHIPMENT_EXIST_SHIPPED", TooLateToCancel),
    ],
)
def test_refusals_that_a_master_is_told_the_reason_of(code: str, kind: type[BitrixError]) -> None:
    error = classify(PortalError(code, "нет", 400), write=True, methods=("m",), default_until=NOW)
    assert (type(error), error.code, error.verdict) == (kind, kind.usual_code, Verdict.REFUSED)
    assert code in str(error)


def test_whatever_a_portal_lacks_has_one_code() -> None:
    error = classify(PortalError("ERROR_METHOD_NOT_FOUND", "no", 404), write=False, methods=("m",), default_until=NOW)
    assert (type(error), error.code, error.verdict) == (MethodMissing, "error_method_not_found", Verdict.OPERATORS)
