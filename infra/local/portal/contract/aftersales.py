"""Row 6 of the spec's §2 and §5 «Медиа»: returns, and the Disk their photos are put on."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from infra.local.portal.contract.sales import Sales
from infra.local.portal.dialect import Call, Reply
from infra.local.portal.disk import NameTakenError, StoredFile
from infra.local.portal.errors import RestError, mistyped, out_of_range
from infra.local.portal.orders import OrderError
from infra.local.portal.params import Params
from infra.local.portal.shop import Shop
from infra.local.portal.timing import iso

MAX_PHOTOS = 50
_NAME_AND_CONTENT = 2


class Aftersales:
    """The methods about returns and files."""

    def __init__(self, shop: Shop, sales: Sales) -> None:
        self._shop = shop
        self._sales = sales

    def return_add(self, call: Call) -> Reply:
        """`app.rma.add` and `sale.orderreserves.add`: register a return of some of an order's pieces."""
        params = call.params
        order = self._sales.find(params, "order_id")
        items: Counter[str] = Counter()
        for item in params.sections("items"):
            items[item.id("PRODUCT_ID")] += item.whole("QUANTITY")
        photos, wish = _read_photos(params), params.optional_text("reason")
        try:
            made = self._shop.returns.register(order, {key: Decimal(n) for key, n in items.items()}, photos, wish)
        except OrderError as error:
            raise RestError("ERROR_ARGUMENT", f"Parameter {{items}}: {error}") from None
        return Reply({"RMA_ID": made.id, "STATUS": made.status.value})

    def upload(self, call: Call) -> Reply:
        """`disk.folder.uploadfile`, way A: `fileContent` is a name and base64."""
        params = call.params
        if params.id("id") != self._shop.disk.folder_id:
            raise RestError("ERROR_NOT_FOUND", "Parameter {id}: could not find entity with id")
        name = params.section("data").text("NAME")
        content = _read_content(params)
        try:
            file = self._shop.disk.upload(name, content, unique=params.flag("generateUniqueName"))
        except NameTakenError:
            raise RestError("DISK_OBJ_22000", "Parameter {data[NAME]}: файл с таким именем уже есть") from None
        return Reply(self._file_view(file, call.host))

    def delete(self, call: Call) -> Reply:
        """`disk.file.delete`: remove a file for good."""
        if not self._shop.disk.delete(call.params.id("id")):
            raise RestError("ERROR_NOT_FOUND", "Parameter {id}: could not find entity with id")
        return Reply(result=True)

    def _file_view(self, file: StoredFile, host: str) -> dict[str, Any]:
        query = urlencode({"auth": file.token, "token": f"disk|{file.id}"})
        return {
            "ID": file.id,
            "NAME": file.name,
            "STORAGE_ID": "1357",
            "TYPE": "file",
            "PARENT_ID": self._shop.disk.folder_id,
            "DELETED_TYPE": 0,
            "FILE_ID": int(file.id) + 20_000,
            "SIZE": str(len(file.content)),
            "CREATE_TIME": iso(file.created_at),
            "CREATED_BY": self._shop.options.webhook_user,
            "DOWNLOAD_URL": f"{host}/rest/download.json?{query}",
            "DETAIL_URL": f"{host}/docs/file/{file.id}/",
        }


def _read_photos(params: Params) -> list[str]:
    photos = params.texts("photos")
    if len(photos) > MAX_PHOTOS:
        raise out_of_range("photos", f"more than {MAX_PHOTOS} links")
    for index, link in enumerate(photos):
        if not link.startswith(("http://", "https://")):
            raise mistyped(f"photos[{index}]", "url")
    return photos


def _read_content(params: Params) -> bytes:
    parts = params.texts("fileContent")
    if len(parts) != _NAME_AND_CONTENT:
        raise mistyped("fileContent", "array of a name and base64")
    try:
        return base64.b64decode(parts[1], validate=True)
    except (binascii.Error, ValueError):
        raise mistyped("fileContent[1]", "base64") from None
