"""Photos on the Disk, and what the key may do: the same in both dialects."""

from __future__ import annotations

from typing import Any

import pytest

from shared.bitrix import rights
from shared.bitrix.contract import ContractPortal, ContractSettings
from shared.bitrix.errors import AccessDenied, BadAnswer, MethodMissing, MissingScope, Refused
from shared.bitrix.native import NativePortal, NativeSettings
from shared.bitrix.portal import Answer, Operation, Portal
from shared.bitrix.rights import MethodAccess
from shared.domain.orders import PaymentKind
from shared.domain.returns import Photo

SYSTEMS = {PaymentKind.PREPAID: "1", PaymentKind.CASH: "2"}
CONTRACT = ContractPortal(ContractSettings(pay_systems=SYSTEMS, delivery_id="3", disk_folder_id="8930"))
NATIVE = NativePortal(
    NativeSettings(
        iblock_id="23",
        price_type_id="1",
        person_type_id="3",
        pay_systems=SYSTEMS,
        delivery_id="3",
        address_property_id="26",
        disk_folder_id="8930",
    )
)
PORTALS: list[Portal] = [CONTRACT, NATIVE]
FILE = {
    "ID": "9011",
    "NAME": "rma-342-1.jpg",
    "FILE_ID": 32877,
    "DOWNLOAD_URL": "https://masters.example/rest/download.json?auth=s3cret&token=disk",
    "DETAIL_URL": "https://masters.example/docs/file/rma-342-1.jpg",
}


def heard(operation: Operation[Any], *results: Any) -> Any:
    answers = [result if isinstance(result, Answer) else Answer(result) for result in results]
    return operation.read(dict(zip(operation.commands, answers, strict=True)))


@pytest.mark.parametrize("portal", PORTALS)
def test_a_photo_is_uploaded(portal: Portal) -> None:
    operation = portal.upload_photo("rma-342-1.jpg", b"\xff\xd8")
    (command,) = operation.commands.values()
    assert (command.method, command.verb) == ("disk.folder.uploadfile", "POST")
    assert command.params == {
        "id": 8930,
        "data": {"NAME": "rma-342-1.jpg"},
        "fileContent": ["rma-342-1.jpg", "/9g="],
        "generateUniqueName": True,
    }
    assert heard(operation, FILE) == Photo("9011", "https://masters.example/docs/file/rma-342-1.jpg")


@pytest.mark.parametrize(
    "page",
    [
        None,
        "",
        "/docs/file/1",
        "javascript:alert(1)",
        "https://masters.example/docs/?auth=s3cret",
        "https://masters.example/rest/17/s3cret/",
    ],
)
def test_a_page_that_may_hold_a_key_is_dropped(page: object) -> None:
    assert heard(NATIVE.upload_photo("a.jpg", b"x"), {**FILE, "DETAIL_URL": page}) == Photo("9011")


def test_a_page_whose_address_has_spaces() -> None:
    told = {**FILE, "DETAIL_URL": "https://masters.example/docs/file/Возвраты 2026/a b.jpg"}
    page = "https://masters.example/docs/file/Возвраты%202026/a%20b.jpg"
    assert heard(NATIVE.upload_photo("a b.jpg", b"x"), told) == Photo("9011", page)


@pytest.mark.parametrize("result", [None, [], {"ID": None}, {}, "9011", True])
def test_an_upload_without_an_id(result: Any) -> None:
    with pytest.raises(BadAnswer):
        heard(NATIVE.upload_photo("a.jpg", b"x"), result)


@pytest.mark.parametrize(
    ("name", "content"), [("", b"x"), ("../a.jpg", b"x"), ("a/b.jpg", b"x"), ("a" * 101, b"x"), ("a.jpg", b"")]
)
def test_photos_that_are_not_sent(name: str, content: bytes) -> None:
    with pytest.raises(ValueError, match="a photo needs"):
        NATIVE.upload_photo(name, content)


def test_a_photo_needs_a_folder() -> None:
    with pytest.raises(ValueError, match="folder"):
        ContractPortal(ContractSettings(pay_systems=SYSTEMS, delivery_id="3")).upload_photo("a.jpg", b"x")


def test_a_photo_is_looked_up() -> None:
    operation = NATIVE.look_up_photo("rma-342-1.jpg")
    (command,) = operation.commands.values()
    params = {"id": 8930, "filter": {"NAME": "rma-342-1.jpg"}, "order": {"ID": "ASC"}}
    assert (command.method, command.params) == ("disk.folder.getchildren", params)
    assert heard(operation, []) is None
    assert heard(operation, [{**FILE, "ID": "10000"}, FILE]) == Photo("9011", str(FILE["DETAIL_URL"]))
    odd: Any
    for odd in (None, {}, [FILE, {**FILE, "NAME": "other.jpg"}], [{"ID": "x"}], ["x"]):
        with pytest.raises((BadAnswer, ValueError)):
            heard(operation, odd)


@pytest.mark.parametrize("portal", PORTALS)
def test_a_photo_is_deleted(portal: Portal) -> None:
    operation = portal.delete_photo("9011")
    (command,) = operation.commands.values()
    assert (command.method, command.params) == ("disk.file.delete", {"id": 9011})
    heard(operation, True)
    with pytest.raises(BadAnswer):
        heard(operation, False)


def test_scopes() -> None:
    operation = rights.scopes()
    assert [command.method for command in operation.commands.values()] == ["scope"]
    assert heard(operation, ["sale", "catalog"]) == {"sale", "catalog"}
    for odd in (None, {"sale": 1}, ["sale", 7]):
        with pytest.raises(BadAnswer):
            heard(operation, odd)


def test_methods() -> None:
    operation = rights.methods_available(["sale.order.add", "app.rma.add", "crm.item.add"])
    assert [command.params["name"] for command in operation.commands.values()] == [
        "sale.order.add",
        "app.rma.add",
        "crm.item.add",
    ]
    assert operation.weight == 3
    yes, no = {"isExisting": True, "isAvailable": True}, {"isExisting": False, "isAvailable": False}
    hidden = {"isExisting": "Y", "isAvailable": "N"}
    assert heard(operation, yes, no, hidden) == {
        "sale.order.add": MethodAccess.OPEN,
        "app.rma.add": MethodAccess.MISSING,
        "crm.item.add": MethodAccess.DENIED,
    }
    with pytest.raises(BadAnswer):
        heard(operation, yes, no, {})


def test_methods_that_are_called() -> None:
    operation = rights.methods_answering(["sale.order.add", "sale.order.nonsense", "crm.item.add", "disk.file.delete"])
    assert [command.params for command in operation.commands.values()] == [{}] * 5
    assert operation.weight == 5
    assert heard(
        operation,
        ["sale"],
        Answer(None, error=Refused("no fields")),
        Answer(None, error=MethodMissing("no such method")),
        Answer(None, error=AccessDenied("not you")),
        Answer(None, error=MissingScope("not yours")),
    ) == {
        "sale.order.add": MethodAccess.OPEN,
        "sale.order.nonsense": MethodAccess.MISSING,
        "crm.item.add": MethodAccess.DENIED,
        "disk.file.delete": MethodAccess.OPEN,
    }


@pytest.mark.parametrize("count", [0, 50])
def test_too_few_and_too_many_calls(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 49"):
        rights.methods_answering(["x"] * count)


@pytest.mark.parametrize("count", [0, 51])
def test_too_few_and_too_many_methods(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 50"):
        rights.methods_available(["x"] * count)
