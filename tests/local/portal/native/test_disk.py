"""Files."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlsplit

import pytest

from infra.local.portal import Portal
from tests.local.portal.conftest import KEY
from tests.local.portal.native.conftest import NativeClient

PHOTO = b"\xff\xd8photo"


def way_a(name: str = "rma-1.jpg", **more: Any) -> dict[str, Any]:
    content = ["a.jpg", base64.b64encode(PHOTO).decode()]
    return {"id": 8930, "data": {"NAME": name}, "fileContent": content, **more}


async def test_storage_and_folders(rest: NativeClient):
    (storage,) = await rest.result("disk.storage.getList", {"filter": {"ENTITY_TYPE": "common"}})
    folder = {"id": storage["ROOT_OBJECT_ID"], "data": {"NAME": "rma"}}
    made = await rest.result("disk.folder.addSubFolder", folder)
    assert (made["TYPE"], made["PARENT_ID"]) == ("folder", storage["ROOT_OBJECT_ID"])
    assert await rest.refusal("disk.folder.addSubFolder", folder) == (400, "DISK_OBJ_22000")
    inside = await rest.result("disk.folder.uploadFile", {**way_a(), "id": made["ID"]})
    assert inside["PARENT_ID"] == made["ID"]
    children = await rest.result("disk.folder.getchildren", {"id": storage["ROOT_OBJECT_ID"]})
    assert [(one["NAME"], one["TYPE"]) for one in children] == [("Возвраты", "folder"), ("rma", "folder")]
    named = {"id": made["ID"], "filter": {"NAME": "rma-1.jpg"}}
    assert [one["ID"] for one in await rest.result("disk.folder.getchildren", named)] == [inside["ID"]]


async def test_way_a(rest: NativeClient, portal: Portal):
    file = await rest.result("disk.folder.uploadFile", way_a())
    assert (file["ID"], file["SIZE"], file["FILE_ID"], file["DELETED_TYPE"]) == ("9011", str(len(PHOTO)), 29011, 0)
    assert (file["PARENT_ID"], file["STORAGE_ID"]) == ("8930", "1357")
    assert await rest.result("disk.file.get", {"id": "9011"}) == file
    link = urlsplit(file["DOWNLOAD_URL"])
    assert (await rest.http.get(f"{link.path}?{link.query}")).content == PHOTO
    assert await rest.refusal("disk.folder.uploadFile", way_a()) == (400, "DISK_OBJ_22000")
    again = await rest.result("disk.folder.uploadFile", way_a(generateUniqueName=True))
    assert again["NAME"] == "rma-1 (1).jpg"
    assert len(portal.shop.disk.all()) == 2


async def test_way_b_takes_two_requests_and_its_link_works_once(rest: NativeClient):
    step = await rest.result("disk.folder.uploadFile", {"id": 8930})
    assert step["field"] == "file"
    link = urlsplit(step["uploadUrl"])
    assert KEY not in step["uploadUrl"]
    path = f"{link.path}?{link.query}"
    answer = await rest.http.post(path, files={"file": ("b.jpg", PHOTO, "image/jpeg")})
    file = answer.json()["result"]
    assert (file["NAME"], file["SIZE"], file["PARENT_ID"]) == ("b.jpg", str(len(PHOTO)), "8930")
    again = await rest.http.post(path, files={"file": ("b.jpg", PHOTO, "image/jpeg")})
    assert (again.status_code, again.json()["error"]) == (401, "NO_AUTH_FOUND")


async def test_way_b_wants_a_file_in_its_field(rest: NativeClient):
    link = urlsplit((await rest.result("disk.folder.uploadFile", {"id": 8930}))["uploadUrl"])
    path = f"{link.path}?{link.query}"
    for sent in ({"files": {"photo": ("b.jpg", PHOTO)}}, {"data": {"file": "text"}}, {"content": b"x"}):
        headers = {"Content-Type": "multipart/form-data"} if "content" in sent else {}
        answer = await rest.http.post(path, headers=headers, **sent)
        assert (answer.status_code, answer.json()["error"]) == (400, "INVALID_REQUEST")
    assert (await rest.http.post(path, files={"file": ("b.jpg", PHOTO)})).status_code == 200


async def test_uploads_count_against_the_rate(make_rest):
    rest = make_rest(burst=1)
    link = urlsplit((await rest.result("disk.folder.uploadFile", {"id": 8930}))["uploadUrl"])
    answer = await rest.http.post(f"{link.path}?{link.query}", files={"file": ("b.jpg", PHOTO)})
    assert (answer.status_code, answer.json()["error"]) == (503, "QUERY_LIMIT_EXCEEDED")


async def test_trash_and_the_end(rest: NativeClient, portal: Portal):
    file = await rest.result("disk.folder.uploadFile", way_a())
    link = await rest.result("disk.file.getExternalLink", {"id": file["ID"]})
    assert link.startswith("http")
    trashed = await rest.result("disk.file.markDeleted", {"id": file["ID"]})
    assert trashed["DELETED_TYPE"] == 3
    assert await rest.result("disk.folder.getchildren", {"id": 8930}) == []
    await rest.result("disk.folder.uploadFile", way_a())
    assert await rest.result("disk.file.delete", {"id": file["ID"]}) is True
    assert await rest.refusal("disk.file.delete", {"id": file["ID"]}) == (400, "ERROR_NOT_FOUND")
    assert [one.name for one in portal.shop.disk.all()] == ["rma-1.jpg"]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        (way_a(id=1), "ERROR_NOT_FOUND"),
        (way_a(name=" "), "ERROR_ARGUMENT"),
        (way_a(data={}), "ERROR_ARGUMENT"),
        (way_a(fileContent=["a.jpg"]), "ERROR_ARGUMENT"),
        (way_a(fileContent=["a.jpg", "not base64!"]), "ERROR_COULD_NOT_SAVE_FILE"),
        ({}, 100),
    ],
)
async def test_uploads_that_are_refused(rest: NativeClient, portal: Portal, params, code):
    assert await rest.refusal("disk.folder.uploadFile", params) == (400, code)
    assert portal.shop.disk.all() == []
