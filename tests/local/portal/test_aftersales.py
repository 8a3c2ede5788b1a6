"""Row 6 of the spec's §2 and the Disk."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest

from infra.local.portal import Portal
from shared.status import Status
from tests.local.portal.conftest import RestClient

PHOTO = "https://files.example/photo-1.jpg"


def rma(order_id: str, quantity: Any = 1, **more: Any) -> dict[str, Any]:
    items = [{"PRODUCT_ID": "1070", "QUANTITY": quantity}]
    return {"order_id": order_id, "items": items, "photos": [PHOTO], **more}


@pytest.mark.parametrize("method", ["app.rma.add", "sale.orderreserves.add"])
async def test_a_return_is_registered(rest: RestClient, portal: Portal, method):
    order_id = await rest.order(lines={"1070": 10})
    result = await rest.result(method, rma(order_id, 2))
    assert result == {"RMA_ID": "77", "STATUS": "RETURN_IN_PROGRESS"}
    made = portal.shop.returns.get("77")
    assert made is not None
    assert (made.order_id, dict(made.items), list(made.photos)) == (order_id, {"1070": Decimal(2)}, [PHOTO])


async def test_no_more_comes_back_than_was_ordered(rest: RestClient, portal: Portal):
    order_id = await rest.order(lines={"1070": 10})
    await rest.result("app.rma.add", rma(order_id, 7))
    answer = await rest.change("app.rma.add", rma(order_id, 4))
    assert (answer.status_code, answer.json()["error"]) == (400, "ERROR_ARGUMENT")
    assert "{items}" in answer.json()["error_description"]
    first = portal.shop.returns.get("77")
    assert first is not None
    portal.shop.change_return(first, Status.RETURN_REJECTED, "Следы вскрытия")
    assert (await rest.result("app.rma.add", rma(order_id, 10)))["RMA_ID"] == "78"


async def test_the_same_product_twice_is_added_up(rest: RestClient):
    order_id = await rest.order(lines={"1070": 3})
    item = {"PRODUCT_ID": 1070, "QUANTITY": 2}
    answer = await rest.change("app.rma.add", rma(order_id, items=[item, item]))
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"order_id": None}, "order_id"),
        ({"order_id": "9"}, "order_id"),
        ({"items": None}, "items"),
        ({"items": []}, "items"),
        ({"items": [{"PRODUCT_ID": "1070"}]}, "items[0][QUANTITY]"),
        ({"items": [{"PRODUCT_ID": "1070", "QUANTITY": 0}]}, "items[0][QUANTITY]"),
        ({"items": [{"QUANTITY": 1}]}, "items[0][PRODUCT_ID]"),
        ({"items": [{"PRODUCT_ID": "1001", "QUANTITY": 1}]}, "items"),
        ({"photos": None}, "photos"),
        ({"photos": ["photo.jpg"]}, "photos[0]"),
        ({"photos": [5]}, "photos[0]"),
        ({"photos": [PHOTO] * 51}, "photos"),
    ],
)
async def test_a_bad_return_is_refused_by_name(rest: RestClient, portal: Portal, change, name):
    order_id = await rest.order(lines={"1070": 10})
    answer = await rest.change("app.rma.add", {**rma(order_id), **change})
    assert answer.status_code == 400
    assert f"{{{name}}}" in answer.json()["error_description"]
    assert portal.shop.returns.all() == []


def upload(name: str = "rma-1.jpg", content: bytes = b"photo", **more: Any) -> dict[str, Any]:
    encoded = base64.b64encode(content).decode()
    return {"id": "8930", "data": {"NAME": name}, "fileContent": [name, encoded], **more}


async def test_a_file_is_stored_and_its_link_serves_it(rest: RestClient, portal: Portal):
    file = await rest.result("disk.folder.uploadFile", upload())
    assert {key: file[key] for key in ("ID", "NAME", "TYPE", "PARENT_ID", "SIZE", "DELETED_TYPE", "FILE_ID")} == {
        "ID": "9011",
        "NAME": "rma-1.jpg",
        "TYPE": "file",
        "PARENT_ID": "8930",
        "SIZE": "5",
        "DELETED_TYPE": 0,
        "FILE_ID": 29011,
    }
    link = urlsplit(file["DOWNLOAD_URL"])
    assert (await rest.http.get(f"{link.path}?{link.query}")).content == b"photo"
    assert (await rest.http.get(f"{link.path}?auth=wrong&token=disk%7C9011")).status_code == 404
    assert (await rest.http.get(link.path)).status_code == 404
    record = portal.rest.calls.since()[0].view()
    assert record["params"]["fileContent"] == ["rma-1.jpg", "cGhvdG8="]


async def test_a_long_file_is_shortened_in_the_record(rest: RestClient, portal: Portal):
    await rest.result("disk.folder.uploadfile", upload(content=b"x" * 30_000))
    assert "40000 characters" in portal.rest.calls.since()[0].view()["params"]["fileContent"][1]


async def test_a_taken_name_is_refused_or_made_unique(rest: RestClient):
    await rest.result("disk.folder.uploadfile", upload())
    answer = await rest.change("disk.folder.uploadfile", upload(content=b"other"))
    assert (answer.status_code, answer.json()["error"]) == (400, "DISK_OBJ_22000")
    names = [
        (await rest.result("disk.folder.uploadfile", upload(generateUniqueName=flag)))["NAME"] for flag in (True, "Y")
    ]
    assert names == ["rma-1 (1).jpg", "rma-1 (2).jpg"]


async def test_a_file_is_deleted_once(rest: RestClient, portal: Portal):
    file = await rest.result("disk.folder.uploadfile", upload())
    assert await rest.result("disk.file.delete", {"id": file["ID"]}) is True
    assert portal.shop.disk.all() == []
    answer = await rest.change("disk.file.delete", {"id": file["ID"]})
    assert (answer.status_code, answer.json()["error"]) == (400, "ERROR_NOT_FOUND")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"id": "1"}, "id"),
        ({"id": None}, "id"),
        ({"data": {}}, "data[NAME]"),
        ({"data": None}, "data"),
        ({"fileContent": None}, "fileContent"),
        ({"fileContent": ["a.jpg"]}, "fileContent"),
        ({"fileContent": ["a.jpg", "не base64"]}, "fileContent[1]"),
        ({"fileContent": ["a.jpg", "abc"]}, "fileContent[1]"),
        ({"generateUniqueName": "maybe"}, "generateUniqueName"),
    ],
)
async def test_a_bad_upload_is_refused_by_name(rest: RestClient, portal: Portal, change, name):
    answer = await rest.change("disk.folder.uploadfile", {**upload(), **change})
    assert answer.status_code == 400
    assert f"{{{name}}}" in answer.json()["error_description"]
    assert portal.shop.disk.all() == []
