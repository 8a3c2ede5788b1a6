"""Pictures of goods: their list, their addresses, their bytes.

The machine's addresses hold the caller's secret. A picture that is gone from the disk still has its id in the product.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from infra.local.portal.catalogue import Catalogue, Product
from infra.local.portal.catalogue.model import Picture
from infra.local.portal.dialect import Call, Caller, Method, Reply
from infra.local.portal.errors import RestError, missing
from infra.local.portal.native.reading import fields_of, names_of, php_int, text_of
from infra.local.portal.pictures import Pictures

_PICTURE_IDS = 20_000
_DETAIL, _MORE = "detailPicture", "propertyMorePhoto"
"""Fields that hold pictures (`catalog-product-download.md` of b24restdocs)."""


class GoodsPictures:
    """The methods about pictures."""

    def __init__(self, catalogue: Catalogue, pictures: Pictures) -> None:
        self._catalogue = catalogue
        self._pictures = pictures

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "catalog.product.download": Method(self.download, scope="catalog", in_batch=False),
            "catalog.productimage.list": Method(self.images, scope="catalog"),
        }

    def images(self, call: Call) -> Reply:
        """`catalog.productImage.list`: the pictures of a product, if it has any, the first one first."""
        if not call.params.has("productId"):
            raise missing("productId")
        product = find_product(self._catalogue, php_int(call.params.raw("productId")))
        wanted = names_of(call.params, "select")
        numbers = () if product.picture is Picture.MISSING else _pictures_of(product)
        images = [_image(product, number, call) for number in numbers]
        shown = [{name: row[name] for name in row if not wanted or name in wanted} for row in images]
        return Reply({"productImages": shown}, total=len(shown))

    def download(self, call: Call) -> Reply:
        """`catalog.product.download`: the bytes of a picture."""
        fields = fields_of(call.params)
        product = find_product(self._catalogue, php_int(fields.raw("productId")))
        name, file_id = text_of(fields, "fieldName"), php_int(fields.raw("fileId"))
        if name not in (_DETAIL, _MORE):
            raise RestError(0, "Name file field is not available")
        known = {_picture_id(product, number): number for number in _pictures_of(product)}
        number = known.get(file_id)
        if number is None or (number == 0) is not (name == _DETAIL):
            raise RestError(0, "Product file wrong")
        if product.picture is Picture.MISSING:
            raise RestError("ERROR_NOT_FOUND", "File not found", 404)
        return Reply(None, content=lambda: self._pictures.get(product, number))


def find_product(catalogue: Catalogue, product_id: int) -> Product:
    """Return a product. Raises `RestError` «does not exist»."""
    product = catalogue.get(str(product_id))
    if product is None:
        raise RestError(0, "product does not exist")
    return product


def picture_field(product: Product, caller: Caller, number: int = 0) -> dict[str, str] | None:
    """Return a picture as a product's field has it."""
    if not product.has_picture:
        return None
    file_id = _picture_id(product, number)
    url, machine = _addresses(_MORE if number else _DETAIL, file_id, product.id, caller.path, caller.token)
    return {"id": str(file_id), "url": url, "urlMachine": machine}


def _image(product: Product, number: int, call: Call) -> dict[str, Any]:
    picture = picture_field(product, call.caller, number) or {}
    return {
        "id": int(picture["id"]),
        "name": f"{product.id}-{number}.jpg",
        "productId": int(product.id),
        "type": "MORE_PHOTO" if number else "DETAIL_PICTURE",
        "createTime": "2026-01-12T10:00:00+03:00",
        "downloadUrl": f"{call.host}{picture['urlMachine']}",
        "detailUrl": f"/upload/{product.id}.jpg",
    }


def _pictures_of(product: Product) -> range:
    """Return the numbers of a product's pictures; 0 is the first."""
    return range(product.more_pictures + 1 if product.has_picture else 0)


def _picture_id(product: Product, number: int = 0) -> int:
    return _PICTURE_IDS * (number + 1) + int(product.id)


# Lists are asked for the same goods again and again.
@lru_cache(maxsize=10_000)
def _addresses(name: str, file_id: int, product_id: str, path: str, token: str) -> tuple[str, str]:
    fields = {"fieldName": name, "fileId": file_id, "productId": product_id}
    query = {f"fields[{name}]": value for name, value in fields.items()}
    machine = {**query, "auth": token} if token else query
    method = "catalog.product.download"
    return f"/rest/{method}?{urlencode(query)}", f"{path}{method}?{urlencode(machine)}"
